"""The detection report: two columns, one row a reason, every name in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pytest

from builders import Load, job, node, target
from jobferry.check.runner import check
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.messages import Language
from jobferry.model.messages.english import ENGLISH
from jobferry.model.people import NoticeCode
from jobferry.model.report import detection as report
from jobferry.model.report.detection import (
    CATEGORIES,
    REASONS,
    Category,
    DetectedItem,
    DetectedRow,
    as_csv,
    as_text,
    category_of,
    refused_package,
)
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.finding_group import grouped
from jobferry.model.transfer.policy import UnknownInventory

ZH, EN = Language.CHINESE, Language.ENGLISH
NOTICES = {code.value for code in NoticeCode}
"""Codes of the catalogue that no finding has."""


def finding(code: str = "field-range", name: str = "日报", **fields: object) -> Finding:
    values = {"severity": Severity.BLOCK, "kind": "job", "args": {"value": "9", "low": "0", "high": "5"}}
    return Finding(**{"code": code, "name": name, **values, **fields})  # type: ignore[arg-type]


def detection(findings: Iterable[Finding], language: Language) -> list[DetectedRow]:
    return report.detection(grouped(findings, {}), language)


def missing(code: str, need: str, user: str, **fields: object) -> Finding:
    return finding(code, user, need_kind=code.removesuffix("-missing"), need_name=need, args={}, **fields)


def sheet(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_code_has_one_category_and_every_category_its_words() -> None:
    codes = [code for codes in CATEGORIES.values() for code in codes]
    assert len(codes) == len(set(codes))
    assert set(codes) == ENGLISH.keys() - NOTICES
    for language in Language:
        assert list(REASONS[language]) == list(Category)


def test_one_row_a_reason_with_all_names() -> None:
    rows = detection(
        [
            missing("resource-group-missing", "rg_default", "日报"),
            missing("quality-monitor-missing", "订单监控", "日报"),
            missing("quality-monitor-missing", "订单监控", "周报"),
            missing("quality-monitor-missing", "库存监控", "日报"),
        ],
        ZH,
    )
    assert [(row.reason, row.items) for row in rows] == [
        (
            "不存在的引用质量监控",
            (DetectedItem("库存监控", ("日报",), 1), DetectedItem("订单监控", ("周报", "日报"), 2)),
        ),
        ("不存在的引用资源组", (DetectedItem("rg_default", ("日报",), 1),)),
    ]
    assert sheet(as_csv(rows, ZH)) == [
        ["未通过原因", "未通过项"],
        ["不存在的引用质量监控", "库存监控（日报）\n订单监控（周报、日报）"],
        ["不存在的引用资源组", "rg_default（日报）"],
    ]


def test_what_is_wrong_inside_an_object_is_told_beside_its_name() -> None:
    (row,) = detection([finding(path="nodes[0].retryTimes"), finding(path="priority")], EN)
    told = "is 9; allowed is 0 to 5"
    assert row.items == (DetectedItem("日报", (f"nodes[0].retryTimes {told}", f"priority {told}"), 2),)
    assert as_text([row], EN) == (
        f"documents with illegal content\n  日报 (nodes[0].retryTimes {told}, priority {told})\n"
    )


def test_a_job_of_another_project_is_named_with_its_project() -> None:
    found = missing("upstream-elsewhere-missing", "b", "a")
    found = Finding(
        **{name: getattr(found, name) for name in found.__struct_fields__} | {"args": {"workspace": "B"}}
    )
    (row,) = detection([found], ZH)
    assert (row.category, row.items) == (Category.ELSEWHERE, (DetectedItem("B/b", ("a",), 1),))


def test_only_what_keeps_objects_out_by_itself_is_told() -> None:
    passing = [
        finding(severity=Severity.WARN),
        finding(severity=Severity.HOLD),
        finding("package-held-back"),
        finding("needed-left-out", args={"kind": "job", "need": "x"}),
    ]
    assert detection(passing, EN) == []
    assert sheet(as_csv([], EN)) == [["reason", "items"]]
    assert as_text([], EN) == ""


def test_a_name_inside_a_document_is_content() -> None:
    assert category_of(finding("name-illegal", path="name")) is Category.NAME
    assert category_of(finding("name-illegal", path="nodes[0].name")) is Category.CONTENT
    (row,) = detection([finding("name-illegal", "日 报", path="name", args={"name": "日 报"})], ZH)
    assert (row.reason, row.items) == ("名称不合法", (DetectedItem("日 报", (), 0),))


@pytest.mark.parametrize("kind", [NeedKind.QUALITY_MONITOR, NeedKind.QUEUE, NeedKind.AGENT])
def test_a_thing_nobody_has_inventoried_counts_as_missing(kind: NeedKind) -> None:
    found = finding("inventory-unknown", need_kind=kind, need_name="x")
    known = finding(f"{kind}-missing", need_kind=kind, need_name="x")
    assert category_of(found) is category_of(known)


def test_a_package_that_cannot_be_read_is_a_reason_too() -> None:
    (row,) = refused_package("i.zip", "is no zip", ZH)
    assert (row.reason, row.items) == (
        "任务包无法读取，或不是由导出生成",
        (DetectedItem("i.zip", ("is no zip",), 1),),
    )


def test_no_name_becomes_a_formula() -> None:
    names = ("=1+1", "+a", "-b", "@c", "ok")
    rows = detection([missing("queue-missing", name, "j") for name in names], EN)
    cell = sheet(as_csv(rows, EN))[1][1]
    assert cell.splitlines() == ["'+a (j)", "'-b (j)", "'=1+1 (j)", "'@c (j)", "ok (j)"]


@pytest.mark.parametrize("language", [EN, ZH])
def test_no_name_in_a_report_makes_a_line_or_moves_the_cursor(language: Language) -> None:
    forged = "q\nimported\t\x1b]0;x\x07\u202e"
    rows = detection([missing("queue-missing", forged, forged), finding(path=forged)], language)
    said = as_text(rows, language)
    cells = [cell for row in sheet(as_csv(rows, language)) for cell in row]
    assert all(line.isprintable() for line in (*said.split("\n"), *cells))
    assert len(said.splitlines()) == 4
    assert "q\\nimported\\t\\x1b]0;x\\x07\\u202e" in said


def test_escapes_do_not_push_names_out_of_a_cell() -> None:
    users = [f"{number}" + "\u202e" * 50 for number in range(1_000)]
    (row,) = detection([missing("queue-missing", "q", user) for user in users], EN)
    cells = [cell for _, cell in sheet(as_csv([row], EN))[1:]]
    assert all(len(cell) <= 30_000 for cell in cells)
    assert sum(cell.count(",") + 1 for cell in cells) == 1_000


def test_more_than_fits_into_a_cell_goes_on_in_the_next_row() -> None:
    rows = detection([missing("queue-missing", f"queue_{number:06}", "j") for number in range(9_000)], EN)
    _, *body = sheet(as_csv(rows, EN))
    assert {reason for reason, _ in body} == {"queues that are referred to and do not exist"}
    assert all(len(cell) <= 30_000 for _, cell in body)
    assert sum(len(cell.splitlines()) for _, cell in body) == 9_000


def test_a_thing_that_very_many_need_is_told_with_all_of_them() -> None:
    users = [f"job_{number:06}" for number in range(9_000)]
    (row,) = detection([missing("queue-missing", "q", user) for user in users], ZH)
    cells = [cell for _, cell in sheet(as_csv([row], ZH))[1:]]
    assert all(len(cell) <= 30_000 for cell in cells)
    assert [user for cell in cells for user in cell[2:-1].split("、")] == users


def test_all_categories_of_the_easydata_page_stand_in_one_report() -> None:
    everything = job(
        "all",
        node("q", "DataQualityMonitor", monitorName="gone"),
        node("s", "OfflineSync", syncTaskName="gone"),
        node("n", "NestedFlow", taskName="gone"),
        node("a", "AIFlow", taskName="gone_ai"),
        node("r", resourceGroup="gone"),
        upstream=["gone"],
        basicConfig={"queue": "gone"},
    )
    everything["schedule"]["cron"]["dependJobs"]["otherWorkSpaceJobs"] = [{"workSpace": "B", "jobName": "b"}]
    load = Load().add(ObjectKind.JOB, everything).job("不 合法")
    findings = check(load.context(target(), unknown_inventory=UnknownInventory.BLOCK))
    assert [row.reason for row in detection(findings, ZH)] == [
        "名称不合法",
        "不存在的引用质量监控",
        "不存在的引用离线同步任务",
        "不存在的嵌套流或AI 2.0任务引用的任务",
        "不存在的引用资源组",
        "不存在的上游依赖任务",
        "不存在或不允许的跨项目依赖的项目或任务",
        "不存在的引用队列",
    ]
