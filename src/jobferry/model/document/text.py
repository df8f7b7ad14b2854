"""A document's text: its digest, its parsed form, and what makes a text unusable.

The text received is the text stored and exported; nothing here changes it. Numbers stay text
(``float_hook=str``) until a typed view has checked their range, so ``1E5``, ``0.10`` and ``1e400`` are kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from jobferry.model.document.problems import Problem

MAX_DEPTH = 200
MAX_WHOLE_NUMBER_DIGITS = 4300
MAX_VALUES = 1_000_000
"""A document of 64 MiB could hold thirty times as many, and would take gigabytes to look at."""

_BOM = b"\xef\xbb\xbf"
_NO_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))
_NO_MARKS = bytes(set(range(256)) - set(b'{}[]"$'))
_SHOWN = 140
_REASONS = {
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name": "a key in double quotes is missing",
    "Extra data": "something follows after its end",
    "Unterminated string": "a text has no end",
    "Invalid control character": "a text holds a control character",
    "Invalid \\": "a backslash is followed by the wrong letter",
    "Illegal trailing comma": "a comma is followed by nothing",
}
"""What the standard library's parser says, by its beginning, and how people are told."""
_DEEP = b"\n" + b" " * MAX_DEPTH
_INDENTED_BYTES = 64 * 1024
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
_BETWEEN_MARKS = re.compile(rb"(?:%s|[^\[{,\"]++)++" % _STRING, re.DOTALL)
_BETWEEN_BRACKETS = re.compile(rb"(?:%s|[^\[\]{}\"]++)++" % _STRING, re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPED_SEPARATOR = re.compile(rb"\\u00(?:22|3[aA])")
_SPACE_BEFORE_COLON = (b" :", b"\n:", b"\r:", b"\t:")
_decoder = msgspec.json.Decoder(float_hook=str)


class UnusableText(Exception):
    """A text that is no document at all; carries the problems that say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].code)
        self.problems = problems


def digest_of(text: bytes) -> str:
    """SHA-256 of the exact bytes, in hexadecimal."""
    return hashlib.sha256(text).hexdigest()


def without_bom(text: bytes) -> bytes:
    """The text without a byte order mark, which belongs to the transport and not to the document."""
    return text[3:] if text.startswith(_BOM) else text


def parse(text: bytes) -> dict[str, Any]:
    """The document as plain values.

    Raises:
        UnusableText: not UTF-8, broken JSON, not an object, doubled keys, lone surrogates, deeper than
            200 levels, more than a million values, or a whole number of more than 4,300 digits.
    """
    value, is_whole = _decode(text)
    if not isinstance(value, dict):
        raise UnusableText(Problem("not-an-object", args={"found": _shape(value)}))
    if not is_whole and (doubled := doubled_key(text)) is not None:
        raise UnusableText(Problem("doubled-key", args={"key": doubled[:_SHOWN]}))
    return value


def parse_known(text: bytes) -> dict[str, Any]:
    """The document of a text that :func:`parse` has accepted before (every stored text has been)."""
    value: dict[str, Any] = _decoder.decode(text)
    return value


def sprawls(text: bytes, limit: int) -> bool:
    """Whether a text has more commas and opening brackets outside its strings than ``limit``.

    Cheap for all but large texts of many small values, which take many times their size in memory.
    """
    if len(text) <= limit or text.count(b",") + text.count(b"[") + text.count(b"{") <= limit:
        return False
    marks = 0
    for start, end in _gaps(text, _BETWEEN_MARKS):
        marks += end - start
        if marks > limit:
            return True
    return False


def _gaps(text: bytes, between: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """The places that a pattern leaves out, one after the other, so that nothing large is made of them."""
    end = 0
    for found in between.finditer(text):
        yield end, found.start()
        end = found.end()
    yield end, len(text)


def _decode(text: bytes) -> tuple[Any, bool]:
    """The value, and whether it is known to have lost no doubled key."""
    if sprawls(text, MAX_VALUES):
        raise UnusableText(Problem("too-many-values", args={"limit": f"{MAX_VALUES:,}"}))
    try:
        value = _decoder.decode(text)
        again = msgspec.json.encode(value)
        is_whole = _has_all_keys(again, text)
        if not (is_whole and _is_flat(again)) and _is_too_deep(text):
            raise UnusableText(Problem("too-deep", args={"limit": str(MAX_DEPTH)}))
    except RecursionError:
        raise UnusableText(Problem("too-deep", args={"limit": str(MAX_DEPTH)})) from None
    except (UnicodeDecodeError, msgspec.MsgspecError):
        raise UnusableText(_why_broken(text)) from None
    return value, is_whole


def _has_all_keys(again: bytes, text: bytes) -> bool:
    """Whether no key was lost between a text and what its value reads ``again``; no proof is no answer.

    Every key shows as ``":`` where no space stands before a colon. If as many show in both, no key was lost.
    Escapes that hide or fake that pair make this no proof.
    """
    if again == text:
        return True
    if b"\\u00" in text and _ESCAPED_SEPARATOR.search(text):
        return False
    spaced = any(space in text for space in _SPACE_BEFORE_COLON)
    tight = msgspec.json.format(text, indent=-1) if spaced else text
    return tight.count(b'":') == again.count(b'":')


def _is_flat(tight: bytes) -> bool:
    """Whether a text without spaces has too few brackets that could lie in one another to be too deep.

    Brackets with no quote between them are both in a string or both not. So ``}{`` and ``[]`` never deepen,
    and no bracket of the document follows ``$``.
    """
    marks = tight.translate(None, _NO_MARKS)
    opening = marks.count(b"{") + marks.count(b"[")
    return opening - marks.count(b"}{") - marks.count(b"[]") - marks.count(b"${") < MAX_DEPTH


def _is_too_deep(text: bytes) -> bool:
    """Indenting settles it for most; it is not done to large texts, because it may make them much larger."""
    if len(text.translate(None, _NO_BRACKETS)) <= 2 * MAX_DEPTH:
        return False
    if len(text) <= _INDENTED_BYTES and _DEEP not in msgspec.json.format(text, indent=1):
        return False
    depth = 0
    for start, end in _gaps(text, _BETWEEN_BRACKETS):
        for bracket in text[start:end]:
            depth += _STEPS[bracket]
            if depth > MAX_DEPTH:
                return True
    return False


def _why_broken(text: bytes) -> Problem:
    try:
        decoded = text.decode()
    except UnicodeDecodeError as error:
        return Problem("not-utf8", args={"byte": str(error.start)})
    try:
        json.loads(decoded, parse_constant=_refuse_constant, parse_int=_refuse_long, parse_float=str)
    except json.JSONDecodeError as error:
        return Problem(
            "json-broken",
            args={"line": str(error.lineno), "column": str(error.colno), "reason": _reason(error.msg)},
        )
    except _Unfit as unfit:
        return unfit.problem
    except RecursionError:
        return Problem("too-deep", args={"limit": str(MAX_DEPTH)})
    if _LONE_SURROGATE.search(text):
        return Problem("lone-surrogate")
    return Problem("json-broken", args={"line": "1", "column": "1", "reason": "a value is missing"})


class _Unfit(Exception):
    """A value that the standard library would read and Jobferry does not."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def _refuse_constant(name: str) -> None:
    raise _Unfit(Problem("json-constant", args={"constant": name}))


def _refuse_long(digits: str) -> None:
    """The sign counts as a digit, as it does for the parser."""
    if len(digits) > MAX_WHOLE_NUMBER_DIGITS:
        raise _Unfit(Problem("number-too-long", args={"limit": str(MAX_WHOLE_NUMBER_DIGITS)}))


def doubled_key(text: bytes) -> str | None:
    """The first key that a JSON text has twice in one object, as a slow and exact reader finds it."""
    doubled: list[str] = []

    def note_doubled(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                doubled.append(key)
            seen.add(key)

    json.loads(text, object_pairs_hook=note_doubled, parse_int=str, parse_float=str)
    return doubled[0] if doubled else None


def _reason(said: str) -> str:
    """Why a text is no JSON, in our words instead of the parser's."""
    return next((reason for start, reason in _REASONS.items() if said.startswith(start)), "it ends too early")


def _shape(value: Any) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return "a text"
    return "nothing" if value is None else "a number or a truth value"
