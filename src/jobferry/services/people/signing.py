"""Signing in: who sent a request, and sessions of browsers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from jobferry.access.callers import (
    COOKIE,
    SAFE_COOKIE,
    Known,
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
from jobferry.model.people import BrowserSession, Caller, User
from jobferry.services.ground import Ground
from jobferry.services.people.attempts import Attempts, Refusals, Refused, network_of
from jobferry.services.people.uses import ABSOLUTE_MS, Uses, session_end

__all__ = ["ABSOLUTE_MS", "COOKIE", "SAFE_COOKIE", "SignedRequest", "SigningIn", "Started", "session_secret"]

_events = Events("people")

_SIGN_IN = "sign-in"


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
        ground: Ground,
        sealer: Callable[[], Sealer],
        passwords: Passwords,
        attempts: Attempts,
        *,
        folder_token: str = "",
    ) -> None:
        self._ground = ground
        self._sealer = sealer
        self._passwords = passwords
        self._folder_token = token_hash(folder_token) if folder_token else ""
        self._attempts = attempts
        self._refusals = Refusals()
        self._uses = Uses()

    def authenticate(self, request: SignedRequest, origin: str = "") -> Caller:
        """Who sent this request from that address.

        Raises:
            Unauthenticated: nobody, or with credentials that are wrong.
            Forbidden: a session's request lacks its CSRF token.
        """
        now = self._ground.now()
        try:
            with self._ground.store.read() as snapshot:
                known = authenticate(request, snapshot.people, self._sealer(), now, self._folder_token)
        except (Unauthenticated, Forbidden):
            if means := means_of(request):
                self._note_refused(self._refusals.add(network_of(origin), means, now))
            raise
        self._note_use(known, now)
        return _caller(known, origin)

    def sign_in(self, name: str, password: str, origin: str = "") -> Started:
        """Begins a session.

        Raises:
            Unauthenticated: there is no such user, or the password is wrong; nobody is told which.
            TooManyAttempts: there were too many wrong ones of late.
        """
        now = self._ground.now()
        try:
            self._attempts.begin(name, origin, now)
        except TooManyAttempts:
            self._note_refused(self._refusals.add(network_of(origin), "password", now))
            raise
        with self._ground.store.read() as snapshot:
            user = snapshot.people.user_named(name)
        is_right = self._passwords.is_right(user.password if user else "", password)
        if user is None or user.disabled or not is_right:
            self._ground.note(self._event(user, origin, AuditOutcome.REFUSED))
            raise Unauthenticated(
                ErrorCode.NOT_SIGNED_IN,
                "there is no user of that name, or the password is wrong",
                hint="check both; operations can set a new password (jobferry user password NAME)",
            )
        self._attempts.take_back(name, origin, now)
        return self._begin(user, password, origin)

    def csrf_token(self, request: SignedRequest) -> str:
        """The CSRF token of the session that a request came with; empty without one."""
        secret = session_secret(request)
        return csrf_token(secret) if secret else ""

    def sign_out(self, request: SignedRequest, caller: Caller) -> None:
        """Ends the session that the request came with."""
        with self._ground.store.write() as uow:
            uow.people.remove_session(token_hash(session_secret(request)))
            self._ground.record(uow, self._out(caller, "this session"))
            uow.commit()

    def sign_out_everywhere(self, caller: Caller) -> int:
        """Ends all sessions of a user; how many there were."""
        with self._ground.store.write() as uow:
            ended = uow.people.remove_sessions(user_id=caller.user_id)
            self._ground.record(uow, self._out(caller, f"sessions={ended}"))
            uow.commit()
        return ended

    def write_down(self, *, everything: bool = False) -> None:
        """Writes last uses and refused attempts that have gathered; what cannot be written waits."""
        now = self._ground.now()
        self._note_refused(self._refusals.due(None if everything else now))
        if self._uses.is_empty():
            return
        try:
            with self._ground.store.write() as uow:
                self._uses.write(uow)
                uow.commit()
        except StoreError as error:
            _events.say("warning", "last-uses-not-written", reason=error.message)

    def end_old_sessions(self) -> int:
        """Forgets sessions that have expired."""
        with self._ground.store.write() as uow:
            ended = uow.people.remove_sessions(expired_before=self._ground.now())
            uow.commit()
        return ended

    def _begin(self, user: User, password: str, origin: str) -> Started:
        now = self._ground.now()
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
        newer = self._passwords.hashed(password) if self._passwords.is_outdated(user.password) else ""
        with self._ground.store.write() as uow:
            present = uow.people.user(user.id)
            if present is None or present.disabled or present.password != user.password:
                raise Unauthenticated(
                    ErrorCode.NOT_SIGNED_IN, "the user was changed just now", hint="sign in again"
                )
            if newer:
                uow.people.replace_user(msgspec.structs.replace(present, password=newer))
            uow.people.add_session(session)
            self._ground.record(uow, self._event(user, origin, AuditOutcome.DONE))
            uow.commit()
        return Started(user, secret, csrf, session.expires_at)

    def _note_use(self, known: Known, now: int) -> None:
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
                self._ground.note(
                    AuditEvent(
                        at=self._ground.now(),
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
            at=self._ground.now(),
            actor=name,
            action=_SIGN_IN,
            origin=origin,
            kind="password",
            subject=name,
            outcome=outcome,
            detail="" if user else "unknown user",
        )

    def _out(self, caller: Caller, detail: str) -> AuditEvent:
        return AuditEvent(
            at=self._ground.now(),
            actor=caller.name,
            action="sign-out",
            origin=caller.origin,
            kind="session",
            subject=caller.name,
            detail=detail,
        )


def _caller(known: Known, origin: str) -> Caller:
    user = known.user
    return Caller(
        user_id=user.id, name=user.name, operations=user.operations, scope=known.scope, origin=origin
    )
