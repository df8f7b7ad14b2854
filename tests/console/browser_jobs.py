"""Jobs in a browser: found in the list, looked at as a graph, edited, submitted, exported, and fetched."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from builders import job, node, script
from console.axe import barriers, in_both_themes, too_wide
from contract.api.doors import Door

DEV = "dev"


def load(platform: Door, kind: str, document: dict[str, Any]) -> None:
    """Puts an object into the workspace, and submits it."""
    made = platform.http.post(
        f"/api/workspaces/{DEV}/objects/{kind}", content=json.dumps(document, ensure_ascii=False).encode()
    )
    assert made.status_code == 201, made.text


@pytest.fixture
def dev(signed_in: Page, platform: Door) -> Page:
    """The administrator in a workspace with two jobs in two directories, and the script that one uses."""
    platform.workspace(DEV, change_management="true")
    load(platform, "script", script("clean", "SELECT 1;\nSELECT '中';"))
    cron = {
        "type": "CRON",
        "cron": {
            "startTime": "2026-01-01T00:00:00+08",
            "expression": "0 30 1 * * ?",
            "expressionTimeZone": "UTC",
        },
    }
    first = node("first", scriptName="clean")
    second = {**node("second", after=["first"]), "failPolicy": "FAIL_CHILD"}
    load(
        platform,
        "job",
        job("orders", first, second, directory="/dw", schedule=cron, description="<script>1</script>"),
    )
    load(platform, "job", job("订单", node("one"), directory="/报表"))
    signed_in.set_default_timeout(20_000)
    signed_in.goto(f"/w/{DEV}/jobs")
    return signed_in


def test_a_list_is_narrowed_by_directory_and_name_and_the_address_keeps_it(dev: Page) -> None:
    tree = dev.get_by_role("complementary", name="Directories")
    expect(tree.get_by_text("报表")).to_be_visible()
    tree.get_by_text("dw", exact=True).click()
    expect(dev.get_by_role("link", name="orders")).to_be_visible()
    expect(dev.get_by_role("link", name="订单")).to_be_hidden()
    dev.reload()
    expect(dev.get_by_role("link", name="orders")).to_be_visible()
    dev.get_by_role("searchbox", name="Name").fill("nothing")
    dev.get_by_role("searchbox", name="Name").press("Enter")
    expect(dev.get_by_text("Nothing fits these filters.")).to_be_visible()
    dev.get_by_role("button", name="Clear filters").click()
    expect(dev.get_by_role("link", name="orders")).to_be_visible()


def test_the_whole_way_from_the_list_to_a_package(dev: Page, tmp_path: Path) -> None:
    dev.get_by_role("link", name="orders").click()
    expect(dev.get_by_text("<script>1</script>")).to_be_visible()
    dev.get_by_label("second, DWSSQL").click()
    drawer = dev.get_by_role("dialog")
    expect(drawer.get_by_role("button", name="first")).to_be_visible()
    expect(drawer.get_by_text("Fail those that wait for it")).to_be_visible()
    drawer.get_by_role("button", name="Close").click()
    dev.get_by_role("tab", name="Scheduling").click()
    expect(dev.get_by_text("every day at 01:30")).to_be_visible()

    dev.get_by_role("button", name="Edit").click()
    dev.get_by_label("Description").fill("Every night")
    dev.get_by_role("button", name="Save", exact=True).click()
    expect(dev.get_by_text("Every night", exact=True)).to_be_visible()
    dev.get_by_role("button", name="Submit", exact=True).click()
    dialog = dev.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Submit")).to_be_disabled()
    dialog.get_by_role("textbox", name="Description").fill("night")
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Submit").click()
    expect(dev.get_by_text("v2")).to_be_visible()

    dev.get_by_role("button", name="Export", exact=True).click()
    expect(dev.get_by_text("2 objects leave: 1 selected, 1 comes along.")).to_be_visible()
    dev.get_by_role("button", name="OK").click()
    expect(dev.get_by_text("The package is ready.")).to_be_visible()
    dev.get_by_role("button", name="Open the Download Center").click()
    with dev.expect_download() as begun:
        dev.get_by_role("link", name="Download", exact=True).click()
    begun.value.save_as(tmp_path / "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip") as package:
        assert {"jobs/orders.job", "scripts/clean.script"} <= set(package.namelist())
        assert json.loads(package.read("jobs/orders.job"))["description"] == "Every night"


def test_ticked_jobs_are_exported_together_and_stay_ticked_after_a_reload(dev: Page) -> None:
    dev.get_by_role("button", name="Menu of the tree").click()
    dev.get_by_text("Show Check Box").click()
    dev.get_by_role("checkbox", name="orders").check()
    dev.get_by_role("checkbox", name="订单").check()
    dev.reload()
    expect(dev.get_by_text("2 selected")).to_be_visible()
    dev.get_by_role("button", name="Export Selected Job").click()
    dev.get_by_text("Export jobs only").click()
    expect(dev.get_by_text("2 objects leave: 2 selected, 0 come along.")).to_be_visible()
    expect(dev.get_by_text("jobferry export orders '订单' --jobs-only -w dev")).to_be_visible()


def test_two_people_who_edit_the_same_draft_are_told(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/jobs/orders?tab=edit")
    dev.get_by_label("Description").fill("mine")
    where = f"/api/workspaces/{DEV}/documents/job/orders"
    theirs = platform.http.get(where).text.replace("<script>1</script>", "theirs")
    saved = platform.http.put(
        where.replace("documents", "objects"), content=theirs.encode(), params={"submit": "false"}
    )
    assert saved.status_code == 200, saved.text
    dev.get_by_role("button", name="Save", exact=True).click()
    expect(dev.get_by_text("Somebody else has changed it meanwhile")).to_be_visible()
    dev.get_by_role("button", name="Save mine over theirs").click()
    expect(dev.get_by_text("Somebody else has changed it meanwhile")).to_be_hidden()
    assert platform.http.get(where).json()["description"] == "mine"


def test_an_edit_by_the_form_respells_nothing_else(dev: Page, platform: Door) -> None:
    text = '{"name": "spelled",  "processType":"BATCH","schedule":{"type":"EXECUTE_ONCE"},'
    text += '"nodes":[], "own": 1.50E2, "params": [ ]}'
    made = platform.http.post(
        f"/api/workspaces/{DEV}/objects/job", content=text.encode(), params={"submit": "false"}
    )
    assert made.status_code == 201, made.text
    before = platform.http.get(f"/api/workspaces/{DEV}/documents/job/spelled").text
    dev.goto(f"/w/{DEV}/jobs/spelled?tab=edit")
    dev.get_by_label("Description").fill("new")
    dev.get_by_role("button", name="Save", exact=True).click()
    expect(dev.get_by_text("new", exact=True)).to_be_visible()
    after = platform.http.get(f"/api/workspaces/{DEV}/documents/job/spelled").text
    assert after.replace(',"description": "new"', "") == before


NODES = (
    '{"name": "noded",  "processType":"BATCH","schedule":{"type":"EXECUTE_ONCE"}, "own": 1.50E2,\n'
    '"nodes":[{"name":"load","type":"Dummy", "retryTimes": 1,"preNodeName":[],"properties":[]},'
    '{"name":"report", "type":"Dummy","preNodeName":["load"],"properties":[]} ], "params": [ ]}'
)


def test_a_node_is_edited_renamed_added_and_deleted_by_a_form(dev: Page, platform: Door) -> None:
    place = f"/api/workspaces/{DEV}"
    made = platform.http.post(f"{place}/objects/job", content=NODES.encode(), params={"submit": "false"})
    assert made.status_code == 201, made.text
    before = platform.http.get(f"{place}/documents/job/noded").text
    dev.goto(f"/w/{DEV}/jobs/noded?tab=edit&node=load")
    name = dev.get_by_label("Node name")
    expect(name).to_have_value("load")
    name.fill("report")
    expect(dev.get_by_text("Another node has this name.")).to_be_visible()
    name.fill("装载")
    name.press("Enter")
    dev.get_by_label("Retries (0 to 5)").fill("3")
    kind = dev.get_by_label("Node type")
    kind.fill("Shell")
    kind.press("Escape")
    dev.get_by_label("scriptName").press_sequentially("cle")
    dev.get_by_title("clean").click()
    assert barriers(dev) == []
    dev.get_by_role("button", name="Save", exact=True).click()
    expect(dev.get_by_role("tab", name="Nodes", exact=True)).to_be_visible()
    expect(dev.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    after = platform.http.get(f"{place}/documents/job/noded").text
    expected = before.replace('"load","type":"Dummy"', '"装载","type":"Shell"').replace(
        '["load"]', '["装载"]'
    )
    expected = expected.replace('"retryTimes": 1', '"retryTimes": 3')
    script_row = '"properties":[{"name":"scriptName","value":"clean"}]},{"name":"report"'
    assert after == expected.replace('"properties":[]},{"name":"report"', script_row)

    dev.get_by_role("button", name="Add a node").click()
    expect(dev.get_by_label("Node name")).to_have_value("node3")
    dev.get_by_label("Runs after").click()
    dev.get_by_title("report", exact=True).click()
    expect(dev.locator(".ant-select-selection-item", has_text="report")).to_be_visible()
    dev.keyboard.press("Escape")
    dev.get_by_role("combobox", name="Find a node").fill("装载")
    dev.keyboard.press("Enter")
    dev.get_by_role("button", name="Delete 装载").click()
    dev.get_by_role("tooltip").get_by_role("button", name="Delete 装载").click()
    expect(dev.get_by_label("Node name")).to_have_value("report")
    dev.get_by_role("button", name="Save", exact=True).click()
    expect(dev.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    nodes = json.loads(platform.http.get(f"{place}/documents/job/noded").text)["nodes"]
    assert [(node["name"], node["preNodeName"]) for node in nodes] == [("report", []), ("node3", ["report"])]


def test_a_job_is_made_that_runs_by_the_clock_and_waits_for_another(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/new/job")
    dev.get_by_role("textbox", name="Name").first.fill("report")
    dev.get_by_text("Run periodically").click()
    dev.get_by_label("Cron expression").fill("0 30 2 * * ?")
    dev.get_by_label("Time zone").fill("Shang")
    dev.get_by_title("Asia/Shanghai").click()
    dev.get_by_label("From", exact=True).fill("2026-03-01T00:00:00+08")
    dev.get_by_role("combobox", name="Waits for").fill("ord")
    dev.get_by_title("orders", exact=True).click()
    dev.keyboard.press("Escape")
    assert barriers(dev) == []
    dev.get_by_role("button", name="Save", exact=True).click()
    expect(dev.get_by_role("heading", name="report")).to_be_visible()
    cron = platform.http.get(f"/api/workspaces/{DEV}/documents/job/report").json()["schedule"]["cron"]
    assert cron == {
        "expression": "0 30 2 * * ?",
        "expressionTimeZone": "Asia/Shanghai",
        "startTime": "2026-03-01T00:00:00+08",
        "dependJobs": {"jobs": ["orders"]},
    }


def test_a_real_time_job_is_made_that_waits_for_an_event(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/new/job")
    dev.get_by_role("textbox", name="Name").first.fill("clicks")
    dev.get_by_role("radio", name="Real-time").check()
    dev.get_by_text("Event-based").click()
    dev.get_by_role("radio", name="DIS").check()
    dev.get_by_label("Stream or topic").fill("web_clicks")
    assert barriers(dev) == []
    dev.get_by_role("button", name="Save", exact=True).click()
    expect(dev.get_by_role("heading", name="clicks")).to_be_visible()
    made = platform.http.get(f"/api/workspaces/{DEV}/documents/job/clicks").json()
    assert made["processType"] == "REAL_TIME"
    assert made["schedule"] == {"type": "EVENT", "event": {"eventType": "DIS", "channel": "web_clicks"}}


def test_a_node_that_an_expression_asks_for_is_not_deleted(dev: Page, platform: Door) -> None:
    asking = node("report", "Shell", after=["load"], content='#{Job.getNodeOutput("load")}')
    load(platform, "job", job("asking", node("load", "Dummy"), asking))
    dev.goto(f"/w/{DEV}/jobs/asking?tab=edit")
    dev.get_by_role("button", name="Delete load").click()
    expect(dev.get_by_role("alert")).to_contain_text("load cannot be deleted: report asks for it")
    expect(dev.get_by_label("Node name")).to_have_value("load")


def test_a_script_is_made_and_says_who_uses_it(dev: Page) -> None:
    dev.goto(f"/w/{DEV}/scripts")
    dev.get_by_role("button", name="New").click()
    dev.get_by_role("textbox", name="Name").fill("tidy")
    dev.get_by_role("textbox", name="Content").fill("SELECT 2;")
    dev.get_by_role("button", name="Save").click()
    expect(dev.get_by_role("heading", name="tidy")).to_be_visible()
    expect(dev.get_by_text("SELECT 2;")).to_be_visible()
    dev.goto(f"/w/{DEV}/scripts/clean?tab=references")
    expect(dev.get_by_role("link", name="orders")).to_be_visible()


def test_everything_is_said_in_chinese_too(dev: Page) -> None:
    dev.get_by_role("button", name="Account: administrator").click()
    dev.get_by_text("中文").click()
    expect(dev.get_by_role("heading", name="作业开发")).to_be_visible()
    dev.get_by_role("button", name="目录菜单").click()
    for label in ("显示复选框", "指定作业导出", "工作空间导出", "导入作业", "工作空间导入"):
        expect(dev.get_by_role("menuitem", name=label)).to_be_visible()
    dev.get_by_text("工作空间导出").click()
    dialog = dev.get_by_role("dialog")
    for label in ("导出作业", "作业范围", "只导出作业", "导出作业及其依赖脚本和资源定义", "状态", "导出类型"):
        expect(dialog.get_by_text(label, exact=True)).to_be_visible()


def test_a_job_is_renamed_rolled_back_and_deleted_after_being_asked(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/jobs/orders")
    dev.get_by_role("button", name="More").click()
    dev.get_by_role("menuitem", name="Rename").click()
    dev.get_by_role("dialog").get_by_label("New name").fill("订单明细")
    dev.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(dev.get_by_role("heading", name="订单明细")).to_be_visible()

    dev.get_by_role("tab", name="Versions").click()
    dev.get_by_role("checkbox", name="version 1").check()
    dev.get_by_role("button", name="Compare").click()
    expect(dev.get_by_role("heading", name="From version 1 to the draft")).to_be_visible()
    expect(dev.get_by_text('"name": "订单明细"')).to_be_visible()
    dev.get_by_role("button", name="Back to the list").click()
    dev.get_by_text("Roll back", exact=True).click()
    dev.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(dev.get_by_role("dialog")).to_be_hidden()

    dev.get_by_role("button", name="More").click()
    dev.get_by_role("menuitem", name="Delete").click()
    expect(dev.get_by_text("Nothing uses it.")).to_be_visible()
    dev.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(dev.get_by_role("heading", name="Develop Job")).to_be_visible()
    assert platform.http.get(f"/api/workspaces/{DEV}/objects/job").json()["total"] == 1


def test_texts_on_one_line_are_compared_value_by_value_in_the_readers_language(
    dev: Page, platform: Door
) -> None:
    document = platform.http.get(f"/api/workspaces/{DEV}/documents/job/orders").json()
    platform.http.put(f"/api/workspaces/{DEV}/objects/job/orders", json={**document, "description": "new"})
    dev.get_by_role("button", name="Account: administrator").click()
    dev.get_by_text("中文").click()
    dev.goto(f"/w/{DEV}/jobs/orders?tab=versions&former=1&latter=2")
    changed = dev.locator(".cm-changedLine")
    expect(changed).to_have_count(2)
    assert changed.all_inner_texts()[1].strip() == '"description": "new"'
    expect(dev.get_by_text("行相同").first).to_be_visible()


def test_scripts_leave_with_the_workspace_and_come_in_by_their_own_menu(dev: Page, tmp_path: Path) -> None:
    dev.goto(f"/w/{DEV}/scripts")
    dev.get_by_role("button", name="Menu of the tree").click()
    dev.get_by_role("menuitem", name="Export Workspace Script").click()
    dialog = dev.get_by_role("dialog")
    expect(dialog.get_by_text("Export Script", exact=True)).to_be_visible()
    expect(dialog.get_by_text("Export Scope")).to_be_hidden()
    expect(dialog.get_by_text(f"jobferry export --kind script --full -w {DEV}")).to_be_visible()
    dialog.get_by_role("button", name="OK").click()
    with dev.expect_download() as begun:
        dialog.get_by_role("link", name="Download", exact=True).click()
    begun.value.save_as(tmp_path / "scripts.zip")
    with zipfile.ZipFile(tmp_path / "scripts.zip") as package:
        assert set(package.namelist()) == {"manifest.json", "scripts/clean.script"}
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    dev.get_by_role("button", name="Menu of the tree").click()
    dev.get_by_role("menuitem", name="Import Script").click()
    expect(dev.get_by_role("heading", name="Import Script")).to_be_visible()


def test_who_would_miss_an_object_is_named_before_it_is_deleted(dev: Page) -> None:
    dev.goto(f"/w/{DEV}/scripts/clean")
    dev.get_by_role("button", name="More").click()
    dev.get_by_role("menuitem", name="Delete").click()
    dialog = dev.get_by_role("dialog")
    expect(dialog.get_by_text("1 object uses it and would miss it.")).to_be_visible()
    expect(dialog.get_by_text("job orders")).to_be_visible()
    expect(dialog.get_by_text("stopped")).to_be_hidden()


def test_two_versions_are_compared_difference_by_difference_and_no_three(dev: Page, platform: Door) -> None:
    where = f"/api/workspaces/{DEV}/objects/script/clean"
    lines = [f"SELECT {number};" for number in range(200)]
    for changed in ({}, {5: "SELECT 'five';", 190: "SELECT 'last';"}):
        text = "\n".join(changed.get(number, line) for number, line in enumerate(lines))
        saved = platform.http.put(where, json=script("clean", text), params={"submit": "true"})
        assert saved.status_code == 200, saved.text
    dev.goto(f"/w/{DEV}/scripts/clean?tab=versions")
    for number in (2, 3):
        dev.get_by_role("checkbox", name=f"version {number}").check()
    expect(dev.get_by_role("checkbox", name="version 1")).to_be_disabled()
    dev.get_by_role("button", name="Compare").click()
    expect(dev.get_by_role("heading", name="From version 2 to version 3")).to_be_visible()
    last = dev.get_by_text("SELECT 'last';")
    for _ in range(2):
        dev.get_by_role("button", name="Next difference").click()
    expect(last).to_be_in_viewport()
    dev.get_by_role("button", name="Previous difference").click()
    expect(dev.get_by_text("SELECT 'five';")).to_be_in_viewport()


def test_what_cannot_be_done_with_one_of_many_is_told(dev: Page) -> None:
    dev.goto(f"/w/{DEV}/jobs?boxes=on&picked=orders%0Agone")
    dev.get_by_role("button", name="More").click()
    dev.get_by_role("menuitem", name="Stop").click()
    dev.get_by_role("dialog").get_by_role("button", name="Stop").click()
    expect(dev.get_by_text("1 done, 1 not")).to_be_visible()
    expect(dev.get_by_role("alert").first).to_contain_text("gone")


def test_many_are_submitted_once_the_next_cycle_is_agreed_to(dev: Page, platform: Door) -> None:
    where = f"/api/workspaces/{DEV}/objects/job/orders"
    former = platform.http.get(where).json()["live_version"]
    dev.goto(f"/w/{DEV}/jobs?boxes=on&picked=orders")
    dev.get_by_role("button", name="More").click()
    dev.get_by_role("menuitem", name="Submit").click()
    dialog = dev.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Submit")).to_be_disabled()
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog).to_be_hidden()
    assert platform.http.get(where).json()["live_version"] == former + 1


def test_a_lineage_shows_what_comes_before_and_after(dev: Page) -> None:
    dev.goto(f"/w/{DEV}/jobs/orders?tab=lineage&reach=all")
    expect(dev.get_by_label("clean, script")).to_be_visible()


def test_a_draft_is_saved_again_at_once(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/jobs/orders?tab=edit")
    save = dev.get_by_role("button", name="Save", exact=True)
    for text in ("first", "second"):
        dev.get_by_label("Description").fill(text)
        save.click()
        expect(save).to_be_disabled()
    document = platform.http.get(f"/api/workspaces/{DEV}/documents/job/orders").json()
    assert document["description"] == "second"


def test_a_narrow_list_tells_how_each_job_stands(dev: Page) -> None:
    dev.set_viewport_size({"width": 390, "height": 800})
    dev.goto(f"/w/{DEV}/jobs")
    expect(dev.get_by_role("row", name="orders").get_by_text("stopped")).to_be_visible()
    dev.goto(f"/w/{DEV}/configuration/audit")
    expect(dev.get_by_role("row", name="orders").first).to_contain_text("administrator, ")


def test_names_in_a_graph_can_be_read_in_a_narrow_window(dev: Page, platform: Door) -> None:
    nodes = [node(f"step_{n}", "Dummy", after=[f"step_{n - 1}"] if n else []) for n in range(8)]
    made = platform.http.post(f"/api/workspaces/{DEV}/objects/job", json=job("long", *nodes))
    assert made.status_code == 201, made.text
    dev.set_viewport_size({"width": 390, "height": 800})
    for query, begins in (("", "step_0"), ("?node=step_6", "step_6")):
        dev.goto(f"/w/{DEV}/jobs/long{query}")
        graph = dev.locator(".react-flow__viewport")
        expect(dev.locator(".graph-node", has_text=begins)).to_be_in_viewport()
        assert graph.evaluate("one => new DOMMatrix(getComputedStyle(one).transform).a") >= 0.8


def test_a_narrow_window_shows_every_page_whole_in_chinese(dev: Page) -> None:
    dev.get_by_role("button", name="Account: administrator").click()
    dev.get_by_text("中文").click()
    dev.set_viewport_size({"width": 390, "height": 800})
    wide = {}
    for path, ready_text in (
        ("jobs?boxes=on&picked=orders", "已选 1 项"),
        ("jobs/orders?node=first", "属性"),
        ("jobs/orders?tab=schedule", "每天 01:30"),
        ("jobs/orders?tab=references", "被引用"),
        ("jobs/orders?tab=versions", "版本对比"),
        ("jobs/orders?tab=document", "保存为文件"),
        ("jobs/orders?tab=edit", "添加参数"),
        ("jobs/orders?tab=edit&node=first", "节点名称"),
        ("new/script", "数据连接"),
        ("downloads", "还没有导出记录。"),
    ):
        dev.goto(f"/w/{DEV}/{path}")
        expect(dev.get_by_text(ready_text).first).to_be_visible()
        wide[path] = too_wide(dev)
    assert {path: more for path, more in wide.items() if more > 0} == {}
    dev.goto(f"/w/{DEV}/jobs")
    dev.get_by_role("button", name="目录", exact=True).click()
    dev.get_by_role("dialog").get_by_text("报表").click()
    expect(dev.get_by_role("link", name="orders")).to_be_hidden()


@in_both_themes
def test_nothing_keeps_anybody_from_the_jobs(dev: Page, theme: str) -> None:
    dev.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    found = {}
    for path, ready_text in (
        ("jobs?boxes=on&picked=orders", "1 selected"),
        ("jobs?name=nothing", "Nothing fits these filters."),
        ("jobs/orders?node=first", "Properties"),
        ("jobs/orders?tab=schedule", "every day at 01:30"),
        ("jobs/orders?tab=references", "Used by"),
        ("jobs/orders?tab=lineage", "Connected"),
        ("jobs/orders?tab=versions", "Compare"),
        ("jobs/orders?tab=document", "Copy"),
        ("jobs/orders?tab=edit", "Add a parameter"),
        ("scripts/clean", "SELECT 1"),
        ("new/script", "Data connection"),
        ("downloads", "Nothing was exported yet."),
    ):
        dev.goto(f"/w/{DEV}/{path}")
        expect(dev.get_by_text(ready_text).first).to_be_visible()
        found[path] = barriers(dev)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_tags_are_given_to_one_job_and_to_many(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/jobs/orders")
    dialog = dev.get_by_role("dialog")
    dev.get_by_role("button", name="More").click()
    dev.get_by_role("menuitem", name="Tags", exact=True).click()
    dialog.get_by_role("combobox", name="Tags").fill("nightly")
    dialog.get_by_role("combobox", name="Tags").press("Enter")
    expect(dialog.get_by_text(f"jobferry tag set orders nightly --lock -w {DEV}")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(dev.get_by_text("nightly").first).to_be_visible()
    dev.goto(f"/w/{DEV}/jobs?boxes=on&picked=orders%0A订单")
    for act, verb, tag in (("Add tags", "add", "weekly"), ("Take tags off", "remove", "nightly")):
        dev.get_by_role("button", name="More").click()
        dev.get_by_role("menuitem", name=act).click()
        dialog.get_by_role("combobox", name="Tags").fill(tag)
        dialog.get_by_role("combobox", name="Tags").press("Enter")
        command = f"jobferry tag {verb} {tag} --job orders --job '订单' --lock -w {DEV}"
        expect(dialog.get_by_text(command)).to_be_visible()
        dialog.get_by_role("button", name=act).click()
        expect(dialog).to_be_hidden()
    jobs = platform.http.get(f"/api/workspaces/{DEV}/objects/job").json()["items"]
    assert {one["name"]: one["tags"] for one in jobs} == {"orders": ["weekly"], "订单": ["weekly"]}


def test_a_directory_is_moved_with_all_that_lies_in_it(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/jobs?directory=/dw")
    dev.get_by_role("button", name="Menu of the tree").click()
    dev.get_by_text("Move directory").click()
    dialog = dev.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="OK")).to_be_disabled()
    dialog.get_by_role("textbox", name="To directory").fill("/报表")
    dialog.get_by_role("button", name="OK").click()
    expect(dialog).to_be_hidden()
    expect(dev.get_by_role("link", name="orders")).to_be_visible()
    [moved] = platform.http.get(f"/api/workspaces/{DEV}/objects/job", params={"name": "orders"}).json()[
        "items"
    ]
    assert moved["directory"] == "/报表/dw"
