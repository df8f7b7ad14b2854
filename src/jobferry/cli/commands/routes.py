"""Routes on the command line: which one an import goes by, and saving what it went by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobferry.api.native.platform import show_platform
from jobferry.cli import files
from jobferry.cli.call import Call, command, default, group
from jobferry.cli.choices import Choices
from jobferry.cli.session import platform
from jobferry.cli.show.out import Out, when
from jobferry.errors import ErrorCode, InvalidRequest, NotFound

if TYPE_CHECKING:
    from jobferry.cli.remote import Api

SaveRoute = Annotated[
    bool, typer.Option("--save-route", help="Save what was used as the route for the package's source.")
]
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
    call.listed(
        ("route", "platform", "mapped", "rules", "by", "when"),
        items,
        lambda item: (
            item["name"],
            item["source_platform"],
            str(sum(map(len, item["options"].get("mapping", {}).values()))),
            str(len(item["options"].get("rules", []))),
            item["saved_by"],
            when(item["saved_at"]),
        ),
    )


def show(call: Call, source: Source) -> None:
    """Show what a route says."""
    with platform(call) as api:
        found = api.get(address(call, *_known(api, call, source)))
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
        saved = save(api, call, _of_package(source) or _named(api, call, source), wanted)
    call.out.value(saved)


def delete(call: Call, source: Source) -> None:
    """Forget the route for a source."""
    with platform(call) as api:
        api.delete(address(call, *_known(api, call, source)))
    call.done({"source": source, "deleted": True}, f"{source}: {call.out.say('deleted')}")


def refuse_sourceless(report: dict[str, Any], *, save_route: bool = True) -> None:
    """Raises: InvalidRequest: the package does not say where it comes from: nothing can be saved for it."""
    if save_route and report["source"] is None:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "this package does not say where it comes from, so no route can be saved for it",
            subject="--save-route",
            hint="leave --save-route out, or export the package with a manifest",
        )


def refuse_dry(*, dry_run: bool, save_route: bool) -> None:
    """Raises: InvalidRequest: nothing is to be changed, and something is to be saved."""
    if dry_run and save_route:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "--dry-run changes nothing, and --save-route saves something",
            subject="--save-route",
            hint="leave one of them out",
        )


def save_used(
    api: Api, call: Call, report: dict[str, Any], used: dict[str, Any], *, save_route: bool
) -> None:
    """Keeps what a check or an import went by, where that is wanted."""
    if save_route:
        refuse_sourceless(report)
        save(api, call, report["source"], used["options"])


def save(api: Api, call: Call, source: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Keeps options as the route for a source."""
    place = address(call, source["platform_id"], source["workspace"])
    body = {"platform_name": source["platform_name"], "options": options}
    saved: dict[str, Any] = api.put(place, body)
    call.out.note(call.out.say("saved as the route {name}", name=saved["name"]))
    return saved


def address(call: Call, platform_id: str, workspace: str) -> str:
    """Where the route for a source is."""
    return call.at("routes", platform_id, workspace)


def show_offer(out: Out, offer: dict[str, Any] | None) -> None:
    """Says which route was used, or that there is one which was not."""
    if offer is None:
        return
    if offer["used"]:
        out.line(
            out.say(
                "goes by the route {name}, saved by {user} (--no-route goes without)",
                name=offer["name"],
                user=offer["saved_by"],
            )
        )
    else:
        out.line(out.say("there is a route {name}; it was not used", name=offer["name"]))


def _all(api: Api, call: Call) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.get(call.at("routes"))["items"]
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

    with files.package_file(Path(source)) as file:
        provenance = inspect(file).provenance
    found: dict[str, Any] | None = msgspec.to_builtins(provenance)
    refuse_sourceless({"source": found})
    return found


def _named(api: Api, call: Call, source: str) -> dict[str, Any]:
    """A source by its name: the platform's name where a route or this platform has it, else its id.

    Raises:
        InvalidRequest: it is not PLATFORM/WORKSPACE.
        NotFound: platforms of two routes are called so (``route-missing``).
    """
    name, slash, workspace = source.partition("/")
    if not (slash and name and workspace):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"{source!r} is no source",
            subject=source,
            hint="write PLATFORM/WORKSPACE, as jobferry route list shows them, or name a package",
        )
    here = api.ask(show_platform)
    names = {one["source_platform"]: one["platform_name"] for one in _all(api, call)}
    names.setdefault(here.id, here.name)
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
