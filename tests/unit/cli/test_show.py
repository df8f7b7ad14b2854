"""Plans, findings and receipts as people read them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from jobferry.api.native.outlines import NodeOutline
from jobferry.api.native.receipts import ReceiptAnswer, ReceiptLine
from jobferry.api.native.report import FindingAnswer, FindingObject, ReasonAnswer, StepAnswer
from jobferry.cli.client import EncodedList
from jobferry.cli.show.findings import show_findings
from jobferry.cli.show.objects import tree
from jobferry.cli.show.out import ALL_LINES, Out, padded, table, width, without_middle
from jobferry.cli.show.plan import show_plan, show_schedules
from jobferry.cli.show.receipt import show_receipt, show_receipt_lines
from jobferry.cli.words import CHINESE, words
from jobferry.model.kinds import ObjectKind
from jobferry.model.printable import printable
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_view import Verdict
from jobferry.model.transfer.receipt import ReceiptKind


def _place(name: str, path: str = "", kind: str = "job") -> FindingObject:
    return FindingObject(kind=kind, name=name, directory="/", path=path)


MISSING = FindingAnswer(
    number=1,
    code="connection-missing",
    severity=Severity.BLOCK,
    need_kind="connection",
    need_name="dwh_prod",
    args={},
    message="refers to the connection dwh_prod, which does not exist here",
    remedy="map it",
    objects=1,
    first=[_place("billing")],
)


def _out(language: str = "en", *, as_json: bool = False) -> Out:
    return Out(as_json=as_json, say=words(language))


_NOTHING_MORE: dict[str, Any] = {
    "directory": "",
    "note": "",
    "change": None,
    "submits": 0,
    "way": "live",
    "lock_from": "",
    "tag": "",
    "held": (),
    "files": (),
    "reasons": [],
}


def _step(verdict: str, kind: str, name: str, **more: Any) -> StepAnswer:
    said = {**_NOTHING_MORE, "verdict": verdict, "kind": kind, "name": name, **more}
    return msgspec.convert(said, StepAnswer)


def _show(out: Out, steps: list[StepAnswer], lines: int | None = None, **more: Any) -> None:
    counts = Counter(step.verdict for step in steps)

    def steps_of(verdict: Verdict, most: int) -> list[StepAnswer]:
        return [step for step in steps if step.verdict is verdict][:most]

    show_plan(out, counts, steps_of, lines, **more)


def _told(out: Out, found: list[FindingAnswer], lines: int | None = None) -> None:
    counts = Counter(finding.severity for finding in found)
    ordered = {severity: counts[severity] for severity in Severity if counts[severity]}

    def findings_of(severity: Severity, most: int) -> list[FindingAnswer]:
        return [finding for finding in found if finding.severity is severity][:most]

    show_findings(out, ordered, findings_of, lines)


def _line(outcome: str, name: str, *findings: int, missing: tuple[str, ...] = ()) -> ReceiptLine:
    reasons = [ReasonAnswer(number, "") for number in findings]
    return ReceiptLine(ObjectKind.JOB, name, ObjectOutcome(outcome), "", 0, reasons, missing)


def _receipt(counts: Mapping[str, int], id_: str = "r1", workspace: str = "default") -> ReceiptAnswer:
    return ReceiptAnswer(
        id=id_,
        workspace=workspace,
        platform_id="p",
        imported_by="me",
        imported_at=0,
        package_name="p.zip",
        package_digest="",
        source_platform="",
        source_workspace="",
        source_name="",
        kind=ReceiptKind.IMPORT,
        undoes=None,
        undone_by=None,
        plan_digest="",
        act=None,
        comment="",
        counts={ObjectOutcome(outcome): count for outcome, count in counts.items()},
        findings={},
        review=None,
    )


PLAN = [
    _step("create", "job", "orders_daily", directory="/dw/ods", submits=1),
    _step("blocked", "job", "billing", reasons=[{"finding": 1, "path": "a"}, {"finding": 1, "path": "b"}]),
    _step("overwrite", "script", "clean_orders", submits=4),
    _step("unchanged", "resource", "lookup", note="same digest"),
    _step("held", "job", "members", reasons=[{"finding": 3, "path": ""}, {"finding": 2, "path": ""}]),
    _step("skip", "job", "orders_hourly", note="exists; duplicate policy is skip"),
]


def test_a_plan_shows_what_changes_or_stays_out_and_counts_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _show(_out(), PLAN, skipped_differing=1)
    assert capsys.readouterr().out.splitlines() == [
        "plan: 1 create, 1 overwrite, 1 held, 1 unchanged, 1 skip (1 with other content), 1 blocked",
        "  + create     job orders_daily         /dw/ods; submits v1",
        "  ~ overwrite  script clean_orders      submits v4",
        "  ? held       job members              see [2] [3]",
        "  ! blocked    job billing              see [1]",
    ]


def test_a_plan_says_whose_lock_is_taken_and_which_files_are_put(
    capsys: pytest.CaptureFixture[str],
) -> None:
    step = _step("overwrite", "resource", "jar", lock_from="wu", files=["a.jar", "b.jar"])
    _show(_out(), [step])
    assert capsys.readouterr().out.endswith("takes the lock from wu; puts a.jar, b.jar\n")


def test_a_plan_shows_all_of_it_where_lines_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    _show(_out(), PLAN, 1)
    lines = capsys.readouterr().out.splitlines()
    assert "  = unchanged  resource lookup          same digest" in lines
    assert "  - skip       job orders_hourly        exists; duplicate policy is skip" in lines


def test_a_plan_in_chinese_keeps_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [
        _step("create", "job", "经营日报", directory="/dw"),
        _step("create", "job", "orders", directory="/dw"),
    ]
    _show(_out("zh"), steps)
    heading, first, second = capsys.readouterr().out.splitlines()
    assert heading == "计划：新建 2 个"
    assert width(first.split("/dw")[0]) == width(second.split("/dw")[0])
    assert first.startswith("  + 新建       作业 经营日报")


def test_long_lists_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [_step("create", "job", f"job_{number}") for number in range(15)]
    blocked = _step("blocked", "job", "billing", reasons=[{"finding": 1, "path": ""}])
    for lines, shown in ((None, 10), (2, 2), (0, 0), (ALL_LINES, 15)):
        _show(_out(), [*steps, blocked], lines)
        told = capsys.readouterr().out.splitlines()
        assert [line for line in told if "create" in line][1:] == [
            f"  + create     job job_{number}" for number in range(shown)
        ]
        rest = [line for line in told if "more" in line and "create" not in line]
        assert rest[:1] == ([f"    … and {15 - shown} more (--lines all shows all)"] if shown < 15 else [])


def test_an_empty_plan_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    _show(_out(), [])
    assert capsys.readouterr().out == "plan: nothing to do\n"


def test_a_finding_is_said_once_with_how_many_it_concerns(capsys: pytest.CaptureFixture[str]) -> None:
    many = replace(MISSING, objects=7, first=[_place(f"job_{number}") for number in range(7)])
    other = replace(MISSING, number=2, need_name="ods", message="refers to the connection ods")
    broken = replace(
        MISSING,
        number=3,
        code="json-broken",
        need_name="",
        message="is broken",
        remedy="correct it",
        first=[_place("odd", "jobs/odd.job")],
    )
    held = replace(MISSING, number=4, code="script-missing", severity=Severity.HOLD, message="waits")
    whole = replace(MISSING, number=5, code="x", severity=Severity.WARN, message="odd", objects=0, first=[])
    _told(_out(), [many, other, broken, held, whole])
    assert capsys.readouterr().out.splitlines() == [
        "blocked:",
        "  [1] job job_0, job job_1, job job_2 and 4 more: "
        "refers to the connection dwh_prod, which does not exist here (connection-missing)",
        "  [2] job billing refers to the connection ods (connection-missing)",
        "      → map it",
        "  [3] job odd (jobs/odd.job) is broken (json-broken)",
        "      → correct it",
        "held until this is there:",
        "  [4] job billing waits (script-missing)",
        "      → map it",
        "worth knowing:",
        "  [5] package odd (x)",
        "      → map it",
    ]


def test_more_findings_than_lines_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    _told(_out(), [replace(MISSING, number=number) for number in range(1, 5)], 1)
    assert capsys.readouterr().out.splitlines()[3:] == ["  … and 3 more (--lines all shows all)"]


def test_a_receipt_counts_and_tells_what_waits_or_stayed_out(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        _line("created", "a"),
        _line("held", "b", 2, missing=("connection x",)),
        _line("blocked", "c", 3, 1, 3),
        _line("blocked", "d", 1),
    ]
    receipt = _receipt({"blocked": 2, "created": 1, "held": 1})

    def lines_of(outcome: ObjectOutcome, most: int) -> list[ReceiptLine]:
        return [line for line in lines if line.outcome is outcome][:most]

    show_receipt(_out(), receipt)
    show_receipt_lines(_out(), receipt.counts, lines_of, 1)
    assert capsys.readouterr().out.splitlines() == [
        "imported into the workspace default (receipt r1)",
        "  1 created, 1 held, 2 blocked",
        "  held: job b: waits for connection x",
        "  blocked: job c: see [1] [3]",
        "  … and 1 more (--lines all shows all)",
    ]


def test_a_receipt_has_the_comment_that_was_given(capsys: pytest.CaptureFixture[str]) -> None:
    show_receipt(_out(), replace(_receipt({"created": 1}), comment="as agreed"))
    assert capsys.readouterr().out.splitlines()[1:] == ["  as agreed", "  1 created"]


def test_a_receipt_of_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    show_receipt(_out(), _receipt({"blocked": 2}))
    assert capsys.readouterr().out.startswith(
        "nothing was imported into the workspace default (receipt r1)\n"
    )


def test_with_json_there_are_no_lines(capsys: pytest.CaptureFixture[str]) -> None:
    out = _out(as_json=True)
    _show(out, PLAN)
    out.value({"name": "日报"})
    assert capsys.readouterr().out == '{\n  "name": "日报"\n}\n'


@pytest.mark.parametrize("pages", [[], [["日报"]], [[{"a": "x\n", "b": {}}, 2], [[], [3.50]]]])
def test_a_long_list_is_written_as_if_it_were_one(
    capsys: pytest.CaptureFixture[str], pages: list[list[object]]
) -> None:
    around = {"steps": {"none": []}, "counts": {"create": 1}, "empty": {}}
    encoded = EncodedList([msgspec.json.encode(page) for page in pages])
    _out(as_json=True).value(around | {"inside": {"items": encoded}, "last": None})
    whole = around | {"inside": {"items": [item for page in pages for item in page]}, "last": None}
    expected = msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()
    assert capsys.readouterr().out == f"{expected}\n"


def test_an_empty_list_is_said_beside_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    _out().table(("name",), [])
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "nothing here\n")


def test_widths_are_those_of_a_terminal() -> None:
    assert [width(text) for text in ("abc", "日报", "é", "e\u0301", "ｘ")] == [3, 4, 1, 1, 2]
    assert padded("日", 4) == "日  "
    assert padded("long", 2) == "long"
    assert table(("name", "x"), [("日报", "1"), ("a\nb", "2")]) == ["name  x", "日报  1", "a\\nb  2"]


def test_nothing_printed_can_move_the_cursor() -> None:
    assert printable("日报 ok") == "日报 ok"
    assert printable("\x1b[31m\u202eevil\x9b") == "\\x1b[31m\\u202eevil\\x9b"
    assert printable("a\nb\tc\r\u2028\u200b") == "a\\nb\\tc\\r\\u2028\\u200b"


FORGED = "x\nimported into the workspace default (receipt 0)\t\x1b[2K\u202e"


@pytest.mark.parametrize("style", ["", "bold"])
def test_no_name_makes_a_line_of_its_own(capsys: pytest.CaptureFixture[str], style: str) -> None:
    out = _out()
    out.line(f"job {FORGED}", style)
    out.note(FORGED)
    out.table(("name",), [(FORGED,)])
    _show(out, [_step("create", "job", FORGED, note=f"copy of {FORGED}")])
    _told(out, [replace(MISSING, need_name=FORGED, message=FORGED, first=[_place(FORGED, FORGED)])])
    receipt = _receipt({"blocked": 1}, workspace=FORGED)
    show_receipt(out, receipt)
    show_receipt_lines(out, receipt.counts, lambda *_: [_line("blocked", FORGED, missing=(FORGED,))], None)
    told = capsys.readouterr()
    assert not any(line.startswith("imported") for line in (told.out + told.err).splitlines())
    assert all(line.isprintable() for line in (told.out + told.err).split("\n"))
    assert "\\nimported into the workspace" in told.out


def test_a_text_that_is_shown_itself_keeps_its_lines_apart(capsys: pytest.CaptureFixture[str]) -> None:
    _out().quoted(["+\tSELECT 1", "-SELECT \x1b[2K"], "  ")
    assert capsys.readouterr().out == "  +   SELECT 1\n  -SELECT \\x1b[2K\n"


def test_translations_have_the_places_of_what_they_translate() -> None:
    from string import Formatter

    for english, chinese in CHINESE.items():
        places = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, chinese)]
        assert places[0] == places[1], english


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("outcome", ObjectOutcome)
def test_a_receipt_counts_every_outcome_that_there_is(
    outcome: ObjectOutcome, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_receipt(_out(language), _receipt({outcome.value: 3}))
    _, counts = capsys.readouterr().out.splitlines()
    state = words(language)(outcome.value)
    assert counts == ("  3 " + state if language == "en" else f"  {state} 3 个")
    assert language == "en" or state != outcome.value


def test_a_receipt_of_deletions_alone_does_not_say_that_nothing_was_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_receipt(_out(), _receipt({"deleted": 1, "unchanged": 2}, id_="r"))
    assert capsys.readouterr().out.splitlines() == [
        "imported into the workspace default (receipt r)",
        "  2 unchanged, 1 deleted",
    ]


def test_a_table_that_is_too_wide_cuts_names_in_the_middle_and_wraps_its_last_column() -> None:
    rows = [("a" * 30 + "_end", "DWS", "one two three four five six seven"), ("b", "", "eight")]
    assert table(("name", "type", "meaning"), rows, 36) == [
        "name            type  meaning",
        "aaaaaaa…aa_end  DWS   one two three",
        "                      four five six",
        "                      seven",
        "b                     eight",
    ]


def test_a_table_that_fits_stays_as_it_is() -> None:
    assert table(("name", "type"), [("a", "b")], 80) == ["name  type", "a     b"]


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("abcdefghij", 10, "abcdefghij"),
        ("abcdefghij", 7, "abc…hij"),
        ("abcdefghij", 6, "abc…ij"),
        ("订单日报汇总", 9, "订单…汇总"),
    ],
)
def test_a_long_name_loses_its_middle(text: str, cells: int, shown: str) -> None:
    assert without_middle(text, cells) == shown
    assert width(shown) <= cells


def test_nodes_in_a_circle_are_shown_once_each() -> None:
    nodes = [NodeOutline(name, "Dummy", after, [], None) for name, after in (("a", ["b"]), ("b", ["a"]))]
    assert [(indent, node.name) for indent, node in tree(nodes)] == [("", "a"), ("└─ ", "b")]


def test_schedules_that_are_not_shown_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    show_schedules(_out(), [], 3)
    assert capsys.readouterr().out == "  … and 3 more (--lines all shows all)\n"
