"""Platforms as processes, on disks and beside services that fail them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import Program

from .smalldisk import SmallDisk, small_disk

DISK_KIB = 64 * 1024


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after its first start."""
    folder = tmp_path_factory.mktemp("founded")
    program = Program(folder / "here", home=folder / "home")
    program.found()
    return folder / "here"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A small disk with nothing on it."""
    with small_disk(tmp_path / "disk", DISK_KIB) as disk:
        if disk is None:
            pytest.skip("nobody may mount a small file system on this machine")
        yield disk


@pytest.fixture
def onboard(disk: SmallDisk, founded: Path, tmp_path: Path) -> Program:
    """The program on a data folder that lies on the small disk and has been started before."""
    shutil.copytree(founded, disk.outside / "here")
    return Program(disk.folder / "here", home=tmp_path / "home", inside=disk.inside)
