"""What has to stay because something that stays refers to it."""

from __future__ import annotations

from jobferry.model.document.references import Reference
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.import_context import needed

JOB = ObjectKind.JOB


def job(name: str) -> ObjectKey:
    return JOB, name


def using(*names: str) -> tuple[Reference, ...]:
    return tuple(Reference(NeedKind.JOB, name, ()) for name in names)


def test_what_only_that_needs_which_has_to_stay_stays_too() -> None:
    uses = {job("first"): using("second"), job("stays"): using("first")}
    found = dict(needed([job("first"), job("second")], [job("stays")], uses))
    assert found == {job("first"): job("stays"), job("second"): job("first")}


def test_what_only_those_need_that_go_goes() -> None:
    uses = {job("a"): using("b"), job("b"): using("a"), job("stays"): using("other")}
    assert list(needed([job("a"), job("b")], [job("stays")], uses)) == []


def test_a_job_of_another_workspace_is_none_of_this_one() -> None:
    uses = {job("stays"): (Reference(NeedKind.JOB, "a", (), "elsewhere"),)}
    assert list(needed([job("a")], [job("stays")], uses)) == []


def test_of_several_users_the_last_is_told() -> None:
    uses = {job("x"): using("a"), job("y"): using("a")}
    assert list(needed([job("a")], [job("x"), job("y")], uses)) == [(job("a"), job("y"))]
