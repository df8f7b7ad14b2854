"""kill -9 in the middle of exports: a whole object or none, a whole file or none."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from crashing.lives import Point, Served, Zygote, command, serve, served
from crashing.state import address_of, is_sound, state_of, strays

from .conftest import Trip

NAMES = [f"作业_{n}" for n in range(50)]


def ask(platform: Served) -> httpx.Response:
    """A batch export of 50 jobs into object storage."""
    workspace = platform.http.get("/api/workspaces/default").json()["id"]
    return platform.http.post(
        f"/v1/{platform.project}/jobs/batch-export",
        json={"jobList": NAMES, "obsPath": "obs://bucket/out"},
        headers={"workspace": workspace},
    )


def objects(folder: Path) -> list[Path]:
    """The objects that anybody can fetch, and none that is still being written."""
    return list((folder / "objects").rglob("*.zip"))


@pytest.mark.parametrize("name", ["export-selected", "object-opened", "export-page-read", "object-closing"])
def test_killed_before_its_end_an_export_leaves_no_object(
    zygote: Zygote, trip: Trip, folder: Path, age: Callable[[Path], None], name: str
) -> None:
    running = serve(zygote, folder, Point(name))
    assert isinstance(running, Served)
    assert running.dies_in(ask) == name
    assert objects(folder) == []
    age(folder)
    with served(zygote, folder) as again:
        assert ask(again).status_code == 200
        (made,) = objects(folder)
        with zipfile.ZipFile(made) as package:
            assert package.testzip() is None
            assert len([entry for entry in package.namelist() if entry.endswith(".job")]) == len(NAMES)
    assert strays(folder) == set()
    assert state_of(address_of(folder)) == trip.old
    assert is_sound(folder)


def test_killed_after_it_was_written_the_object_is_whole(zygote: Zygote, folder: Path) -> None:
    running = serve(zygote, folder, Point("object-written"))
    assert isinstance(running, Served)
    assert running.dies_in(ask) == "object-written"
    (made,) = objects(folder)
    with zipfile.ZipFile(made) as package:
        assert package.testzip() is None


@pytest.mark.parametrize("name", ["export-page-read", "export-file-drafted", "export-file-renamed"])
def test_a_killed_command_leaves_the_former_file_or_the_new_one(
    zygote: Zygote, folder: Path, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "out.zip"
    file.write_bytes(b"former")
    order: list[str | Path] = ["export", "--all", "-o", file, "--data", folder]
    assert command(zygote, order, Point(name)).died_at() == name
    whole = name == "export-file-renamed"
    assert zipfile.is_zipfile(file) is whole
    assert whole or file.read_bytes() == b"former"
    assert command(zygote, order).end() == 0
    assert zipfile.is_zipfile(file)
    assert {path.name for path in tmp_path.iterdir()} == {"out.zip", "here"}
    assert strays(folder) == set()
