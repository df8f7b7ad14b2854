"""Calls of the API as requests: where their arguments go, and what cannot be sent."""

from __future__ import annotations

import pytest

from jobferry.api.native.objects import SaidEditing
from jobferry.api.native.tags import TagsOfJob, export_tags, put_tags
from jobferry.api.native.versions import RollbackRequest, compare_versions, roll_back
from jobferry.cli.requests import bound, request_of
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import ObjectKind


def test_arguments_go_where_the_signature_says() -> None:
    how = SaidEditing(take_lock=True, if_match='"abc"')
    wanted = (ObjectKind.SCRIPT, "dw/clean up", RollbackRequest(version=2), how)
    asked = request_of(bound(roll_back), "default", wanted, {})
    assert (asked.method, asked.path) == (
        "POST",
        "/api/workspaces/default/rollbacks/script/dw%2Fclean%20up",
    )
    assert (asked.query, asked.headers, asked.body) == (
        {"take_lock": ["true"]},
        {"If-Match": '"abc"'},
        b'{"version":2}',
    )


def test_defaults_are_left_to_the_platform() -> None:
    compared = request_of(bound(compare_versions), "w", (ObjectKind.JOB, "a"), {"former": 1, "latter": 0})
    assert compared.query == {"former": ["1"]}
    assert request_of(bound(export_tags), "w", (), {"tag": ()}).query == {}


def test_a_name_of_dots_is_no_step_in_the_path() -> None:
    asked = request_of(bound(put_tags), "..", (".", TagsOfJob(tags=[])), {})
    assert asked.path == "/api/workspaces/%2E%2E/jobs/%2E/tags"


def test_a_text_that_is_not_utf8_is_refused() -> None:
    """An argument of the command line that is no UTF-8 comes as a lone surrogate."""
    with pytest.raises(InvalidRequest, match="is not UTF-8") as refused:
        request_of(bound(put_tags), "w", ("orders", TagsOfJob(tags=["red\udcff"])), {})
    assert refused.value.code is ErrorCode.INVALID_VALUE
