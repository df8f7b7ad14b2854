"""Jobs that wait for each other: circles, and jobs of other workspaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.model.document.edits import edited
from jobferry.model.document.facts import Facts
from jobferry.model.document.references import UPSTREAM, Reference
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.messages import wording
from jobferry.model.people import HIDDEN, Grant
from jobferry.model.records import StoredObject, Workspace
from jobferry.model.rights import Action
from jobferry.model.settings import DependencyRule, read_settings
from jobferry.model.transfer.circles import Circle, circles_through, knots, waited_for_at_once
from jobferry.model.transfer.import_context import ImportContext, ImportItem
from jobferry.model.transfer.rewrite import TextOf
from jobferry.sentences import sentence
from jobferry.services.granting import grant_in
from jobferry.services.saving import stored_facts

if TYPE_CHECKING:
    from jobferry.store import Snapshot, Store, UnitOfWork

CODE = "waits-in-circle"

_FEW = 1_000
"""So many jobs are walked through in one direction before the other one is tried."""
_FEW_WAVES = 50

TextOfItem = Callable[[ImportItem], bytes | None]


def refuse_circle(
    uow: UnitOfWork, grant: Grant, facts: Facts, text: bytes, before: StoredObject | None = None
) -> None:
    """Looks whether a job that is saved makes a circle that was not there ``before``.

    Raises:
        InvalidRequest: it would wait for itself in the same period, through others or at once
            (``invalid-schedule``).
    """
    workspace = grant.workspace
    if not _upstream(facts.references, workspace):
        return
    fresh = waited_for_at_once(parse_known(text), workspace.name)
    gone: set[str] = set()
    if before is not None:
        gone = {before.name}
        if before.name == facts.name:
            fresh -= _stored(uow, workspace, gone).get(facts.name, set())
    circles = _circles(uow, workspace, {facts.name: fresh}, lambda _: fresh, gone)
    circles = list(_redacted(uow, grant, circles, {facts.name}))
    if circles:
        said = wording(CODE, {"circle": circles[0].told})
        raise InvalidRequest(
            ErrorCode.INVALID_SCHEDULE,
            sentence("job {name}: schedule.cron.dependJobs {message}", name=facts.name, message=said.message),
            subject=facts.name,
            hint=said.remedy,
        )


def with_circles(store: Store, context: ImportContext, text_of: TextOf) -> ImportContext:
    """The context with the circles that its jobs would be in."""
    waits = waits_of(context)
    if not waits:
        return context
    with store.read() as snapshot:
        found = circles_of(snapshot, context, waits, lambda item: edited(text_of(item.entry), item.edits))
    return msgspec.structs.replace(context, circles=found) if found else context


def waits_of(context: ImportContext) -> dict[str, set[str]]:
    """Of the jobs that would be written, which jobs of this workspace each waits for, if it does."""
    workspace = context.target_state.grant.workspace
    found: dict[str, set[str]] = {}
    for item in context.written:
        if item.kind is ObjectKind.JOB and not item.entry.unusable and not item.entry.facts.problems:
            upstream = _upstream(item.references, workspace)
            if upstream:
                found[item.name] = upstream
    return found


def circles_of(
    look: Snapshot, context: ImportContext, waits: Mapping[str, set[str]], text_of: TextOfItem
) -> tuple[Circle, ...]:
    """The circles that the jobs of an import would be in; a job without a text waits for nothing."""
    workspace = context.target_state.grant.workspace
    arriving = {item.name: item for item in context.written if item.kind is ObjectKind.JOB}
    gone = {item.target.name for item in arriving.values() if item.target is not None}
    gone |= {
        deletion.target.name
        for deletion in context.confirmed_deletions
        if deletion.target.kind is ObjectKind.JOB
    }

    def at_once(name: str) -> set[str]:
        text = text_of(arriving[name])
        return waited_for_at_once(parse_known(text), workspace.name) if text is not None else set()

    circles = _circles(look, workspace, waits, at_once, gone)
    if not circles:
        return ()
    here = {
        name for circle in circles for name in circle.names if name in arriving and _is_named(arriving[name])
    }
    former = _stored(look, workspace, here)
    marked = (
        msgspec.structs.replace(circle, is_new=_is_new(circle, arriving.keys(), former)) for circle in circles
    )
    return tuple(_redacted(look, context.target_state.grant, marked, arriving.keys()))


def _redacted(look: Snapshot, grant: Grant, circles: Iterable[Circle], known: Set[str]) -> Iterator[Circle]:
    """Replace the names of jobs that a directory policy hides; ``known`` are those that the caller gave."""
    listed = list(circles)
    others = {name for circle in listed for name in circle.names} - known
    if grant.directories is None or not others:
        yield from listed
        return
    jobs = look.objects.by_names(grant.workspace.id, ObjectKind.JOB, others)
    hidden = {job.name for job in jobs.values() if not grant.reaches(job)}
    for circle in listed:
        names = tuple(HIDDEN if name in hidden else name for name in circle.names)
        yield msgspec.structs.replace(circle, names=names)


def _is_named(item: ImportItem) -> bool:
    return item.target is not None and item.target.name == item.name


def _is_new(circle: Circle, arriving: Set[str], former: Mapping[str, set[str]]) -> bool:
    """Whether any of the jobs that arrive does not wait for the next already."""
    following = (*circle.names[1:], circle.names[0])
    return any(
        name in arriving and after not in former.get(name, ())
        for name, after in zip(circle.names, following, strict=True)
    )


def _circles(
    look: Snapshot,
    workspace: Workspace,
    waits: Mapping[str, set[str]],
    at_once: Callable[[str], set[str]],
    gone: Set[str],
) -> list[Circle]:
    """The circles through jobs that are to be written, by whom they wait for.

    ``at_once`` tells whom one of them waits for in the same period; ``gone`` are jobs that are here and will
    not be as they are.
    """
    others = {name for upstream in waits.values() for name in upstream} - waits.keys()
    here = _around(look, workspace, waits.keys(), others) if others else {}
    graph = {name: upstream for name, upstream in here.items() if name not in gone} | dict(waits)
    tight = {name for knot in knots(graph) if knot & waits.keys() for name in knot}
    if not tight:
        return []
    stored = _stored(look, workspace, tight - waits.keys())
    sure = {name: (at_once(name) if name in waits else stored.get(name, set())) & tight for name in tight}
    return list(circles_through(waits.keys(), sure))


def _around(look: Snapshot, workspace: Workspace, names: Set[str], others: Set[str]) -> dict[str, set[str]]:
    """Who waits for whom here, as far as a circle through the named jobs, which wait for ``others``, leads.

    All that waits for the named ones will do, and so will all that the others wait for. Either may be
    most of the workspace, so both are begun.
    """
    found = look.objects.waits(workspace.id, workspace.name, names, most=_FEW)
    if found is None:
        found = _waited_for(look, workspace, others)
    if found is None:
        found = look.objects.waits(workspace.id, workspace.name, names)
    return found or {}


def _waited_for(look: Snapshot, workspace: Workspace, names: Set[str]) -> dict[str, set[str]] | None:
    """Whom these jobs wait for, and whom those do; None if that leads far."""
    fact_rules = read_settings(workspace.settings).fact_rules
    found: dict[str, set[str]] = {}
    wave = set(names)
    for _ in range(_FEW_WAVES):
        if len(found) + len(wave) > _FEW:
            return None
        jobs = look.objects.by_names(workspace.id, ObjectKind.JOB, wave)
        digests = {job.digest for job in jobs.values()}
        facts = stored_facts(look.contents, ObjectKind.JOB, digests, fact_rules)
        fresh = {name: _upstream(facts[job.digest].references, workspace) for name, job in jobs.items()}
        found |= fresh
        wave = {name for upstream in fresh.values() for name in upstream} - found.keys()
        if not wave:
            return found
    return None


def _stored(look: Snapshot, workspace: Workspace, names: Iterable[str]) -> dict[str, set[str]]:
    """Whom jobs that are here wait for in the same period."""
    jobs = look.objects.by_names(workspace.id, ObjectKind.JOB, names)
    texts = dict(look.contents.texts(sorted({job.digest for job in jobs.values()})))
    return {
        name: waited_for_at_once(parse_known(texts[job.digest]), workspace.name) for name, job in jobs.items()
    }


def _upstream(references: Iterable[Reference], workspace: Workspace) -> set[str]:
    return {
        reference.name
        for reference in references
        if reference.role == UPSTREAM
        and reference.kind is NeedKind.JOB
        and reference.workspace in ("", workspace.name)
    }


def refuses(upstream: Workspace, downstream: Workspace) -> bool:
    """Whether a workspace does not let jobs of the other one wait for its jobs."""
    rule = read_settings(upstream.settings).dependency
    return upstream.id != downstream.id and rule is DependencyRule.REFUSED


def check_upstreams(uow: UnitOfWork, grant: Grant, facts: Facts) -> None:
    """Looks at the workspaces of a job's upstream jobs, as far as the caller can see their jobs.

    Whether there is a workspace that the caller cannot see must not be told.

    Raises:
        Conflict: the job waits for a job of a workspace that refuses that (``upstream-refused``).
    """
    upstreams = {
        reference.workspace: reference.name
        for reference in facts.references
        if reference.kind is NeedKind.JOB and reference.role == UPSTREAM and reference.workspace
    }
    for name, job in upstreams.items():
        upstream = uow.workspaces.by_name(name)
        if upstream is None or not refuses(upstream, grant.workspace):
            continue
        there = grant_in(uow, upstream, grant.caller)
        if there is not None and there.may(Action.JOB_VIEW):
            raise Conflict(
                ErrorCode.UPSTREAM_REFUSED,
                sentence(
                    "{name} waits for the job {job} of the workspace {name_2}, which lets no other "
                    "workspace wait for its jobs",
                    name=facts.name,
                    job=job,
                    name_2=name,
                ),
                subject=facts.name,
                hint=sentence(
                    "take it out of otherWorkSpaceJobs, or have job_dependency_rule of {name} allow it",
                    name=name,
                ),
            )
