"""Which jobs get the failed tag when an import cannot overwrite them."""

from __future__ import annotations

from typing import Any

import pytest

from builders import Load, grant, job, stored, target
from jobferry.check.runner import check
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.rights import Role
from jobferry.model.tags import Tag as KnownTag
from jobferry.model.transfer.plan import Block, Tag
from jobferry.model.transfer.policy import Duplicates
from jobferry.plan.build import build

JOB = ObjectKind.JOB
RUNNING = {"state": SchedulingState.SCHEDULING}


def tagged(fields: dict[str, Any] | None = None, **view: Any) -> list[tuple[str, str]]:
    """Which jobs of a package with one job that runs here and a new broken one get which tag."""
    there = stored(JOB, job("orders"), **(RUNNING | (fields or {})))
    load = Load().job("orders", owner="new").job("fresh", basicConfig={"priority": 9})
    seen = load.context(target(there, **view), duplicates=Duplicates.OVERWRITE)
    plan = build(seen, check(seen))
    assert {step.name for step in plan.steps if isinstance(step, Block)} == {"orders", "fresh"}
    return [(step.name, step.tag) for step in plan.steps if isinstance(step, Tag)]


def known(name: str, *, locked: bool = False) -> dict[str, KnownTag]:
    return {name: KnownTag(workspace_id="w", name=name, locked=locked)}


def test_a_job_that_is_here_and_fails_is_marked() -> None:
    assert tagged() == [("orders", "import_failed")]
    assert tagged(settings={"failed_tag": "broken"}) == [("orders", "broken")]
    assert tagged({"locked_by": "zhao"}) == [("orders", "import_failed")]
    assert tagged(tags=known("import_failed")) == [("orders", "import_failed")]


HINDRANCES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "switched off": ({}, {"settings": {"failed_tag": "off"}}),
    "another profile": ({}, {"settings": {"profile": "strict"}}),
    "the package fails as a whole": ({}, {"settings": {"outcome": "package"}}),
    "marked already": ({}, {"failed": frozenset({1})}),
    "the tag is locked": ({}, {"tags": known("import_failed", locked=True)}),
    "a hundred tags": ({}, {"tags": {k: v for i in range(100) for k, v in known(f"t{i}").items()}}),
    "locked hard by another": (
        {"locked_by": "zhao"},
        {"grant": grant(Role.DEVELOPER), "settings": {"lock_policy": "hard"}},
    ),
    "in a pending review": ({}, {"waiting": {1: "r"}}),
    "out of reach": ({"directory": "/theirs"}, {"grant": grant(Role.DEVELOPER, directories=("/mine",))}),
    "no right to edit": ({}, {"grant": grant(Role.VIEWER)}),
}


@pytest.mark.parametrize("why", HINDRANCES)
def test_a_job_is_not_marked(why: str) -> None:
    fields, view = HINDRANCES[why]
    assert tagged(fields, **view) == []
