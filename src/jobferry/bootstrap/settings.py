"""Settings of one platform's process, from ``JOBFERRY_…`` variables."""

from __future__ import annotations

import os
import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from jobferry.model.platform_settings import SIZES

_MOST_READERS = 4
_SIZE = re.compile(r"(\d+) ?([KMGT])(?:iB)?", re.IGNORECASE)
_POWERS = {"K": 1, "M": 2, "G": 3, "T": 4}


def _in_bytes(value: object) -> object:
    """A size such as ``64 MiB`` or ``1G`` in bytes; a plain number as it is.

    Raises:
        ValueError: it is neither.
    """
    if not isinstance(value, str) or value.isdecimal():
        return value
    found = _SIZE.fullmatch(value.strip())
    if found is None:
        raise ValueError
    return int(found[1]) * 1024 ** _POWERS[found[2].upper()]


_Bytes = Annotated[int, BeforeValidator(_in_bytes), Field(gt=0)] | None


class PlatformSettings(BaseSettings):
    """What is decided before a platform starts. Sizes are in bytes; ``64 MiB`` and ``1G`` are taken too."""

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
    patience: float = Field(default=10.0, gt=0, le=3600)
    """Seconds that a change waits for others in the same database, and a command for a data folder that
    another process holds."""
    objects_patience: float = Field(default=30.0, gt=0, le=3600)
    """Seconds that the object service may be silent before a call about it ends as failed."""
    connections: int = Field(default=1_000, ge=1, le=100_000)
    """Connections that a served platform keeps open at most, and never more than the process may open files,
    less 256 for everything else."""
    connections_per_address: int = Field(default=256, ge=1, le=100_000)
    """Those that one network address may have of them; trusted proxies may have all."""
    client_patience: float = Field(default=30.0, gt=0, le=3600)
    """Seconds that a client may take to send a request's head, keep silent amid its body, or leave an answer
    unread."""
    uploads_per_user: int = Field(default=8, ge=1, le=1_000)
    """Bodies above 64 KiB that one user may be sending at the same time."""
    readers: int | None = Field(default=None, ge=0, le=64)
    """Processes that read the documents of large packages, at most; 0 for none."""
    factory_package_bytes: _Bytes = None
    """Sizes that operations may also set while the platform runs, which wins; see ``model.platform_settings``
    for what they mean and what holds where nobody says."""
    factory_local_bytes: _Bytes = None
    factory_unpacked_bytes: _Bytes = None
    package_bytes: _Bytes = None
    unpacked_bytes: _Bytes = None
    entries: int | None = Field(default=None, gt=0)
    entry_bytes: _Bytes = None
    file_bytes: _Bytes = None
    ratio: int | None = Field(default=None, gt=0)
    unreadable: int | None = Field(default=None, gt=0)
    finding_bytes: _Bytes = None

    @property
    def started(self) -> dict[str, str]:
        """The sizes that this process was started with, by key."""
        said = {setting.key: getattr(self, setting.key) for setting in SIZES}
        return {key: str(value) for key, value in said.items() if value is not None}

    @property
    def reading_processes(self) -> int:
        """One for each core, at most four, and none on a single core, unless somebody says otherwise."""
        if self.readers is not None:
            return self.readers
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return min(cores, _MOST_READERS) if cores > 1 else 0
