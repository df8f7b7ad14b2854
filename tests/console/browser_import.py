"""An import, from the package that is dropped to its receipt and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from builders import job, node, script
from console.axe import barriers
from console.motion import OBSERVE
from console.people import member, signed_in_as
from console.stage import FILE, PASSWORD, checked, connection, landed, packed, sales
from contract.api.doors import Door
from halted import halted
from jobferry.model.transfer.checked_import import ImportClient, ImportRecord, ImportState
from jobferry.model.transfer.policy import ImportOptions

NEW = "/w/default/imports/new"
MOST_CLICKS = 7
MOST_SHIFT = 0.05


@pytest.fixture
def dropped(signed_in: Page, tmp_path: Path) -> Page:
    """The first step of an import, with a package that lacks one connection."""
    file = tmp_path / FILE
    file.write_bytes(sales())
    signed_in.goto(NEW)
    signed_in.set_input_files("input[type=file]", file)
    expect(signed_in.get_by_text(FILE, exact=True)).to_be_visible()
    return signed_in


class Clicks:
    """A reader's mouse, which counts."""

    def __init__(self) -> None:
        self.made = 0

    def on(self, what: Locator) -> None:
        """One click."""
        what.click()
        self.made += 1


def button(page: Page, name: str) -> Locator:
    """The button of that name, and of no longer one."""
    return page.get_by_role("button", name=name, exact=True)


def counted(page: Page, name: str, *, pressed: bool = False) -> Locator:
    """How many objects there are of a verdict or outcome, which is also a filter."""
    return page.get_by_role("group").get_by_role("button", name=name, exact=True, pressed=pressed)


def choose(page: Page, thing: str, option: str, clicks: Clicks | None = None) -> None:
    """Decides about a missing thing."""
    mouse = clicks or Clicks()
    mouse.on(page.get_by_role("combobox", name=thing))
    mouse.on(page.locator(".ant-select-item-option").filter(has_text=option))


def test_a_package_that_lacks_a_connection_is_in_after_seven_clicks_at_most(
    dropped: Page, platform: Door
) -> None:
    connection(platform, "default", "dws_prod")
    page, clicks = dropped, Clicks()
    clicks.on(button(page, "Next"))
    expect(page.get_by_text("Missing here: data connection")).to_be_visible()
    expect(button(page, "Next")).to_be_disabled()
    choose(page, "dws_test", "dws_prod", clicks)
    clicks.on(button(page, "Next"))
    clicks.on(button(page, "Create 3"))
    expect(counted(page, "created 3")).to_be_visible()
    assert clicks.made <= MOST_CLICKS
    job = platform.http.get("/api/workspaces/default/documents/job/orders").text
    assert "dws_prod" in job
    assert "dws_test" not in job


def test_everything_can_be_done_by_the_keyboard_alone(dropped: Page, platform: Door) -> None:
    connection(platform, "default", "dws_prod")
    page = dropped
    button(page, "Next").press("Enter")
    page.get_by_role("combobox", name="dws_test").press("ArrowDown")
    expect(page.locator(".ant-select-item-option").first).to_be_visible()
    page.keyboard.press("Enter")
    button(page, "Next").press("Enter")
    expect(button(page, "Create 3")).to_be_visible()
    expect(page.get_by_role("row", name="orders")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_text("New here. This is what would be written.")).to_be_visible()
    page.keyboard.press("v")
    expect(page.get_by_text("1 of 3 viewed")).to_be_visible()
    button(page, "Create 3").press("Enter")
    expect(counted(page, "created 3")).to_be_visible()


def test_a_reload_in_the_middle_of_each_step_stays_there(dropped: Page, platform: Door) -> None:
    connection(platform, "default", "dws_prod")
    page = dropped
    button(page, "Next").click()
    choose(page, "dws_test", "dws_prod")
    page.reload()
    expect(page.locator("main .ant-select").filter(has_text="dws_prod")).to_be_visible()
    button(page, "Next").click()
    counted(page, "create 3").click()
    page.reload()
    expect(counted(page, "create 3", pressed=True)).to_be_visible()
    button(page, "Create 3").click()
    expect(counted(page, "created 3")).to_be_visible()
    page.reload()
    expect(counted(page, "created 3")).to_be_visible()


def test_what_is_missing_is_waited_for_or_done_without(signed_in: Page, platform: Door) -> None:
    made = checked(platform, "default", sales())
    page = signed_in
    page.goto(f"/w/default/imports/{made}")
    choose(page, "dws_test", "Hold")
    button(page, "Next").click()
    expect(counted(page, "held 1")).to_be_visible()
    button(page, "Back to the mapping").click()
    expect(page.get_by_text("dws_test is waited for")).to_be_visible()
    choose(page, "dws_test", "Leave out")
    button(page, "Next").click()
    expect(counted(page, "held 1")).to_be_visible()


