"""Routes on the command line: which one an import goes by, and saving what it went by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobferry.cli.call import Call
from jobferry.cli.show.out import Out
from jobferry.errors import ErrorCode, InvalidRequest

if TYPE_CHECKING:
    from jobferry.cli.client import Api

UseRoute = Annotated[
    bool | None,
    typer.Option(
        "--route/--no-route",
        help="Go by the route saved for the package's source: there must be one, or never; else if there is.",
        show_default=False,
    ),
]
SaveRoute = Annotated[
    bool, typer.Option("--save-route", help="Save what was used as the route for the package's source.")
]


def choice(route: bool | None) -> str:
    """What is said to the API."""
    if route is None:
        return "saved"
    return "required" if route else "off"


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
    from jobferry.cli.client import at

    return at("workspaces", call.workspace_name, "routes", platform_id, workspace)


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
