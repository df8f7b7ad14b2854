"""Start and stop: who may go into scheduling, and the state that is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, Fault
from jobferry.model.document.edits import Path
from jobferry.model.document.facts import Facts
from jobferry.model.document.problems import is_illegal, pointer
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import Engine, JobType, NeedKind, ObjectKind, SchedulingState
from jobferry.model.messages import starting, wording
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject, Workspace
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.plan_view import Waited, told, waited
from jobferry.model.transfer.target_state import TargetState
from jobferry.sentences import Sentence, sentence
from jobferry.services.errors import code_of
from jobferry.services.object_access import named
from jobferry.services.releasing import release
from jobferry.services.runtime import Runtime
from jobferry.services.saving import stored_facts
from jobferry.services.waiting import as_imported, is_there, missing_to

if TYPE_CHECKING:
    from jobferry.store import Snapshot, UnitOfWork

ENGINE = Engine.NONE
"""What runs the jobs that are started here."""


class Scheduling:
    """The scheduling state of jobs. No engine is attached: starting runs nothing by itself."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def start(self, grant: Grant, name: str) -> StoredObject:
        """Puts a job into scheduling, and gives it as it is then.

        It needs a live version, nodes, live versions of its scripts, and everything it refers to. A job that
        landed held may start as soon as what was missing is there.

        Raises:
            Forbidden: the caller may not start jobs here.
            NotFound: there is no such job.
            Conflict: it cannot start; all reasons are told. The code is that of the first: ``not-submitted``,
                ``job-without-nodes``, ``invalid-schedule`` or another fault of its document,
                ``reference-missing`` or ``connection-incomplete``.
        """
        with self._runtime.change(
            grant, "job-start", Action.JOB_OPERATE, kind=ObjectKind.JOB, subject=name, only=grant.workspace.id
        ) as change:
            job = named(change.uow.objects, grant, ObjectKind.JOB, name)
            here = _refuse_unready(change.uow, grant, job)
            release(self._runtime, change.uow, grant, here)
            real_time = job.subtype == JobType.REAL_TIME
            state = SchedulingState.NORMAL if real_time else SchedulingState.SCHEDULING
            return self._set(change.uow, grant, job, state)

    def stop(self, grant: Grant, name: str) -> StoredObject:
        """Takes a job out of scheduling, and gives it as it is then; a stopped job stays stopped.

        Raises:
            Forbidden: the caller may not stop jobs here.
            NotFound: there is no such job.
        """
        with self._runtime.change(
            grant, "job-stop", Action.JOB_OPERATE, kind=ObjectKind.JOB, subject=name, only=grant.workspace.id
        ) as change:
            job = named(change.uow.objects, grant, ObjectKind.JOB, name)
            return self._set(change.uow, grant, job, SchedulingState.STOPPED)

    def job(self, grant: Grant, name: str, action: Action = Action.JOB_VIEW) -> StoredObject:
        """A job that something is to be done with.

        Raises:
            Forbidden: the caller may not do that to jobs here.
            NotFound: there is no such job.
        """
        self._runtime.allow(grant, action, kind=ObjectKind.JOB, subject=name)
        with self._runtime.store.read() as snapshot:
            return named(snapshot.objects, grant, ObjectKind.JOB, name)

    def _set(self, uow: UnitOfWork, grant: Grant, job: StoredObject, state: SchedulingState) -> StoredObject:
        by, now = grant.caller.name, self._runtime.now()
        uow.objects.set_state(job.id, state, by=by, at=now)
        return msgspec.structs.replace(job, state=state, updated_by=by, updated_at=now)


class _Lack(NamedTuple):
    """Why a job cannot start; ``subject`` is the thing that it is about."""

    code: ErrorCode
    fault: Fault
    subject: str


def _refuse_unready(snapshot: Snapshot, grant: Grant, job: StoredObject) -> set[Waited]:
    """Gives what the job and its scripts waited for and is here, if nothing is missing to any of them."""
    if not job.live_digest:
        raise Conflict(
            ErrorCode.NOT_SUBMITTED,
            sentence("the job {name} is not submitted", name=job.name),
            subject=job.name,
            hint="submit it first",
        )
    fact_rules = read_settings(grant.workspace.settings).fact_rules
    facts = stored_facts(snapshot.contents, ObjectKind.JOB, [job.live_digest], fact_rules)
    scripts = _scripts(snapshot, grant.workspace, facts[job.live_digest])
    live = [script for script in scripts if script.live_digest]
    facts |= stored_facts(
        snapshot.contents, ObjectKind.SCRIPT, [stored.live_digest for stored in live], fact_rules
    )
    used = [job, *live]
    judged = as_imported(
        snapshot, grant, ((stored, stored.live_digest, facts[stored.live_digest]) for stored in used)
    )
    missing, state = list(missing_to(judged)), judged.target_state
    lacks = [
        *_illegal(job, facts[job.live_digest]),
        *_unsubmitted(snapshot, job, facts[job.live_digest], scripts),
        *(_missing(finding, job) for finding in missing),
        *_held(used, state, facts, missing),
        *_incomplete(state),
    ]
    if lacks:
        raise _unready(job, lacks)
    return {waited(entry) for stored in used for entry in stored.held if is_there(state, entry)}


