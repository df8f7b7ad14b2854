"""The settings of a workspace: one registry says type, default, meaning and who may change each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

import msgspec

from jobferry.model.document.facts import FactRules
from jobferry.model.document.references import VariableSyntax
from jobferry.model.document.sensitive import DEFAULT_PATTERNS
from jobferry.model.kinds import INVENTORY_KINDS, VERSIONED_KINDS, NeedKind, ObjectKind
from jobferry.model.names import Limits
from jobferry.model.records import MOST_VERSIONS
from jobferry.model.review import ALL, OFF, Mode, ReleaseMode, ReviewScope, read_scope
from jobferry.model.rights import Action
from jobferry.model.setting import Acts, HeldSetting, Setting, SettingType, Source, checked, unfit
from jobferry.model.transfer.policy import (
    PROFILES,
    DirectoryPolicy,
    Duplicates,
    LockPolicy,
    Match,
    MissingReference,
    Outcome,
    Policy,
    Profile,
    TargetEdited,
    TargetStatus,
    Undocumented,
    UnknownInventory,
)


class DownloadRule(StrEnum):
    """Who may download packages from a workspace."""

    ALL = "all"
    ADMINISTRATORS = "administrators"
    NONE = "none"


class DependencyRule(StrEnum):
    """Whether jobs of other workspaces may wait for jobs of this one."""

    ALLOWED = "allowed"
    REFUSED = "refused"


class WorkspaceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace's settings, read: what the engine works with. ``receipt_days`` is 0 for the platform's,
    ``asset_backup_days`` where backups stay."""

    policy: Policy
    profile: Profile = Profile.FACTORY
    default_directory: str = ""
    time_zone: str
    fact_rules: FactRules
    dependency: DependencyRule = DependencyRule.ALLOWED
    download: DownloadRule = DownloadRule.ALL
    receipt_days: int = 0
    version_count: int = MOST_VERSIONS
    default_object_path: str = ""
    mode: Mode = Mode.SIMPLE
    review: ReviewScope = ReviewScope()
    change_management: bool = False
    asset_backup: bool = False
    asset_backup_path: str = ""
    asset_backup_days: int = 0
    accepted: frozenset[NeedKind] = frozenset()
    """Kinds of the inventory of which everything is taken to exist."""

    @property
    def backup_folder(self) -> str:
        """Where asset backups go: the folder set for them, else that of exports; empty if neither is set."""
        return (self.asset_backup_path or self.default_object_path).rstrip("/")

    def way_live(self, kind: ObjectKind, name: str, *, publish: bool) -> ReleaseMode:
        """What submitting an object leads to; ``publish`` is to put it live without asking."""
        if publish or kind not in VERSIONED_KINDS:
            return ReleaseMode.LIVE
        if self.mode is Mode.ENTERPRISE:
            return ReleaseMode.RELEASE
        return ReleaseMode.REVIEW if self.review.covers(kind, name) else ReleaseMode.LIVE


CHANGE_MANAGEMENT = "change_management"
INVENTORY_ACCEPTED = "inventory_accepted"
ASSET_BACKUP = "asset_backup"
_LIMITS = Limits()
_POLICY_OPTIONS: dict[str, tuple[type[StrEnum], str]] = {
    "duplicates": (Duplicates, "What an import does with an object that exists."),
    "match": (Match, "How an import finds the object that a package's object is here."),
    "directory": (DirectoryPolicy, "Where an import puts new objects; `chosen` makes every import name one."),
    "missing": (MissingReference, "What a reference that is not there does to its object."),
    "unknown_inventory": (UnknownInventory, "What a reference of a kind that was never inventoried does."),
    "outcome": (Outcome, "Whether one failing object takes the whole package with it."),
    "target_status": (TargetStatus, "What imported jobs and scripts become."),
    "target_edited": (
        TargetEdited,
        "What an import does with an object that was edited here since it was last imported from there: "
        "overwrite it and warn, or block.",
    ),
    "undocumented": (
        Undocumented,
        "What an import does with a document that breaks an enumeration of the service, or lacks what the "
        "service requires: warn, or block.",
    ),
    "lock_policy": (
        LockPolicy,
        "Who may take or release a lock that somebody else holds, and overwrite what it locks by an import: "
        "`soft` everybody who may lock, `hard` only owner and administrators.",
    ),
}
_LIMIT_KEYS = {
    "jobs": "Most jobs in this workspace.",
    "real_time_jobs": "Most real-time jobs, counted among the jobs too.",
    "scripts": "Most scripts in this workspace.",
    "connections": "Most connections in this workspace.",
    "directories": "Most directories of jobs, and of scripts, each.",
    "nodes": "Most nodes in a job.",
}
_AS_PROFILE = "as the profile"
_BINDING = Action.DEFAULT_ITEM_EDIT
_BINDING_OPTIONS = frozenset({"lock_policy"})


