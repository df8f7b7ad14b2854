"""An S3-compatible service such as OBS: how its buckets are opened, and what its errors say.

obstore is imported at the first use, so that commands that need no objects start quickly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from jobferry.errors import ErrorCode, FilesError
from jobferry.files.faults import disk_fault, incomplete
from jobferry.files.paths import S3Place
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import S3Store

PARTS_AT_ONCE = 2
"""Of 10 MiB each; by itself obstore holds twelve."""
READ_BYTES = 1024 * 1024

_SILENCE_SECONDS = 30.0
_CONNECT_SECONDS = 10.0
_REQUEST_SECONDS = 3600.0
"""However slowly it goes on, one request ends after this."""
_SIGNS = {
    "kind: Timeout": sentence("the service does not answer in time"),
    "dns error": sentence("the service's host is not known"),
    "kind: Connect,": sentence("the service cannot be reached"),
    "kind: Interrupted": sentence("the service ended the connection"),
    "NoContentRange": sentence("the service ended the connection"),
}
"""What obstore's errors say of themselves, for people."""
_RETRIES = 3


class S3Service:
    """Where a service is, and the credentials for it.

    The bucket is part of the host name, as OBS wants it, unless ``endpoint`` is an address or a name without
    a dot (MinIO and test servers); ``bucket_in_host`` decides otherwise.

    A service that fails is asked again a few times; one that is silent for ``patience`` seconds has failed,
    and no call is tried again once so many seconds have passed.
    """

    def __init__(
        self,
        *,
        endpoint: str,
        region: str,
        access_key: str,
        secret_key: str,
        bucket_in_host: bool | None = None,
        patience: float = _SILENCE_SECONDS,
    ) -> None:
        self._endpoint = _parts(endpoint)
        self._region = region
        self._keys = (access_key, secret_key)
        self._patience = timedelta(seconds=patience)
        host = self._endpoint.hostname or ""
        named = not is_numbered(endpoint) and ("." in host or not host)
        self._in_host = named if bucket_in_host is None else bucket_in_host

    def bucket(self, name: str) -> S3Store:
        """A bucket, which need not be there. Objects are deleted one by one: not all services can do many."""
        from obstore.store import S3Store

        access_key, secret_key = self._keys
        parts = self._endpoint
        host = f"{name}.{parts.netloc}" if self._in_host else parts.netloc
        return S3Store(
            name,
            endpoint=parts._replace(netloc=host).geturl() if parts.netloc else None,
            region=self._region or "us-east-1",
            access_key_id=access_key,
            secret_access_key=secret_key,
            virtual_hosted_style_request=self._in_host,
            disable_bulk_delete=True,
            client_options={
                "allow_http": parts.scheme == "http",
                "connect_timeout": min(self._patience, timedelta(seconds=_CONNECT_SECONDS)),
                "read_timeout": self._patience,
                "timeout": timedelta(seconds=_REQUEST_SECONDS),
            },
            retry_config={"max_retries": _RETRIES, "retry_timeout": self._patience},
        )


@contextmanager
def answering(place: S3Place, subject: str, *, may_be_absent: bool = False) -> Iterator[None]:
    """Says of which package and store it is where the service that holds packages fails. That there is no
    such object passes through as ``FileNotFoundError`` where it ``may_be_absent``.

    Raises:
        FilesError: ``files-failed``.
    """
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError) as error:
        if is_no_bucket(error):
            told: str = sentence("there is no bucket {bucket}", bucket=place.bucket)
        elif may_be_absent and isinstance(error, FileNotFoundError):
            raise
        else:
            told = words_of(error) or disk_fault(error, subject).message.removeprefix(f"{subject}: ")
        raise FilesError(
            ErrorCode.FILES_FAILED,
            sentence("the package store {place}: {reason}", place=str(place), reason=told),
            subject=subject,
            hint="try again; if it stays so, ask whoever runs this platform to check the store that "
            "JOBFERRY_PACKAGES names",
        ) from error


def pieces(place: S3Place, subject: str, found: GetResult) -> Iterator[bytes]:
    """An object of that place as it comes, with all the bytes that the service announced.

    Raises:
        FilesError: ``files-failed``.
    """
    announced, size = found.meta["size"], 0
    chunks = iter(found.stream(min_chunk_size=READ_BYTES))
    while True:
        with answering(place, subject):
            chunk = next(chunks, None)
        if chunk is None:
            break
        size += len(chunk)
        if size > announced:
            break
        yield bytes(chunk)
    if size != announced:
        raise incomplete(subject, size, announced)


def words_of(error: Exception) -> str:
    """What an error of obstore means, for people; empty where nothing is known but its own text."""
    return next((words for sign, words in _SIGNS.items() if sign in str(error)), "")


def is_no_bucket(error: Exception) -> bool:
    """Whether the service says that there is no such bucket."""
    return "<Code>NoSuchBucket<" in str(error)


def is_numbered(endpoint: str) -> bool:
    """Whether the address of a service is an IP address: no bucket has a name below one."""
    try:
        return bool(ip_address(_parts(endpoint).hostname or ""))
    except ValueError:
        return False


def _parts(endpoint: str) -> SplitResult:
    """The parts of a service's address, which is HTTPS unless it says otherwise."""
    return urlsplit(endpoint if "://" in endpoint or not endpoint else f"https://{endpoint}")
