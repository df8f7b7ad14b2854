"""Which object stores the settings name, which of them holds a bucket, and what cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jobferry.bootstrap.settings import ObjectStoreSettings, PlatformSettings
from jobferry.errors import ErrorCode, FilesError, InvalidRequest
from jobferry.files.paths import is_bucket_name, s3_place
from jobferry.files.s3 import S3Service, is_numbered
from jobferry.model.object_stores import (
    DEFAULT,
    bucket_names,
    is_store_name,
    store_key,
    store_variable,
)
from jobferry.sentences import reason_of, sentence

SERVICE = "s3"
"""What ``JOBFERRY_OBJECTS`` is where the default store is a service."""
_PREFIX = "JOBFERRY_"
_BUCKET_IN_HOST = {"auto": None, "host": True, "path": False}


def store_of(settings: PlatformSettings, bucket: str) -> str:
    """The store that a bucket is in: that which names it, else the default one."""
    for name, store in settings.stores.items():
        if bucket in bucket_names(store.buckets):
            return name
    return DEFAULT


def service_of(settings: PlatformSettings, name: str, patience: float | None = None) -> S3Service:
    """The service of a store, which may be silent for so many seconds.

    Raises:
        FilesError: the file with its secret key cannot be read.
    """
    silent = settings.objects_patience if patience is None else patience
    if name == DEFAULT:
        return S3Service(
            endpoint=settings.objects_endpoint,
            region=settings.objects_region,
            access_key=settings.objects_access_key,
            secret_key=settings.objects_secret_key.get_secret_value(),
            bucket_in_host=_BUCKET_IN_HOST[settings.objects_addressing],
            patience=silent,
        )
    store = settings.stores[name]
    return S3Service(
        endpoint=store.endpoint,
        region=store.region,
        access_key=store.access_key,
        secret_key=_secret_key(name, store),
        bucket_in_host=_BUCKET_IN_HOST[store.addressing],
        patience=silent,
    )


def refuse_unusable_stores(settings: PlatformSettings) -> None:
    """Raises: InvalidRequest: what settings say together of object stores cannot be meant."""
    _refuse_default(settings)
    if s3_place(settings.packages) and not _has_service(settings):
        raise _no_service("JOBFERRY_PACKAGES is in an object store, and no service is named")
    for name in settings.stores:
        _refuse_named(settings, name)
    _refuse_shared_buckets(settings)


def _refuse_default(settings: PlatformSettings) -> None:
    is_service = settings.objects == SERVICE
    if is_service and not settings.objects_endpoint:
        raise _no_service("JOBFERRY_OBJECTS is s3, and no service is named")
    if settings.objects_buckets and not is_service:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "JOBFERRY_OBJECTS_BUCKETS lists buckets of a service, and JOBFERRY_OBJECTS is not s3",
            subject=f"{_PREFIX}OBJECTS_BUCKETS",
            hint="unset it: the buckets of a folder are its folders",
        )
    _refuse_numbered(
        f"{_PREFIX}OBJECTS_ADDRESSING",
        f"{_PREFIX}OBJECTS_ENDPOINT",
        settings.objects_addressing,
        settings.objects_endpoint,
    )


def _refuse_named(settings: PlatformSettings, name: str) -> None:
    store = settings.stores[name]
    if not is_store_name(name):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("no object store can be called {name}", name=repr(name)),
            subject=name,
            hint="use small letters, digits and hyphens, at most 32, and another name than default",
        )
    for setting in ("endpoint", "buckets"):
        if not getattr(store, setting):
            raise InvalidRequest(
                ErrorCode.MISSING_VALUE,
                sentence("the object store {store} has no {setting}", store=name, setting=setting),
                subject=store_key(name, setting),
                hint=_where(name, setting),
            )
    if store.secret_key_file and store.secret_key.get_secret_value():
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("the object store {store} has secret_key and secret_key_file", store=name),
            subject=store_key(name, "secret_key_file"),
            hint="give one of them only",
        )
    _refuse_numbered(
        store_key(name, "addressing"), store_key(name, "endpoint"), store.addressing, store.endpoint
    )


def _refuse_shared_buckets(settings: PlatformSettings) -> None:
    """A path names no store, so that a bucket has to be in one only."""
    found: dict[str, str] = {}
    for store, bucket, key in _listed(settings):
        if not is_bucket_name(bucket):
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence(
                    "{setting} has {bucket}, which is no bucket's name", setting=key, bucket=repr(bucket)
                ),
                subject=key,
                hint="name buckets with commas, such as jobs,archive",
            )
        if bucket in found:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence(
                    "the bucket {bucket} is in two object stores, {first} and {second}",
                    bucket=bucket,
                    first=found[bucket],
                    second=store,
                )
                if store != found[bucket]
                else sentence("the bucket {bucket} is named twice", bucket=bucket),
                subject=key,
                hint="name each bucket once: its name says which store a path leads to",
            )
        found[bucket] = store


def _listed(settings: PlatformSettings) -> Iterator[tuple[str, str, str]]:
    """Every bucket that settings name, with its store and the setting that names it."""
    for bucket in bucket_names(settings.objects_buckets):
        yield DEFAULT, bucket, f"{_PREFIX}OBJECTS_BUCKETS"
    for name, store in settings.stores.items():
        for bucket in bucket_names(store.buckets):
            yield name, bucket, store_key(name, "buckets")


def _has_service(settings: PlatformSettings) -> bool:
    """Whether the service is named that packages are to lie in."""
    place = s3_place(settings.packages)
    return bool(settings.objects_endpoint) or (
        place is not None and store_of(settings, place.bucket) != DEFAULT
    )


def _refuse_numbered(addressing: str, endpoint: str, how: str, address: str) -> None:
    """Buckets are to be named in the host, and the service's address is a number."""
    if how == "host" and is_numbered(address):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence(
                "{setting} is host, and the object service has a number for its address", setting=addressing
            ),
            subject=addressing,
            hint=sentence("set it to path, or give the service's name in {setting}", setting=endpoint),
        )


def _no_service(message: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.MISSING_VALUE,
        message,
        subject=f"{_PREFIX}OBJECTS_ENDPOINT",
        hint="set JOBFERRY_OBJECTS_ENDPOINT, such as https://s3.eu-central-1.amazonaws.com",
    )


def _where(store: str, setting: str) -> str:
    return sentence(
        "set {setting} below [stores.{store}] in the settings file, or {variable}",
        setting=setting,
        store=store,
        variable=f"{_PREFIX}{store_variable(store, setting)}",
    )


def _secret_key(name: str, store: ObjectStoreSettings) -> str:
    if not store.secret_key_file:
        return store.secret_key.get_secret_value()
    try:
        return Path(store.secret_key_file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise FilesError(
            ErrorCode.FILES_FAILED,
            sentence(
                "the secret key of the object store {store} cannot be read from {file}: {reason}",
                store=name,
                file=store.secret_key_file,
                reason=reason_of(error) if isinstance(error, OSError) else sentence("it is not UTF-8"),
            ),
            subject=store_key(name, "secret_key_file"),
            hint="check the file, and whether the user that the platform runs as may read it",
        ) from None
