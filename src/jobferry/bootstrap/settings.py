"""Settings of one platform's process, from ``JOBFERRY_…`` variables."""

from __future__ import annotations

from typing import Literal

import msgspec
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from jobferry.package.limits import PackageLimits

_MIB = 1024 * 1024


class PlatformSettings(BaseSettings):
    """What is decided before a platform starts. Sizes are in bytes."""

    model_config = SettingsConfigDict(env_prefix="JOBFERRY_", extra="ignore")

    platform_name: str = Field(default="jobferry", max_length=128, pattern=r"^[^\x00-\x1f\x7f]*$")
    """How this platform calls itself in packages; read at its first start."""
    database: str = ""
    """A PostgreSQL URL; empty for SQLite in the data folder."""
    objects: str = ""
    """Where ``obs://`` objects live: a folder, or ``s3``; empty for ``objects`` in the data folder."""
    objects_endpoint: str = ""
    objects_region: str = ""
    objects_access_key: str = ""
    objects_secret_key: SecretStr = SecretStr("")
    trusted_proxies: str = ""
    """Addresses and networks of proxies, with commas; from these alone ``X-Forwarded-For`` and
    ``X-Forwarded-Proto`` are believed."""
    log_level: Literal["", "debug", "info", "warning", "error"] = ""
    """What the log keeps; empty: ``info`` where a platform is served, ``error`` in a command of its own."""
    objects_patience: float = Field(default=30.0, gt=0, le=3600)
    """Seconds that the object service may be silent before a call about it ends as failed."""
    factory_package_bytes: int = Field(default=10 * _MIB, gt=0)
    """Largest package that the Factory API's import and check-file take."""
    factory_unpacked_bytes: int = Field(default=10 * _MIB, gt=0)
    package_bytes: int = Field(default=1024 * _MIB, gt=0)
    """Largest package that is taken elsewhere."""
    unpacked_bytes: int = Field(default=4096 * _MIB, gt=0)
    entries: int = Field(default=200_000, gt=0)
    """Most entries a package may have."""
    entry_bytes: int = Field(default=64 * _MIB, gt=0)
    """Largest unpacked entry."""
    ratio: int = Field(default=1_000, gt=0)
    """How many times an entry over 1 MiB may unpack to its packed size."""

    @property
    def limits(self) -> PackageLimits:
        return PackageLimits(
            package_bytes=self.package_bytes,
            unpacked_bytes=self.unpacked_bytes,
            entries=self.entries,
            entry_bytes=self.entry_bytes,
            ratio=self.ratio,
        )

    @property
    def factory_limits(self) -> PackageLimits:
        return msgspec.structs.replace(
            self.limits,
            package_bytes=self.factory_package_bytes,
            unpacked_bytes=self.factory_unpacked_bytes,
            prefix="factory_",
        )
