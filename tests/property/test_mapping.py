"""A mapping there and back gives every byte back, in documents and inside their texts."""

from __future__ import annotations

import json

from documents import json_text, script_text, text
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import Load
from jobferry.model.document.edits import edited
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.mapping import Mapping, mapping_of

PAIRS = {
    "connection": {"c1": "c_prod"},
    "database": {"dw": "dw_prod", "src": "sources"},
    "path": {
        "obs://lake-test": "obs://lake",
        "obs://lake-test/raw": "obs://raw-zone",
        "/data/test": "/data/prod",
    },
    "url": {"https://api.test": "https://api.example"},
    "topic": {"alarms": "alarms_prod"},
}
THERE = mapping_of(PAIRS)
BACK = mapping_of({kind: {local: former for former, local in pairs.items()} for kind, pairs in PAIRS.items()})

_WORDS = (
    *(
        "select * from dw.orders",
        "insert into src.t select dw.a.b from dw.a",
        "use dw",
        "`src`.x",
        "sel dw.x (",
    ),
    *(
        "'obs://lake-test/raw/day=1'",
        "obs://lake-test",
        "obs://lake-tests/a",
        "/data/test/x",
        "/data/testing",
    ),
    *(
        "https://api.test/v1?a=b",
        "https://api.test:8443",
        "-- dw",
        "作业 dw.t",
        "${dw}.x",
        "#{dw.y}",
        ";",
        "\n",
    ),
    *("\U0001f600", '"', "\\", "'", "\t"),
)
bodies = st.lists(st.one_of(st.sampled_from(_WORDS), text), max_size=8).map(" ".join)
seeds = st.integers(0, 2**16)


def written_as(value: str, seed: int) -> str:
    """A JSON string whose letters beyond ASCII are as they are or escapes; names of things are ASCII here.

    A name that is itself spelled by escapes is written plainly on the way, and stays so.
    """
    parts = (json.dumps(one, ensure_ascii=(seed >> place % 16) % 2 == 0) for place, one in enumerate(value))
    return '"' + "".join(part[1:-1] for part in parts) + '"'


def carried(kind: ObjectKind, written: bytes, mapping: Mapping) -> bytes:
    """What is written of a document that comes in."""
    name = json.loads(written)["name"]
    load = Load().add(kind, written, name=name)
    (arrival,) = load.context(mapping=mapping).items
    return edited(written, arrival.edits)


def unlike_targets(body: str) -> bool:
    """Whether a text has none of the names of the other side, which a way back would take for mapped ones."""
    lowered = body.lower()
    return not any(local.lower() in lowered for pairs in PAIRS.values() for local in pairs.values())


@st.composite
def mapped_job(draw: st.DrawFn) -> bytes:
    """A job that holds names, paths and statements, of any spacing and spelling."""
    body, seed = draw(bodies.filter(unlike_targets)), draw(seeds)
    gap = draw(st.sampled_from(["", " ", "\n  "]))
    named = f'{{"name":{gap}"connectionName",{gap}"value" : "c1"}}'
    topic = f'{{{gap}"value": "alarms", "name":"topic"}}'
    statement = f'{{"name": "statement",{gap}"value":{gap}{written_as(body, seed)} }}'
    odd = f'{{"name":"odd", "value": {draw(json_text(depth=1))}}}'
    nodes = (
        f'[{{"name":"n","type":"HiveSQL","properties":[{named},{statement},{gap}{odd}]}},'
        f'{gap}{{"type":"SMN", "name":"m", "properties":[{topic}]}}]'
    )
    return f'{{ "name":"j",{gap}"nodes" :{nodes},"logPath":"obs://lake-test/log" }}'.encode()


@st.composite
def mapped_script(draw: st.DrawFn) -> bytes:
    """A script of SQL or shell, of any spacing and spelling."""
    body, seed = draw(bodies.filter(unlike_targets)), draw(seeds)
    kind = draw(st.sampled_from(["HiveSQL", "DWSSQL", "SparkSQL", "Shell", "Python"]))
    gap = draw(st.sampled_from(["", " ", "\r\n"]))
    return f'{{"name":{gap}"s","type":"{kind}",{gap}"content": {written_as(body, seed)}{gap}}}'.encode()


@given(mapped_job())
@settings(max_examples=150)
def test_a_job_mapped_there_and_back_has_its_bytes_again(written: bytes) -> None:
    there = carried(ObjectKind.JOB, written, THERE)
    assert b'"c_prod"' in there
    assert carried(ObjectKind.JOB, there, BACK) == written


@given(mapped_script())
@settings(max_examples=150)
def test_a_script_mapped_there_and_back_has_its_bytes_again(written: bytes) -> None:
    assert carried(ObjectKind.SCRIPT, carried(ObjectKind.SCRIPT, written, THERE), BACK) == written


@given(script_text())
def test_any_script_mapped_there_and_back_has_its_bytes_again(written: str) -> None:
    there = carried(ObjectKind.SCRIPT, written.encode(), THERE)
    assert carried(ObjectKind.SCRIPT, there, BACK) == written.encode()
