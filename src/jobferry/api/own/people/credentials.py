"""Tokens and key pairs: the caller's own, or anybody's for operations."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Signed, described
from jobferry.api.own.people import answers
from jobferry.api.own.people.bodies import KeyRotation, NewToken
from jobferry.api.wire import PathText, answer, read_body
from jobferry.model.people import AccessKey, Token
from jobferry.services.people.credentials import Made

router = LateRouter(prefix="/api/users/{user}", tags=["people"])


@router.get("/tokens", response_model=answers.TokenList)
def list_tokens(call: Signed, user: PathText) -> Response:
    """A user's tokens, by name, without what is secret."""
    items = [_token(one) for one in call.platform.credentials.tokens(call.caller, user)]
    return answer({"total": len(items), "items": items})


@router.post(
    "/tokens", status_code=201, response_model=answers.NewTokenAnswer, openapi_extra=described(NewToken)
)
def create_token(call: Signed, user: PathText) -> Response:
    """Makes a token and shows it, this once."""
    asked = read_body(NewToken, call.body)
    made = call.platform.credentials.create_token(
        call.caller, user, asked.name, scope=asked.scope, days=asked.days
    )
    return _made(made)


@router.delete("/tokens/{name:path}", response_model=answers.RemovedAnswer)
def revoke_token(call: Signed, user: PathText, name: PathText) -> Response:
    """Revokes a token."""
    return _removed(call.platform.credentials.revoke_token(call.caller, user, name))


@router.get("/keys", response_model=answers.KeyList)
def list_keys(call: Signed, user: PathText) -> Response:
    """A user's key pairs, in order of making, without what is secret."""
    items = [_key(one) for one in call.platform.credentials.keys(call.caller, user)]
    return answer({"total": len(items), "items": items})


@router.post("/keys", status_code=201, response_model=answers.NewKeyAnswer)
def create_key(call: Signed, user: PathText) -> Response:
    """Makes a key pair and shows its secret key, this once."""
    return _made(call.platform.credentials.create_key(call.caller, user))


@router.post(
    "/keys/{access_key}/rotate",
    status_code=201,
    response_model=answers.NewKeyAnswer,
    openapi_extra=described(KeyRotation),
)
def rotate_key(call: Signed, user: PathText, access_key: PathText) -> Response:
    """Makes a pair in the place of another, which may stay good for a while."""
    asked = read_body(KeyRotation, call.body)
    return _made(
        call.platform.credentials.rotate_key(call.caller, user, access_key, grace_hours=asked.grace_hours)
    )


@router.post("/keys/{access_key}/disable", response_model=answers.RemovedAnswer)
def disable_key(call: Signed, user: PathText, access_key: PathText) -> Response:
    """Makes a key pair useless and keeps it in the list."""
    return _removed(call.platform.credentials.disable_key(call.caller, user, access_key))


@router.delete("/keys/{access_key}", response_model=answers.RemovedAnswer)
def remove_key(call: Signed, user: PathText, access_key: PathText) -> Response:
    """Removes a key pair."""
    return _removed(call.platform.credentials.remove_key(call.caller, user, access_key))


def _made(made: Made) -> Response:
    match made.made:
        case Token() as token:
            shown = _token(token) | {"token": made.secret}
        case AccessKey() as key:
            shown = _key(key) | {"secret_key": made.secret}
    response = answer(shown | {"credentials_file_removed": made.file_removed}, 201)
    response.headers["Cache-Control"] = "no-store"
    return response


def _removed(file_removed: bool) -> Response:
    return answer({"credentials_file_removed": file_removed})


def _token(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "read_only": token.scope.read_only,
        "workspaces": token.scope.workspaces,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
    }


def _key(key: AccessKey) -> dict[str, Any]:
    return {
        "access_key": key.access_key,
        "disabled": key.disabled,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "used_at": key.used_at,
    }
