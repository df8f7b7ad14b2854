"""The bodies that the own API takes. Unknown keys are refused by name."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import ExportState
from jobferry.model.transfer.mapping import Section, mapping_of
from jobferry.model.transfer.policy import (
    Duplicates,
    ImportAct,
    ImportOptions,
    MissingReference,
    ObjectRule,
    Outcome,
    RouteChoice,
    TargetStatus,
    UnknownInventory,
    ZoneMode,
)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewWorkspace(_Body):
    """A workspace to be made."""

    name: str
    description: str = ""


class PackageReference(_Body):
    """A package that was handed in, or one in object storage."""

    id: str = ""
    path: str = ""


class ObjectRuleBody(_Body):
    """What holds for objects that fit all that is said of them; the first rule that fits is taken."""

    directory: str | None = None
    name: str | None = None
    kind: ObjectKind | None = None
    tag: str | None = None
    duplicates: Duplicates | None = None
    target_status: TargetStatus | None = None
    mapping: dict[NeedKind | Section, dict[str, str]] = {}

    def rule(self) -> ObjectRule:
        """The same in the engine's words."""
        said = {name: getattr(self, name) for name in type(self).model_fields if name != "mapping"}
        return ObjectRule(mapping=mapping_of(self.mapping), **said)


class ImportOptionsBody(_Body):
    """How to import; what is not said is left to the workspace."""

    duplicates: Duplicates | None = None
    target_status: TargetStatus | None = None
    outcome: Outcome | None = None
    missing: MissingReference | None = None
    unknown_inventory: UnknownInventory | None = None
    directory: str | None = None
    time_zone: str | None = None
    zone_mode: ZoneMode | None = None
    execute_user: str | None = None
    expect_digest: str | None = None
    params: dict[str, str] = {}
    job_params: dict[str, dict[str, str]] = {}
    mapping: dict[NeedKind | Section, dict[str, str]] = {}
    rules: list[ObjectRuleBody] = []
    approvers: list[str] = []
    copy_name: str | None = None
    route: RouteChoice = RouteChoice.OFF
    """Whether to go by the route that is saved for the package's source; what is said here goes before it."""

    apply_deletions: bool = False
    """Whether what the source has deleted goes here too."""

    act: ImportAct = ImportAct.PACKAGE
    """What this is done as: each act has its own limits and conditions. Nothing is told by the package."""

    def options(self) -> ImportOptions:
        """The same in the engine's words."""
        own = {"mapping", "rules", "approvers"}
        said = {name: getattr(self, name) for name in type(self).model_fields if name not in own}
        rules = tuple(one.rule() for one in self.rules)
        approvers = tuple(self.approvers)
        return ImportOptions(mapping=mapping_of(self.mapping), rules=rules, approvers=approvers, **said)


class _PackageRequest(_Body):
    """About a package."""

    package: PackageReference

    def checked(self) -> Self:
        """Raises: InvalidRequest: the package is named by neither or by both of id and path."""
        if bool(self.package.id) == bool(self.package.path):
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                "package: give either id or path",
                subject="package",
                hint="hand a package in with POST /api/packages, or name obs://bucket/key",
            )
        return self


class TransferRequest(_PackageRequest):
    """A package and how to import it."""

    options: ImportOptionsBody = ImportOptionsBody()
    suggest: bool = False
    """Whether a check looks for what could stand for missing things; it takes longer then."""


class ComparisonRequest(_PackageRequest):
    """A package, and what of the workspace it is compared with; ``everything`` tells of what it lacks."""

    state: ExportState = ExportState.DRAFT
    everything: bool = False


class ImportRequest(TransferRequest):
    """The same; with ``apply`` it is not kept to be looked at, but starts at once."""

    apply: bool = False


class RouteBody(_Body):
    """What imports from a source are to go by; ``platform_name`` is what people call the platform."""

    platform_name: str = ""
    options: ImportOptionsBody


class ApplyRequest(_Body):
    """The plan that was looked at."""

    plan_digest: str


class UndoRequest(_Body):
    """How to take an import back: ``rest`` leaves alone what was touched since, instead of refusing."""

    rest: bool = False
    plan_digest: str = ""
