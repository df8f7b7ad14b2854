"""Whoever is overtaken between look and write is refused or sees the new state, and the audit tells which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from builders import job, written
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.errors import JobferryError
from jobferry.model.audit import AuditOutcome
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.people import Caller, Scope
from jobferry.model.review import Approval, ReviewKind
from jobferry.model.rights import Role
from jobferry.model.transfer.download import DownloadFilter
from jobferry.model.transfer.policy import ImportOptions
from jobferry.services.importing.routes import Source
from jobferry.services.object_access import Editing
from jobferry.services.surroundings.variables import GivenVariable
from people import enrol, entered, store_of

from .conftest import QUIET, Place

JOB = ObjectKind.JOB
REVIEW = ReviewKind.REVIEW
Act = Callable[[Place, RunningPlatform], object]
SOURCE = Source("p", "default")
DWS = {"type": "DWS", "config": {"clusterName": "c", "password": "first"}}


def nothing(_place: Place, _here: RunningPlatform) -> None:
    """There is nothing to prepare."""


class Race(NamedTuple):
    """What is prepared, what comes between, and what the late one wants; ``code`` is what they are told.

    ``action`` is the row that tells of the late one, and ``holds`` what is true in the end.
    """

    name: str
    action: str
    late: Act
    between: Act
    code: str = ""
    prepare: Act = nothing
    holds: Callable[[Place], bool] = bool
    settings: str = ""


def edited(place: Place, here: RunningPlatform, name: str = "a", how: Editing = Editing()) -> Any:
    text = written(job(name, QUIET, description="late"))
    return here.objects.update(place.grant, JOB, name, text, submit=False, how=how)


def saved(place: Place, here: RunningPlatform) -> Any:
    return here.objects.create(place.grant, JOB, written(job("a", QUIET)), submit=True)


def deleted(place: Place, here: RunningPlatform) -> Any:
    return here.objects.delete(place.grant, JOB, "a")


def connected(place: Place, here: RunningPlatform, **changed: Any) -> Any:
    return here.surroundings.create_connection(place.grant, written({"name": "dwh", **DWS, **changed}))


def unconnected(place: Place, here: RunningPlatform) -> Any:
    return here.surroundings.remove_connection(place.grant, "dwh")


def reconnected(place: Place, here: RunningPlatform) -> Any:
    starred = DWS | {"description": "late", "config": {"clusterName": "c", "password": "******"}}
    return here.surroundings.update_connection(place.grant, "dwh", written({"name": "dwh", **starred}))


def password(place: Place) -> str:
    connection = place.running.surroundings.connection(place.grant, "dwh")
    return place.running.parts.seals().unseal(connection.secrets).decode()


def variable(value: str | None, name: str = "v") -> Act:
    return lambda place, here: here.variables.save(place.grant, [GivenVariable(name=name, value=value)])


def tagged(place: Place, here: RunningPlatform) -> Any:
    return here.tags.put(place.grant, "a", ["t"], Editing())


def tag_locked(place: Place, here: RunningPlatform) -> Any:
    return here.tags.lock(place.grant, "t", locked=True)


def joined(place: Place, here: RunningPlatform) -> Any:
    place.kept = place.granted("anne", Role.DEVELOPER).caller.name


def left(place: Place, here: RunningPlatform) -> Any:
    return here.members.remove(place.grant, place.kept)


def policy(name: str) -> Act:
    return lambda place, here: here.policies.save(place.grant, name, ["/d"], [place.kept], [])


def user(place: Place, here: RunningPlatform) -> Any:
    return here.users.create(place.caller, f"user-{place.name}", password="correct horse battery")


def reset(place: Place, here: RunningPlatform) -> Any:
    return here.users.reset_password(place.caller, f"user-{place.name}", "another horse battery")


def own_password(place: Place, here: RunningPlatform) -> Any:
    name = f"user-{place.name}"
    with store_of(here).read() as snapshot:
        found = snapshot.people.user_named(name)
    assert found is not None
    caller = Caller(user_id=found.id, name=name, operations=False, scope=Scope())
    return here.users.set_password(caller, "correct horse battery", "own horse battery staple")


def owner_of(place: Place, here: RunningPlatform) -> Any:
    """An owner without the operations role, and two who could be it next."""
    place.kept = place.granted("owner", Role.DEVELOPER)
    here.members.transfer(place.grant, place.kept.caller.name)
    place.kept = entered(here, place.name, place.kept.caller)
    enrol(here, f"bert-{place.name}")
    enrol(here, f"cora-{place.name}")


def handed_over(heir: str) -> Act:
    return lambda place, here: here.members.transfer(place.kept, f"{heir}-{place.name}")


def owner(place: Place) -> str:
    members = place.running.members.all(place.grant)
    return next(one.user_name for one in members if Role.OWNER in one.roles)


def token(place: Place, here: RunningPlatform) -> Any:
    return here.credentials.create_token(place.caller, place.caller.name, place.name)


def revoked(place: Place, here: RunningPlatform) -> Any:
    return here.credentials.revoke_token(place.caller, place.caller.name, place.name)


def key(place: Place, here: RunningPlatform) -> Any:
    enrol(here, f"user-{place.name}")
    place.kept = here.credentials.create_key(place.caller, f"user-{place.name}").made


def key_removed(place: Place, here: RunningPlatform) -> Any:
    return here.credentials.remove_key(place.caller, f"user-{place.name}", place.kept.access_key)


def key_rotated(place: Place, here: RunningPlatform) -> Any:
    return here.credentials.rotate_key(place.caller, f"user-{place.name}", place.kept.access_key)


def setting(**values: str) -> Act:
    return lambda place, here: here.workspaces.set(place.grant, values)


def platform_setting(**values: str) -> Act:
    return lambda place, here: here.stored.change(place.caller, values)


def route(place: Place, here: RunningPlatform) -> Any:
    return here.routes.save(place.grant, SOURCE, "", ImportOptions(directory="/in"))


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
    place.kept = here.checked.check(place.grant, received, ImportOptions()).shown.record


def discarded(place: Place, here: RunningPlatform) -> Any:
    return here.checked.discard(place.grant, place.kept.id)


def rechecked(place: Place, here: RunningPlatform) -> Any:
    return here.checked.change(place.grant, place.kept.id, ImportOptions(directory="/other"))


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
    return here.tag_files.bring(place.grant, b"job,t\na,x\n", overwrite=False)


RACES = [
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
        lambda place, here: here.surroundings.give_secrets(place.grant, "dwh", {"password": "second"}),
        "",
        connected,
        lambda place: "second" in password(place),
    ),
    Race(
        "secret",
        "connection-secret",
        lambda place, here: here.surroundings.give_secrets(place.grant, "dwh", {"password": "late"}),
        unconnected,
        "connection-missing",
        connected,
    ),
    Race("unconnect", "connection-delete", unconnected, unconnected, "connection-missing", connected),
    Race(
        "inventory-remove",
        "inventory-delete",
        lambda place, here: here.surroundings.remove_inventory(place.grant, "queue", "q"),
        lambda place, here: here.surroundings.remove_inventory(place.grant, "queue", "q"),
        "inventory-missing",
        lambda place, here: here.surroundings.add_inventory(place.grant, [("queue", "q", "")]),
    ),
    Race(
        "inventory-accept",
        "inventory-accept",
        lambda place, here: here.surroundings.accept_inventory(place.grant, ["queue"]),
        lambda place, here: here.surroundings.accept_inventory(place.grant, ["graph"]),
        holds=lambda place: (
            set(place.running.surroundings.accepted_kinds(place.grant)) == {NeedKind.QUEUE, NeedKind.GRAPH}
        ),
    ),
    Race(
        "variable-keeps",
        "variable-edit",
        variable(None),
        variable("second"),
        "",
        variable("first"),
        lambda place: place.running.variables.all(place.grant)[0][1] == "second",
    ),
    Race(
        "variable-remove",
        "variable-delete",
        lambda place, here: here.variables.remove(place.grant, "v"),
        lambda place, here: here.variables.remove(place.grant, "v"),
        "variable-missing",
        variable("first"),
    ),
    Race("member-remove", "member-remove", left, left, "member-missing", joined),
    Race(
        "member-owns",
        "member-remove",
        left,
        lambda place, here: here.members.transfer(place.grant, place.kept),
        "one-owner",
        joined,
        lambda place: owner(place) == place.kept,
    ),
    Race(
        "transfer",
        "owner-transfer",
        handed_over("cora"),
        handed_over("bert"),
        "target-moved",
        owner_of,
        lambda place: owner(place).startswith("bert"),
    ),
    Race(
        "transfer-disabled",
        "owner-transfer",
        handed_over("cora"),
        lambda place, here: here.users.change(place.caller, f"cora-{place.name}", disabled=True),
        "one-owner",
        owner_of,
    ),
    Race("policy-member", "policy-save", policy("one"), left, "member-missing", joined),
    Race("policy-single", "policy-save", policy("one"), policy("two"), "in-another-policy", joined),
    Race(
        "policy-remove",
        "policy-remove",
        lambda place, here: here.policies.remove(place.grant, "one"),
        lambda place, here: here.policies.remove(place.grant, "one"),
        "policy-missing",
        lambda place, here: (joined(place, here), policy("one")(place, here)),
    ),
    Race("user-create", "user-create", user, user, "name-taken"),
    Race("password-reset", "password-reset", reset, own_password, "target-moved", user),
    Race("password-set", "password-set", own_password, reset, "target-moved", user),
    Race("token-create", "token-create", token, token, "name-taken"),
    Race("token-revoke", "token-revoke", revoked, revoked, "token-missing", token),
    Race("key-remove", "key-remove", key_removed, key_removed, "key-missing", key),
    Race("key-rotate", "key-rotate", key_rotated, key_removed, "key-missing", key),
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
        "platform-set",
        "platform-setting-edit",
        platform_setting(task_days="3"),
        platform_setting(receipt_days="4"),
        holds=lambda place: (
            (place.running.stored.values().task_days, place.running.stored.values().receipt_days) == (3, 4)
        ),
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
        saved,
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
    Race("discard", "import-discard", discarded, applied, "import-over", checked),
    Race("recheck", "import-check", rechecked, discarded, "import-over", checked),
    Race("apply", "import-begin", applied, discarded, "import-over", checked),
    Race("apply-other", "import-begin", applied, rechecked, "import-over", checked),
    Race("download", "download-delete", undownloaded, undownloaded, "download-missing", exported),
]


@pytest.mark.parametrize("race", RACES, ids=[race.name for race in RACES])
def test_the_late_one_is_refused_or_sees_what_is_there(raced: RunningPlatform, race: Race) -> None:
    place = Place(raced, **dict(one.split("=") for one in race.settings.split()))
    race.prepare(place, raced)
    reached: list[int] = []

    def between() -> None:
        race.between(place, raced)
        reached.append(place.end())

    told = ""
    try:
        race.late(place, place.late(between))
    except JobferryError as error:
        told = error.code.value
    assert told == race.code
    rows = [(action, outcome, detail) for action, _, outcome, detail in place.rows(reached[0])]
    if race.code:
        assert rows == [(race.action, AuditOutcome.FAILED.value, race.code)]
    else:
        assert [row[:2] for row in rows] == [(race.action, AuditOutcome.DONE.value)]
    assert race.holds(place)
