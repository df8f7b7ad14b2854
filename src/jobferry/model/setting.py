"""What a setting is, of a workspace or of the platform, and whether a value fits it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.zones import is_zone
from jobferry.model.names import Limits, directory_fault
from jobferry.model.rights import Action

_SHOWN = 140
_PLACE = re.compile(r"obs://[A-Za-z0-9][A-Za-z0-9._\-]{0,62}(/[^/\\\x00-\x1f\x7f]+)*/?\Z")


class SettingType(StrEnum):
    """How a setting's text is read."""

    CHOICE = "choice"
    FLAG = "flag"
    COUNT = "count"
    ZONE = "zone"
    NAMES = "names"
    PLACE = "place"
    DIRECTORY = "directory"


class Acts(StrEnum):
    """From when on a changed setting holds."""

    AT_ONCE = "at once"
    NEXT_IMPORT = "from the next check or import on"
    NEXT_READING = "when a document is next saved, checked, imported or exported"
    NEXT_SWEEP = "at the next daily sweep"


class Source(StrEnum):
    """Where a setting's value comes from; what stands first here wins."""

    STORED = "stored"
    ENVIRONMENT = "environment"
    PROFILE = "profile"
    DEFAULT = "default"


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One key. ``default`` is what holds while nothing is set; where it is empty, ``follows`` says what does.

    ``edit`` is the right that changing it takes; ``choices`` are only for a choice, ``most`` for a count.
    """

    key: str
    type: SettingType
    default: str
    meaning: str
    edit: Action = Action.SETTING_EDIT
    acts: Acts = Acts.AT_ONCE
    choices: tuple[str, ...] = ()
    most: int = 10_000_000
    follows: str = ""


class HeldSetting(NamedTuple):
    """A setting with the value that holds; empty where another level decides (``follows``)."""

    setting: Setting
    value: str
    source: Source


def checked(settings: Mapping[str, Setting], whose: str, key: str, value: str) -> str:
    """The value as it is stored; an empty one goes back to the default.

    Raises:
        InvalidRequest: the key is unknown or the value does not fit.
    """
    setting = settings.get(key)
    if setting is None:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"there is no {whose} setting {key[:_SHOWN]!r}",
            subject=key[:_SHOWN],
            hint="settings are: " + ", ".join(settings),
        )
    wanted = unfit(setting, value) if value else ""
    if wanted:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"{value[:_SHOWN]!r} does not fit the setting {key}",
            subject=key,
            hint=wanted,
        )
    return value


def unfit(setting: Setting, value: str) -> str:
    """What would fit, or an empty text if the value does."""
    match setting.type:
        case SettingType.CHOICE if value not in setting.choices:
            return "use one of: " + ", ".join(setting.choices)
        case SettingType.FLAG if value not in ("true", "false"):
            return "use true or false"
        case SettingType.COUNT if not _counts(value, setting.most):
            return f"use a whole number from 1 to {setting.most}"
        case SettingType.ZONE if not is_zone(value):
            return "use a zone such as Asia/Shanghai or GMT+8"
        case SettingType.NAMES if not any(part.strip() for part in value.split(",")):
            return "name at least one pattern, such as *password*"
        case SettingType.DIRECTORY if not value.startswith("/") or directory_fault(value, Limits()):
            return "use a directory such as /imports, at most 10 levels deep"
        case SettingType.PLACE if not _PLACE.match(value):
            return "use a folder in object storage such as obs://bucket/exports"
        case _:
            return ""


def _counts(value: str, most: int) -> bool:
    """Only plain digits, and few: a long row of them would take Python a while to read."""
    return value.isascii() and value.isdigit() and len(value) <= len(str(most)) and 0 < int(value) <= most
