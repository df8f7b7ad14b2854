"""The bodies that calls about people take. Unknown keys are refused by name."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from jobferry.model.people import Scope
from jobferry.model.rights import Role
from jobferry.services.people.credentials import DEFAULT_DAYS


class _Body(BaseModel):
    # what pydantic says about a value that does not fit must not repeat it: it may be a password
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class NewSession(_Body):
    """Who signs in, and by which password."""

    name: str
    password: str


class NewUser(_Body):
    """A user to be made; without a password they sign in by tokens and keys alone."""

    name: str
    password: str = ""
    operations: bool = False


class UserChange(_Body):
    """What to change about a user."""

    disabled: bool | None = None
    operations: bool | None = None


class PasswordChange(_Body):
    """One's own password, and the one that takes its place."""

    current: str
    new: str


class PasswordReset(_Body):
    """Somebody's new password; an empty one takes it away."""

    new: str


class AuditAcceptance(_Body):
    """Why rows are missing at the audit's end."""

    reason: str = Field(pattern=r"\S", max_length=300)


class NewToken(_Body):
    """A token to be made, good for so many days. Workspaces are names or ids; none stands for all."""

    name: str
    days: int = DEFAULT_DAYS
    read_only: bool = False
    workspaces: list[str] = []

    @property
    def scope(self) -> Scope:
        return Scope(read_only=self.read_only, workspaces=tuple(self.workspaces))


class KeyRotation(_Body):
    """For how many hours the former pair stays good; none said: until it is disabled, 0: not at all."""

    grace_hours: int | None = None


class MemberRoles(_Body):
    """The roles of a member."""

    roles: list[Role]


class NewOwner(_Body):
    """Who is to own the workspace."""

    user: str


class PolicyBody(_Body):
    """In which directories which members may work."""

    directories: list[str]
    users: list[str] = []
    roles: list[Role] = []


class NoticesRead(_Body):
    """Which notices were read; none stands for all."""

    ids: list[str] = []
