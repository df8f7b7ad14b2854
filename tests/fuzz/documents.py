"""Texts of any bytes as documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from jobferry.model.document.edits import Drop, Put, edited, raw_at
from jobferry.model.document.facts import Facts, facts_of
from jobferry.model.document.references import job_references, script_references
from jobferry.model.document.sensitive import emptied, kept
from jobferry.model.document.text import MAX_DEPTH, MAX_VALUES, UnusableText, parse, without_bom
from jobferry.model.kinds import ObjectKind

from .packages import READING

KINDS = tuple(ObjectKind)


def document(data: bytes) -> None:
    """A text as a document: parsed as the standard library would, read, edited and read again."""
    text = without_bom(data)
    try:
        value = parse(text)
    except UnusableText as unusable:
        assert all(one.code for one in unusable.problems)
        assert not _is_flawless(text), f"refused without need: {unusable.problems}"
        return
    assert json.loads(text, object_pairs_hook=_no_key_twice, parse_float=str) == value
    assert edited(text, []) is text
    _edits_touch_nothing_else(text, value)
    for kind in KINDS:
        _facts_fit(kind, text, value)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    assert len(found) == len(pairs), "a doubled key was accepted"
    return found


def _edits_touch_nothing_else(text: bytes, value: dict[str, Any]) -> None:
    key = next(iter(value), "new")
    raws = {name: _raw(text, name) for name in list(value)[:20]}
    for edit in (Put((key,), "x"), Put(("brand new", "deep"), [1]), Drop((key,))):
        if edit.path[0] == "brand new" and type(value.get("brand new", {})) is not dict:
            continue
        after = edited(text, [edit])
        parse(after)
        for name, raw in raws.items():
            assert name == edit.path[0] or _raw(after, name) == raw
    same = edited(text, [Put((key,), raw_at(text, (key,)))]) if value else text
    assert parse(same) == value


def _raw(text: bytes, name: str) -> bytes:
    found = raw_at(text, (name,))
    assert found is not None
    return bytes(found)


def _facts_fit(kind: ObjectKind, text: bytes, value: dict[str, Any]) -> None:
    facts = facts_of(kind, value, READING, text=text)
    assert msgspec.json.decode(msgspec.json.encode(facts), type=Facts) == facts
    if kind not in (ObjectKind.JOB, ObjectKind.SCRIPT):
        return
    references = job_references(value) if kind is ObjectKind.JOB else script_references(value)
    places = [one.path for one in references] + [path for _, path in facts.zones + facts.parameters]
    parse(edited(text, [Put(path, "x") for path in dict.fromkeys(places)]))
    bare = edited(text, emptied(value, facts.sensitive))
    emptied_value = parse(bare)
    assert not facts_of(kind, emptied_value, READING, text=bare).exposed
    parse(edited(bare, kept(emptied_value, facts.sensitive, text, value)))


def _is_flawless(text: bytes) -> bool:
    """Whether the standard library reads it as an object, and nothing of what Jobferry refuses is in it."""
    try:
        value = json.loads(
            text.decode(),
            object_pairs_hook=_no_key_twice,
            parse_constant=_refuse,
            parse_int=_short,
            parse_float=str,
        )
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, AssertionError, RecursionError):
        return False
    sprawls = sum(map(text.count, (b",", b"[", b"{"))) > MAX_VALUES
    return type(value) is dict and max(_depths(value)) <= MAX_DEPTH and not sprawls


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _short(digits: str) -> int:
    return int(digits) if len(digits) <= 4_300 else _too_long(digits)


def _too_long(digits: str) -> int:
    raise ValueError(f"{len(digits)} digits")


def _depths(value: Any, depth: int = 1) -> Iterator[int]:
    """How deep each container is; without recursion, because it may be too deep for that."""
    todo = [(value, depth)]
    while todo:
        one, at = todo.pop()
        if isinstance(one, dict | list):
            yield at
            inner = one.values() if isinstance(one, dict) else one
            todo += [(item, at + 1) for item in inner]
