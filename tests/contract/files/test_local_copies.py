"""Copies of packages on this disk: who reads one, who lets it go, and a disk that refuses."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jobferry.errors import ErrorCode, FilesError
from jobferry.files.local_copies import LocalCopies


def open_files(folder: Path) -> list[str]:
    """Those below a folder, also where they have no name there any more; what else is open comes and goes."""
    paths = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
    return [path for path in paths if path.startswith(str(folder))]


def test_a_package_that_goes_while_it_is_read_is_read_to_its_end_and_then_gone(tmp_path: Path) -> None:
    copies = LocalCopies(tmp_path / "copies")
    with copies.opened("a", lambda: [b"first"]) as file:
        copies.forget("a")
        with copies.opened("a", lambda: [b"second"]) as newer:
            assert (file.read(), newer.read()) == (b"first", b"second")
            assert len(open_files(tmp_path)) == 2
    with copies.opened("a", lambda: [b"third"]) as kept:
        assert kept.read() == b"second"
    copies.forget("a")
    assert open_files(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    copies = LocalCopies(tmp_path / "file" / "copies")
    with pytest.raises(FilesError) as caught, copies.opened("a", lambda: [b"x"]):
        raise AssertionError
    assert (caught.value.code, caught.value.subject) == (ErrorCode.FILES_FAILED, "a")


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Meanwhile the system lets no file of this process grow beyond that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_copy_that_finds_no_room_is_told_and_not_kept(tmp_path: Path) -> None:
    copies = LocalCopies(tmp_path / "copies")
    with (
        files_of_at_most(10_000),
        pytest.raises(FilesError) as caught,
        copies.opened("a", lambda: [bytes(6_000)] * 2),
    ):
        raise AssertionError
    assert (caught.value.code, caught.value.subject) == (ErrorCode.FILES_FAILED, "a")
    assert not copies.has("a")
    assert os.listdir(tmp_path / "copies") == []  # noqa: PTH208 - the copy has no name
