"""Platform settings: what operations decides for a whole platform while it runs.

What a process needs to start comes from its environment. Where a size can be given in both places, the
stored setting wins over the environment, and the environment over the default.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from jobferry.model.rights import Action
from jobferry.model.setting import Acts, Setting, SettingType, checked, unfit
from jobferry.model.transfer.finding import MOST_FINDING_BYTES

_MIB = 1024 * 1024
_MOST_BYTES = 2**40
_MOST_FILE_BYTES = 2**32 - 2
"""What a zip can say of an entry in 32 bits."""
_MOST_DAYS = 36_500


class PlatformValues(msgspec.Struct, frozen=True, kw_only=True):
    """A platform's settings, read. Sizes are in bytes."""

    batch_imports: bool
    object_imports: bool
    object_exports: bool
    factory_package_bytes: int
    factory_local_bytes: int
    factory_unpacked_bytes: int
    package_bytes: int
    unpacked_bytes: int
    entries: int
    entry_bytes: int
    file_bytes: int
    ratio: int
    unreadable: int
    finding_bytes: int
    task_days: int
    receipt_days: int
    audit_days: int
    download_days: int
    change_days: int
    task_package_days: int
    batch_exports: bool
    backup_place: str
    backup_hour: int
    backup_zone: str
    backup_days: int


def _setting(
    key: str, kind: SettingType, default: str, meaning: str, *, acts: Acts = Acts.AT_ONCE, most: int = 1
) -> Setting:
    return Setting(
        key=key,
        type=kind,
        default=default,
        meaning=meaning,
        edit=Action.PLATFORM_SETTING_EDIT,
        acts=acts,
        most=most,
    )


def _size(key: str, default: int, meaning: str, *, most: int = _MOST_BYTES) -> Setting:
    return _setting(key, SettingType.COUNT, str(default), meaning, most=most)


def _days(key: str, default: int, meaning: str) -> Setting:
    return _setting(key, SettingType.COUNT, str(default), meaning, acts=Acts.NEXT_SWEEP, most=_MOST_DAYS)


SIZES = (
    _size(
        "factory_package_bytes",
        10 * _MIB,
        "Largest package from object storage that *Import Job* takes, as do the Factory API's import and "
        "check-file.",
    ),
    _size(
        "factory_local_bytes",
        10 * _MIB,
        "Largest package from a local file that *Import Job* takes; "
        "the service's international edition has 1048576.",
    ),
    _size("factory_unpacked_bytes", 10 * _MIB, "Largest package that *Import Job* takes, unpacked."),
    _size(
        "package_bytes", 1024 * _MIB, "Largest package that can be uploaded, and that every other act takes."
    ),
    _size("unpacked_bytes", 4096 * _MIB, "The same, unpacked."),
    _size("entries", 200_000, "Most entries that a package may have.", most=10_000_000),
    _size(
        "entry_bytes",
        64 * _MIB,
        "Largest entry of a package, unpacked; resource files have a limit of their own.",
    ),
    _size(
        "file_bytes",
        256 * _MIB,
        "Largest resource file in a package, in exports and imports.",
        most=_MOST_FILE_BYTES,
    ),
    _size(
        "ratio",
        1_000,
        "How many times its packed size an entry over 1 MiB may unpack to.",
        most=1_000_000,
    ),
    _size(
        "unreadable",
        1_000,
        "Most documents of a package that cannot be read; with more of them the package is refused.",
        most=10_000_000,
    ),
    _size(
        "finding_bytes",
        MOST_FINDING_BYTES,
        "Total size of all findings about a package: each counts 256 bytes and its names.",
    ),
)
"""Those that the environment can give too."""

PLATFORM_SETTINGS = {
    setting.key: setting
    for setting in (
        _setting(
            "batch_exports",
            SettingType.FLAG,
            "false",
            "Whether owners and administrators can export batch packages by a list of names.",
        ),
        _setting(
            "batch_imports",
            SettingType.FLAG,
            "false",
            "Whether owners and administrators can import batch packages (`--act import-batch-package`).",
        ),
        _setting(
            "object_imports",
            SettingType.FLAG,
            "true",
            "Whether packages may be read from object storage (`obs://`) to be checked or imported.",
        ),
        _setting(
            "object_exports",
            SettingType.FLAG,
            "true",
            "Whether exports may be written into object storage.",
        ),
        *SIZES,
        _days("task_days", 7, "Days that ended tasks are kept."),
        _days(
            "receipt_days",
            90,
            "Days that receipts of imports are kept where a workspace says nothing else; "
            "the newest of each workspace is always kept.",
        ),
        _days("audit_days", 92, "Days that the audit is kept."),
        _days("task_package_days", 3, "Days that batch packages are kept, with their records."),
        _days("download_days", 7, "Days that records of exports are kept, with their packages."),
        _days("change_days", 92, "Days that recorded changes of objects are kept."),
        Setting(
            key="backup_place",
            type=SettingType.BACKUPS,
            default="",
            follows="none",
            meaning="Where the platform backs itself up each day: a folder of the server outside of its data "
            "folder, or a folder in an object store. Nothing is backed up while it is empty.",
            edit=Action.PLATFORM_SETTING_EDIT,
        ),
        _setting("backup_hour", SettingType.HOUR, "2", "The hour of the day at which it does so."),
        _setting("backup_zone", SettingType.ZONE, "UTC", "The time zone of that hour."),
        _setting(
            "backup_days",
            SettingType.COUNT,
            "14",
            "Days that such backups are kept; older ones go when another one is there.",
            most=_MOST_DAYS,
        ),
    )
}


def read_platform_settings(stored: Mapping[str, str], started: Mapping[str, str]) -> PlatformValues:
    """What holds: stored, else what the process was ``started`` with, else the default.

    A stored key or value that is not known any more counts as unset.
    """
    texts = {key: held(setting, stored, started) for key, setting in PLATFORM_SETTINGS.items()}
    values = {key: _read(PLATFORM_SETTINGS[key].type, text) for key, text in texts.items()}
    return msgspec.convert(values, PlatformValues)


def _read(kind: SettingType, text: str) -> bool | int | str:
    if kind is SettingType.FLAG:
        return text == "true"
    return int(text) if kind in (SettingType.COUNT, SettingType.HOUR) else text


def held(setting: Setting, stored: Mapping[str, str], started: Mapping[str, str]) -> str:
    """The text that holds for one setting."""
    text = stored.get(setting.key, "")
    if text and not unfit(setting, text):
        return text
    return started.get(setting.key) or setting.default


def checked_platform_setting(key: str, value: str) -> str:
    """The value as it is stored; an empty one goes back to what the process was started with.

    Raises:
        InvalidRequest: the key is unknown or the value does not fit.
    """
    return checked(PLATFORM_SETTINGS, "platform", key, value)


read_platform_settings({}, {})  # two threads must not ask for the first time at once
