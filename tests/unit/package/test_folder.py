"""Folders as packages."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from jobferry.errors import ErrorCode, FilesError, InvalidRequest
from jobferry.package.folder import folder_chunks
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package


def fill(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}", "utf-8")


def test_the_known_files_of_a_folder_are_a_package(tmp_path: Path) -> None:
    known = ["cdms/c/j.json", "jobs/.a.job", "jobs/月报.job", "scripts/s.script"]
    fill(tmp_path, *known, ".git/x.job", "readme.md", "jobs/._b.job", "jobs/x.txt")
    (tmp_path / "jobs/link.job").symlink_to(tmp_path / "readme.md")
    (tmp_path / "linked").symlink_to(tmp_path / "jobs")
    written = b"".join(folder_chunks(tmp_path))
    assert written == b"".join(folder_chunks(tmp_path))
    with open_package(io.BytesIO(written), PackageLimits()) as package:
        found = {entry.path: text.decode() for entry, text in package.documents()}
    assert found == {name: f"text of {name}" for name in known}


def test_a_manifest_comes_first(tmp_path: Path) -> None:
    fill(tmp_path, "a.job", "manifest.json", f"files/{'0' * 64}")
    written = b"".join(folder_chunks(tmp_path))
    assert written[30:43] == b"manifest.json"
    assert written.index(b"a.job") < written.index(b"files/")


def test_a_name_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b\udcff.job").write_bytes(b"{}")
    with pytest.raises(InvalidRequest) as caught:
        b"".join(folder_chunks(tmp_path))
    assert caught.value.code is ErrorCode.INVALID_VALUE


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    fill(tmp_path, "a.job", "empty/readme.md")
    for path in (tmp_path / "a.job", tmp_path / "none", tmp_path / "empty"):
        with pytest.raises(InvalidRequest) as caught:
            folder_chunks(path)
        assert caught.value.code is ErrorCode.INVALID_VALUE
        assert str(path) in caught.value.message


def test_packages_below_a_folder_are_named(tmp_path: Path) -> None:
    fill(tmp_path, "x/north/jobs/a.job", "x/south/scripts/b.script", "x/lone/c/d.job")
    with pytest.raises(InvalidRequest, match="is not the folder of a package") as caught:
        folder_chunks(tmp_path)
    assert all(str(tmp_path / "x" / name) in caught.value.message for name in ("lone", "north", "south"))
    assert str(tmp_path / "x" / "north" / "jobs") not in caught.value.message
    assert caught.value.hint.startswith("name the folder that holds jobs")


def test_what_vanishes_is_told(tmp_path: Path) -> None:
    fill(tmp_path, "a.job")
    chunks = folder_chunks(tmp_path)
    (tmp_path / "a.job").unlink()
    with pytest.raises(FilesError, match=r"a\.job") as caught:
        list(chunks)
    assert caught.value.code is ErrorCode.FILES_FAILED


def test_a_folder_inside_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "jobs/a.job", "scripts/s.script")
    look = os.scandir

    def barred(place: str) -> object:
        if Path(place).name == "scripts":
            raise PermissionError(13, "Permission denied", place)
        return look(place)

    monkeypatch.setattr(os, "scandir", barred)
    with pytest.raises(FilesError) as caught:
        b"".join(folder_chunks(tmp_path))
    assert caught.value.code is ErrorCode.FILES_FAILED
    assert "scripts" in str(caught.value.subject) + caught.value.message
