"""What can be chosen for an import on the command line, as every command that makes one takes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from jobferry.api.decoding import decoded
from jobferry.api.native.imports import ImportOptionsBody
from jobferry.cli import options
from jobferry.cli.requests import encoded

Duplicates = Annotated[
    Literal["skip", "overwrite", "fail", "copy"] | None,
    typer.Option("--duplicates", help="What exists here already."),
]
CopyName = Annotated[
    str | None,
    typer.Option("--copy-name", metavar="PATTERN", help="What copies are called; {name}_copy if not said."),
]
Target = Annotated[
    Literal["saved", "submitted", "production"] | None,
    typer.Option("--target", help="What imported jobs and scripts become."),
]
Outcome = Annotated[
    Literal["job", "package"] | None,
    typer.Option(
        "--outcome", help="Whether one failing object stays out alone, or keeps the whole package out."
    ),
]
Missing = Annotated[
    Literal["block", "hold"] | None,
    typer.Option(
        "--missing", help="What refers to something missing stays out, or lands and cannot start yet."
    ),
]
Held = Annotated[
    list[str] | None,
    typer.Option(
        "--hold",
        metavar="KIND:NAME",
        help="What may be missing: what refers to it lands, and cannot start yet.",
    ),
]
Unknown = Annotated[
    Literal["warn", "hold", "block"] | None,
    typer.Option(
        "--unknown-inventory", help="What refers to a kind of which nobody has said what exists here."
    ),
]
Maps = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="KIND:FROM=TO", help="What stands for a thing that the package names."),
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE", help="A YAML or JSON file of such pairs, by kind.")
]
Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE", help="A YAML or JSON list of rules for single objects."),
]
Directory = Annotated[
    str | None,
    typer.Option("--directory", metavar="DIR", help="Where new objects go, instead of the package's."),
]
Zone = Annotated[str | None, typer.Option("--time-zone", metavar="ZONE", help="The zone of all schedules.")]
ZoneMode = Annotated[
    Literal["keep", "relabel", "convert"] | None,
    typer.Option("--zone-mode", help="The same wall clock in another zone, the same instants, or nothing."),
]
User = Annotated[str | None, typer.Option("--execute-user", metavar="USER", help="Who runs the jobs here.")]
Params = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="A value for the parameter of any job."),
]
JobParams = Annotated[
    list[str] | None,
    typer.Option("--job-param", metavar="JOB:NAME=VALUE", help="A value for the parameter of one job."),
]
Digest = Annotated[
    str | None, typer.Option("--expect-digest", metavar="DIGEST", help="Refuse any other package than this.")
]
Approvers = Annotated[
    list[str] | None,
    typer.Option("--approver", metavar="NAME", help="Who is asked where a review is wanted; repeat it."),
]
Deletions = Annotated[
    bool,
    typer.Option("--apply-deletions", help="Delete here what the source has deleted."),
]
Deleted = Annotated[
    list[str] | None,
    typer.Option(
        "--delete", metavar="KIND:NAME", help="Delete this here, of what the source has deleted; repeat it."
    ),
]
Act = Annotated[
    Literal["import-job", "import-workspace-job", "import-batch-package", "import-package"] | None,
    typer.Option("--act", help="What this is done as; import-package if not said."),
]
UseRoute = Annotated[
    bool | None,
    typer.Option(
        "--route/--no-route",
        help="Go by the route saved for the package's source: there must be one, or never; else if there is.",
        show_default=False,
    ),
]


@dataclass(frozen=True)
class Choices:
    """What holds for all packages from a source; what is not said follows the workspace."""

    duplicates: Duplicates = None
    copy_name: CopyName = None
    target: Target = None
    outcome: Outcome = None
    missing: Missing = None
    hold: Held = None
    unknown_inventory: Unknown = None
    map_: Maps = None
    mapping: MappingFile = None
    rules: Rules = None
    directory: Directory = None
    time_zone: Zone = None
    zone_mode: ZoneMode = None
    execute_user: User = None
    param: Params = None
    job_param: JobParams = None
    approver: Approvers = None

    def body(self) -> ImportOptionsBody:
        """The options as the API takes them.

        Raises:
            InvalidRequest: one of them does not look as it should.
            NotFound: a file that is named cannot be read.
        """
        return options_body(self.said())

    def said(self) -> dict[str, Any]:
        """What was said, under the names that the API has for it; raises what :meth:`body` raises."""
        return options.said(
            duplicates=self.duplicates,
            copy_name=self.copy_name,
            target_status=self.target,
            outcome=self.outcome,
            missing=self.missing,
            hold=options.things(self.hold or (), "--hold"),
            unknown_inventory=self.unknown_inventory,
            directory=self.directory,
            time_zone=self.time_zone,
            zone_mode=self.zone_mode,
            execute_user=self.execute_user,
            approvers=self.approver,
            params=options.pairs(self.param or (), "--param"),
            job_params=options.job_parameters(self.job_param or ()),
            mapping=options.mapping(self.map_ or (), self.mapping),
            rules=options.rules(self.rules),
        )


@dataclass(frozen=True)
class PackageChoices(Choices):
    """And what holds for one package."""

    expect_digest: Digest = None
    apply_deletions: Deletions = False
    delete: Deleted = None
    route: UseRoute = None
    act: Act = None

    def said(self) -> dict[str, Any]:
        """The same with these; raises what :meth:`Choices.body` raises."""
        return super().said() | options.said(
            expect_digest=self.expect_digest,
            apply_deletions=self.apply_deletions or None,
            delete=options.things(self.delete or (), "--delete"),
            route=choice(self.route),
            act=self.act,
        )


def options_body(said: dict[str, Any]) -> ImportOptionsBody:
    """Options as the API takes them, from what was said or what the API told.

    Raises:
        InvalidRequest: one of them does not look as it should.
    """
    body: ImportOptionsBody = decoded(ImportOptionsBody, encoded(said))
    return body


def choice(route: bool | None) -> str:
    """What is said to the API."""
    if route is None:
        return "saved"
    return "required" if route else "off"
