"""The bodies of the Factory API that are orders, not documents. Unknown keys are never an error."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from jobferry.api.wire import choice
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import FACTORY_REPLACEMENT_KINDS, NeedKind
from jobferry.model.package import ExportState
from jobferry.model.transfer.policy import Duplicates, ImportOptions, Mapping, TargetStatus

_EXPORT_STATES = {"DEVELOP": ExportState.DRAFT, "SUBMIT": ExportState.SUBMITTED}
_POLICIES = {"SKIP": Duplicates.SKIP, "OVERWRITE": Duplicates.OVERWRITE}
TARGET_STATES = {
    "SAVED": TargetStatus.SAVED,
    "SUBMITTED": TargetStatus.SUBMITTED,
    "PRODUCTION": TargetStatus.PRODUCTION,
}


def _text(value: Any) -> Any:
    """Parameter values are texts; numbers and truth values are taken as they are written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _or_empty(value: Any) -> Any:
    return {} if value is None else value


def _per_job(value: Any) -> Any:
    """The documentation says a list, the SDK an object: one job's, or names with their parameters."""
    if value is None:
        return []
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("name"), str):
        return [value]
    return [{"name": name, "params": params} for name, params in value.items()]


Text = Annotated[str, BeforeValidator(_text)]
Params = Annotated[dict[str, Text], BeforeValidator(_or_empty)]


class ExportBody(BaseModel):
    """Of the two export calls."""

    exportDepend: bool | None = None
    obsPath: str | None = None
    exportStatus: str | None = None

    @property
    def depend(self) -> bool:
        return self.exportDepend is not False

    @property
    def state(self) -> ExportState:
        return _EXPORT_STATES[choice(self.exportStatus, "exportStatus", tuple(_EXPORT_STATES), "DEVELOP")]


class BatchExportBody(ExportBody):
    """``jobList`` is required, and judged where the limit is known."""

    jobList: list[str] = []


class FileBody(BaseModel):
    """Of check-file."""

    path: str


class JobParams(BaseModel):
    """Parameter values for one job."""

    name: str
    params: Params = {}


class Replacement(BaseModel):
    """A cloud resource that the package refers to, and what stands for it here."""

    name: str
    type: str
    replace: str | None = None


class ImportBody(BaseModel):
    """Of the import call. Approvers are taken and left alone: review is off."""

    path: str
    params: Params = {}
    sameNamePolicy: str | None = None
    jobsParam: Annotated[list[JobParams], BeforeValidator(_per_job)] = []
    executeUser: str | None = None
    targetStatus: str | None = None
    resources: list[Replacement] | None = Field(default=None)

    def options(self) -> ImportOptions:
        """What the engine is asked to do.

        Raises:
            InvalidRequest: a word that is not documented; the message names it.
        """
        status = choice(self.targetStatus, "targetStatus", tuple(TARGET_STATES), "")
        return ImportOptions(
            duplicates=_POLICIES[choice(self.sameNamePolicy, "sameNamePolicy", tuple(_POLICIES), "SKIP")],
            target_status=TARGET_STATES.get(status),
            execute_user=self.executeUser or None,
            params=self.params,
            job_params={one.name: one.params for one in self.jobsParam},
            mapping=_mapping(self.resources or []),
        )


def _mapping(replacements: list[Replacement]) -> Mapping:
    names: dict[NeedKind, dict[str, str]] = {}
    for one in replacements:
        kind = FACTORY_REPLACEMENT_KINDS.get(one.type)
        if kind is None:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                f"resources: {one.type!r} of {one.name} is no type that can be replaced",
                subject=one.type,
                hint="types are: " + ", ".join(FACTORY_REPLACEMENT_KINDS),
            )
        if one.replace:
            names.setdefault(kind, {})[one.name] = one.replace
    return Mapping(names)
