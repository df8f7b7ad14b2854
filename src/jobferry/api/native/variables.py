"""Environment variables of a workspace: list, set, delete; export and import them."""

from __future__ import annotations

from msgspec import Struct, field

from jobferry.api.bodies import BodyLimit, LongMap
from jobferry.api.calls import Body, Calls, Limit, NamePiece, Offset, Package, Threads, light
from jobferry.api.native.arriving import Arrival, ArrivedAnswer, arrived, leaving
from jobferry.api.native.call import Placed
from jobferry.model.connections import SurroundingKind
from jobferry.model.lists import VariableFilter, VariableSort
from jobferry.model.records import VariableType

api = Calls("/api/workspaces/{workspace}", tag="variables")


class NewVariable(Body):
    """An environment variable."""

    value: str
    type: VariableType
    description: str = ""


class VariableImport(Arrival, kw_only=True):
    """A package of environment variables; ``values`` by name win over those of the package."""

    values: LongMap[str] = field(default_factory=dict)


class VariableAnswer(Struct, frozen=True):
    """An environment variable. Its value is shown to those who may change variables, else it is null.

    ``incomplete``: it was never given a value here.
    """

    name: str
    type: VariableType
    value: str | None
    incomplete: bool
    description: str


class VariableList(Struct, frozen=True):
    """How many environment variables fit, and one page of them."""

    total: int
    items: list[VariableAnswer]


@api.get("/variables")
def list_variables(
    call: Placed,
    name: NamePiece = "",
    type: VariableType | None = None,
    sort: VariableSort = "name",
    offset: Offset = 0,
    limit: Limit = 100,
) -> VariableList:
    """One page of environment variables, shorter where it would be larger than 1 MB; the values for those who
    may change them, else null."""
    wanted = VariableFilter(name=name, type=type)
    total, found = call.platform.variables.page(call.grant, wanted, sort=sort, offset=offset, limit=limit)
    items = [
        VariableAnswer(
            name=variable.name,
            type=variable.type,
            value=value,
            incomplete=not variable.value,
            description=variable.description,
        )
        for variable, value in found
    ]
    return VariableList(total, light(items, _size))


def _size(shown: VariableAnswer) -> int:
    return len((shown.value or "").encode()) + len(shown.description.encode())


@api.post("/variables/export")
def export_variables(call: Placed) -> Package:
    """All environment variables: constants with their values, variables without."""
    return leaving(call.platform.surrounding_exports.variables(call.grant))


@api.post("/variables/import", body_limit=BodyLimit.LIST, threads=Threads.EXTERNAL)
def import_variables(call: Placed, body: VariableImport) -> ArrivedAnswer:
    """All environment variables of a package, or none. Values that are here stay where none is given."""
    given = {name: {"value": value} for name, value in body.values.items()}
    return arrived(call, SurroundingKind.VARIABLE, body, given)


@api.put("/variables/{name}", body_limit=BodyLimit.NAMES)
def save_variable(call: Placed, name: str, body: NewVariable) -> None:
    """Sets an environment variable."""
    from jobferry.services.variables import GivenVariable

    given = GivenVariable(name=name, type=body.type, value=body.value, description=body.description)
    call.platform.variables.save(call.grant, [given])


@api.delete("/variables/{name}")
def remove_variable(call: Placed, name: str) -> None:
    """Deletes an environment variable."""
    call.platform.variables.remove(call.grant, name)
