"""Events: one line of JSON each, and nothing where nobody listens."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from jobferry.events import LOGGER, Events


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG, LOGGER):
        yield caplog


def test_an_event_is_one_line_with_its_values(heard: pytest.LogCaptureFixture) -> None:
    Events("imports").debug("import-planned", task="t1", steps=3)
    (record,) = heard.records
    told = json.loads(record.getMessage())
    assert told.pop("timestamp").endswith("Z")
    assert told == {"event": "import-planned", "task": "t1", "steps": 3, "level": "debug"}
    assert record.name == "jobferry.imports"


def test_a_walk_tells_the_first_step_and_each_nth(heard: pytest.LogCaptureFixture) -> None:
    assert list(Events("imports").walked("import-step", range(7), 3)) == list(range(7))
    assert [json.loads(one.getMessage())["step"] for one in heard.records] == [0, 3, 6]


def test_where_nobody_follows_closely_nothing_is_made(caplog: pytest.LogCaptureFixture) -> None:
    class Loud:
        def __str__(self) -> str:
            raise AssertionError("not asked for")

    with caplog.at_level(logging.INFO, LOGGER):
        Events("imports").debug("import-planned", value=Loud())
        assert list(Events("imports").walked("import-step", [1, 2], 1, value=Loud())) == [1, 2]
    assert caplog.records == []


def test_what_is_no_json_is_told_as_text(heard: pytest.LogCaptureFixture) -> None:
    Events("tasks").say("warning", "odd", value=ValueError("x"))
    assert json.loads(heard.records[0].getMessage())["value"] == "x"
    assert heard.records[0].levelno == logging.WARNING


def test_an_unexpected_failure_is_told_by_kind_and_place_only(heard: pytest.LogCaptureFixture) -> None:
    try:
        try:
            raise KeyError("hunter2")
        except KeyError as error:
            raise ValueError("hunter2") from error
    except ValueError as error:
        Events("api").failed("request failed", error, request_id="r1")
    said = heard.records[0].getMessage()
    told = json.loads(said)
    assert told["error"] == "builtins.ValueError from builtins.KeyError"
    assert told["where"][-1].endswith("test_an_unexpected_failure_is_told_by_kind_and_place_only")
    assert "hunter2" not in said
