"""Settings of one platform's process: options of its command, ``JOBFERRY_…`` variables, a file, defaults."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, SecretStr
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from jobferry.files.paths import s3_place
from jobferry.model.object_stores import STORE_SETTINGS, key_of_variable, store_key
from jobferry.model.setting import ProcessSetting, Source

_MOST_READERS = 4
_SIZE = re.compile(r"(\d+) ?([KMGT])(?:iB)?", re.IGNORECASE)
_POWERS = {"K": 1, "M": 2, "G": 3, "T": 4}
_PREFIX = "JOBFERRY_"
_PASSWORD = re.compile(r"(://[^/@]*?:)[^@]*@|(\bpassword=)[^&\s]*")
_MASK = "***"
_STORES = "stores"


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


def _place(value: str) -> str:
    """Raises: PydanticCustomError: it begins like a place in a service, and is none."""
    if value.startswith("s3:") and s3_place(value) is None:
        raise PydanticCustomError("no_place", "neither a folder nor s3://bucket/folder")
    return value


def _proxies(value: str) -> str:
    """Raises: PydanticCustomError: a part is neither an address nor a network; ``*`` is all."""
    try:
        for part in value.split(",") if value.strip() not in ("", "*") else ():
            ip_network(part.strip())
    except ValueError:
        raise PydanticCustomError("no_proxies", "neither an address nor a network") from None
    return value


_Bytes = Annotated[int, BeforeValidator(_in_bytes), Field(gt=0)] | None
_Addressing = Literal["auto", "host", "path"]


class ObjectStoreSettings(BaseModel):
    """A named object store beside the default one: an S3-compatible service and the buckets it has here."""

    model_config = ConfigDict(frozen=True)

    endpoint: str = ""
    region: str = ""
    addressing: _Addressing = "auto"
    access_key: str = ""
    secret_key: SecretStr = SecretStr("")
    secret_key_file: str = ""
    """The file that holds the secret key, read at the start."""
    buckets: str = ""
    """Their names, with commas."""


class PlatformSettings(BaseSettings):
    """What is decided before a platform starts. Sizes are in bytes; ``64 MiB`` and ``1G`` are taken too."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore")

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
    objects_addressing: _Addressing = "auto"
    """Where the object service is told the bucket: in the name of the host, or at the head of the path.
    ``auto``: in the host's name, unless the service's address is a number or a name without a dot."""
    objects_buckets: str = ""
    """Buckets of the object service that are shown to choose from, with commas; it is not asked for them."""
    stores: dict[str, ObjectStoreSettings] = Field(default_factory=dict)
    """Object stores beside that one, by name; each has buckets of its own."""
    key: SecretStr = SecretStr("")
    """The key that seals secrets, as 64 hexadecimal digits."""
    key_file: str = ""
    """The file that holds it. With neither, the key is the file ``key`` in the data folder."""
    oidc_issuer: str = ""
    """The OpenID provider that signs users in, by its issuer; empty: none."""
    oidc_client: str = ""
    """What this platform is called there."""
    oidc_secret: SecretStr = SecretStr("")
    oidc_secret_file: str = ""
    """The file that holds the client's secret, read at each sign-in."""
    oidc_redirect: str = ""
    """The console's address that the provider sends browsers back to."""
    oidc_groups: str = "groups"
    """The claim that names a user's groups."""
    oidc_roles: str = ""
    """``GROUP=operations; GROUP=WORKSPACE:ROLE``: the roles that groups stand for."""
    oidc_confirm_days: int = Field(default=30, ge=1, le=3650)
    """How many days a sign-in by the provider confirms its user; then their tokens, keys and sessions are
    refused until they sign in by the provider again."""
    local_sign_in: Literal["on", "off"] = "on"
    """Whether passwords sign in; ``off`` holds only where there is a provider."""
    host: str = Field(default="127.0.0.1", min_length=1)
    """The address that a served platform listens on."""
    port: int = Field(default=8650, ge=0, le=65535)
    """Its port; 0 takes a free one."""
    tls_cert: str = ""
    """A file with the certificate of a served platform and its chain (PEM); empty: plain HTTP."""
    tls_key: str = ""
    """The file with that certificate's key."""
    packages: Annotated[str, AfterValidator(_place)] = ""
    """The folder in which packages lie that were handed in, and those that wait to be downloaded, or
    ``s3://bucket/folder`` of the object service; empty: the data folder. Several servers on one database need
    one that all of them see."""
    tasks: bool = True
    """Whether this server also does the work of background tasks; one that does not only answers, and leaves
    them to the other servers on its PostgreSQL database."""
    metrics_token: SecretStr = SecretStr("")
    """What ``/metrics`` asks for as a bearer token; empty: it answers callers on this machine only."""
    webhook_url: SecretStr = SecretStr("")
    """The address that is told of reviews asked for and of imports ended; empty: none is. Such addresses
    often hold a token."""
    webhook_secret: SecretStr = SecretStr("")
    """What these calls are signed with: ``whsec_`` and Base64."""
    trusted_proxies: Annotated[str, AfterValidator(_proxies)] = ""
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
    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def told(self) -> list[ProcessSetting]:
        """Every setting with its value and where that comes from; secrets are masked."""
        own = [
            self._told(self, setting, setting)
            for setting in sorted(type(self).model_fields)
            if setting != _STORES
        ]
        return own + [
            self._told(store, setting, store_key(name, setting))
            for name, store in sorted(self.stores.items())
            for setting in STORE_SETTINGS
        ]

    def _told(self, group: BaseModel, setting: str, key: str) -> ProcessSetting:
        is_given = setting in group.model_fields_set
        whence = self._whence(key) if is_given else (Source.DEFAULT, "")
        return ProcessSetting(key, _shown(getattr(group, setting)), *whence)

    def _whence(self, key: str) -> tuple[Source, str]:
        origin = self._origins.get(key, variable_of(key))
        if origin.startswith("--"):
            return Source.OPTION, origin
        return (Source.ENVIRONMENT if origin == variable_of(key) else Source.FILE), origin

    @property
    def reading_processes(self) -> int:
        """One for each core, at most four, and none on a single core, unless somebody says otherwise."""
        if self.readers is not None:
            return self.readers
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return min(cores, _MOST_READERS) if cores > 1 else 0


