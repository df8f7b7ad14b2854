"""Detection reports over HTTP: for a check, for what an import has refused, as JSON and as files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from builders import job, node, written
from contract.api.doors import Door, checked, fits
from jobferry.api.native.receipts import DetectionAnswer

ZH = {"Accept-Language": "zh-CN"}
JOBS = [
    job("日报", node("q", "DataQualityMonitor", monitorName="订单监控"), node("r", resourceGroup="rg")),
    job("周报", node("n", "NestedFlow", taskName="子流程"), node("r", resourceGroup="rg")),
]
TABLE = (
    "\ufeff未通过原因,未通过项\r\n"
    "不存在的引用质量监控,订单监控（日报）\r\n"
    "不存在的嵌套流或AI 2.0任务引用的任务,子流程（周报）\r\n"
    "不存在的引用资源组,rg（周报、日报）\r\n"
)

_numbers = count(1)
HandedIn = Callable[..., dict[str, Any]]


@pytest.fixture
def handed_in(door: Door) -> HandedIn:
    def give(content: bytes = b"", **options: Any) -> dict[str, Any]:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as package:
            for one in JOBS:
                package.writestr(f"{one['name']}/{one['name']}.job", written(one))
        body = content or file.getvalue()
        made = door.http.post("/api/packages", params={"name": "任务包.zip"}, content=body)
        return {"package": {"id": made.json()["id"]}, "options": options}

    return give


@pytest.fixture
def place(door: Door) -> str:
    """A workspace of the test's own."""
    name = f"inspected-{next(_numbers)}"
    door.workspace(name, profile="strict", target_status="submitted")
    return f"/api/workspaces/{name}"


def detection_of(door: Door, place: str, body: dict[str, Any]) -> str:
    """Where a checked package's detection report is."""
    return f"{place}/imports/{checked(door.http, place, body).json()['id']}/detection"


def test_a_check_tells_why_in_two_columns(door: Door, place: str, handed_in: HandedIn) -> None:
    where = detection_of(door, place, handed_in())
    told = door.http.get(where, headers=ZH)
    fits(DetectionAnswer, told)
    assert [row["category"] for row in told.json()["rows"]] == [
        "quality-monitor",
        "nested-job",
        "resource-group",
    ]
    pages = [door.http.get(f"{where}?offset={offset}&limit=1", headers=ZH).json() for offset in range(4)]
    assert {page["total"] for page in pages} == {3}
    assert [row for page in pages for row in page["rows"]] == told.json()["rows"]
    sheet = door.http.get(f"{where}?form=csv", headers=ZH)
    assert sheet.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        "filename*=UTF-8''%E4%BB%BB%E5%8A%A1%E5%8C%85.zip-detection.csv"
        in (sheet.headers["Content-Disposition"])
    )
    assert sheet.content.decode() == TABLE
    text = door.http.get(f"{where}?form=text")
    assert text.text.splitlines()[:2] == [
        "quality monitors that are referred to and do not exist",
        "  订单监控 (日报)",
    ]
    assert door.http.get(f"{where}?form=pdf").status_code == 400


def test_a_refused_import_tells_the_same_from_its_receipt(
    door: Door, place: str, handed_in: HandedIn
) -> None:
    task = door.http.post(f"{place}/imports", json=handed_in() | {"apply": True}).json()["task_id"]
    assert door.ended(task)["status"] == "FAILED"
    where = f"/api/receipts/{task}/detection"
    assert door.http.get(where, params={"form": "csv"}, headers=ZH).content.decode() == TABLE
    told = door.http.get(where).json()
    assert (told["passed"], len(told["rows"])) == (False, 3)
    assert door.http.get(f"{place}/objects/job").json()["total"] == 0


def test_what_passes_has_no_rows(door: Door, place: str, handed_in: HandedIn) -> None:
    names = {"quality-monitor": "订单监控", "resource-group": "rg"}
    things = [{"kind": kind, "name": name} for kind, name in names.items()]
    assert door.http.post(f"{place}/inventory", json={"items": things}).status_code == 201
    made = door.http.post(f"{place}/objects/job", content=written(job("子流程")))
    assert made.status_code == 201
    body = handed_in()
    told = door.http.get(detection_of(door, place, body)).json()
    assert told == {"passed": True, "total": 0, "rows": []}
    task = door.http.post(f"{place}/imports", json=body | {"apply": True}).json()["task_id"]
    assert door.ended(task)["status"] == "SUCCESSFUL"
    assert door.http.get(f"/api/receipts/{task}/detection").json()["passed"] is True


def test_a_package_that_cannot_be_read_is_a_row_as_well(door: Door, place: str, handed_in: HandedIn) -> None:
    where = detection_of(door, place, handed_in(b"no zip at all"))
    told = door.http.get(where, headers=ZH).json()
    (row,) = told["rows"]
    assert (row["category"], row["items"][0]["name"]) == ("package", "任务包.zip")
    assert row["reason"] == "任务包无法读取，或不是由导出生成"
