"""tag: the tags of the workspace, and those of a job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobferry.api.native import bulk
from jobferry.api.native import tags as api
from jobferry.cli import files
from jobferry.cli.asking import Yes, confirm_deletion
from jobferry.cli.call import Call, command, group
from jobferry.cli.files import new_file
from jobferry.cli.problems import CONFLICT, DONE, DONE_IN_PART, EXIT_CODES
from jobferry.cli.session import ask
from jobferry.cli.show.out import when
from jobferry.model.kinds import ObjectKind

Name = Annotated[str, typer.Argument(metavar="TAG", help="The tag's name.")]
Names = Annotated[list[str], typer.Argument(metavar="TAG...", help="The tags' names.")]
Jobs = Annotated[list[str], typer.Option("--job", metavar="NAME", help="A job that it is about; repeat it.")]
Lock = Annotated[
    bool, typer.Option("--lock", help="Take the locks of its jobs with it, those that nobody holds.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    tags = group(app, "tag", "The tags of jobs.")
    command(tags, "list")(list_tags)
    command(tags, "create")(create)
    command(tags, "delete")(delete)
    command(tags, "lock")(lock)
    command(tags, "unlock")(unlock)
    command(tags, "set")(put)
    command(tags, "add")(add)
    command(tags, "remove")(remove)
    command(tags, "export")(export)
    command(tags, "import")(import_)


def list_tags(call: Call) -> None:
    """List the workspace's tags."""
    say = call.out.say
    call.listed(
        ("tag", "state", "by", "when"),
        ask(call, api.list_tags).items,
        lambda tag: (
            tag.name,
            say("locked") if tag.locked else say("free"),
            tag.changed_by,
            when(tag.changed_at),
        ),
    )


def create(call: Call, name: Name) -> None:
    """Make a tag."""
    _answer(call, ask(call, api.create_tag, name), "created")


def delete(call: Call, name: Name, yes: Yes = False) -> None:
    """Delete a tag that no job has."""
    confirm_deletion(call, "tag", name, yes=yes)
    ask(call, api.delete_tag, name)
    call.done({"name": name, "deleted": True}, f"{name}: {call.out.say('deleted')}")


def lock(call: Call, name: Name) -> None:
    """Lock a tag: no job gets or loses it, and nobody deletes it."""
    _answer(call, ask(call, api.lock_tag, name), "locked")


def unlock(call: Call, name: Name) -> None:
    """Unlock a tag."""
    _answer(call, ask(call, api.unlock_tag, name), "unlocked")


def put(
    call: Call,
    job: Annotated[str, typer.Argument(metavar="JOB", help="The job's name.")],
    tags: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TAG...]", help="All it is to have; none: no tag."),
    ] = None,
    take_lock: Annotated[
        bool, typer.Option("--lock", help="Take the job's lock with it, if nobody holds it.")
    ] = False,
) -> None:
    """Give a job these tags instead of those that it has; its draft changes, what is live does not."""
    changed = ask(call, api.put_tags, job, api.TagsOfJob(tags=tags or []), take_lock=take_lock)
    call.done(changed, f"{job}: {', '.join(tags or []) or '-'}")


def add(call: Call, tags: Names, job: Jobs, lock: Lock = False) -> int:
    """Give jobs these tags besides those that they have; drafts change, what is live does not."""
    return _each(call, bulk.BulkAction.TAG, tags, job, lock)


def remove(call: Call, tags: Names, job: Jobs, lock: Lock = False) -> int:
    """Take these tags off jobs; drafts change, what is live does not."""
    return _each(call, bulk.BulkAction.UNTAG, tags, job, lock)


def export(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file to write.")],
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Only this tag; may be given again.")
    ] = None,
) -> None:
    """Write which jobs have which tags: a row for every job, a column for every tag, 1 or 0."""
    table = ask(call, api.export_tags, tag=tuple(tag or ()))
    with new_file(file) as write:
        write(table.data)
    call.done({"file": str(file)}, call.out.say("wrote {file}", file=file))


def import_(
    call: Call,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A CSV file, obs://bucket/key, or - for stdin.")
    ],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Instead of the tags that its jobs have, not on top of them.")
    ] = False,
) -> None:
    """Give jobs the tags of a file: the whole file, or nothing of it."""
    if file.startswith(files.OBJECT_SCHEME):
        stored = api.StoredTagFile(path=file, overwrite=overwrite)
        brought = ask(call, api.import_stored_tags, stored)
    else:
        brought = ask(call, api.import_tags, files.document(file), overwrite=overwrite)
    line = call.out.say(
        "{changed} of {jobs} jobs have other tags now", changed=brought.changed, jobs=brought.jobs
    )
    call.done(brought, line)


def _each(call: Call, action: bulk.BulkAction, tags: list[str], jobs: list[str], lock: bool) -> int:
    """Asks for it by one call, tells what came of each job, and gives the exit code."""
    wanted = bulk.BulkRequest(action=action, names=jobs, tags=tuple(tags), take_lock=lock)
    answer = ask(call, bulk.change_objects, ObjectKind.JOB, wanted)
    call.out.value(answer)
    sign = "+" if action is bulk.BulkAction.TAG else "-"
    for item in answer.items:
        if item.error is None:
            call.out.line(f"{item.name}: {', '.join(f'{sign}{tag}' for tag in tags)}")
        elif not call.json:
            call.out.note(f"{item.name}: {item.error.message}: {item.error.hint}")
    refused = [item.error for item in answer.items if item.error is not None]
    if not refused:
        return DONE
    return DONE_IN_PART if answer.done else EXIT_CODES.get(refused[0].code, CONFLICT)


def _answer(call: Call, tag: api.TagAnswer, what: str) -> None:
    call.done(tag, f"{tag.name}: {call.out.say(what)}")
