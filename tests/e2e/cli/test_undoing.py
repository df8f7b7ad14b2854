"""An import is taken back from the command line; what was touched since is told and left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import JOB, Program, text, zipped

OVER = ("--duplicates", "overwrite")
CHANGED = JOB | {"description": "changed"}
NEW = JOB | {"name": "billing"}


def jobs(jobferry: Program, data: str) -> dict[str, Any]:
    found = jobferry.done("job", "list", "--data", data, "--json").json
    kept = ("uid", "directory", "digest", "live_version", "state", "held")
    return {one["name"]: [one[key] for key in kept] for one in found}


def land(jobferry: Program, data: str, name: str, *documents: dict[str, Any]) -> str:
    entries = {f"jobs/{one['name']}.job": text(one) for one in documents}
    jobferry.folder.joinpath(name).write_bytes(zipped(entries))
    receipt = jobferry.done("import", name, *OVER, "--data", data, "--json").json["receipt"]
    return str(receipt["id"])


@pytest.fixture
def filled(jobferry: Program, package: Path, ready: str) -> str:
    jobferry.done("import", package, "--data", ready)
    return ready


def test_an_import_that_is_not_the_last_is_taken_back_and_the_last_stands(
    jobferry: Program, filled: str
) -> None:
    before = jobs(jobferry, filled)
    shown = jobferry.done("job", "show", "orders", "--document", "--data", filled).out
    first = land(jobferry, filled, "a.zip", CHANGED, NEW)
    last = land(jobferry, filled, "b.zip", JOB | {"name": "shipping"})
    dry = jobferry.done("undo", first, "--dry-run", "--data", filled)
    assert "  < restore    job orders" in dry.out
    assert "  x remove     job billing" in dry.out
    assert "billing" in jobs(jobferry, filled)
    done = jobferry.done("undo", first, "--yes", "--data", filled)
    assert "1 restored, 1 removed" in done.out
    left = jobs(jobferry, filled)
    assert left.pop("shipping")
    assert left == before
    assert jobferry.done("job", "show", "orders", "--document", "--data", filled).out == shown
    twice = jobferry("undo", first, "--data", filled)
    assert (twice.code, "was already undone by" in twice.err) == (5, True)
    assert "taken back by" in jobferry.done("receipt", "show", first[:8], "--data", filled).out
    assert "shipping" in jobferry.done("undo", "--last", "--dry-run", "--data", filled).out
    jobferry.done("undo", last[:8], "--data", filled)
    assert "shipping" not in jobs(jobferry, filled)
    for wrong in ((), (last, "--last")):
        refused = jobferry("undo", *wrong, "--data", filled)
        assert (refused.code, "name the receipt of an import, or give --last" in refused.err) == (2, True)


def test_what_was_touched_since_is_told_and_left(jobferry: Program, filled: str) -> None:
    first = land(jobferry, filled, "a.zip", CHANGED, NEW)
    land(jobferry, filled, "b.zip", NEW | {"description": "newer"})
    touched = jobs(jobferry, filled)["billing"]
    refused = jobferry("undo", first, "--data", filled)
    assert refused.code == 3
    assert "billing" in refused.out
    assert "touched-since" in refused.out
    assert "nothing will be taken back" in refused.out
    assert jobs(jobferry, filled)["billing"] == touched
    rest = jobferry("undo", first, "--rest", "--data", filled)
    assert (rest.code, "1 restored, 1 blocked" in rest.out) == (9, True)
    assert jobs(jobferry, filled)["billing"] == touched
    assert jobferry("undo", first, "--data", filled, "--language", "zh").code == 5
    assert jobferry("undo", "0" * 32, "--data", filled).code == 4
