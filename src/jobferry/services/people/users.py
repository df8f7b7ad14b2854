"""Users: made, switched off and on, given the operations role, and their passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jobferry.access.passwords import Passwords
from jobferry.errors import Conflict, ErrorCode, Forbidden, InvalidRequest, NotFound
from jobferry.model.audit import AuditOutcome
from jobferry.model.names import USER_NAME
from jobferry.model.people import Caller, Scope, User
from jobferry.model.rights import Action
from jobferry.services.granting import allow_everywhere, everywhere
from jobferry.services.people.sign_in import Attempts
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import People, UnitOfWork

_KIND = "user"


class Users:
    """Everybody who can sign in."""

    def __init__(self, runtime: Runtime, passwords: Passwords, attempts: Attempts) -> None:
        self._runtime = runtime
        self._passwords = passwords
        self._attempts = attempts

    def all(self, caller: Caller) -> list[User]:
        """All users, by name.

        Raises:
            Forbidden: the caller is not operations.
        """
        allow_everywhere(self._runtime, caller, Action.USER_EDIT, kind=_KIND)
        with self._runtime.store.read() as snapshot:
            return snapshot.people.users()

    def create(self, caller: Caller, name: str, *, password: str = "", operations: bool = False) -> User:
        """Makes a user. One without a password signs in by tokens and keys alone.

        Raises:
            Forbidden: the caller is not operations.
            InvalidRequest: the name or the password is not allowed.
            Conflict: the name is taken.
        """
        allow_everywhere(self._runtime, caller, Action.USER_EDIT, kind=_KIND, subject=name)
        if not USER_NAME.match(name):
            raise InvalidRequest(
                ErrorCode.INVALID_NAME,
                f"{name[:64]!r} is no name for a user",
                subject=name[:64],
                hint="use 1 to 64 letters, digits, Chinese letters, _, ., @ or -",
            )
        user = User(
            id=self._runtime.new_id(),
            name=name,
            password=self._chosen(password, name) if password else "",
            operations=operations,
            created_at=self._runtime.now(),
        )
        with self._runtime.store.write() as uow:
            if any(one.name.casefold() == name.casefold() for one in uow.people.users()):
                raise Conflict(ErrorCode.NAME_TAKEN, f"there is a user {name} already", subject=name)
            uow.people.add_user(user)
            self._record(uow, caller, "user-create", name, "operations" if operations else "")
            uow.commit()
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
        with self._runtime.store.write() as uow:
            user = named_user(uow.people, name)
            changed = msgspec.structs.replace(
                user,
                disabled=user.disabled if disabled is None else disabled,
                operations=user.operations if operations is None else operations,
            )
            _keep_operations(uow, changed)
            if changed == user:
                return user
            uow.people.replace_user(changed)
            if changed.disabled:
                uow.people.remove_sessions(user_id=user.id)
            if changed.disabled != user.disabled:
                self._record(uow, caller, "user-disable" if changed.disabled else "user-enable", user.name)
            if changed.operations != user.operations:
                given = changed.operations
                self._record(uow, caller, "operations-give" if given else "operations-take", user.name)
            uow.commit()
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
        self._attempts.begin(caller.name, caller.origin, now)
        with self._runtime.store.read() as snapshot:
            user = named_user(snapshot.people, caller.name)
        if not self._passwords.is_right(user.password, current):
            raise self._refused(
                caller, "the present password is wrong", "ask operations for a new one if it is forgotten"
            )
        self._attempts.take_back(caller.name, caller.origin, now)
        self._replace_password(caller, user, new, "password-set")

    def reset_password(self, caller: Caller, name: str, new: str) -> User:
        """Gives somebody another password and ends all their sessions; an empty one takes it away.

        Raises:
            Forbidden: the caller is not operations.
            NotFound: there is no such user.
            InvalidRequest: it is too short, too long or easy to guess (``weak-password``).
        """
        allow_everywhere(self._runtime, caller, Action.USER_EDIT, kind=_KIND, subject=name)
        with self._runtime.store.read() as snapshot:
            user = named_user(snapshot.people, name)
        return self._replace_password(caller, user, new, "password-reset")

    def _chosen(self, password: str, name: str) -> str:
        with self._runtime.store.read() as snapshot:
            platform = snapshot.platform()
        return self._passwords.chosen(password, [name, platform.name] if platform else [name])

    def _replace_password(self, caller: Caller, user: User, new: str, action: str) -> User:
        hashed = self._chosen(new, user.name) if new or action == "password-set" else ""
        with self._runtime.store.write() as uow:
            present = named_user(uow.people, user.name)
            if present.password != user.password:
                raise Conflict(
                    ErrorCode.TARGET_MOVED,
                    f"the password of {user.name} was changed just now",
                    subject=user.name,
                    hint="try again if it should be another one still",
                )
            changed = msgspec.structs.replace(present, password=hashed)
            uow.people.replace_user(changed)
            uow.people.remove_sessions(user_id=user.id)
            self._record(uow, caller, action, user.name)
            uow.commit()
        return changed

    def _record(self, uow: UnitOfWork, caller: Caller, action: str, name: str, detail: str = "") -> None:
        event = self._runtime.event(everywhere(caller), action, kind=_KIND, subject=name, detail=detail)
        self._runtime.record(uow, event)

    def _refused(self, caller: Caller, message: str, hint: str) -> Forbidden:
        outcome = AuditOutcome.REFUSED
        self._runtime.note(
            self._runtime.event(
                everywhere(caller), "password-set", kind=_KIND, subject=caller.name, outcome=outcome
            )
        )
        return Forbidden(ErrorCode.NOT_ALLOWED, message, subject=caller.name, hint=hint)


def named_user(people: People, name: str) -> User:
    """Raises: NotFound: there is no user of that name (``user-missing``)."""
    found = people.user_named(name)
    if found is None:
        raise NotFound(
            ErrorCode.USER_MISSING,
            f"there is no user {name[:64]!r} here",
            subject=name[:64],
            hint="operations can make one: jobferry user create",
        )
    return found


def _keep_operations(uow: UnitOfWork, changed: User) -> None:
    able = {one.id for one in uow.people.users() if one.operations and not one.disabled}
    is_able = changed.operations and not changed.disabled
    if not is_able and able == {changed.id}:
        raise Conflict(
            ErrorCode.LAST_OPERATIONS,
            f"{changed.name} is the last one who has the operations role",
            subject=changed.name,
            hint="give it to somebody else first: jobferry user operations NAME",
        )
