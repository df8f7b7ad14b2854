"""What rows keep sealed: options of imports that set values of parameters, which may be secrets."""

from __future__ import annotations

import base64
from collections.abc import Callable

import msgspec

from jobferry.model.secrets import Secrets
from jobferry.model.transfer.policy import ImportOptions

_SEALED = b"sealed:"
"""How what is sealed begins; neither JSON nor MessagePack of ours does."""

_options = msgspec.json.Decoder(ImportOptions)


class Sealing:
    """Seals what rows are to keep sealed; without secrets it is kept in clear.

    ``secrets`` is asked when the first value is sealed or opened. What is kept in clear is read as it is.
    """

    def __init__(self, secrets: Callable[[], Secrets] | None = None) -> None:
        self._secrets = secrets

    def seal(self, clear: bytes) -> bytes:
        """As ASCII text, so that it fits every column."""
        if self._secrets is None:
            return clear
        return _SEALED + base64.b64encode(self._secrets().seal(clear))

    def unseal(self, kept: bytes) -> bytes:
        """Raises: StoreError: it was sealed with another key, or altered."""
        if self._secrets is None or not kept.startswith(_SEALED):
            return kept
        return self._secrets().unseal(base64.b64decode(kept.removeprefix(_SEALED)))

    def options_kept(self, options: ImportOptions) -> str:
        """Options as a column keeps them."""
        clear = msgspec.json.encode(options)
        return (self.seal(clear) if options.sets_parameters else clear).decode()

    def options_read(self, kept: str) -> ImportOptions:
        """Raises: StoreError: they were sealed with another key, or altered."""
        return _options.decode(self.unseal(kept.encode()))
