"""Plans, findings and receipts as people read them."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from jobferry.api.native.receipts import ReceiptAnswer, ReceiptLine
from jobferry.api.native.report import FindingAnswer, PlanAnswer, StepAnswer
from jobferry.cli.login import Login, checked_url, forget_login, read_login, write_login
from jobferry.cli.show.findings import show_findings, show_suggestion
from jobferry.cli.show.out import Out, padded, table, width
from jobferry.cli.show.plan import is_blocked, show_plan
from jobferry.cli.show.progress import Progress
from jobferry.cli.show.receipt import show_receipt
from jobferry.cli.words import CHINESE, words
from jobferry.errors import FilesError, InvalidRequest
from jobferry.model.kinds import ObjectKind
from jobferry.model.printable import printable
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.receipt import ReceiptKind

MISSING = FindingAnswer(
    code="connection-missing",
    severity=Severity.BLOCK,
    kind="job",
    name="billing",
    path="",
    need_kind="connection",
    need_name="dwh_prod",
    args={},
    message="connection dwh_prod does not exist here",
    remedy="map it",
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


def _plan(*steps: StepAnswer) -> PlanAnswer:
    return PlanAnswer(fingerprint="", refused=False, steps=list(steps), counts={})


def _line(outcome: str, name: str, message: str = "", missing: tuple[str, ...] = ()) -> ReceiptLine:
    return ReceiptLine(ObjectKind.JOB, name, ObjectOutcome(outcome), "", 0, message, [], missing)


def _receipt(
    counts: Mapping[str, int], *items: ReceiptLine, id_: str = "r1", workspace: str = "default"
) -> ReceiptAnswer:
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
        kind=ReceiptKind.IMPORT,
        undoes=None,
        undone_by=None,
        plan_digest="",
        act=None,
        counts={ObjectOutcome(outcome): count for outcome, count in counts.items()},
        warnings=[],
        review=None,
        items=list(items),
    )


PLAN = _plan(
    _step("create", "job", "orders_daily", directory="/dw/ods", submits=1),
    _step("blocked", "job", "billing", reasons=[MISSING]),
    _step("overwrite", "script", "clean_orders", submits=4),
    _step("unchanged", "resource", "lookup"),
    _step("skip", "job", "orders_hourly", note="exists; duplicate policy is skip"),
)


def test_an_object_never_stands_in_two_contradicting_lists(capsys: pytest.CaptureFixture[str]) -> None:
    held = replace(MISSING, code="script-missing", severity=Severity.HOLD, message="waits for the script s")
    show_findings(
        _out(),
        [MISSING, held, replace(held, name="other"), replace(held, name="third")],
        None,
        {},
        {("job", "third")},
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "keeps objects out:",
        "  job billing connection dwh_prod does not exist here (connection-missing)",
        "    → map it",
        "lands, but cannot start yet:",
        "  job other waits for the script s (script-missing)",
        "    → map it",
        "worth knowing:",
        "  job billing, job third: waits for the script s (script-missing)",
        "    → map it",
    ]


def test_a_plan_says_what_will_come_of_each_object(capsys: pytest.CaptureFixture[str]) -> None:
    show_plan(_out(), PLAN, None)
    assert capsys.readouterr().out.splitlines() == [
        "plan: 1 create, 1 overwrite, 1 unchanged, 1 skip, 1 blocked",
        "  + create     job orders_daily         /dw/ods; submits v1",
        "  ~ overwrite  script clean_orders      submits v4",
        "  = unchanged  resource lookup",
        "  - skip       job orders_hourly        exists; duplicate policy is skip",
        "  ! blocked    job billing              "
        "connection dwh_prod does not exist here: map it (connection-missing)",
    ]
    assert is_blocked(PLAN)


def test_a_plan_in_chinese_keeps_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [
        _step("create", "job", "经营日报", directory="/dw"),
        _step("create", "job", "orders", directory="/dw"),
    ]
    show_plan(_out("zh"), _plan(*steps), None)
    _, first, second = capsys.readouterr().out.splitlines()
    assert width(first.split("/dw")[0]) == width(second.split("/dw")[0])
    assert first.startswith("  + 新建       作业 经营日报")


def test_long_lists_are_cut_where_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [_step("create", "job", f"job_{number}") for number in range(5)]
    show_plan(_out(), _plan(*steps, _step("blocked", "job", "billing", reasons=[MISSING])), 2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:4] == [
        "  + create     job job_0",
        "  + create     job job_1",
        "    … and 3 more (--json shows all)",
    ]
    assert lines[4].startswith("  ! blocked    job billing")


def test_an_empty_plan_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    show_plan(_out(), _plan(), None)
    assert capsys.readouterr().out == "plan: nothing to do\n"
    assert not is_blocked(_plan())


def test_what_is_the_matter_with_many_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    many = [replace(MISSING, name=f"job_{number}") for number in range(7)]
    broken = replace(
        MISSING, code="json-broken", name="odd", need_name="", message="is broken", remedy="mend"
    )
    told = replace(
        MISSING,
        code="x",
        severity=Severity.WARN,
        kind="package",
        name="",
        need_name="",
        message="odd",
    )
    show_findings(_out(), [*many, told, broken], None, {("job", "odd"): "jobs/odd.job"})
    assert capsys.readouterr().out.splitlines() == [
        "keeps objects out:",
        "  job job_0, job job_1, job job_2, job job_3 and 3 more: "
        "connection dwh_prod does not exist here (connection-missing)",
        "    → map it",
        "  job odd (jobs/odd.job) is broken (json-broken)",
        "    → mend",
        "worth knowing:",
        "  package odd (x)",
        "    → map it",
    ]


def test_a_suggestion_is_a_mapping_file(capsys: pytest.CaptureFixture[str]) -> None:
    import yaml

    odd = {"a\nb": "", 'c\t"d"': "", "\u202ee": "", "\x9bf": "", "g\\n\U000e0001": ""}
    names = {"connection": {"dwh_test": "", "it's 1": "", "no": "", "007": "", "仓库": "", **odd}}
    show_suggestion(_out(), names)
    _, *lines = capsys.readouterr().out.splitlines()
    found = yaml.safe_load("\n".join(lines))
    assert found == {"connection": dict.fromkeys(names["connection"])}


def test_no_suggestion_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show_suggestion(_out(), {"connection": {}})
    assert capsys.readouterr().out == ""


def test_a_receipt_counts_and_tells_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    items = [
        _line("created", "a"),
        _line("held", "b", missing=("connection x",)),
        _line("failed", "c", "is broken (mend it)"),
    ]
    counts = {"failed": 1, "created": 1, "held": 1}
    show_receipt(_out(), _receipt(counts, *items), None)
    assert capsys.readouterr().out.splitlines() == [
        "imported into the workspace default (receipt r1)",
        "  1 created, 1 held, 1 failed",
        "  held: job b: waits for connection x",
        "  failed: job c: is broken (mend it)",
    ]


def test_a_receipt_of_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    show_receipt(_out(), _receipt({"failed": 2}), None)
    assert capsys.readouterr().out.startswith(
        "nothing was imported into the workspace default (receipt r1)\n"
    )


def test_with_json_there_are_no_lines(capsys: pytest.CaptureFixture[str]) -> None:
    out = _out(as_json=True)
    show_plan(out, PLAN, None)
    out.value({"name": "日报"})
    assert capsys.readouterr().out == '{\n  "name": "日报"\n}\n'


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
    show_plan(out, _plan(_step("create", "job", FORGED, note=f"copy of {FORGED}")), None)
    show_findings(out, [replace(MISSING, need_name=FORGED, message=FORGED, name=FORGED)], None, {})
    line = _line("failed", FORGED, FORGED, (FORGED,))
    show_receipt(out, _receipt({"failed": 1}, line, workspace=FORGED), None)
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
    show_receipt(_out(language), _receipt({outcome.value: 3}), None)
    _, counts = capsys.readouterr().out.splitlines()
    assert counts == f"  3 {words(language)(outcome.value)}"
    assert language == "en" or counts != f"  3 {outcome.value}"


def test_a_receipt_of_deletions_alone_does_not_say_that_nothing_was_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_receipt(_out(), _receipt({"deleted": 1, "unchanged": 2}, id_="r"), None)
    assert capsys.readouterr().out.splitlines() == [
        "imported into the workspace default (receipt r)",
        "  2 unchanged, 1 deleted",
    ]


def test_work_that_is_counted_is_shown_on_a_terminal_once_it_is_due(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    shown = Progress("import")
    shown.note(1, 1_200, phase="staged")
    assert capsys.readouterr().err == ""
    shown.appear()
    shown.note(600, 1_200, phase="staged")
    shown.end()
    told = capsys.readouterr().err
    assert "import: staged" in told
    assert "600 / 1,200" in told
    shown.note(1_200, 1_200)
    shown.last_words("cancelled")
    assert capsys.readouterr().err == "cancelled\n"


@pytest.mark.parametrize("raw", [True, False])
def test_who_reads_our_output_may_go(raw: bool) -> None:
    """As ``head`` does; nothing is said of it, and the exit code is that of other tools."""
    script = "out.raw(bytes(1 << 20))" if raw else "out.line('x' * (1 << 20))"
    program = f"""
import typer
from jobferry.cli.show.out import Out
from jobferry.cli.words import words
out = Out(as_json=False, say=words("en"))
try:
    {script}
except typer.Exit as ended:
    raise SystemExit(ended.exit_code)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as who:
        assert who.stdout is not None
        assert who.stderr is not None
        who.stdout.close()
        assert (who.stderr.read(), who.wait()) == (b"", 141)


def test_a_login_that_cannot_be_kept_is_told_and_one_that_is_broken_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = write_login(Login("http://127.0.0.1:1", "t", "u", "n"))
    assert read_login() == Login("http://127.0.0.1:1", "t", "u", "n")
    file.write_text("{")
    assert read_login() is None
    assert forget_login()
    assert not forget_login()
    file.mkdir()
    with pytest.raises(FilesError) as caught:
        write_login(Login("http://127.0.0.1:1", "t"))
    assert (caught.value.subject, [*file.parent.iterdir()]) == (str(file), [file])


@pytest.mark.parametrize("url", ["ftp://here", "http://", "http://[", "http://here:99999", "here"])
def test_what_is_no_address_of_a_platform_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest):
        checked_url(url)
