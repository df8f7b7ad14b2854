"""Settings: of the platform, for operations, and of a workspace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from jobferry.api.bodies import SettingValues
from jobferry.api.calls import Calls
from jobferry.api.native.call import Call, Placed
from jobferry.model.messages.reader import Reader
from jobferry.model.rights import MATRIX, Role
from jobferry.model.setting import Acts, HeldSetting, SettingType, Source

api = Calls("/api", tag="settings")


class SettingAnswer(Struct, frozen=True):
    """A setting of the platform or of a workspace: its value, and what it means.

    Where ``default`` is empty, ``follows`` says what holds instead. ``source`` is where ``value`` comes from;
    ``set_by`` names the roles that may set it, ``acts`` says from when on a change holds. ``words`` are those
    that may stand in the place of names, each only alone.
    """

    key: str
    type: SettingType
    value: str
    source: Source
    default: str
    follows: str
    choices: list[str]
    words: list[str]
    meaning: str
    acts: Acts
    set_by: list[Role]


class ProcessSettingAnswer(Struct, frozen=True):
    """A setting that the platform's process was started with; a secret's value is masked.

    ``origin`` names the option, variable or file that ``value`` comes from; it is empty for a default.
    """

    key: str
    value: str
    source: Source
    origin: str


@api.get("/settings")
def list_platform_settings(call: Call) -> list[SettingAnswer]:
    """Every setting of the platform, with the value that holds and where it comes from."""
    return _shown(call.platform.stored.all(), call.reader)


@api.patch("/settings")
def change_platform_settings(call: Call, body: SettingValues) -> list[SettingAnswer]:
    """Changes settings of the platform, all or none of them; an empty value goes back to what holds where
    nothing is set. Only for operations."""
    return _shown(call.platform.stored.change(call.caller, as_texts(body)), call.reader)


@api.get("/settings/process")
def list_process_settings(call: Call) -> list[ProcessSettingAnswer]:
    """What the platform's process was started with, and where each value comes from. Only for operations."""
    return [ProcessSettingAnswer(*setting) for setting in call.platform.stored.of_process(call.caller)]


@api.get("/workspaces/{workspace}/settings")
def list_settings(call: Placed) -> list[SettingAnswer]:
    """Every setting of a workspace, with the value that holds and where it comes from."""
    return _shown(call.platform.workspaces.held_settings(call.grant), call.reader)


def as_texts(values: Mapping[str, str | int | bool]) -> dict[str, str]:
    """Settings as they are kept."""
    return {key: _text(value) for key, value in values.items()}


def _text(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _shown(settings: Iterable[HeldSetting], reader: Reader) -> list[SettingAnswer]:
    return [
        SettingAnswer(
            key=setting.setting.key,
            type=setting.setting.type,
            value=setting.value,
            source=setting.source,
            default=setting.setting.default,
            follows=reader.told(setting.setting.follows),
            choices=list(setting.setting.choices),
            words=list(setting.setting.words),
            meaning=reader.told(setting.setting.meaning),
            acts=setting.setting.acts,
            set_by=sorted(MATRIX[setting.setting.edit]),
        )
        for setting in settings
    ]
