"""Writers of different workspaces go on beside each other on PostgreSQL, and nothing that they share is hurt.

Where a test says that somebody waits, it sees them wait in the database or on the lock in memory, and sees
them go on as soon as the other one has ended.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from contract.store.conftest import prepared
from contract.store.test_runtime import GRANT
from guards import TURNS, guard
from jobferry.access.chain import Chain
from jobferry.errors import ErrorCode, StoreError
from jobferry.model.audit import AuditEnd
from jobferry.model.document.facts import Facts
from jobferry.model.kinds import ObjectKind
from jobferry.model.parts import AUDIT, DELIVERIES, NOTICES, SESSIONS
from jobferry.model.records import ObjectFilter, Text, Workspace
from jobferry.model.settings import CHANGE_MANAGEMENT
from jobferry.services.runtime import Runtime
from jobferry.store import Store
from jobferry.store.engine import patient
from jobferry.store.schema import metadata
from postgres import PostgresServer

JOB = ObjectKind.JOB
HOUR_MS = 60 * 60 * 1000
PARTS = ["w1", AUDIT, SESSIONS, NOTICES, DELIVERIES]

Opened = Callable[..., Store]


@pytest.fixture
def database() -> str:
    """SQLite has one writer at a time, whatever they write."""
    return "postgres"


@pytest.fixture
def other(opened: Opened) -> Store:
    """The same database, seen from another server."""
    return opened()


def tagged(make: Any, text: str, *tags: str) -> Text:
    plain: Text = make.text(text)
    return replace(plain, facts=Facts(name="any", tags=tags))


def runtime_on(store: Store) -> Runtime:
    return Runtime(store, lambda: 5, lambda: "id", Chain(bytes(32)))


def add(store: Store, make: Any, place: str, name: str, *, only: str | None = None) -> int:
    """Adds a job with a text of its own to a workspace, and puts one again that every store has."""
    with store.write(only=place if only is None else only) as uow:
        number = uow.objects.reserve_ids(1)
        text = make.text(f'"{name} {number}"')
        uow.contents.put([text, make.text("{}")], at=1)
        uow.objects.add([make.object(number, name, workspace_id=place, digest=text.digest)])
        uow.commit()
    return number


def names(store: Store, place: str, piece: str = "") -> list[str]:
    wanted = ObjectFilter(workspace_id=place, kind=JOB, name_part=piece)
    with store.read() as snapshot:
        return [one.name for one in snapshot.objects.page(wanted, offset=0, limit=1000)[1]]


class Waiting:
    """Work on a thread of its own, and the sessions of the database that wait for something."""

    def __init__(self, pool: ThreadPoolExecutor, address: str) -> None:
        self._pool = pool
        self._address = address

    def until_it_waits(self, work: Callable[[], Any], sessions: int = 1) -> Future[Any]:
        """Begins work, and comes back when so many sessions wait for a lock in the database."""
        begun = self._pool.submit(work)
        asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
        with psycopg.connect(self._address, autocommit=True) as connection:
            while connection.execute(asked).fetchone() != (sessions,):
                assert not begun.done(), begun.result()
                time.sleep(0.01)
        return begun


@pytest.fixture
def waiting(store: Store, address: str) -> Iterator[Waiting]:
    with ThreadPoolExecutor(4) as pool:
        yield Waiting(pool, address)


@contextmanager
def held(store: Store, make: Any, place: str, name: str) -> Iterator[Callable[[], None]]:
    """A transaction of a workspace that has written a job, its text and a row of the audit. What this gives
    commits it."""
    runtime = runtime_on(store)
    with store.write(only=place) as uow:
        number = uow.objects.reserve_ids(1)
        text = tagged(make, f'"{name}"', f"tag of {name}")
        uow.contents.put([text, make.text("{}")], at=1)
        uow.objects.add([make.object(number, name, workspace_id=place, digest=text.digest)])
        runtime.record(uow, runtime.event(GRANT, "held"))
        yield uow.commit


@pytest.mark.parametrize("same_process", [True, False], ids=["same server", "other server"])
def test_an_open_transaction_in_one_workspace_does_not_stop_a_save_in_another(
    store: Store, other: Store, make: Any, same_process: bool
) -> None:
    """On this thread: waiting would be for ever."""
    writer = store if same_process else other
    runtime = runtime_on(writer)
    with held(store, make, "w1", "a") as commit:
        add(writer, make, "w2", "b")
        runtime.note(runtime.event(GRANT, "noted"))
        assert names(store, "w2") == ["b"]
        assert names(store, "w1") == []
        commit()
    assert names(store, "w1") == ["a"]
    with store.read() as snapshot:
        assert [row.event.action for row in snapshot.audit.rows()] == ["noted", "held"]


def test_parts_that_are_no_workspace_are_written_beside_each_other(store: Store, other: Store) -> None:
    with ExitStack() as stack:
        for place in PARTS:
            stack.enter_context(store.write(only=place))
        with other.write(only="w2") as uow:
            uow.commit()


@pytest.mark.parametrize("part", PARTS)
def test_a_second_writer_of_the_same_part_waits(
    store: Store, other: Store, opened: Opened, waiting: Waiting, part: str
) -> None:
    order: list[str] = []

    def write() -> None:
        with other.write(only=part):
            order.append("second")

    with store.write(only=part):
        with pytest.raises(StoreError) as caught, opened(patience=0.1).write(only=part):
            pass
        assert caught.value.code is ErrorCode.STORE_BUSY
        second = waiting.until_it_waits(write)
        order.append("first")
    second.result()
    assert order == ["first", "second"]


def test_a_second_writer_of_the_same_workspace_waits_in_memory_within_a_server(opened: Opened) -> None:
    hasty = opened(patience=0.1)
    caught: list[ErrorCode] = []

    def write() -> None:
        try:
            with hasty.write(only="w1"):
                pass
        except StoreError as error:
            caught.append(error.code)

    with hasty.write(only="w1"):
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert caught == [ErrorCode.STORE_BUSY]


@pytest.mark.parametrize("part", PARTS)
def test_who_writes_the_platform_waits_for_every_part_and_every_part_for_them(
    store: Store, other: Store, waiting: Waiting, part: str
) -> None:
    order: list[str] = []

    def write(only: str, told: str) -> None:
        with other.write(only=only):
            order.append(told)

    with store.write(only=part):
        platform = waiting.until_it_waits(lambda: write("", "platform"))
        order.append("part")
    platform.result()
    with store.write():
        late = waiting.until_it_waits(lambda: write(part, "late part"))
        order.append("platform again")
    late.result()
    assert order == ["part", "platform", "platform again", "late part"]


def test_what_a_writer_waits_for_late_it_waits_for_with_all_its_patience(opened: Opened) -> None:
    """However long it has waited for its turn: here in memory, so that less was left for the database."""
    late, begun = opened(patience=30), threading.Event()

    def write() -> str:
        begun.set()
        with late.write(only="w1") as uow:
            return str(uow._connection.exec_driver_sql("SHOW lock_timeout").scalar_one())

    with ThreadPoolExecutor(1) as pool:
        with late.write(only="w1"):
            writer = pool.submit(write)
            assert begun.wait(60)
            time.sleep(0.3)
        assert writer.result() == "30s"


def test_work_in_the_background_outwaits_others_at_the_end_of_the_audit(
    store: Store, opened: Opened, waiting: Waiting
) -> None:
    hasty = opened(patience=0.1)
    runtime = runtime_on(hasty)

    def write() -> None:
        with patient(), hasty.write(only="w1") as uow:
            runtime.record(uow, runtime.event(GRANT, "background"))
            uow.commit()

    with store.write(only=AUDIT):
        with pytest.raises(StoreError) as caught:
            runtime.note(runtime.event(GRANT, "hasty"))
        assert caught.value.code is ErrorCode.STORE_BUSY
        writer = waiting.until_it_waits(write)
        time.sleep(0.5)
    writer.result()
    with store.read() as snapshot:
        assert [row.event.action for row in snapshot.audit.rows()] == ["background"]


def test_the_audit_is_one_whole_chain_after_many_writers_at_once(store: Store, other: Store) -> None:
    """Each writes two rows in each transaction; some give up in the middle, one in three after recording."""
    begin = threading.Barrier(8, timeout=60)

    def write(writer: int) -> None:
        server = store if writer % 2 else other
        runtime = runtime_on(server)
        begin.wait()
        for number in range(30):
            place = ("w1", "w2", AUDIT, "")[(writer + number) % 4]
            with server.write(only=place) as uow:
                for part in ("one", "two"):
                    told = runtime.event(GRANT, part, subject=f"{writer}/{number}")
                    runtime.record(uow, told)
                if number % 3:
                    uow.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with store.read() as snapshot:
        rows = list(snapshot.audit.rows())
        chain = runtime_on(store).chain
        assert chain.verify(rows, snapshot.audit.start(), snapshot.audit.end()) is None
    told = [(row.event.subject, row.event.action) for row in rows]
    committed = {f"{writer}/{number}" for writer in range(8) for number in range(30) if number % 3}
    assert len(told) == 2 * len(committed)
    assert {subject for subject, _ in told} == committed
    assert all(
        first == (second[0], "one") and second[1] == "two"
        for first, second in zip(told[::2], told[1::2], strict=True)
    )


def test_a_text_that_two_workspaces_get_at_once_is_there_once_and_found_in_both(
    store: Store, other: Store, make: Any, waiting: Waiting
) -> None:
    """The second one reads the text in another way, and finds one tag more."""
    text = tagged(make, '"the same"', "new tag", "other tag")

    def put(server: Store, place: str) -> None:
        with server.write(only=place) as uow:
            number = uow.objects.reserve_ids(1)
            uow.contents.put([tagged(make, '"the same"', *text.facts.tags, "third tag")], at=1)
            uow.objects.add([make.object(number, f"in {place}", workspace_id=place, digest=text.digest)])
            uow.commit()

    with store.write(only="w1") as uow:
        number = uow.objects.reserve_ids(1)
        uow.contents.put([text], at=1)
        uow.objects.add([make.object(number, "in w1", digest=text.digest)])
        second = waiting.until_it_waits(lambda: put(other, "w2"))
        uow.commit()
    second.result()
    for place in ("w1", "w2"):
        with store.read() as snapshot:
            counted = snapshot.objects.tag_counts(place, None)
        assert counted == {"new tag": 1, "other tag": 1, "third tag": 1}


def test_a_text_stays_with_the_one_who_commits_when_the_other_gives_up(
    store: Store, other: Store, make: Any, waiting: Waiting
) -> None:
    text = tagged(make, '"the same"', "new tag")

    def put() -> None:
        with other.write(only="w2") as uow:
            uow.contents.put([text], at=1)
            uow.objects.add([make.object(9, "kept", workspace_id="w2", digest=text.digest)])
            uow.commit()

    with store.write(only="w1") as uow:
        uow.contents.put([text], at=1)
        second = waiting.until_it_waits(put)
    second.result()
    with store.read() as snapshot:
        assert snapshot.objects.tag_counts("w2", None) == {"new tag": 1}


def test_two_texts_with_the_same_new_tag_share_its_term(
    store: Store, other: Store, make: Any, waiting: Waiting
) -> None:
    def put(server: Store, place: str, id_: int) -> None:
        text = tagged(make, f'"{place}"', "shared", f"own of {place}")
        with server.write(only=place) as uow:
            uow.contents.put([text], at=1)
            uow.objects.add([make.object(id_, place, workspace_id=place, digest=text.digest)])
            uow.commit()

    with store.write(only="w1") as uow:
        text = tagged(make, '"w1"', "shared", "own of w1")
        uow.contents.put([text], at=1)
        uow.objects.add([make.object(1, "w1", digest=text.digest)])
        second = waiting.until_it_waits(lambda: put(other, "w2", 2))
        uow.commit()
    second.result()
    for place in ("w1", "w2"):
        with store.read() as snapshot:
            assert snapshot.objects.tag_counts(place, None) == {"shared": 1, f"own of {place}": 1}


@pytest.mark.parametrize("whose", ["the same texts", "own texts with the same tags"])
def test_what_is_added_at_once_in_other_orders_makes_nobody_wait_in_a_circle(
    store: Store, other: Store, make: Any, whose: str
) -> None:
    """A circle would be told as a store that is busy; without an order they meet in the middle."""
    begin = threading.Barrier(2, timeout=60)

    def texts_of(writer: int, turn: int) -> list[Text]:
        owner = writer if whose.startswith("own") else "all"
        return [
            tagged(make, f'"{owner} {turn} {number}"', *(f"{turn} {number + 500 * k}" for k in range(4)))
            for number in range(500)
        ]

    def put(writer: int) -> list[Text]:
        written: list[Text] = []
        for turn in range(3):
            written += texts_of(writer, turn)
            begin.wait()
            with (store, other)[writer].write(only=f"w{writer + 1}") as uow:
                uow.contents.put(written[-500:][:: 1 if writer else -1], at=turn)
                uow.commit()
        return written

    with ThreadPoolExecutor(2) as pool:
        texts = {text.digest: set(text.facts.tags) for listed in pool.map(put, range(2)) for text in listed}
    with store.read() as snapshot:
        assert snapshot.contents.known(texts) == texts.keys()
        assert snapshot.contents.tags(texts) == texts


def test_stale_facts_renewed_in_opposite_orders_make_nobody_wait_in_a_circle(
    store: Store, other: Store, make: Any
) -> None:
    begin = threading.Barrier(2, timeout=60)
    texts = [make.text(f'"{number}"') for number in range(500)]
    with store.write() as uow:
        uow.contents.put(texts, at=1)
        uow.commit()

    def put(writer: int) -> int:
        for turn in range(1, 4):
            renewed = [replace(text, facts_version=f"e{writer} {turn}") for text in texts]
            begin.wait()
            with (store, other)[writer].write(only=f"w{writer + 1}") as uow:
                uow.contents.put(renewed[:: 1 if writer else -1], at=turn)
                uow.commit()
        return writer

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(put, range(2))) == [0, 1]


def test_ids_are_given_once_and_rise_within_a_workspace(store: Store, other: Store, make: Any) -> None:
    begin = threading.Barrier(6, timeout=60)

    def write(writer: int) -> list[int]:
        begin.wait()
        server = (store, other)[writer % 2]
        return [add(server, make, f"w{writer % 2 + 1}", f"{writer}-{number}") for number in range(15)]

    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(write, range(6)))
    every = [number for listed in given for number in listed]
    assert len(set(every)) == len(every) == 90
    assert all(listed == sorted(listed) for listed in given)


def test_names_are_found_right_after_they_were_committed(store: Store, other: Store, make: Any) -> None:
    begin = threading.Barrier(4, timeout=60)

    def write(writer: int) -> None:
        server, place = (store, other)[writer // 2], f"w{writer % 2 + 1}"
        begin.wait()
        for number in range(20):
            name = f"job-{writer}-{number:02}"
            add(server, make, place, name)
            assert name in names(server, place, f"{writer}-{number:02}")
            assert name in names((store, other)[1 - writer // 2], place, "JOB-")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    for place in ("w1", "w2"):
        with store.read() as snapshot:
            assert snapshot.objects.count(place, JOB) == 40
        assert names(store, place, "job") == names(other, place) == sorted(names(store, place))


def test_a_sweep_waits_for_writers_and_takes_nothing_that_they_refer_to(
    store: Store, other: Store, make: Any, waiting: Waiting
) -> None:
    kept, old = make.text('"kept"'), make.text('"old"')
    with store.write() as uow:
        uow.contents.put([kept, old], at=1)
        uow.commit()

    def sweep() -> int:
        with other.write() as uow:
            swept: int = uow.contents.sweep(before=HOUR_MS)
            uow.commit()
        return swept

    with store.write(only="w1") as uow:
        uow.contents.put([kept], at=2)
        sweeping = waiting.until_it_waits(sweep)
        uow.objects.add([make.object(1, "a", digest=kept.digest)])
        uow.commit()
    assert sweeping.result() == 2  # the old text, and the one that the store begins with
    with store.read() as snapshot:
        assert snapshot.contents.known([kept.digest, old.digest]) == {kept.digest}


def test_a_moment_of_all_tables_waits_for_every_writer(
    store: Store, make: Any, address: str, waiting: Waiting
) -> None:
    from jobferry.store import tables

    def look() -> int:
        with tables.moment({group.name: address for group in tables.GROUPS}) as readers:
            return sum(len(page) for page in readers["platform"].pages("objects"))

    with held(store, make, "w1", "a") as commit:
        looking = waiting.until_it_waits(look)
        commit()
    assert looking.result() == 1


def test_an_export_goes_on_from_the_last_change_of_its_own_workspace(store: Store, make: Any) -> None:
    """A number that another workspace has got meanwhile may be below one that is not committed yet."""
    with store.write() as uow:
        for place in ("w1", "w2"):
            recording = Workspace(id=place, name=place, settings={CHANGE_MANAGEMENT: "true"})
            uow.workspaces.replace(recording)
        uow.commit()
    add(store, make, "w1", "first")
    with held(store, make, "w1", "second") as commit:
        add(store, make, "w2", "elsewhere")
        with store.read() as snapshot:
            exported = snapshot.changes.last("w1")
        commit()
    with store.read() as snapshot:
        later = [change.name for change in snapshot.changes.between("w1", after=exported)]
        assert snapshot.changes.last("w1") > exported
    assert later == ["second"]


def test_a_large_write_that_counts_its_tables_again_stops_no_other_one(
    store: Store, other: Store, make: Any
) -> None:
    many = [make.object(number, f"job-{number}") for number in range(1, 1502)]
    with store.write(only="w1") as uow:
        uow.objects.add(many)
        with other.write(only="w2") as beside:
            beside.objects.add(
                [make.object(number + 5000, f"b-{number}", workspace_id="w2") for number in range(1, 1502)]
            )
            beside.commit()
        uow.commit()
    with store.read() as snapshot:
        assert (snapshot.objects.count("w1", JOB), snapshot.objects.count("w2", JOB)) == (1501, 1501)


def test_a_server_that_was_given_up_writes_no_part_any_more(
    postgres: PostgresServer, address: str, store: Store, opened: Opened
) -> None:
    from jobferry.store.engine import Database
    from jobferry.store.servers import Servers
    from jobferry.store.store import LOCK_KEY

    database = Database(address, lock_key=LOCK_KEY, server="s1")
    servers = Servers(database)
    servers.enter(host="here", version="1", former="")
    fenced = opened(server="s1")
    fenced.fence()
    for part in ("", "w1", AUDIT):
        with fenced.write(only=part) as uow:
            uow.commit()
    servers.leave()
    for part in ("", "w1", AUDIT):
        with pytest.raises(StoreError) as caught, fenced.write(only=part):
            pass
        assert caught.value.code is ErrorCode.SERVER_GIVEN_UP
    database.close()


def test_every_table_says_whose_turn_its_rows_need() -> None:
    assert TURNS.keys() == metadata.tables.keys()


def test_a_guarded_database_refuses_what_a_turn_does_not_cover(postgres: PostgresServer, make: Any) -> None:
    """It is what platforms of tests have, where these are on PostgreSQL."""
    address = prepared(postgres.address())
    guard(address)
    store = Store(address)
    with store.write() as uow:
        for place in ("w1", "w2"):
            uow.workspaces.add(Workspace(id=place, name=place))
        uow.commit()
    add(store, make, "w1", "a")
    with pytest.raises(StoreError) as caught:
        add(store, make, "w1", "b", only="w2")
    assert "INSERT in the table objects needs the turn of w1" in caught.value.message
    with pytest.raises(StoreError), store.write(only="w1") as uow:
        uow.workspaces.add(Workspace(id="w3", name="third"))
    with pytest.raises(StoreError), store.write(only="w1") as uow:
        uow.contents.sweep(before=HOUR_MS)
    with pytest.raises(StoreError), store.write(only="w1") as uow:
        uow.audit.append([], AuditEnd(number=1))
    assert names(store, "w1") == ["a"]
    store.close()
