"""What the themes share: packages and data folders of a size, each made once and copied for use."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from itertools import count as counting
from pathlib import Path

from bench import driving, fleet, floor


class Scene:
    """One run of the bench. ``big`` allows ten times the count where a theme asks for it."""

    def __init__(self, scratch: Path, count: int, *, big: bool) -> None:
        self.count = count
        self.big = big
        self._scratch = scratch
        self._numbers = counting(1)
        self._made: dict[tuple[str, int], Path] = {}
        self.inside: dict[str, float] = {}
        """Seconds that works took inside a running platform, once that was measured."""

    @property
    def small(self) -> int:
        """A tenth of the count: what growth and crowds are compared with."""
        return max(self.count // 10, 1)

    @property
    def large(self) -> int:
        """Ten times the count in a big run, else the count."""
        return self.count * 10 if self.big else self.count

    def place(self, name: str) -> Path:
        """A path that nobody has used yet."""
        return self._scratch / f"{next(self._numbers):03d}-{name}"

    def zipped(self, name: str, documents: Iterable[tuple[str, bytes]]) -> Path:
        """A zip of documents, as somebody without Jobferry would make it: no manifest."""
        file = self.place(f"{name}.zip")
        floor.write_zip(documents, file)
        return file

    def plain(self, count: int) -> Path:
        """The whole fleet of so many jobs as a zip without manifest."""
        if ("plain", count) not in self._made:
            self._made["plain", count] = self.zipped("plain", fleet.documents(count))
        return self._made["plain", count]

    def package(self, count: int) -> Path:
        """The same as exported by a platform, with manifest."""
        self.source(count)
        return self._made["package", count]

    def source(self, count: int) -> Path:
        """A data folder that the fleet was brought into, and the package exported from it."""
        if ("source", count) not in self._made:
            folder = self._found()
            with driving.opened(folder) as running:
                driving.import_(running, self.plain(count))
                self._made["package", count] = driving.export_to(self.place("package.zip"), running)
            self._made["source", count] = folder
        return self._made["source", count]

    def target(self, count: int) -> Path:
        """A copy of a data folder that imported the exported package, and so knows where all came from."""
        if ("target", count) not in self._made:
            folder = self.founded()
            with driving.opened(folder) as running:
                driving.import_(running, self.package(count))
            self._made["target", count] = folder
        return self.copy(self._made["target", count])

    def founded(self) -> Path:
        """A new platform's data folder with room for everything and the connection that jobs use."""
        if ("founded", 0) not in self._made:
            self._made["founded", 0] = self._found()
        return self.copy(self._made["founded", 0])

    def roomy(self) -> Path:
        """A new platform's data folder with room for everything, and nothing that jobs use."""
        folder = self.place("roomy")
        with driving.opened(folder) as running:
            driving.make_room(running)
        return folder

    def _found(self) -> Path:
        """Every source is a platform of its own, as in life."""
        folder = self.place("founded")
        with driving.opened(folder) as running:
            driving.furnish(running)
        return folder

    def copy(self, folder: Path) -> Path:
        """A copy of a data folder that nobody runs."""
        copied = self.place("data")
        shutil.copytree(folder, copied)
        return copied
