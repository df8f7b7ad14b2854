"""The node types that the console's form offers name the same things as the table of references."""

from __future__ import annotations

import json
from pathlib import Path

from builders import job, node
from cases import every_case
from jobferry.model.document.references import job_references
from jobferry.model.kinds import NeedKind

TYPES = Path(__file__).parents[3] / "web/src/features/development/edit/nodes/types.json"


def test_a_propertys_kind_is_what_the_platform_takes_its_value_for() -> None:
    types: dict[str, dict[str, str]] = json.loads(TYPES.read_text(encoding="utf-8"))
    named = [(type_, name, kind) for type_, rows in types.items() for name, kind in rows.items() if kind]
    assert len(named) > 20
    with every_case() as case:
        for type_, name, kind in named:
            with case(type_, name):
                found = job_references(job("orders", node("n", type_, **{name: "one"})))
                assert NeedKind(kind) in {one.kind for one in found if one.path[0] == "nodes"}
