"""Signing in by an OpenID provider: who somebody is here, and the roles that their groups give them."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import msgspec

from jobferry.access.sealing import Sealer
from jobferry.errors import ErrorCode, InvalidRequest, JobferryError, StoreError, Unauthenticated
from jobferry.events import Events
from jobferry.model.audit import AuditEvent
from jobferry.model.document.times import written
from jobferry.model.group_roles import GroupRole, operations_of, workspace_roles
from jobferry.model.names import USER_NAME
from jobferry.model.parts import NOTICES
from jobferry.model.people import About, AboutKind, Member, Notice, NoticeCode, User
from jobferry.model.rights import Role
from jobferry.oidc.pending import Pending
from jobferry.sentences import as_sentence, sentence
from jobferry.services.people.attempts import Attempts, network_of
from jobferry.services.people.sign_in import DAY_MS, SigningIn, Started, new_session
from jobferry.services.people.users import keep_operations
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.oidc.provider import Provider
    from jobferry.store import UnitOfWork

CODES_PER_SIGN_IN = 5
CODES_PER_NETWORK = 20
"""How many failed codes the provider is asked about within five minutes."""
PENDING_MS = 10 * 60 * 1000
"""How long somebody may take at the provider."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_NAMES = 1000
_WARNED_MS = 7 * DAY_MS

_Groups = str | Annotated[tuple[str, ...], msgspec.Meta(max_length=5_000)]
_events = Events("people")


class _Person(msgspec.Struct, frozen=True):
    """The claims that name a user; a database can hold the subject."""

    sub: Annotated[str, msgspec.Meta(pattern=r"^[^\x00\ud800-\udfff]+$")]
    preferred_username: str | None = None
    email: str | None = None


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where browsers come back to, which claim names groups, and the roles that groups stand for.

    A sign-in confirms its user for ``confirm_ms``.
    """

    redirect: str = ""
    confirm_ms: int = 30 * DAY_MS
    groups: str = "groups"
    rules: Sequence[GroupRole] = ()

    def due(self, now: int) -> tuple[int, int]:
        """Return from when to when users were confirmed who are warned now: seven days before the end.

        No user is warned on the day of the sign-in.
        """
        return now - self.confirm_ms + 1, now - max(self.confirm_ms - _WARNED_MS, DAY_MS)


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
        self._attempts = Attempts(runtime, sealer, per_name=CODES_PER_SIGN_IN, per_network=CODES_PER_NETWORK)

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
            TooManyAttempts: too many failed recently; the provider is not asked.
            Conflict: nobody would be left with the operations role (``last-operations``).
        """
        provider = self._offered()
        now = self._runtime.now()
        try:
            pending = self._pending(sealed, state, now)
            attempt = self._attempts.begin(f"code {pending.state}", f"code {network_of(origin)}", now)
            claims = provider.claims(code, pending, now)
            person: _Person = _typed(claims, _Person, "sub")
            groups = _groups(claims, self._settings.groups)
            with self._runtime.store.write() as uow:
                arriving = _Arriving(self._runtime, uow, provider.issuer, origin)
                started = arriving.sign_in(person, groups, self._settings)
                uow.attempts.remove(attempt)
                uow.commit()
        except JobferryError as error:
            _events.say("info", "sign-in-refused", origin=origin, means="oidc", reason=error.message)
            self._signing.note_refusal(origin, "oidc", now)
            raise
        return started

    def end_address(self) -> str:
        """Where a browser signs out of the provider, too; empty where there is none or it offers nothing.

        Raises:
            Unauthenticated: the provider cannot be asked.
        """
        return self._provider.end_address(self._settings.redirect) if self._provider else ""

    def warn_unconfirmed(self) -> None:
        """Notify users with tokens or keys whose confirmation ends soon, once for each confirmation."""
        now = self._runtime.now()
        with self._runtime.store.write(only=NOTICES) as uow:
            for user in uow.people.confirmed_between(*self._settings.due(now), now=now):
                id_, code = f"confirm-{user.id}-{user.confirmed_at}", NoticeCode.SIGN_IN_DUE
                about = About(workspace_id="", kind=AboutKind.USER, id=user.id, name=user.name)
                args = {"until": written(user.confirmed_at + self._settings.confirm_ms)}
                if not uow.notices.known(user.id, [id_]):
                    uow.notices.add(
                        Notice(id=id_, user_id=user.id, code=code, at=now, about=about, args=args)
                    )
            uow.commit()

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

    def sign_in(self, person: _Person, groups: frozenset[str], settings: ProviderSettings) -> Started:
        user = self._uow.people.user_of(self._issuer, person.sub) or self._added(person)
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
        self._uow.people.note_sign_in(user.id, at=session.created_at, by_provider=True)
        self._note(user, "sign-in", kind="oidc")
        return started

    def _added(self, person: _Person) -> User:
        people = self._uow.people
        wanted = person.preferred_username or person.email or person.sub
        wanted = wanted if USER_NAME.match(wanted) else f"user-{self._runtime.new_id()[-8:]}"
        taken = {user.name.casefold() for user in people.users()}
        names = (wanted if number == 1 else f"{wanted[:59]}-{number}" for number in range(1, _NAMES))
        name = next(name for name in names if name.casefold() not in taken)
        user = User(id=self._runtime.new_id(), name=name, created_at=self._runtime.now())
        people.add_user(user)
        people.add_identity(self._issuer, person.sub, user.id)
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
    groups = _typed(claims.get(claim, ()), _Groups, claim)
    return frozenset((groups,) if isinstance(groups, str) else groups)


def _typed(value: Any, kind: Any, claim: str) -> Any:
    """Raises: Unauthenticated: the value is of another type."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Unauthenticated(
            ErrorCode.NOT_SIGNED_IN,
            sentence(
                "the sign-in provider's claim {claim} cannot be used: {reason}",
                claim=claim,
                reason=as_sentence(str(error)),
            ),
            subject=claim,
            hint="have the provider send names as text, and groups as a list of at most 5,000 names",
        ) from None
