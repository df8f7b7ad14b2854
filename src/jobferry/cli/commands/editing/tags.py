"""tag: the tags of the workspace, and those of a job."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from jobferry.cli.call import Call, command, default, group
from jobferry.cli.commands.editing import tag_files
from jobferry.cli.commands.people.own import done, when
from jobferry.cli.session import platform

Name = Annotated[str, typer.Argument(metavar="TAG", help="The tag's name.")]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    tags = group(app, "tag", "The tags of jobs; alone, lists them.")
    default(tags)(list_tags)
    command(tags, "list")(list_tags)
    command(tags, "create")(create)
    command(tags, "delete")(delete)
    command(tags, "lock")(lock)
    command(tags, "unlock")(unlock)
    command(tags, "set")(put)
    tag_files.add_to(tags)


def list_tags(call: Call) -> None:
    """List the workspace's tags."""
    from jobferry.cli.client import at

    with platform(call) as api:
        items = api.get(at("workspaces", call.workspace_name, "tags"))["items"]
    if call.json:
        call.out.value(items)
        return
    say = call.out.say
    call.out.table(
        ("tag", "state", "by", "when"),
        [
            (
                one["name"],
                say("locked") if one["locked"] else say("free"),
                one["changed_by"],
                when(one["changed_at"]),
            )
            for one in items
        ],
    )


def create(call: Call, name: Name) -> None:
    """Make a tag."""
    from jobferry.cli.client import at

    with platform(call) as api:
        _answer(call, api.put(at("workspaces", call.workspace_name, "tags", name), None), "created")


def delete(call: Call, name: Name) -> None:
    """Delete a tag that no job has."""
    from jobferry.cli.client import at

    with platform(call) as api:
        api.delete(at("workspaces", call.workspace_name, "tags", name))
    done(call, {"name": name, "deleted": True}, f"{name}: {call.out.say('deleted')}")


def lock(call: Call, name: Name) -> None:
    """Lock a tag: no job gets or loses it, and nobody deletes it."""
    from jobferry.cli.client import at

    with platform(call) as api:
        _answer(call, api.put(at("workspaces", call.workspace_name, "tag-locks", name), None), "locked")


def unlock(call: Call, name: Name) -> None:
    """Unlock a tag."""
    from jobferry.cli.client import at

    with platform(call) as api:
        _answer(call, api.delete(at("workspaces", call.workspace_name, "tag-locks", name)), "unlocked")


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
    from jobferry.cli.client import at

    body = json.dumps({"tags": tags or []}).encode()
    with platform(call) as api:
        path = at("workspaces", call.workspace_name, "jobs", job, "tags")
        changed = api.send("PUT", path, body, take_lock="true" if take_lock else "false")
    done(call, changed, f"{job}: {', '.join(tags or []) or '-'}")


def _answer(call: Call, tag: dict[str, Any], what: str) -> None:
    done(call, tag, f"{tag['name']}: {call.out.say(what)}")
