"""route: what imports go by that come from one workspace of one platform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobferry.cli import sources
from jobferry.cli.call import Call, command, default, group
from jobferry.cli.commands.people.own import done, when
from jobferry.cli.session import platform
from jobferry.cli.transfer import routing
from jobferry.cli.transfer.choices import Choices
from jobferry.errors import ErrorCode, InvalidRequest, NotFound

if TYPE_CHECKING:
    from jobferry.cli.client import Api

Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="PLATFORM/WORKSPACE, the platform by name or id; or a package file that comes from there.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    routes = group(app, "route", "Routes: what imports from a source go by; alone, lists them.")
    default(routes)(list_routes)
    command(routes, "list")(list_routes)
    command(routes, "show")(show)
    command(routes, "set")(put)
    command(routes, "delete")(delete)


def list_routes(call: Call) -> None:
    """List the routes into the workspace."""
    with platform(call) as api:
        items = _all(api, call)
    if call.json:
        call.out.value(items)
        return
    rows = [
        (
            one["name"],
            one["source_platform"],
            str(sum(map(len, one["options"].get("mapping", {}).values()))),
            str(len(one["options"].get("rules", []))),
            one["saved_by"],
            when(one["saved_at"]),
        )
        for one in items
    ]
    call.out.table(("route", "platform", "mapped", "rules", "by", "when"), rows)


def show(call: Call, source: Source) -> None:
    """Show what a route says."""
    with platform(call) as api:
        found = api.get(routing.address(call, *_known(api, call, source)))
    if call.json:
        call.out.value(found)
        return
    import yaml

    call.out.line(f"{found['name']} ({found['source_platform']})", "bold")
    call.out.quoted(yaml.safe_dump(found["options"], allow_unicode=True, sort_keys=False).splitlines(), "")


def put(
    call: Call,
    source: Source,
    chosen: Choices,
) -> None:
    """Save what is said here as the route for a source, in the place of what was saved."""
    wanted = chosen.body()
    with platform(call) as api:
        saved = routing.save(api, call, _of_package(source) or _named(api, call, source), wanted)
    if call.json:
        call.out.value(saved)


def delete(call: Call, source: Source) -> None:
    """Forget the route for a source."""
    with platform(call) as api:
        api.delete(routing.address(call, *_known(api, call, source)))
    done(call, {"source": source, "deleted": True}, f"{source}: {call.out.say('deleted')}")


def _all(api: Api, call: Call) -> list[dict[str, Any]]:
    from jobferry.cli.client import at

    items: list[dict[str, Any]] = api.get(at("workspaces", call.workspace_name, "routes"))["items"]
    return items


def _known(api: Api, call: Call, source: str) -> tuple[str, str]:
    """Raises: NotFound: there is no such route."""
    found = _of_package(source) or _named(api, call, source)
    return found["platform_id"], found["workspace"]


def _of_package(source: str) -> dict[str, Any] | None:
    """Where a package comes from, if that is what is named.

    Raises:
        InvalidRequest: it does not say so.
    """
    if not Path(source).exists():
        return None
    import msgspec

    from jobferry.services.packages import inspect

    with sources.package_file(Path(source)) as file:
        provenance = inspect(file).provenance
    found: dict[str, Any] | None = msgspec.to_builtins(provenance)
    routing.refuse_sourceless({"source": found})
    return found


def _named(api: Api, call: Call, source: str) -> dict[str, Any]:
    """A source by its name: the platform's name where a route or this platform has it, else its id.

    Raises:
        InvalidRequest: it is not PLATFORM/WORKSPACE.
        NotFound: platforms of two routes are called so (``route-missing``).
    """
    from jobferry.cli.client import at

    name, slash, workspace = source.partition("/")
    if not (slash and name and workspace):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"{source!r} is no source",
            subject=source,
            hint="write PLATFORM/WORKSPACE, as jobferry route list shows them, or name a package",
        )
    here = api.get(at("platform"))
    names = {one["source_platform"]: one["platform_name"] for one in _all(api, call)}
    names.setdefault(here["id"], here["name"])
    called = [name] if name in names else [id_ for id_, other in names.items() if other == name]
    if len(called) > 1:
        raise NotFound(
            ErrorCode.ROUTE_MISSING,
            f"{len(called)} platforms are called {name}",
            subject=name,
            hint=f"name it by its id: {', '.join(called)}",
        )
    id_ = called[0] if called else name
    return {"platform_id": id_, "platform_name": names.get(id_, ""), "workspace": workspace}
