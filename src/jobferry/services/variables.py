"""Environment variables of a workspace. Their values are sealed; one that was never given is incomplete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Unpack

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.lists import PageOptions, VariableFilter
from jobferry.model.names import VARIABLE_NAME, is_storable
from jobferry.model.people import Grant
from jobferry.model.records import Variable, VariableType
from jobferry.model.rights import Action
from jobferry.sentences import as_sentence, sentence
from jobferry.services.connection_secrets import Seals
from jobferry.services.object_access import meant, nearest
from jobferry.services.runtime import Runtime

_LONGEST_VALUE = 65_536
_LONGEST_DESCRIPTION = 255


class GivenVariable(msgspec.Struct, frozen=True, kw_only=True):
    """A variable as somebody sets it. Without a ``value`` it keeps the one it has."""

    name: str
    type: VariableType = VariableType.VARIABLE
    value: str | None = None
    description: str = ""

    def checked(self) -> GivenVariable:
        """Raises: InvalidRequest: name, value or description is not acceptable; the message says which."""
        if not VARIABLE_NAME.match(self.name):
            raise InvalidRequest(
                ErrorCode.INVALID_NAME,
                sentence("the variable name {name} is not valid", name=repr(self.name[:100])),
                subject=self.name[:100],
                hint="use 1 to 64 letters, digits, _ or -",
            )
        for what, said, limit in (
            (sentence("value"), self.value or "", _LONGEST_VALUE),
            (sentence("description"), self.description, _LONGEST_DESCRIPTION),
        ):
            if len(said) > limit or not is_storable(said):
                raise InvalidRequest(
                    ErrorCode.INVALID_VALUE,
                    sentence(
                        "the {what} of the variable {name} has more than {limit:,} characters, or some that "
                        "cannot be stored",
                        what=what,
                        name=self.name,
                        limit=limit,
                    ),
                    subject=self.name,
                )
        return self


def sealed_variable(
    workspace_id: str, given: GivenVariable, before: Variable | None, seals: Seals
) -> Variable:
    """A variable as it is kept: an empty value that was given is sealed too, so that it is not incomplete."""
    if given.value is None:
        value = before.value if before is not None else b""
    elif before is not None and before.value and seals.unseal(before.value) == given.value.encode():
        value = before.value
    else:
        value = seals.seal(given.value.encode())
    return Variable(
        workspace_id=workspace_id,
        name=given.name,
        type=given.type,
        value=value,
        description=given.description,
    )


class Variables:
    """The environment variables of a workspace."""

    def __init__(self, runtime: Runtime, seals: Callable[[], Seals]) -> None:
        self._runtime = runtime
        self._seals = seals

    def page(
        self, grant: Grant, wanted: VariableFilter = VariableFilter(), **which: Unpack[PageOptions]
    ) -> tuple[int, list[tuple[Variable, str | None]]]:
        """How many variables fit, and one page of them, by name unless it is said.

        They come with their values for those who may change them.

        Raises:
            Forbidden: the caller may not look at variables here.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind="variable")
        with self._runtime.store.read() as snapshot:
            total, found = snapshot.variables.page(grant.workspace.id, wanted, **which)
        if not grant.may(Action.VARIABLE_EDIT):
            return total, [(variable, None) for variable in found]
        return total, [
            (variable, self._seals().unseal(variable.value).decode() if variable.value else "")
            for variable in found
        ]

    def save(self, grant: Grant, variables: Sequence[GivenVariable]) -> None:
        """Sets environment variables, all or none of them; others stay as they are.

        Raises:
            Forbidden: the caller may not change variables here.
            InvalidRequest: one of them is not acceptable, or named twice.
        """
        names = [variable.name for variable in variables]
        with self._runtime.attempt(
            grant, "variable-edit", Action.VARIABLE_EDIT, kind="variable", subject=", ".join(names)
        ) as attempt:
            checked = [variable.checked() for variable in variables]
            if len(set(names)) < len(names):
                doubled = next(name for name in names if names.count(name) > 1)
                raise InvalidRequest(
                    ErrorCode.INVALID_VALUE,
                    sentence("the variable {doubled} is given twice", doubled=doubled),
                    subject=doubled,
                )
            with attempt.change(only=grant.workspace.id) as change:
                before = {
                    variable.name: variable for variable in change.uow.variables.all(grant.workspace.id)
                }
                place, seals = grant.workspace.id, self._seals()
                kept = [
                    sealed_variable(place, variable, before.get(variable.name), seals) for variable in checked
                ]
                change.uow.variables.save(kept)
                change.no_row()
                for name in names:
                    change.audit(subject=name)

    def remove(self, grant: Grant, name: str) -> None:
        """Deletes an environment variable.

        Raises:
            Forbidden: the caller may not change variables here.
            NotFound: there is none of that name.
        """
        with self._runtime.change(
            grant,
            "variable-delete",
            Action.VARIABLE_EDIT,
            kind="variable",
            subject=name,
            only=grant.workspace.id,
        ) as change:
            if not change.uow.variables.remove(grant.workspace.id, name):
                names = [variable.name for variable in change.uow.variables.all(grant.workspace.id)]
                raise NotFound(
                    ErrorCode.VARIABLE_MISSING,
                    sentence("there is no variable {name} here", name=name),
                    subject=name,
                    hint=meant(nearest(name, names), as_sentence("see `jobferry variable list`")),
                )
