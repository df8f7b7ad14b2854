"""variable: the environment variables of a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobferry.api.native import variables as api
from jobferry.cli import options
from jobferry.cli.asking import Yes, confirm_deletion
from jobferry.cli.call import Call, command, group
from jobferry.cli.commands.connections import (
    Digest,
    DryRun,
    Duplicates,
    Name,
    Packed,
    concluded,
    export_package,
    holds_texts,
    unfit,
)
from jobferry.cli.files import Output, handed_in
from jobferry.cli.listing import NamedListOptions, ask_list
from jobferry.cli.session import ask, platform
from jobferry.model.records import VariableType
from jobferry.model.transfer import policy


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    variables = group(app, "variable", "The workspace's environment variables.")
    command(variables, "list")(list_variables)
    command(variables, "set")(set_)
    command(variables, "delete")(delete)
    command(variables, "export")(export)
    command(variables, "import")(import_)


def list_variables(
    call: Call,
    said: NamedListOptions,
    type_: Annotated[VariableType | None, typer.Option("--type", help="Only those of this type.")] = None,
) -> None:
    """List the environment variables."""
    mark = call.out.say("incomplete")
    call.listed(
        ("name", "type", "value", "state"),
        ask_list(call, said, api.list_variables, said.name, type_).items,
        lambda variable: (
            variable.name,
            call.out.say(variable.type),
            variable.value or "",
            mark if variable.incomplete else "",
        ),
    )


def set_(
    call: Call,
    name: Name,
    value: Annotated[str, typer.Argument(metavar="VALUE")],
    constant: Annotated[bool, typer.Option("--constant", help="The same on every platform.")] = False,
    description: Annotated[str, typer.Option("--description", metavar="TEXT")] = "",
) -> None:
    """Set an environment variable."""
    type_ = VariableType.CONSTANT if constant else VariableType.VARIABLE
    ask(call, api.save_variable, name, api.NewVariable(value=value, type=type_, description=description))
    saved = {"name": name, "value": value, "type": type_}
    call.done(saved | ({"description": description} if description else {}), name)


def delete(call: Call, name: Name, yes: Yes = False) -> None:
    """Delete an environment variable."""
    confirm_deletion(call, "variable", name, yes=yes)
    ask(call, api.remove_variable, name)
    call.done({"name": name, "removed": True}, name)


def export(call: Call, output: Output) -> None:
    """Export all environment variables: constants with their values, variables without."""
    export_package(call, api.export_variables, "variables", output)


def import_(
    call: Call,
    package: Packed,
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
    if not holds_texts(given):
        raise unfit(values, "write names with values in quotes, such as region: 'eu-1'")
    with platform(call) as there:
        wanted = api.VariableImport(
            package=handed_in(there, package),
            duplicates=policy.Duplicates(duplicates),
            expect_digest=expect_digest,
            dry_run=dry_run,
            values=given,
        )
        arrived = there.ask(api.import_variables, wanted)
    return concluded(call, arrived, dry_run=dry_run)
