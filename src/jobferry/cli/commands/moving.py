"""connection and variable: export and import, and the secrets that never travel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from jobferry.cli import options
from jobferry.cli.call import Call
from jobferry.cli.new_file import new_file
from jobferry.cli.problems import BLOCKED, DONE
from jobferry.cli.secrets import asked_secret
from jobferry.cli.session import platform
from jobferry.cli.transfer.flow import handed_in
from jobferry.errors import ErrorCode, InvalidRequest

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


def export_connections(call: Call, output: Output) -> None:
    """Export all connections as one package, without any password."""
    _export(call, "connections", output)


def import_connections(
    call: Call,
    package: Package,
    *,
    duplicates: Duplicates = "skip",
    params: Annotated[
        Path | None,
        typer.Option("--params", metavar="FILE", help="YAML: by connection, values of its configuration."),
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the passwords that are missing here.")] = False,
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
    return _import(call, "connections", package, body, ask=ask)


def give_secret(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    key: Annotated[str, typer.Argument(metavar="KEY")] = "password",
    stdin: Annotated[bool, typer.Option("--stdin", help="Read it from stdin.")] = False,
) -> None:
    """Give a connection its password, or another secret of its configuration."""
    from jobferry.cli.client import at

    hint = "type it at the prompt, or give it on stdin with --stdin"
    secret = asked_secret(key, from_stdin=stdin, hint=hint, twice=True)
    with platform(call) as api:
        place = at("workspaces", call.workspace_name, "connections", name, "secrets")
        item = api.put(place, {"secrets": {key: secret}})
    if call.json:
        call.out.value(item)
    else:
        call.out.line(name)


def export_variables(call: Call, output: Output) -> None:
    """Export all environment variables: constants with their values, variables without."""
    _export(call, "variables", output)


def import_variables(
    call: Call,
    package: Package,
    *,
    duplicates: Duplicates = "skip",
    values: Annotated[
        Path | None, typer.Option("--values", metavar="FILE", help="YAML: values by the variables' names.")
    ] = None,
    expect_digest: Digest = None,
    dry_run: DryRun = False,
) -> int:
    """Import all environment variables of a package, or none. Values that are here stay; exit code 3 if one
    fails."""
    given = options.parsed(values) or {} if values is not None else {}
    if not _is_of_texts(given):
        raise _unfit(values, "write names with values in quotes, such as region: 'eu-1'")
    body = {
        "duplicates": duplicates,
        "expect_digest": expect_digest,
        "dry_run": dry_run,
        "values": given,
    }
    return _import(call, "variables", package, body, ask=False)


def _export(call: Call, what: str, output: Path) -> None:
    from jobferry.cli.client import at

    with (
        new_file(output) as write,
        platform(call) as api,
        api.stream(at("workspaces", call.workspace_name, what, "export"), None) as (headers, chunks),
    ):
        size = 0
        for chunk in chunks:
            write(chunk)
            size += len(chunk)
        digest, objects = headers["X-Jobferry-Package-Digest"], int(headers["X-Jobferry-Objects"])
    if call.json:
        call.out.value({"file": str(output), "size": size, "digest": digest, "objects": objects})
        return
    say = call.out.say
    call.out.line(say("wrote {file}", file=output) + f": {objects} {say(what)}")
    call.out.line(f"{say('digest')}: {digest}")


def _import(call: Call, what: str, package: str, body: dict[str, Any], *, ask: bool) -> int:
    from jobferry.cli.client import at

    place = at("workspaces", call.workspace_name, what, "import")
    with platform(call) as api:
        body["package"] = handed_in(api, package)
        if ask:
            seen = api.post(place, body | {"dry_run": True})
            for name in (one["name"] for one in seen["items"] if one["incomplete"]):
                secret = asked_secret(f"password of {name}", from_stdin=False, hint="or leave --ask out")
                body["params"].setdefault(name, {})["password"] = secret
        told = api.post(place, body)
    if call.json:
        call.out.value(told)
    else:
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
    if not isinstance(found, dict) or not all(map(_is_of_texts, found.values())):
        raise _unfit(file, "write by name what its configuration has, such as dwh: {password: 'secret'}")
    return found


def _is_of_texts(found: Any) -> bool:
    return isinstance(found, dict) and all(isinstance(one, str) for pair in found.items() for one in pair)


def _unfit(file: Path | None, hint: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE, f"the file {file} cannot be used: it holds something else", hint=hint
    )
