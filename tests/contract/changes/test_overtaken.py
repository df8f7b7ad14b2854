"""Whoever is overtaken between look and write is refused or sees the new state, and the audit tells which."""

from __future__ import annotations

from typing import Any

import pytest

import checking
from builders import job, written
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.model.connections import SurroundingKind
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.review import Approval, ReviewKind
from jobferry.model.rights import Role
from jobferry.model.transfer.download import DownloadFilter
from jobferry.model.transfer.policy import ImportOptions
from jobferry.services.importing.routes import Source
from jobferry.services.object_access import Editing
from jobferry.services.surroundings.arriving import SurroundingsOptions
from jobferry.services.variables import GivenVariable
from people import store_of

from .conftest import QUIET, Act, Place, Race, judge

JOB = ObjectKind.JOB
REVIEW = ReviewKind.REVIEW
SOURCE = Source("p", "default")
DWS = {"type": "DWS", "config": {"clusterName": "c", "password": "first"}}


def edited(place: Place, here: RunningPlatform, name: str = "a", how: Editing = Editing()) -> Any:
    text = written(job(name, QUIET, description="late"))
    return here.objects.update(place.grant, JOB, name, text, submit=False, how=how)


def saved(place: Place, here: RunningPlatform) -> Any:
    return here.objects.create(place.grant, JOB, written(job("a", QUIET)), submit=True)


def saved_beside_a_deployer(place: Place, here: RunningPlatform) -> Any:
    place.granted("deployer", Role.DEPLOYER)
    return saved(place, here)


def deleted(place: Place, here: RunningPlatform) -> Any:
    return here.objects.delete(place.grant, JOB, "a")


def connected(place: Place, here: RunningPlatform, **changed: Any) -> Any:
    return here.connections.create(place.grant, written({"name": "dwh", **DWS, **changed}))


def unconnected(place: Place, here: RunningPlatform) -> Any:
    return here.connections.remove(place.grant, "dwh")


def reconnected(place: Place, here: RunningPlatform) -> Any:
    starred = DWS | {"description": "late", "config": {"clusterName": "c", "password": "******"}}
    return here.connections.update(place.grant, "dwh", written({"name": "dwh", **starred}))


def password(place: Place) -> str:
    connection = place.running.connections.named(place.grant, "dwh")
    return place.running.parts.seals().unseal(connection.secrets).decode()


def variable(value: str | None, name: str = "v") -> Act:
    return lambda place, here: here.variables.save(place.grant, [GivenVariable(name=name, value=value)])


def value_of(place: Place) -> str | None:
    return place.running.variables.page(place.grant)[1][0][1]


def no_variable(place: Place, here: RunningPlatform) -> Any:
    return here.variables.remove(place.grant, "v")


def connections_packed(place: Place, here: RunningPlatform) -> Any:
    """A package of a connection that is not here any more."""
    connected(place, here)
    packed = here.surrounding_exports.connections(place.grant)
    place.kept = here.imports.receive(place.caller, "p.zip", packed.chunks, here.stored.limits())
    unconnected(place, here)


def variables_packed(place: Place, here: RunningPlatform) -> Any:
    """A package of a variable that is not here any more."""
    variable("first")(place, here)
    packed = here.surrounding_exports.variables(place.grant)
    place.kept = here.imports.receive(place.caller, "p.zip", packed.chunks, here.stored.limits())
    no_variable(place, here)


def brought(kind: SurroundingKind) -> Act:
    return lambda place, here: here.surrounding_imports.apply(
        place.grant, place.kept, kind, SurroundingsOptions(), here.stored.limits()
    )


def tagged(place: Place, here: RunningPlatform) -> Any:
    return here.tags.put(place.grant, "a", ["t"], Editing())


def tag_locked(place: Place, here: RunningPlatform) -> Any:
    return here.tags.lock(place.grant, "t", locked=True)


def setting(**values: str) -> Act:
    return lambda place, here: here.workspaces.set(place.grant, values)


def route(place: Place, here: RunningPlatform) -> Any:
    return here.routes.save(place.grant, SOURCE, "", ImportOptions(directory="/in"))


def route_of_copies(place: Place, here: RunningPlatform) -> Any:
    return here.routes.save(place.grant, SOURCE, "", ImportOptions(copy_name="{name}_copy"))


def no_route(place: Place, here: RunningPlatform) -> Any:
    return here.routes.delete(place.grant, SOURCE)


