"""Users: made, switched off and on, given the operations role, and their passwords."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Unpack

import msgspec

from jobferry.access.passwords import Passwords
from jobferry.access.sealing import Sealer
from jobferry.errors import (
    Conflict,
    ErrorCode,
    Forbidden,
    InvalidRequest,
    NotFound,
    StoreError,
    Unauthenticated,
)
from jobferry.model.audit import AuditOutcome
from jobferry.model.lists import PageOptions, UserFilter
from jobferry.model.names import USER_NAME
from jobferry.model.people import Caller, Scope, User
from jobferry.model.rights import Action
from jobferry.sentences import sentence
from jobferry.services.granting import allow_everywhere, everywhere
from jobferry.services.people.attempts import Attempts
from jobferry.services.runtime import Attempt, Runtime

if TYPE_CHECKING:
    from jobferry.store import People, UnitOfWork

_KIND = "user"

LINK_MS = 60 * 60 * 1000
"""How long a link to a first password is good."""


_PURPOSE = "first-password"
"""What is sealed into a link with its user and its end, so that no other sealed text is taken for one."""


class Users:
    """Everybody who can sign in."""

    def __init__(
        self,
        runtime: Runtime,
        passwords: Passwords,
        attempts: Attempts,
        sealer: Callable[[], Sealer],
    ) -> None:
        self._runtime = runtime
        self._passwords = passwords
        self._attempts = attempts
        self._sealer = sealer

    def page(
        self, caller: Caller, wanted: UserFilter = UserFilter(), **which: Unpack[PageOptions]
    ) -> tuple[int, list[User]]:
        """How many users fit, and one page of them, by name unless it is said.

        Raises:
            Forbidden: the caller is not operations.
        """
        allow_everywhere(self._runtime, caller, Action.USER_EDIT, kind=_KIND)
        with self._runtime.store.read() as snapshot:
            return snapshot.people.page(wanted, **which)

    def create(self, caller: Caller, name: str, *, password: str = "", operations: bool = False) -> User:
        """Makes a user. One without a password signs in by tokens and keys alone.

        Raises:
            Forbidden: the caller is not operations.
            InvalidRequest: the name or the password is not allowed.
            Conflict: the name is taken.
        """
        allow_everywhere(self._runtime, caller, Action.USER_EDIT, kind=_KIND, subject=name)
        grant = everywhere(caller)
        with self._runtime.attempt(grant, "user-create", kind=_KIND, subject=name) as attempt:
            _check_name(name)
            user = User(
                id=self._runtime.new_id(),
                name=name,
                password=self._chosen(password, name) if password else "",
                operations=operations,
                created_at=self._runtime.now(),
            )
            with attempt.change() as change:
                if any(one.name.casefold() == name.casefold() for one in change.uow.people.users()):
                    raise Conflict(
                        ErrorCode.NAME_TAKEN,
                        sentence("the user {name} exists already", name=name),
                        subject=name,
                    )
                change.uow.people.add_user(user)
                change.audit(detail="operations" if operations else "")
        return user

    def change(
        self, caller: Caller, name: str, *, disabled: bool | None = None, operations: bool | None = None
    ) -> User:
        """Switches a user off (which ends their sessions) or on, and gives or takes the operations role.

        Raises:
            Forbidden: the caller is not operations.
            NotFound: there is no such user.
            Conflict: nobody would be left with the operations role (``last-operations``).
        """
        allow_everywhere(self._runtime, caller, Action.USER_EDIT, kind=_KIND, subject=name)
        action = _changing(disabled, operations)
        with self._runtime.change(everywhere(caller), action, kind=_KIND, subject=name) as change:
            people = change.uow.people
            user = named_user(people, name)
            changed = msgspec.structs.replace(
                user,
                disabled=user.disabled if disabled is None else disabled,
                operations=user.operations if operations is None else operations,
            )
            keep_operations(change.uow, changed)
            change.no_row()
            if changed == user:
                return user
            people.replace_user(changed)
            if changed.disabled:
                people.remove_sessions(user_id=user.id)
            if changed.disabled != user.disabled:
                change.audit("user-disable" if changed.disabled else "user-enable")
            if changed.operations != user.operations:
                change.audit("operations-give" if changed.operations else "operations-take")
        return changed

    def set_password(self, caller: Caller, current: str, new: str) -> None:
        """Changes the caller's own password and ends all their sessions. Wrong guesses are limited.

        Raises:
            Forbidden: the present password is wrong, or the caller's token is limited.
            InvalidRequest: the new one is too short, too long or easy to guess (``weak-password``).
            TooManyAttempts: the present one was wrong too often of late.
        """
        now = self._runtime.now()
        if caller.scope != Scope():
            raise self._refused(caller, "a limited token cannot change a password", "sign in with a password")
        grant = everywhere(caller)
        with self._runtime.attempt(grant, "password-set", kind=_KIND, subject=caller.name) as attempt:
            begun = self._attempts.begin(caller.name, caller.origin, now)
            user = self._present(caller.name)
            if not self._passwords.is_right(user.password, current):
                raise self._refused(
                    caller, "the current password is wrong", "ask operations for a new one if it is forgotten"
                )
            self._attempts.take_back(begun)
            self._replace_password(attempt, user, self._chosen(new, user.name))

    def reset_password(self, caller: Caller, name: str, new: str) -> User:
        """Gives somebody another password and ends all their sessions; an empty one takes it away.

        Raises:
            Forbidden: the caller is not operations.
            NotFound: there is no such user.
            InvalidRequest: it is too short, too long or easy to guess (``weak-password``).
        """
        allow_everywhere(self._runtime, caller, Action.USER_EDIT, kind=_KIND, subject=name)
        grant = everywhere(caller)
        with self._runtime.attempt(grant, "password-reset", kind=_KIND, subject=name) as attempt:
            user = self._present(name)
            return self._replace_password(attempt, user, self._chosen(new, user.name) if new else "")

    def first_password_link(self, name: str) -> str:
        """What goes into a link by which a user who has no password chooses one, within an hour; empty where
        they have one, are switched off, or do not exist. Only for whoever runs the platform."""
        with self._runtime.store.read() as snapshot:
            user = snapshot.people.user_named(name)
        if user is None or user.disabled or user.password:
            return ""
        link = f"{_PURPOSE} {user.id} {self._runtime.now() + LINK_MS}"
        return urlsafe_b64encode(self._sealer().seal(link.encode())).decode()

    def set_first_password(self, link: str, new: str, origin: str) -> User:
        """Gives the user of a link their first password. With one, the link is good for nothing.

        Raises:
            Unauthenticated: the link is none of this platform's, is too old, or was used.
            InvalidRequest: the password is too short, too long or easy to guess (``weak-password``).
        """
        user = self._linked(link)
        caller = Caller(user_id=user.id, name=user.name, origin=origin)
        with self._runtime.attempt(
            everywhere(caller), "password-set", kind=_KIND, subject=user.name
        ) as attempt:
            return self._replace_password(attempt, user, self._chosen(new, user.name))

    def _linked(self, link: str) -> User:
        try:
            purpose, user_id, expires_at = self._sealer().unseal(urlsafe_b64decode(link)).decode().split(" ")
        except (StoreError, ValueError):
            raise _dead_link() from None
        with self._runtime.store.read() as snapshot:
            user = snapshot.people.user(user_id)
        is_over = purpose != _PURPOSE or int(expires_at) <= self._runtime.now()
        if is_over or user is None or user.disabled or user.password:
            raise _dead_link()
        return user

    def _present(self, name: str) -> User:
        with self._runtime.store.read() as snapshot:
            return named_user(snapshot.people, name)

    def _chosen(self, password: str, name: str) -> str:
        with self._runtime.store.read() as snapshot:
            platform = snapshot.platform()
        return self._passwords.chosen(password, [name, platform.name] if platform else [name])

    def _replace_password(self, attempt: Attempt, user: User, hashed: str) -> User:
        with attempt.change() as change:
            present = named_user(change.uow.people, user.name)
            if present.password != user.password:
                raise Conflict(
                    ErrorCode.TARGET_CHANGED,
                    sentence("the password of {name} was changed just now", name=user.name),
                    subject=user.name,
                    hint="try again if it should still be changed",
                )
            changed = msgspec.structs.replace(present, password=hashed)
            change.uow.people.replace_user(changed)
            change.uow.people.remove_sessions(user_id=user.id)
        return changed

    def _refused(self, caller: Caller, message: str, hint: str) -> Forbidden:
        outcome = AuditOutcome.REFUSED
        self._runtime.note(
            self._runtime.event(
                everywhere(caller), "password-set", kind=_KIND, subject=caller.name, outcome=outcome
            )
        )
        return Forbidden(ErrorCode.NOT_ALLOWED, message, subject=caller.name, hint=hint)


def _dead_link() -> Unauthenticated:
    return Unauthenticated(
        ErrorCode.NOT_SIGNED_IN,
        "the link is too old, was used already, or does not belong to this platform",
        hint="sign in if you have chosen a password already; else start `jobferry serve` again, which "
        "prints a new link",
    )


def _check_name(name: str) -> None:
    if not USER_NAME.match(name):
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            sentence("the user name {name} is not valid", name=repr(name[:64])),
            subject=name[:64],
            hint="use 1 to 64 letters, digits, Chinese letters, _, ., @ or -",
        )


def _changing(disabled: bool | None, operations: bool | None) -> str:
    """What an attempt that fails is called; one that succeeds has a row for each thing that changed."""
    if disabled is None:
        return "operations-give" if operations else "operations-take"
    return "user-disable" if disabled else "user-enable"


def named_user(people: People, name: str) -> User:
    """Raises: NotFound: there is no user of that name (``user-missing``)."""
    found = people.user_named(name)
    if found is None:
        raise NotFound(
            ErrorCode.USER_MISSING,
            sentence("there is no user {name} here", name=repr(name[:64])),
            subject=name[:64],
            hint="operations can make one: `jobferry user create`",
        )
    return found


def keep_operations(uow: UnitOfWork, changed: User) -> None:
    """Raises: Conflict: nobody else would have the operations role (``last-operations``)."""
    able = {user.id for user in uow.people.users() if user.operations and not user.disabled}
    is_able = changed.operations and not changed.disabled
    if not is_able and able == {changed.id}:
        raise Conflict(
            ErrorCode.LAST_OPERATIONS,
            sentence("the user {name} is the last one who has the operations role", name=changed.name),
            subject=changed.name,
            hint="give it to somebody else first: `jobferry user edit NAME --operations`",
        )
