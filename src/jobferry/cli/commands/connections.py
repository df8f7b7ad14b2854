"""connection: the data connections of a workspace, carried without the secrets that they hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from jobferry.cli import files, options
from jobferry.cli.call import Call, command, default, group
from jobferry.cli.files import handed_in, new_file
from jobferry.cli.login import asked_secret
from jobferry.cli.problems import BLOCKED, DONE
from jobferry.cli.session import ask_path, platform
from jobferry.errors import ErrorCode, InvalidRequest

Name = Annotated[str, typer.Argument(metavar="NAME")]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where the package goes.")]
Package = Annotated[str, typer.Argument(metavar="PACKAGE", help="A file, or obs://bucket/key.")]
Duplicates = Annotated[
    Literal["skip", "overwrite", "fail"],
    typer.Option("--duplicates", help="What happens to those that are here already."),
]
Digest = Annotated[
    str | None, typer.Option("--expect-digest", metavar="DIGEST", help="Refuse any other package.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would become of each.")]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    connections = group(app, "connection", "The workspace's data connections; alone, lists them.")
    default(connections)(list_connections)
    command(connections, "list")(list_connections)
    command(connections, "add")(add)
    command(connections, "remove")(remove)
    command(connections, "secret")(give_secret)
    command(connections, "export")(export)
    command(connections, "import")(import_)


def list_connections(call: Call) -> None:
    """List the connections."""
    mark = call.out.say("incomplete")
    call.listed(
        ("name", "type", "state"),
        ask_path(call, "get", call.at("connections"))["items"],
        lambda item: (item["name"], item["type"], mark if item.get("incomplete") else ""),
    )


def add(
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
    if (from_file is None) == (type_ is None) or (from_file is not None and set_):
        raise _bad("give either --type with --set, or --from-file", "--type")
    if from_file is None:
        config = options.pairs(set_ or (), "--set")
        text = json.dumps({"name": name, "type": type_, "config": config}, ensure_ascii=False).encode()
    else:
        text = _named(files.document(from_file), name, from_file)
    item = ask_path(call, "send", "POST", call.at("connections"), text)
    call.done(item or {"name": name}, name)


def remove(call: Call, name: Name) -> None:
    """Remove a connection."""
    ask_path(call, "delete", call.at("connections", name))
    call.done({"name": name, "removed": True}, name)


def export(call: Call, output: Output) -> None:
    """Export all connections as one package, without any password."""
    export_package(call, "connections", output)


def import_(
    call: Call,
    package: Package,
    *,
    duplicates: Duplicates = "skip",
    params: Annotated[
        Path | None,
        typer.Option("--params", metavar="FILE", help="YAML: by connection, values of its configuration."),
    ] = None,
    ask_: Annotated[bool, typer.Option("--ask", help="Ask for the passwords that are missing here.")] = False,
    expect_digest: Digest = None,
    dry_run: DryRun = False,
) -> int:
    """Import all connections of a package, or none. Passwords that are here stay; exit code 3 if one
    fails."""
    body = {
        "duplicates": duplicates,
        "expect_digest": expect_digest,
        "dry_run": dry_run,
        "params": _by_name(params),
    }
    return import_package(call, "connections", package, body, asks=ask_)


def give_secret(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    key: Annotated[str, typer.Argument(metavar="KEY")] = "password",
    stdin: Annotated[bool, typer.Option("--stdin", help="Read it from stdin.")] = False,
) -> None:
    """Give a connection its password, or another secret of its configuration."""
    hint = "type it at the prompt, or give it on stdin with --stdin"
    secret = asked_secret(key, from_stdin=stdin, hint=hint, twice=True)
    item = ask_path(call, "put", call.at("connections", name, "secrets"), {"secrets": {key: secret}})
    call.done(item, name)


def export_package(call: Call, what: str, output: Path) -> None:
    """Writes all of what the workspace has as a package into a file, and says so."""
    with (
        new_file(output) as write,
        platform(call) as api,
        api.stream_path(call.at(what, "export"), None) as (headers, chunks),
    ):
        size = 0
        for chunk in chunks:
            write(chunk)
            size += len(chunk)
        digest, objects = headers["X-Jobferry-Package-Digest"], int(headers["X-Jobferry-Objects"])
    call.out.value({"file": str(output), "size": size, "digest": digest, "objects": objects})
    say = call.out.say
    call.out.line(say("wrote {file}", file=output) + f": {objects} {say(what)}")
    call.out.line(f"{say('digest')}: {digest}")


def import_package(call: Call, what: str, package: str, body: dict[str, Any], *, asks: bool = False) -> int:
    """Imports all of a package or none, says what became of each, and gives the exit code."""
    place = call.at(what, "import")
    with platform(call) as api:
        body["package"] = handed_in(api, package)
        if asks:
            seen = api.post(place, body | {"dry_run": True})
            for name in (one["name"] for one in seen["items"] if one["incomplete"]):
                secret = asked_secret(f"password of {name}", from_stdin=False, hint="or leave --ask out")
                body["params"].setdefault(name, {})["password"] = secret
        told = api.post(place, body)
    call.out.value(told)
    _show(call, told, dry_run=body["dry_run"])
    return BLOCKED if any(one["outcome"] == "failed" for one in told["items"]) else DONE


def _show(call: Call, told: dict[str, Any], *, dry_run: bool) -> None:
    out, say = call.out, call.out.say
    rows = [
        (
            one["name"],
            say(one["outcome"]),
            one["reason"] or (say("incomplete") if one["incomplete"] else ""),
        )
        for one in told["items"]
    ]
    out.table(("name", "outcome", "detail"), rows)
    if dry_run:
        out.line(say("this was a dry run; nothing was changed"))
    elif not told["applied"]:
        out.line(say("nothing was changed: one that fails keeps all out"))


def _by_name(file: Path | None) -> dict[str, dict[str, str]]:
    found = options.parsed(file) or {} if file is not None else {}
    if not isinstance(found, dict) or not all(map(holds_texts, found.values())):
        raise unfit(file, "write by name what its configuration has, such as dwh: {password: 'secret'}")
    return found


def holds_texts(found: Any) -> bool:
    """Whether what a file holds is texts by name."""
    return isinstance(found, dict) and all(isinstance(one, str) for pair in found.items() for one in pair)


def unfit(file: Path | None, hint: str) -> InvalidRequest:
    """What is wrong with a file of values."""
    return InvalidRequest(
        ErrorCode.INVALID_VALUE, f"the file {file} cannot be used: it holds something else", hint=hint
    )


def _named(text: bytes, name: str, source: str) -> bytes:
    """The document as it is, if it is about ``name``; what else is wrong with it the platform says."""
    try:
        document = files.json_value(text)
    except ValueError:
        return text
    inside = document.get("name") if isinstance(document, dict) else None
    if inside is not None and inside != name:
        raise _bad(f"the document in {source} names itself {inside}, not {name}", name)
    return text


def _bad(message: str, subject: str) -> InvalidRequest:
    return InvalidRequest(ErrorCode.INVALID_VALUE, message, subject=subject)
