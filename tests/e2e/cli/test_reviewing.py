"""A review and a release from the command line: asked for, rejected, asked for again, approved."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from builders import job, node

from .conftest import Ended, Program

Act = Callable[..., Ended]


@pytest.fixture
def acting(jobferry: Program, serve: Callable[..., str]) -> Act:
    """Runs a command as somebody who works there."""
    url = serve("here")
    tokens = {}
    for name, role in (("lin", "developer"), ("zhao", "administrator"), ("wu", "deployer")):
        jobferry.done("user", "create", name, "--data", "here")
        jobferry.done("member", "add", name, role, "--data", "here")
        made = jobferry.done("token", "create", "t", "--user", name, "--data", "here")
        tokens[name] = made.out.strip()

    def act(who: str, *arguments: str | Path, code: int = 0) -> Ended:
        ended = jobferry(*arguments, "--server", url, environment={"JOBFERRY_TOKEN": tokens[who]})
        assert ended.code == code, (ended.code, ended.out, ended.err)
        return ended

    return act


def test_a_review_goes_its_way_and_then_a_release(jobferry: Program, acting: Act) -> None:
    (jobferry.folder / "orders.job").write_text(json.dumps(job("orders", node("n", "Dummy"))))
    jobferry.done("setting", "set", "review=all", "--data", "here")
    acting("lin", "job", "create", "orders.job", "--draft")
    acting("lin", "job", "submit", "orders", code=2)
    acting("lin", "job", "submit", "orders", "--publish", code=8)
    asked = acting("lin", "job", "submit", "orders", "--approver", "zhao", "--json").json["review"]
    acting("zhao", "review", "reject", asked, "--answer", "why?")
    assert "why?" in acting("lin", "review", "show", asked).out
    again = acting("lin", "review", "resubmit", asked, "--note", "that is why", "--json").json
    (waiting,) = acting("zhao", "review", "list", "--tab", "pending", "--json").json
    assert (waiting["id"], waiting["note"]) == (again["id"], "that is why")
    acting("lin", "review", "approve", again["id"], code=8)
    acting("zhao", "review", "approve", again["id"])
    acting("zhao", "review", "approve", again["id"], code=5)

    jobferry.done("setting", "set", "review=off", "--data", "here")
    jobferry.done("setting", "set", "mode=enterprise", "--data", "here")
    acting("lin", "job", "submit", "orders")
    assert [one["name"] for one in acting("wu", "release", "waiting", "--json").json] == ["orders"]
    release = acting("lin", "release", "create", "november", "--all", "--json").json["id"]
    acting("wu", "release", "approve", release)
    acting("zhao", "job", "submit", "orders", "--publish", "--lock", code=5)
    acting("lin", "lock", "release", "orders")
    acting("zhao", "job", "submit", "orders", "--publish", "--lock")
    (version, *_) = acting("lin", "version", "list", "orders", "--json").json
    assert (version["number"], version["live"], version["submitted_by"]) == (3, True, "zhao")
