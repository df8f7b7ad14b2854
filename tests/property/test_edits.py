"""Edits over generated documents: what is not on an edit's path keeps its exact bytes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jobferry.model.document.edits import Drop, Put, edited, raw_at
from jobferry.model.document.text import UnusableText, parse

text = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
odd_number = st.sampled_from(["-0", "1E5", "0.10", "1e400", "9" * 40, "0", "-1.50e-7", "12"])
spaces = st.sampled_from(["", " ", "\n", "\r\n\t"])


@st.composite
def json_text(draw: st.DrawFn, depth: int = 3) -> str:
    """JSON as anybody may write it: odd numbers, any white space, escapes or plain characters."""
    kind = draw(
        st.sampled_from(["string", "number", "word", "list", "object"] if depth else ["string", "number"])
    )
    if kind == "string":
        return json.dumps(draw(text), ensure_ascii=draw(st.booleans()))
    if kind == "number":
        return draw(odd_number)
    if kind == "word":
        return draw(st.sampled_from(["true", "false", "null"]))
    space = draw(spaces)
    if kind == "list":
        items = draw(st.lists(json_text(depth=depth - 1), max_size=3))
        return f"[{space}" + f",{space}".join(items) + f"{space}]"
    return draw(json_object(depth=depth - 1))


@st.composite
def json_object(draw: st.DrawFn, depth: int = 3) -> str:
    keys = draw(st.lists(text, unique=True, max_size=4))
    space = draw(spaces)
    ascii_only = draw(st.booleans())
    pairs = [
        f"{json.dumps(key, ensure_ascii=ascii_only)}{space}:{space}{draw(json_text(depth=depth))}"
        for key in keys
    ]
    return f"{{{space}" + f",{space}".join(pairs) + f"{space}}}"


def raws(written: bytes) -> dict[str, bytes]:
    """Each top-level value's exact bytes."""
    return {key: bytes(memoryview(raw_at(written, (key,)))) for key in parse(written)}


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
