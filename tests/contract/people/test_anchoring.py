"""The audit's anchor follows its chain, and finds what the database alone cannot: earlier states of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, text

from jobferry.bootstrap.anchor_file import AnchorFile
from jobferry.bootstrap.data_key import data_key
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.shared_anchor import SharedAnchorFile
from jobferry.errors import Conflict, ErrorCode, Forbidden
from jobferry.model.audit import AuditEvent
from jobferry.model.people import Caller, Scope
from jobferry.services.people.audit import Anchoring, Audits
from jobferry.store.engine import Database

from .conftest import Crowd

DAY = 24 * 60 * 60 * 1000
KEPT_ENDS = "CREATE TABLE kept AS SELECT * FROM audit_ends"
EMPTIED = ("DELETE FROM audit", "DELETE FROM audit_ends")
CUT_BACK = (
    "DELETE FROM audit WHERE number > (SELECT number FROM kept WHERE side = 'end')",
    "DELETE FROM audit_ends",
    "INSERT INTO audit_ends SELECT * FROM kept",
)

Tamper = Callable[..., None]


@pytest.fixture
def tamper(address: str) -> Iterator[Tamper]:
    """Runs statements as somebody who can write the database and has no key."""
    database = Database(address, lock_key=2)

    def run(*statements: str) -> None:
        with database.writing() as connection:
            for statement in statements:
                connection.execute(text(statement))
            connection.commit()

    yield run
    with database.writing() as connection:
        connection.execute(text("DROP TABLE IF EXISTS kept"))
        connection.commit()
    database.close()


@contextmanager
def looking(address: str) -> Iterator[Connection]:
    database = Database(address, lock_key=2)
    with database.reading() as connection:
        yield connection
    database.close()


def noted(crowd: Crowd, *subjects: str) -> None:
    grant = crowd.grant(crowd.anne)
    events: list[AuditEvent] = [crowd.runtime.event(grant, "export", subject=one) for one in subjects]
    crowd.runtime.note(*events)
    with crowd.store.read() as snapshot:
        crowd.anchoring.wanted(snapshot.audit.end().number)
    crowd.anchoring.move()


class Neighbour(NamedTuple):
    """Another server of the same platform, which has a data folder of its own and writes nothing."""

    anchoring: Anchoring
    audits: Audits
    root: Caller


def restarted(crowd: Crowd | Neighbour) -> None:
    """The next process of the same folder reads what the last one left."""
    crowd.anchoring.begin()


def found(crowd: Crowd | Neighbour) -> str:
    fault = crowd.audits.verify(crowd.root).fault
    return fault.breach.value if fault else "whole"


def test_the_anchor_follows_the_chain_and_is_readable_by_its_owner_alone(crowd: Crowd, home: Home) -> None:
    crowd.anchoring.begin()
    for number in (1, 2, 3):
        noted(crowd, "orders")
        assert crowd.audits.verify(crowd.root).anchored == number
    assert home.anchor_file.stat().st_mode & 0o777 == 0o600
    restarted(crowd)
    assert crowd.audits.verify(crowd.root) == (3, 3, 0, 3, None)


def test_what_is_not_committed_does_not_move_the_anchor(crowd: Crowd) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders")
    grant = crowd.grant(crowd.anne)
    with crowd.store.write() as uow:
        crowd.runtime.record(uow, crowd.runtime.event(grant, "export", subject="forgotten"))
        crowd.anchoring.wanted(2)
        crowd.anchoring.move()
    crowd.anchoring.move()
    assert crowd.audits.verify(crowd.root) == (1, 1, 0, 1, None)
    noted(crowd, "kept")
    assert crowd.audits.verify(crowd.root) == (2, 2, 0, 2, None)


def test_rows_that_a_killed_process_did_not_anchor_are_caught_up_with(crowd: Crowd) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders")
    grant = crowd.grant(crowd.anne)
    for number in range(5):
        crowd.runtime.note(crowd.runtime.event(grant, "export", subject=f"late-{number}"))
    seen = crowd.audits.verify(crowd.root)
    assert (seen.number, seen.anchored, seen.fault) == (6, 1, None)
    restarted(crowd)
    assert crowd.audits.verify(crowd.root).anchored == 6


@pytest.mark.parametrize("is_stopped", [True, False], ids=["stopped", "running"])
@pytest.mark.parametrize(
    ("tampering", "breach"), [(EMPTIED, "emptied"), (CUT_BACK, "cut-back")], ids=["emptied", "cut back"]
)
def test_an_earlier_state_of_the_chain_is_found_and_stays_found(
    crowd: Crowd, tamper: Tamper, tampering: tuple[str, ...], breach: str, is_stopped: bool
) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders", "items")
    tamper(KEPT_ENDS)
    noted(crowd, "stolen", "hidden")
    tamper(*tampering)
    if is_stopped:
        restarted(crowd)
    assert found(crowd) == breach
    for _ in range(5):
        noted(crowd, "later")
        assert found(crowd) == breach
    restarted(crowd)
    noted(crowd, "later")
    assert found(crowd) == breach
    assert crowd.audits.sweep(0) == 0


def test_a_mark_that_is_lent_to_another_row_for_a_while_does_not_draw_the_anchor_away(
    crowd: Crowd, tamper: Tamper, address: str
) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders")
    tamper(KEPT_ENDS)
    noted(crowd, "stolen")
    with looking(address) as connection:
        mark = connection.scalar(text("SELECT mark FROM audit WHERE number = 2"))
    tamper(*CUT_BACK)
    restarted(crowd)
    noted(crowd, "other", "another", "a third")
    with looking(address) as connection:
        own = connection.scalar(text("SELECT mark FROM audit WHERE number = 2"))
    tamper(f"UPDATE audit SET mark = '{mark}' WHERE number = 2")
    restarted(crowd)
    tamper(f"UPDATE audit SET mark = '{own}' WHERE number = 2")
    assert found(crowd) == "cut-back"


@pytest.mark.parametrize(
    ("harm", "breach"),
    [
        (lambda home: home.anchor_file.unlink(), "anchor-missing"),
        (lambda home: home.anchor_file.write_text("{}"), "anchor-altered"),
        (lambda home: home.anchor_file.write_bytes(b"\xff\x00"), "anchor-altered"),
        (
            lambda home: home.anchor_file.write_text(
                home.anchor_file.read_text().replace('"number":2', '"number":1')
            ),
            "anchor-altered",
        ),
    ],
    ids=["gone", "not one", "noise", "edited"],
)
def test_an_anchor_that_is_gone_or_altered_is_found(
    crowd: Crowd, home: Home, harm: Callable[[Home], None], breach: str
) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders", "items")
    harm(home)
    assert found(crowd) == breach
    restarted(crowd)
    assert found(crowd) == breach
    noted(crowd, "later")
    restarted(crowd)
    assert found(crowd) == breach


def test_an_anchor_removed_together_with_all_rows_is_found(crowd: Crowd, home: Home, tamper: Tamper) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders")
    home.anchor_file.unlink()
    tamper(*EMPTIED)
    restarted(crowd)
    assert found(crowd) == "anchor-missing"
    noted(crowd, "later")
    restarted(crowd)
    assert found(crowd) == "anchor-missing"


def test_an_older_anchor_than_the_chain_is_one_it_holds(crowd: Crowd, home: Home) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders")
    older = home.anchor_file.read_bytes()
    noted(crowd, "items", "stock")
    home.anchor_file.write_bytes(older)
    restarted(crowd)
    assert crowd.audits.verify(crowd.root).anchored == 3
    assert found(crowd) == "whole"


def test_a_chain_from_before_there_were_anchors_gets_one(crowd: Crowd, home: Home) -> None:
    grant = crowd.grant(crowd.anne)
    crowd.runtime.note(crowd.runtime.event(grant, "export", subject="before"))
    assert crowd.audits.verify(crowd.root) == (1, 1, 0, 0, None)
    crowd.anchoring.begin()
    assert crowd.audits.verify(crowd.root) == (1, 1, 0, 1, None)
    assert home.key_file.read_text() == bytes(32).hex() + "\nanchored\n"
    assert data_key(home) == bytes(32)


def test_an_anchor_of_which_the_key_says_nothing_is_promised_again(crowd: Crowd, home: Home) -> None:
    """A process was killed between the two files."""
    crowd.anchoring.begin()
    noted(crowd, "orders")
    key_text = home.key_file.read_text()
    home.key_file.write_text(key_text.removesuffix("anchored\n"))
    restarted(crowd)
    assert home.key_file.read_text() == key_text == bytes(32).hex() + "\nanchored\n"
    assert crowd.audits.verify(crowd.root) == (1, 1, 0, 1, None)


def test_a_chain_that_was_broken_before_is_not_anchored(crowd: Crowd, home: Home, tamper: Tamper) -> None:
    noted(crowd, "orders", "items")
    home.anchor_file.unlink()
    home.key_file.write_text(bytes(32).hex())
    tamper("UPDATE audit_ends SET seal = ''")
    restarted(crowd)
    noted(crowd, "later")
    assert not home.anchor_file.exists()
    assert found(crowd) == "end-altered"


def test_retention_stays_behind_the_anchor(crowd: Crowd) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders", "items")
    crowd.now += 100 * DAY
    grant = crowd.grant(crowd.anne)
    crowd.runtime.note(crowd.runtime.event(grant, "export", subject="late"))
    assert crowd.audits.sweep(92) == 2
    assert crowd.audits.verify(crowd.root) == (1, 3, 2, 3, None)
    crowd.now += 100 * DAY
    assert crowd.audits.sweep(92) == 1
    assert crowd.audits.verify(crowd.root) == (0, 3, 3, 3, None)
    noted(crowd, "later")
    restarted(crowd)
    assert crowd.audits.verify(crowd.root) == (1, 4, 3, 4, None)


@pytest.mark.parametrize("tampering", [EMPTIED, CUT_BACK], ids=["emptied", "cut back"])
def test_an_older_copy_that_was_put_back_on_purpose_is_accepted_with_a_reason(
    crowd: Crowd, tamper: Tamper, tampering: tuple[str, ...]
) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders", "items")
    tamper(KEPT_ENDS)
    noted(crowd, "later")
    tamper(*tampering)
    restarted(crowd)
    breach = found(crowd)
    assert crowd.audits.accept(crowd.root, "disk lost on Monday").fault is None
    (row,) = crowd.audit(action="audit-accept")
    assert row.event.actor == "root"
    assert row.event.detail.startswith(breach)
    assert row.event.detail.endswith("anchored at row 3: disk lost on Monday")
    noted(crowd, "and on")
    restarted(crowd)
    assert found(crowd) == "whole"
    assert crowd.audits.accept(crowd.root, "nothing to accept").fault is None
    assert len(crowd.audit(action="audit-accept")) == 1


def test_a_lost_anchor_is_accepted_too(crowd: Crowd, home: Home) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders")
    home.anchor_file.unlink()
    restarted(crowd)
    assert crowd.audits.accept(crowd.root, "restored without it").fault is None
    restarted(crowd)
    assert found(crowd) == "whole"


def test_what_was_altered_within_the_chain_is_not_accepted(crowd: Crowd, tamper: Tamper) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders", "items")
    tamper("UPDATE audit SET actor = 'bert' WHERE number = 1")
    with pytest.raises(Conflict) as caught:
        crowd.audits.accept(crowd.root, "never mind")
    assert caught.value.code is ErrorCode.AUDIT_ALTERED
    assert "row 1" in caught.value.message
    assert caught.value.hint == "restore a copy of the database in which the audit is complete"
    assert found(crowd) == "altered"


def test_only_operations_accepts_and_with_no_limited_token(crowd: Crowd, home: Home) -> None:
    crowd.anchoring.begin()
    noted(crowd, "orders")
    home.anchor_file.unlink()
    restarted(crowd)
    reader = Caller(user_id=crowd.root.user_id, name="root", operations=True, scope=Scope(read_only=True))
    for caller in (crowd.anne, reader):
        with pytest.raises(Forbidden):
            crowd.audits.accept(caller, "never mind")
    assert found(crowd) == "anchor-missing"


def test_a_place_that_cannot_be_written_delays_the_anchor_and_nothing_else(
    crowd: Crowd, tmp_path: Path
) -> None:
    folder = Home(tmp_path / "gone")
    anchoring = Anchoring(crowd.store, crowd.runtime.chain, AnchorFile(folder))
    folder.make()
    folder.key_file.write_text(bytes(32).hex())
    anchoring.begin()
    noted(crowd, "orders")
    folder.key_file.unlink()
    folder.folder.rmdir()
    anchoring.wanted(1)
    anchoring.move()
    folder.make()
    folder.key_file.write_text(bytes(32).hex())
    anchoring.move()
    assert anchoring.reaches(1)


@pytest.fixture
def neighbour(crowd: Crowd, tmp_path: Path) -> Neighbour:
    folder = Home(tmp_path / "neighbour")
    folder.make()
    folder.key_file.write_text(bytes(32).hex())
    noted(crowd, "first")
    anchoring = Anchoring(crowd.store, crowd.runtime.chain, AnchorFile(folder))
    anchoring.begin()
    return Neighbour(anchoring, Audits(crowd.runtime, anchoring), crowd.root)


def swept(crowd: Crowd) -> None:
    """Rows come and go that the neighbour has no part in."""
    crowd.anchoring.begin()
    noted(crowd, "orders", "items")
    crowd.now += 100 * DAY
    assert crowd.audits.sweep(92) == 3


def test_the_anchor_of_a_server_that_writes_nothing_catches_up(crowd: Crowd, neighbour: Neighbour) -> None:
    noted(crowd, "orders", "items")
    neighbour.anchoring.move()
    assert neighbour.audits.verify(crowd.root).anchored == 1
    neighbour.anchoring.catch_up()
    assert neighbour.audits.verify(crowd.root).anchored == 3


@pytest.mark.parametrize("is_stopped", [True, False], ids=["stopped", "running"])
def test_rows_that_another_server_has_swept_are_not_missed(
    crowd: Crowd, neighbour: Neighbour, is_stopped: bool
) -> None:
    swept(crowd)
    noted(crowd, "later")
    assert found(neighbour) == "whole"
    if is_stopped:
        restarted(neighbour)
    else:
        neighbour.anchoring.catch_up()
    assert neighbour.audits.verify(crowd.root) == (1, 4, 3, 4, None)
    assert neighbour.anchoring.reaches(4)


def test_a_start_that_nobody_with_the_key_has_set_does_not_draw_the_anchor_away(
    crowd: Crowd, neighbour: Neighbour, tamper: Tamper
) -> None:
    swept(crowd)
    noted(crowd, "later")
    tamper("UPDATE audit_ends SET seal = '' WHERE side = 'start'")
    restarted(neighbour)
    assert not neighbour.anchoring.reaches(2)
    assert found(neighbour) == "start-altered"


def server(crowd: Crowd, folder: Path, shared: Path | None) -> Neighbour:
    """A server that starts with an empty data folder, and a folder that it shares with others."""
    home = Home(folder)
    home.make()
    home.key_file.write_text(bytes(32).hex())
    place = SharedAnchorFile(shared) if shared else None
    anchoring = Anchoring(crowd.store, crowd.runtime.chain, AnchorFile(home), place)
    anchoring.begin()
    return Neighbour(anchoring, Audits(crowd.runtime, anchoring), crowd.root)


@pytest.mark.parametrize("is_shared", [True, False], ids=["shared", "not shared"])
def test_a_new_server_knows_from_the_others_how_far_the_chain_had_come(
    crowd: Crowd, tmp_path: Path, tamper: Tamper, is_shared: bool
) -> None:
    shared = tmp_path / "shared" if is_shared else None
    first = server(crowd, tmp_path / "first", shared)
    noted(crowd, "orders")
    tamper(KEPT_ENDS)
    noted(crowd, "stolen")
    first.anchoring.catch_up()
    tamper(*CUT_BACK)
    assert found(first) == "cut-back"
    assert found(server(crowd, tmp_path / "second", shared)) == ("cut-back" if is_shared else "whole")


def test_a_new_server_goes_on_from_the_shared_anchor(crowd: Crowd, tmp_path: Path) -> None:
    first = server(crowd, tmp_path / "first", tmp_path / "shared")
    noted(crowd, "orders")
    first.anchoring.catch_up()
    noted(crowd, "items")
    second = server(crowd, tmp_path / "second", tmp_path / "shared")
    assert second.audits.verify(crowd.root) == (2, 2, 0, 2, None)
    assert first.audits.verify(crowd.root) == (2, 2, 0, 1, None)
    assert [path.name for path in (tmp_path / "shared").iterdir()] == ["anchor.json"]


def test_a_shared_anchor_that_is_altered_is_found(crowd: Crowd, tmp_path: Path) -> None:
    first = server(crowd, tmp_path / "first", tmp_path / "shared")
    noted(crowd, "orders")
    first.anchoring.catch_up()
    (tmp_path / "shared" / "anchor.json").write_text("{}")
    assert found(server(crowd, tmp_path / "second", tmp_path / "shared")) == "anchor-altered"
    assert found(first) == "whole"


def test_a_shared_folder_that_refuses_delays_nothing_but_its_anchor(crowd: Crowd, tmp_path: Path) -> None:
    (tmp_path / "shared").write_text("no folder")
    first = server(crowd, tmp_path / "first", tmp_path / "shared")
    noted(crowd, "orders")
    assert not first.anchoring.reaches(1)
    (tmp_path / "shared").unlink()
    assert first.anchoring.reaches(1)
    (tmp_path / "shared" / "anchor.json").unlink()
    (tmp_path / "shared").rmdir()
    (tmp_path / "shared").write_text("no folder")
    noted(crowd, "stock")
    first.anchoring.catch_up()
    assert first.audits.verify(crowd.root) == (2, 2, 0, 2, None)
    (tmp_path / "shared").unlink()
    noted(crowd, "items")
    first.anchoring.catch_up()
    assert found(server(crowd, tmp_path / "second", tmp_path / "shared")) == "whole"
    assert (tmp_path / "shared" / "anchor.json").exists()
