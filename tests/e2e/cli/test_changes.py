"""Change management between two platforms: only what was changed, moved, renamed or deleted travels."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from .conftest import JOB, Program, text

OVER = ("--duplicates", "overwrite")
QUIET = {"name": "n", "type": "Dummy", "location": {"x": "0", "y": "0"}, "preNodeName": [], "properties": []}


def job(name: str, **more: Any) -> bytes:
    return text(JOB | {"name": name, "directory": "/dw", "nodes": [QUIET]} | more)


def held(package: Path) -> tuple[set[str], set[str]]:
    """What a package holds, and what it tells to be gone."""
    with zipfile.ZipFile(package) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    names = [{one["name"] for one in manifest[part]} for part in ("contents", "deletions")]
    return names[0], names[1]


def jobs(jobferry: Program, data: str) -> dict[str, Any]:
    found = jobferry.done("job", "list", "--data", data, "--json").json
    return {one["name"]: [one[key] for key in ("uid", "directory", "digest")] for one in found}


@pytest.fixture
def source(jobferry: Program, package: Path, ready: str) -> str:
    jobferry.done("setting", "set", "change_management=true", "--data", ready)
    jobferry.done("import", package, "--data", ready)
    for name in ("a", "b", "c"):
        jobferry.folder.joinpath("job.json").write_bytes(job(name))
        jobferry.done("job", "create", "job.json", "--data", ready)
    return ready


@pytest.fixture
def target(jobferry: Program) -> str:
    jobferry.done("init", "there")
    made = ["connection", "create", "dwh", "--type", "DWS", "--set", "clusterName=prod"]
    jobferry.done(*made, "--data", "there")
    return "there"


def test_a_base_and_what_has_changed_since_equal_the_whole(
    jobferry: Program, source: str, target: str
) -> None:
    folder = jobferry.folder
    jobferry.done("export", "--full", "-o", "base.zip", "--data", source)
    assert held(folder / "base.zip") == ({"orders", "clean", "a", "b", "c"}, set())
    receipt = jobferry.done("import", "base.zip", "--data", target, "--json").json["receipt"]["id"]
    jobferry.done("receipt", "show", receipt, "-o", "receipt.json", "--data", target)

    for name, document in (("a", job("a", description="changed")), ("b", job("b2"))):
        folder.joinpath("job.json").write_bytes(document)
        jobferry.done("job", "edit", name, "job.json", "--data", source)
    folder.joinpath("job.json").write_bytes(job("c", directory="/moved"))
    jobferry.done("job", "edit", "c", "job.json", "--data", source)
    folder.joinpath("job.json").write_bytes(job("d"))
    jobferry.done("job", "create", "job.json", "--data", source)
    jobferry.done("job", "delete", "orders", "--data", source)
    told = jobferry.done("change", "list", "--data", source).out
    assert all(word in told for word in ("added", "changed", "renamed", "deleted"))

    jobferry.done("export", "--since-receipt", "receipt.json", "-o", "lacking.zip", "--data", source)
    jobferry.done("export", "--since-last", "-o", "next.zip", "--data", source)
    assert held(folder / "next.zip") == ({"a", "b2", "c", "d"}, {"orders"})
    assert held(folder / "lacking.zip") == held(folder / "next.zip")
    jobferry.done("export", "--full", "-o", "whole.zip", "--data", source)

    unconfirmed = jobferry("import", "next.zip", *OVER, "--dry-run", "--data", target)
    assert "deletion-not-confirmed" in unconfirmed.out
    nobody = jobferry("import", "next.zip", *OVER, "--delete", "job:nobody", "--dry-run", "--data", target)
    assert "deletion-not-confirmed" in nobody.out
    named = jobferry("import", "next.zip", *OVER, "--delete", "job:orders", "--dry-run", "--data", target)
    assert "deletion-not-confirmed" not in named.out
    jobferry.done("import", "next.zip", *OVER, "--apply-deletions", "--data", target)
    assert jobs(jobferry, target) == jobs(jobferry, source)
    assert jobferry("diff", "whole.zip", "--everything", "--data", target).code == 0
    nothing = jobferry("export", "--since-last", "-o", "no.zip", "--data", source)
    assert (nothing.code, folder.joinpath("no.zip").exists()) == (5, False)


def test_what_makes_no_sense_is_refused(jobferry: Program, source: str) -> None:
    backwards = jobferry(
        "export", "--since", "2026-11-21", "--until", "2026-11-20", "-o", "no.zip", "--data", source
    )
    assert backwards.code == 2
    jobferry.folder.joinpath("damaged.json").write_text("{}")
    damaged = jobferry("export", "--since-receipt", "damaged.json", "-o", "no.zip", "--data", source)
    assert (damaged.code, "is no receipt file" in damaged.err) == (2, True)
    jobferry.done("setting", "set", "change_management=false", "--data", source)
    off = jobferry("export", "--full", "-o", "no.zip", "--data", source)
    assert (off.code, "change management is off" in off.err) == (5, True)
