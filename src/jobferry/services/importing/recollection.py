"""What was read of a package's texts, kept beside the package, so that the apply does not read them again.

Facts are kept by the digest of their text and the edition of their reading, as the store keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import msgspec

from jobferry.errors import FilesError, NotFound
from jobferry.events import Events
from jobferry.files.ports import Note, PackageShelf
from jobferry.model.document.facts import Facts
from jobferry.model.transfer.cargo import Sharing

_events = Events("imports")

_Kept = dict[str, dict[str, Facts]]

_decoder = msgspec.msgpack.Decoder(_Kept)


class Recollection:
    """Facts by edition and digest, of one package."""

    def __init__(self, shelf: PackageShelf, package_id: str) -> None:
        self._shelf = shelf
        self._package_id = package_id
        self._known = _read(shelf, package_id)
        self._is_new = False

    def facts(self, digests: Iterable[str], edition: str) -> dict[str, Facts]:
        """Those of the texts that were read before."""
        known = self._known.get(edition)
        return {digest: known[digest] for digest in digests if digest in known} if known else {}

    def note(self, digest: str, edition: str, facts: Facts) -> None:
        """Remembers what was read."""
        self._known.setdefault(edition, {})[digest] = facts
        self._is_new = True

    def keep(self) -> None:
        """Lays it beside the package. It only saves time: where that fails, the texts are read again."""
        if self._is_new:
            with suppress(FilesError, NotFound):
                self._shelf.keep(self._package_id, Note.FACTS, msgspec.msgpack.encode(self._known))


def _read(shelf: PackageShelf, package_id: str) -> _Kept:
    with suppress(FilesError, msgspec.DecodeError):
        kept = shelf.kept(package_id, Note.FACTS)
        if kept is not None:
            sharing = Sharing()
            return {
                edition: {digest: sharing.of(facts) for digest, facts in read.items()}
                for edition, read in _decoder.decode(kept).items()
            }
    return {}