class SettingsFile(NamedTuple):
    """What a settings file says, by key: ``port``, ``stores.archive.region``."""

    path: Path
    values: Mapping[str, str]


def read_settings(options: Mapping[str, tuple[str, object]], file: SettingsFile | None) -> PlatformSettings:
    """The settings of this process: an option of its command wins over the environment, that over the file.

    ``options`` are values by key, each with the option's name.

    Raises:
        ValidationError: a value does not fit; :func:`origins` says where it comes from.
    """
    values = {key: value for key, (_, value) in options.items()}
    given = {**(file.values if file else {}), **_environment(), **values}
    settings = PlatformSettings(**_in_tables(given))
    settings._origins = origins(options, file)
    return settings


def origins(options: Mapping[str, tuple[str, object]], file: SettingsFile | None) -> dict[str, str]:
    """Where each value that somebody gave comes from: a file, a variable or an option, by key."""
    return (
        ({key: str(file.path) for key in file.values} if file else {})
        | {key: variable_of(key) for key in _environment()}
        | {key: option for key, (option, _) in options.items()}
    )


def variable_of(key: str) -> str:
    """The variable that gives a setting."""
    return f"{_PREFIX}{key.upper().replace('.', '_').replace('-', '_')}"


def masked(text: str) -> str:
    """A database's address without its password."""
    return _PASSWORD.sub(lambda found: f"{found[1]}{_MASK}@" if found[1] else f"{found[2]}{_MASK}", text)


def _environment() -> dict[str, object]:
    found = {key_of_variable(name.removeprefix(_PREFIX)): text for name, text in os.environ.items()}
    return EnvSettingsSource(PlatformSettings)() | {key: text for key, text in found.items() if key}


def _in_tables(given: Mapping[str, object]) -> dict[str, Any]:
    """Values by key, those of a store in the store's own table."""
    found: dict[str, Any] = {}
    for key, value in given.items():
        *tables, setting = key.split(".")
        table = found
        for name in tables:
            table = table.setdefault(name, {})
        table[setting] = value
    return found


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return _MASK if value.get_secret_value() else ""
    return masked(str(value))
