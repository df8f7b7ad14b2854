"""Generated JSON as anybody may write it: odd numbers, any white space, escapes, every script of Unicode."""

from __future__ import annotations

import json

from hypothesis import strategies as st

text = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
odd_number = st.sampled_from(["-0", "1E5", "0.10", "1e400", "9" * 40, "0", "-1.50e-7", "12"])
spaces = st.sampled_from(["", " ", "\n", "\r\n\t"])


@st.composite
def json_text(draw: st.DrawFn, depth: int = 3) -> str:
    """Any JSON value."""
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
def json_object(draw: st.DrawFn, depth: int = 3, first: str = "") -> str:
    """A JSON object; ``first`` is a pair that it begins with, under a key that no other pair has."""
    keys = draw(st.lists(text.filter(lambda key: key not in OWN_KEYS), unique=True, max_size=4))
    space = draw(spaces)
    ascii_only = draw(st.booleans())
    pairs = [first] if first else []
    for key in keys:
        pairs.append(
            f"{json.dumps(key, ensure_ascii=ascii_only)}{space}:{space}{draw(json_text(depth=depth))}"
        )
    return f"{{{space}" + f",{space}".join(pairs) + f"{space}}}"


OWN_KEYS = {
    "processType",
    "maskedParams",
    "logPath",
    "name",
    "type",
    "content",
    "nodes",
    "schedule",
    "params",
    "directory",
    "basicConfig",
    "description",
}
"""Keys that Jobferry reads: generated documents fill in these on purpose only."""


@st.composite
def job_text(draw: st.DrawFn, name: str) -> str:
    """A job that may be saved: a node of a type nobody knows uses the connection ``c1``; anything besides."""
    node = (
        '{"name": "n", "type": "Brand New", "x" :' + draw(json_text(depth=2)) + ', "properties":'
        '[{"name":"connectionName",  "value":"c1"},{"name":"odd","value":' + draw(json_text(depth=1)) + "}]}"
    )
    return draw(json_object(first=f'"name" : "{name}", "nodes":[{node}]'))
