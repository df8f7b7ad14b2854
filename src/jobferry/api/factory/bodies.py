"""The bodies of the Factory API that are orders, not documents. Unknown keys are never an error."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from jobferry.api.wire import choice
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import FACTORY_REPLACEMENT_KINDS, NeedKind
from jobferry.model.package import ExportState
from jobferry.model.records import VariableType
from jobferry.model.review import Approval
from jobferry.model.transfer.mapping import Mapping
from jobferry.model.transfer.policy import Duplicates, ImportAct, ImportOptions, TargetStatus
from jobferry.services.surroundings.arriving import SurroundingsOptions
from jobferry.services.surroundings.variables import GivenVariable

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


def _text_or_none(value: Any) -> Any:
    return None if value is None else _text(value)


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


class Body(BaseModel):
    """Keys are camel case on the wire."""

    model_config = ConfigDict(alias_generator=to_camel)


class ExportBody(Body):
    """Of the two export calls."""

    export_depend: bool | None = None
    obs_path: str | None = None
    export_status: str | None = None

    @property
    def depend(self) -> bool:
        return self.export_depend is not False

    @property
    def state(self) -> ExportState:
        return _EXPORT_STATES[choice(self.export_status, "exportStatus", tuple(_EXPORT_STATES), "DEVELOP")]


class BatchExportBody(ExportBody):
    """``jobList`` is required, and judged where the limit is known."""

    job_list: list[str] = []


class JobParam(Body):
    """A parameter value for one run."""

    name: Annotated[str, Field(max_length=64)]
    value: Annotated[Text, Field(max_length=1024)] = ""


class StartBody(Body):
    """Of start and run-immediate. The parameter's type key is ``paramType`` or ``type``."""

    job_params: list[JobParam] | None = None


class Approver(Body):
    """Somebody who is asked to approve."""

    approver_name: str


class DeleteBody(Body):
    """Of deleting a job or script."""

    approvers: list[Approver] | None = None

    @property
    def approval(self) -> Approval:
        return Approval(approvers=tuple(one.approver_name for one in self.approvers or []))


class WorkspaceBody(Body):
    """Of making a workspace."""

    name: str
    description: str | None = None


class FileBody(Body):
    """Of check-file."""

    path: str


class JobParams(Body):
    """Parameter values for one job."""

    name: str
    params: Params = {}


class Replacement(Body):
    """A cloud resource that the package refers to, and what stands for it here."""

    name: str
    type: str
    replace: str | None = None


class ImportBody(Body):
    """Of the import call."""

    path: str
    params: Params = {}
    same_name_policy: str | None = None
    jobs_param: Annotated[list[JobParams], BeforeValidator(_per_job)] = []
    execute_user: str | None = None
    target_status: str | None = None
    approvers: list[Approver] | None = None
    resources: list[Replacement] | None = None

    def options(self) -> ImportOptions:
        """What the engine is asked to do.

        Raises:
            InvalidRequest: a word that is not documented; the message names it.
        """
        status = choice(self.target_status, "targetStatus", tuple(TARGET_STATES), "")
        return ImportOptions(
            duplicates=_POLICIES[choice(self.same_name_policy, "sameNamePolicy", tuple(_POLICIES), "SKIP")],
            target_status=TARGET_STATES.get(status),
            approvers=tuple(one.approver_name for one in self.approvers or []),
            execute_user=self.execute_user or None,
            params=self.params,
            job_params={one.name: one.params for one in self.jobs_param},
            mapping=_mapping(self.resources or []),
            act=ImportAct.JOB,
        )


class ConnectionParams(Body):
    """Values for one connection's config; ``type`` is what the caller believes it to be."""

    name: str
    type: str | None = None
    params: Params = {}


class ConnectionImportBody(Body):
    """Of the call that imports connections."""

    path: str
    params: Annotated[list[ConnectionParams], BeforeValidator(_per_job)] = []
    same_name_policy: str | None = None

    def options(self) -> SurroundingsOptions:
        """What the engine is asked to do.

        Raises:
            InvalidRequest: a word that is not documented.
        """
        return SurroundingsOptions(
            duplicates=_POLICIES[choice(self.same_name_policy, "sameNamePolicy", tuple(_POLICIES), "SKIP")],
            given={one.name: one.params for one in self.params},
            types={one.name: one.type for one in self.params if one.type},
        )


class VariableBody(Body):
    """An environment variable; without a value, or with stars, it keeps the one it has."""

    name: str
    type: str | None = None
    value: Annotated[str | None, BeforeValidator(_text_or_none)] = None
    desc: str | None = None

    def given(self) -> GivenVariable:
        """The same in the engine's words.

        Raises:
            InvalidRequest: a type that is none.
        """
        types = tuple(one.value for one in VariableType)
        said = choice((self.type or "").lower(), "type", types, VariableType.VARIABLE.value)
        starred = bool(self.value) and not (self.value or "").strip("*")
        return GivenVariable(
            name=self.name,
            type=VariableType(said),
            value=None if starred else self.value,
            description=self.desc or "",
        )


class VariablesBody(Body):
    """Of setting environment variables."""

    params: list[VariableBody]


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
