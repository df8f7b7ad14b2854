"""The certificate of a served platform, read again when its files change or SIGHUP comes."""

from __future__ import annotations

import signal
import ssl
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.upkeep import Ticking
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.events import Events
from jobferry.sentences import reason_of, sentence

_events = Events("serve")
_LOOK_SECONDS = 10.0
_Handler = Callable[[int, FrameType | None], Any] | int | None


class Certificate:
    """A certificate with its key. New connections get what was read last."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Reads both.

        Raises:
            InvalidRequest: a file cannot be read, or they do not belong together.
        """
        self.file = certificate.absolute()
        self._key = key
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._seen = self._state()
        self._load(self.context)
        self._ticking = Ticking(self.look, _LOOK_SECONDS)
        self._before: _Handler = signal.SIG_DFL

    def follow(self) -> None:
        """Looks every ten seconds whether the files have changed, and when SIGHUP comes."""
        self._before = signal.signal(signal.SIGHUP, self._told_to)
        self._ticking.start()

    def stop(self) -> None:
        """Looks no more."""
        signal.signal(signal.SIGHUP, self._before)
        self._ticking.stop()

    def look(self) -> bool:
        """Reads the files if they have changed; whether they were read. Unfit ones are told."""
        state = self._state()
        if state == self._seen:
            return False
        self._seen = state
        return self.reload()

    def reload(self) -> bool:
        """Reads the files. Files that do not fit leave the certificate that there was."""
        try:
            self._load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
            self._load(self.context)
        except InvalidRequest as error:
            _events.say("error", "certificate-not-read", reason=error.message)
            return False
        _events.info("certificate-read", file=str(self.file))
        return True

    def _told_to(self, _signal: int, _frame: FrameType | None) -> None:
        self.reload()

    def _load(self, context: ssl.SSLContext) -> None:
        try:
            context.load_cert_chain(self.file, self._key)
        except (ssl.SSLError, OSError) as error:
            is_file = not isinstance(error, ssl.SSLError)
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence(
                    "the certificate {certificate} with the key {key} cannot be used: {reason}",
                    certificate=self.file,
                    key=self._key,
                    reason=reason_of(error)
                    if is_file
                    else sentence("they are not PEM files that belong together"),
                ),
                subject=str(self.file),
                hint="name a certificate with its chain and its key, both as PEM and without a passphrase",
            ) from error

    def _state(self) -> tuple[object, ...]:
        """What tells whether the files are others than before."""
        found = []
        for path in (self.file, self._key):
            try:
                state = path.stat()
                found.append((state.st_mtime_ns, state.st_size, state.st_ino))
            except OSError:
                found.append((0, 0, 0))
        return tuple(found)


def certificate_of(settings: PlatformSettings) -> Certificate | None:
    """The certificate that the settings name, if they name one.

    Raises:
        InvalidRequest: only one of certificate and key is named, or they cannot be used.
    """
    if not settings.tls_cert and not settings.tls_key:
        return None
    if not settings.tls_cert or not settings.tls_key:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "TLS takes a certificate and its key, and only one of them is named",
            subject="tls_key" if settings.tls_cert else "tls_cert",
            hint="give both --tls-cert and --tls-key, or neither",
        )
    return Certificate(Path(settings.tls_cert), Path(settings.tls_key))
