"""The other system's end of a webhook: what is sent there is signed as Standard Webhooks has it.

The signature is ``v1,`` and the Base64 of an HMAC-SHA-256 of id, time and body, joined by dots; the time of
the try is part of it, so that a receiver can refuse what somebody recorded and sends again.
"""

from __future__ import annotations

import base64
import binascii
import hmac

import httpx

from jobferry.sentences import Sentence, as_sentence, sentence

SECRET_PREFIX = "whsec_"  # noqa: S105 - what secrets of webhooks begin with
_LEAST_BYTES = 24
_MOST_BYTES = 64


def secret_bytes(secret: str) -> bytes:
    """The key in a secret such as ``whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw``.

    Raises:
        ValueError: it begins otherwise, is not Base64, or has fewer than 24 or more than 64 bytes.
    """
    if not secret.startswith(SECRET_PREFIX):
        raise ValueError
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError from error
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise ValueError
    return key


class Receiver:
    """One address. ``patience`` is how many seconds each step of a call may take."""

    def __init__(self, url: str, key: bytes, *, patience: float) -> None:
        self._url = url
        self._key = key
        self._patience = patience

    def send(self, message_id: str, body: bytes, at_s: int) -> Sentence | None:
        """Calls it once; why it did not take the message, or None if it did. Only an answer of 2xx means
        that; a redirect is not followed, and what the answer holds is not read."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "jobferry",
            "webhook-id": message_id,
            "webhook-timestamp": str(at_s),
            "webhook-signature": self._signature(message_id, body, at_s),
        }
        try:
            with httpx.stream(
                "POST", self._url, content=body, headers=headers, timeout=self._patience, trust_env=False
            ) as answer:
                if answer.is_success:
                    return None
                return sentence("HTTP {status}", status=answer.status_code)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return as_sentence(str(error) or type(error).__name__)

    def _signature(self, message_id: str, body: bytes, at_s: int) -> str:
        signed = b"%s.%d.%s" % (message_id.encode(), at_s, body)
        return "v1," + base64.b64encode(hmac.digest(self._key, signed, "sha256")).decode()
