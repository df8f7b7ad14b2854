"""A first start on a disk without room: said, and mended by room."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from processes import Program

from .smalldisk import KIB, is_told, small_disk


@pytest.mark.parametrize("options", ["size=8k", "size=200k", "size=284k", "nr_inodes=2", "nr_inodes=7"])
def test_a_first_start_without_room_says_so_and_works_once_there_is_some(
    tmp_path: Path, options: str
) -> None:
    with small_disk(tmp_path / "disk", 64 * KIB, options) as disk:
        if disk is None:
            pytest.skip("nobody may mount a small file system on this machine")
        program = Program(disk.folder / "here", home=tmp_path / "home", inside=disk.inside)
        assert is_told(program("init"))
        disk.mount("size=64m", "nr_inodes=0")
        program.found()
        assert json.loads(program("credentials", "--json").out)["token"]


@pytest.mark.parametrize("kib", [400, 520])
def test_a_served_platform_does_not_start_half(tmp_path: Path, kib: int) -> None:
    """So little that the platform itself has room, and its background work has none."""
    with small_disk(tmp_path / "disk", kib) as disk:
        if disk is None:
            pytest.skip("nobody may mount a small file system on this machine")
        program = Program(disk.folder / "here", home=tmp_path / "home", inside=disk.inside)
        assert is_told(program("serve", "--port", "0"))
        disk.mount("size=64m")
        with program.served() as platform:
            assert platform.http.get("/readyz").status_code == 200


@pytest.mark.parametrize(("mib", "state", "code"), [(64, "error", 6), (300, "warning", 0)])
def test_a_doctor_tells_of_a_disk_that_is_soon_full(
    founded: Path, tmp_path: Path, mib: int, state: str, code: int
) -> None:
    with small_disk(tmp_path / "disk", mib * KIB) as disk:
        if disk is None:
            pytest.skip("nobody may mount a small file system on this machine")
        shutil.copytree(founded, disk.outside / "here")
        program = Program(disk.folder / "here", home=tmp_path / "home", inside=disk.inside)
        told = program("doctor", "--json")
        (found,) = (part for part in told.json if part["part"] == "disk")
        assert (told.code, found["state"], found["code"]) == (code, state, "disk-full")
        assert found["hint"] == "make room: 1 GiB should be free"
