"""A large package is read by processes beside the platform's; nobody can tell by what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from builders import job, node
from e2e.platform.conftest import Site
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.policy import ImportOptions
from processes import packed
from watching import watched

Sites = Callable[[str], Site]

LARGE = 400_000
"""Letters that nobody reads, so that few jobs make a large package."""


def large_jobs(count: int) -> list[dict[str, Any]]:
    """Jobs that need a connection which is not here; the last one cannot be saved."""
    jobs = [
        job(f"j{n}", node("a", "Shell", connectionName="dwh")) | {"notes": "n" * LARGE} for n in range(count)
    ]
    return [*jobs, job("bad", node("a b", "Shell"))]


def findings(site: Site, package: bytes) -> tuple[Finding, ...]:
    """What a check finds."""
    limits = site.running.stored.limits()
    received = site.running.imports.receive(site.caller, "package.zip", iter([package]), limits)
    return site.running.imports.preview(site.grant, received, ImportOptions()).findings


@pytest.mark.parametrize("kill", [False, True])
def test_an_import_leads_to_the_same_with_processes_and_without(
    site: Sites, monkeypatch: pytest.MonkeyPatch, kill: bool
) -> None:
    package = packed(large_jobs(30))
    found = {}
    for readers in ("0", "2"):
        monkeypatch.setenv("JOBFERRY_READERS", readers)
        there = site(f"with {readers}")
        with watched(kill=kill) as watch:
            checked = findings(there, package)
            found[readers] = checked, there.outcomes(there.land(package, missing="hold"))
        assert bool(watch.started) == bool(int(readers))
        assert set(watch.gone) == (set(watch.started) if kill else set())
        assert not watch.alive
    assert found["0"] == found["2"]
    assert (found["0"][1]["j0"], found["0"][1]["bad"]) == ("held", "blocked")


def test_what_is_known_already_is_read_by_nobody(site: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBFERRY_READERS", "2")
    here, package = site("here"), packed(large_jobs(30)[:-1])
    with watched() as watch:
        here.land(package, missing="hold")
        begun = len(watch.started)
        here.land(package, missing="hold", duplicates="overwrite")
    assert begun
    assert len(watch.started) == begun
