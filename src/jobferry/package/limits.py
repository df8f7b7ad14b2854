"""How big a package may be."""

from __future__ import annotations

import msgspec

from jobferry.model.transfer.finding import MOST_FINDING_BYTES

_KIB = 1024
_MIB = 1024 * _KIB
_GIB = 1024 * _MIB


class PackageLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader accepts; a value equal to a limit passes. Each is a platform setting.

    ``ratio`` is unpacked to packed bytes of one entry and counts only for entries that unpack to more than
    ``ratio_from_bytes``; ``unpacked_bytes`` is the sum over all entries. ``unreadable`` is how many of its
    documents may be none that can be read, ``finding_bytes`` what all findings and
    very long names of needs may measure (:class:`~jobferry.model.transfer.finding.FindingRoom`).
    """

    package_bytes: int = 1 * _GIB
    unpacked_bytes: int = 4 * _GIB
    entries: int = 200_000
    entry_bytes: int = 64 * _MIB
    file_bytes: int = 256 * _MIB
    ratio: int = 1_000
    ratio_from_bytes: int = 1 * _MIB
    unreadable: int = 1_000
    finding_bytes: int = MOST_FINDING_BYTES
    package_setting: str = "package_bytes"
    """The platform setting that ``package_bytes`` was taken from; an act may have one of its own."""
    unpacked_setting: str = "unpacked_bytes"
    """The same of ``unpacked_bytes``."""

    def setting(self, limit: str) -> str:
        """The platform setting behind one of these limits, given by its field's name."""
        own = {"package_bytes": self.package_setting, "unpacked_bytes": self.unpacked_setting}
        return own.get(limit, limit)
