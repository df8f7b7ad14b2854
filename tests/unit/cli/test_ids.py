"""An id by its beginning: the one that fits, none, or an error that names those that fit."""

from __future__ import annotations

from typing import Any, cast

import pytest

from jobferry.cli.ids import short, whole_id
from jobferry.errors import InvalidRequest

FIRST, SECOND = "ab" + "1" * 30, "ab" + "2" * 30


def found(said: str) -> str:
    return whole_id(cast("Any", None), said, lambda _there: [FIRST, SECOND])


def test_a_beginning_that_one_id_has_is_that_id() -> None:
    assert (found("ab1"), found(SECOND[:31]), found(short(FIRST))) == (FIRST, SECOND, FIRST)


def test_what_begins_none_stays_as_it_is() -> None:
    assert (found("c"), found("nowhere"), found("..")) == ("c", "nowhere", "..")


def test_a_whole_id_is_not_looked_for() -> None:
    def refuse(_there: object) -> list[str]:
        raise AssertionError

    assert whole_id(cast("Any", None), FIRST, refuse) == FIRST


def test_a_beginning_of_two_names_them() -> None:
    with pytest.raises(InvalidRequest, match="2 ids begin with ab") as refused:
        found("ab")
    assert refused.value.hint == f"write more of it: {FIRST}, {SECOND}"
