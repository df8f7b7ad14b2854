"""The EasyData page played through by two platforms: what it shows, in its words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobferry.bootstrap.home import Home
from tables import rows_of

from .conftest import Program, text

BATCH = ("--act", "import-batch-package")
DIRECTORY = "/测试接收intern的批量任务包"
TABLE = (
    "\ufeff未通过原因,未通过项\r\n"
    "不存在的引用质量监控,订单监控（日报）\r\n"
    "不存在的嵌套流或AI 2.0任务引用的任务,子流程（周报）\r\n"
    "不存在的引用资源组,离线资源组（周报、日报）\r\n"
)


def task(name: str, type_: str, **properties: str) -> dict[str, Any]:
    """A job of one node."""
    values = [{"name": key, "value": value} for key, value in properties.items()]
    node = {"name": "节点", "type": type_, "location": {"x": "0", "y": "0"}, "properties": values}
    return {"name": name, "processType": "BATCH", "nodes": [node], "schedule": {"type": "EXECUTE_ONCE"}}


DAILY = task("日报", "DataQualityMonitor", monitorName="订单监控", resourceGroup="离线资源组")
WEEKLY = task("周报", "NestedFlow", taskName="子流程", resourceGroup="离线资源组")
NESTED = task("子流程", "Dummy")


class Two:
    """A test platform, where tasks are developed, and a production platform, which takes packages."""

    def __init__(self, jobferry: Program) -> None:
        self.jobferry = jobferry
        self.folder = jobferry.folder

    def develop(self, *words: str | Path, **more: Any) -> Any:
        return self.jobferry.done(*words, "--data", "here", **more)

    def produce(self, *words: str | Path) -> Any:
        return self.jobferry(*words, "--data", "there", "--language", "zh")

    def carry(self, package: str, *names: str) -> None:
        self.develop("export", *names, "--state", "submitted", "-o", package)

    def jobs(self) -> dict[str, tuple[str, int]]:
        items = self.produce("job", "list", "--json").json
        return {one["name"]: (one["directory"], one["live_version"]) for one in items}


@pytest.fixture
def two(jobferry: Program) -> Two:
    both = Two(jobferry)
    jobferry.done("init", "there")
    for document in (NESTED, DAILY, WEEKLY):
        both.develop("job", "create", "-", send=text(document))
    both.carry("i.zip", "日报", "周报")
    assert both.produce("setting", "set", "profile=easydata").code == 0
    return both


def test_the_page_played_through(two: Two) -> None:
    start = ("import", "i.zip", "--directory", DIRECTORY, *BATCH)
    switched_off = two.produce(*start)
    assert switched_off.code == 8
    assert "batch_imports=true" in switched_off.err
    assert two.produce("setting", "set", "--platform", "batch_imports=true").code == 0

    assert two.produce("check", *start[1:], "--report", "检测未通过详情.csv").code == 3
    assert (two.folder / "检测未通过详情.csv").read_bytes().decode() == TABLE
    refused = two.produce(*start, "--json")
    assert (refused.code, refused.json["receipt"]["counts"]) == (3, {"blocked": 2})
    receipt = refused.json["receipt"]["id"]
    assert two.produce("receipt", "show", receipt, "--report", "again.csv").code == 0
    assert (two.folder / "again.csv").read_bytes().decode() == TABLE
    assert two.jobs() == {}

    assert two.produce("inventory", "add", "quality-monitor", "订单监控").code == 0
    assert two.produce("inventory", "add", "resource-group", "离线资源组").code == 0
    two.carry("nested.zip", "子流程")
    nested = two.produce("import", "nested.zip", "--directory", DIRECTORY, *BATCH, "--target", "submitted")
    assert nested.code == 0, nested
    online = two.produce(*start, "--target", "submitted")
    assert online.code == 0, online
    assert "引用了质量监控，其配置不随包导出：订单监控（remains-quality-monitors）" in online.out
    newest = two.produce("receipt", "list", "--json").json[0]["id"]
    kept = two.produce("receipt", "show", newest, "--json").json["reported"]
    assert "操作：import-batch-package" in two.produce("receipt", "show", newest).out
    assert {one["code"] for one in kept} == {"remains-quality-monitors", "remains-resource-groups"}
    assert two.jobs() == dict.fromkeys(("子流程", "日报", "周报"), (DIRECTORY, 1))

    two.develop("job", "edit", "日报", "-", send=text({**DAILY, "name": "订单日报"}))
    two.carry("i.zip", "订单日报", "周报")
    renamed = two.produce(*start, "--json")
    assert (renamed.code, renamed.json["receipt"]["counts"]) == (0, {"overwritten": 1, "unchanged": 1})
    assert two.jobs() == {
        "子流程": (DIRECTORY, 1),
        "订单日报": (DIRECTORY, 1),
        "周报": (DIRECTORY, 1),
    }


def test_the_life_of_a_list_of_names(jobferry: Program) -> None:
    """One unknown name makes nothing; what was made is kept whatever is asked for later."""
    here = ("--data", "here", "--json")

    def generated(names: str, code: int) -> Any:
        ended = jobferry("batch-package", "create", "--names", "-", *here, send=names.encode())
        assert ended.code == code, ended
        return ended.json

    assert jobferry("batch-package", "show", *here).code == 8
    jobferry.done("setting", "set", "--platform", "batch_exports=true", "--data", "here")
    for document in (NESTED, DAILY):
        jobferry.done("job", "create", "-", "--data", "here", send=text(document))
    told = generated("日报\n没有\n", 4)
    assert (told["matched"], told["failed"], told["task_id"]) == (1, ["没有"], None)
    assert jobferry("batch-package", "get", "-o", "none.zip", "--data", "here").code == 4
    assert jobferry.done("download", "list", *here).json == []
    made = generated("日报\n子流程\n", 0)["package"]
    assert (made["status"], made["objects"], made["kind"]) == ("SUCCESSFUL", 2, "task-package")
    assert [one["code"] for one in jobferry.done("notice", "list", *here).json] == ["export-finished"]
    generated("没有", 4)
    jobferry.done("job", "delete", "子流程", "--data", "here")
    jobferry.done("batch-package", "get", "-o", "old.zip", "--data", "here")
    inspected = jobferry.done("inspect", "old.zip", "--json").json
    assert (inspected["digest"], inspected["layout"]) == (made["digest"], "task")
    assert {one["name"] for one in inspected["objects"]} == {"日报", "子流程"}
    status = jobferry.done("batch-package", "show", *here).json
    assert (status["names"], status["last"]["id"]) == (["日报", "子流程"], made["id"])
    newest = generated("日报\n", 0)["package"]
    with rows_of(Home(jobferry.folder / "here")) as rows:  # as if it had failed
        rows.exec_driver_sql(f"UPDATE downloads SET status = 'FAILED' WHERE id = '{newest['id']}'")
    shown = jobferry.done("batch-package", "show", "--data", "here").out
    before, _, after = shown.partition("what was generated before can be exported:")
    assert (newest["id"] in before, made["id"] in after) == (True, True)