def _option(key: str) -> Setting:
    choices, meaning = _POLICY_OPTIONS[key]
    return Setting(
        key=key,
        type=SettingType.CHOICE,
        default="",
        follows=_AS_PROFILE,
        meaning=meaning,
        choices=tuple(choices),
        edit=_BINDING if key in _BINDING_OPTIONS else Action.SETTING_EDIT,
        acts=Acts.AT_ONCE if key in _BINDING_OPTIONS else Acts.NEXT_IMPORT,
    )


def _limit(key: str) -> Setting:
    return Setting(
        key=f"max_{key}",
        type=SettingType.COUNT,
        default=str(getattr(_LIMITS, key)),
        meaning=_LIMIT_KEYS[key],
        edit=_BINDING,
        acts=Acts.NEXT_READING if key == "nodes" else Acts.AT_ONCE,
    )


_ALL = (
    Setting(
        key="profile",
        type=SettingType.CHOICE,
        default=Profile.FACTORY,
        choices=tuple(Profile),
        meaning="The preset that every unset import option follows.",
        edit=_BINDING,
        acts=Acts.NEXT_IMPORT,
    ),
    *(_option(key) for key in _POLICY_OPTIONS),
    Setting(
        key="default_directory",
        type=SettingType.DIRECTORY,
        default="",
        follows="none",
        meaning="Where new objects go when `directory` is `chosen` and an import names none "
        "(the Factory API's cannot); without it such an import is refused.",
        acts=Acts.NEXT_IMPORT,
    ),
    Setting(
        key="must_be_stopped",
        type=SettingType.FLAG,
        default="",
        follows=_AS_PROFILE,
        meaning="Whether a job must be stopped before an import may overwrite it.",
        acts=Acts.NEXT_IMPORT,
    ),
    Setting(
        key="failed_tag",
        type=SettingType.TAG,
        default="",
        follows=_AS_PROFILE,
        meaning="The tag that marks a job which is here and which an import could not overwrite, or `off`. "
        "The next import that overwrites the job takes it away with the draft.",
        acts=Acts.NEXT_IMPORT,
    ),
    Setting(
        key="time_zone",
        type=SettingType.ZONE,
        default="UTC",
        meaning="The zone of this workspace, meant by cron expressions that name none.",
        acts=Acts.NEXT_IMPORT,
    ),
    Setting(
        key="variable_syntax",
        type=SettingType.CHOICE,
        default=VariableSyntax.PLAIN,
        choices=tuple(VariableSyntax),
        meaning="Which spelling in a job's text is an environment variable that this workspace has to have.",
        edit=_BINDING,
        acts=Acts.NEXT_READING,
    ),
    Setting(
        key="mrs_queue_mandatory",
        type=SettingType.FLAG,
        default="false",
        meaning="Whether every node that runs on MRS must name its queue; a job that does not is refused.",
        edit=_BINDING,
        acts=Acts.NEXT_READING,
    ),
    Setting(
        key="job_dependency_rule",
        type=SettingType.CHOICE,
        default=DependencyRule.ALLOWED,
        choices=tuple(DependencyRule),
        meaning="Whether jobs of other workspaces may wait for jobs of this one; "
        "where they may not, such a job is not saved, and blocks on import.",
        edit=_BINDING,
    ),
    Setting(
        key="sensitive_names",
        type=SettingType.NAMES,
        default=",".join(DEFAULT_PATTERNS),
        meaning="Patterns (`*`, `?`, case ignored) of property and parameter names whose values never leave, "
        "separated by commas; they replace the default.",
        edit=_BINDING,
        acts=Acts.NEXT_READING,
    ),
    Setting(
        key="download",
        type=SettingType.CHOICE,
        default=DownloadRule.ALL,
        choices=tuple(DownloadRule),
        meaning="Who may download packages from this workspace: all who may export, its owner and "
        "administrators, or nobody. An export into object storage is no download.",
        edit=_BINDING,
    ),
    Setting(
        key="default_object_path",
        type=SettingType.PLACE,
        default="",
        follows="none",
        meaning="Folder in object storage (`obs://bucket/folder`) for exports in the background told "
        "`default`. What was written before stays where it is.",
    ),
    Setting(
        key=ASSET_BACKUP,
        type=SettingType.FLAG,
        default="false",
        meaning="Whether the assets of this workspace are backed up every day at 00:00 (its `time_zone`) "
        "into object storage. The first backup is taken at the next midnight.",
    ),
    Setting(
        key="asset_backup_path",
        type=SettingType.PLACE,
        default="",
        follows="as `default_object_path`",
        meaning="Folder in object storage (`obs://bucket/folder`) for asset backups; each goes into "
        "`<workspace>/<date>` in there. What was written before stays where it is.",
    ),
    Setting(
        key="asset_backup_days",
        type=SettingType.COUNT,
        default="",
        follows="none",
        most=36_500,
        meaning="Days that asset backups are kept, counted from the date in their names; older ones are "
        "deleted when the next has been taken. While nothing is set, none is deleted.",
        edit=_BINDING,
    ),
    Setting(
        key="mode",
        type=SettingType.CHOICE,
        default=Mode.SIMPLE,
        choices=tuple(Mode),
        meaning="Whether a submitted job or script goes live at once or by review (`simple`), or waits for a "
        "release (`enterprise`).",
        edit=_BINDING,
    ),
    Setting(
        key="review",
        type=SettingType.NAMES,
        default=OFF,
        words=(OFF, ALL),
        meaning="Of which jobs and scripts somebody else has to approve submits and deletions: `off`, `all`, "
        "or names and patterns (`*`, `?`) separated by commas. Only in simple mode.",
        edit=_BINDING,
    ),
    Setting(
        key=CHANGE_MANAGEMENT,
        type=SettingType.FLAG,
        default="false",
        meaning="Whether every addition, change, rename, move and deletion of jobs, scripts, resources and "
        "CDM definitions is recorded, so that the workspace can be exported by its changes.",
        edit=_BINDING,
    ),
    Setting(
        key=INVENTORY_ACCEPTED,
        type=SettingType.KINDS,
        default="",
        follows="none",
        choices=INVENTORY_KINDS,
        meaning="Kinds of the inventory of which everything is taken to exist here "
        "(`jobferry inventory accept`).",
        edit=Action.LIBRARY_EDIT,
    ),
    Setting(
        key="receipt_days",
        type=SettingType.COUNT,
        default="",
        follows="as the platform",
        most=36_500,
        meaning="Days that receipts of imports are kept; the newest is always kept.",
        edit=_BINDING,
        acts=Acts.NEXT_SWEEP,
    ),
    Setting(
        key="version_count",
        type=SettingType.COUNT,
        default=str(MOST_VERSIONS),
        most=10_000,
        meaning="Versions of each job and script that are kept; the live one always is. "
        "Older ones go when the next is made.",
        edit=_BINDING,
    ),
    *(_limit(key) for key in _LIMIT_KEYS),
)

