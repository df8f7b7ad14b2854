"""The platform's settings: those that operations has stored, over those the process was started with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.people import Caller
from jobferry.model.platform_settings import (
    PLATFORM_SETTINGS,
    SIZES,
    PlatformValues,
    checked_platform_setting,
    held,
    read_platform_settings,
)
from jobferry.model.rights import Action
from jobferry.model.setting import HeldSetting, ProcessSetting, Source
from jobferry.model.transfer.policy import ImportAct
from jobferry.package.limits import PackageLimits
from jobferry.sentences import as_sentence, sentence
from jobferry.services.granting import allow_everywhere, platform_grant
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot


class StoredSettings:
    """What operations has decided, over what this process was ``started`` with."""

    def __init__(
        self,
        runtime: Runtime,
        started: Sequence[ProcessSetting],
        check_backups: Callable[[str], object] = lambda _: None,
    ) -> None:
        """``check_backups`` raises JobferryError where backups cannot lie at a place."""
        self._runtime = runtime
        self._check_backups = check_backups
        self._process = tuple(started)
        sizes = {setting.key for setting in SIZES}
        given = [one for one in started if one.key in sizes and one.value]
        self._started = {setting.key: setting.value for setting in given}
        self._sources = {setting.key: setting.source for setting in given}

    def all(self) -> list[HeldSetting]:
        """Every setting."""
        with self._runtime.store.read() as snapshot:
            return self._held(snapshot.platform_settings())

    def of_process(self, caller: Caller) -> tuple[ProcessSetting, ...]:
        """What this process was started with, and where each value comes from.

        Raises:
            Forbidden: the caller is not of operations.
        """
        allow_everywhere(self._runtime, caller, Action.PLATFORM_SETTING_EDIT, kind="setting")
        return self._process

    def values(self) -> PlatformValues:
        """What holds now."""
        with self._runtime.store.read() as snapshot:
            return self.values_in(snapshot)

    def values_in(self, look: Snapshot) -> PlatformValues:
        """Return the values of a snapshot."""
        return read_platform_settings(look.platform_settings(), self._started)

    def change(self, caller: Caller, values: Mapping[str, str]) -> list[HeldSetting]:
        """Changes settings, all or none; an empty value is forgotten, so that the next source holds.

        Raises:
            Forbidden: the caller is not of operations.
            InvalidRequest: a key is unknown or a value does not fit.
        """
        with self._runtime.store.read() as snapshot:
            grant = platform_grant(snapshot, caller)
        with self._runtime.change(
            grant, "platform-setting-edit", Action.PLATFORM_SETTING_EDIT, kind="setting"
        ) as change:
            checked = {key: checked_platform_setting(key, value) for key, value in values.items()}
            if place := checked.get("backup_place"):
                self._check_backups(place)
            former = change.uow.platform_settings()
            stored = {key: value for key, value in (former | checked).items() if value}
            changed = sorted(key for key in checked if former.get(key, "") != checked[key])
            if changed:
                change.uow.save_platform_settings(stored)
                change.audit(detail=", ".join(changed))
            else:
                change.no_row()
        return self._held(stored)

    def limits(self) -> PackageLimits:
        """How big packages may be."""
        values = self.values()
        return PackageLimits(
            package_bytes=values.package_bytes,
            unpacked_bytes=values.unpacked_bytes,
            entries=values.entries,
            entry_bytes=values.entry_bytes,
            file_bytes=values.file_bytes,
            ratio=values.ratio,
            unreadable=values.unreadable,
            finding_bytes=values.finding_bytes,
        )

    def factory_limits(self, *, local: bool = False) -> PackageLimits:
        """How big packages may be that come to *Import Job*: from object storage, or as a ``local`` file."""
        values = self.values()
        setting = "factory_local_bytes" if local else "factory_package_bytes"
        return msgspec.structs.replace(
            self.limits(),
            package_bytes=getattr(values, setting),
            unpacked_bytes=values.factory_unpacked_bytes,
            package_setting=setting,
            unpacked_setting="factory_unpacked_bytes",
        )

    def limits_of(self, act: ImportAct, *, local: bool) -> PackageLimits:
        """How big packages may be for an import that is done as this."""
        return self.factory_limits(local=local) if act is ImportAct.JOB else self.limits()

    def check_object_imports(self) -> None:
        """Raises: Conflict: nothing may be read from object storage (``object-storage-off``)."""
        if not self.values().object_imports:
            raise _off(
                "packages are not read from object storage here", "object_imports", "upload it as a file"
            )

    def check_object_exports(self) -> None:
        """Raises: Conflict: nothing may be written into object storage (``object-storage-off``)."""
        if not self.values().object_exports:
            raise _off("exports are not written into object storage here", "object_exports", "download it")

    def _held(self, stored: Mapping[str, str]) -> list[HeldSetting]:
        return [
            HeldSetting(setting, held(setting, stored, self._started), self._source(key, stored))
            for key, setting in PLATFORM_SETTINGS.items()
        ]

    def _source(self, key: str, stored: Mapping[str, str]) -> Source:
        if stored.get(key):
            return Source.STORED
        return self._sources.get(key, Source.DEFAULT)


def _off(message: str, key: str, instead: str) -> Conflict:
    hint = sentence("{instead}, or ask operations to set {key}=true", instead=as_sentence(instead), key=key)
    return Conflict(ErrorCode.OBJECT_STORAGE_OFF, message, subject=key, hint=hint)
