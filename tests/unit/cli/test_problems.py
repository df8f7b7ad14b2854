"""Every error ends a command with its exit code and one readable line."""

import json
import tempfile
from pathlib import Path

import pytest
import typer

from jobferry.cli import problems
from jobferry.cli.login import read_login
from jobferry.cli.problems import EXIT_CODES, Refused, report
from jobferry.errors import ErrorCode, Fault, InvalidRequest, JobferryError, PackageRefused


def test_every_error_code_has_one_exit_code() -> None:
    listed = [code for codes in problems._CODES.values() for code in codes]
    assert sorted(listed) == sorted(ErrorCode)
    assert set(EXIT_CODES) == {code.value for code in ErrorCode}
    assert set(EXIT_CODES.values()) == set(range(2, 9))


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        ("invalid-value", 2),
        ("import-blocked", 3),
        ("workspace-missing", 4),
        ("object-unreadable", 4),
        ("import-running", 5),
        ("port-in-use", 5),
        ("store-busy", 6),
        ("server-unreachable", 6),
        ("package-too-large", 7),
        ("not-signed-in", 8),
    ],
)
def test_codes_and_exit_codes(code: str, exit_code: int) -> None:
    assert EXIT_CODES[code] == exit_code
    assert Refused(500, {"code": code}).exit_code == exit_code


@pytest.mark.parametrize(
    ("status", "exit_code"),
    [
        (400, 2),
        (401, 8),
        (403, 8),
        (404, 4),
        (409, 5),
        (422, 7),
        (429, 8),
        (500, 1),
        (503, 6),
        (507, 6),
        (418, 2),
    ],
)
def test_a_code_that_is_not_known_here_ends_by_its_status(status: int, exit_code: int) -> None:
    assert Refused(status, {"code": "something-new"}).exit_code == exit_code


def test_an_error_is_one_line_and_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    error = PackageRefused(ErrorCode.PACKAGE_EMPTY, "the package\nis empty", hint="export it again")
    assert report(error, as_json=False) == 7
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "error: the package is empty\nhint: export it again\n"


def test_all_faults_are_told_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    faults = [
        {"code": "cron-illegal", "path": "schedule.cron.expression", "message": "it is x", "hint": "mend it"},
        {"code": "held", "path": "", "message": "it waits", "hint": ""},
    ]
    answer = {"code": "invalid-schedule", "message": "job a has 2 faults", "hint": "go on", "errors": faults}
    assert report(Refused(400, answer), as_json=False) == 2
    said = capsys.readouterr().err
    assert said == "error: job a has 2 faults\n  it is x → mend it\n  it waits\nhint: go on\n"
    report(Refused(400, answer), as_json=True)
    assert json.loads(capsys.readouterr().out)["error"]["errors"] == faults


def test_one_fault_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    fault = Fault("cron-illegal", "schedule.cron.expression", "it is x", "mend it")
    error = InvalidRequest(ErrorCode.INVALID_SCHEDULE, "job a: it is x", hint="mend it", faults=[fault])
    assert report(error, as_json=False) == 2
    assert capsys.readouterr().err == "error: job a: it is x\nhint: mend it\n"


def test_what_a_package_says_cannot_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    report(JobferryError(ErrorCode.INVALID_NAME, "no name: \x1b[2Jevil\x07"), as_json=False)
    assert capsys.readouterr().err == "error: no name: \\x1b[2Jevil\\x07\n"


def test_with_json_the_error_is_the_one_value_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    refused = Refused(409, {"code": "name-taken", "message": "it is taken", "request_id": "r1"})
    assert report(refused, as_json=True) == 5
    told = capsys.readouterr()
    assert json.loads(told.out) == {
        "error": {
            "code": "name-taken",
            "message": "it is taken",
            "subject": "",
            "hint": "",
            "request_id": "r1",
        }
    }
    assert told.err == "error: it is taken\n"


def test_a_bad_call_says_where_help_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(typer.BadParameter("not so"), as_json=False) == 2
    assert capsys.readouterr().err == "error: not so\nhint: see `jobferry --help`\n"


def test_a_bug_is_one_line_and_a_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("JOBFERRY_DEBUG", raising=False)
    assert report(ZeroDivisionError("by nothing"), as_json=False) == 1
    told = capsys.readouterr().err
    log = tmp_path / "jobferry" / "errors.log"
    assert told == (
        "error: something went wrong inside Jobferry (ZeroDivisionError)\n"
        f"hint: the details are in {log}; please report them\n"
    )
    assert "by nothing" in log.read_text()


def test_the_log_of_bugs_takes_any_text_and_is_its_owners_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file name that is no UTF-8 comes as a lone surrogate."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert report(ZeroDivisionError("in orders\udcff.job"), as_json=False) == problems.OUR_BUG
    log = tmp_path / "jobferry" / "errors.log"
    assert "in orders\\udcff.job" in log.read_text("utf-8")
    assert log.parent.stat().st_mode & 0o777 == 0o700
    assert f"the details are in {log}" in capsys.readouterr().err


def test_a_bug_is_told_without_a_log_where_none_can_be_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file, no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("JOBFERRY_DEBUG", raising=False)
    assert report(ZeroDivisionError("by nothing"), as_json=False) == problems.OUR_BUG
    hint = "hint: set JOBFERRY_DEBUG=1 and try again to see the details\n"
    assert capsys.readouterr().err.endswith(f"(ZeroDivisionError)\n{hint}")
    monkeypatch.setenv("JOBFERRY_DEBUG", "1")
    report(ZeroDivisionError("by nothing"), as_json=False)
    assert capsys.readouterr().err.endswith(f"{hint}ZeroDivisionError: by nothing\n")


def test_who_has_no_home_finds_the_log_of_bugs_among_what_is_temporary(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", "~")  # what stands there for a user whom this machine does not know
    assert problems.log_file() == Path(tempfile.gettempdir()) / "jobferry" / "errors.log"
    assert read_login() is None


def test_a_line_that_cannot_be_read_for_a_reason_we_do_not_know_says_where_help_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert report(typer.TyperException("moon"), as_json=False) == 2
    assert capsys.readouterr().err == "error: this line cannot be read\nhint: see `jobferry --help`\n"
