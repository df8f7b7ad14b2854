"""Routes on the command line: which one an import goes by, and saving what it went by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobferry.api.native import routes
from jobferry.api.native.platform import show_platform
from jobferry.cli import files
from jobferry.cli.asking import Yes, confirm_deletion
from jobferry.cli.call import Call, command, group
from jobferry.cli.choices import Choices, options_body
from jobferry.cli.listing import NamedListOptions, ask_list
from jobferry.cli.session import platform
from jobferry.cli.show.out import Out, when
from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.package import Provenance
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.api.native.imports import ImportOptionsBody
    from jobferry.cli.client import Client
    from jobferry.model.transfer.preview import RouteOffer

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
    route = group(app, "route", "What imports from a source go by.")
    command(route, "list")(list_routes)
    command(route, "show")(show)
    command(route, "set")(put)
    command(route, "delete")(delete)


def list_routes(call: Call, said: NamedListOptions) -> None:
    """List the routes into the workspace."""
    call.listed(
        ("route", "platform", "mapped", "rules", "by", "when"),
        ask_list(call, said, routes.list_routes, said.name).items,
        lambda route: (
            route.name,
            route.source_platform,
            str(route.mapped),
            str(route.rules),
            route.saved_by,
            when(route.saved_at),
        ),
    )


def show(call: Call, source: Source) -> None:
    """Show what a route says."""
    with platform(call) as api:
        wanted = _of_package(source) or _named(api, source)
        found = api.ask(routes.show_route, wanted.platform_id, wanted.workspace)
    if call.json:
        call.out.value(found)
        return
    import yaml

    call.out.line(f"{found.name} ({found.source_platform})", "bold")
    call.out.quoted(yaml.safe_dump(found.options, allow_unicode=True, sort_keys=False).splitlines(), "")


def put(
    call: Call,
    source: Source,
    chosen: Choices,
) -> None:
    """Save what is said here as the route for a source, in the place of what was saved."""
    wanted = chosen.body()
    with platform(call) as api:
        saved = _save(api, call, _of_package(source) or _named(api, source), wanted)
    call.out.value(saved)


def delete(call: Call, source: Source, yes: Yes = False) -> None:
    """Delete the route for a source."""
    confirm_deletion(call, "route", source, yes=yes)
    with platform(call) as api:
        wanted = _of_package(source) or _named(api, source)
        api.ask(routes.delete_route, wanted.platform_id, wanted.workspace)
    call.done({"source": source, "deleted": True}, f"{source}: {call.out.say('deleted')}")


def refuse_sourceless(source: Provenance | None) -> Provenance:
    """Where a package comes from.

    Raises:
        InvalidRequest: it does not say so: nothing can be saved for it.
    """
    if source is None:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "this package does not say where it comes from, so no route can be saved for it",
            subject="--save-route",
            hint="leave --save-route out, or export the package with a manifest",
        )
    return source


def refuse_dry(*, dry_run: bool, save_route: bool) -> None:
    """Raises: InvalidRequest: nothing is to be changed, and something is to be saved."""
    if dry_run and save_route:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "--dry-run changes nothing, and --save-route saves something",
            subject="--save-route",
            hint="leave one of them out",
        )


def save_used(api: Client, call: Call, source: Provenance | None, options: dict[str, Any]) -> None:
    """Keeps what a check or an import went by.

    Raises:
        InvalidRequest: the package does not say where it comes from.
    """
    _save(api, call, refuse_sourceless(source), options_body(options))


def _save(api: Client, call: Call, source: Provenance, options: ImportOptionsBody) -> routes.RouteAnswer:
    """Keeps options as the route for a source."""
    body = routes.RouteBody(options, platform_name=source.platform_name)
    saved = api.ask(routes.save_route, source.platform_id, source.workspace, body)
    call.out.note(call.out.say("saved as the route {name}", name=saved.name))
    return saved


def show_offer(out: Out, offer: RouteOffer | None) -> None:
    """Says which route was used, or that there is one which was not."""
    if offer is None:
        return
    if offer.used:
        out.line(
            out.say(
                "goes by the route {name}, saved by {user} (--no-route goes without)",
                name=offer.name,
                user=offer.saved_by,
            )
        )
    else:
        out.line(out.say("there is a route {name}; it was not used", name=offer.name))


def _of_package(source: str) -> Provenance | None:
    """Where a package comes from, if that is what is named.

    Raises:
        InvalidRequest: it does not say so.
    """
    if not Path(source).exists():
        return None
    from jobferry.services.packages import inspect

    with files.package_file(Path(source)) as file:
        return refuse_sourceless(inspect(file).provenance)


def _named(api: Client, source: str) -> Provenance:
    """A source by its name: the platform's name where a route or this platform has it, else its id.

    Raises:
        InvalidRequest: it is not PLATFORM/WORKSPACE.
        NotFound: platforms of two routes are called so (``route-missing``).
    """
    name, slash, workspace = source.partition("/")
    if not (slash and name and workspace):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("the source {source} is not valid", source=repr(source)),
            subject=source,
            hint="write PLATFORM/WORKSPACE, as `jobferry route list` shows them, or name a package",
        )
    here = api.ask(show_platform)
    names = {route.source_platform: route.platform_name for route in api.all(routes.list_routes)}
    names.setdefault(here.id, here.name)
    called = [name] if name in names else [id_ for id_, other in names.items() if other == name]
    if len(called) > 1:
        raise NotFound(
            ErrorCode.ROUTE_MISSING,
            sentence("{count} platforms are called {name}", count=len(called), name=name),
            subject=name,
            hint=sentence("name it by its id: {called}", called=called),
        )
    id_ = called[0] if called else name
    return Provenance(platform_id=id_, platform_name=names.get(id_, ""), workspace=workspace)
