"""Tags that jobs bring, and those that they would take off."""

from __future__ import annotations

from typing import Any

from builders import Load, job, node, stored, target
from jobferry.check.runner import check
from jobferry.model.kinds import ObjectKind
from jobferry.model.tags import MOST_TAGS, Tag
from jobferry.model.transfer.policy import Duplicates
from jobferry.model.transfer.target_state import TargetState

JOB = ObjectKind.JOB
QUIET = node("n", "Dummy")


def tags(*names: str, locked: tuple[str, ...] = ()) -> dict[str, Tag]:
    return {name: Tag(workspace_id="w", name=name, locked=name in locked) for name in names}


def bringing(*names: str) -> dict[str, Any]:
    return {"basicConfig": {"tags": list(names)}}


def told(load: Load, view: TargetState) -> list[tuple[str, str, str]]:
    findings = check(load.context(view, duplicates=Duplicates.OVERWRITE))
    return [(one.name, one.code, one.args["tag"]) for one in findings if one.code.startswith("tag")]


def test_a_locked_tag_keeps_its_job_out() -> None:
    load = Load().job("a", QUIET, **bringing("x", "gold")).job("b", QUIET, **bringing("x"))
    assert told(load, target(tags=tags("x", "gold", locked=("gold",)))) == [("a", "tag-locked", "gold")]
    assert told(load, target(tags=tags("x", "gold"))) == []


def test_a_locked_tag_is_not_taken_off_by_an_overwrite() -> None:
    here = stored(JOB, job("a", node("mine", "Dummy"), **bringing("gold")), id_=7)
    view = target(here, tags=tags("gold", locked=("gold",)), locked_tags={7: ("gold",)})
    assert told(Load().job("a", QUIET), view) == [("a", "tag-locked-here", "gold")]
    same = Load().job("a", node("mine", "Dummy"), **bringing("gold"))
    assert told(same, view) == []


def test_the_tag_beyond_the_limit_keeps_its_job_out_and_others_come_in() -> None:
    there = tags(*(f"t{number}" for number in range(MOST_TAGS - 1)))
    load = Load()
    for name, brought in (("a", ("t0", "new")), ("b", ("newer",)), ("c", ("new", "t1"))):
        load.job(name, QUIET, **bringing(*brought))
    assert told(load, target(tags=there)) == [("b", "tags-too-many", "newer")]


def test_what_no_tag_can_be_called_keeps_its_job_out() -> None:
    for name in ("", " x", "x" * 129, "a\x00b", "tab\there"):
        assert told(Load().job("a", QUIET, **bringing(name)), target()) == [
            ("a", "tag-illegal", repr(name[:140]))
        ]
