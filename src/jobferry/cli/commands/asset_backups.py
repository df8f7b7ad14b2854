"""asset-backup: backups of one workspace's assets in object storage; not the platform's own (``backup``)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobferry.api.native import asset_backups as api
from jobferry.api.native import variables
from jobferry.api.native.packages import PackageReference
from jobferry.cli.asking import Yes, confirm
from jobferry.cli.call import Call, Lines, command, group
from jobferry.cli.choices import Choices, options_body
from jobferry.cli.commands import connections, imports
from jobferry.cli.problems import BLOCKED, DONE, Refused
from jobferry.cli.report_pages import receipt_value, show_check
from jobferry.cli.session import ask, platform
from jobferry.cli.show.out import when
from jobferry.cli.show.progress import progress
from jobferry.cli.waiting import ended
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import Duplicates

if TYPE_CHECKING:
    from jobferry.api.native.arriving import ArrivedAnswer
    from jobferry.cli.client import Client

_CONFLICT = 409
_PAGE = 100

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of its folder, such as 2026-11-24.")]
Folder = Annotated[
    str,
    typer.Option(
        "--from", metavar="OBS", help="The folder of dated folders, instead of the workspace's own."
    ),
]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most so many; else all.")]
NoVariables = Annotated[
    bool, typer.Option("--no-variables", help="Leave the environment variables as they are.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    backups = group(app, "asset-backup", "Backups of a workspace's assets in object storage.")
    command(backups, "list")(list_backups)
    command(backups, "status")(status)
    command(backups, "create")(create)
    command(backups, "show")(show)
    command(backups, "restore")(restore)


def list_backups(call: Call, *, folder: Folder = "", limit: Limit = None) -> None:
    """List the backups that there are, newest first."""
    wanted, before = limit or sys.maxsize, ""
    found: list[api.ListedAssetBackup] = []
    with platform(call) as there:
        while True:
            size = min(_PAGE, wanted - len(found))
            page = there.ask(api.list_asset_backups, folder=folder, before=before, limit=size)
            found += page.items
            before = page.before
            if not before or len(found) >= wanted:
                break
    call.listed(
        ("backup", "when", "workspace", "objects", "size", "by", "detail"),
        found,
        lambda backup: (
            backup.name,
            when(backup.taken_at) if backup.taken_at else "",
            backup.workspace,
            str(backup.objects),
            str(backup.size),
            backup.created_by,
            backup.reason,
        ),
        name=lambda backup: backup.name,
    )


def status(call: Call) -> None:
    """Tell whether backups are taken daily, when the next is due, and how the last ones went."""
    found = ask(call, api.show_asset_backup_state)
    out, say = call.out, call.out.say
    out.value(found)
    out.line(
        say("daily backups are on; the next: {when}", when=when(found.next_at))
        if found.is_on
        else say("daily backups are off")
    )
    tries = {"being taken": found.running, "last good": found.last_good, "last failed": found.last_failed}
    for heading, one in tries.items():
        if one is not None:
            out.line(f"  {say(heading)}: {one.name}  {when(one.ended_at or one.started_at)}  {one.place}")
            if one.reason:
                out.line(f"    {one.reason}")


def create(call: Call) -> None:
    """Take a backup of the workspace as it is now."""
    with platform(call) as there, progress("export", call.out.say) as shown:
        task = ended(there, there.ask(api.make_asset_backup).task_id, shown)
        if task.status is not TaskStatus.SUCCESSFUL:
            raise Refused(_CONFLICT, {"code": task.code, "message": task.message, "subject": task.name})
        made = there.ask(api.show_asset_backup, task.name)
    call.out.value(made)
    _show(call, made)


def show(call: Call, name: Name, *, folder: Folder = "") -> None:
    """Show one: its files, and the names that its backup.json lets you edit."""
    found = ask(call, api.show_asset_backup, name, folder=folder)
    call.out.value(found)
    _show(call, found)


def restore(
    call: Call,
    name: Name,
    chosen: Choices,
    *,
    folder: Folder = "",
    no_variables: NoVariables = False,
    dry_run: imports.DryRun = False,
    yes: Yes = False,
    lines: Lines = None,
) -> int:
    """Restore from a backup: check it, show the plan, carry the plan out, show the receipt.

    What was edited in backup.json is the mapping; --map and --mapping go before it. Exit code 3 if everything
    stays out, 9 if some of it does or is held.
    """
    said = chosen.said()
    with platform(call) as there:
        made = there.ask(api.restore_asset_backup, name, api.BackupReference(folder=folder))
        wanted = _variables(call, made, said, left_alone=no_variables)
        arriving = _imported(there, wanted, dry_run=True)
        if arriving is not None and any(one.outcome is ObjectOutcome.BLOCKED for one in arriving.items):
            return connections.concluded(call, arriving, dry_run=True)
        if made.package is None:
            return _variables_alone(call, there, wanted, dry_run=dry_run, yes=yes)
        body = options_body(said | {"mapping": _mapping(made, said)})
        with imports.checked_as(there, PackageReference(id=made.package.id), body) as waiting:
            show_check(call.out, there, waiting.checked, lines)
            report = imports.made_value(there, waiting.checked) if call.json else None
            if arriving is not None:
                call.out.line(call.out.say("environment variables: {count}", count=len(arriving.items)))
            if not dry_run:
                confirm(call, call.out.say("carry this plan out?"), yes=yes)
            receipt = None if dry_run else imports.applied(there, waiting)
            if not dry_run:
                arriving = _imported(there, wanted, dry_run=False)
        if call.json:
            told = receipt_value(there, receipt, reported=False) if receipt is not None else None
            call.out.value({"report": report, "receipt": told, "variables": arriving})
    return imports.concluded(call, waiting.checked, receipt)


def _variables_alone(
    call: Call, there: Client, wanted: variables.VariableImport | None, *, dry_run: bool, yes: bool
) -> int:
    """Restores from a backup that has nothing else."""
    if wanted is None:
        call.out.line(call.out.say("this backup has nothing but environment variables, and they stay"))
        return DONE
    if not dry_run:
        confirm(call, call.out.say("carry this plan out?"), yes=yes)
    arrived = _imported(there, wanted, dry_run=dry_run)
    return BLOCKED if arrived is None else connections.concluded(call, arrived, dry_run=dry_run)


def _variables(
    call: Call, made: api.AssetBackupPackages, said: dict[str, Any], *, left_alone: bool
) -> variables.VariableImport | None:
    """How to import the environment variables; none if they stay as they are, which is told."""
    if made.held and made.variables is None and not left_alone:
        call.out.note(call.out.say("you may not change environment variables here, so they stay"))
    if left_alone or made.variables is None:
        return None
    duplicates = Duplicates(said.get("duplicates") or Duplicates.SKIP)
    return variables.VariableImport(
        package=PackageReference(id=made.variables.id), duplicates=duplicates, dry_run=True
    )


def _imported(
    there: Client, wanted: variables.VariableImport | None, *, dry_run: bool
) -> ArrivedAnswer | None:
    if wanted is None:
        return None
    asked = variables.VariableImport(package=wanted.package, duplicates=wanted.duplicates, dry_run=dry_run)
    return there.ask(variables.import_variables, asked)


def _mapping(made: api.AssetBackupPackages, said: dict[str, Any]) -> dict[str, dict[str, str]]:
    """What was edited in the backup, and before it what is said on the line."""
    given = said.get("mapping") or {}
    return {kind: made.mapping.get(kind, {}) | given.get(kind, {}) for kind in made.mapping | given}


def _show(call: Call, backup: api.AssetBackupAnswer) -> None:
    out, say = call.out, call.out.say
    out.line(f"{backup.name}  {backup.place}", "bold")
    out.line(f"  {say('workspace')}: {backup.workspace}")
    out.line(f"  {say('when')}: {when(backup.taken_at)}")
    out.line(f"  {say('objects')}: {backup.objects}")
    for file in backup.files:
        out.line(f"  {file.path}  {file.objects}  {file.size}")
    for kind, pairs in (
        ("connection", backup.connections),
        ("database", backup.databases),
        ("cluster", backup.clusters),
    ):
        for former, name in pairs.items():
            out.line(f"  {say(kind)}: {former}" + (f" → {name}" if name != former else ""))