def asked(place: Place, here: RunningPlatform) -> Any:
    """A review that somebody else has asked for."""
    grant = place.granted("lin", Role.DEVELOPER)
    text = written(job("a", QUIET))
    approval = Approval(approvers=(place.caller.name,))
    here.objects.create(grant, JOB, text, submit=True, approval=approval)
    with store_of(here).read() as snapshot:
        waiting = snapshot.reviews.waiting([place.found().id])[place.found().id]
    place.kept = (grant, waiting.review_id)


def approved(place: Place, here: RunningPlatform) -> Any:
    return here.reviews.approve(place.grant, REVIEW, place.kept[1])


def rejected(place: Place, here: RunningPlatform) -> Any:
    return here.reviews.reject(place.grant, REVIEW, place.kept[1])


def withdrawn(place: Place, here: RunningPlatform) -> Any:
    return here.reviews.withdraw(place.kept[0], REVIEW, place.kept[1])


def asked_and_rejected(place: Place, here: RunningPlatform) -> Any:
    asked(place, here)
    rejected(place, here)


def asked_again(place: Place, here: RunningPlatform) -> Any:
    return here.resubmitting.ask_again(place.kept[0], place.kept[1], Approval())


def review_deleted(place: Place, here: RunningPlatform) -> Any:
    """By somebody else's hand: the draft is another one."""
    with store_of(here).write() as uow:
        stored = uow.objects.by_names(place.grant.workspace.id, JOB, ["a"])["a"]
        uow.objects.remove([stored.id], by="", at=1)
        uow.commit()


def released(name: str) -> Act:
    return lambda place, here: here.releases.create(
        place.grant, name, [(JOB, "a")], Approval(), everything=False
    )


def checked(place: Place, here: RunningPlatform) -> Any:
    place.job()
    package = iter([place.package()])
    received = here.imports.receive(place.caller, "p.zip", package, here.stored.limits())
    place.kept = checking.checked(here, place.grant, received)


def discarded(place: Place, here: RunningPlatform) -> Any:
    return here.checked.discard(place.grant, place.kept.id)


def rechecked(place: Place, here: RunningPlatform) -> Any:
    begun = here.checked.change(place.grant, place.kept.id, ImportOptions(directory="/other"))
    return checking.settled(here, place.grant, begun.record)


def applied(place: Place, here: RunningPlatform) -> Any:
    task = here.checked.apply(place.grant, place.kept.id, place.kept.plan_digest)
    while not here.wait(task, 30.0):
        pass


def exported(place: Place, here: RunningPlatform) -> Any:
    place.job()
    assert place.package()
    _, listed = here.downloads.page(
        place.grant, DownloadFilter(workspace_id=place.grant.workspace.id), offset=0, limit=1
    )
    place.kept = listed[0].download


def undownloaded(place: Place, here: RunningPlatform) -> Any:
    return here.downloads.delete(place.grant, place.kept.id)


def started(place: Place, here: RunningPlatform) -> Any:
    return here.scheduling.start(place.grant, "a")


def locker(place: Place) -> object:
    place.kept = place.granted("lin", Role.DEVELOPER)
    return place.kept


def tag_file(place: Place, here: RunningPlatform) -> Any:
    return here.tag_files.bring(place.grant, b"job,t\na,1\n", overwrite=False)


def lying_in_dw(place: Place, _: RunningPlatform) -> Any:
    place.job(directory="/dw")


def directory_renamed(place: Place, here: RunningPlatform) -> Any:
    return here.directories.rename(place.grant, JOB, "/dw", "x", take_locks=False)


def directory_made(place: Place, here: RunningPlatform) -> Any:
    return here.directories.create(place.grant, JOB, "/x")


def saved_in_dw(place: Place, here: RunningPlatform) -> Any:
    text = written(job("a", QUIET, description="late", directory="/dw"))
    return here.objects.update(place.grant, JOB, "a", text, submit=False)


def text_in_x(place: Place) -> bool:
    """Whether the draft is the late one and lies in the new place, by row and document."""
    shown = place.running.objects.show(place.grant, JOB, "a")
    return shown.stored.directory == "/x" and b'"late"' in shown.text and b'"/x"' in shown.text


