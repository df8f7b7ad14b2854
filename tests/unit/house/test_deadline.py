"""A run in which a test waits for ever is ended at its deadline, and says which test it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil

import deadline

_WAITING = """
import pathlib, subprocess, sys, threading

def test_that_waits_for_ever():
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    pathlib.Path("started").write_text(str(started.pid))
    threading.Event().wait()
"""


def test_a_test_that_waits_for_ever_ends_the_run_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]")
    (tmp_path / "test_waiting.py").write_text(_WAITING)
    for seconds in (4, 20, 100, 500):  # until the machine was quick enough for the test to begin
        ended = _run(tmp_path, seconds)
        assert ended.returncode == 124, ended
        if "in test_waiting.py" in ended.stderr:
            break
    assert "The run's deadline has passed in test_waiting.py::test_that_waits_for_ever." in ended.stderr
    assert 'test_waiting.py", line 7 in test_that_waits_for_ever' in ended.stderr
    started = int((tmp_path / "started").read_text())
    assert not psutil.pid_exists(started) or psutil.Process(started).status() == psutil.STATUS_ZOMBIE


def test_a_run_among_several_ends_when_all_of_them_must_have_ended() -> None:
    assert deadline.end_of(60, 1_000, {}) == 1_060
    assert deadline.end_of(60, 1_000, {"RUN_ENDS": "1030"}) == 1_030
    assert deadline.end_of(60, 1_000, {"RUN_ENDS": "2000"}) == 1_060


def _run(folder: Path, seconds: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "deadline", "-n", "1", "-o", f"run_deadline={seconds}"]
    environment = os.environ | {"PYTHONPATH": str(Path(deadline.__file__).parent)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
