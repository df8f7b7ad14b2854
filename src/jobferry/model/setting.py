"""One setting: its key, what may stand there, where its value comes from, what is said if it does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.times import is_zone
from jobferry.model.names import Limits, directory_fault, nearest_names
from jobferry.model.rights import Action
from jobferry.model.tags import is_tag
from jobferry.sentences import Sentence, sentence

_SHOWN = 140
_FOLDER = re.compile(r"(/[^/\\\x00-\x1f\x7f]+)+/?\Z")
_LAST_HOUR = 23
_PLACE = re.compile(r"obs://[A-Za-z0-9][A-Za-z0-9._\-]{0,62}(/[^/\\\x00-\x1f\x7f]+)*/?\Z")


class SettingType(StrEnum):
    """How a setting's text is read."""

    CHOICE = "choice"
    FLAG = "flag"
    COUNT = "count"
    ZONE = "zone"
    NAMES = "names"
    KINDS = "kinds"
    PLACE = "place"
    DIRECTORY = "directory"
    TAG = "tag"
    HOUR = "hour"
    BACKUPS = "backups"


class Acts(StrEnum):
    """From when on a changed setting holds."""

    AT_ONCE = "at once"
    NEXT_IMPORT = "from the next check or import on"
    NEXT_READING = "when a document is next saved, checked, imported or exported"
    NEXT_SWEEP = "at the next daily sweep"


class Source(StrEnum):
    """Where a setting's value comes from; what stands first here wins."""

    STORED = "stored"
    OPTION = "option"
    ENVIRONMENT = "environment"
    FILE = "file"
    PROFILE = "profile"
    DEFAULT = "default"


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One key. ``default`` is what holds while nothing is set; where it is empty, ``follows`` says what does.

    ``edit`` is the right that changing it takes; ``choices`` are only for a choice and kinds, ``most`` for
    a count. ``words`` may stand where names do, but only alone.
    """

    key: str
    type: SettingType
    default: str
    meaning: str
    edit: Action = Action.SETTING_EDIT
    acts: Acts = Acts.AT_ONCE
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    most: int = 10_000_000
    follows: str = ""


class HeldSetting(NamedTuple):
    """A setting with the value that holds; empty where another level decides (``follows``)."""

    setting: Setting
    value: str
    source: Source


class ProcessSetting(NamedTuple):
    """A setting that a platform's process was started with. ``origin`` names the variable, the file or the
    option that it comes from; a secret's value is masked."""

    key: str
    value: str
    source: Source
    origin: str


Whose = Literal["platform", "workspace"]

_ELSEWHERE: dict[Whose, str] = {
    "platform": sentence("those of a workspace are set by `jobferry setting set`"),
    "workspace": sentence("those of the platform are set by `jobferry setting set --platform`"),
}


def _meant(key: str, settings: Mapping[str, Setting], whose: Whose) -> Sentence:
    """Which setting may be meant, or where to see all."""
    if near := nearest_names(key, settings):
        return sentence("did you mean {setting}? {elsewhere}", setting=near[0], elsewhere=_ELSEWHERE[whose])
    return sentence("settings are: {settings}; {elsewhere}", settings=settings, elsewhere=_ELSEWHERE[whose])


def checked(settings: Mapping[str, Setting], whose: Whose, key: str, value: str) -> str:
    """The value as it is stored; an empty one goes back to the default.

    Raises:
        InvalidRequest: the key is unknown or the value does not fit.
    """
    setting = settings.get(key)
    if setting is None:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("there is no setting {key} of the platform", key=repr(key[:_SHOWN]))
            if whose == "platform"
            else sentence("there is no setting {key} of a workspace", key=repr(key[:_SHOWN])),
            subject=key[:_SHOWN],
            hint=_meant(key, settings, whose),
        )
    wanted = (unfit(setting, value) or _mixed(setting, value)) if value else ""
    if wanted:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("{value} does not fit the setting {key}", value=repr(value[:_SHOWN]), key=key),
            subject=key,
            hint=wanted,
        )
    return value


def unfit(setting: Setting, value: str) -> str:
    """What would fit, or an empty text if the value does."""
    fits, wanted = _FITS[setting.type]
    if fits(setting, value):
        return ""
    return Sentence(wanted, {"choices": setting.choices, "most": setting.most})


def _mixed(setting: Setting, value: str) -> str:
    """What would be clear, where a word stands among names: it would be read as a name. What an earlier
    version has stored goes on to hold, as names."""
    names = [part.strip().lower() for part in value.split(",") if part.strip()]
    if len(names) == 1 or not set(setting.words) & set(names):
        return ""
    return sentence("use {words}, or names and patterns (*, ?) separated by commas", words=setting.words)


def _counts(value: str, most: int) -> bool:
    """Only plain digits, and few: a long row of them would take Python a while to read."""
    return value.isascii() and value.isdigit() and len(value) <= len(str(most)) and 0 < int(value) <= most


_FITS: dict[SettingType, tuple[Callable[[Setting, str], bool], str]] = {
    SettingType.CHOICE: (lambda setting, value: value in setting.choices, "use one of: {choices}"),
    SettingType.FLAG: (lambda _, value: value in ("true", "false"), "use true or false"),
    SettingType.COUNT: (
        lambda setting, value: _counts(value, setting.most),
        "use a whole number from 1 to {most}",
    ),
    SettingType.ZONE: (lambda _, value: is_zone(value), "use a zone such as Asia/Shanghai or GMT+8"),
    SettingType.NAMES: (
        lambda _, value: any(part.strip() for part in value.split(",")),
        "name at least one pattern, such as *password*",
    ),
    SettingType.KINDS: (
        lambda setting, value: {part.strip() for part in value.split(",")} <= set(setting.choices),
        "use some of these, separated by commas: {choices}",
    ),
    SettingType.DIRECTORY: (
        lambda _, value: value.startswith("/") and not directory_fault(value, Limits()),
        "use a directory such as /imports, at most 10 levels deep",
    ),
    SettingType.TAG: (
        lambda _, value: is_tag(value),
        "use off, or a tag of 1 to 128 printable characters without spaces at either end",
    ),
    SettingType.PLACE: (
        lambda _, value: _PLACE.match(value) is not None,
        "use a folder in object storage such as obs://bucket/exports",
    ),
    SettingType.HOUR: (
        lambda _, value: value in map(str, range(_LAST_HOUR + 1)),
        "use a whole hour from 0 to 23",
    ),
    SettingType.BACKUPS: (
        lambda _, value: (
            (_PLACE.match(value) or _FOLDER.match(value)) is not None and ".." not in value.split("/")
        ),
        "use a folder such as /var/backups/jobferry, or obs://bucket/backups",
    ),
}
"""Per type whether a value fits, and what would."""
