"""The message catalogue: what findings, outcomes and steps say, in English and Chinese.

Findings carry a code and arguments, never finished sentences; API and command line render them from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from jobferry.model.kinds import kind_in_words
from jobferry.model.messages.english import ADD_IT, ENGLISH, STARTING
from jobferry.model.transfer.finding import Finding
from jobferry.sentences import ENGLISH as ENGLISH_GRAMMAR
from jobferry.sentences import Argument, Grammar, Sentence, as_sentence, rendered, sentence


class Language(StrEnum):
    """The languages that Jobferry speaks."""

    ENGLISH = "en"
    CHINESE = "zh"

    @staticmethod
    def of(wish: str) -> Language:
        """From a tag such as ``zh-CN``, or a list of them as ``Accept-Language`` has it (``en;q=0.3, zh``): the
        language that is wanted most; English where none is spoken here."""
        wanted = sorted(_weighted(wish), key=lambda language: -language[1])
        return wanted[0][0] if wanted else Language.ENGLISH


Nouns = Callable[[str], str]
"""Puts the nouns of a manual into a sentence of the catalogue."""


class Wording(NamedTuple):
    """A finding in words: what is wrong, and what to do about it."""

    message: str
    remedy: str


_BECAUSE = {Language.ENGLISH: ": it {message}", Language.CHINESE: "：该对象{message}"}
_OWN = "cause."
_KINDS = frozenset({"kind", "user_kind", "cause_kind", "need_kind"})
_WORDS = _KINDS | {"expected", "found", "looks", "reason", "roles", "state", "things", "who"}
"""Arguments of findings that are no names, but words of ours, or lists of these."""
_MOST_WISHES = 20


def told(text: str, language: Language, nouns: Nouns = str) -> str:
    """A sentence of ours, or a constant, in a language; what the catalogue lacks stays English."""
    if language is Language.ENGLISH and nouns is str:
        return str(text)
    said = ENGLISH_GRAMMAR if language is Language.ENGLISH else _chinese()
    return rendered(text, Grammar(lambda template: nouns(said.template(template)), said.comma))


def say(finding: Finding, language: Language = Language.ENGLISH) -> Wording:
    """The finding as people read it."""
    return phrase(finding.code, finding.args, language)


def wording(code: str, args: Mapping[str, str]) -> Wording:
    """A code of the catalogue as sentences, for errors that say it."""
    message, remedy = ENGLISH[code]
    because = sentence("")
    if "cause" in args:
        because = sentence(": it {message}", message=wording(args["cause"], _of_cause(args)).message)
    places = {key: _translatable(key, value) for key, value in args.items()} | {"because": because}
    places["typed_kind"] = args.get("kind", "")
    return Wording(Sentence(message, places), Sentence(remedy, places))


def _translatable(place: str, value: str) -> Argument:
    if place not in _WORDS:
        return value
    return tuple(as_sentence(part) for part in _english(place, value).split(", "))


def starting(finding: Finding) -> Wording:
    """What is missing to a job that is to be started, as sentences: no package is spoken of."""
    if finding.code not in STARTING:
        return Wording(wording(finding.code, finding.args).message, as_sentence(ADD_IT))
    message, remedy = STARTING[finding.code]
    return Wording(Sentence(message, finding.args), Sentence(remedy, finding.args))


def phrase(
    code: str, args: dict[str, str], language: Language = Language.ENGLISH, nouns: Nouns = str
) -> Wording:
    """A code of the catalogue with its arguments filled in.

    What follows from another finding names that one as its ``cause``, with its arguments; ``{because}`` is
    where that is told, and ``{typed_kind}`` the kind as commands take it.
    """
    message, remedy = map(nouns, _findings(language)[code])
    places = {key: _word(key, value, language, nouns) for key, value in args.items()}
    places["because"] = _because(args, language, nouns)
    places["typed_kind"] = args.get("kind", "")
    return Wording(message.format_map(places), remedy.format_map(places))


def _word(place: str, value: str, language: Language, nouns: Nouns) -> str:
    """An argument of a finding: a name as it is, a kind, a state and the like in words."""
    if isinstance(value, Sentence):
        return told(value, language, nouns)
    english = _english(place, value)
    if place not in _WORDS:
        return english
    if language is Language.ENGLISH:
        return nouns(english)
    return "、".join(nouns(_chinese().template(part)) for part in english.split(", "))


def _english(place: str, value: str) -> str:
    return kind_in_words(value) if place in _KINDS else value


def _findings(language: Language) -> dict[str, tuple[str, str]]:
    if language is Language.ENGLISH:
        return ENGLISH
    from jobferry.model.messages.chinese import CHINESE  # most commands say nothing in it

    return CHINESE


@cache
def _chinese() -> Grammar:
    from jobferry.model.messages.zh import SENTENCES

    findings = _findings(Language.CHINESE)
    own = {
        english: findings[code][part] for code, said in ENGLISH.items() for part, english in enumerate(said)
    }
    catalogue = own | SENTENCES
    return Grammar(lambda template: catalogue.get(template, template), "、")


def _weighted(wish: str) -> Iterator[tuple[Language, float]]:
    """The languages of ours that a header names, each with its weight, in their order."""
    for item in wish.split(",")[:_MOST_WISHES]:
        tag, *parameters = (part.strip().lower() for part in item.split(";"))
        language = tag.replace("_", "-").partition("-")[0]
        weight = next((_weight(value) for value in parameters if value.startswith("q=")), 1.0)
        if weight > 0 and language in ("*", *Language):
            yield Language.ENGLISH if language == "*" else Language(language), weight


def _weight(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0


def _because(args: dict[str, str], language: Language, nouns: Nouns) -> str:
    if "cause" not in args:
        return ""
    message = phrase(args["cause"], _of_cause(args), language, nouns).message
    return _BECAUSE[language].format(message=message)


def _of_cause(args: Mapping[str, str]) -> dict[str, str]:
    return {key.removeprefix(_OWN): value for key, value in args.items() if key.startswith(_OWN)}
