"""Texts made to be misread or to fill memory and time: each cap passes, one more is refused by its code."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest

from jobferry.model.document.facts import FactRules, Facts, facts_of
from jobferry.model.document.text import MAX_VALUES, UnusableText, parse
from jobferry.model.document.times import is_zone
from jobferry.model.kinds import NeedKind, ObjectKind

MIB = 1024**2


def code_of(text: bytes) -> str:
    """The code of the problem that makes a text unusable, or an empty text."""
    try:
        parse(text)
    except UnusableText as unusable:
        return unusable.problems[0].code
    return ""


def nested(levels: int, inner: str = "{}", kind: str = "object") -> bytes:
    """An object around ``levels`` - 2 containers around ``inner``, which is one level itself."""
    opened, closed = {
        "object": ('{"a": ', "}"),
        "list": ("[", "]"),
        "text": ('{"]}\\"": ', "}"),
        "siblings": ('[{},{"a":1},[],{}, "}{", ', ', {"$": "${"}]'),
    }[kind]
    return (f'{{"x": {opened * (levels - 2)}{inner}{closed * (levels - 2)}}}').encode()


@pytest.mark.parametrize("kind", ["object", "list", "text", "siblings"])
@pytest.mark.parametrize("inner", ["{}", "[]", '{"a":1}', "[1, 2]", '["]]"]', '{"{":"["}'])
@pytest.mark.parametrize("padding", ["", "x" * 70_000, "}{[]${" * 300])
def test_200_levels_pass_and_201_do_not_however_they_end(kind: str, inner: str, padding: str) -> None:
    start = b'{"p": "%s", ' % padding.encode()
    assert code_of(start + nested(200, inner, kind)[1:]) == ""
    assert code_of(start + nested(201, inner, kind)[1:]) == "too-deep"


@pytest.mark.parametrize("opened", [b"[", b'{"a":', b'[{"a":'])
def test_a_hundred_thousand_levels_are_refused(opened: bytes) -> None:
    assert code_of(b'{"a":' + opened * 100_000) == "too-deep"
    assert code_of(opened * 100_000) == "too-deep"


def test_a_wide_text_at_great_depth_is_not_blown_up() -> None:
    """Indented, each of these values would stand on a line of nine hundred spaces."""
    text = b'{"a":' + b"[" * 900 + b"0," * 200_000 + b"0" + b"]" * 900 + b"}"
    tracemalloc.start()
    try:
        assert code_of(text) == "too-deep"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64 * len(text)


def test_a_million_values_pass_and_one_more_does_not() -> None:
    """Commas and opening brackets count; those in strings do not."""
    start = b'{"s": "' + b"[{,\\\\" * 300_000 + b'", "a": ['
    values = b"0," * (MAX_VALUES - 3) + b"0"
    assert code_of(start + values + b"]}") == ""
    assert code_of(start + values + b",0]}") == "too-many-values"


@pytest.mark.parametrize("piece", [b"[0],", b'{"name":0},'])
def test_a_text_of_very_many_small_values_is_refused_before_it_takes_memory(piece: bytes) -> None:
    text = b'{"nodes": [' + piece * (8 * MIB // len(piece)) + b"0]}"
    tracemalloc.start()
    try:
        assert code_of(text) == "too-many-values"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * len(text)


@pytest.mark.parametrize("text", [b'"' + b'\\"' * MIB, b'{"a": "' + b"\\\\," * MIB, b"[" + b'",' * MIB])
def test_strings_without_an_end_are_looked_at_once(text: bytes) -> None:
    assert code_of(text) in ("json-broken", "too-many-values")


@pytest.mark.parametrize(("sign", "most"), [("", 4_300), ("-", 4_299)])
def test_whole_numbers_of_4300_digits_pass_and_longer_ones_do_not(sign: str, most: int) -> None:
    for place in ('{"a": %s}', '{"a": [1, {"b":%s }]}'):
        assert code_of((place % (sign + "7" * most)).encode()) == ""
        assert code_of((place % (sign + "7" * (most + 1))).encode()) == "number-too-long"


def test_digits_elsewhere_are_not_taken_for_a_whole_number() -> None:
    many = b"7" * 5_000
    for value in (b'"%s"', b"0.%s", b"%s.5", b"%se1", b"1e%s"):
        assert code_of(b'{"a": ' + value % many + b"}") == ""
    assert code_of(b'{"a": "%s", "b": NaN}' % many) == "json-constant"
    assert code_of(b'{"a": "%s", "b" 1}' % many) == "json-broken"


def test_long_rows_of_digits_in_a_broken_text_are_looked_at_once() -> None:
    assert code_of(b'{"a": "' + (b"1" * 4_299 + b"x") * 2_000 + b'", }') == "json-broken"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b'{"a": NaN}', "json-constant"),
        (b'{"a": [Infinity]}', "json-constant"),
        (b'{"a": -Infinity}', "json-constant"),
        (b'{"a": "NaN"}', ""),
        (rb'{"a": "\ud83d"}', "lone-surrogate"),
        (rb'{"a": "\ude00"}', "lone-surrogate"),
        (rb'{"a": "\ude00\ud83d"}', "lone-surrogate"),
        (rb'{"a": "\ud83d\u0041"}', "lone-surrogate"),
        (rb'{"\ud83d": 1}', "lone-surrogate"),
        (rb'{"a": "\\ud83d"}', ""),
        (rb'{"a": "\ud83d\ude00"}', ""),
        (b'{"a": "\xed\xa0\xbd"}', "not-utf8"),
        (b'{"a": "\xc0\xaf"}', "not-utf8"),
        (b'{"a": "\xf4\x90\x80\x80"}', "not-utf8"),
        (b'{"\xff": 1}', "not-utf8"),
        ('{"a": 1}'.encode("utf-16"), "not-utf8"),
        (b'{"a": 1, "a": 1}', "doubled-key"),
        (rb'{"a/b": 1, "a\/b": 2}', "doubled-key"),
        (b'{"x": {"a": 1, "b": {}, "a" : 1}}', "doubled-key"),
        (b'{"": 1, "": 2}', "doubled-key"),
        (b'{"a": 1, "A": 2}', ""),
        ('{"é": 1, "e\u0301": 2}'.encode(), ""),
        (b"[]", "not-an-object"),
        (b'"text"', "not-an-object"),
        (b"", "json-broken"),
        (b"\0" * MIB, "json-broken"),
        (b" " * MIB, "json-broken"),
        (b'{"a": 1}{"b": 2}', "json-broken"),
        (b'{"a": 1,}', "json-broken"),
        (b"{'a': 1}", "json-broken"),
        (b'{"a": 01}', "json-broken"),
        (b'{"a": "\x01"}', "json-broken"),
        (b'{"a": 1} // why', "json-broken"),
    ],
)
def test_what_a_text_may_be(text: bytes, code: str) -> None:
    assert code_of(text) == code


def test_a_refusal_shows_little_of_an_endless_key() -> None:
    with pytest.raises(UnusableText) as caught:
        parse(b'{"%s": 1, "%s": 2}' % (b"k" * MIB, b"k" * MIB))
    assert len(caught.value.problems[0].args["key"]) == 140


def facts(document: dict[str, Any], kind: ObjectKind = ObjectKind.JOB) -> Facts:
    text = json.dumps(document).encode()
    return facts_of(kind, parse(text), FactRules(), text=text)


@pytest.mark.parametrize("spelling", ["1e400", "1E400", "-1e400", "1e9999999999999999999", "NaN", "1e1"])
def test_a_number_that_is_read_must_be_one(spelling: str) -> None:
    node = '{"name": "n", "type": "t", "retryTimes": %s, "unread": %s}'
    wanted = '"NaN"' if spelling == "NaN" else spelling
    text = (
        '{"name": "j", "schedule": {"type": "EXECUTE_ONCE"}, "nodes": [' + node % (wanted, wanted) + "]}"
    ).encode()
    problems = facts_of(ObjectKind.JOB, parse(text), FactRules(), text=text).problems
    assert [(one.code, one.path) for one in problems] == [("field-type", "nodes[0].retryTimes")]


def test_a_document_with_millions_of_faults_tells_a_hundred() -> None:
    assert len(facts({"name": "j", "nodes": [{}] * 100_000}).problems) == 100


def test_a_long_circle_is_shown_in_part() -> None:
    nodes = [{"name": f"n{n}", "type": "t", "preNodeName": [f"n{(n + 1) % 5_000}"]} for n in range(5_000)]
    circle = next(one for one in facts({"name": "j", "nodes": nodes}).problems if one.code == "nodes-cyclic")
    assert circle.args["cycle"].count("→") == 19
    assert circle.args["cycle"].endswith("…")


def test_a_node_with_very_many_properties_is_read_in_one_pass() -> None:
    """Looked for one by one, these would take five thousand million steps."""
    properties = [{"name": f"p{n}", "value": f"obs://b/{n}"} for n in range(100_000)]
    document = {"name": "j", "nodes": [{"name": "n", "type": "t", "properties": properties}]}
    found = facts(document).references
    assert len(found) == 100_000
    assert found[-1].path == ("nodes", 0, "properties", 99_999, "value")


def test_a_doubled_property_is_read_at_each_of_its_places() -> None:
    properties = [{"name": "queueName", "value": "a"}, {"name": "queueName", "value": "b"}]
    document = {"name": "j", "nodes": [{"name": "n", "type": "t", "properties": properties}]}
    references = [(one.name, one.path[3]) for one in facts(document).references]
    assert references == [("a", 0), ("b", 1)]


def test_a_statement_is_looked_for_once_a_node() -> None:
    """Looked for beside every script, this would take five thousand million steps."""
    properties = [{"name": "scriptName", "value": f"s{n}"} for n in range(100_000)]
    properties.append({"name": "statementOrScript", "value": "SCRIPT"})
    document = {"name": "j", "nodes": [{"name": "n", "type": "t", "properties": properties}]}
    assert len(facts(document).references) == 100_000


def test_a_list_of_resources_is_read_up_to_its_thousandth() -> None:
    value = ",".join(f"r{n}" for n in range(2_000))
    document = {
        "name": "j",
        "nodes": [{"name": "n", "type": "t", "properties": [{"name": "dependFiles", "value": value}]}],
    }
    names = [one.name for one in facts(document).references if one.kind is NeedKind.RESOURCE]
    assert (len(names), names[999]) == (1_001, "r999")


def test_of_millions_of_variables_ten_thousand_are_found() -> None:
    document = {"name": "j", "x": "".join("${%d}" % n for n in range(20_000))}  # noqa: UP031
    assert len(facts(document).references) == 10_000


@pytest.mark.parametrize(("extra", "fits"), [(0, True), (1, False)])
@pytest.mark.parametrize("letter", ["x", "月", "💩"])
def test_a_script_has_at_most_4_mebibytes_in_utf_8(extra: int, fits: bool, letter: str) -> None:
    width = len(letter.encode())
    content = letter * (4 * MIB // width) + "y" * (4 * MIB % width + extra)
    found = facts({"name": "s", "type": "t", "content": content}, ObjectKind.SCRIPT).problems
    assert [one.code for one in found] == ([] if fits else ["content-too-large"])


@pytest.mark.parametrize("zone", ["x" * 65, "../../etc/passwd", "a\0b", "/etc/passwd", "", "America"])
def test_zones_that_are_none_are_none(zone: str) -> None:
    assert not is_zone(zone)
