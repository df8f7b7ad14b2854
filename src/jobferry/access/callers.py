"""Finds out who sent a request: by token, by signature, or by the cookie of a browser session.

What has expired or is disabled is answered exactly like what was never there.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Protocol

import msgspec

from jobferry.access.sealing import Sealer, token_hash
from jobferry.access.signature import SignedRequest, mismatch, parse_authorization, refusal, verify
from jobferry.errors import ErrorCode, Forbidden
from jobferry.model.people import AccessKey, BrowserSession, Scope, Token, User
from jobferry.sentences import as_sentence, sentence

COOKIE = "jobferry_session"
SAFE_COOKIE = f"__Host-{COOKIE}"
"""The cookie's name where it came by https: browsers then let nobody else set it."""

_SIGN_IN_HINT = "see `jobferry token list`; on the platform's own machine, commands with --data need no token"
_NOBODY = secrets.token_bytes(32)
"""Stands in for an unknown access key's secret, so that the answer takes as long."""
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class SignInRecords(Protocol):
    """What users sign in with; whether it is still good is judged here, each time."""

    def token(self, token_hash: str) -> tuple[Token, User] | None:
        """A token and whose it is."""
        ...

    def access_key(self, access_key: str) -> tuple[AccessKey, User] | None:
        """A key pair and whose it is."""
        ...

    def session(self, session_hash: str) -> tuple[BrowserSession, User] | None:
        """A browser that is signed in, and as whom."""
        ...

    def users(self) -> list[User]:
        """All users."""
        ...


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who sent a request, and what they signed in with; at most one of the last four is filled.

    ``by_folder`` is the process's own token, which only the owner of the data folder can read.
    """

    user: User
    scope: Scope = Scope()
    token_id: str = ""
    access_key: str = ""
    session: BrowserSession | None = None
    by_folder: bool = False
    used_at: int = 0


def authenticate(
    request: SignedRequest, people: SignInRecords, sealer: Sealer, now: int, folder_token: str = ""
) -> Identity:
    """Who sent this request. ``now`` is in ms since 1970 (UTC); ``folder_token`` is kept as its hash.

    The first of these that is there decides: ``X-Auth-Token``, ``Authorization: Bearer``, a signature, a
    session's cookie.

    Raises:
        Unauthenticated: nobody signed in, or with credentials that are wrong.
        Forbidden: a session's request would change something and lacks its ``X-CSRF-Token``.
        StoreError: the secret of the access key cannot be opened.
    """
    token = _text(request, "X-Auth-Token")
    authorization = _text(request, "Authorization")
    scheme, _, rest = authorization.partition(" ")
    if token or scheme.lower() == "bearer":
        return _by_token(token_hash(token or rest.strip()), people, now, folder_token)
    if authorization:
        return _by_signature(request, authorization, people, sealer, now)
    if secret := session_secret(request):
        return _by_session(request, secret, people, now)
    raise refusal(
        "nobody is signed in: the request has neither a token nor a signature nor a session",
        sentence(
            "send X-Auth-Token, Authorization: Bearer, or a signature, or sign in; {sign_in_hint}",
            sign_in_hint=as_sentence(_SIGN_IN_HINT),
        ),
    )


def means_of(request: SignedRequest) -> str:
    """What a request wants to sign in with, in a word; empty for nothing at all."""
    names = {name.lower(): value for name, value in request.headers}
    authorization = names.get(b"authorization", b"").strip()
    if names.get(b"x-auth-token", b"").strip() or authorization[:7].lower() == b"bearer ":
        return "token"
    if authorization:
        return "signature"
    return "session" if session_secret(request) else ""


def session_secret(request: SignedRequest) -> str:
    """The secret in a session's cookie; empty if there is none."""
    sent = b"; ".join(value for name, value in request.headers if name.lower() == b"cookie")
    found = dict.fromkeys((SAFE_COOKIE, COOKIE), "")
    for pair in sent.decode("latin-1").split(";"):
        name, _, value = pair.strip().partition("=")
        if name in found and not found[name]:
            found[name] = value
    return found[SAFE_COOKIE] or found[COOKIE]


def csrf_token(secret: str) -> str:
    """The token that goes with a session's secret: whoever has the secret can make it again."""
    return hmac.new(secret.encode("latin-1", "replace"), b"csrf", "sha256").hexdigest()


def _text(request: SignedRequest, name: str) -> str:
    return (request.header(name) or b"").decode("utf-8", "surrogateescape")


def _by_token(hashed: str, people: SignInRecords, now: int, folder_token: str) -> Identity:
    if folder_token and hmac.compare_digest(hashed, folder_token):
        return Identity(user=_in_charge(people), by_folder=True)
    found = people.token(hashed)
    if found is None or found[1].disabled or 0 < found[0].expires_at <= now:
        raise refusal("the token is not known here, or has expired", _SIGN_IN_HINT)
    token, user = found
    return Identity(user=user, scope=token.scope, token_id=token.id, used_at=token.used_at)


def _in_charge(people: SignInRecords) -> User:
    """Who the owner of the data folder is here: the operations user who has been for longest."""
    able = [user for user in people.users() if user.operations and not user.disabled]
    return min(able, key=lambda user: user.created_at)


def _by_signature(
    request: SignedRequest, authorization: str, people: SignInRecords, sealer: Sealer, now: int
) -> Identity:
    found = people.access_key(parse_authorization(authorization).access_key)
    if found is None or found[0].disabled or found[1].disabled or 0 < found[0].expires_at <= now:
        verify(request, _NOBODY, now)
        raise mismatch()
    key, user = found
    verify(request, sealer.unseal(key.sealed_secret), now)
    return Identity(user=user, access_key=key.access_key, used_at=key.used_at)


def _by_session(request: SignedRequest, secret: str, people: SignInRecords, now: int) -> Identity:
    found = people.session(token_hash(secret))
    if found is None or found[1].disabled or found[0].expires_at <= now:
        raise refusal("the session has ended", "sign in again")
    session, user = found
    said = token_hash(_text(request, "X-CSRF-Token"))
    if request.method.upper() not in _SAFE_METHODS and not hmac.compare_digest(said, session.csrf_hash):
        raise Forbidden(
            ErrorCode.NOT_ALLOWED,
            "the request does not carry its session's X-CSRF-Token",
            subject="X-CSRF-Token",
            hint="GET /api/session gives it; pages of other sites cannot know it",
        )
    return Identity(user=user, session=session, used_at=session.seen_at)
