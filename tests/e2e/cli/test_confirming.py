"""Who sits at a terminal is asked before an import, an undo or a deletion; nobody else is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from .conftest import PROGRAM, Program


def typed(jobferry: Program, answer: str, *arguments: str | Path) -> tuple[int, str]:
    """Runs a call as at a terminal where somebody types an answer; its exit code and what stood there."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=jobferry.folder,
        env=jobferry.around(arguments),
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return process.wait(), shown.decode()


@pytest.mark.parametrize(("answer", "code", "count"), [("n", 3, 0), ("y", 0, 1)])
def test_an_import_is_asked_about_and_goes_on_or_not(
    jobferry: Program, package: Path, ready: str, answer: str, code: int, count: int
) -> None:
    ended, shown = typed(jobferry, answer, "import", package, "--data", ready)
    assert (ended, "carry this plan out? [y/N]" in shown) == (code, True)
    assert ("nothing was done" in shown) == (answer == "n")
    receipts = jobferry.done("receipt", "list", "--data", ready, "--json").json
    assert len(receipts) == count


def test_an_undo_and_a_deletion_are_asked_about_in_chinese_too(
    jobferry: Program, package: Path, ready: str
) -> None:
    receipt = jobferry.done("import", package, "--data", ready, "--json").json["receipt"]["id"]
    code, shown = typed(jobferry, "n", "undo", receipt, "--data", ready, "--language", "zh")
    assert (code, "执行该计划吗？ [y/N]" in shown) == (3, True)
    code, shown = typed(jobferry, "n", "job", "delete", "orders", "--data", ready, "--language", "zh")
    assert (code, "删除作业 orders 吗？ [y/N]" in shown) == (3, True)
    assert [job["name"] for job in jobferry.done("job", "list", "--data", ready, "--json").json] == ["orders"]
    code, shown = typed(jobferry, "", "job", "delete", "orders", "--yes", "--data", ready)
    assert (code, "delete" in shown) == (0, False)
    assert jobferry.done("job", "list", "--data", ready, "--json").json == []
