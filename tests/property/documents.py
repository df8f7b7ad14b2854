"""Generated documents as anybody may write them: odd numbers, any order, white space, escapes and scripts."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from typing import Any

import msgspec
from hypothesis import strategies as st

_SCRIPTS = (
    *(
        "作业_日报",
        "ﾃﾞｰﾀ",
        "한국어",
        "Größe ñ",
        "e\u0301\u0323",
        "שלום",
        "مرحبا\u200f\u202e",
        "हिन्दी",
        "ไทย",
        "Ωмега",
    ),
    *(
        "👩\u200d👩\u200d👧",
        "𠀋𝔘",
        "\u2028\u2029\x85",
        "\ufeff",
        "\ufffe\uffff",
        "\x7f\x00\x1f",
        '\\"/',
        "\r\n\t\b\f",
    ),
    *("\U0010ffff", "%2F", "<&>", "null", "1E5", "${x}", '":', "\ud7ff\ue000"),
)
text = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(_SCRIPTS),
)
odd_number = st.sampled_from(
    [
        *("-0", "-0.0", "0", "1E5", "1e+05", "0.10", "1e400", "-1E-400", "12", "-1.50e-7", "0e0"),
        *("9" * 40, "-" + "9" * 40, "0." + "3" * 40, "1e9999999999999999999", "18446744073709551616"),
    ]
)
_SHORT = {
    '"': '\\"',
    "\\": "\\\\",
    "/": "\\/",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}
_GAPS = {
    "tight": ("",),
    "wide": (" ", "\n  ", "\t"),
    "windows": ("\r\n", "\r\n    ", " "),
    "mixed": ("", " ", "\n\n", "\r"),
}
gaps = st.sampled_from(sorted(_GAPS))
seeds = st.integers(0, 2**32)


def spelled(value: str, seed: int) -> str:
    """A JSON string; each letter as it is or as one of its escapes, surrogate pairs among them."""
    rnd = random.Random(seed)  # noqa: S311
    plain = seed % 2 == 0
    return '"' + "".join(_letter(letter, rnd, plain=plain) for letter in value) + '"'


def _letter(letter: str, rnd: random.Random, *, plain: bool) -> str:
    style = 0 if plain else rnd.randrange(4)
    if style == 0 and letter >= " " and letter not in '"\\':
        return letter
    if letter in _SHORT and style < 3:
        return _SHORT[letter]
    units = letter.encode("utf-16-be").hex()
    digits = units.upper() if style == 2 else units
    return "".join("\\u" + digits[at : at + 4] for at in range(0, len(digits), 4))


@st.composite
def json_text(draw: st.DrawFn, depth: int = 3) -> str:
    """Any JSON value."""
    kinds = ["string", "number", "list", "object", "word", "deep"] if depth else ["string", "number"]
    kind = draw(st.sampled_from(kinds))
    if kind == "string":
        return spelled(draw(text), draw(seeds))
    if kind == "number":
        return draw(odd_number)
    if kind == "word":
        return draw(st.sampled_from(["true", "false", "null"]))
    if kind == "list":
        return _joined("[]", draw(st.lists(json_text(depth=depth - 1), max_size=3)), draw)
    if kind == "deep":
        levels = draw(st.integers(1, 90))
        return '{"x": [' * levels + draw(odd_number) + "] }" * levels
    return draw(json_object(depth=depth - 1))


@st.composite
def json_object(
    draw: st.DrawFn, depth: int = 3, first: str = "", pairs: Iterable[str] = (), gap: str = ""
) -> str:
    """A JSON object of unknown keys and of ``pairs`` in any order; ``first`` is a pair that it begins with.

    With ``gap`` the object's own members are spaced in that way, and their keys are spelled plainly.
    """
    keys = draw(st.lists(text.filter(lambda key: key not in OWN_KEYS), unique=True, max_size=4))
    members = list(pairs)
    for key in keys:
        colon = ":" if gap == "tight" else draw(st.sampled_from([":", ": ", " :", "\r\n:\t"]))
        written = plainly(key) if gap == "tight" else spelled(key, draw(seeds))
        members.append(written + colon + draw(json_text(depth=depth)))
    ordered = draw(st.permutations(members))
    return _joined("{}", [first, *ordered] if first else ordered, draw, gap)


def plainly(key: str) -> str:
    """A key as an edit writes it."""
    return msgspec.json.encode(key).decode()


def _joined(around: str, members: list[str], draw: st.DrawFn, gap: str = "") -> str:
    gap = gap or draw(gaps)
    if gap == "tight":
        return around[0] + ",".join(members) + around[1]
    rnd = random.Random(draw(seeds))  # noqa: S311
    choice = _GAPS[gap]
    written = around[0]
    for place, member in enumerate(members):
        written += ("," if place else "") + rnd.choice(choice) + member + rnd.choice(choice)
    return written + rnd.choice(choice) + around[1]


OWN_KEYS = {
    *("processType", "maskedParams", "logPath", "name", "type", "content", "nodes", "schedule", "params"),
    *("directory", "basicConfig", "description", "desc", "location", "dependFiles", "dependPackages"),
    "depend_packages",
    *("connectionName", "database", "currentDatabase", "queueName", "configuration", "owner"),
    *("id", "version", "createTime", "createUser", "lastUpdateTime", "lastUpdateUser", "downstreamJobs"),
    *("targetStatus", "approvers", "autoAcquireLock", "jobRelation", "emptyRunningJob", "singleNodeJobFlag"),
}
"""Keys that Jobferry reads or answers with: generated documents fill in these on purpose only."""


@st.composite
def job_text(draw: st.DrawFn, name: str = "j", *, gap: str = "") -> str:
    """A job that may be saved: a node of a type nobody knows uses the connection ``c1``; anything besides.

    With ``gap`` all that an edit of that connection opens is spaced in that way.
    """
    colon = ":" if gap else draw(st.sampled_from([":", " : ", ":\n"]))

    def pair(key: str, value: str) -> str:
        return f'"{key}"{colon}{value}'

    connection = [pair("name", '"connectionName"'), pair("value", '"c1"')]
    other = [pair("name", '"odd"'), pair("value", draw(json_text(depth=2)))]
    properties = [draw(json_object(depth=1, pairs=connection, gap=gap)), _joined("{}", other, draw, gap)]
    listed = _joined("[]", draw(st.permutations(properties)), draw, gap)
    node = [pair("name", '"n"'), pair("type", '"Brand New"'), pair("properties", listed)]
    nodes = _joined("[]", [draw(json_object(depth=2, pairs=node, gap=gap))], draw, gap)
    schedule = pair("schedule", '{"type": "EXECUTE_ONCE"}')
    return draw(json_object(pairs=[pair("name", f'"{name}"'), pair("nodes", nodes), schedule], gap=gap))


@st.composite
def script_text(draw: st.DrawFn, name: str = "s", *, gap: str = "") -> str:
    """A script that uses the connection ``c1``, of any content."""
    own = [f'"name":"{name}"', '"type":"DWSSQL"', '"connectionName":"c1"']
    own.append('"content":' + spelled(draw(text), draw(seeds)))
    return draw(json_object(pairs=own, gap=gap))


@st.composite
def resource_text(draw: st.DrawFn, name: str = "r", *, gap: str = "") -> str:
    """A resource, which refers to nothing."""
    own = [
        f'"name" :"{name}"' if not gap else f'"name":"{name}"',
        '"type":"jar"',
        '"location":"obs://b/r.jar"',
    ]
    return draw(json_object(pairs=own, gap=gap))


@st.composite
def transported(draw: st.DrawFn, written: st.SearchStrategy[str]) -> bytes:
    """A document's bytes on their way: with or without a byte order mark and space around it."""
    around = [draw(st.sampled_from(["", " ", "\r\n", "\n\n\t"])) for _ in range(2)]
    mark = b"\xef\xbb\xbf" if draw(st.booleans()) else b""
    return mark + (around[0] + draw(written) + around[1]).encode()


def unmarked(written: bytes) -> bytes:
    """What is kept of a document's bytes: all but a byte order mark."""
    return written.removeprefix(b"\xef\xbb\xbf")


def tokens(written: bytes) -> Any:
    """A JSON text as nested pairs in their order, numbers as they are spelled."""

    def number(digits: str) -> tuple[str, str]:
        return ("number", digits)

    return json.loads(written, object_pairs_hook=tuple, parse_int=number, parse_float=number)