RACES = [
    Race(
        "directory-move-saved",
        "directory-move",
        directory_renamed,
        saved_in_dw,
        "",
        lying_in_dw,
        text_in_x,
    ),
    Race(
        "directory-move-taken",
        "directory-move",
        directory_renamed,
        directory_made,
        "name-taken",
        lying_in_dw,
        lambda place: place.found().directory == "/dw",
    ),
    Race(
        "directory-delete",
        "directory-delete",
        lambda place, here: here.directories.delete(place.grant, JOB, "/x"),
        lambda place, here: here.objects.move(place.grant, JOB, "a", "/x", Editing()),
        "directory-in-use",
        lambda place, here: (saved(place, here), directory_made(place, here)),
    ),
    Race(
        "rename",
        "object-edit",
        lambda place, here: here.objects.rename(place.grant, JOB, "a", "b", Editing()),
        lambda place, _: place.job("b"),
        "name-taken",
        saved,
    ),
    Race("create", "object-create", saved, saved, "name-taken"),
    Race(
        "create-quota",
        "object-create",
        saved,
        setting(max_jobs="1"),
        "quota-reached",
        lambda place, _: place.job("b"),
    ),
    Race("update", "object-edit", edited, deleted, "job-missing", saved),
    Race("delete", "object-delete", deleted, deleted, "job-missing", saved),
    Race("delete-started", "object-delete", deleted, started, "job-running", saved),
    Race(
        "submit",
        "object-submit",
        lambda place, here: here.versions.submit(place.grant, JOB, "a", Editing()),
        deleted,
        "job-missing",
        saved,
    ),
    Race(
        "roll-back",
        "version-rollback",
        lambda place, here: here.versions.roll_back(place.grant, JOB, "a", 1, Editing()),
        deleted,
        "job-missing",
        saved,
    ),
    Race(
        "tag-delete",
        "tag-delete",
        lambda place, here: here.tags.delete(place.grant, "t"),
        tag_locked,
        "tag-locked",
        lambda place, here: here.tags.create(place.grant, "t"),
    ),
    Race(
        "tag-lock",
        "tag-lock",
        tag_locked,
        lambda place, here: here.tags.delete(place.grant, "t"),
        "tag-missing",
        lambda place, here: here.tags.create(place.grant, "t"),
    ),
    Race(
        "tag-put",
        "tag-put",
        tagged,
        tag_locked,
        "tag-locked",
        lambda place, here: (place.job(), here.tags.create(place.grant, "t")),
    ),
    Race("tag-file", "tag-import", tag_file, deleted, "tag-file-refused", saved),
    Race(
        "tag-file-again",
        "tag-import",
        tag_file,
        lambda place, here: here.tags.create(place.grant, "other"),
        prepare=lambda place, here: (saved(place, here), here.tags.create(place.grant, "t")),
        holds=lambda place: {tag.name for tag in place.running.tags.all(place.grant)} == {"other", "t"},
    ),
    Race(
        "lock-take",
        "lock-take",
        lambda place, here: here.locks.take(place.kept, JOB, "a"),
        lambda place, here: here.locks.take(place.grant, JOB, "a"),
        "locked",
        lambda place, here: (place.job(), here.locks.release(place.grant, JOB, "a"), locker(place)),
        settings="lock_policy=hard",
    ),
    Race(
        "lock-release",
        "lock-release",
        lambda place, here: here.locks.release(place.grant, JOB, "a"),
        deleted,
        "job-missing",
        saved,
    ),
    Race(
        "locks-release",
        "lock-release",
        lambda place, here: here.locks.release_all(place.grant, [(JOB, "a"), (JOB, "b")]),
        deleted,
        "job-missing",
        lambda place, _: (place.job("a"), place.job("b")),
        lambda place: bool(place.found("b").locked_by),
    ),
    Race(
        "lock-policy",
        "lock-take",
        lambda place, here: here.locks.take(place.kept, JOB, "a"),
        setting(lock_policy="hard"),
        "locked",
        lambda place, _: (place.job(), locker(place)),
    ),
    Race(
        "connect-quota",
        "connection-create",
        connected,
        setting(max_connections="1"),
        "quota-reached",
        lambda place, here: connected(place, here, name="other"),
    ),
    Race("connect", "connection-create", connected, connected, "name-taken"),
    Race("reconnect", "connection-edit", reconnected, unconnected, "connection-missing", connected),
    Race(
        "reconnect-secret",
        "connection-edit",
        reconnected,
        lambda place, here: here.connections.give_secrets(place.grant, "dwh", {"password": "second"}),
        "",
        connected,
        lambda place: "second" in password(place),
    ),
    Race(
        "secret",
        "connection-secret",
        lambda place, here: here.connections.give_secrets(place.grant, "dwh", {"password": "late"}),
        unconnected,
        "connection-missing",
        connected,
    ),
    Race("unconnect", "connection-delete", unconnected, unconnected, "connection-missing", connected),
    Race(
        "inventory-remove",
        "inventory-delete",
        lambda place, here: here.inventory.remove(place.grant, "queue", "q"),
        lambda place, here: here.inventory.remove(place.grant, "queue", "q"),
        "inventory-missing",
        lambda place, here: here.inventory.add(place.grant, [("queue", "q", "")]),
    ),
    Race(
        "inventory-accept",
        "inventory-accept",
        lambda place, here: here.inventory.accept(place.grant, ["queue"]),
        lambda place, here: here.inventory.accept(place.grant, ["graph"]),
        holds=lambda place: (
            set(place.running.inventory.accepted_kinds(place.grant)) == {NeedKind.QUEUE, NeedKind.GRAPH}
        ),
    ),
    Race(
        "variable-keeps",
        "variable-edit",
        variable(None),
        variable("second"),
        "",
        variable("first"),
        lambda place: value_of(place) == "second",
    ),
    Race(
        "variable-remove",
        "variable-delete",
        no_variable,
        no_variable,
        "variable-missing",
        variable("first"),
    ),
    Race(
        "connection-import",
        "connection-import",
        brought(SurroundingKind.CONNECTION),
        connected,
        "",
        connections_packed,
        lambda place: "first" in password(place),
    ),
    Race(
        "variable-import",
        "variable-import",
        brought(SurroundingKind.VARIABLE),
        variable("second"),
        "",
        variables_packed,
        lambda place: value_of(place) == "second",
    ),
    Race(
        "workspace-create",
        "workspace-create",
        lambda place, here: here.workspaces.create(f"other-{place.name}", place.caller),
        lambda place, here: here.workspaces.create(f"other-{place.name}", place.caller),
        "name-taken",
    ),
    Race(
        "workspace-set",
        "setting-edit",
        setting(max_jobs="9"),
        setting(max_scripts="8"),
        holds=lambda place: (
            {"max_jobs": "9", "max_scripts": "8"}.items() <= place.grant.workspace.settings.items()
        ),
    ),
    Race(
        "route-save",
        "route-save",
        route_of_copies,
        setting(duplicates="skip"),
        "invalid-value",
        settings="duplicates=copy",
    ),
    Race(
        "route-save-again",
        "route-save",
        route,
        route_of_copies,
        holds=lambda place: place.running.routes.one(place.grant, SOURCE).options.directory == "/in",
        settings="duplicates=copy",
    ),
    Race("route-delete", "route-delete", no_route, no_route, "route-missing", route),
    Race("approve", "review-approve", approved, rejected, "review-over", asked, settings="review=all"),
    Race(
        "approve-stale",
        "review-approve",
        approved,
        review_deleted,
        "review-stale",
        asked,
        settings="review=all",
    ),
    Race(
        "withdraw",
        "review-withdraw",
        withdrawn,
        approved,
        "review-over",
        asked,
        lambda place: place.found().live_version == 1,
        "review=all",
    ),
    Race(
        "ask-again",
        "review-ask",
        asked_again,
        asked_again,
        "review-pending",
        asked_and_rejected,
        settings="review=all",
    ),
    Race(
        "release",
        "release-create",
        released("late"),
        released("first"),
        "review-missing",
        saved_beside_a_deployer,
        settings="mode=enterprise",
    ),
    Race("start", "job-start", started, deleted, "job-missing", saved),
    Race(
        "stop",
        "job-stop",
        lambda place, here: here.scheduling.stop(place.grant, "a"),
        deleted,
        "job-missing",
        saved,
    ),
    Race("discard", "import-discard", discarded, applied, "import-finished", checked),
    Race("recheck", "import-check", rechecked, discarded, "import-finished", checked),
    Race("apply", "import-begin", applied, discarded, "import-finished", checked),
    Race("apply-other", "import-begin", applied, rechecked, "import-finished", checked),
    Race("download", "download-delete", undownloaded, undownloaded, "download-missing", exported),
]


@pytest.mark.parametrize("race", RACES, ids=[race.name for race in RACES])
def test_the_late_one_is_refused_or_sees_what_is_there(raced: RunningPlatform, race: Race) -> None:
    judge(raced, race)
