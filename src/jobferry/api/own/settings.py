"""Settings: of the platform, for operations, and of a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import Response
from pydantic import BaseModel, RootModel

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import Placed, Signed, described
from jobferry.api.wire import answer, read_body
from jobferry.model.rights import MATRIX
from jobferry.model.settings import HeldSetting

router = LateRouter(prefix="/api", tags=["settings"])


class SettingValues(RootModel[dict[str, str | int | bool]]):
    """Settings by key; an empty value goes back to what holds where nothing is set."""


@router.get("/settings", response_model=list[answers.SettingAnswer])
def list_platform_settings(call: Signed) -> Response:
    """Every setting of the platform, with the value that holds and where it comes from."""
    return answer(_shown(call.platform.stored.all()))


@router.patch("/settings", response_model=list[answers.SettingAnswer], openapi_extra=described(SettingValues))
def change_platform_settings(call: Signed) -> Response:
    """Changes settings of the platform, all or none of them. Only for operations."""
    return answer(_shown(call.platform.stored.change(call.caller, said(call.body))))


@router.get("/workspaces/{workspace}/settings", response_model=list[answers.SettingAnswer])
def list_settings(call: Placed) -> Response:
    """Every setting of a workspace, with the value that holds and where it comes from."""
    return answer(_shown(call.platform.workspaces.held_settings(call.grant)))


def said(body: bytes) -> dict[str, str]:
    """The settings in a body, as texts."""
    return {key: _text(value) for key, value in _values(read_body(SettingValues, body)).items()}


def _values(body: BaseModel) -> dict[str, str | int | bool]:
    values: dict[str, str | int | bool] = body.model_dump()
    return values


def _text(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _shown(settings: Iterable[HeldSetting]) -> list[dict[str, Any]]:
    return [
        {
            "key": one.setting.key,
            "type": one.setting.type,
            "value": one.value,
            "source": one.source,
            "default": one.setting.default,
            "follows": one.setting.follows,
            "choices": list(one.setting.choices),
            "meaning": one.setting.meaning,
            "acts": one.setting.acts,
            "set_by": sorted(MATRIX[one.setting.edit]),
        }
        for one in settings
    ]
