"""audit, notice, changes: what was done by whom, what you were told, and what became of objects."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from jobferry.cli.call import Call, at, command, default, group
from jobferry.cli.options import moment, said
from jobferry.cli.problems import BLOCKED, DONE
from jobferry.cli.session import ask_path
from jobferry.cli.show.out import when

_ALTERED = "row {number} is not as it was written: {breach}"
_FAULTS = {
    "emptied": "the audit was emptied: its anchor stands at row {anchored}, and what was written up to there "
    "is gone",
    "cut-back": "the audit was cut back: its anchor stands at row {anchored}, and what was written "
    "from row {number} on, if not before, is gone",
    "anchor-missing": "the audit's anchor (anchor.json beside the key) is gone: "
    "rows after row {last} may be missing",
    "anchor-altered": "the audit's anchor (anchor.json beside the key) is not what was written: "
    "rows after row {last} may be missing",
}
_ACCEPTING = (
    "If you put back an older copy on purpose, accept that: jobferry audit accept --reason TEXT. "
    "If not, somebody has tampered with the platform's files: keep them, and look who could."
)


def add_to(app: typer.Typer) -> None:
    """Adds both groups and the command."""
    audit = group(app, "audit", "What was done or refused, by whom; alone, lists the workspace's latest.")
    default(audit)(list_latest)
    command(audit, "list")(list_audit)
    command(audit, "verify")(verify)
    command(audit, "accept")(accept)
    notices = group(app, "notice", "What you were told; alone, lists your notices.")
    default(notices)(list_my_notices)
    command(notices, "list")(list_notices)
    command(notices, "read")(mark_read)
    command(app, "changes")(changes)


def list_latest(call: Call) -> None:
    """List the workspace's latest rows."""
    list_audit(call)


def list_audit(
    call: Call,
    *,
    everything: Annotated[bool, typer.Option("--all", help="The whole platform's; for operations.")] = False,
    actor: Annotated[str, typer.Option("--actor", metavar="NAME", help="Who did it.")] = "",
    action: Annotated[str, typer.Option("--action", metavar="ACTION", help="What was done.")] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="What it was about.")] = "",
    outcome: Annotated[Literal["done", "refused", "failed"] | None, typer.Option("--outcome")] = None,
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="2026-11-21 or 2026-11-21T12:00, local time.")
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="Not included.")] = "",
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="Anywhere, case ignored.")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")] = 100,
) -> None:
    """List what was done or refused, newest first."""
    path = at("audit") if everything else call.at("audit")
    query: dict[str, Any] = {"actor": actor, "action": action, "kind": kind, "outcome": outcome, "text": text}
    query |= {"since": moment(since, "--since"), "until": moment(until, "--until")}
    wanted = {name: value for name, value in said(**query).items() if value != ""}
    items = ask_path(call, "newest", path, limit, **wanted)["items"]
    call.listed(
        ("when", "who", "action", "about", "outcome", "workspace", "from", "detail"), items, _audit_row
    )


def verify(call: Call) -> int:
    """Look whether every row of the audit is as it was written. Exit code 3 if one is not."""
    seen = ask_path(call, "get", at("audit", "verification"))
    fault = seen["fault"]
    call.out.value(seen)
    if fault is None:
        call.out.line(f"all {seen['rows']} rows are as they were written; the last is row {seen['last']}")
    else:
        call.out.line(_FAULTS.get(fault["breach"], _ALTERED).format(**seen | fault), "bold red")
        if fault["breach"] in _FAULTS:
            call.out.line(_ACCEPTING, "dim")
    return DONE if seen["whole"] else BLOCKED


def accept(
    call: Call,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why rows are missing; kept in the audit.")
    ],
) -> None:
    """Take the audit as it is, after an older copy of the database was put back on purpose."""
    seen = ask_path(call, "post", at("audit", "acceptance"), {"reason": reason})
    call.done(seen, f"the audit is whole from here on; its last row is row {seen['last']}")


def list_my_notices(call: Call) -> None:
    """List your notices."""
    list_notices(call)


def list_notices(
    call: Call, unread: Annotated[bool, typer.Option("--unread", help="Only what was not read yet.")] = False
) -> None:
    """List your notices, newest first."""
    items = ask_path(call, "all", at("notices"), unread=unread)
    call.listed(
        ("notice", "when", "new", "message"),
        items,
        lambda item: (item["id"], when(item["at"]), "" if item["read_at"] else "*", item["message"]),
    )


def mark_read(
    call: Call,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Those; else all.", show_default=False)
    ] = None,
) -> None:
    """Mark notices as read."""
    answer = ask_path(call, "post", at("notices", "read"), {"ids": ids or []})
    call.done(answer, f"{answer['marked']} marked as read")


def _audit_row(row: dict[str, Any]) -> tuple[str, ...]:
    about = f"{row['kind']} {row['subject']}".strip()
    told = (row["action"], about, row["outcome"], row["workspace"], row["origin"], row["detail"])
    return (when(row["at"]), row["actor"], *told)


def changes(
    call: Call,
    *,
    kind: Annotated[Literal["job", "script", "resource", "cdm"] | None, typer.Option("--kind")] = None,
    change: Annotated[
        Literal["added", "changed", "renamed", "moved", "submitted", "deleted"] | None,
        typer.Option("--change", help="What happened."),
    ] = None,
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="Who did it.")] = "",
    search: Annotated[
        str, typer.Option("--search", metavar="TEXT", help="In name, former name or directory.")
    ] = "",
    since: Annotated[
        str, typer.Option("--from", metavar="TIME", help="2026-11-21 or 2026-11-21T12:00, local time.")
    ] = "",
    until: Annotated[str, typer.Option("--to", metavar="TIME", help="Not included.")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")] = 100,
) -> None:
    """List what happened to the workspace's objects while change management was on, newest first."""
    query: dict[str, Any] = {"kind": kind, "change": change, "user": user, "search": search}
    query |= {"since": moment(since, "--from"), "until": moment(until, "--to")}
    wanted = {name: value for name, value in said(**query).items() if value != ""}
    page = ask_path(call, "newest", call.at("changes"), limit, **wanted)
    if page["since"] is None and not call.json:
        call.out.note(call.out.say("change management is off here: nothing is recorded now"))
    call.listed(("when", "who", "change", "kind", "name", "before"), page["items"], _change_row)


def _change_row(one: dict[str, Any]) -> tuple[str, ...]:
    before = one["former_name"] if one["former_name"] != one["name"] else ""
    if not before and one["former_directory"] != one["directory"]:
        before = one["former_directory"]
    told = (one["changed_by"], one["change"], one["kind"], one["name"], before)
    return (when(one["changed_at"]), *told)
