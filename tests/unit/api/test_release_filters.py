"""Which releases a Factory list shows: each word of the filter alone, and times just inside and outside."""

from __future__ import annotations

from typing import Any

import pytest

from jobferry.api.factory.releases import ListBody
from jobferry.model.review import Review, ReviewKind, ReviewState

RELEASE = Review(
    id="r",
    workspace_id="w",
    kind=ReviewKind.RELEASE,
    name="november",
    size=1,
    asked_by="lin",
    asked_at=100,
    state=ReviewState.APPROVED,
    decided_by="wu",
    decided_at=200,
)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({}, True),
        ({"key_word": "vem"}, True),
        ({"key_word": "x"}, False),
        ({"apply_user_name": "lin"}, True),
        ({"apply_user_name": "li"}, False),
        ({"apply_user_name_filter": ["wu", "lin"]}, True),
        ({"apply_user_name_filter": ["wu"]}, False),
        ({"deploy_user_name": "wu"}, True),
        ({"deploy_user_name": "lin"}, False),
        ({"deploy_user_name_filter": ["wu"]}, True),
        ({"deploy_user_name_filter": ["lin"]}, False),
        ({"deploy_status_filter": [1, 2]}, True),
        ({"deploy_status_filter": [1, 3]}, False),
        ({"apply_begin_time": 100}, True),
        ({"apply_begin_time": 101}, False),
        ({"apply_end_time": 100}, True),
        ({"apply_end_time": 99}, False),
        ({"deploy_begin_time": 200}, True),
        ({"deploy_begin_time": 201}, False),
        ({"deploy_end_time": 200}, True),
        ({"deploy_end_time": 199}, False),
    ],
)
def test_each_word_of_the_filter_alone(body: dict[str, Any], *, shown: bool) -> None:
    assert ListBody(**body).shows(RELEASE) is shown