def test_a_running_job_is_stopped_on_the_way(signed_in: Page, platform: Door) -> None:
    for name in ("dws_test", "dws_prod"):
        connection(platform, "default", name)
    landed(platform, "default", sales())
    assert platform.http.post("/api/workspaces/default/jobs/orders/start").status_code == 200
    made = checked(platform, "default", sales("dws_prod"), duplicates="overwrite")
    page = signed_in
    page.goto(f"/w/default/imports/{made}")
    expect(button(page, "Next")).to_be_disabled()
    button(page, "Stop it").click()
    expect(page.get_by_text("stopped", exact=True)).to_be_visible()
    button(page, "Next").click()
    expect(button(page, "Overwrite 1")).to_be_enabled()


def test_a_plan_tells_whose_lock_it_takes_and_which_job_gets_the_failed_tag(
    signed_in: Page, platform: Door, chromium: Browser
) -> None:
    connection(platform, "default", "dws_test")
    landed(platform, "default", sales())
    member(platform, "li", "developer", workspace="default")
    with signed_in_as(chromium, platform, "li") as li:
        li.goto("/w/default/scripts/clean")
        li.get_by_role("button", name="More").click()
        li.get_by_role("menuitem", name="Lock", exact=True).click()
        li.get_by_role("dialog").get_by_role("button", name="Lock").click()
        expect(li.get_by_role("dialog")).to_be_hidden()
    platform.http.post("/api/workspaces/default/jobs/orders/start").raise_for_status()
    changed = packed(
        ("jobs/orders.job", job("orders", node("other", "Dummy"), directory="/ods")),
        ("scripts/clean.script", script("clean", content="SELECT 9;")),
    )
    made = checked(platform, "default", changed, duplicates="overwrite")
    signed_in.goto(f"/w/default/imports/{made}?step=plan")
    expect(signed_in.get_by_role("row", name="orders")).to_contain_text("gets the tag import_failed")
    expect(signed_in.get_by_role("row", name="clean")).to_contain_text("takes the lock of li")


def test_a_script_is_compared_line_by_line(signed_in: Page, platform: Door) -> None:
    connection(platform, "default", "dws_test")
    landed(platform, "default", sales())
    made = checked(platform, "default", sales(content="SELECT 1;\nSELECT 3;\n"), duplicates="overwrite")
    page = signed_in
    page.goto(f"/w/default/imports/{made}?step=plan&object=script/clean")
    expect(page.locator(".cm-mergeView .cm-line", has_text="SELECT 3;")).to_be_visible()
    expect(page.locator(".cm-mergeView .cm-line", has_text="SELECT 2;")).to_be_visible()


def test_an_import_is_taken_back_after_its_plan_was_shown(signed_in: Page, platform: Door) -> None:
    connection(platform, "default", "dws_test")
    receipt = landed(platform, "default", sales())
    page = signed_in
    page.goto(f"/w/default/receipts/{receipt}")
    button(page, "Undo").click()
    expect(counted(page, "remove 3")).to_be_visible()
    button(page, "Undo the import").click()
    expect(page.get_by_text("This took an import back.")).to_be_visible()
    expect(page.get_by_role("heading", name=f"Undo of {FILE}")).to_be_visible()
    assert platform.http.get("/api/workspaces/default/objects/job").json()["total"] == 0
    page.get_by_role("link", name="See the receipt of the import").click()
    expect(page.get_by_text("This import was taken back.")).to_be_visible()


def test_what_is_too_large_or_no_package_is_refused_before_it_is_sent(
    signed_in: Page, platform: Door, tmp_path: Path
) -> None:
    platform.http.patch("/api/settings", json={"factory_local_bytes": 100})
    large, other = tmp_path / "large.zip", tmp_path / "notes.txt"
    large.write_bytes(b"0" * 101)
    other.write_text("no package")
    sent: list[str] = []
    signed_in.on("request", lambda request: sent.append(request.url) if "/packages" in request.url else None)
    signed_in.goto(NEW)
    for file, reason in ((large, "at most 100 B are taken here"), (other, "Only a .zip")):
        signed_in.set_input_files("input[type=file]", file)
        expect(signed_in.get_by_role("alert")).to_contain_text(reason)
        expect(button(signed_in, "Next")).to_be_disabled()
    assert sent == []


def test_without_object_storage_only_this_machine_is_offered(signed_in: Page, platform: Door) -> None:
    signed_in.goto(NEW)
    expect(signed_in.get_by_role("radio", name="OBS")).to_be_visible()
    platform.http.patch("/api/settings", json={"object_imports": "false"})
    signed_in.reload()
    expect(signed_in.get_by_text("File Location")).to_be_visible()
    expect(signed_in.get_by_role("radio", name="Local")).to_be_checked()
    expect(signed_in.get_by_role("radio", name="OBS")).to_be_hidden()


