"""What calls about people answer with, for the API's description. Secrets are shown once, when made."""

from __future__ import annotations

from jobferry.api.late import Shape
from jobferry.model.audit import AuditBreach, AuditOutcome
from jobferry.model.people import NoticeCode
from jobferry.model.rights import Action, Role


class SessionAnswer(Shape):
    """A browser's session. ``csrf_token`` goes into X-CSRF-Token of every call that changes something."""

    name: str
    csrf_token: str


class EndedAnswer(Shape):
    """How many sessions were ended."""

    ended: int


class PlaceAnswer(Shape):
    """A workspace, and what the caller is and may do there."""

    id: str
    name: str
    roles: list[Role]
    actions: list[Action]


class MeAnswer(Shape):
    """Who the caller is, how far their token goes, and what they may do."""

    id: str
    name: str
    operations: bool
    read_only: bool
    actions: list[Action]
    workspaces: list[PlaceAnswer]


class UserAnswer(Shape):
    """A user. ``password``: whether there is one."""

    id: str
    name: str
    operations: bool
    disabled: bool
    password: bool
    created_at: int


class UserList(Shape):
    """All users, by name."""

    total: int
    items: list[UserAnswer]


class TokenAnswer(Shape):
    """A token. ``workspaces`` are ids, none stands for all; times are 0 for never."""

    id: str
    name: str
    read_only: bool
    workspaces: list[str]
    created_at: int
    expires_at: int
    used_at: int


class NewTokenAnswer(TokenAnswer):
    """A token that was just made, with its secret."""

    token: str
    credentials_file_removed: bool


class TokenList(Shape):
    """All tokens of a user, by name."""

    total: int
    items: list[TokenAnswer]


class KeyAnswer(Shape):
    """A key pair; ``expires_at`` is set where it was rotated and is good for a while still."""

    access_key: str
    disabled: bool
    created_at: int
    expires_at: int
    used_at: int


class NewKeyAnswer(KeyAnswer):
    """A key pair that was just made, with its secret."""

    secret_key: str
    credentials_file_removed: bool


class KeyList(Shape):
    """All key pairs of a user, in order of making."""

    total: int
    items: list[KeyAnswer]


class RemovedAnswer(Shape):
    """A credential is gone or disabled, and maybe the first start's file with it."""

    credentials_file_removed: bool


class MemberAnswer(Shape):
    """A member of a workspace."""

    user: str
    roles: list[Role]


class MemberList(Shape):
    """All members, by name."""

    total: int
    items: list[MemberAnswer]


class PolicyAnswer(Shape):
    """A directory policy."""

    name: str
    directories: list[str]
    users: list[str]
    roles: list[Role]


class PolicyList(Shape):
    """All directory policies of a workspace, by name."""

    total: int
    items: list[PolicyAnswer]


class AuditRowAnswer(Shape):
    """What was done or refused, by whom, from where."""

    number: int
    at: int
    actor: str
    action: str
    origin: str
    workspace_id: str
    workspace: str
    kind: str
    subject: str
    outcome: AuditOutcome
    detail: str
    mark: str


class AuditList(Shape):
    """How many rows fit in all, and one page of them, newest first."""

    total: int
    items: list[AuditRowAnswer]


class FaultAnswer(Shape):
    """The first place that is not as it was written."""

    number: int
    breach: AuditBreach


class VerificationAnswer(Shape):
    """What came of looking at every row. ``removed_until`` is the last row that retention has removed,
    ``anchored`` the one at which the anchor stands (0: there is none that can be read)."""

    whole: bool
    rows: int
    last: int
    removed_until: int
    anchored: int
    fault: FaultAnswer | None


class NoticeAnswer(Shape):
    """A notice, in the caller's language; ``read_at`` is 0 while it is unread."""

    id: str
    code: NoticeCode
    at: int
    args: dict[str, str]
    message: str
    remedy: str
    link: str
    read_at: int


class NoticeList(Shape):
    """How many notices there are, and one page, newest first."""

    total: int
    items: list[NoticeAnswer]


class ReadAnswer(Shape):
    """How many notices were marked."""

    marked: int
