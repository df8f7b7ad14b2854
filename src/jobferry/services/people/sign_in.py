"""Signing in: who sent a request, sessions of browsers, wrong passwords, last uses of credentials."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.access.callers import (
    COOKIE,
    SAFE_COOKIE,
    Identity,
    authenticate,
    csrf_token,
    means_of,
    session_secret,
)
from jobferry.access.passwords import Passwords
from jobferry.access.sealing import Sealer, new_token, token_hash
from jobferry.access.signature import SignedRequest
from jobferry.errors import ErrorCode, Forbidden, StoreError, TooManyAttempts, Unauthenticated
from jobferry.events import Events
from jobferry.model.audit import AuditEvent, AuditOutcome
from jobferry.model.parts import SESSIONS
from jobferry.model.people import BrowserSession, Caller, User
from jobferry.sentences import sentence
from jobferry.services.granting import everywhere
from jobferry.services.people.attempts import Attempts, network_of
from jobferry.services.people.known_records import KnownRecords
from jobferry.services.runtime import Change, Runtime, refuse_read_only

if TYPE_CHECKING:
    from jobferry.store import UnitOfWork

_MINUTE_MS = 60_000
DAY_MS = 24 * 60 * _MINUTE_MS
_ORIGINS = 256
_OTHERS = "others"


class Refused(NamedTuple):
    """How often an origin was refused in one minute, and why."""

    minute: int
    origin: str
    reason: str
    times: int


class Refusals:
    """Refused credentials by origin and minute, so that a flood of them is a few rows of the audit.

    The first of an origin in a minute is told at once, the others together when the minute is over.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[int, str, str], int] = {}

    def add(self, origin: str, reason: str, now: int) -> list[Refused]:
        """Counts one; gives what is to be told now."""
        minute = now - now % _MINUTE_MS
        with self._lock:
            told = self._over(minute)
            here = {key[1] for key in self._counts}
            network = origin if origin in here or len(here) < _ORIGINS else _OTHERS
            key = (minute, network, reason)
            if key in self._counts:
                self._counts[key] += 1
            else:
                self._counts[key] = 0
                told.append(Refused(minute, network, reason, 1))
            return told

    def due(self, now: int | None = None) -> list[Refused]:
        """What has been counted in minutes that are over, or in all."""
        with self._lock:
            return self._over(None if now is None else now - now % _MINUTE_MS)

    def put_back(self, refused: Iterable[Refused]) -> None:
        """What could not be told; it is told later."""
        with self._lock:
            for one in refused:
                key = (one.minute, one.origin, one.reason)
                self._counts[key] = self._counts.get(key, 0) + one.times

    def _over(self, minute: int | None) -> list[Refused]:
        ended = [key for key in self._counts if minute is None or key[0] < minute]
        counts = [(key, self._counts.pop(key)) for key in ended]
        return [Refused(*key, times) for key, times in counts if times]


IDLE_MS = 8 * 60 * 60 * 1000
"""How long a session may go unused."""
ABSOLUTE_MS = 7 * 24 * 60 * 60 * 1000
"""How long a session may last."""


class Uses:
    """Last uses that are not written yet; what was written less than a minute ago is not noted.

    When that was, the store says where it was asked, and for what is remembered this does.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._sessions: dict[str, tuple[int, int]] = {}
        self._written: dict[str, int] = {}

    def token(self, token_id: str, used_at: int, now: int) -> None:
        """A token was used; ``used_at`` is what the store said."""
        if self._is_due(token_id, used_at, now):
            with self._lock:
                self._tokens[token_id] = now

    def key(self, access_key: str, used_at: int, now: int) -> None:
        """The same for a key pair."""
        if self._is_due(access_key, used_at, now):
            with self._lock:
                self._keys[access_key] = now

    def session(self, session: BrowserSession, now: int) -> None:
        """The same for a session; its idle time begins anew."""
        if self._is_due(session.hash, session.seen_at, now):
            with self._lock:
                self._sessions[session.hash] = (now, session_end(session.created_at, now))

    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self._tokens or self._keys or self._sessions)

    def write(self, uow: UnitOfWork) -> None:
        """Writes what has gathered. If the transaction fails, it is noted again at a use a minute later."""
        with self._lock:
            tokens, self._tokens = self._tokens, {}
            keys, self._keys = self._keys, {}
            sessions, self._sessions = self._sessions, {}
            seen = {session: at for session, (at, _) in sessions.items()}
            latest = max((*tokens.values(), *keys.values(), *seen.values()), default=0)
            recent = {one: at for one, at in self._written.items() if latest - at < _MINUTE_MS}
            self._written = recent | tokens | keys | seen
        if tokens or keys:
            used = max((*tokens.values(), *keys.values()))
            uow.people.note_use(token_ids=list(tokens), access_keys=list(keys), at=used)
        for session_hash, (at, ends) in sessions.items():
            uow.people.seen_session(session_hash, at=at, expires_at=ends)

    def _is_due(self, credential: str, used_at: int, now: int) -> bool:
        return now - max(used_at, self._written.get(credential, 0)) >= _MINUTE_MS


def session_end(created_at: int, seen_at: int) -> int:
    """When a session that was seen then ends by itself."""
    return min(seen_at + IDLE_MS, created_at + ABSOLUTE_MS)


__all__ = ["ABSOLUTE_MS", "COOKIE", "SAFE_COOKIE", "SignedRequest", "SigningIn", "Started", "session_secret"]

_events = Events("people")

_SIGN_IN = "sign-in"


class SignInRules(NamedTuple):
    """Whether passwords sign in, and for how long a sign-in by the provider confirms its user."""

    takes_passwords: bool = True
    confirm_ms: int = 30 * DAY_MS


class Started(NamedTuple):
    """A session that has begun: its secret goes into the cookie, its CSRF token to the page's own code."""

    user: User
    secret: str
    csrf_token: str
    expires_at: int


