"""The text

Documents whose text is no JSON document that two programs would read alike. Also on save.
"""

from __future__ import annotations

from findings.example import Case, Example, job


def text(content: bytes, name: str) -> Case:
    return Case(files=(job(content, name),))


def _example(code: str, meaning: str, fails: bytes, passes: bytes) -> Example:
    whole = passes.removesuffix(b"}") + b', "schedule": {"type": "EXECUTE_ONCE"}}'
    return Example(code=code, meaning=meaning, fails=text(fails, code), passes=text(whole, code))


EXAMPLES = (
    _example("json-broken", "The JSON is broken.", b'{"name": "a" "b": 1}', b'{"name": "a", "b": 1}'),
    _example(
        "json-constant",
        "`NaN`, `Infinity` or `-Infinity`, which JSON does not know.",
        b'{"name": "json-constant", "x": NaN}',
        b'{"name": "json-constant", "x": null}',
    ),
    _example("not-an-object", "JSON, but a list, text, number or nothing.", b"[]", b'{"name": "a"}'),
    _example(
        "not-json",
        "A properties file (such as Azkaban's), XML, plain text or an empty file under a document's name. "
        "From packages only; on save it is `json-broken`.",
        b"type=command\ncommand=echo hi\n",
        b'{"name": "a"}',
    ),
    _example(
        "doubled-key",
        "A key twice in one object: two programs would read two different documents.",
        b'{"name": "doubled-key", "x": 1, "x": 2}',
        b'{"name": "doubled-key", "x": 1, "y": 2}',
    ),
    _example(
        "not-utf8",
        "Not UTF-8, from the named byte on.",
        b'{"name": "\xff"}',
        b'{"name": "not-utf8"}',
    ),
    _example(
        "lone-surrogate",
        "Half of a surrogate pair as an escape.",
        rb'{"name": "lone-surrogate", "x": "\ud83d"}',
        rb'{"name": "lone-surrogate", "x": "\ud83d\ude00"}',
    ),
    _example(
        "number-too-long",
        "A whole number of more than 4,300 digits.",
        b'{"name": "number-too-long", "x": ' + b"1" * 4301 + b"}",
        b'{"name": "number-too-long", "x": "' + b"1" * 4301 + b'"}',
    ),
    _example(
        "too-many-values",
        "More than 1,000,000 values (counted: commas and opening brackets).",
        b'{"name": "too-many-values", "x": [' + b"1," * 1_000_000 + b"1]}",
        b'{"name": "too-many-values", "x": [1, 1]}',
    ),
    _example(
        "too-deep",
        "More than 200 levels.",
        b'{"name": "too-deep", "x": ' + b"[" * 200 + b"]" * 200 + b"}",
        b'{"name": "too-deep", "x": ' + b"[" * 199 + b"]" * 199 + b"}",
    ),
)
