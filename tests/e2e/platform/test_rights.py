"""Members, scopes and directory policies on a real platform: who enters, what they see, what they import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import msgspec
import pytest

from builders import job, node, written
from jobferry.errors import ErrorCode, Forbidden, NotFound
from jobferry.model.audit import AuditEvent, AuditFilter, AuditOutcome
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Caller, Scope
from jobferry.model.rights import Role
from jobferry.model.task import Task, TaskStatus
from jobferry.model.transfer.policy import ImportOptions
from jobferry.model.transfer.receipt import ReceiptFilter
from jobferry.services.importing.check_result import LastCheck
from jobferry.services.importing.import_lock import ImportLock
from jobferry.services.importing.task import ImportTask
from jobferry.services.importing.undo import Undoing
from jobferry.services.variables import GivenVariable
from jobferry.store import TaskLog
from people import administrator, assign, caller_named, enrol, entered, member, policy, store_of

from .conftest import Site
from .test_one_at_a_time import interrupted

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT
Open = Callable[[str], Site]


def as_(site: Site, caller: Caller) -> Site:
    """The same platform, used by somebody else."""
    other = Site(site.running)
    other.caller = caller
    return other


def last_event(site: Site, **wanted: Any) -> AuditEvent:
    with store_of(site.running).read() as snapshot:
        _, rows = snapshot.audit.page(AuditFilter(**wanted), offset=0, limit=1)
    return rows[0].event


def names(site: Site, kind: ObjectKind = JOB) -> list[str]:
    return [one.name for one in site.running.objects.page(site.grant, kind, offset=0, limit=50)[1]]


def test_a_member_enters_with_their_roles_and_the_names_of_who_could_allow_more(site: Open) -> None:
    here = site("here")
    caller = member(here.running, "lin", Role.VIEWER, Role.DEPLOYER)
    member(here.running, "zhao", Role.ADMINISTRATOR)
    grant = entered(here.running, "default", caller)
    assert grant.roles == {Role.VIEWER, Role.DEPLOYER}
    assert grant.administrators == ("administrator", "zhao")
    assert grant.directories is None


def test_whoever_is_not_to_see_a_workspace_is_told_what_is_told_of_none(site: Open) -> None:
    here = site("here")
    caller = enrol(here.running, "lin")
    told = []
    for name in ("default", "nowhere"):
        with pytest.raises(NotFound) as caught:
            here.running.workspaces.enter(name, caller)
        assert caught.value.code is ErrorCode.WORKSPACE_MISSING
        told.append((caught.value.message.replace(name, "?"), caught.value.hint))
    assert told[0] == told[1]
    assert here.running.workspaces.all(caller) == []


def test_the_creator_owns_a_new_workspace_and_lists_show_what_one_may_enter(site: Open) -> None:
    running = site("here").running
    lin = enrol(running, "lin", operations=True)
    made = running.workspaces.create("second", lin)
    assert entered(running, "second", lin).roles == {Role.OWNER, Role.OPERATIONS}
    zhao = assign(running, enrol(running, "zhao"), "second", Role.VIEWER)
    assert [one.name for one in running.workspaces.all(zhao)] == ["second"]
    limited = caller_named(running, "administrator", Scope(workspaces=(made.id,)))
    assert [one.name for one in running.workspaces.all(limited)] == ["second"]
    with pytest.raises(Forbidden):
        running.workspaces.create("third", limited)


def test_a_name_that_is_the_id_of_another_workspace_finds_what_one_may_enter(site: Open) -> None:
    running = site("here").running
    default = entered(running, "default").workspace
    twin = running.workspaces.create(default.id, administrator(running))
    lin = member(running, "lin", Role.VIEWER, workspace="default")
    zhao = member(running, "zhao", Role.VIEWER, workspace=twin.id)
    assert running.workspaces.enter(default.id, lin).workspace.id == default.id
    assert running.workspaces.enter(default.id, zhao).workspace.id == twin.id


def test_directory_policies_leave_each_what_covers_them_and_heads_everything(site: Open) -> None:
    running = site("here").running
    lin = member(running, "lin", Role.DEVELOPER)
    zhao = member(running, "zhao", Role.OPERATOR)
    head = member(running, "qian", Role.ADMINISTRATOR, Role.DEVELOPER)
    policy(running, "/a", users=["lin"], name="one")
    policy(running, "/b", "/c", roles=[Role.DEVELOPER], name="two")
    assert entered(running, None, lin).directories == ("/a", "/b", "/c")
    assert entered(running, None, zhao).directories == ()
    assert entered(running, None, head).directories is None
    assert entered(running).directories is None


def test_what_lies_out_of_reach_is_not_there(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("mine", node("n", "Dummy"), directory="/a/x"))
    here.save(JOB, job("other", node("n", "Dummy"), directory="/b"))
    here.script("theirs", directory="/b")
    lin = as_(here, member(here.running, "lin", Role.DEVELOPER))
    policy(here.running, "/a", users=["lin"])
    assert names(lin) == ["mine"]
    assert names(lin, SCRIPT) == []
    running, grant = here.running, lin.grant
    asked: Callable[[], object]
    for asked in (
        lambda: running.objects.show(grant, JOB, "other"),
        lambda: running.objects.delete(grant, JOB, "other"),
        lambda: running.objects.update(grant, JOB, "other", written(_bare("other")), submit=True),
        lambda: running.scheduling.start(grant, "other"),
        lambda: running.scheduling.stop(grant, "other"),
        lambda: lin.export("other"),
    ):
        with pytest.raises(NotFound) as caught:
            asked()
        assert caught.value.code is ErrorCode.JOB_MISSING
    for asked in (
        lambda: lin.save(JOB, job("new", directory="/b")),
        lambda: lin.change(JOB, job("mine", directory="/b")),
    ):
        with pytest.raises(Forbidden) as refused:
            asked()
        assert "/b" in refused.value.message
        assert "administrator" in refused.value.hint
    assert last_event(here, actor="lin").detail == "directory /b"
    assert names(here) == ["mine", "other"]


def _bare(name: str) -> dict[str, object]:
    document = job(name)
    document.pop("directory", None)
    return document


def test_an_export_takes_along_what_one_reaches_and_needs_the_rest(site: Open) -> None:
    here, there = site("here"), site("there")
    here.script("theirs", directory="/b")
    here.save(JOB, job("mine", node("n", "DWSSQL", scriptName="theirs"), directory="/a"))
    here.save(JOB, job("other", directory="/b"))
    lin = as_(here, member(here.running, "lin", Role.DEVELOPER))
    policy(here.running, "/a", users=["lin"])
    limits = here.running.stored.limits()
    for package in (lin.export("mine"), lin.export()):
        received = there.running.imports.receive(there.caller, "p.zip", iter([package]), limits)
        seen = there.running.imports.preview(there.grant, received, ImportOptions())
        assert [one.info.name for one in seen.contents.entries] == ["mine"]
        assert "script-missing" in {one.code for one in seen.findings}


def test_an_operator_imports_what_is_there_and_not_what_is_new(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("old"))
    there.land(here.export())
    here.change(JOB, job("old", retries=1))
    here.save(JOB, job("new"))
    lin = as_(there, member(there.running, "lin", Role.OPERATOR))
    task = lin.land(here.export(), duplicates="overwrite")
    assert lin.outcomes(task) == {"old": "overwritten", "new": "blocked"}
    assert names(there) == ["old"]
    ended = last_event(there, actor="lin", action="import")
    assert (ended.outcome, ended.detail.partition(": ")[2]) == (
        AuditOutcome.FAILED,
        "1 overwritten, 1 blocked",
    )


def test_a_member_who_is_let_out_meanwhile_imports_nothing(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders"))
    lin = as_(there, member(there.running, "lin", Role.DEVELOPER))
    task = interrupted(lin, here.export())
    assign(there.running, lin.caller, None)
    ended = there.carrier.run(task)
    assert (ended.succeeded, ended.code) == (False, "not-allowed")
    assert "nothing was changed" in ended.message
    assert names(there) == []
    assert last_event(there, actor="lin", action="import").outcome is AuditOutcome.REFUSED
    assert there.land(here.export()).status is TaskStatus.SUCCESSFUL


class _Interfering:
    """A task log at whose first note of progress, after the plan was made, something else happens."""

    def __init__(self, log: TaskLog, happen: Callable[[], object]) -> None:
        self._log = log
        self._happen: list[Callable[[], object]] = [happen]

    def __getattr__(self, name: str) -> Any:
        if name == "progress" and self._happen:
            self._happen.pop()()
        return getattr(self._log, name)


@pytest.mark.parametrize(("roles", "landed"), [((), []), ((Role.OPERATOR,), ["clean"])])
def test_what_one_may_do_counts_when_it_is_written(
    site: Open, roles: tuple[Role, ...], landed: list[str]
) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders"))
    here.script("clean")
    lin = as_(there, member(there.running, "lin", Role.DEVELOPER))
    task = interrupted(lin, here.export())
    own = there.running.parts
    log = _Interfering(own.log, lambda: assign(there.running, lin.caller, None, *roles))
    ended = ImportTask(
        own.runtime, cast("TaskLog", log), own.received, own.storage, LastCheck(keeps=False)
    ).run(task)
    assert not ended.succeeded
    assert (names(there), names(there, SCRIPT)) == ([], landed)


def test_a_user_who_is_disabled_while_their_import_runs_imports_nothing(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders"))
    lin = as_(there, member(there.running, "lin", Role.DEVELOPER))
    task = interrupted(lin, here.export())
    own = there.running.parts
    log = _Interfering(own.log, lambda: disable(there, "lin"))
    carrier = ImportTask(own.runtime, cast("TaskLog", log), own.received, own.storage, LastCheck(keeps=False))
    ended = carrier.run(task)
    assert (ended.succeeded, ended.code) == (False, ErrorCode.NOT_ALLOWED)
    assert names(there) == []


def test_an_undo_that_fails_leaves_the_workspace_to_others_and_is_in_the_audit(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders"))
    lin = as_(there, member(there.running, "lin", Role.DEVELOPER))
    landed = lin.land(here.export())
    own = there.running.parts
    kept: list[Task] = []
    undoing = Undoing(own.runtime, own.log, ImportLock(own.runtime, own.log, kept.append))
    task = undoing.begin(lin.caller, landed.id, rest=False)
    assert kept == [task]
    disable(there, "lin")
    ended = undoing.run(task)
    assert (ended.succeeded, ended.code, names(there)) == (False, ErrorCode.NOT_ALLOWED, ["orders"])
    with store_of(there.running).read() as snapshot:
        assert snapshot.slots.all() == []
        _, rows = snapshot.audit.page(AuditFilter(action="import-undo"), offset=0, limit=10)
    assert [(row.event.actor, row.event.outcome) for row in rows] == [("lin", AuditOutcome.REFUSED)]


def disable(site: Site, name: str) -> None:
    with store_of(site.running).write() as uow:
        user = uow.people.user_named(name)
        assert user is not None
        uow.people.replace_user(msgspec.structs.replace(user, disabled=True))
        uow.commit()


def test_a_member_who_may_do_less_meanwhile_imports_less(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders"))
    here.script("clean")
    lin = as_(there, member(there.running, "lin", Role.DEVELOPER))
    task = interrupted(lin, here.export())
    assign(there.running, lin.caller, None, Role.OPERATOR)
    assert not there.carrier.run(task).succeeded
    assert (names(there), names(there, SCRIPT)) == ([], ["clean"])


def test_a_package_is_there_for_who_handed_it_in(site: Open) -> None:
    here = site("here")
    here.save(JOB, job("orders"))
    package, imports, limits = here.export(), here.running.imports, here.running.stored.limits()
    lin = as_(here, member(here.running, "lin", Role.DEVELOPER))
    received = imports.receive(lin.caller, "p.zip", iter([package]), limits)
    assert imports.received(lin.grant, received.id) == received
    for package_id in (received.id, "0" * 32):
        with pytest.raises(NotFound) as caught:
            imports.received(here.grant, package_id)
        assert caught.value.message == f"the package {package_id} is not here"


def test_who_may_import_nowhere_hands_nothing_in(site: Open) -> None:
    here = site("here")
    limits = here.running.stored.limits()
    for caller in (
        member(here.running, "lin", Role.VIEWER),
        caller_named(here.running, "administrator", Scope(read_only=True)),
        enrol(here.running, "zhao"),
    ):
        with pytest.raises(Forbidden):
            here.running.imports.receive(caller, "p.zip", iter([b"x"]), limits)
    assert list((here.running.home.folder / "packages").glob("*")) == []


def test_ones_own_records_can_always_be_seen_and_those_of_others_by_right(site: Open) -> None:
    here, there = site("here"), site("there")
    here.save(JOB, job("orders"))
    lin = as_(there, member(there.running, "lin", Role.DEVELOPER))
    zhao = as_(there, member(there.running, "zhao", Role.DEVELOPER))
    mine = lin.land(here.export())
    reports = there.running.reports
    assert reports.receipts(lin.grant, ReceiptFilter(), offset=0, limit=9)[0] == 1
    assert reports.receipts(zhao.grant, ReceiptFilter(), offset=0, limit=9)[0] == 0
    assert reports.receipts(there.grant, ReceiptFilter(), offset=0, limit=9)[0] == 1
    assert reports.receipt(there.caller, mine.id).imported_by == "lin"
    for asked in (reports.task, reports.receipt):
        with pytest.raises(NotFound):
            asked(zhao.caller, mine.id)
    assert not reports.has_receipt(zhao.caller, mine.id)
    assign(there.running, lin.caller, None)
    with pytest.raises(NotFound):
        reports.task(lin.caller, mine.id)


def test_values_of_variables_are_for_who_may_change_them(site: Open) -> None:
    here = site("here")
    variables = here.running.variables
    variables.save(here.grant, [GivenVariable(name="zone", value="hidden")])
    for role, value in ((Role.DEVELOPER, "hidden"), (Role.OPERATOR, None), (Role.VIEWER, None)):
        lin = as_(here, member(here.running, f"lin-{role}", role))
        assert [(one.name, told) for one, told in variables.page(lin.grant)[1]] == [("zone", value)]


def test_a_workspace_one_cannot_see_is_as_missing_to_an_import_as_one_that_is_not_there(site: Open) -> None:
    here, there = site("here"), site("there")
    there.running.workspaces.create("hidden", there.caller)
    inside = Site(there.running)
    inside.place = "hidden"
    inside.save(JOB, job("up", directory="/b"))
    lin = as_(there, member(there.running, "lin", Role.DEVELOPER))

    def codes(workspace: str, upstream: str, who: Site) -> set[str]:
        depend = {"otherWorkSpaceJobs": [{"jobName": upstream, "workSpace": workspace}]}
        name = f"{workspace}-{upstream}"
        if name not in names(here):
            here.save(JOB, job(name, schedule={"type": "CRON", "cron": {"dependJobs": depend}}))
        limits = there.running.stored.limits()
        received = there.running.imports.receive(who.caller, "p.zip", iter([here.export(name)]), limits)
        found = there.running.imports.preview(who.grant, received, ImportOptions()).findings
        return {one.code for one in found}

    asked = [("hidden", "up"), ("hidden", "no"), ("nowhere", "up")]
    assert [codes(*one, lin) for one in asked] == [{"workspace-missing"}] * 3
    assert codes("hidden", "up", there) == set()
    assert codes("hidden", "no", there) == {"upstream-elsewhere-missing"}
    assign(there.running, lin.caller, "hidden", Role.VIEWER)
    assert codes("hidden", "up", lin) == set()
    policy(there.running, "/a", users=["lin"], workspace="hidden")
    assert codes("hidden", "up", lin) == {"upstream-elsewhere-missing"}