def _unready(job: StoredObject, lacks: list[_Lack]) -> Conflict:
    first, several = lacks[0], len(lacks) > 1
    return Conflict(
        first.code,
        sentence("the job {name} cannot start for {count:reason}", name=job.name, count=len(lacks))
        if several
        else sentence(
            "the job {name} cannot start because {message}", name=job.name, message=first.fault.message
        ),
        subject=first.subject,
        hint="fix each of them, then start it again" if several else first.fault.hint,
        faults=[lack.fault for lack in lacks],
    )


def _illegal(job: StoredObject, facts: Facts) -> Iterator[_Lack]:
    """What no live version has had since it is checked on save, and older ones may."""
    if not facts.nodes:
        fault = Fault(ErrorCode.JOB_WITHOUT_NODES, "nodes", "it has no node", "add one and submit it")
        yield _Lack(ErrorCode.JOB_WITHOUT_NODES, fault, job.name)
    for problem in filter(is_illegal, facts.problems):
        said = wording(problem.code, problem.args)
        fault = Fault(
            problem.code,
            problem.path,
            sentence("its {path} {message}", path=problem.path, message=said.message),
            said.remedy,
        )
        yield _Lack(code_of(problem), fault, job.name)


def _unsubmitted(
    snapshot: Snapshot, job: StoredObject, facts: Facts, scripts: list[StoredObject]
) -> Iterator[_Lack]:
    paths = {
        reference.name: reference.path
        for reference in reversed(facts.references)
        if reference.kind is NeedKind.SCRIPT
    }
    for script in scripts:
        if not script.live_digest:
            path = paths[script.name]
            where = sentence(
                "the script {name}, which it uses in its node {snapshot}",
                name=script.name,
                snapshot=_node(snapshot, job, path),
            )
            said = sentence("{where}, is not submitted", where=where)
            fault = Fault(ErrorCode.NOT_SUBMITTED, pointer(path), said, "submit the script first")
            yield _Lack(ErrorCode.NOT_SUBMITTED, fault, script.name)


def _missing(gone: Finding, job: StoredObject) -> _Lack:
    said = starting(gone)
    who = _whose(ObjectKind(gone.kind), gone.name, is_job=(gone.kind, gone.name) == job.key)
    fault = Fault(
        gone.code, gone.path, sentence("{who} {message}", who=who, message=said.message), said.remedy
    )
    return _Lack(ErrorCode.REFERENCE_MISSING, fault, gone.need_name)


def _whose(kind: ObjectKind, name: str, *, is_job: bool) -> Sentence:
    return sentence("it") if is_job else sentence("its {kind} {name}", kind=kind, name=name)


def _held(
    objects: list[StoredObject], state: TargetState, facts: dict[str, Facts], missing: list[Finding]
) -> Iterator[_Lack]:
    """What an object waits for may be missing although no rule of today would say so.

    What only its draft refers to does not count: that is not what would run.
    """
    gone = {
        told(finding.need_kind, finding.need_name, finding.args.get("workspace", "")) for finding in missing
    }
    for stored in objects:
        named = {told(ref.kind, ref.name, ref.workspace) for ref in facts[stored.live_digest].references}
        waiting = [entry for entry in stored.held if entry in named and entry not in gone]
        if still := [entry for entry in waiting if not is_there(state, entry)]:
            who = _whose(stored.kind, stored.name, is_job=stored.kind is ObjectKind.JOB)
            said, hint = (
                sentence("{who} is held and waits for {still}", who=who, still=still),
                "add what is missing here",
            )
            yield _Lack(ErrorCode.REFERENCE_MISSING, Fault("held", "", said, hint), stored.name)


def _incomplete(state: TargetState) -> Iterator[_Lack]:
    """The view tells of those connections only that the job or its scripts use."""
    for name in sorted(state.incomplete):
        said = sentence("it uses the connection {name}, which lacks its password or other secrets", name=name)
        hint = sentence("give them: `jobferry connection secret {name}`", name=name)
        fault = Fault(ErrorCode.CONNECTION_INCOMPLETE, "", said, hint)
        yield _Lack(ErrorCode.CONNECTION_INCOMPLETE, fault, name)


def _scripts(snapshot: Snapshot, workspace: Workspace, facts: Facts) -> list[StoredObject]:
    names = {reference.name for reference in facts.references if reference.kind is NeedKind.SCRIPT}
    scripts = snapshot.objects.by_names(workspace.id, ObjectKind.SCRIPT, names)
    return [scripts[name] for name in sorted(scripts)]


def _node(snapshot: Snapshot, job: StoredObject, path: Path) -> str:
    """The name of the node of the live version in which a path lies."""
    text = dict(snapshot.contents.texts([job.live_digest]))[job.live_digest]
    found: Any = parse_known(text)
    for part in path[:2]:
        found = found[part]
    return str(found["name"])
