"""connection, inventory, variable: what a workspace has besides its jobs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from jobferry.cli import options, sources
from jobferry.cli.call import Call, command, default, group
from jobferry.cli.commands import moving
from jobferry.cli.session import platform
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import INVENTORY_KINDS

Name = Annotated[str, typer.Argument(metavar="NAME")]
Kind = Annotated[str, typer.Argument(metavar="KIND", help="One of: " + ", ".join(INVENTORY_KINDS) + ".")]


def add_to(app: typer.Typer) -> None:
    """Adds the three groups."""
    connections = group(app, "connection", "The workspace's data connections; alone, lists them.")
    default(connections)(list_connections)
    command(connections, "list")(list_connections)
    command(connections, "add")(add_connection)
    command(connections, "remove")(remove_connection)
    command(connections, "secret")(moving.give_secret)
    command(connections, "export")(moving.export_connections)
    command(connections, "import")(moving.import_connections)
    inventory = group(app, "inventory", "What exists here outside Jobferry; alone, lists it.")
    default(inventory)(list_inventory)
    command(inventory, "list")(list_inventory)
    command(inventory, "add")(add_inventory)
    command(inventory, "load")(load_inventory)
    command(inventory, "remove")(remove_inventory)
    command(inventory, "accept")(accept_inventory)
    variables = group(app, "variable", "The workspace's environment variables; alone, lists them.")
    default(variables)(list_variables)
    command(variables, "list")(list_variables)
    command(variables, "add")(add_variable)
    command(variables, "remove")(remove_variable)
    command(variables, "export")(moving.export_variables)
    command(variables, "import")(moving.import_variables)


def list_connections(call: Call) -> None:
    """List the connections."""
    items = _all(call, "connections")
    if call.json:
        call.out.value(items)
        return
    mark = call.out.say("incomplete")
    rows = [(one["name"], one["type"], mark if one.get("incomplete") else "") for one in items]
    call.out.table(("name", "type", "state"), rows)


def add_connection(
    call: Call,
    name: Name,
    type_: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="DWS, DLI, HIVE, HOST, …")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A value of its configuration.")
    ] = None,
    from_file: Annotated[
        str | None,
        typer.Option("--from-file", metavar="FILE", help="The whole document instead; - is stdin."),
    ] = None,
) -> None:
    """Add a connection. What is secret in it is sealed and never shown again."""
    from jobferry.cli.client import at

    if (from_file is None) == (type_ is None) or (from_file is not None and set_):
        raise _bad("give either --type with --set, or --from-file", "--type")
    if from_file is None:
        config = options.pairs(set_ or (), "--set")
        text = json.dumps({"name": name, "type": type_, "config": config}, ensure_ascii=False).encode()
    else:
        text = _named(sources.document(from_file), name, from_file)
    with platform(call) as api:
        item = api.send("POST", at("workspaces", call.workspace_name, "connections"), text)
    _done(call, item or {"name": name}, name)


def remove_connection(call: Call, name: Name) -> None:
    """Remove a connection."""
    _remove(call, name, "connections", name)


def list_inventory(call: Call) -> None:
    """List what exists here outside Jobferry."""
    from jobferry.cli.client import at

    with platform(call) as api:
        found = api.get(at("workspaces", call.workspace_name, "inventory"))
    items = found["items"]
    if call.json:
        call.out.value(items)
        return
    rows = [(kind, call.out.say("everything (accepted)"), "") for kind in found["accepted"]]
    rows += [(one["kind"], one["name"], one["local_id"]) for one in items]
    call.out.table(("kind", "name", "id here"), rows)


def add_inventory(
    call: Call,
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="One of: " + ", ".join(INVENTORY_KINDS))
    ] = None,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")] = None,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="PACKAGE", help="Confirm that all that this package refers to exists here."
        ),
    ] = None,
) -> None:
    """Say what exists here: names of one kind, or all that a package refers to."""
    from jobferry.cli.client import at

    if (from_ is None) == (kind is None) or (kind is not None and not names):
        raise _bad("give either KIND and names, or --from PACKAGE", "KIND")
    items = _needed(from_) if from_ is not None else [{"kind": kind, "name": name} for name in names or ()]
    with platform(call) as api:
        added = api.post(at("workspaces", call.workspace_name, "inventory"), {"items": items})["added"]
    if call.json:
        call.out.value({"added": added, "items": items})
        return
    for item in items:
        call.out.line(f"{item['kind']} {item['name']}")


def load_inventory(
    call: Call,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="YAML by kind, or .csv with columns kind, name, local_id.")
    ],
) -> None:
    """Add everything that a file names, with the ids that things have here; all of it or nothing."""
    from jobferry.cli.client import at
    from jobferry.cli.transfer.inventory_files import things

    items = things(file)
    with platform(call) as api:
        added = api.post(at("workspaces", call.workspace_name, "inventory"), {"items": items})["added"]
    if call.json:
        call.out.value({"added": added, "items": items})
    else:
        call.out.line(call.out.say("{count} added to the inventory", count=added))


def accept_inventory(
    call: Call,
    kinds: Annotated[
        list[str], typer.Argument(metavar="KIND...", help="Some of: " + ", ".join(INVENTORY_KINDS) + ".")
    ],
    off: Annotated[bool, typer.Option("--off", help="No longer say so.")] = False,
) -> None:
    """Say that everything of these kinds exists here: nothing of them is looked for any more.

    What was held for them only may start.
    """
    from jobferry.cli.client import at

    with platform(call) as api:
        place = at("workspaces", call.workspace_name, "inventory", "accepted")
        accepted = api.put(place, {"kinds": kinds, "accepted": not off})["accepted"]
    if call.json:
        call.out.value({"accepted": accepted})
        return
    for kind in accepted:
        call.out.line(call.out.say("{kind}: everything (accepted)", kind=kind))


def remove_inventory(call: Call, kind: Kind, name: Name) -> None:
    """Take a thing out of the inventory."""
    _remove(call, name, "inventory", kind, name)


def list_variables(call: Call) -> None:
    """List the environment variables."""
    items = _all(call, "variables")
    if call.json:
        call.out.value(items)
        return
    mark = call.out.say("incomplete")
    rows = [
        (one["name"], one["type"], one["value"] or "", mark if one["incomplete"] else "") for one in items
    ]
    call.out.table(("name", "type", "value", "state"), rows)


def add_variable(
    call: Call,
    name: Name,
    value: Annotated[str, typer.Argument(metavar="VALUE")],
    constant: Annotated[bool, typer.Option("--constant", help="The same on every platform.")] = False,
    description: Annotated[str, typer.Option("--description", metavar="TEXT")] = "",
) -> None:
    """Set an environment variable."""
    from jobferry.cli.client import at

    body = {"value": value, "type": "constant" if constant else "variable"}
    if description:
        body["description"] = description
    with platform(call) as api:
        api.put(at("workspaces", call.workspace_name, "variables", name), body)
    _done(call, {"name": name, **body}, name)


def remove_variable(call: Call, name: Name) -> None:
    """Remove an environment variable."""
    _remove(call, name, "variables", name)


def _needed(package: Path) -> list[dict[str, str]]:
    """What a package refers to and nobody but the inventory can vouch for."""
    from jobferry.services.packages import inspect

    with sources.package_file(package) as file:
        needs = inspect(file).needs
    return [{"kind": need.kind.value, "name": need.name} for need in needs if need.kind in INVENTORY_KINDS]


def _named(text: bytes, name: str, source: str) -> bytes:
    """The document as it is, if it is about ``name``; what else is wrong with it the platform says."""
    try:
        document = sources.json_value(text)
    except ValueError:
        return text
    inside = document.get("name") if isinstance(document, dict) else None
    if inside is not None and inside != name:
        raise _bad(f"the document in {source} names itself {inside}, not {name}", name)
    return text


def _all(call: Call, *what: str) -> list[dict[str, Any]]:
    from jobferry.cli.client import at

    with platform(call) as api:
        items: list[dict[str, Any]] = api.get(at("workspaces", call.workspace_name, *what))["items"]
    return items


def _remove(call: Call, name: str, *what: str) -> None:
    from jobferry.cli.client import at

    with platform(call) as api:
        api.delete(at("workspaces", call.workspace_name, *what))
    _done(call, {"name": name, "removed": True}, name)


def _done(call: Call, value: dict[str, Any], name: str) -> None:
    if call.json:
        call.out.value(value)
    else:
        call.out.line(name)


def _bad(message: str, subject: str) -> InvalidRequest:
    return InvalidRequest(ErrorCode.INVALID_VALUE, message, subject=subject)