SETTINGS = {setting.key: setting for setting in _ALL}
_KEPT = 256
"""So many workspaces' settings are kept as they were read."""


def read_settings(stored: Mapping[str, str]) -> WorkspaceSettings:
    """What stored texts mean; a key or value that is not known any more counts as unset."""
    return _read(frozenset(stored.items()))


@lru_cache(_KEPT)
def _read(stored_items: frozenset[tuple[str, str]]) -> WorkspaceSettings:
    """Every request asks, and some several times."""
    stored = dict(stored_items)
    values = {key: _held(setting, stored.get(key, "")) for key, setting in SETTINGS.items()}
    profile = Profile(values["profile"])
    chosen: dict[str, object] = {
        key: words(values[key]) for key, (words, _) in _POLICY_OPTIONS.items() if values[key]
    }
    if values["failed_tag"]:
        chosen["failed_tag"] = values["failed_tag"]
    if values["must_be_stopped"]:
        chosen["must_be_stopped"] = values["must_be_stopped"] == "true"
    return WorkspaceSettings(
        policy=msgspec.structs.replace(PROFILES[profile], **chosen),
        profile=profile,
        default_directory=values["default_directory"],
        time_zone=values["time_zone"],
        fact_rules=_fact_rules(values),
        dependency=DependencyRule(values["job_dependency_rule"]),
        download=DownloadRule(values["download"]),
        receipt_days=int(values["receipt_days"] or 0),
        version_count=int(values["version_count"]),
        default_object_path=values["default_object_path"],
        mode=Mode(values["mode"]),
        review=read_scope(values["review"]),
        change_management=is_recording(values),
        asset_backup=values[ASSET_BACKUP] == "true",
        asset_backup_path=values["asset_backup_path"],
        asset_backup_days=int(values["asset_backup_days"] or 0),
        accepted=accepted_kinds(values),
    )


