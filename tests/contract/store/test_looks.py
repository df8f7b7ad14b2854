"""One look for all that a thread reads: what it shows, how long, and who closes it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest

from jobferry.model.records import Workspace
from jobferry.store import Store


def add(store: Store, name: str) -> None:
    with store.write() as uow:
        uow.workspaces.add(Workspace(id=f"id-{name}", name=name))
        uow.commit()


def sees(store: Store, name: str) -> bool:
    with store.read() as snapshot:
        return snapshot.workspaces.by_name(name) is not None


def lent(store: Store) -> int:
    """How many connections are out."""
    return store._database._engine.pool.checkedout()  # type: ignore[attr-defined, no-any-return]


def test_in_one_look_nothing_changes(store: Store, opened: Callable[..., Store]) -> None:
    other = opened()
    with store.one_look():
        assert not sees(store, "third")
        add(other, "third")
        assert not sees(store, "third")
        with store.one_look():
            assert not sees(store, "third")
        assert not sees(store, "third")
    assert sees(store, "third")


def test_a_thread_sees_what_it_has_written(store: Store) -> None:
    with store.one_look():
        assert not sees(store, "third")
        add(store, "third")
        assert sees(store, "third")


def test_other_threads_have_looks_of_their_own(store: Store) -> None:
    seen: list[bool] = []
    with store.one_look():
        assert not sees(store, "third")
        for work in (lambda: add(store, "third"), lambda: seen.append(sees(store, "third"))):
            thread = Thread(target=work)
            thread.start()
            thread.join()
        assert not sees(store, "third")
    assert seen == [True]


def test_one_look_is_one_connection_that_comes_back(store: Store) -> None:
    with store.one_look():
        assert lent(store) == 0
        for _ in range(3):
            sees(store, "first")
            assert lent(store) == 1
        with store.read(lean=True):
            assert lent(store) == 2
    assert lent(store) == 0


def test_what_still_reads_keeps_the_look_open(store: Store) -> None:
    with store.one_look():
        reading = store.read()
        snapshot = reading.__enter__()
    assert snapshot.workspaces.by_name("first") is not None
    reading.__exit__(None, None, None)
    assert lent(store) == 0


def test_what_fails_in_a_look_ends_it(store: Store) -> None:
    with store.one_look():
        with pytest.raises(ZeroDivisionError), store.read():
            raise ZeroDivisionError
        add_elsewhere = Thread(target=lambda: add(store, "third"))
        add_elsewhere.start()
        add_elsewhere.join()
        assert sees(store, "third")
    assert lent(store) == 0
