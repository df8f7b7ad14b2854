"""Connections and environment variables on their way out and in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, PlacedCall, described
from jobferry.api.own.requests import PackageReference
from jobferry.api.wire import ZIP_ANSWER, answer, package_answer, read_body
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.connections import SurroundingKind
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import Duplicates, ImportAct
from jobferry.services.exporting.exports import PackageStream
from jobferry.services.importing.receive import ReceivedPackage
from jobferry.services.surroundings.arriving import SurroundingsOptions

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["surroundings"])


def package_of(call: PlacedCall, asked: PackageReference) -> ReceivedPackage:
    """The package that a call names: handed in before, or fetched from object storage now."""
    if asked.id:
        return call.platform.imports.received(call.grant, asked.id)
    return call.platform.imports.fetch(call.grant, asked.path, ImportAct.PACKAGE)


class _SurroundingsBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    package: PackageReference
    duplicates: Duplicates = Duplicates.SKIP
    expect_digest: str | None = None
    dry_run: bool = False
    """Only says what would become of each."""

    def checked(self) -> PackageReference:
        """Raises: InvalidRequest: the package is named by neither or by both of id and path."""
        if bool(self.package.id) == bool(self.package.path):
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                "package: give either id or path",
                subject="package",
                hint="hand a package in with POST /api/packages, or name obs://bucket/key",
            )
        return self.package

    def options(self, given: Mapping[str, Mapping[str, str]]) -> SurroundingsOptions:
        """The same in the engine's words."""
        return SurroundingsOptions(duplicates=self.duplicates, given=given, expect_digest=self.expect_digest)


class ConnectionImportBody(_SurroundingsBody):
    """A package of connections; ``params`` are values of their configs by name, passwords among them."""

    params: dict[str, dict[str, str]] = {}


class VariableImportBody(_SurroundingsBody):
    """A package of environment variables; ``values`` by name win over those of the package."""

    values: dict[str, str] = {}


class ArrivedThing(BaseModel):
    """``incomplete``: it lacks its secrets, or its value. ``reason`` says why it failed."""

    name: str
    outcome: ObjectOutcome
    incomplete: bool
    reason: str


class ArrivedAnswer(BaseModel):
    """What became of each; with one that failed, or in a dry run, nothing is ``applied``."""

    applied: bool
    digest: str
    items: list[ArrivedThing]


@router.post("/connections/export", response_class=Response, responses=ZIP_ANSWER)
def export_connections(call: Placed) -> Response:
    """All connections, without any secret."""
    return _package(call.platform.surrounding_exports.connections(call.grant))


@router.post(
    "/connections/import", response_model=ArrivedAnswer, openapi_extra=described(ConnectionImportBody)
)
def import_connections(call: Placed) -> Response:
    """All connections of a package, or none. What is secret here already stays where none is given."""
    asked = read_body(ConnectionImportBody, call.body)
    return _arrived(call, SurroundingKind.CONNECTION, asked, asked.params)


@router.post("/variables/export", response_class=Response, responses=ZIP_ANSWER)
def export_variables(call: Placed) -> Response:
    """All environment variables: constants with their values, variables without."""
    return _package(call.platform.surrounding_exports.variables(call.grant))


@router.post("/variables/import", response_model=ArrivedAnswer, openapi_extra=described(VariableImportBody))
def import_variables(call: Placed) -> Response:
    """All environment variables of a package, or none. Values that are here stay where none is given."""
    asked = read_body(VariableImportBody, call.body)
    given = {name: {"value": value} for name, value in asked.values.items()}
    return _arrived(call, SurroundingKind.VARIABLE, asked, given)


def _package(stream: PackageStream) -> Response:
    headers = {"X-Jobferry-Package-Digest": stream.digest, "X-Jobferry-Objects": str(stream.objects)}
    return package_answer(stream, headers)


def _arrived(
    call: PlacedCall,
    kind: SurroundingKind,
    asked: _SurroundingsBody,
    given: Mapping[str, Mapping[str, str]],
) -> Response:
    package = package_of(call, asked.checked())
    imports, limits = call.platform.surrounding_imports, call.platform.stored.limits()
    carry_out = imports.preview if asked.dry_run else imports.apply
    applied = False
    try:
        arrived = carry_out(call.grant, package, kind, asked.options(given), limits)
        applied = not (asked.dry_run or arrived.refused)
    finally:
        if asked.package.path or applied:
            call.platform.imports.discard(package)
    items: list[dict[str, Any]] = [
        {"name": one.name, "outcome": one.outcome, "incomplete": one.incomplete, "reason": one.reason}
        for one in arrived.items
    ]
    return answer({"applied": applied, "digest": arrived.digest, "items": items})
