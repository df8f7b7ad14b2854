"""Jobs that wait for each other, or for themselves, are neither saved nor imported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from builders import job, stored, written
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.facts import FactRules, facts_of
from jobferry.model.kinds import ObjectKind
from jobferry.model.messages import Language, say
from jobferry.model.records import Text
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from jobferry.services import dependencies
from jobferry.services.importing.preconditions import TargetChanged, refuse_other_premises
from jobferry.services.object_access import Editing
from jobferry.store import UnitOfWork
from jobferry.store.objects import Objects
from people import store_of
from processes import packed

from .conftest import Site

JOB = ObjectKind.JOB
OVER = {"duplicates": Duplicates.OVERWRITE}


@pytest.fixture(autouse=True, params=["below", "above", "all"])
def direction(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which way who waits for whom is walked: what comes after the jobs, what comes before, or all of it."""
    if request.param == "below":
        return
    after = Objects.waits

    def waits(self: Objects, *which: Any, most: int | None = None) -> dict[str, set[str]] | None:
        return after(self, *which) if most is None else None

    monkeypatch.setattr(Objects, "waits", waits)
    if request.param == "all":
        monkeypatch.setattr(dependencies, "_FEW_WAVES", 0)


def waiting(name: str, *upstream: str, **fields: Any) -> dict[str, Any]:
    return job(name, upstream=upstream, **fields)


def former(name: str, *upstream: str) -> dict[str, Any]:
    """A job that waits for the former period of others."""
    depend = {"jobs": list(upstream), "dependPeriod": "PRE_PERIOD"}
    return job(name, schedule={"type": "CRON", "cron": {"expression": "0 0 1 * * ?", "dependJobs": depend}})


def circles(site: Site, *documents: dict[str, Any], **options: Any) -> dict[str, tuple[str, Severity]]:
    """What a check says of circles, by job."""
    limits = site.running.stored.limits()
    received = site.running.imports.receive(site.caller, "p.zip", iter([packed(documents)]), limits)
    seen = site.running.imports.preview(site.grant, received, ImportOptions(**options))
    return {
        one.name: (one.args["circle"], one.severity) for one in seen.findings if one.code == "waits-in-circle"
    }


BLOCK, WARN = Severity.BLOCK, Severity.WARN


def test_a_circle_inside_a_package_keeps_its_jobs_out_under_every_profile(
    site: Callable[[str], Site],
) -> None:
    here = site("here")
    package = [waiting("a", "b"), waiting("b", "c"), waiting("c", "a"), waiting("me", "me"), waiting("free")]
    ring = {
        "a": ("a → b → c → a", BLOCK),
        "b": ("a → b → c → a", BLOCK),
        "c": ("a → b → c → a", BLOCK),
        "me": ("me → me", BLOCK),
    }
    here.running.stored.change(here.caller, {"batch_imports": "true"})
    for profile in ("easydata", "strict", "factory"):
        here.running.workspaces.set(here.grant, {"profile": profile, "default_directory": "/in"})
        assert circles(here, *package) == ring
    outcomes = here.outcomes(here.land(packed([*package, waiting("after", "me")])))
    assert outcomes == dict.fromkeys(["a", "b", "c", "me", "after"], "blocked") | {"free": "created"}


def test_what_waits_for_the_former_period_may_wait_for_itself(site: Callable[[str], Site]) -> None:
    here = site("here")
    package = [former("me", "me"), waiting("a", "b"), former("b", "a")]
    assert circles(here, *package) == {}
    assert here.land(packed(package)).message == "3 created"


def test_a_circle_may_lead_through_jobs_that_are_here(site: Callable[[str], Site]) -> None:
    here = site("here")
    for document in (waiting("a"), waiting("b", "a"), waiting("c", "b"), former("d", "a")):
        here.save(JOB, document)
    assert circles(here, waiting("a", "c"), **OVER) == {"a": ("a → c → b → a", BLOCK)}
    assert circles(here, waiting("a", "d"), **OVER) == {}
    assert circles(here, waiting("a", "c")) == {}  # it is skipped
    assert circles(here, waiting("a", "c"), waiting("b"), **OVER) == {}  # b waits for nothing any more
    assert circles(here, waiting("new", "c"), waiting("a", "new"), **OVER).keys() == {"new", "a"}


