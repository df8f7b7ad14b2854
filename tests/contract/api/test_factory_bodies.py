"""Bodies of the Factory API are taken in the forms in which clients send them; what does not fit is named."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job
from contract.api.doors import Door

DAY = {"name": "day", "value": "1"}


@pytest.fixture(scope="module")
def package(door: Door) -> dict[str, str]:
    """A package of a job with one parameter, as the body of an import names it."""
    door.workspace("forms")
    headers = {"workspace": "forms"}
    made = door.http.post(f"{door.factory}/jobs", json=job("orders", params=[DAY]), headers=headers)
    assert made.status_code == 204, made.text
    told = door.http.post(
        f"{door.factory}/jobs/orders/export", json={"obsPath": "obs://forms"}, headers=headers
    )
    return {"path": f"{told.json()['obsPath']}/orders.zip", "sameNamePolicy": "OVERWRITE"}


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ({"params": {"day": "9"}}, "9"),
        ({"params": {"day": 9}}, "9"),
        ({"params": {"day": 1.5}}, "1.5"),
        ({"params": {"day": True}}, "true"),
        ({"params": {"day": None}}, ""),
        ({"params": None, "jobsParam": None}, "1"),
        ({"jobsParam": [{"name": "orders", "params": {"day": 9}}]}, "9"),
        ({"jobsParam": [{"name": "orders", "params": None}]}, "1"),
        ({"jobsParam": {"name": "orders", "params": {"day": "9"}}}, "9"),
        ({"jobsParam": {"orders": {"day": False}}}, "false"),
        ({"jobsParam": {"orders": None}, "unheard": 1}, "1"),
    ],
)
def test_parameters_are_taken_in_every_form(
    door: Door, package: dict[str, str], said: dict[str, Any], value: str
) -> None:
    headers = {"workspace": "forms"}
    begun = door.http.post(f"{door.factory}/jobs/import", json=package | said, headers=headers)
    assert door.ended(begun.json()["taskId"])["status"] == "SUCCESSFUL"
    (param,) = door.http.get(f"{door.factory}/jobs/orders", headers=headers).json()["params"]
    assert param["value"] == value
    assert door.http.put(
        f"{door.factory}/jobs/orders", json=job("orders", params=[DAY]), headers=headers
    ).is_success


@pytest.mark.parametrize(
    ("path", "body", "places"),
    [
        (
            "jobs/import",
            {"jobsParam": {"a": 1, "b": {"x": []}}},
            ["jobsParam.0.params", "jobsParam.1.params.x"],
        ),
        ("connections/import", {"params": {"a": 1, "b": 2}}, ["params.0.params", "params.1.params"]),
        ("jobs/import", {"params": {"a": [], "b": {}}}, ["params.a", "params.b"]),
    ],
)
def test_what_does_not_fit_is_told_by_its_place(
    door: Door, path: str, body: dict[str, Any], places: list[str]
) -> None:
    answer = door.http.post(f"{door.factory}/{path}", json={"path": "obs://forms/a.zip", **body})
    told = answer.json()
    assert (answer.status_code, told["error_code"]) == (400, "DLF.3051")
    assert [one["path"] for one in told["errors"]] == places
    assert told["error_msg"] == "; ".join(one["message"] for one in told["errors"])


@pytest.mark.parametrize(("said", "status"), [("true", 200), ("TRUE", 200), ("", 200), ("maybe", 400)])
def test_truth_values_of_a_query(door: Door, package: dict[str, str], said: str, status: int) -> None:
    answer = door.http.get(
        f"{door.factory}/jobs/orders", params={"dependencies": said}, headers={"workspace": "forms"}
    )
    assert answer.status_code == status
    assert ("downstreamJobs" in answer.json()) is (said.lower() == "true")
