"""What users sign in with besides passwords: API tokens and AK/SK pairs, each shown once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, Unpack

import msgspec

from jobferry.access.sealing import Sealer, new_access_key, new_secret_key, new_token, token_hash
from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.lists import PageOptions
from jobferry.model.names import TOKEN_NAME
from jobferry.model.people import TOKEN_DAYS, AccessKey, Caller, Scope, Token, User
from jobferry.sentences import Sentence, sentence
from jobferry.services.granting import allow_own, everywhere
from jobferry.services.people.users import named_user
from jobferry.services.runtime import Change, Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot, UnitOfWork

MOST_DAYS = 365
_DAY_MS = 24 * 60 * 60 * 1000
_HOUR_MS = 60 * 60 * 1000
_MOST_GRACE_HOURS = 30 * 24
_TOKENS = 100
_KEYS = 20


Credential = TypeVar("Credential", Token, AccessKey)


class Made(NamedTuple, Generic[Credential]):
    """A new token or key pair with its secret, which nobody can read again.

    ``file_removed``: the first start's credentials file is gone with this.
    """

    made: Credential
    secret: str
    file_removed: bool


class Credentials:
    """Tokens and key pairs of users: their own, or anybody's for operations.

    ``forget_first`` takes the file away in which the first start left its credentials, as soon as the
    user ``founder`` sees to their own; it says whether there was one.
    """

    def __init__(
        self, runtime: Runtime, sealer: Callable[[], Sealer], founder: str, forget_first: Callable[[], bool]
    ) -> None:
        self._runtime = runtime
        self._sealer = sealer
        self._founder = founder
        self._forget_first = forget_first

    def tokens(
        self, caller: Caller, owner: str, name: str = "", **which: Unpack[PageOptions]
    ) -> tuple[int, list[Token]]:
        """How many tokens of a user have a piece in their names, and one page of them.

        Raises:
            Forbidden: they are somebody else's.
            NotFound: there is no such user.
        """
        allow_own(self._runtime, caller, owner, looking=True, kind="token")
        with self._runtime.store.read() as snapshot:
            return snapshot.people.tokens(named_user(snapshot.people, owner).id, name, **which)

    def create_token(
        self, caller: Caller, owner: str, name: str, *, scope: Scope = Scope(), days: int = TOKEN_DAYS
    ) -> Made[Token]:
        """Makes a token; workspaces of its scope may be named or given by id.

        Raises:
            Forbidden: it would be somebody else's, or the caller's own token is limited.
            NotFound: there is no such user or workspace.
            InvalidRequest: the name or the number of days is not allowed.
            Conflict: there is a token of that name, or there are too many.
        """
        secret = new_token()
        with self._change(caller, owner, "token-create", "token", name) as (change, user):
            _check_token(name, days)
            uow, now = change.uow, self._runtime.now()
            _keep_quota(uow.people.tokens(user.id)[0], _TOKENS, sentence("tokens"), owner)
            token = Token(
                id=self._runtime.new_id(),
                user_id=user.id,
                name=name,
                hash=token_hash(secret),
                scope=msgspec.structs.replace(scope, workspaces=_workspace_ids(uow, scope, user)),
                created_at=now,
                expires_at=now + days * _DAY_MS,
            )
            uow.people.add_token(token)
        return Made(token, secret, self._forgotten(owner))

    def revoke_token(self, caller: Caller, owner: str, name: str) -> bool:
        """Removes a token; whether the first start's credentials file is gone with it.

        Raises:
            Forbidden: it is somebody else's.
            NotFound: there is no such user or token.
        """
        with self._change(caller, owner, "token-revoke", "token", name) as (change, user):
            if not change.uow.people.remove_token(user.id, name):
                raise NotFound(
                    ErrorCode.TOKEN_MISSING,
                    sentence("{owner} has no token {name}", owner=owner, name=repr(name)),
                    subject=name,
                    hint="see `jobferry token list`",
                )
        return self._forgotten(owner)

    def keys(
        self, caller: Caller, owner: str, *, disabled: bool | None = None, **which: Unpack[PageOptions]
    ) -> tuple[int, list[AccessKey]]:
        """How many key pairs of a user fit, and one page of them, in order of making unless it is said.

        Raises:
            Forbidden: they are somebody else's.
            NotFound: there is no such user.
        """
        allow_own(self._runtime, caller, owner, looking=True, kind="key")
        with self._runtime.store.read() as snapshot:
            user = named_user(snapshot.people, owner)
            return snapshot.people.access_keys(user.id, disabled=disabled, **which)

    def create_key(self, caller: Caller, owner: str) -> Made[AccessKey]:
        """Makes a key pair.

        Raises:
            Forbidden: it would be somebody else's, or the caller's token is limited.
            NotFound: there is no such user.
            Conflict: there are too many.
        """
        with self._change(caller, owner, "key-create", "key") as (change, user):
            key, secret = self._new_key(change.uow, user)
            change.audit(subject=f"{owner}/{key.access_key}")
        return Made(key, secret, self._forgotten(owner))

    def rotate_key(
        self, caller: Caller, owner: str, access_key: str, *, grace_hours: int | None = None
    ) -> Made[AccessKey]:
        """Makes a pair in the place of another, which stays good for so many hours, or until it is disabled.

        Raises:
            Forbidden: it is somebody else's.
            NotFound: there is no such user or key.
            InvalidRequest: the number of hours is not allowed.
        """
        with self._change(caller, owner, "key-rotate", "key", access_key) as (change, user):
            _check_grace(grace_hours)
            former = _key_of(change.uow, user, access_key)
            key, secret = self._new_key(change.uow, user)
            if grace_hours is not None:
                until = self._runtime.now() + grace_hours * _HOUR_MS
                if former.expires_at:
                    until = min(until, former.expires_at)
                change.uow.people.replace_access_key(
                    msgspec.structs.replace(
                        former, expires_at=until, disabled=former.disabled or not grace_hours
                    )
                )
            change.audit(detail=key.access_key)
        return Made(key, secret, self._forgotten(owner))

    def disable_key(self, caller: Caller, owner: str, access_key: str) -> bool:
        """Makes a key pair useless; whether the first start's credentials file is gone with it.

        Raises:
            Forbidden: it is somebody else's.
            NotFound: there is no such user or key.
        """
        with self._change(caller, owner, "key-disable", "key", access_key) as (change, user):
            key = _key_of(change.uow, user, access_key)
            change.uow.people.replace_access_key(msgspec.structs.replace(key, disabled=True))
        return self._forgotten(owner)

    def remove_key(self, caller: Caller, owner: str, access_key: str) -> bool:
        """Removes a key pair; whether the first start's credentials file is gone with it.

        Raises:
            Forbidden: it is somebody else's.
            NotFound: there is no such user or key.
        """
        with self._change(caller, owner, "key-remove", "key", access_key) as (change, user):
            _key_of(change.uow, user, access_key)
            change.uow.people.remove_access_key(access_key)
        return self._forgotten(owner)

    def _new_key(self, uow: UnitOfWork, user: User) -> tuple[AccessKey, str]:
        _keep_quota(uow.people.access_keys(user.id)[0], _KEYS, sentence("keys"), user.name)
        secret = new_secret_key()
        key = AccessKey(
            access_key=new_access_key(),
            sealed_secret=self._sealer().seal(secret.encode()),
            user_id=user.id,
            created_at=self._runtime.now(),
        )
        uow.people.add_access_key(key)
        return key, secret

    @contextmanager
    def _change(
        self, caller: Caller, owner: str, action: str, kind: str, which: str = ""
    ) -> Iterator[tuple[Change, User]]:
        """One change of what a user signs in with."""
        allow_own(self._runtime, caller, owner, looking=False, kind=kind)
        subject = f"{owner}/{which}"
        with self._runtime.change(everywhere(caller), action, kind=kind, subject=subject) as change:
            yield change, named_user(change.uow.people, owner)

    def _forgotten(self, owner: str) -> bool:
        return owner == self._founder and self._forget_first()


def _check_token(name: str, days: int) -> None:
    if not TOKEN_NAME.match(name) or not name.strip():
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            sentence("the token name {name} is not valid", name=repr(name[:64])),
            subject=name[:64],
            hint="use 1 to 64 letters, such as the name of the machine that will use it",
        )
    if not 1 <= days <= MOST_DAYS:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("days is {days}; allowed is 1 to {most_days}", days=days, most_days=MOST_DAYS),
            subject="days",
        )


def _check_grace(hours: int | None) -> None:
    if hours is not None and not 0 <= hours <= _MOST_GRACE_HOURS:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence(
                "grace_hours is {hours}; allowed is 0 to {most_grace_hours}",
                hours=hours,
                most_grace_hours=_MOST_GRACE_HOURS,
            ),
            subject="grace_hours",
        )


def _keep_quota(count: int, most: int, what: Sentence, owner: str) -> None:
    if count >= most:
        raise Conflict(
            ErrorCode.QUOTA_REACHED,
            sentence(
                "{owner} has {count} {what}; at most {most} are allowed",
                owner=owner,
                count=count,
                what=what,
                most=most,
            ),
            subject=owner,
            hint="remove those that nobody uses any more",
        )


def _workspace_ids(snapshot: Snapshot, scope: Scope, user: User) -> tuple[str, ...]:
    """Workspaces that the user can enter; others are answered as if they were not there."""
    own = {member.workspace_id for member in snapshot.members.of_user(user.id)}
    ids = []
    for wanted in scope.workspaces:
        found = snapshot.workspaces.by_id(wanted) or snapshot.workspaces.by_name(wanted)
        if found is None or not (user.operations or found.id in own):
            raise NotFound(
                ErrorCode.WORKSPACE_MISSING,
                sentence(
                    "there is no workspace {wanted} for {name} here", wanted=repr(wanted[:64]), name=user.name
                ),
                subject=wanted[:64],
                hint="see `jobferry workspace list`; give its id or its name",
            )
        ids.append(found.id)
    return tuple(dict.fromkeys(ids))


def _key_of(uow: UnitOfWork, user: User, access_key: str) -> AccessKey:
    found = uow.people.access_key(access_key)
    if found is None or found[1].id != user.id:
        raise NotFound(
            ErrorCode.KEY_MISSING,
            sentence(
                "{name} has no access key {access_key}", name=user.name, access_key=repr(access_key[:40])
            ),
            subject=access_key[:40],
            hint="see `jobferry key list`",
        )
    return found[0]
