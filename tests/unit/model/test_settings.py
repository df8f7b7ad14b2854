"""The tables of settings: defaults, values that fit, who may set them, and what the pages say."""

from __future__ import annotations

import pytest

from jobferry.errors import InvalidRequest
from jobferry.model.document.references import VariableSyntax
from jobferry.model.kinds import NeedKind
from jobferry.model.platform_settings import (
    PLATFORM_SETTINGS,
    SIZES,
    checked_platform_setting,
    read_platform_settings,
)
from jobferry.model.rights import MATRIX, Action, Role
from jobferry.model.setting import SettingType, Source
from jobferry.model.settings import (
    SETTINGS,
    DownloadRule,
    WorkspaceSettings,
    checked_setting,
    held_settings,
    read_settings,
    rights_to_set,
)
from jobferry.model.transfer.policy import PROFILES, Profile
from jobferry.package.limits import PackageLimits
from reference import PAGE, environment_names, generated


def _at(settings: WorkspaceSettings, path: str) -> object:
    found: object = settings
    for part in path.split("."):
        found = getattr(found, part)
    return found


CASES = {
    "profile": ("strict", "policy", PROFILES[Profile.STRICT], PROFILES[Profile.FACTORY]),
    "duplicates": ("overwrite", "policy.duplicates", "overwrite", "skip"),
    "match": ("name", "policy.match", "name", "uid-then-name"),
    "directory": ("chosen", "policy.directory", "chosen", "package"),
    "missing": ("hold", "policy.missing", "hold", "block"),
    "unknown_inventory": ("block", "policy.unknown_inventory", "block", "hold"),
    "outcome": ("package", "policy.outcome", "package", "job"),
    "target_status": ("saved", "policy.target_status", "saved", "submitted"),
    "target_edited": ("block", "policy.target_edited", "block", "overwrite"),
    "undocumented": ("block", "policy.undocumented", "block", "warn"),
    "default_directory": ("/a/b", "default_directory", "/a/b", ""),
    "lock_policy": ("hard", "policy.lock_policy", "hard", "soft"),
    "must_be_stopped": ("false", "policy.must_be_stopped", False, True),
    "failed_tag": ("broken", "policy.failed_tag", "broken", None),
    "time_zone": ("Asia/Shanghai", "time_zone", "Asia/Shanghai", "UTC"),
    "variable_syntax": ("${dlf.}", "fact_rules.variables", VariableSyntax.DLF, VariableSyntax.PLAIN),
    "mrs_queue_mandatory": ("true", "fact_rules.mrs_queue", True, False),
    "job_dependency_rule": ("refused", "dependency", "refused", "allowed"),
    "sensitive_names": ("*pin*, x", "fact_rules.patterns", ("*pin*", "x"), None),
    "download": ("none", "download", DownloadRule.NONE, DownloadRule.ALL),
    "asset_backup": ("true", "asset_backup", True, False),
    "asset_backup_path": ("obs://b/x", "asset_backup_path", "obs://b/x", ""),
    "asset_backup_days": ("7", "asset_backup_days", 7, 0),
    "default_object_path": ("obs://b/x", "default_object_path", "obs://b/x", ""),
    "mode": ("enterprise", "mode", "enterprise", "simple"),
    "review": ("dw_*, billing", "review.patterns", ("dw_*", "billing"), None),
    "receipt_days": ("7", "receipt_days", 7, 0),
    "change_management": ("true", "change_management", True, False),
    "inventory_accepted": (
        "queue, graph",
        "accepted",
        frozenset({NeedKind.QUEUE, NeedKind.GRAPH}),
        frozenset(),
    ),
    "version_count": ("7", "version_count", 7, 100),
    "max_jobs": ("7", "fact_rules.limits.jobs", 7, 10_000),
    "max_real_time_jobs": ("7", "fact_rules.limits.real_time_jobs", 7, 500),
    "max_scripts": ("7", "fact_rules.limits.scripts", 7, 10_000),
    "max_connections": ("7", "fact_rules.limits.connections", 7, 200),
    "max_directories": ("7", "fact_rules.limits.directories", 7, 5_000),
    "max_nodes": ("7", "fact_rules.limits.nodes", 7, 200),
}
"""Per key: a value, where it is read, what it is then, and what holds by default."""

BINDING = {
    "profile",
    "variable_syntax",
    "mrs_queue_mandatory",
    "job_dependency_rule",
    "sensitive_names",
    "download",
    "mode",
    "review",
    "receipt_days",
    "asset_backup_days",
    "lock_policy",
    "change_management",
    "version_count",
    *(key for key in SETTINGS if key.startswith("max_")),
}
"""The settings that bind everybody."""


def test_every_setting_has_a_case() -> None:
    assert CASES.keys() == SETTINGS.keys()


@pytest.mark.parametrize("key", CASES)
def test_a_setting_holds_its_default_until_set_and_again_when_reset(key: str) -> None:
    value, path, meant, default = CASES[key]
    assert checked_setting(key, value) == value
    assert _at(read_settings({key: value}), path) == meant
    for unset in ({}, {key: ""}, {key: "of no use"}):
        assert _at(read_settings(unset), path) != meant
        if default is not None:
            assert _at(read_settings(unset), path) == default


