"""The download center's records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind


class Downloads(Protocol):
    """Records of exports."""

    def by_id(self, download_id: str) -> Download | None: ...

    def page(self, wanted: DownloadFilter, *, offset: int, limit: int) -> tuple[int, list[Download]]:
        """How many there are in all, and one page of them, newest first."""
        ...

    def unfinished(self) -> list[Download]:
        """Those still marked RUNNING."""
        ...

    def files(self) -> set[str]:
        """The files that records name, of all workspaces."""
        ...


class DownloadChanges(Downloads, Protocol):
    """Records of exports, changeable."""

    def add(self, download: Download) -> None: ...

    def finish(self, download: Download) -> bool:
        """Writes how one ended, unless it has ended or is gone; whether it was written."""
        ...

    def remove(self, download_ids: Sequence[str]) -> None: ...

    def old(self, kinds: Collection[DownloadKind], *, before: int, limit: int) -> list[Download]:
        """Some of those of these kinds that began before a time and have ended, oldest first."""
        ...