def is_recording(stored: Mapping[str, str]) -> bool:
    """Whether change management is on, told without reading the other settings."""
    return stored.get(CHANGE_MANAGEMENT) == "true"


def accepted_kinds(stored: Mapping[str, str]) -> frozenset[NeedKind]:
    """The kinds of the inventory of which everything is taken to exist."""
    named = {part.strip() for part in stored.get(INVENTORY_ACCEPTED, "").split(",")}
    return frozenset(kind for kind in INVENTORY_KINDS if kind in named)


def held_settings(stored: Mapping[str, str]) -> list[HeldSetting]:
    """Every setting with the value that holds and where it comes from."""
    policy = read_settings(stored).policy
    return [_shown(setting, stored.get(setting.key, ""), policy) for setting in SETTINGS.values()]


def checked_setting(key: str, value: str) -> str:
    """The value as it is stored; an empty one goes back to the default.

    Raises:
        InvalidRequest: the key is unknown or the value does not fit.
    """
    return checked(SETTINGS, "workspace", key, value)


def rights_to_set(keys: Iterable[str]) -> frozenset[Action]:
    """The rights that changing these settings takes, all of them together."""
    return frozenset(SETTINGS[key].edit for key in keys if key in SETTINGS)


def _shown(setting: Setting, stored: str, policy: Policy) -> HeldSetting:
    if stored and not unfit(setting, stored):
        return HeldSetting(setting, stored, Source.STORED)
    if setting.follows != _AS_PROFILE:
        return HeldSetting(setting, setting.default, Source.DEFAULT)
    value = getattr(policy, setting.key)
    return HeldSetting(setting, str(value).lower(), Source.PROFILE)


def _held(setting: Setting, stored: str) -> str:
    return stored if stored and not unfit(setting, stored) else setting.default


def _fact_rules(values: Mapping[str, str]) -> FactRules:
    patterns = tuple(part.strip() for part in values["sensitive_names"].split(",") if part.strip())
    return FactRules(
        limits=Limits(**{key: int(values[f"max_{key}"]) for key in _LIMIT_KEYS}),
        patterns=patterns,
        variables=VariableSyntax(values["variable_syntax"]),
        mrs_queue=values["mrs_queue_mandatory"] == "true",
    )