def test_what_follows_the_profile_shows_the_profiles_value() -> None:
    held = {one.setting.key: one for one in held_settings({"profile": "strict", "outcome": "job"})}
    assert (held["duplicates"].value, held["duplicates"].source) == ("overwrite", Source.PROFILE)
    assert (held["outcome"].value, held["outcome"].source) == ("job", Source.STORED)
    assert (held["must_be_stopped"].value, held["time_zone"].source) == ("true", Source.DEFAULT)
    assert held["receipt_days"].value == ""
    assert held["receipt_days"].setting.follows == "as the platform"


UNFIT = {
    SettingType.CHOICE: ("sometimes", "use one of: "),
    SettingType.FLAG: ("yes", "use true or false"),
    SettingType.COUNT: ("0", "use a whole number from 1 to "),
    SettingType.ZONE: ("Mars/Phobos", "use a zone such as "),
    SettingType.NAMES: (" , ", "name at least one pattern"),
    SettingType.KINDS: ("queue, dwarf", "use some of these, separated by commas: queue, agent"),
    SettingType.PLACE: ("s3://bucket", "use a folder in object storage"),
    SettingType.TAG: (" spaced ", "use off, or a tag of "),
    SettingType.DIRECTORY: ("/a/b c", "use a directory such as "),
    SettingType.HOUR: ("24", "use a whole hour from 0 to 23"),
    SettingType.BACKUPS: ("backups", "use a folder such as /var/backups/jobferry"),
}


@pytest.mark.parametrize(
    "setting", [*SETTINGS.values(), *PLATFORM_SETTINGS.values()], ids=lambda one: one.key
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(setting) -> None:
    checked = checked_setting if SETTINGS.get(setting.key) is setting else checked_platform_setting
    value, hint = UNFIT[setting.type]
    with pytest.raises(InvalidRequest) as refused:
        checked(setting.key, value)
    assert refused.value.subject == setting.key
    assert refused.value.hint.startswith(hint)


@pytest.mark.parametrize("value", ["off", "All", " all ", "orders", "all_*, off_?", "a,,b"])
def test_reviews_are_of_a_word_or_of_names(value: str) -> None:
    assert checked_setting("review", value) == value


@pytest.mark.parametrize("value", ["off,all", "orders, ALL", "off,orders"])
def test_a_word_among_names_is_refused_and_where_it_is_stored_goes_on_to_be_a_name(value: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        checked_setting("review", value)
    assert refused.value.hint == "use off, all, or names and patterns (*, ?) separated by commas"
    assert held_settings({"review": value})[list(SETTINGS).index("review")].value == value
    scope = read_settings({"review": value}).review
    assert scope.patterns == tuple(part.strip() for part in value.split(","))


@pytest.mark.parametrize("value", ["-1", "1.5", "10000001", "9" * 5000, "٣", " 7", "0x7"])
def test_a_count_is_plain_digits_within_its_range(value: str) -> None:
    with pytest.raises(InvalidRequest):
        checked_setting("max_jobs", value)


def test_an_unknown_key_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidRequest) as refused:
        checked_setting("nonsense", "1")
    assert "duplicates" in refused.value.hint


def test_what_binds_everybody_is_for_owner_and_operations() -> None:
    assert {key for key, one in SETTINGS.items() if one.edit is Action.DEFAULT_ITEM_EDIT} == BINDING
    assert MATRIX[Action.DEFAULT_ITEM_EDIT] == {Role.OWNER, Role.OPERATIONS}
    rest = {one.edit for key, one in SETTINGS.items() if key != "inventory_accepted"}
    assert rest == {Action.SETTING_EDIT, Action.DEFAULT_ITEM_EDIT}
    assert SETTINGS["inventory_accepted"].edit is Action.LIBRARY_EDIT
    assert rights_to_set(["match", "profile"]) == {Action.SETTING_EDIT, Action.DEFAULT_ITEM_EDIT}
    assert {one.edit for one in PLATFORM_SETTINGS.values()} == {Action.PLATFORM_SETTING_EDIT}
    assert MATRIX[Action.PLATFORM_SETTING_EDIT] == {Role.OPERATIONS}


@pytest.mark.parametrize("key", PLATFORM_SETTINGS)
def test_stored_wins_over_environment_over_default(key: str) -> None:
    setting = PLATFORM_SETTINGS[key]
    others = {
        SettingType.FLAG: "false",
        SettingType.ZONE: "GMT+8",
        SettingType.BACKUPS: "obs://bucket/backups",
    }
    stored = others.get(setting.type, "7")
    started = {one.key: "9" for one in SIZES}
    default = getattr(read_platform_settings({}, {}), key)
    assert str(default).lower() == setting.default.lower()
    assert str(getattr(read_platform_settings({key: stored}, started), key)).lower() == stored.lower()
    held = getattr(read_platform_settings({key: "of no use"}, started), key)
    assert held == (9 if key in started else default)


def test_sizes_that_nobody_set_are_those_of_a_reader_without_a_platform() -> None:
    values = read_platform_settings({}, {})
    limits = PackageLimits()
    for key in (
        "package_bytes",
        "unpacked_bytes",
        "entries",
        "entry_bytes",
        "ratio",
        "unreadable",
        "finding_bytes",
    ):
        assert getattr(values, key) == getattr(limits, key)


def test_the_page_of_settings_is_what_would_be_generated() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == generated(page), "run make reference"
    for name in environment_names():
        assert f"`{name}`" in page
