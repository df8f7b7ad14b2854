"""The audit's chain: whole as it was written, and every kind of tampering found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from jobferry.access.chain import Chain, written_anchor
from jobferry.errors import StoreError
from jobferry.model.audit import (
    AuditAnchor,
    AuditBreach,
    AuditEnd,
    AuditEvent,
    AuditFault,
    AuditOutcome,
    AuditRow,
)

CHAIN = Chain(bytes(range(32)))
STRANGER = Chain(bytes(32))
NOTHING = AuditEnd()
FULL = AuditEvent(
    at=1_795_250_000_000,
    actor="李雷",
    action="import",
    origin="10.0.0.1",
    workspace_id="w1",
    workspace="数仓",
    kind="package",
    subject="nightly.zip",
    outcome=AuditOutcome.FAILED,
    detail="created 3",
)
EVENTS = [replace(FULL, at=FULL.at + number, subject=f"package-{number}") for number in range(5)]
ROWS, END = CHAIN.grown(NOTHING, NOTHING, EVENTS)

Tampering = Callable[[list[AuditRow]], list[AuditRow]]


def breach(rows: list[AuditRow], start: AuditEnd = NOTHING, end: AuditEnd = END) -> tuple[int, str] | None:
    fault = CHAIN.verify(iter(rows), start, end)
    return (fault.number, fault.breach.value) if fault else None


def altered(row: AuditRow, **fields: Any) -> AuditRow:
    return replace(row, event=replace(row.event, **fields))


def test_rows_are_numbered_and_verify_as_they_were_written() -> None:
    assert [row.number for row in ROWS] == [1, 2, 3, 4, 5]
    assert [row.event for row in ROWS] == EVENTS
    assert AuditEnd(number=5, mark=ROWS[-1].mark, seal=CHAIN.seal(5, ROWS[-1].mark)) == END
    assert breach(ROWS) is None


def test_a_chain_grows_alike_at_once_and_one_by_one() -> None:
    rows: list[AuditRow] = []
    end = NOTHING
    for event in EVENTS:
        more, end = CHAIN.grown(end, rows[-1] if rows else NOTHING, [event])
        rows += more
    assert (rows, end) == (ROWS, END)


@pytest.mark.parametrize("field", AuditEvent.__struct_fields__)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_an_altered_value_is_found(field: str, place: int) -> None:
    was = getattr(FULL, field)
    now = was + 1 if isinstance(was, int) else AuditOutcome.DONE if field == "outcome" else was + " "
    rows = [*ROWS[:place], altered(ROWS[place], **{field: now}), *ROWS[place + 1 :]]
    assert breach(rows) == (place + 1, "altered")


def test_values_that_moved_from_one_field_to_the_next_are_found() -> None:
    assert breach([altered(ROWS[0], actor="李雷import", action=""), *ROWS[1:]]) == (1, "altered")
    assert breach([altered(ROWS[0], actor="李雷6:import", action=""), *ROWS[1:]]) == (1, "altered")


TAMPERINGS: dict[str, tuple[Tampering, tuple[int, str]]] = {
    "first removed": (lambda rows: rows[1:], (1, "missing")),
    "two removed in the middle": (lambda rows: rows[:2] + rows[4:], (3, "missing")),
    "last removed": (lambda rows: rows[:-1], (5, "missing")),
    "all removed": (lambda _: [], (1, "missing")),
    "swapped": (lambda rows: [rows[0], rows[2], rows[1], *rows[3:]], (2, "missing")),
    "moved to the front": (lambda rows: [rows[-1], *rows[:-1]], (1, "missing")),
    "contents swapped": (
        lambda rows: [
            rows[0],
            replace(rows[1], event=rows[2].event, mark=rows[2].mark),
            replace(rows[2], event=rows[1].event, mark=rows[1].mark),
            *rows[3:],
        ],
        (2, "altered"),
    ),
    "twice": (lambda rows: [rows[0], rows[1], rows[1], *rows[2:]], (2, "misplaced")),
    "twice at the end": (lambda rows: [*rows, rows[-1]], (5, "misplaced")),
    "twice, under a number of its own": (lambda rows: [*rows, replace(rows[-1], number=6)], (6, "altered")),
    "removed and renumbered": (
        lambda rows: [
            rows[0],
            *(replace(row, number=number) for number, row in enumerate(rows[2:], start=2)),
        ],
        (2, "altered"),
    ),
    "renumbered from 0": (
        lambda rows: [replace(row, number=row.number - 1) for row in rows],
        (0, "misplaced"),
    ),
    "number without a row": (lambda rows: [*rows[:-1], replace(rows[-1], number=9)], (5, "missing")),
    "mark of another row": (
        lambda rows: [rows[0], replace(rows[1], mark=rows[0].mark), *rows[2:]],
        (2, "altered"),
    ),
    "mark taken out": (lambda rows: [*rows[:-1], replace(rows[-1], mark="")], (5, "altered")),
    "mark that is no text": (lambda rows: [*rows[:-1], replace(rows[-1], mark="\udcff密")], (5, "altered")),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_every_kind_of_tampering_is_found(name: str) -> None:
    tamper, found = TAMPERINGS[name]
    assert breach(tamper(list(ROWS))) == found


def test_rows_that_another_key_marked_are_found() -> None:
    forged, end = STRANGER.grown(NOTHING, NOTHING, EVENTS)
    assert breach(forged, end=end) == (1, "altered")
    more, end = STRANGER.grown(STRANGER_END, ROWS[-1], [FULL])
    assert breach([*ROWS, *more], end=end) == (6, "altered")


STRANGER_END = AuditEnd(number=5, mark=ROWS[-1].mark, seal=STRANGER.seal(5, ROWS[-1].mark))


def test_a_row_after_the_end_is_found_even_when_its_mark_fits() -> None:
    row = AuditRow(number=6, event=FULL, mark=CHAIN.mark(ROWS[-1].mark, 6, FULL))
    assert breach([*ROWS, row]) == (6, "added")


@pytest.mark.parametrize(
    "end",
    [
        NOTHING,
        AuditEnd(number=4, mark=ROWS[3].mark, seal=END.seal),
        replace(END, seal=""),
        replace(END, seal="\udcff"),
        replace(END, mark=ROWS[3].mark),
        replace(END, number=4),
        STRANGER_END,
        CHAIN.cut(ROWS[-1]),
    ],
)
def test_an_altered_end_is_found(end: AuditEnd) -> None:
    for rows in (ROWS, ROWS[: end.number]):
        assert breach(rows, end=end) == (end.number, "end-altered")


def test_what_retention_leaves_verifies() -> None:
    for kept in range(1, 6):
        assert breach(ROWS[kept:], start=CHAIN.cut(ROWS[kept - 1])) is None
    more, end = CHAIN.grown(END, CHAIN.cut(ROWS[-1]), [FULL])
    assert more[0].number == 6
    assert breach(more, start=CHAIN.cut(ROWS[-1]), end=end) is None


def test_more_removed_at_the_front_than_retention_did_is_found() -> None:
    start = CHAIN.cut(ROWS[1])
    assert breach(ROWS[3:], start=start) == (3, "missing")
    assert breach(ROWS[2:], start=NOTHING) == (1, "missing")
    assert breach(ROWS, start=start) == (1, "misplaced")


@pytest.mark.parametrize(
    "start",
    [
        AuditEnd(number=3, mark=ROWS[2].mark, seal=CHAIN.cut(ROWS[1]).seal),
        AuditEnd(number=3, mark=ROWS[2].mark),
        AuditEnd(number=3, mark=ROWS[2].mark, seal=CHAIN.seal(3, ROWS[2].mark)),
        STRANGER.cut(ROWS[2]),
    ],
)
def test_a_start_that_nobody_sealed_is_found(start: AuditEnd) -> None:
    assert breach(ROWS[3:], start=start) == (3, "start-altered")


def test_a_start_is_not_taken_for_an_end() -> None:
    cut = CHAIN.cut(ROWS[1])
    assert breach([], start=cut, end=cut) == (2, "end-altered")


@pytest.mark.parametrize(
    ("rows", "end"),
    [
        (ROWS[:3], END),
        (ROWS[:3], AuditEnd(number=3, mark=ROWS[2].mark, seal=END.seal)),
        (ROWS, NOTHING),
        ([], END),
        ([], NOTHING),
        ([*ROWS[:4], replace(ROWS[4], mark="0" * 64)], END),
    ],
    ids=["rows gone", "end moved", "end gone", "all rows gone", "start forged", "mark altered"],
)
def test_going_on_does_not_cover_tampering_up(rows: list[AuditRow], end: AuditEnd) -> None:
    last: AuditRow | AuditEnd = rows[-1] if rows else NOTHING
    if not rows and end == NOTHING:
        last = AuditEnd(number=5, mark=ROWS[-1].mark)
    start = last if isinstance(last, AuditEnd) else NOTHING
    kept = list(rows)
    for _ in range(2):
        more, end = CHAIN.grown(end, last, [FULL])
        assert more[0].number > last.number
        kept, last = [*kept, *more], more[-1]
        assert end.seal == ""
    assert CHAIN.verify(kept, start, end) is not None


def test_the_key_is_not_the_one_that_seals_secrets() -> None:
    import hashlib
    import hmac

    plain = hmac.new(bytes(range(32)), b"3:end1:10:", hashlib.sha256).hexdigest()
    assert CHAIN.seal(1, "") != plain
    assert CHAIN.seal(1, "") != STRANGER.seal(1, "")


def test_marks_and_seals_stay_what_they_are() -> None:
    """Written rows are verified by later programs: a change here makes every chain look altered."""
    assert CHAIN.mark("", 1, FULL) == "659c2d26aae502d4aa5075a859b3aa93331fd9d70dc2d2396f9936fe9acb4e70"
    assert CHAIN.seal(1, "00") == "1e21fd002b19e524e1a97e5555fcc3719f79a3e6d101df70a28d5143afbe66ee"
    assert (
        CHAIN.cut(AuditRow(number=1, event=FULL, mark="00")).seal
        == "e41736e72d36a8ed0144864f6bc579a315650620fafe2fb5ab9f5f5798e51843"
    )


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(StoreError, match="31 bytes"):
        Chain(bytes(31))


def test_a_fault_tells_number_and_breach() -> None:
    fault = CHAIN.verify(ROWS[1:], NOTHING, END)
    assert fault == AuditFault(1, AuditBreach.MISSING)
    assert msgspec.json.encode(fault) == b'{"number":1,"breach":"missing"}'


def anchored(number: int, first: str = ROWS[0].mark) -> AuditAnchor:
    return CHAIN.anchor(AuditEnd(number=number, mark=ROWS[number - 1].mark), first)


def against(
    anchor: AuditAnchor, rows: list[AuditRow], start: AuditEnd, end: AuditEnd
) -> tuple[int, str] | None:
    fault = CHAIN.verify(iter(rows), start, end, anchor)
    return (fault.number, fault.breach.value) if fault else None


def end_at(number: int) -> AuditEnd:
    """The end of an earlier day, as somebody may have kept it."""
    mark = ROWS[number - 1].mark
    return AuditEnd(number=number, mark=mark, seal=CHAIN.seal(number, mark))


def test_a_chain_holds_the_anchors_of_all_the_ends_it_had() -> None:
    for number in range(1, 6):
        assert against(anchored(number), ROWS, NOTHING, END) is None
        cut = CHAIN.cut(ROWS[number - 1])
        assert against(anchored(number), ROWS[number:], cut, END) is None


def test_a_chain_that_was_cut_back_does_not_hold_its_anchor_even_when_it_has_gone_on() -> None:
    assert breach(ROWS[:3], end=end_at(3)) is None
    assert against(anchored(5), ROWS[:3], NOTHING, end_at(3)) == (4, "cut-back")
    others = [replace(FULL, subject=f"other-{number}") for number in range(4)]
    more, end = CHAIN.grown(end_at(3), ROWS[2], others)
    assert breach([*ROWS[:3], *more], end=end) is None
    assert against(anchored(5), [*ROWS[:3], *more], NOTHING, end) == (5, "cut-back")
    cut = CHAIN.cut(ROWS[0])
    assert against(anchored(5), [*ROWS[1:3], *more], cut, end) == (5, "cut-back")


def test_a_chain_that_was_emptied_does_not_hold_its_anchor_even_when_another_was_begun() -> None:
    assert against(anchored(5), [], NOTHING, NOTHING) == (5, "emptied")
    for count in (1, 5, 7):
        rows, end = CHAIN.grown(NOTHING, NOTHING, [replace(FULL, subject="other")] * count)
        assert breach(rows, end=end) is None
        assert against(anchored(5), rows, NOTHING, end) == (5, "emptied")


@pytest.mark.parametrize("name", TAMPERINGS)
def test_an_anchor_hides_no_other_tampering(name: str) -> None:
    tamper, found = TAMPERINGS[name]
    assert against(anchored(5), tamper(list(ROWS)), NOTHING, END) == found


def test_an_anchor_follows_only_along_rows_as_they_were_written() -> None:
    for number in range(1, 6):
        assert CHAIN.follows(anchored(number), ROWS[number:], END)
    more, end = CHAIN.grown(end_at(3), ROWS[2], [replace(FULL, subject="other")] * 4)
    assert not CHAIN.follows(anchored(5), more[2:], end)
    disguised = [replace(more[1], mark=ROWS[4].mark), *more[2:]]
    assert not CHAIN.follows(anchored(5), disguised[1:], end)
    assert not CHAIN.follows(anchored(5), [], end_at(3))
    assert not CHAIN.follows(anchored(3), ROWS[4:], END)
    assert not CHAIN.follows(anchored(3), ROWS[3:], replace(END, seal=""))


@pytest.mark.parametrize(
    "forged",
    [
        replace(anchored(5), number=4),
        replace(anchored(5), mark=ROWS[3].mark),
        replace(anchored(5), first=ROWS[1].mark),
        replace(anchored(5), seal=END.seal),
        replace(anchored(5), seal="密"),
        STRANGER.anchor(END, ROWS[0].mark),
    ],
)
def test_an_anchor_that_nobody_sealed_is_told(forged: AuditAnchor) -> None:
    assert CHAIN.read_anchor(written_anchor(anchored(5))) == anchored(5)
    assert CHAIN.read_anchor(written_anchor(forged)) is None


@pytest.mark.parametrize("written", [b"", b"{}", b"[]", b"\xff\x00", b'{"number":"5"}'])
def test_what_is_no_anchor_is_told(written: bytes) -> None:
    assert CHAIN.read_anchor(written) is None
