"""The message catalogue: what findings, outcomes and steps say, in English and Chinese.

Findings carry a code and arguments, never finished sentences; API and command line render them from here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from jobferry.model.messages.chinese import CHINESE
from jobferry.model.messages.english import ADD_IT, ENGLISH, STARTING
from jobferry.model.transfer.finding import Finding


class Language(StrEnum):
    """The languages that Jobferry speaks."""

    ENGLISH = "en"
    CHINESE = "zh"

    @staticmethod
    def of(header: str | None) -> Language:
        """From an ``X-Language`` or ``Accept-Language`` header; anything unknown is English."""
        return Language.CHINESE if (header or "").strip().lower().startswith("zh") else Language.ENGLISH


class Wording(NamedTuple):
    """A finding in words: what is the matter, and what to do about it."""

    message: str
    remedy: str


_CATALOGUES = {Language.ENGLISH: ENGLISH, Language.CHINESE: CHINESE}
_BECAUSE = {Language.ENGLISH: ": it {message}", Language.CHINESE: "：该对象{message}"}
_OWN = "cause."


def say(finding: Finding, language: Language = Language.ENGLISH) -> Wording:
    """The finding as people read it."""
    return phrase(finding.code, finding.args, language)


def starting(finding: Finding) -> Wording:
    """What is missing to a job that is to be started, in English as all errors: no package is spoken of."""
    if finding.code not in STARTING:
        return Wording(say(finding).message, ADD_IT)
    message, remedy = STARTING[finding.code]
    return Wording(message.format_map(finding.args), remedy.format_map(finding.args))


def phrase(code: str, args: dict[str, str], language: Language = Language.ENGLISH) -> Wording:
    """A code of the catalogue with its arguments filled in.

    What follows from another finding names that one as its ``cause``, with its arguments; ``{because}`` is
    where that is told.
    """
    message, remedy = _CATALOGUES[language][code]
    places = {**args, "because": _because(args, language)}
    return Wording(message.format_map(places), remedy.format_map(places))


def _because(args: dict[str, str], language: Language) -> str:
    if "cause" not in args:
        return ""
    own = {key.removeprefix(_OWN): value for key, value in args.items() if key.startswith(_OWN)}
    message = phrase(args["cause"], own, language).message
    return _BECAUSE[language].format(message=message)
