"""A disk of a few hundred kilobytes, seen only by the processes that are run on it.

A process of its own keeps a mount namespace with a small file system; when it ends, the mount is gone,
whatever the test did. Programs enter the namespace when they start; the test looks in through ``/proc``.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processes import Ended

KIB = 1024
_KEEP = 'mount -t tmpfs -o "$1" none "$2" && echo mounted && exec cat'
_OWNER = ["--map-root-user"] if os.geteuid() else []
_BALLAST = "ballast"

NO_ROOM = re.compile(r"no room left|No space left on device|disk is full")
MAKE_ROOM = re.compile(r"make room|Free some space")


def is_told(ended: Ended) -> bool:
    hints = [line for line in ended.err.splitlines() if line.startswith("hint: ")]
    return ended.code == 6 and bool(NO_ROOM.search(ended.err)) and bool(MAKE_ROOM.search(hints[-1]))


class SmallDisk:
    """The disk at ``folder``, as programs inside see it; ``outside`` is the same as tests see it."""

    def __init__(self, folder: Path, keeper: int) -> None:
        self.folder = folder
        self.outside = Path(f"/proc/{keeper}/root{folder}")
        user = ["--user", "--preserve-credentials"] if _OWNER else []
        self._enter = ["nsenter", f"--target={keeper}", *user, "--mount", "--"]
        kinds = ["user", "mnt"] if _OWNER else ["mnt"]
        self.inside = [Path(f"/proc/{keeper}/ns/{kind}") for kind in kinds]

    def free(self) -> int:
        room = os.statvfs(self.outside)
        return room.f_bavail * room.f_frsize

    def leave(self, kib: int) -> None:
        """Fills the disk until only so much is free."""
        self.clear()
        with (self.outside / _BALLAST).open("wb") as ballast:
            ballast.write(bytes(max(0, self.free() - kib * KIB)))

    def clear(self) -> None:
        """Makes room again."""
        (self.outside / _BALLAST).unlink(missing_ok=True)

    def mount(self, *options: str) -> None:
        """Mounts it anew with other options."""
        said = ",".join(("remount", *options))
        subprocess.run([*self._enter, "mount", "-o", said, str(self.folder)], check=True)


@contextmanager
def small_disk(folder: Path, kib: int, *options: str) -> Iterator[SmallDisk | None]:
    """A disk of so many kilobytes at a folder; none where this machine lets nobody mount one."""
    folder.mkdir()
    said = ",".join((f"size={kib}k", *options))
    command = ["unshare", "--mount", *_OWNER, "sh", "-c", _KEEP, "sh", said, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        mounted = keeper.stdout.readline() == "mounted\n"
        yield SmallDisk(folder, keeper.pid) if mounted else None
        keeper.stdin.close()
