"""Finds out who sent a request: by token, or by signature."""

from __future__ import annotations

import secrets

from jobferry.access.sealing import Sealer, token_hash
from jobferry.access.signature import SignedRequest, mismatch, parse_authorization, refusal, verify
from jobferry.model.people import Caller, Scope, User
from jobferry.store.ports import People

_SIGN_IN_HINT = "jobferry credentials shows a token and an access key for this platform"
_NOBODY = secrets.token_bytes(32)
"""Stands in for an unknown access key's secret, so that the answer takes as long."""


def authenticate(request: SignedRequest, people: People, sealer: Sealer, now: int) -> Caller:
    """Who sent this request. ``now`` is in ms since 1970 (UTC).

    The first of these that is there decides: ``X-Auth-Token``, ``Authorization: Bearer``, a signature.

    Raises:
        Unauthenticated: nobody signed in, or with credentials that are wrong, expired or disabled.
        StoreError: the secret of the access key cannot be opened.
    """
    token = _text(request, "X-Auth-Token")
    authorization = _text(request, "Authorization")
    scheme, _, rest = authorization.partition(" ")
    if token:
        return _by_token(token, people, now)
    if scheme.lower() == "bearer":
        return _by_token(rest.strip(), people, now)
    if not authorization:
        raise refusal(
            "nobody is signed in: the request has neither a token nor a signature",
            f"send X-Auth-Token, Authorization: Bearer, or a signature; {_SIGN_IN_HINT}",
        )
    return _by_signature(request, authorization, people, sealer, now)


def _text(request: SignedRequest, name: str) -> str:
    return (request.header(name) or b"").decode("utf-8", "surrogateescape")


def _by_token(token: str, people: People, now: int) -> Caller:
    found = people.token(token_hash(token))
    if found is None:
        raise refusal("the token is not known here", _SIGN_IN_HINT)
    known, user = found
    if 0 < known.expires_at <= now:
        raise refusal(f"the token {known.name} has expired", "make a new one, and use that")
    return _caller(user, known.scope)


def _by_signature(
    request: SignedRequest, authorization: str, people: People, sealer: Sealer, now: int
) -> Caller:
    found = people.access_key(parse_authorization(authorization).access_key)
    if found is None:
        verify(request, _NOBODY, now)
        raise mismatch()
    key, user = found
    verify(request, sealer.unseal(key.sealed_secret), now)
    if key.disabled:
        raise refusal(f"the access key {key.access_key} is disabled", "use another one, or have it enabled")
    return _caller(user, Scope())


def _caller(user: User, scope: Scope) -> Caller:
    if user.disabled:
        raise refusal(f"the user {user.name} is disabled", "ask somebody who has the operations role")
    return Caller(user_id=user.id, name=user.name, operations=user.operations, scope=scope)
