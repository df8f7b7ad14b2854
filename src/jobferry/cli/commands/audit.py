"""audit, notice, change: what was done by whom, what you were told, and what became of objects."""

from __future__ import annotations

from operator import attrgetter
from typing import Annotated

import typer

from jobferry.api.native import audit as api
from jobferry.api.native import changes as changes_api
from jobferry.api.native import notices as notices_api
from jobferry.api.native.changes import ChangeAnswer, SaidChanges
from jobferry.cli import ids
from jobferry.cli.call import Call, command, group
from jobferry.cli.ids import short, whole_id
from jobferry.cli.listing import ListOptions, ask_list
from jobferry.cli.options import moment
from jobferry.cli.problems import DONE, NOT_VERIFIED
from jobferry.cli.session import ask, platform
from jobferry.cli.show.out import when
from jobferry.cli.words import Say
from jobferry.model.audit import AuditBreach, AuditOutcome
from jobferry.model.change_log import ChangeKind
from jobferry.model.kinds import ObjectKind

_ALTERED = "row {number} is not as it was written: {breach}"
_FAULTS = {
    AuditBreach.EMPTIED: "the audit was emptied: its anchor stands at row {anchored}, and what was written "
    "up to there is gone",
    AuditBreach.CUT_BACK: "the audit was cut back: its anchor stands at row {anchored}, and what was written "
    "from row {number} on, if not before, is gone",
    AuditBreach.ANCHOR_MISSING: "the audit's anchor (anchor.json beside the key) is gone: "
    "rows after row {last} may be missing",
    AuditBreach.ANCHOR_ALTERED: "the audit's anchor (anchor.json beside the key) is not what was written: "
    "rows after row {last} may be missing",
}
_ACCEPTING = (
    "If you put back an older copy on purpose, accept that: jobferry audit accept --reason TEXT. "
    "If not, somebody has tampered with the platform's files: keep them, and look who could."
)


def add_to(app: typer.Typer) -> None:
    """Adds the groups."""
    audit = group(app, "audit", "What was done or refused, by whom.")
    command(audit, "list")(list_audit)
    command(audit, "verify")(verify)
    command(audit, "anchor")(anchor)
    command(audit, "accept")(accept)
    notices = group(app, "notice", "What you were told.")
    command(notices, "list")(list_notices)
    command(notices, "read")(mark_read)
    command(group(app, "change", "What happened to a workspace's objects."), "list")(list_changes)


def list_audit(
    call: Call,
    *,
    everything: Annotated[bool, typer.Option("--all", help="The whole platform's; for operations.")] = False,
    actor: Annotated[str, typer.Option("--actor", metavar="NAME", help="Who did it.")] = "",
    action: Annotated[str, typer.Option("--action", metavar="ACTION", help="What was done.")] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="What it was about.")] = "",
    outcome: Annotated[AuditOutcome | None, typer.Option("--outcome")] = None,
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="2026-11-21 or 2026-11-21T12:00, local time.")
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="Not included.")] = "",
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="Anywhere, case ignored.")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")] = 100,
) -> None:
    """List what was done or refused, newest first."""
    which = api.SaidRows(
        actor=actor,
        action=action,
        kind=kind,
        outcome=outcome,
        since=moment(since, "--since"),
        until=moment(until, "--until"),
        text=text,
    )
    with platform(call) as there:
        page = there.newest(limit, api.list_audit if everything else api.list_workspace_audit, which)
    call.listed(
        ("when", "who", "action", "about", "outcome", "workspace", "from", "detail"),
        page.items,
        lambda row: _audit_row(row, call.out.say),
        name=attrgetter("number"),
    )


def anchor(call: Call) -> None:
    """Print a line to keep elsewhere, on paper for instance.

    `jobferry audit verify --since LINE` tells later whether all rows up to now are the same.
    """
    kept = ask(call, api.show_anchor)
    call.done(kept, kept.line)


