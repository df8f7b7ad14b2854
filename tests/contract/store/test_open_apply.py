"""While an import's transaction is open: writers wait or come again, readers see the old state."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from builders import job, written
from jobferry.access.chain import Chain
from jobferry.errors import Conflict, ErrorCode, JobferryError, NotFound, StoreError
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Caller, Grant
from jobferry.model.records import Workspace
from jobferry.model.rights import Role
from jobferry.services.objects import ObjectLibrary
from jobferry.services.runtime import Runtime
from jobferry.store import Store

HERE = Grant(
    caller=Caller(user_id="1", name="lin"),
    workspace=Workspace(id="w1", name="first"),
    roles=frozenset({Role.OWNER}),
)
JOB = ObjectKind.JOB

Opened = Callable[..., Store]
Act = Callable[[ObjectLibrary], object]


def library(store: Store) -> ObjectLibrary:
    return ObjectLibrary(Runtime(store, lambda: 5, lambda: uuid.uuid4().hex, Chain(b"k" * 32)))


def create(name: str) -> Act:
    return lambda objects: objects.create(HERE, JOB, written(job(name)), submit=True)


def save(name: str, as_: str = "", **fields: str) -> Act:
    text = written(job(as_ or name, **fields))
    return lambda objects: objects.update(HERE, JOB, name, text, submit=True)


def delete(name: str) -> Act:
    return lambda objects: objects.delete(HERE, JOB, name)


ACTS: dict[str, tuple[Act, ErrorCode | None, set[str]]] = {
    "creates what is being imported": (create("new"), ErrorCode.NAME_TAKEN, {"new", "kept"}),
    "creates another": (create("other"), None, {"new", "kept", "other"}),
    "edits what is there already": (save("kept", description="later"), None, {"new", "kept"}),
    "renames what is there already": (save("kept", "renamed"), None, {"new", "renamed"}),
    "renames onto what is being imported": (save("kept", "new"), ErrorCode.NAME_TAKEN, {"new", "kept"}),
    "deletes what is there already": (delete("kept"), None, {"new"}),
    "deletes what is being imported": (delete("new"), None, {"kept"}),
}
by_act = pytest.mark.parametrize(("act", "refusal", "left"), ACTS.values(), ids=ACTS)


@contextmanager
def applying(store: Store) -> Iterator[Callable[[], None]]:
    """An import that creates *new* where *kept* is; its transaction is open until it is told to commit."""
    create("kept")(library(store))
    written_, go_on = threading.Event(), threading.Event()

    def apply() -> None:
        inner = library(_Held(store, written_, go_on))  # type: ignore[arg-type]
        create("new")(inner)

    with ThreadPoolExecutor(1) as pool:
        applied = pool.submit(apply)
        assert written_.wait(60)

        def commit() -> None:
            go_on.set()
            applied.result()

        try:
            yield commit
        finally:
            go_on.set()


class _Held:
    """A store whose unit of work waits before it commits."""

    def __init__(self, store: Store, written_: threading.Event, go_on: threading.Event) -> None:
        self._store = store
        self._written = written_
        self._go_on = go_on

    @contextmanager
    def write(self, *, lasting: bool = True, only: str = "") -> Iterator[_HeldWork]:
        with self._store.write(lasting=lasting, only=only) as uow:
            yield _HeldWork(uow, self._written, self._go_on)


class _HeldWork:
    def __init__(self, uow: object, written_: threading.Event, go_on: threading.Event) -> None:
        self._uow = uow
        self._written = written_
        self._go_on = go_on

    def __getattr__(self, name: str) -> object:
        return getattr(self._uow, name)

    def commit(self) -> None:
        self._written.set()
        assert self._go_on.wait(60)
        self._uow.commit()  # type: ignore[attr-defined]


def names(store: Store) -> set[str]:
    return {one.name for one in library(store).page(HERE, JOB, offset=0, limit=10)[1]}


def outcome(done: Future[object]) -> ErrorCode | None:
    error = done.exception()
    assert error is None or isinstance(error, JobferryError)
    return error.code if error else None


@by_act
@pytest.mark.parametrize("same_process", [True, False], ids=["same store", "other store"])
def test_a_writer_waits_and_then_finds_what_was_applied(
    store: Store, opened: Opened, same_process: bool, act: Act, refusal: ErrorCode | None, left: set[str]
) -> None:
    writer = store if same_process else opened()
    with applying(store) as commit, ThreadPoolExecutor(1) as pool:
        done = pool.submit(act, library(writer))
        commit()
        assert outcome(done) is refusal
    assert names(store) == left


@by_act
def test_a_writer_that_cannot_wait_is_told_to_come_again(
    store: Store, opened: Opened, act: Act, refusal: ErrorCode | None, left: set[str]
) -> None:
    hasty = opened(patience=0.05)
    with applying(store) as commit:
        with pytest.raises(StoreError) as caught:
            act(library(hasty))
        assert caught.value.code is ErrorCode.STORE_BUSY
        assert "try again" in caught.value.hint
        assert names(store) == {"kept"}
        commit()
    again: Future[object] = Future()
    try:
        again.set_result(act(library(hasty)))
    except (Conflict, NotFound) as error:
        again.set_exception(error)
    assert outcome(again) is refusal
    assert names(store) == left


def test_readers_see_the_old_state_at_once_and_the_new_one_after(store: Store) -> None:
    """They read on this thread, before the transaction is let go: waiting would be for ever."""
    with applying(store) as commit:
        assert names(store) == {"kept"}
        assert library(store).show(HERE, JOB, "kept").version == 0
        with pytest.raises(NotFound):
            library(store).show(HERE, JOB, "new")
        commit()
    assert names(store) == {"new", "kept"}
    assert library(store).show(HERE, JOB, "new", live=True).version == 1


def test_a_reader_that_began_before_keeps_its_view(store: Store) -> None:
    with applying(store) as commit, store.read() as snapshot:
        assert snapshot.objects.count("w1", JOB) == 1
        commit()
        assert snapshot.objects.count("w1", JOB) == 1
        assert snapshot.objects.by_names("w1", JOB, ["new"]) == {}
    assert names(store) == {"new", "kept"}
