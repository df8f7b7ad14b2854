"""What the source has deleted goes here too, once that is confirmed, and comes back with an undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from builders import job, node
from checking import checked
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import Role
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.export import ExtentKind
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from jobferry.services.importing.differences import ChangeFilter
from jobferry.services.object_access import Editing
from people import member, policy, store_of

from .conftest import Site
from .test_changes import recording
from .test_undo import undone
from .test_workspace_exports import held, taken, wanted

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT
Open = Callable[[str], Site]
QUIET = node("n", "Dummy")
OVER = {"duplicates": Duplicates.OVERWRITE}
CONFIRMED = OVER | {"apply_deletions": True}


@pytest.fixture
def sites(site: Open) -> tuple[Site, Site]:
    """A source, and a target that has its base."""
    here, there = recording(site("here")), site("there")
    here.script()
    for name in ("a", "b", "c"):
        here.save(JOB, job(name, node("load", "Shell", scriptName="clean"), directory=f"/{name}"))
    there.land(taken(here, wanted(ExtentKind.FULL)))
    there.running.locks.release_all(there.grant, [(JOB, "a"), (JOB, "b"), (JOB, "c"), (SCRIPT, "clean")])
    return here, there


def state(site: Site) -> dict[str, Any]:
    """All that an undo has to bring back, versions and landings with it."""
    found: dict[str, Any] = {}
    with store_of(site.running).read() as snapshot:
        for kind in (JOB, SCRIPT):
            for one in snapshot.objects.every(site.grant.workspace.id, kind):
                facts = (one.id, one.uid, one.directory, one.digest, one.live_version, one.live_digest)
                lock = (one.locked_by, one.locked_at, one.last_version, one.state, one.held)
                past = list(snapshot.objects.versions_of([one.id]))
                landed = list(snapshot.places.landings_of([one.id]))
                found[f"{kind} {one.name}"] = (facts, lock, past, landed, site.text(kind, one.name))
    return found


def gone(here: Site, *names: str) -> bytes:
    for name in names:
        here.running.objects.delete(here.grant, SCRIPT if name == "clean" else JOB, name)
    return taken(here, wanted(ExtentKind.LAST))


def test_nothing_goes_that_nobody_confirmed(sites: tuple[Site, Site]) -> None:
    here, there = sites
    package = gone(here, "a")
    task = there.land(package, **OVER)
    _, items, found = there.running.reports.whole(there.caller, task.id)
    assert [(one.name, one.outcome.value, found[one.reasons[0].finding - 1].code) for one in items] == [
        ("a", "skipped", "deletion-not-confirmed")
    ]
    assert there.outcomes(there.land(package, **CONFIRMED)) == {"a": "deleted"}
    assert there.land(package, **CONFIRMED).message == "the package was empty"


def test_only_what_was_named_goes(sites: tuple[Site, Site]) -> None:
    here, there = sites
    package = gone(here, "a", "b")
    some = OVER | {"delete": {JOB: ("b", "never was")}}
    assert there.outcomes(there.land(package, **some)) == {"a": "skipped", "b": "deleted"}
    assert there.outcomes(there.land(package, **CONFIRMED)) == {"a": "deleted"}


@pytest.mark.parametrize("options", [{"apply_deletions": True}, {"delete": {JOB: ("a", "b")}}])
def test_nobody_deletes_by_an_import_what_a_directory_policy_hides(
    sites: tuple[Site, Site], options: dict[str, Any]
) -> None:
    here, there = sites
    package = gone(here, "a", "b")
    lin = Site(there.running)
    lin.caller = member(there.running, "lin", Role.DEVELOPER)
    policy(there.running, "/b", users=["lin"])
    task = lin.land(package, **OVER | options)
    _, items, found = there.running.reports.whole(there.caller, task.id)
    told = {one.name: [found[why.finding - 1] for why in one.reasons] for one in items}
    assert {one.name: one.outcome.value for one in items} == {"a": "blocked", "b": "deleted"}
    assert [one.code for one in told["a"]] == ["deletion-not-allowed"]
    assert "/a" not in str(told["a"])
    assert there.text(JOB, "a")


def test_what_went_comes_back_byte_for_byte(sites: tuple[Site, Site]) -> None:
    here, there = sites
    running, grant = there.running, there.grant
    running.tags.put(grant, "a", ["red"], Editing(take_lock=True))
    running.versions.submit(grant, JOB, "a", Editing())
    before = state(there)
    assert len(before["job a"][2]) == 2
    task = there.land(gone(here, "a", "b", "c", "clean"), **CONFIRMED)
    assert set(there.outcomes(task).values()) == {"deleted"}
    assert state(there) == {}
    sweep(there)
    back = undone(there, task.id)
    assert back.status is TaskStatus.SUCCESSFUL
    assert state(there) == before
    again = undone(there, back.id)
    assert (again.status, state(there)) == (TaskStatus.SUCCESSFUL, {})
    undone(there, again.id)
    assert state(there) == before


def sweep(site: Site) -> None:
    """Texts that nothing refers to go, as after a day."""
    with store_of(site.running).write() as uow:
        uow.contents.sweep(before=1 << 60)
        uow.commit()


def test_what_is_in_use_stays_and_what_it_needs_with_it(sites: tuple[Site, Site]) -> None:
    here, there = sites
    there.save(JOB, job("local", node("load", "Shell", scriptName="clean")))
    there.running.scheduling.start(there.grant, "b")
    package = gone(here, "a", "b", "c", "clean")
    outcomes = there.outcomes(there.land(package, **CONFIRMED))
    assert outcomes == {"a": "deleted", "b": "blocked", "c": "deleted", "clean": "blocked"}
    there.running.objects.delete(there.grant, JOB, "local")
    assert there.outcomes(there.land(package, **CONFIRMED)) == {"b": "blocked", "clean": "blocked"}
    there.running.scheduling.stop(there.grant, "b")
    assert set(there.outcomes(there.land(package, **CONFIRMED)).values()) == {"deleted"}


def test_only_what_came_from_that_workspace_is_meant(site: Open) -> None:
    """Two workspaces of one source may have objects of the same uid."""
    here, there = recording(site("here")), site("there")
    here.save(JOB, job("a", QUIET))
    base = taken(here, wanted(ExtentKind.FULL))
    here.running.workspaces.create("second", here.caller)
    here.place = "second"
    recording(here).land(base)
    taken(here, wanted(ExtentKind.FULL))
    there.land(base)
    assert there.outcomes(there.land(gone(here, "a"), **CONFIRMED)) == {}
    here.place = None
    assert there.outcomes(there.land(gone(here, "a"), **CONFIRMED)) == {"a": "deleted"}


def test_names_change_hands_in_one_import(sites: tuple[Site, Site]) -> None:
    here, there = sites
    running, grant = here.running, here.grant
    running.objects.delete(grant, JOB, "a")
    for former, name in (("b", "a"), ("c", "b")):
        rename(here, former, name)
    here.save(JOB, job("c", QUIET, directory="/new"))
    task = there.land(taken(here, wanted(ExtentKind.LAST)), **CONFIRMED)
    assert there.running.reports.task(there.caller, task.id).status is TaskStatus.SUCCESSFUL, task.message
    assert uids(there) == uids(here)
    before = uids(there)
    undone(there, task.id)
    assert sorted(uids(there)) == ["a", "b", "c", "clean"]
    assert uids(there) != before


def test_what_the_source_deleted_and_made_anew_is_overwritten_and_does_not_go(
    sites: tuple[Site, Site],
) -> None:
    here, there = sites
    before = uids(there)
    here.running.objects.delete(here.grant, JOB, "a")
    here.save(JOB, job("a", QUIET, directory="/a"))
    package = taken(here, wanted(ExtentKind.LAST))
    assert held(package) == {"job a", "-job a"}
    assert there.outcomes(there.land(package, **CONFIRMED)) == {"a": "overwritten"}
    assert uids(there) == before
    assert there.text(JOB, "a") == here.text(JOB, "a")


def test_what_an_undo_takes_away_leaves_room_for_what_it_makes_again(sites: tuple[Site, Site]) -> None:
    here, there = sites
    before = uids(there)
    here.save(JOB, job("fresh", QUIET))
    swap = there.land(gone(here, "a"), **CONFIRMED)
    assert there.outcomes(swap) == {"a": "deleted", "fresh": "created"}
    there.running.workspaces.set(there.grant, {"max_jobs": "3"})
    task = undone(there, swap.id)
    assert (task.status, task.message) == (TaskStatus.SUCCESSFUL, "1 restored, 1 removed")
    assert uids(there) == before


def rename(site: Site, former: str, name: str) -> None:
    """Renames and nothing else."""
    import json

    document = json.loads(site.text(JOB, former)) | {"name": name}
    text = json.dumps(document).encode()
    site.running.objects.update(site.grant, JOB, former, text, submit=True, how=Editing(take_lock=True))


def uids(site: Site) -> dict[str, str]:
    with store_of(site.running).read() as snapshot:
        place = site.grant.workspace.id
        return {one.name: one.uid for kind in (JOB, SCRIPT) for one in snapshot.objects.every(place, kind)}


def test_a_move_is_followed_unless_the_place_was_changed_here(sites: tuple[Site, Site]) -> None:
    here, there = sites
    there.running.locks.take(there.grant, JOB, "b")
    there.change(JOB, job("b", node("load", "Shell", scriptName="clean"), directory="/own"))
    for name in ("a", "b"):
        here.change(JOB, job(name, QUIET, directory="/moved"))
    there.land(taken(here, wanted(ExtentKind.LAST)), **OVER)
    with store_of(there.running).read() as snapshot:
        found = snapshot.objects.by_names(there.grant.workspace.id, JOB, ["a", "b"])
    assert {name: one.directory for name, one in found.items()} == {"a": "/moved", "b": "/own"}
    there.land(there_and_back(here), directory="/chosen", **OVER)


def there_and_back(here: Site) -> bytes:
    here.change(JOB, job("a", QUIET, directory="/back"))
    return taken(here, wanted(ExtentKind.LAST))


def test_a_deletion_has_no_text_to_compare(sites: tuple[Site, Site]) -> None:
    here, there = sites
    running, grant = there.running, there.grant
    package = iter([gone(here, "a")])
    received = running.imports.receive(there.caller, "p.zip", package, running.stored.limits())
    record = checked(
        running, grant, received, ImportOptions(duplicates=Duplicates.OVERWRITE, apply_deletions=True)
    )
    difference = running.checked.difference(grant, record.id, (JOB, "a"))
    assert (difference.name, difference.sides) == ("a", ())
    texts = running.checked.texts(grant, record.id, (JOB, "a"))
    assert (texts.here, texts.package) == ("", "")
    with running.checked.differences(grant, record.id, ChangeFilter(), 0) as (total, every):
        assert (total, list(every)) == (0, [])  # what goes is told by the plan
