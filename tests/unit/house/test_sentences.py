"""Every text of an error can be said in Chinese: it is a sentence, and the catalogue has it with the same
places."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from string import Formatter

from cases import every_case
from jobferry.cli.commands.graph import _PRESENCE
from jobferry.model.document.text import _REASONS
from jobferry.model.kinds import NeedKind, ObjectKind, SchedulingState
from jobferry.model.messages import Language, told
from jobferry.model.messages.english import ADD_IT, ENGLISH, STARTING
from jobferry.model.messages.zh import SENTENCES
from jobferry.model.platform_settings import PLATFORM_SETTINGS
from jobferry.model.quotas import QUOTAS
from jobferry.model.review import Ask, ReviewKind, ReviewState
from jobferry.model.rights import Role
from jobferry.model.setting import _FITS
from jobferry.model.settings import SETTINGS
from jobferry.model.task import TaskPhase
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.sentences import sentence
from said import reading

FINDINGS = {text for pair in ENGLISH.values() for text in pair}
SETTING_TEXTS = {
    text
    for setting in (*SETTINGS.values(), *PLATFORM_SETTINGS.values())
    for text in (setting.meaning, setting.follows, setting.acts.value)
    if text
} | {wanted for _, wanted in _FITS.values()}
TOLD_ELSEWHERE = {
    *SETTING_TEXTS,
    *_REASONS.values(),
    *_PRESENCE.values(),
    *(role.value for role in Role),
    *(state.value for state in SchedulingState),
    *(os.strerror(number) for number in range(1, 134)),
    *(text for pair in STARTING.values() for text in pair),
    *(quota.things for quota in QUOTAS),
    ADD_IT,
    "Name or service not known",
    "it ends too early",
    "nothing",
    "a number or a truth value",
    "a list of node names",
    "text",
    ": it {message}",
}
"""Texts that the syntax does not show: the system's reasons, and tables."""
KINDS: tuple[type[StrEnum], ...] = (
    ObjectKind,
    NeedKind,
    Ask,
    ReviewKind,
    ReviewState,
    TaskPhase,
    ObjectOutcome,
)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_nothing_is_said_that_is_no_sentence() -> None:
    assert [f"{wrong.where} {wrong.what}" for wrong in reading().wrong] == []


def test_every_sentence_has_its_places() -> None:
    wrong = [said.where for said in reading().said if not places(said.template) <= said.places]
    assert wrong == []


def test_every_sentence_is_in_the_chinese_catalogue() -> None:
    known = SENTENCES.keys() | FINDINGS
    assert (
        sorted({f"{said.where} {said.template}" for said in reading().said if said.template not in known})
        == []
    )


def test_every_kind_has_its_chinese_word() -> None:
    words = {getattr(member, "words") for kind in KINDS for member in kind}  # noqa: B009 - StrEnum has none
    assert sorted(words - SENTENCES.keys()) == []


def test_tables_are_in_the_catalogue_too() -> None:
    system = {os.strerror(number) for number in range(1, 134)}
    assert sorted(TOLD_ELSEWHERE - system - SENTENCES.keys()) == []


def test_the_catalogue_has_no_sentence_that_nobody_says() -> None:
    said = {one.template for one in reading().said} | TOLD_ELSEWHERE
    words = {getattr(member, "words") for kind in KINDS for member in kind}  # noqa: B009
    assert sorted(SENTENCES.keys() - said - words) == []


def test_both_languages_have_the_same_places() -> None:
    assert [said for said, chinese in SENTENCES.items() if places(chinese) != places(said)] == []


def test_chinese_sentences_have_chinese_signs() -> None:
    """A sentence is put together of parts, so what stands between Chinese letters must be full-width."""
    half = re.compile(r"[\u4e00-\u9fff}][,;:!?](?=[\u4e00-\u9fff{])|[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]")
    assert [text for text in SENTENCES.values() if half.search(text)] == []


def test_every_template_can_be_filled() -> None:
    """Numbers where a form is given, names elsewhere; in both languages."""
    with every_case() as case:
        for template in SENTENCES:
            with case(template):
                can_be_filled(template)


def can_be_filled(template: str) -> None:
    forms = {name: form for _, name, form, _ in Formatter().parse(template) if name}
    chinese = {name: form for _, name, form, _ in Formatter().parse(SENTENCES[template]) if name}
    filled = {name: 2 if form or chinese[name] else "x" for name, form in forms.items()}
    said = sentence(template, **filled)
    assert told(said, Language.ENGLISH) == said
    assert told(said, Language.CHINESE) == SENTENCES[template].format(**filled)
