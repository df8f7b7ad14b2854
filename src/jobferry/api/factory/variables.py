"""Environment variables: the two calls of the second version."""

from __future__ import annotations

from msgspec import Struct

from jobferry.api.bodies import BodyLimit, LongList
from jobferry.api.calls import Calls
from jobferry.api.factory.call import FactoryCall
from jobferry.api.factory.values import Value, chosen, text_of
from jobferry.model.records import VariableType
from jobferry.services.variables import GivenVariable

api = Calls("/v2/{project_id}/factory/env", is_lenient=True)

_TYPES = {variable_type.value: variable_type for variable_type in VariableType}


class VariableBody(Struct):
    """An environment variable; without a value, or with stars, it keeps the one it has."""

    name: str
    type: str | None = None
    value: Value = None
    desc: str | None = None

    def given(self) -> GivenVariable:
        """The same in the engine's words.

        Raises:
            InvalidRequest: a type that is none.
        """
        value = None if self.value is None else text_of(self.value)
        starred = bool(value) and not (value or "").strip("*")
        return GivenVariable(
            name=self.name,
            type=chosen((self.type or "").lower(), "type", _TYPES, VariableType.VARIABLE),
            value=None if starred else value,
            description=self.desc or "",
        )


class VariablesBody(Struct):
    """The variables to be set."""

    params: LongList[VariableBody]


class VariableAnswer(Struct, frozen=True):
    """An environment variable; its value is empty for those who may not change it."""

    name: str
    type: VariableType
    value: str
    desc: str


class VariablesAnswer(Struct, frozen=True):
    """All variables, by name."""

    params: list[VariableAnswer]


class SetAnswer(Struct, frozen=True):
    """It is done."""

    is_success: bool


@api.get("")
def show_variables(call: FactoryCall) -> VariablesAnswer:
    """All environment variables; values only for those who may change them."""
    _, found = call.platform.variables.page(call.grant)
    return VariablesAnswer(
        [
            VariableAnswer(variable.name, variable.type, value or "", variable.description)
            for variable, value in found
        ]
    )


@api.put("", body_limit=BodyLimit.LIST)
def set_variables(call: FactoryCall, body: VariablesBody) -> SetAnswer:
    """Sets the variables that are named, all or none; the others stay as they are."""
    call.platform.variables.save(call.grant, [param.given() for param in body.params])
    return SetAnswer(is_success=True)
