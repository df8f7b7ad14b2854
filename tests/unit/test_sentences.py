"""Sentences: read as English, say the same in another language, and keep what they were made of."""

from __future__ import annotations

import pickle
from enum import StrEnum
from pathlib import Path

import pytest

from jobferry.errors import Conflict, ErrorCode, Fault, NotFound
from jobferry.model.messages import Language, told
from jobferry.sentences import Grammar, as_sentence, clauses, rendered, sentence

GERMAN = {
    "there is no {kind} {name}": "{kind} {name} fehlt",
    "data connection": "Datenverbindung",
    "not here: {names}": "fehlen: {names}",
    "{first}; {then}": "{first} und {then}",
    "write {{kind: name}}": "schreibe {{kind: name}}",
}
SPOKEN = Grammar(lambda template: GERMAN.get(template, template), " / ")


class Kind(StrEnum):
    CONNECTION = "connection"

    @property
    def words(self) -> str:
        return "data connection"


def test_a_sentence_is_its_english_text() -> None:
    said = sentence("there is no {kind} {name}", kind=Kind.CONNECTION, name="dwh")
    assert said == "there is no data connection dwh"
    assert said.template == "there is no {kind} {name}"
    assert rendered(said, SPOKEN) == "Datenverbindung dwh fehlt"


def test_a_name_is_never_translated_even_if_it_reads_like_a_template() -> None:
    said = sentence("there is no {kind} {name}", kind=Kind.CONNECTION, name="data connection")
    assert rendered(said, SPOKEN) == "Datenverbindung data connection fehlt"


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (12_345, "12,345 entries")]
)
def test_numbers_name_what_they_count(count: int, expected: str) -> None:
    assert sentence("{count:entry/entries}", count=count) == expected


def test_a_regular_plural_needs_no_second_word() -> None:
    assert sentence("{one:object}, {two:object}", one=1, two=2) == "1 object, 2 objects"


def test_numbers_take_the_usual_forms_too() -> None:
    assert sentence("{size:,} of {limit}", size=1234, limit=1234) == "1,234 of 1234"


def test_lists_are_put_together_by_language() -> None:
    said = sentence("not here: {names}", names=(name for name in ("a", "b")))
    assert said == "not here: a, b"
    assert rendered(said, SPOKEN) == "fehlen: a / b"


def test_clauses_are_one_sentence() -> None:
    said = clauses(["data connection", sentence("not here: {names}", names=["a"])])
    assert said == "data connection; not here: a"
    assert rendered(said, SPOKEN) == "Datenverbindung und fehlen: a"


def test_braces_of_a_constant_are_no_places() -> None:
    said = as_sentence("write {kind: name}")
    assert said == "write {kind: name}"
    assert rendered(said, SPOKEN) == "schreibe {kind: name}"


def test_braces_in_an_argument_are_no_places() -> None:
    assert sentence("there is no {name}", name="{kind}") == "there is no {kind}"


def test_what_has_no_translation_stays_english() -> None:
    assert rendered(sentence("nothing at {path}", path=Path("/a")), SPOKEN) == "nothing at /a"


def test_a_sentence_survives_pickling() -> None:
    said = pickle.loads(pickle.dumps(sentence("there is no {kind} {name}", kind=Kind.CONNECTION, name="x")))  # noqa: S301
    assert rendered(said, SPOKEN) == "Datenverbindung x fehlt"


def test_errors_keep_sentences() -> None:
    error = NotFound(ErrorCode.JOB_MISSING, "data connection", hint="write {kind: name}")
    assert (error.message, error.hint) == ("data connection", "write {kind: name}")
    assert rendered(error.hint, SPOKEN) == "schreibe {kind: name}"


def test_an_error_of_many_faults_names_ten() -> None:
    faults = [Fault("x", "", sentence("not here: {names}", names=[str(number)])) for number in range(12)]
    error = Conflict(ErrorCode.NAME_TAKEN, "data connection", faults=faults)
    assert error.whole.startswith("data connection: not here: 0; not here: 1; ")
    assert error.whole.endswith("not here: 9; and 2 more")
    assert rendered(error.whole, SPOKEN).startswith("Datenverbindung: fehlen: 0 und fehlen: 1 und ")


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("zh", Language.CHINESE),
        ("zh-CN", Language.CHINESE),
        ("zh_CN.UTF-8", Language.CHINESE),
        ("ZH-Hant-TW", Language.CHINESE),
        ("en", Language.ENGLISH),
        ("", Language.ENGLISH),
        ("fr", Language.ENGLISH),
        ("zhx", Language.ENGLISH),
        ("fr, zh;q=0.2", Language.CHINESE),
        ("zh;q=0.3, en;q=0.8", Language.ENGLISH),
        ("en;q=0.3,zh-CN;q=0.9,*;q=0.1", Language.CHINESE),
        ("zh;q=0", Language.ENGLISH),
        ("zh;q=none, en", Language.ENGLISH),
        ("*", Language.ENGLISH),
        ("en-US,en;q=0.9,zh-CN;q=0.8", Language.ENGLISH),
        (";;,,;q=", Language.ENGLISH),
    ],
)
def test_the_language_that_is_wanted_most(wish: str, language: Language) -> None:
    assert Language.of(wish) is language


def test_a_sentence_of_ours_in_english_is_a_plain_text() -> None:
    assert type(told(sentence("nothing at {path}", path="/a"), Language.ENGLISH)) is str
