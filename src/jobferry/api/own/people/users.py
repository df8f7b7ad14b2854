"""Users, for operations."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Signed, described
from jobferry.api.own.people import answers
from jobferry.api.own.people.bodies import NewUser, PasswordReset, UserChange
from jobferry.api.wire import PathText, answer, read_body
from jobferry.model.people import User

router = LateRouter(prefix="/api/users", tags=["people"])


@router.get("", response_model=answers.UserList)
def list_users(call: Signed) -> Response:
    """All users, by name."""
    items = [_shown(one) for one in call.platform.users.all(call.caller)]
    return answer({"total": len(items), "items": items})


@router.post("", status_code=201, response_model=answers.UserAnswer, openapi_extra=described(NewUser))
def create_user(call: Signed) -> Response:
    """Makes a user."""
    asked = read_body(NewUser, call.body)
    made = call.platform.users.create(
        call.caller, asked.name, password=asked.password, operations=asked.operations
    )
    return answer(_shown(made), 201)


@router.patch("/{user}", response_model=answers.UserAnswer, openapi_extra=described(UserChange))
def change_user(call: Signed, user: PathText) -> Response:
    """Switches a user off or on, gives or takes the operations role."""
    asked = read_body(UserChange, call.body)
    changed = call.platform.users.change(
        call.caller, user, disabled=asked.disabled, operations=asked.operations
    )
    return answer(_shown(changed))


@router.put("/{user}/password", response_model=answers.UserAnswer, openapi_extra=described(PasswordReset))
def reset_password(call: Signed, user: PathText) -> Response:
    """Gives a user another password and ends all their sessions."""
    asked = read_body(PasswordReset, call.body)
    return answer(_shown(call.platform.users.reset_password(call.caller, user, asked.new)))


def _shown(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "operations": user.operations,
        "disabled": user.disabled,
        "password": bool(user.password),
        "created_at": user.created_at,
    }
