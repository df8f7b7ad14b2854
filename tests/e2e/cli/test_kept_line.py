"""The audit's anchor as a line that people keep, and what it tells later."""

from __future__ import annotations

import shutil

import pytest

from .conftest import Program

DATA = ("--data", "here")


@pytest.mark.sqlite
def test_a_kept_line_tells_whether_the_rows_up_to_it_are_the_same(jobferry: Program) -> None:
    jobferry.done("workspace", "create", "sales", *DATA)
    before = jobferry.folder / "before"
    shutil.copytree(jobferry.folder / "here", before)
    jobferry.done("workspace", "create", "stocks", *DATA)
    line = jobferry.done("audit", "anchor", *DATA).out.strip()
    assert line.startswith("jobferry-audit-")
    assert jobferry.done("audit", "anchor", "--json", *DATA).json["line"] == line
    jobferry.done("workspace", "create", "people", *DATA)
    told = jobferry.done("audit", "verify", "--since", line, *DATA)
    assert "all rows up to the line that was kept are the same" in told.out
    shutil.rmtree(jobferry.folder / "here")
    before.rename(jobferry.folder / "here")
    for name in ("other", "more", "most"):
        jobferry.done("workspace", "create", name, *DATA)
    jobferry.done("audit", "verify", *DATA)
    told = jobferry("audit", "verify", "--since", line, *DATA)
    assert (told.code, "not the one of the line that was kept" in told.out) == (11, True)


def test_a_line_that_is_none_is_refused(jobferry: Program) -> None:
    jobferry.done("workspace", "create", "sales", *DATA)
    line = jobferry.done("audit", "anchor", *DATA).out.strip()
    for wrong in ("jobferry-audit-1", line[:-1], line + "0"):
        refused = jobferry("audit", "verify", "--since", wrong, *DATA)
        assert (refused.code, "is not a line" in refused.err) == (2, True)
