"""The system that is told of reviews and imports, as the settings of this process name it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import ErrorCode, InvalidRequest

if TYPE_CHECKING:
    from jobferry.webhook.receiver import Receiver

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SECONDS = 10.0


def webhook_receiver(settings: PlatformSettings) -> Receiver | None:
    """The receiver, which is not called yet; None if the settings name none.

    Raises:
        InvalidRequest: its address or its secret is not right.
    """
    url = settings.webhook_url.get_secret_value()
    if not url:
        return None
    from jobferry.webhook.receiver import Receiver, secret_bytes

    if not _is_safe(url):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "JOBFERRY_WEBHOOK_URL is not an https address",
            subject="JOBFERRY_WEBHOOK_URL",
            hint="write https://host/path; plain http is for this machine alone",
        )
    try:
        key = secret_bytes(settings.webhook_secret.get_secret_value())
    except ValueError:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "JOBFERRY_WEBHOOK_SECRET is not a secret that a webhook can be signed with",
            subject="JOBFERRY_WEBHOOK_SECRET",
            hint="give whsec_ and the Base64 of 24 to 64 random bytes, the same as the receiver has",
        ) from None
    return Receiver(url, key, patience=_SECONDS)


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(host)) or (parts.scheme == "http" and host in _LOOPBACK)