def verify(
    call: Call,
    since: Annotated[
        str, typer.Option("--since", metavar="LINE", help="A line that audit anchor has printed.")
    ] = "",
) -> int:
    """Check that every row of the audit is as it was written. Exit code 11 if one is not."""
    seen = ask(call, api.verify_audit, since=since)
    fault = seen.fault
    call.out.value(seen)
    if fault is None:
        told = "all {count} rows are as they were written; the last is row {last}"
        call.out.line(call.out.say(told, count=seen.rows, last=seen.last))
    else:
        told = call.out.say(
            _FAULTS.get(fault.breach, _ALTERED),
            number=fault.number,
            breach=call.out.say(fault.breach),
            anchored=seen.anchored,
            last=seen.last,
        )
        call.out.line(told, "bold red")
        if fault.breach in _FAULTS:
            call.out.line(call.out.say(_ACCEPTING), "dim")
    if not seen.follows:
        told = "the audit is not the one of the line that was kept: rows up to it were removed or replaced"
        call.out.line(call.out.say(told), "bold red")
    elif since:
        call.out.line(call.out.say("all rows up to the line that was kept are the same"))
    return DONE if seen.whole and seen.follows else NOT_VERIFIED


def accept(
    call: Call,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why rows are missing; kept in the audit.")
    ],
) -> None:
    """Take the audit as it is, after an older copy of the database was put back on purpose."""
    seen = ask(call, api.accept_audit, api.AuditAcceptance(reason=reason))
    call.done(
        seen, call.out.say("the audit is whole from here on; its last row is row {last}", last=seen.last)
    )


def list_notices(
    call: Call,
    said: ListOptions,
    unread: Annotated[bool, typer.Option("--unread", help="Only what was not read yet.")] = False,
) -> None:
    """List your notices, newest first."""
    call.listed(
        ("notice", "when", "new", "message"),
        ask_list(call, said, notices_api.list_notices, notices_api.NoticeQuery(unread=unread)).items,
        lambda notice: (short(notice.id), when(notice.at), "" if notice.read_at else "*", notice.message),
        name=attrgetter("id"),
    )


def mark_read(
    call: Call,
    said: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Those, by their ids; else all.", show_default=False),
    ] = None,
) -> None:
    """Mark notices as read."""
    with platform(call) as there:
        wanted = tuple(whole_id(there, beginning, ids.notices) for beginning in said or ())
        read = there.ask(notices_api.mark_read, notices_api.NoticesRead(ids=wanted))
    call.done(read, call.out.say("{count} marked as read", count=read.marked))


def _audit_row(row: api.AuditRowAnswer, say: Say) -> tuple[str, ...]:
    about = f"{say(row.kind)} {row.subject}".strip()
    told = (row.action, about, say(row.outcome), row.workspace, row.origin, row.detail_told)
    return (when(row.at), row.actor, *told)


def list_changes(
    call: Call,
    *,
    kind: Annotated[ObjectKind | None, typer.Option("--kind")] = None,
    change: Annotated[ChangeKind | None, typer.Option("--change", help="What happened.")] = None,
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="Who did it.")] = "",
    search: Annotated[
        str, typer.Option("--search", metavar="TEXT", help="In name, former name or directory.")
    ] = "",
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="2026-11-21 or 2026-11-21T12:00, local time.")
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="Not included.")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")] = 100,
) -> None:
    """List what happened to the workspace's objects while change management was on, newest first."""
    which = SaidChanges(
        kind=kind,
        change=change,
        user=user,
        search=search,
        since=moment(since, "--since"),
        until=moment(until, "--until"),
    )
    with platform(call) as there:
        page = there.newest(limit, changes_api.list_changes, which)
    if page.since is None and not call.json:
        call.out.note(call.out.say("change management is off here: nothing is recorded now"))
    call.listed(
        ("when", "who", "change", "kind", "name", "before"),
        page.items,
        lambda change: _change_row(change, call.out.say),
    )


def _change_row(change: ChangeAnswer, say: Say) -> tuple[str, ...]:
    before = change.former_name if change.former_name != change.name else ""
    if not before and change.former_directory != change.directory:
        before = change.former_directory
    told = (change.changed_by, say(change.change), say(change.kind), change.name, before)
    return (when(change.changed_at), *told)
