"""A data folder and what lies in it are its owner's alone."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from jobferry.bootstrap.home import Home
from jobferry.errors import FilesError

from .conftest import Program, as_somebody_else


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.sqlite
def test_all_that_a_platform_makes_is_its_owners_alone(jobferry: Program) -> None:
    """Whatever the umask is, and while it runs: the log files of the databases are there only then."""
    former = os.umask(0)
    try:
        process = jobferry.start("serve", "--port", "0", "--data", "new")
    finally:
        os.umask(former)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://")
    folder = jobferry.folder / "new"
    try:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        found = modes(folder)
        assert {"platform.db", "platform.db-wal", "tasks.db", "key", "lock", "address.json"} <= found.keys()
        assert {name: oct(mode) for name, mode in found.items() if mode & 0o077} == {}
    finally:
        process.terminate()
        process.communicate()


def test_a_folder_that_others_could_read_is_closed_and_that_is_said(jobferry: Program) -> None:
    folder = jobferry.folder / "here"
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    process = jobferry.start("serve", "--port", "0", "--data", "here")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://")
    process.terminate()
    _, err = process.communicate()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {name for name, mode in modes(folder).items() if mode & 0o077} <= {"packages", "objects"}
    told = [json.loads(line) for line in err.splitlines() if "closed-to-others" in line]
    assert (str(folder), "0755", "0700") in {(one["path"], one["was"], one["now"]) for one in told}


def test_an_empty_folder_is_closed_and_used(jobferry: Program) -> None:
    (jobferry.folder / "new").mkdir(mode=0o755)
    jobferry.done("init", "new")
    assert stat.S_IMODE((jobferry.folder / "new").stat().st_mode) == 0o700


def test_a_folder_of_something_else_that_others_can_read_is_left_alone(jobferry: Program) -> None:
    foreign = jobferry.folder / "foreign"
    foreign.mkdir(mode=0o755)
    foreign.chmod(0o755)
    (foreign / "notes.txt").write_text("mine")
    for command in (("init",), ("serve", "--port", "0")):
        ended = jobferry(*command, "--data", "foreign")
        assert (ended.code, "it holds other files, such as notes.txt" in ended.err) == (5, True)
    ended = jobferry("job", "list", "--data", "foreign")
    assert (ended.code, "there is no platform in" in ended.err) == (4, True)
    assert stat.S_IMODE(foreign.stat().st_mode) == 0o755
    assert [path.name for path in foreign.iterdir()] == ["notes.txt"]


def test_somebody_else_is_told_that_the_folder_is_not_theirs(jobferry: Program) -> None:
    folder = jobferry.folder / "here"
    with as_somebody_else(folder):
        for look in (Home(folder).require_platform, Home(folder).refuse_foreign):
            with pytest.raises(FilesError) as caught:
                look()
            assert caught.value.message == f"{folder} cannot be read by this user"
            assert caught.value.hint == "run this as the user that the platform runs as"


def test_a_folder_that_fills_before_it_is_taken_is_left_to_whom_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    tmp_path.chmod(0o755)
    with pytest.raises(FilesError) as caught:
        Home(tmp_path).lock()
    assert "is not a platform's, and others can read it" in caught.value.message
    assert (oct(tmp_path.stat().st_mode & 0o777), list(modes(tmp_path))) == ("0o755", ["notes.txt"])
