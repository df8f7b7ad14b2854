"""kill -9 in the middle of background exports: then the package is whole, or its record says why not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from crashing.lives import Point, Served, Zygote, command, serve, served
from crashing.state import address_of, is_sound, state_of

from .conftest import Trip

OWN = "/api/workspaces/default"
NAMES = "\n".join(f"作业_{n}" for n in range(50))


def export(platform: Served) -> httpx.Response:
    """Begins an export of everything and waits for its end."""
    begun = platform.http.post(f"{OWN}/downloads", json={})
    assert begun.status_code == 202, begun.text
    platform.ended(begun.json()["task_id"])
    return begun


def generate(platform: Served) -> httpx.Response:
    """Generates the task package of 50 names and waits for its end."""
    platform.http.patch("/api/settings", json={"batch_exports": True}).raise_for_status()
    begun = platform.http.post(f"{OWN}/task-packages", json={"names": NAMES})
    assert begun.status_code == 202, begun.text
    platform.ended(begun.json()["task_id"])
    return begun


def look(platform: Served) -> list[dict[str, Any]]:
    """The records, each with a whole package or a reason; and no other file lies beside the packages."""
    for one in platform.http.get(f"{OWN}/downloads").json()["items"]:
        if one["status"] == "RUNNING":
            platform.ended(one["id"])
    records: list[dict[str, Any]] = platform.http.get(f"{OWN}/downloads").json()["items"]
    for one in records:
        assert one["status"] in ("SUCCESSFUL", "FAILED")
        assert one["available"] is (one["status"] == "SUCCESSFUL")
        assert one["reason"] or one["available"]
        if one["available"]:
            content = platform.http.get(f"{OWN}/downloads/{one['id']}/package").content
            assert len(content) == one["size"]
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                assert package.testzip() is None
    return records


@pytest.mark.parametrize(
    ("begin", "name"),
    [
        (export, "download-begun"),
        (export, "export-page-read"),
        (export, "package-part-written"),
        (export, "download-ended"),
        (generate, "export-selected"),
    ],
)
def test_a_killed_background_export_is_carried_on_whole(
    zygote: Zygote, trip: Trip, folder: Path, begin: Callable[[Served], object], name: str
) -> None:
    running = serve(zygote, folder, Point(name))
    assert isinstance(running, Served)
    assert running.dies_in(begin) == name
    with served(zygote, folder) as again:
        records = look(again)
        whole = name != "download-begun"  # then there was no task yet that could be carried on
        assert [one["status"] for one in records] == ["SUCCESSFUL" if whole else "FAILED"]
        begin(again)
        assert look(again)[0]["available"]
        if begin is generate:
            assert again.http.get(f"{OWN}/task-packages/last").status_code == 200
    assert state_of(address_of(folder)) == trip.old
    assert is_sound(folder)


def test_a_command_tells_that_what_it_cut_off_was_interrupted(zygote: Zygote, folder: Path) -> None:
    running = serve(zygote, folder, Point("export-page-read"))
    assert isinstance(running, Served)
    assert running.dies_in(export) == "export-page-read"
    life = command(zygote, ["download", "list", "--json", "--data", folder])
    assert life.end() == 0
    assert b"interrupted" in life.rest
    assert list((folder / "downloads").glob("*.zip")) == []
