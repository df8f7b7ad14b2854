"""What a person at a terminal meets beside answers: progress, readers that go away, the kept login."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jobferry.cli.login import Login, checked_url, forget_login, read_login, write_login
from jobferry.cli.show.progress import Progress
from jobferry.cli.words import words
from jobferry.errors import FilesError, InvalidRequest


def test_work_that_is_counted_is_shown_on_a_terminal_once_it_is_due(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    shown = Progress("import", words("en"))
    shown.note(1, 1_200, phase="staged")
    assert capsys.readouterr().err == ""
    shown.appear()
    shown.note(600, 1_200, phase="staged")
    shown.end()
    told = capsys.readouterr().err
    assert "import: staged" in told
    assert "600 / 1,200" in told
    chinese = Progress("import", words("zh"))
    chinese.appear()
    chinese.note(600, 1_200, phase="staged")
    chinese.end()
    assert "导入：暂存" in capsys.readouterr().err
    shown.note(1_200, 1_200)
    shown.last_words("cancelled")
    assert capsys.readouterr().err == "cancelled\n"


@pytest.mark.parametrize(
    "script",
    ["out.raw(bytes(1 << 20))", "out.line('x' * (1 << 20))", "run(['--version'])", "run(['--help'])"],
)
def test_who_reads_our_output_may_go(script: str) -> None:
    """As ``head`` does; nothing is said of it, and the exit code is that of other tools."""
    program = f"""
import typer
from jobferry.cli.app import run
from jobferry.cli.show.out import Out
from jobferry.cli.words import words
out = Out(as_json=False, say=words("en"))
try:
    ended = {script}
except typer.Exit as gone:
    ended = gone.exit_code
raise SystemExit(ended)
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
