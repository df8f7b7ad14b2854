"""Who waits for whom among the jobs of a workspace, as far as that leads from some of them."""

from __future__ import annotations

import msgspec

from builders import job, stored
from jobferry.model.document.facts import FactRules, facts_of
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import Text
from jobferry.store import Store


def save(store: Store, name: str, *upstream: str, workspace: str = "w1", elsewhere: str = "") -> None:
    """A job that waits for others: of its own workspace, or of that which is named."""
    document = job(name, upstream=() if elsewhere else upstream)
    if elsewhere:
        others = [{"jobName": one, "workSpace": elsewhere} for one in upstream]
        document["schedule"]["cron"]["dependJobs"] = {"otherWorkSpaceJobs": others}
    one, text = stored(ObjectKind.JOB, document, uid=f"{workspace}/{name}", live=False)
    facts = facts_of(ObjectKind.JOB, document, FactRules(), text=text)
    with store.write() as uow:
        one = msgspec.structs.replace(one, id=uow.objects.reserve_ids(1), workspace_id=workspace)
        uow.contents.put([Text(one.digest, text, facts, "e")], at=1)
        uow.objects.add([one])
        uow.commit()


def waits(store: Store, *names: str, most: int | None = None) -> dict[str, set[str]] | None:
    with store.read() as snapshot:
        return snapshot.objects.waits("w1", "first", names, most)


def test_all_that_leads_to_the_named_jobs_is_told_and_nothing_else(store: Store) -> None:
    save(store, "a")
    save(store, "b", "a", "else")
    save(store, "c", "b")
    save(store, "d", "c", "a")
    save(store, "x", "y")
    assert waits(store, "a") == {"b": {"a"}, "c": {"b"}, "d": {"a", "c"}}
    assert waits(store, "c", "y") == {"d": {"c"}, "x": {"y"}}
    assert waits(store, "d", "nobody", "bad\x00name") == {}
    assert waits(store) == {}


def test_a_circle_ends_the_search(store: Store) -> None:
    save(store, "a", "b")
    save(store, "b", "a")
    save(store, "me", "me")
    assert waits(store, "a") == {"a": {"b"}, "b": {"a"}}
    assert waits(store, "me") == {"me": {"me"}}


def test_the_own_workspace_may_be_named_and_others_do_not_count(store: Store) -> None:
    save(store, "b", "a", elsewhere="first")
    save(store, "c", "a", elsewhere="second")
    save(store, "d", "a", workspace="w2")
    assert waits(store, "a") == {"b": {"a"}}


def test_a_chain_is_followed_to_its_end(store: Store) -> None:
    for number in range(1, 60):
        save(store, f"j{number}", f"j{number - 1}")
    assert len(waits(store, "j0") or ()) == 59
    assert len(waits(store, "j0", most=59) or ()) == 59
    assert waits(store, "j0", most=58) is None
