"""Who the caller is, and browsers that are signed in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Signed, described
from jobferry.api.own.people import answers
from jobferry.api.own.people.bodies import NewSession, PasswordChange
from jobferry.api.signin import on_the_wire, origin_of, platform_of, unsigned_body
from jobferry.api.wire import answer, read_body
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.services.people.members import Place
from jobferry.services.people.sign_in import ABSOLUTE_MS, COOKIE, SAFE_COOKIE

router = LateRouter(prefix="/api", tags=["people"])


@router.post(
    "/session",
    status_code=201,
    response_model=answers.SessionAnswer,
    openapi_extra=described(NewSession) | {"security": []},
)
def sign_in(request: Request, body: Annotated[bytes, Depends(unsigned_body)]) -> Response:
    """Signs a browser in by name and password: sets its cookie, and tells the CSRF token to go with it."""
    _refuse_forms(request)
    asked = read_body(NewSession, body)
    begun = platform_of(request).signing.sign_in(asked.name, asked.password, origin_of(request))
    response = answer({"name": begun.user.name, "csrf_token": begun.csrf_token}, 201)
    _set_cookie(request, response, begun.secret)
    return response


@router.get("/session", response_model=answers.SessionAnswer)
def show_session(call: Signed, request: Request) -> Response:
    """The session's CSRF token once more; empty for who is not signed in by a cookie."""
    token = call.platform.signing.csrf_token(on_the_wire(request))
    return answer({"name": call.caller.name, "csrf_token": token})


@router.delete("/session", status_code=204)
def sign_out(call: Signed, request: Request) -> Response:
    """Ends this session."""
    call.platform.signing.sign_out(on_the_wire(request), call.caller)
    response = Response(status_code=204)
    _set_cookie(request, response, "")
    return response


@router.delete("/sessions", response_model=answers.EndedAnswer)
def sign_out_everywhere(call: Signed, request: Request) -> Response:
    """Ends all sessions of the caller, this one too."""
    response = answer({"ended": call.platform.signing.sign_out_everywhere(call.caller)})
    _set_cookie(request, response, "")
    return response


@router.get("/me", response_model=answers.MeAnswer)
def show_me(call: Signed) -> Response:
    """Who the caller is, and what they may do, on the platform and in each of their workspaces."""
    caller = call.caller
    standing = call.platform.members.standing(caller)
    return answer(
        {
            "id": caller.user_id,
            "name": caller.name,
            "operations": bool(standing.actions),
            "read_only": caller.scope.read_only,
            "actions": standing.actions,
            "workspaces": [_place(one) for one in standing.places],
        }
    )


@router.put("/me/password", status_code=204, openapi_extra=described(PasswordChange))
def set_password(call: Signed) -> None:
    """Changes the caller's password and ends all their sessions."""
    asked = read_body(PasswordChange, call.body)
    call.platform.users.set_password(call.caller, asked.current, asked.new)


def _place(place: Place) -> dict[str, Any]:
    return {
        "id": place.workspace.id,
        "name": place.workspace.name,
        "roles": place.roles,
        "actions": place.actions,
    }


def _set_cookie(request: Request, response: Response, secret: str) -> None:
    """An empty secret takes the cookie away."""
    is_safe = request.url.scheme == "https"
    response.set_cookie(
        SAFE_COOKIE if is_safe else COOKIE,
        secret,
        max_age=ABSOLUTE_MS // 1000 if secret else 0,
        path="/",
        secure=is_safe,
        httponly=True,
        samesite="strict",
    )
    response.headers["Cache-Control"] = "no-store"


def _refuse_forms(request: Request) -> None:
    """Pages of other sites can send forms here, and so sign their readers in as somebody else; no JSON."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "Content-Type is not application/json",
            subject="Content-Type",
            hint="send name and password as JSON, with that header",
        )
