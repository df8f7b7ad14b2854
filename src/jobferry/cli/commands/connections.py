"""connection: the data connections of a workspace, carried without the secrets that they hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import typer

from jobferry.api.calls import Package
from jobferry.api.native import connections as api
from jobferry.api.native.arriving import ArrivedAnswer
from jobferry.cli import files, options
from jobferry.cli.asking import Yes, confirm_deletion
from jobferry.cli.call import Call, command, group
from jobferry.cli.files import STDOUT, Output, destination, handed_in
from jobferry.cli.listing import NamedListOptions, ask_list
from jobferry.cli.login import asked_secret
from jobferry.cli.problems import BLOCKED, DONE, Refused
from jobferry.cli.session import ask, platform
from jobferry.errors import ErrorCode, InvalidRequest, JobferryError
from jobferry.model.transfer import policy
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.cli.client import Client

Name = Annotated[str, typer.Argument(metavar="NAME")]
Packed = Annotated[str, typer.Argument(metavar="PACKAGE", help="A file, or obs://bucket/key.")]
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
    connections = group(app, "connection", "The workspace's data connections.")
    command(connections, "list")(list_connections)
    command(connections, "create")(create)
    command(connections, "load")(load)
    command(connections, "delete")(delete)
    command(connections, "secret")(give_secret)
    command(connections, "export")(export)
    command(connections, "import")(import_)


def list_connections(
    call: Call,
    said: NamedListOptions,
    type_: Annotated[str, typer.Option("--type", metavar="TYPE", help="Only those of this type.")] = "",
) -> None:
    """List the connections."""
    mark = call.out.say("incomplete")
    call.listed(
        ("name", "type", "state"),
        ask_list(call, said, api.list_connections, said.name, type_).items,
        lambda connection: (connection.name, connection.type, mark if connection.incomplete else ""),
    )


def create(
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
        text = msgspec.json.encode({"name": name, "type": type_, "config": config})
    else:
        text = _named(files.document(from_file), name, from_file)
    call.done(ask(call, api.create_connection, text), name)


def load(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON: a list, or by name.")],
) -> None:
    """Add all connections that a file names, or none. An entry is a document: name, type, config."""
    from jobferry.cli.entries import connection_entries, with_lines  # YAML is read by few calls

    entries = connection_entries(file)
    wanted = api.ConnectionLoad(connections=[msgspec.Raw(entry.text) for entry in entries])
    try:
        loaded = ask(call, api.load_connections, wanted)
    except (Refused, JobferryError) as error:
        raise with_lines(file, entries, error) from None
    call.done(loaded, call.out.say("{count} connections created", count=len(loaded.names)))


def delete(call: Call, name: Name, yes: Yes = False) -> None:
    """Delete a connection."""
    confirm_deletion(call, "connection", name, yes=yes)
    ask(call, api.delete_connection, name)
    call.done({"name": name, "removed": True}, name)


def export(call: Call, output: Output) -> None:
    """Export all connections as one package, without any password."""
    export_package(call, api.export_connections, "connections", output)


def import_(
    call: Call,
    package: Packed,
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
    given = _by_name(params)
    with platform(call) as there:
        wanted = api.ConnectionImport(
            package=handed_in(there, package),
            duplicates=policy.Duplicates(duplicates),
            expect_digest=expect_digest,
            dry_run=dry_run,
            params=given,
        )
        if ask_:
            _ask_passwords(there, wanted)
        arrived = there.ask(api.import_connections, wanted)
    return concluded(call, arrived, dry_run=dry_run)


def give_secret(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    key: Annotated[str, typer.Argument(metavar="KEY")] = "password",
    stdin: Annotated[bool, typer.Option("--stdin", help="Read it from stdin.")] = False,
) -> None:
    """Give a connection its password, or another secret of its configuration."""
    hint = "type it at the prompt, or give it on stdin with --stdin"
    secret = asked_secret(key, from_stdin=stdin, hint=hint, twice=True)
    call.done(ask(call, api.give_secrets, name, api.GivenSecrets(secrets={key: secret})), name)


def export_package(call: Call, run: Callable[[Any], Package], what: str, output: str) -> None:
    """Writes all of what the workspace has as a package into a file, and says so."""
    with (
        destination(call, output, f"{what}.zip") as (file, write),
        platform(call) as there,
        there.stream(run) as (headers, chunks),
    ):
        size = 0
        for chunk in chunks:
            write(chunk)
            size += len(chunk)
        digest, objects = headers["X-Jobferry-Package-Digest"], int(headers["X-Jobferry-Objects"])
    call.out.value({"file": file, "size": size, "digest": digest, "objects": objects})
    say, tell = call.out.say, call.out.note if file == STDOUT else call.out.line
    if file != STDOUT:
        tell(say("wrote {file}", file=file) + f": {objects} {say(what)}")
    tell(say("digest: {digest}", digest=digest))


def concluded(call: Call, arrived: ArrivedAnswer, *, dry_run: bool) -> int:
    """Says what became of each thing of a package, and gives the exit code."""
    call.out.value(arrived)
    _show(call, arrived, dry_run=dry_run)
    has_failed = any(thing.outcome is ObjectOutcome.BLOCKED for thing in arrived.items)
    return BLOCKED if has_failed else DONE


def _ask_passwords(there: Client, wanted: api.ConnectionImport) -> None:
    """Adds the passwords of the connections that would come in without."""
    seen = there.ask(api.import_connections, msgspec.structs.replace(wanted, dry_run=True))
    for connection in seen.items:
        if connection.incomplete:
            hint = "or leave --ask out"
            secret = asked_secret(
                sentence("password of {name}", name=connection.name), from_stdin=False, hint=hint
            )
            wanted.params.setdefault(connection.name, {})["password"] = secret


def _show(call: Call, arrived: ArrivedAnswer, *, dry_run: bool) -> None:
    out, say = call.out, call.out.say
    rows = [
        (thing.name, say(thing.outcome), thing.reason or (say("incomplete") if thing.incomplete else ""))
        for thing in arrived.items
    ]
    out.table(("name", "outcome", "detail"), rows)
    if dry_run:
        out.line(say("this was a dry run; nothing was changed"))
    elif not arrived.applied:
        out.line(say("nothing was changed: one that fails keeps all out"))


def _by_name(file: Path | None) -> dict[str, dict[str, str]]:
    found = options.parsed(file) or {} if file is not None else {}
    if not isinstance(found, dict) or not all(map(holds_texts, found.values())):
        raise unfit(file, "write by name what its configuration has, such as dwh: {password: 'secret'}")
    return found


def holds_texts(found: Any) -> bool:
    """Whether what a file holds is texts by name."""
    return isinstance(found, dict) and all(isinstance(text, str) for pair in found.items() for text in pair)


def unfit(file: Path | None, hint: str) -> InvalidRequest:
    """What is wrong with a file of values."""
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("the file {file} cannot be used: it holds something else", file=file),
        hint=hint,
    )


def _named(text: bytes, name: str, source: str) -> bytes:
    """The document as it is, if it is about ``name``; what else is wrong with it the platform says."""
    try:
        document = files.json_value(text)
    except ValueError:
        return text
    inside = document.get("name") if isinstance(document, dict) else None
    if inside is not None and inside != name:
        raise _bad(
            sentence(
                "the document in {source} names itself {inside}, not {name}",
                source=source,
                inside=inside,
                name=name,
            ),
            name,
        )
    return text


def _bad(message: str, subject: str) -> InvalidRequest:
    hint = "see `jobferry connection create --help`"
    return InvalidRequest(ErrorCode.INVALID_VALUE, message, subject=subject, hint=hint)
