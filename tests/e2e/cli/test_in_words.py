"""What commands say to people, where other tests read their JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from builders import job, node

from .conftest import Program

QUIET: dict[str, Any] = job("orders", node("n", "Dummy"))


@pytest.fixture
def filled(jobferry: Program) -> Program:
    """A program whose platform has a job with two versions."""
    (jobferry.folder / "orders.json").write_text(json.dumps(QUIET))
    jobferry.done("init")
    jobferry.done("job", "create", "orders.json")
    jobferry.done("job", "submit", "orders", "--note", "again")
    return jobferry


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("version", "list", "orders"), ("v2", "live", "again", "v1")),
        (("user", "list"), ("administrator", "operations", "without password")),
        (("audit", "list"), ("object-submit", "job orders", "done", "version 2")),
        (("change", "list"), ("nothing is recorded now",)),
        (("lock", "list"), ("orders", "administrator")),
    ],
)
def test_lists_are_tables_with_what_matters(filled: Program, command: tuple[str, ...], said: Any) -> None:
    ended = filled.done(*command)
    assert [one for one in said if one not in ended.out + ended.err] == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("export", "--all", "--jobs-only", "--with-files", "-o", "x.zip"), "exclude each other"),
        (("export", "--all", "--until", "2026-01-01", "-o", "x.zip"), "--since"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    filled: Program, command: tuple[str, ...], said: str
) -> None:
    ended = filled(*command)
    assert ended.code == 2, ended
    assert said in ended.err


def test_each_lock_that_is_let_go_is_told(filled: Program) -> None:
    assert filled.done("lock", "release", "orders").out == "orders: unlocked\n"
    refused = filled("lock", "release", "nobody")
    assert refused.code == 4
    assert "nobody" in refused.err