class SigningIn:
    """Finds out who is calling, and keeps browsers signed in.

    ``folder_token`` signs in the owner of the data folder as long as this process lives.
    """

    def __init__(
        self,
        runtime: Runtime,
        sealer: Callable[[], Sealer],
        passwords: Passwords,
        attempts: Attempts,
        *,
        folder_token: str = "",
        rules: SignInRules = SignInRules(),
    ) -> None:
        self.takes_passwords = rules.takes_passwords
        self._confirm_ms = rules.confirm_ms
        self._runtime = runtime
        self._sealer = sealer
        self._passwords = passwords
        self._folder_token = token_hash(folder_token) if folder_token else ""
        self._attempts = attempts
        self._refusals = Refusals()
        self._uses = Uses()

    def authenticate(self, request: SignedRequest, origin: str = "") -> Caller:
        """Who sent this request from that address.

        Raises:
            Unauthenticated: nobody, with credentials that are wrong, or a user who is not confirmed any more.
            Forbidden: a session's request lacks its CSRF token.
        """
        now = self._runtime.now()
        try:
            with self._runtime.store.read() as snapshot:
                records = KnownRecords(snapshot, now)
                known = authenticate(request, records, self._sealer(), now, self._folder_token)
            if not known.by_folder:
                self._refuse_unconfirmed(known.user, now)
        except (Unauthenticated, Forbidden):
            if means := means_of(request):
                self.note_refusal(origin, means, now)
            raise
        self._note_use(known, now)
        return _caller(known, origin)

    def is_tried(self, request: SignedRequest) -> bool:
        """Whether a request wants to sign in with anything at all."""
        return bool(means_of(request))

    def sign_in(self, name: str, password: str, origin: str = "") -> Started:
        """Begins a session.

        Raises:
            Unauthenticated: there is no such user, or the password is wrong; nobody is told which. Or
                passwords are switched off.
            TooManyAttempts: there were too many wrong ones of late.
        """
        self.refuse_passwords_off()
        now = self._runtime.now()
        try:
            attempt = self._attempts.begin(name, origin, now)
        except TooManyAttempts:
            self.note_refusal(origin, "password", now)
            raise
        with self._runtime.store.read() as snapshot:
            user = snapshot.people.user_named(name)
        is_right = self._passwords.is_right(user.password if user else "", password)
        if user is None or user.disabled or not is_right:
            self._runtime.note(self._event(user, origin, AuditOutcome.REFUSED))
            _events.say("info", "sign-in-refused", origin=origin, known=user is not None)
            raise Unauthenticated(
                ErrorCode.NOT_SIGNED_IN,
                "there is no user of that name, or the password is wrong",
                hint="check both; operations can set a new password (`jobferry user password NAME`)",
            )
        try:
            self._refuse_unconfirmed(user, now)
        except Unauthenticated:
            self.note_refusal(origin, "password", now)
            raise
        return self._begin(user, password, origin, attempt)

    def refuse_passwords_off(self) -> None:
        """Raises: Unauthenticated: nobody signs in by password here."""
        if not self.takes_passwords:
            raise Unauthenticated(
                ErrorCode.NOT_SIGNED_IN,
                "signing in by password is switched off on this platform",
                hint="sign in by the provider; on the platform's own machine, commands with --data "
                "still work",
            )

    def note_refusal(self, origin: str, means: str, now: int) -> None:
        """Counts somebody who was refused, and tells the audit."""
        self._note_refused(self._refusals.add(network_of(origin), means, now))

    def csrf_token(self, request: SignedRequest) -> str:
        """The CSRF token of the session that a request came with; empty without one."""
        secret = session_secret(request)
        return csrf_token(secret) if secret else ""

    def sign_out(self, request: SignedRequest, caller: Caller) -> None:
        """Ends the session that the request came with."""
        with self._out(caller) as change:
            change.uow.people.remove_session(token_hash(session_secret(request)))
            change.audit(detail="this session")

    def sign_out_everywhere(self, caller: Caller) -> int:
        """Ends all sessions of a user; how many there were.

        Raises:
            Forbidden: the caller's token is for reading only.
        """
        refuse_read_only(caller)
        with self._out(caller) as change:
            ended = change.uow.people.remove_sessions(user_id=caller.user_id)
            change.audit(detail=f"sessions={ended}")
        return ended

    def write_down(self, *, everything: bool = False) -> None:
        """Writes last uses and refused attempts that have gathered; what cannot be written waits."""
        now = self._runtime.now()
        self._note_refused(self._refusals.due(None if everything else now))
        if self._uses.is_empty():
            return
        try:
            with self._runtime.store.write(only=SESSIONS) as uow:
                self._uses.write(uow)
                uow.commit()
        except StoreError as error:
            _events.say("warning", "last-uses-not-written", reason=error.message)

    def end_old_sessions(self) -> int:
        """Forgets sessions that have expired, and wrong passwords that do not count any more."""
        now = self._runtime.now()
        with self._runtime.store.write(only=SESSIONS) as uow:
            ended = uow.people.remove_sessions(expired_before=now)
            self._attempts.forget_old(uow, now)
            uow.commit()
        return ended

    def _begin(self, user: User, password: str, origin: str, attempt: str) -> Started:
        started, session = new_session(user, origin, self._runtime.now())
        newer = self._passwords.hashed(password) if self._passwords.is_outdated(user.password) else ""
        with self._runtime.store.write(only=SESSIONS) as uow:
            present = uow.people.user(user.id)
            if present is None or present.disabled or present.password != user.password:
                raise Unauthenticated(
                    ErrorCode.NOT_SIGNED_IN, "the user was changed just now", hint="sign in again"
                )
            if newer:
                uow.people.replace_user(msgspec.structs.replace(present, password=newer))
            uow.people.add_session(session)
            uow.people.note_sign_in(user.id, at=session.created_at, by_provider=False)
            uow.attempts.remove(attempt)
            self._runtime.record(uow, self._event(user, origin, AuditOutcome.DONE))
            uow.commit()
        return started

    def _refuse_unconfirmed(self, user: User, now: int) -> None:
        if user.confirmed_at and user.confirmed_at + self._confirm_ms <= now:
            raise Unauthenticated(
                ErrorCode.NOT_SIGNED_IN,
                sentence(
                    "the sign-in provider has not confirmed the user {name} for {days:day}",
                    name=user.name,
                    days=self._confirm_ms // DAY_MS,
                ),
                subject=user.name,
                hint="sign in to the console by the provider; your tokens and keys then work again",
            )

    def _note_use(self, known: Identity, now: int) -> None:
        if known.token_id:
            self._uses.token(known.token_id, known.used_at, now)
        elif known.access_key:
            self._uses.key(known.access_key, known.used_at, now)
        elif known.session is not None:
            self._uses.session(known.session, now)

    def _note_refused(self, refused: list[Refused]) -> None:
        """A refusal is answered whether or not it can be written; then it is counted for later."""
        for position, one in enumerate(refused):
            try:
                self._runtime.note(
                    AuditEvent(
                        at=self._runtime.now(),
                        actor="",
                        action=_SIGN_IN,
                        origin=one.origin,
                        kind=one.reason,
                        outcome=AuditOutcome.REFUSED,
                        detail=f"count={one.times}",
                    )
                )
            except StoreError:
                self._refusals.put_back(refused[position:])
                return

    def _event(self, user: User | None, origin: str, outcome: AuditOutcome) -> AuditEvent:
        """A name that nobody has is not kept: it may be a password that was typed into the wrong field."""
        name = user.name if user else ""
        return AuditEvent(
            at=self._runtime.now(),
            actor=name,
            action=_SIGN_IN,
            origin=origin,
            kind="password",
            subject=name,
            outcome=outcome,
            detail="" if user else "unknown user",
        )

    def _out(self, caller: Caller) -> AbstractContextManager[Change]:
        return self._runtime.change(
            everywhere(caller), "sign-out", kind="session", subject=caller.name, only=SESSIONS
        )


def new_session(user: User, origin: str, now: int) -> tuple[Started, BrowserSession]:
    """A session that begins now, and how it is kept."""
    secret = new_token()
    csrf = csrf_token(secret)
    session = BrowserSession(
        hash=token_hash(secret),
        csrf_hash=token_hash(csrf),
        user_id=user.id,
        origin=origin,
        created_at=now,
        seen_at=now,
        expires_at=session_end(now, now),
    )
    return Started(user, secret, csrf, session.expires_at), session


def _caller(known: Identity, origin: str) -> Caller:
    user = known.user
    return Caller(
        user_id=user.id, name=user.name, operations=user.operations, scope=known.scope, origin=origin
    )
