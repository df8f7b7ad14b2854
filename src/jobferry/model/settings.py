"""Workspace settings: every key with its type, default and meaning.

A setting is kept as text, and only where it differs from its default. Import options that are left
unset follow the workspace's profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.facts import Reading
from jobferry.model.document.sensitive import DEFAULT_PATTERNS
from jobferry.model.document.zones import is_zone
from jobferry.model.names import Limits
from jobferry.model.transfer.policy import (
    PROFILES,
    Duplicates,
    MissingReference,
    Outcome,
    Policy,
    Profile,
    TargetStatus,
    UnknownInventory,
)


class SettingType(StrEnum):
    """How a setting's text is read."""

    CHOICE = "choice"
    FLAG = "flag"
    COUNT = "count"
    ZONE = "zone"
    NAMES = "names"


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One key. ``default`` is what holds while nothing is set; ``choices`` only for a choice."""

    key: str
    type: SettingType
    default: str
    meaning: str
    choices: tuple[str, ...] = ()


class WorkspaceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace's settings, read: what the engine works with."""

    policy: Policy
    time_zone: str
    reading: Reading


def _option(key: str, choices: type[StrEnum], meaning: str) -> Setting:
    return Setting(key=key, type=SettingType.CHOICE, default="", meaning=meaning, choices=tuple(choices))


def _count(key: str, default: int, meaning: str) -> Setting:
    return Setting(key=key, type=SettingType.COUNT, default=str(default), meaning=meaning)


_LIMITS = Limits()
_POLICY_OPTIONS = {
    "duplicates": Duplicates,
    "missing": MissingReference,
    "unknown_inventory": UnknownInventory,
    "outcome": Outcome,
    "target_status": TargetStatus,
}
_LIMIT_KEYS = ("jobs", "real_time_jobs", "scripts", "connections", "directories", "nodes")

SETTINGS = {
    setting.key: setting
    for setting in (
        Setting(
            key="profile",
            type=SettingType.CHOICE,
            default=Profile.FACTORY,
            choices=tuple(Profile),
            meaning="The preset that every unset import option follows.",
        ),
        _option("duplicates", Duplicates, "What an import does with an object that exists."),
        _option("missing", MissingReference, "What a reference that is not there does to its job."),
        _option("unknown_inventory", UnknownInventory, "What a reference of a kind never inventoried does."),
        _option("outcome", Outcome, "Whether one failing object takes the whole package with it."),
        _option("target_status", TargetStatus, "What imported jobs and scripts become."),
        Setting(
            key="must_be_stopped",
            type=SettingType.FLAG,
            default="",
            meaning="Whether a job must be stopped before an import may overwrite it (true or false).",
        ),
        Setting(
            key="time_zone",
            type=SettingType.ZONE,
            default="UTC",
            meaning="The zone of this workspace, meant by cron expressions that name none.",
        ),
        Setting(
            key="sensitive_names",
            type=SettingType.NAMES,
            default=",".join(DEFAULT_PATTERNS),
            meaning="Patterns of property and parameter names whose values never leave, separated by commas.",
        ),
        _count("max_jobs", _LIMITS.jobs, "Jobs in this workspace."),
        _count("max_real_time_jobs", _LIMITS.real_time_jobs, "Real-time jobs in this workspace."),
        _count("max_scripts", _LIMITS.scripts, "Scripts in this workspace."),
        _count("max_connections", _LIMITS.connections, "Connections in this workspace."),
        _count("max_directories", _LIMITS.directories, "Directories of jobs, and of scripts."),
        _count("max_nodes", _LIMITS.nodes, "Nodes in a job."),
    )
}


def read_settings(stored: Mapping[str, str]) -> WorkspaceSettings:
    """What stored texts mean; a key or value that is not known any more counts as unset."""
    values = {key: stored.get(key) or setting.default for key, setting in SETTINGS.items()}
    policy = PROFILES[Profile(values["profile"])]
    chosen: dict[str, object] = {
        key: words(values[key]) for key, words in _POLICY_OPTIONS.items() if values[key]
    }
    if values["must_be_stopped"]:
        chosen["must_be_stopped"] = values["must_be_stopped"] == "true"
    limits = Limits(**{key: int(values[f"max_{key}"]) for key in _LIMIT_KEYS})
    patterns = tuple(part.strip() for part in values["sensitive_names"].split(",") if part.strip())
    return WorkspaceSettings(
        policy=msgspec.structs.replace(policy, **chosen),
        time_zone=values["time_zone"],
        reading=Reading(limits=limits, patterns=patterns),
    )


def checked_setting(key: str, value: str) -> str:
    """The value as it is stored; an empty one goes back to the default.

    Raises:
        InvalidRequest: the key is unknown or the value does not fit.
    """
    setting = SETTINGS.get(key)
    if setting is None:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"there is no workspace setting {key!r}",
            subject=key,
            hint="settings are: " + ", ".join(SETTINGS),
        )
    wanted = _unfit(setting, value) if value else ""
    if wanted:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE, f"{value!r} does not fit the setting {key}", subject=key, hint=wanted
        )
    return value


def _unfit(setting: Setting, value: str) -> str:
    """What would fit, or an empty text if the value does."""
    match setting.type:
        case SettingType.CHOICE if value not in setting.choices:
            return "use one of: " + ", ".join(setting.choices)
        case SettingType.FLAG if value not in ("true", "false"):
            return "use true or false"
        case SettingType.COUNT if not (value.isascii() and value.isdigit() and 0 < int(value) <= 10_000_000):
            return "use a whole number from 1 to 10000000"
        case SettingType.ZONE if not is_zone(value):
            return "use a zone such as Asia/Shanghai or GMT+8"
        case _:
            return ""
