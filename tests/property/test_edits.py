"""Edits over generated documents: what is not on an edit's path keeps its exact bytes."""

from __future__ import annotations

import json
from typing import Any

from documents import json_object, json_text, text
from hypothesis import given
from hypothesis import strategies as st

from jobferry.model.document.edits import Drop, Put, edited, raw_at
from jobferry.model.document.text import UnusableText, parse


def raws(written: bytes) -> dict[str, bytes]:
    """Each top-level value's exact bytes."""
    return {key: _raw(written, key) for key in parse(written)}


def _raw(written: bytes, key: str) -> bytes:
    raw = raw_at(written, (key,))
    assert raw is not None
    return bytes(memoryview(raw))


@given(json_object())
def test_what_is_json_for_the_standard_library_is_a_document_with_the_same_values(written: str) -> None:
    def spelled(value: str) -> Any:
        return value

    assert parse(written.encode()) == json.loads(written, parse_float=spelled, parse_int=int)


@given(json_object(), text, json_text(depth=0))
def test_putting_one_value_leaves_all_others_byte_for_byte(written: str, key: str, value: str) -> None:
    before = raws(written.encode())
    after = raws(edited(written.encode(), [Put((key,), json.loads(value, parse_float=str))]))
    assert {name: raw for name, raw in after.items() if name != key} == {
        name: raw for name, raw in before.items() if name != key
    }


@given(json_object(), st.data())
def test_dropping_one_key_leaves_all_others_byte_for_byte(written: str, data: st.DataObject) -> None:
    before = raws(written.encode())
    if not before:
        return
    key = data.draw(st.sampled_from(sorted(before)))
    after = raws(edited(written.encode(), [Drop((key,))]))
    assert after == {name: raw for name, raw in before.items() if name != key}


@given(json_object())
def test_a_doubled_key_is_always_found(inner: str) -> None:
    for written in (f'{{"a": {inner}, "b": {{"x": 1, "x": {inner}}}}}', f'{{"k": 1, "\\u006b": {inner}}}'):
        try:
            parse(written.encode())
        except UnusableText as unusable:
            assert unusable.problems[0].code == "doubled-key"
        else:
            raise AssertionError("a doubled key went unseen")
