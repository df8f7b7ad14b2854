"""Start and stop: who may go into scheduling, and the state that is kept."""

from __future__ import annotations

from typing import Any

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.document.edits import Path
from jobferry.model.document.facts import Facts
from jobferry.model.document.text import parse_known
from jobferry.model.grant import Grant
from jobferry.model.kinds import JobType, NeedKind, ObjectKind, SchedulingState
from jobferry.model.records import StoredObject, Workspace
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.planned.waiting import Waited, told, waited
from jobferry.model.transfer.target import TargetView
from jobferry.model.words import say
from jobferry.services.editing.named import named
from jobferry.services.failures import told_if_failed
from jobferry.services.ground import Ground
from jobferry.services.releasing import release
from jobferry.services.stored_facts import stored_facts
from jobferry.services.waiting import is_there, missing_to, standing
from jobferry.store.ports import Snapshot, UnitOfWork


class Scheduling:
    """The scheduling state of jobs. No engine is attached: starting runs nothing by itself."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def start(self, grant: Grant, name: str) -> None:
        """Puts a job into scheduling.

        It needs a live version, nodes, live versions of its scripts, and everything it refers to. A job that
        landed held may start as soon as what was missing is there.

        Raises:
            Forbidden: the caller may not start jobs here.
            NotFound: there is no such job.
            Conflict: ``not-submitted``, ``job-without-nodes``, ``reference-missing`` or
                ``connection-incomplete``.
        """
        self._ground.allow(grant, Action.JOB_OPERATE, kind=ObjectKind.JOB, subject=name)
        with (
            told_if_failed(self._ground, grant, "job-start", kind=ObjectKind.JOB, subject=name),
            self._ground.store.write() as uow,
        ):
            job = named(uow.objects, grant, ObjectKind.JOB, name)
            here = _refuse_unready(uow, grant, job)
            release(self._ground, uow, grant, here)
            real_time = job.subtype == JobType.REAL_TIME
            state = SchedulingState.NORMAL if real_time else SchedulingState.SCHEDULING
            self._set(uow, grant, job, state, "job-start")

    def stop(self, grant: Grant, name: str) -> None:
        """Takes a job out of scheduling; stopping a stopped job changes nothing.

        Raises:
            Forbidden: the caller may not stop jobs here.
            NotFound: there is no such job.
        """
        self._ground.allow(grant, Action.JOB_OPERATE, kind=ObjectKind.JOB, subject=name)
        with (
            told_if_failed(self._ground, grant, "job-stop", kind=ObjectKind.JOB, subject=name),
            self._ground.store.write() as uow,
        ):
            job = named(uow.objects, grant, ObjectKind.JOB, name)
            self._set(uow, grant, job, SchedulingState.STOPPED, "job-stop")

    def job(self, grant: Grant, name: str, action: Action = Action.JOB_VIEW) -> StoredObject:
        """A job that something is to be done with.

        Raises:
            Forbidden: the caller may not do that to jobs here.
            NotFound: there is no such job.
        """
        self._ground.allow(grant, action, kind=ObjectKind.JOB, subject=name)
        with self._ground.store.read() as snapshot:
            return named(snapshot.objects, grant, ObjectKind.JOB, name)

    def _set(
        self, uow: UnitOfWork, grant: Grant, job: StoredObject, state: SchedulingState, action: str
    ) -> None:
        uow.objects.set_state(job.id, state, by=grant.caller.name, at=self._ground.now())
        self._ground.record(uow, self._ground.event(grant, action, kind=ObjectKind.JOB, subject=job.name))
        uow.commit()


def _refuse_unready(snapshot: Snapshot | UnitOfWork, grant: Grant, job: StoredObject) -> set[Waited]:
    """Gives what the job and its scripts waited for and is here, if nothing is missing to any of them."""
    if not job.live_digest:
        raise Conflict(
            ErrorCode.NOT_SUBMITTED,
            f"the job {job.name} is not submitted",
            subject=job.name,
            hint="submit it first",
        )
    reading = read_settings(grant.workspace.settings).reading
    facts = stored_facts(snapshot.contents, ObjectKind.JOB, [job.live_digest], reading)
    if not facts[job.live_digest].nodes:
        raise Conflict(
            ErrorCode.JOB_WITHOUT_NODES, f"the job {job.name} has no node", subject=job.name, hint="add one"
        )
    scripts = _scripts(snapshot, grant.workspace, job, facts[job.live_digest])
    live = [script.live_digest for script in scripts]
    facts |= stored_facts(snapshot.contents, ObjectKind.SCRIPT, live, reading)
    used = [job, *scripts]
    view = _refuse_missing(snapshot, grant, used, facts)
    _refuse_held(used, view, facts)
    _refuse_incomplete(job, view)
    return {waited(entry) for one in used for entry in one.held if is_there(view, entry)}


def _refuse_held(objects: list[StoredObject], view: TargetView, facts: dict[str, Facts]) -> None:
    """What an object waits for may be missing although no rule of today would say so.

    What only its draft refers to does not count: that is not what would run.
    """
    for one in objects:
        named = {told(ref.kind, ref.name, ref.workspace) for ref in facts[one.live_digest].references}
        still = [entry for entry in one.held if entry in named and not is_there(view, entry)]
        if still:
            raise Conflict(
                ErrorCode.REFERENCE_MISSING,
                f"the {one.kind} {one.name} is held: it waits for {', '.join(still)}",
                subject=one.name,
                hint="add what is missing here, or save it without",
            )


def _refuse_incomplete(job: StoredObject, view: TargetView) -> None:
    """The view tells of those connections only that the job or its scripts use."""
    if view.incomplete:
        name = min(view.incomplete)
        raise Conflict(
            ErrorCode.CONNECTION_INCOMPLETE,
            f"the job {job.name} uses the connection {name}, which lacks its password or other secrets",
            subject=name,
            hint=f"give them: jobferry connection secret {name}",
        )


def _scripts(
    snapshot: Snapshot | UnitOfWork, workspace: Workspace, job: StoredObject, facts: Facts
) -> list[StoredObject]:
    names = {one.name: one.path for one in reversed(facts.references) if one.kind is NeedKind.SCRIPT}
    scripts = snapshot.objects.by_names(workspace.id, ObjectKind.SCRIPT, names)
    for name, script in sorted(scripts.items()):
        if not script.live_digest:
            raise Conflict(
                ErrorCode.NOT_SUBMITTED,
                f"the script {name}, which the job {job.name} uses in its node "
                f"{_node(snapshot, job, names[name])}, is not submitted",
                subject=name,
                hint="submit the script first",
            )
    return [scripts[name] for name in sorted(scripts)]


def _node(snapshot: Snapshot | UnitOfWork, job: StoredObject, path: Path) -> str:
    """The name of the node of the live version in which a path lies."""
    text = dict(snapshot.contents.texts([job.live_digest]))[job.live_digest]
    found: Any = parse_known(text)
    for part in path[:2]:
        found = found[part]
    return str(found["name"])


def _refuse_missing(
    snapshot: Snapshot | UnitOfWork,
    grant: Grant,
    objects: list[StoredObject],
    facts: dict[str, Facts],
) -> TargetView:
    """Asks the import's reference rules about objects that stand here already."""
    judged = standing(snapshot, grant, ((one, one.live_digest, facts[one.live_digest]) for one in objects))
    if gone := list(missing_to(judged)):
        raise _reference_missing(gone)
    return judged.view


def _reference_missing(gone: list[Finding]) -> Conflict:
    first = gone[0]
    said = say(first)
    others = f" (and {len(gone) - 1} more)" if len(gone) > 1 else ""
    return Conflict(
        ErrorCode.REFERENCE_MISSING,
        f"the {first.kind} {first.name} {said.message}{others}",
        subject=first.need_name,
        hint=said.remedy,
    )
