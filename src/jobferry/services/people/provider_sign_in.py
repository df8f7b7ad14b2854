"""Signing in by an OpenID provider: who somebody is here, and the roles that their groups give them."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from jobferry.access.sealing import Sealer
from jobferry.errors import ErrorCode, InvalidRequest, JobferryError, StoreError, Unauthenticated
from jobferry.model.audit import AuditEvent
from jobferry.model.group_roles import GroupRole, operations_of, workspace_roles
from jobferry.model.names import USER_NAME
from jobferry.model.people import Member, User
from jobferry.model.rights import Role
from jobferry.oidc.pending import Pending
from jobferry.sentences import sentence
from jobferry.services.people.sign_in import SigningIn, Started, new_session
from jobferry.services.people.users import keep_operations
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.oidc.provider import Provider
    from jobferry.store import UnitOfWork

PENDING_MS = 10 * 60 * 1000
"""How long somebody may take at the provider."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_NAMES = 1000


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where browsers come back to, which claim names groups, and the roles that groups stand for."""

    redirect: str = ""
    groups: str = "groups"
    rules: Sequence[GroupRole] = ()


class ProviderSignIn:
    """Signs people in whom the provider knows; without a provider every call is refused.

    A sign-in that has begun is kept by whoever began it, sealed, so that any server can end it.
    """

    def __init__(
        self,
        runtime: Runtime,
        sealer: Callable[[], Sealer],
        signing: SigningIn,
        provider: Provider | None,
        settings: ProviderSettings,
    ) -> None:
        self._runtime = runtime
        self._sealer = sealer
        self._signing = signing
        self._provider = provider
        self._settings = settings

    @property
    def is_offered(self) -> bool:
        """Whether there is a provider."""
        return self._provider is not None

    def begin(self, redirect: str) -> tuple[str, str]:
        """The provider's address for a browser, and the sealed text that the end has to come with.

        Raises:
            InvalidRequest: there is no provider, or browsers may not be sent back to that address.
            Unauthenticated: the provider cannot be asked.
        """
        provider = self._offered()
        parts = urlsplit(redirect)
        is_here = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not is_here and redirect != self._settings.redirect:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence("browsers may not be sent back to {address}", address=redirect[:200]),
                subject="redirect",
                hint="set JOBFERRY_OIDC_REDIRECT to the console's address that the provider knows",
            )
        address, pending = provider.begin(redirect, self._runtime.now() + PENDING_MS)
        return address, urlsafe_b64encode(self._sealer().seal(msgspec.json.encode(pending))).decode()

    def end(self, sealed: str, code: str, state: str, origin: str) -> Started:
        """Begins a session for whom the provider has signed in; their roles become those of their groups.

        Raises:
            InvalidRequest: there is no provider.
            Unauthenticated: the sign-in is too old or another one, the provider's answer is refused, or the
                user is switched off.
            Conflict: nobody would be left with the operations role (``last-operations``).
        """
        provider = self._offered()
        now = self._runtime.now()
        try:
            claims = provider.claims(code, self._pending(sealed, state, now), now)
            with self._runtime.store.write() as uow:
                started = _Arriving(self._runtime, uow, provider.issuer, origin).sign_in(
                    claims, self._settings
                )
                uow.commit()
        except JobferryError:
            self._signing.note_refusal(origin, "oidc", now)
            raise
        return started

    def end_address(self) -> str:
        """Where a browser signs out of the provider, too; empty where there is none or it offers nothing.

        Raises:
            Unauthenticated: the provider cannot be asked.
        """
        return self._provider.end_address(self._settings.redirect) if self._provider else ""

    def _offered(self) -> Provider:
        if self._provider is None:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                "this platform has no sign-in provider",
                hint="sign in by name and password, or set JOBFERRY_OIDC_ISSUER and JOBFERRY_OIDC_CLIENT",
            )
        return self._provider

    def _pending(self, sealed: str, state: str, now: int) -> Pending:
        try:
            pending = msgspec.json.decode(self._sealer().unseal(urlsafe_b64decode(sealed)), type=Pending)
        except (StoreError, ValueError):
            pending = None
        is_same = pending is not None and hmac.compare_digest(pending.state.encode(), state.encode())
        if pending is None or not is_same or pending.expires_at <= now:
            raise Unauthenticated(
                ErrorCode.NOT_SIGNED_IN,
                "this sign-in was not begun here, or took too long",
                hint="sign in again, in one browser and within ten minutes",
            )
        return pending


class _Arriving:
    """One person who was signed in by the provider, in the transaction in which that is written."""

    def __init__(self, runtime: Runtime, uow: UnitOfWork, issuer: str, origin: str) -> None:
        self._runtime = runtime
        self._uow = uow
        self._issuer = issuer
        self._origin = origin

    def sign_in(self, claims: dict[str, Any], settings: ProviderSettings) -> Started:
        groups = _groups(claims, settings.groups)
        user = self._uow.people.user_of(self._issuer, str(claims["sub"])) or self._added(claims)
        if user.disabled:
            raise Unauthenticated(
                ErrorCode.NOT_SIGNED_IN,
                sentence("the user {name} is switched off here", name=user.name),
                subject=user.name,
                hint="ask somebody who has the operations role",
            )
        user = self._with_operations(user, operations_of(settings.rules, groups))
        self._join(user, workspace_roles(settings.rules, groups))
        started, session = new_session(user, self._origin, self._runtime.now())
        self._uow.people.add_session(session)
        self._note(user, "sign-in", kind="oidc")
        return started

    def _added(self, claims: dict[str, Any]) -> User:
        people = self._uow.people
        wanted = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        wanted = wanted if USER_NAME.match(wanted) else f"user-{self._runtime.new_id()[-8:]}"
        taken = {user.name.casefold() for user in people.users()}
        names = (wanted if number == 1 else f"{wanted[:59]}-{number}" for number in range(1, _NAMES))
        name = next(name for name in names if name.casefold() not in taken)
        user = User(id=self._runtime.new_id(), name=name, created_at=self._runtime.now())
        people.add_user(user)
        people.add_identity(self._issuer, str(claims["sub"]), user.id)
        self._note(user, "user-create", detail="oidc")
        return user

    def _with_operations(self, user: User, given: bool | None) -> User:
        if given is None or given == user.operations:
            return user
        changed = msgspec.structs.replace(user, operations=given)
        keep_operations(self._uow, changed)
        self._uow.people.replace_user(changed)
        self._note(user, "operations-give" if given else "operations-take", detail="oidc")
        return changed

    def _join(self, user: User, roles: dict[str, frozenset[Role]]) -> None:
        former = {member.workspace_id: member.roles for member in self._uow.members.of_user(user.id)}
        for name, given in roles.items():
            workspace = self._uow.workspaces.by_name(name)
            if workspace is None:
                continue
            had = former.get(workspace.id, frozenset())
            now = given | (had & {Role.OWNER})
            if now == had:
                continue
            self._uow.members.save(
                Member(workspace_id=workspace.id, user_id=user.id, user_name=user.name, roles=now)
            )
            event = self._event(user, "member-save" if now else "member-remove", "member", _listed(now))
            placed = msgspec.structs.replace(event, workspace_id=workspace.id, workspace=workspace.name)
            self._runtime.record(self._uow, placed)

    def _note(self, user: User, action: str, *, kind: str = "user", detail: str = "") -> None:
        self._runtime.record(self._uow, self._event(user, action, kind, detail))

    def _event(self, user: User, action: str, kind: str, detail: str) -> AuditEvent:
        return AuditEvent(
            at=self._runtime.now(),
            actor=user.name,
            action=action,
            origin=self._origin,
            kind=kind,
            subject=user.name,
            detail=detail,
        )


def _listed(roles: frozenset[Role]) -> str:
    return ", ".join(("oidc:", *sorted(roles))) if roles else "oidc"


def _groups(claims: dict[str, Any], claim: str) -> frozenset[str]:
    """No groups where the provider names none: what they gave is then taken away."""
    told = claims.get(claim, [])
    return frozenset([told] if isinstance(told, str) else [str(group) for group in told or []])