def staged(uow: UnitOfWork, document: dict[str, Any]) -> None:
    """A text that is stored, whoever refers to it."""
    one, text = stored(JOB, document)
    facts = facts_of(JOB, document, FactRules(), text=text)
    uow.contents.put([Text(one.digest, text, facts, FactRules().facts_version(JOB))], at=1)


def planted(site: Site, document: dict[str, Any]) -> None:
    """A job as a former program has let it in: nothing was asked about whom it waits for."""
    site.save(JOB, waiting(document["name"]))
    one, _ = stored(JOB, document)
    with store_of(site.running).write() as uow:
        there = uow.objects.by_names(site.grant.workspace.id, JOB, [one.name])[one.name]
        staged(uow, document)
        uow.objects.replace([msgspec.structs.replace(there, digest=one.digest)])
        uow.commit()


def test_a_circle_that_is_here_already_is_only_told(site: Callable[[str], Site]) -> None:
    here = site("here")
    planted(here, waiting("a", "b"))
    planted(here, waiting("b", "a"))
    changed = waiting("a", "b", description="said better")
    assert circles(here, changed, **OVER) == {"a": ("a → b → a", WARN)}
    assert here.outcomes(here.land(packed([changed]), **OVER)) == {"a": "overwritten"}
    here.change(JOB, waiting("a", "b", description="and better"))
    here.save(JOB, waiting("c"))
    with pytest.raises(InvalidRequest):
        here.change(JOB, waiting("a", "b", "a"))


def test_a_save_that_makes_a_circle_is_refused_with_the_whole_of_it(site: Callable[[str], Site]) -> None:
    here = site("here")
    here.save(JOB, waiting("a"))
    here.save(JOB, waiting("b", "a"))
    for document in (waiting("a", "b"), waiting("a", "a"), waiting("me", "me")):
        act = here.change if document["name"] == "a" else here.save
        with pytest.raises(InvalidRequest) as refused:
            act(JOB, document)
        assert refused.value.code is ErrorCode.INVALID_SCHEDULE
        assert "waits for itself in the same period" in refused.value.message
    here.change(JOB, former("a", "b"))
    here.save(JOB, former("me", "me"))
    assert here.text(JOB, "a") == written(former("a", "b"))


def test_going_back_to_a_version_that_would_make_a_circle_is_refused(site: Callable[[str], Site]) -> None:
    here = site("here")
    here.save(JOB, waiting("a"))
    here.save(JOB, waiting("b", "a"))
    here.change(JOB, waiting("b"))
    here.change(JOB, waiting("a", "b"))
    with pytest.raises(InvalidRequest) as refused:
        here.running.versions.roll_back(here.grant, JOB, "b", 1, Editing())
    assert "b → a → b" in refused.value.message


def test_a_job_saved_between_plan_and_landing_that_closes_a_circle_is_seen(
    site: Callable[[str], Site],
) -> None:
    here = site("here")
    here.save(JOB, waiting("here"))
    limits = here.running.stored.limits()
    package = packed([waiting("new", "here")])
    received = here.running.imports.receive(here.caller, "p.zip", iter([package]), limits)
    seen = here.running.imports.preview(here.grant, received, ImportOptions())
    here.change(JOB, waiting("here", "new"))
    with store_of(here.running).write() as uow, pytest.raises(TargetChanged) as moved:
        staged(uow, waiting("new", "here"))
        refuse_other_premises(uow, seen.context)
    assert "new → here → new" in moved.value.message


def test_the_circle_is_told_in_both_languages(site: Callable[[str], Site]) -> None:
    here = site("here")
    limits = here.running.stored.limits()
    received = here.running.imports.receive(
        here.caller, "p.zip", iter([packed([waiting("me", "me")])]), limits
    )
    seen = here.running.imports.preview(here.grant, received, ImportOptions())
    (found,) = (one for one in seen.findings if one.code == "waits-in-circle")
    assert say(found).message.endswith("would ever start: me → me")
    assert say(found, Language.CHINESE).message == "在同一周期内循环依赖，相关作业将永远无法启动：me → me"