def test_a_package_that_cannot_be_read_is_refused_with_the_reason(signed_in: Page, tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_bytes(b"no zip at all")
    signed_in.goto(NEW)
    signed_in.set_input_files("input[type=file]", file)
    button(signed_in, "Next").click()
    expect(signed_in.get_by_role("alert").or_(signed_in.get_by_text("refused"))).not_to_have_count(0)
    expect(signed_in.get_by_text("Import another package")).to_be_visible()


def test_the_whole_trip_is_said_in_chinese(dropped: Page, platform: Door) -> None:
    connection(platform, "default", "dws_prod")
    page = dropped
    page.get_by_role("button", name="Account: administrator").click()
    page.get_by_text("中文").click()
    for text in ("文件位置", "重名处理策略", "导入状态"):
        expect(page.get_by_text(text, exact=True)).to_be_visible()
    button(page, "下一步").click()
    expect(page.get_by_text("此处缺少：数据连接")).to_be_visible()
    choose(page, "dws_test", "dws_prod")
    button(page, "下一步").click()
    button(page, "导入：新建 3").click()
    expect(counted(page, "已新建 3")).to_be_visible()


def test_somebody_elses_running_import_is_shown_and_waited_for(signed_in: Page, platform: Door) -> None:
    connection(platform, "default", "dws_test")
    made = checked(platform, "default", sales())
    task = halted(platform.platform)
    page = signed_in
    page.goto("/w/default/imports")
    expect(page.get_by_text("administrator has been importing here since")).to_be_visible()
    page.goto(f"/w/default/imports/{made}")
    expect(page.get_by_text("Waits until the running import is over.")).to_be_visible()
    expect(button(page, "Create 3")).to_be_disabled()
    assert platform.http.post(f"/api/tasks/{task.id}/cancel").json()["status"] == "CANCELLED"
    expect(button(page, "Create 3")).to_be_enabled()


def test_an_import_under_way_is_followed_and_cancelled(signed_in: Page, platform: Door) -> None:
    task = halted(platform.platform)
    record = ImportRecord(
        id="standing",
        workspace_id=task.workspace_id,
        created_by=task.created_by,
        created_at=task.started_at,
        origin=ImportClient.CLI,
        checked_at=task.started_at,
        package_id="",
        package_name="p.zip",
        options=ImportOptions(),
        state=ImportState.APPLYING,
        task_id=task.id,
    )
    with platform.platform.parts.runtime.store.write() as uow:
        uow.imports.add(record)
        uow.commit()
    page = signed_in
    page.goto("/w/default/imports")
    page.get_by_role("link", name="p.zip").click()
    expect(page.get_by_text("You can leave this page")).to_be_visible()
    button(page, "Cancel").click()
    expect(page.get_by_text("cancelled by administrator; nothing was changed")).to_be_visible()


def test_a_comment_is_kept_in_the_receipt(signed_in: Page, platform: Door) -> None:
    connection(platform, "default", "dws_test")
    made = checked(platform, "default", sales())
    page = signed_in
    page.goto(f"/w/default/imports/{made}")
    page.get_by_label("Comment, kept in the receipt").fill("ticket 42")
    button(page, "Create 3").click()
    expect(page.get_by_text("ticket 42")).to_be_visible()


def test_a_viewer_finds_no_imports(signed_in: Page, platform: Door) -> None:
    http = platform.http
    assert http.post("/api/users", json={"name": "vera", "password": PASSWORD}).status_code == 201
    assert http.put("/api/workspaces/default/members/vera", json={"roles": ["viewer"]}).status_code == 200
    http.delete("/api/sessions")
    page = signed_in
    page.goto("/")
    page.get_by_label("User name").fill("vera")
    page.get_by_label("Password").fill(PASSWORD)
    button(page, "Sign in").click()
    expect(page.get_by_text("Nothing waits for you here.")).to_be_visible()
    expect(page.get_by_role("link", name="Imports")).to_be_hidden()


def test_a_package_that_was_thrown_away_meanwhile_is_told_and_another_one_is_taken(
    dropped: Page, platform: Door, tmp_path: Path
) -> None:
    """Thrown away as it is after a day, or by the same person elsewhere."""
    connection(platform, "default", "dws_test")
    page = dropped
    button(page, "Next").click()
    expect(button(page, "Create 3")).to_be_visible()
    own = platform.platform.parts
    (kept,) = platform.http.get("/api/packages").json()["items"]
    own.received.discard(kept["id"])
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("upload the package again")
    button(page, "Discard this import").click()
    page.get_by_text("Import another package").click()
    page.set_input_files("input[type=file]", tmp_path / FILE)
    button(page, "Next").click()
    button(page, "Create 3").click()
    expect(counted(page, "created 3")).to_be_visible()


def test_what_was_chosen_for_a_package_outlives_a_reload(dropped: Page) -> None:
    page = dropped
    page.get_by_role("radio", name="Overwrite").check()
    page.reload()
    expect(page.get_by_role("radio", name="Overwrite")).to_be_checked()


def tab_to(page: Page, wanted: Locator) -> None:
    """Goes on to it by Tab alone."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.count() and wanted.first.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


def test_tab_alone_leads_through_an_import(dropped: Page, platform: Door) -> None:
    connection(platform, "default", "dws_prod")
    page = dropped
    tab_to(page, button(page, "Next"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Missing here: data connection")).to_be_visible()
    tab_to(page, page.get_by_role("combobox", name="dws_test"))
    page.keyboard.press("ArrowDown")
    expect(page.locator(".ant-select-item-option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(button(page, "Next")).to_be_enabled()
    tab_to(page, button(page, "Next"))
    page.keyboard.press("Enter")
    expect(button(page, "Create 3")).to_be_enabled()
    tab_to(page, button(page, "Create 3"))
    page.keyboard.press("Enter")
    expect(counted(page, "created 3")).to_be_visible()


def test_nothing_jumps_on_the_way(dropped: Page, platform: Door) -> None:
    connection(platform, "default", "dws_prod")
    page = dropped
    page.evaluate(OBSERVE)
    button(page, "Next").click()
    choose(page, "dws_test", "dws_prod")
    button(page, "Next").click()
    button(page, "Create 3").click()
    expect(counted(page, "created 3")).to_be_visible()
    assert page.evaluate("window.shift") <= MOST_SHIFT


def test_a_name_that_is_not_here_is_never_taken_for_waiting(signed_in: Page, platform: Door) -> None:
    """Enter behind a typed name takes what is offered first, which must not be something else."""
    connection(platform, "default", "dws_prod")
    page = signed_in
    page.goto(f"/w/default/imports/{checked(platform, 'default', sales())}")
    chooser = page.get_by_role("combobox", name="dws_test")
    chooser.fill("nowhere")
    expect(page.get_by_text("Nothing here is called that.")).to_be_visible()
    chooser.press("Enter")
    chooser.press("Escape")
    expect(page.get_by_text("1 thing is still undecided")).to_be_visible()
    chooser.fill("prod")
    expect(page.get_by_title("dws_prod")).to_be_visible()
    chooser.press("Enter")
    expect(button(page, "Next")).to_be_enabled()


def test_what_would_wait_behind_a_blocked_thing_is_decided_with_it(signed_in: Page, platform: Door) -> None:
    load = node(
        "load",
        "DLISQL",
        connectionName="lake",
        queueName="etl",
        statementOrScript="STATEMENT",
        sql="SELECT 1",
    )
    made = checked(platform, "default", packed(("jobs/orders.job", job("orders", load))))
    connection(platform, "default", "lake_prod")
    page = signed_in
    page.goto(f"/w/default/imports/{made}")
    expect(page.get_by_text("Missing here: queue")).to_be_visible()
    choose(page, "lake", "lake_prod")
    page.get_by_role("combobox", name="etl").fill("etl_prod")
    page.get_by_text("“etl_prod” exists here").click()
    button(page, "Next").click()
    button(page, "Create 1").click()
    expect(counted(page, "created 1")).to_be_visible()
    text = platform.http.get("/api/workspaces/default/documents/job/orders").text
    assert '"etl_prod"' in text


def test_options_are_changed_after_the_check_and_the_mapping_stays(signed_in: Page, platform: Door) -> None:
    connection(platform, "default", "dws_prod")
    landed(platform, "default", sales("dws_prod"))
    mapping = {"connection": {"dws_test": "dws_prod"}}
    newer = sales(content="SELECT 3;\n")
    made = checked(platform, "default", newer, duplicates="skip", mapping=mapping, execute_user="etl")
    page = signed_in
    page.goto(f"/w/default/imports/{made}?step=mapping")
    button(page, "Back to the options").click()
    expect(page.get_by_label("Executing user", exact=True)).to_have_value("etl")
    page.get_by_label("Executing user", exact=True).fill("")
    expect(page.get_by_role("radio", name="Skip")).to_be_checked()
    page.get_by_role("radio", name="Overwrite").check()
    page.get_by_role("radio", name="Saved").check()
    assert barriers(page) == []
    button(page, "Next").click()
    expect(button(page, "Overwrite 1")).to_be_enabled()
    options = platform.http.get(f"/api/workspaces/default/imports/{made}").json()["options"]
    assert (options["duplicates"], options["target_status"]) == ("overwrite", "saved")
    assert (options["mapping"], options.get("execute_user")) == (mapping, None)
