"""Asset backups in a browser: how they are set, one more, and the way back by an ordinary import."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from builders import job, node, script
from console.axe import barriers, too_wide
from console.people import at_home, member, signed_in_as
from console.stage import connection
from contract.api.doors import Door
from halted import halted
from jobferry.model.asset_backup import AssetBackup
from jobferry.model.task import TaskStatus

PLACE = "/api/workspaces/default"
FOLDER = "obs://backups/assets"
CARRIED = "obs://backups/carried/elsewhere"
DESK = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=800)


@pytest.fixture
def filled(signed_in: Page, platform: Door) -> Page:
    """A workspace with a job, its script, two connections and a constant, whose backups have a folder."""
    for name in ("dws_test", "dws_prod"):
        connection(platform, "default", name)
    load = node("load", "DWSSQL", connectionName="dws_test", scriptName="clean", database="dw")
    posts = [
        ("objects/script", script("clean", connectionName="dws_test", database="dw")),
        ("objects/job", job("orders", load)),
    ]
    for path, body in posts:
        assert platform.http.post(f"{PLACE}/{path}", json=body).status_code == 201
    put = platform.http.put(f"{PLACE}/variables/zone", json={"type": "constant", "value": "east"})
    assert put.is_success, put.text
    settle(platform, asset_backup_path=FOLDER)
    signed_in.set_default_timeout(20_000)
    signed_in.reload()
    return signed_in


def settle(platform: Door, **settings: str) -> None:
    """Sets something in the workspace."""
    assert platform.http.patch(f"{PLACE}/settings", json=settings).status_code == 200


def taken(platform: Door) -> str:
    """A backup; its name."""
    begun = platform.http.post(f"{PLACE}/asset-backups").json()
    platform.ended(begun["task_id"])
    return str(platform.http.get(f"{PLACE}/asset-backups").json()["items"][0]["name"])


def folder(platform: Door, name: str) -> Path:
    """Where a backup lies on this disk."""
    return platform.folder / "objects" / "backups" / "assets" / "default" / name


def button(page: Page | Locator, name: str) -> Locator:
    """The button of that name, and of no longer one."""
    return page.get_by_role("button", name=name, exact=True)


def connection_of(platform: Door) -> str:
    """The connection that the job's node uses."""
    document: Any = platform.http.get(f"{PLACE}/documents/job/orders").json()
    properties = {one["name"]: one["value"] for one in document["nodes"][0]["properties"]}
    return str(properties["connectionName"])


def fits(page: Page) -> None:
    """No barrier and nothing beyond the edge, as it is and on a phone."""
    assert barriers(page) == []
    page.set_viewport_size(PHONE)
    assert too_wide(page) == 0
    assert barriers(page) == []
    page.set_viewport_size(DESK)


def test_a_backup_is_taken_by_the_keyboard_and_stands_in_the_list(filled: Page, platform: Door) -> None:
    at_home(filled)
    page = filled
    page.get_by_role("link", name="Manage Backup", exact=True).click()
    expect(page.get_by_text("There are no backups yet.")).to_be_visible()
    expect(page.get_by_text(f"{FOLDER}/default")).to_be_visible()
    fits(page)
    button(page, "Back up now").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("jobferry asset-backup create -w default")).to_be_visible()
    button(dialog, "Back up now").press("Enter")
    expect(page.get_by_role("cell", name="3 objects", exact=False)).to_be_visible()
    row = page.get_by_role("row").filter(has_text="3 objects")
    expect(row.get_by_text("taken", exact=True)).to_be_visible()
    expect(row.get_by_role("button", name="administrator")).to_be_visible()
    (made,) = platform.http.get(f"{PLACE}/asset-backups").json()["items"]
    expect(row.get_by_text(made["name"])).to_be_visible()
    fits(page)


def test_a_name_that_is_changed_goes_by_mapping_and_plan_to_a_receipt(filled: Page, platform: Door) -> None:
    name = taken(platform)
    page = filled
    page.goto("/w/default/asset-backups")
    page.get_by_role("link", name=f"Restore {name}").click()
    field = page.get_by_role("textbox", name="dws_test is called here")
    expect(field).to_have_value("dws_test")
    fits(page)
    field.fill("")
    expect(button(page, "Next")).to_be_disabled()
    button(page, "As in the backup").click()
    field.fill("dws_prod")
    page.get_by_role("radio", name="Overwrite").check()
    said = page.get_by_text(f"jobferry asset-backup restore {name}")
    expect(said).to_contain_text("--map connection:dws_test=dws_prod --act import-package --no-variables")
    page.reload()
    expect(field).to_have_value("dws_prod")
    expect(page.get_by_role("radio", name="Overwrite")).to_be_checked()
    expect(said).to_contain_text("--duplicates overwrite --target submitted")
    button(page, "Next").press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert connection_of(platform) == "dws_test"
    button(page, "Overwrite 2").click()
    overwritten = page.get_by_role("group").get_by_role("button", name="overwritten 2", exact=True)
    expect(overwritten).to_be_visible()
    assert connection_of(platform) == "dws_prod"


def test_a_name_that_was_edited_in_the_file_is_filled_in(filled: Page, platform: Door) -> None:
    name = taken(platform)
    file = folder(platform, name) / "backup.json"
    told = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(told | {"databases": {"dw": "dw_prod"}}), "utf-8")
    filled.goto(f"/w/default/asset-backups/{name}")
    expect(filled.get_by_role("textbox", name="dw is called here")).to_have_value("dw_prod")
    expect(filled.get_by_text("--map database:dw=dw_prod")).to_be_visible()


def test_environment_variables_are_checked_and_restored_by_themselves(filled: Page, platform: Door) -> None:
    name = taken(platform)
    assert platform.http.delete(f"{PLACE}/variables/zone").status_code == 204
    page = filled
    page.goto(f"/w/default/asset-backups/{name}")
    button(page, "Restore variables").click()
    dialog = page.get_by_role("dialog")
    command = dialog.get_by_text(f"jobferry variable import {FOLDER}/default/{name}/1_env/variables-")
    expect(command).to_contain_text("--duplicates skip -w default")
    button(dialog, "Check").click()
    expect(dialog.get_by_text("zone: created")).to_be_visible()
    assert platform.http.get(f"{PLACE}/variables").json()["total"] == 0
    button(dialog, "Import").click()
    expect(page.get_by_text("The environment variables were restored.")).to_be_visible()
    assert platform.http.get(f"{PLACE}/variables").json()["items"][0]["name"] == "zone"


def test_a_file_that_was_altered_is_refused_where_it_is_restored(filled: Page, platform: Door) -> None:
    name = taken(platform)
    (file,) = (folder(platform, name) / "4_jobs").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    filled.goto(f"/w/default/asset-backups/{name}")
    button(filled, "Next").click()
    expect(
        filled.get_by_role("alert").filter(has_text="was altered after the backup was taken")
    ).to_be_visible()


def test_what_is_not_set_is_told_and_leads_to_where_it_is_set(filled: Page, platform: Door) -> None:
    settle(platform, asset_backup_path="")
    page = filled
    page.goto("/w/default/asset-backups")
    expect(page.get_by_text("It is not said where backups go, so none can be taken.")).to_be_visible()
    expect(button(page, "Back up now")).to_be_disabled()
    fits(page)
    page.get_by_role("link", name="Set in Default Configuration").click()
    expect(page.get_by_role("heading", name="Default Configuration")).to_be_visible()
    expect(page.get_by_role("region", name="Folder of asset backups")).to_be_visible()


def test_object_storage_that_is_off_is_told(filled: Page, platform: Door) -> None:
    switched = {"object_exports": "false", "object_imports": "false"}
    assert platform.http.patch("/api/settings", json=switched).status_code == 200
    page = filled
    page.goto("/w/default/asset-backups")
    expect(page.get_by_text("Nothing is written into object storage on this platform")).to_be_visible()
    expect(page.get_by_text("backups can be neither listed nor restored")).to_be_visible()
    expect(button(page, "Back up now")).to_be_disabled()
    expect(page.get_by_role("columnheader", name="Backup")).to_have_count(0)


def remembered(platform: Door, name: str, task_id: str, **more: Any) -> None:
    """A try that the platform remembers as it is here, and that left nothing."""
    own = platform.platform.parts
    workspace = platform.http.get(PLACE).json()["id"]
    record = AssetBackup(
        id=name,
        workspace_id=workspace,
        name=name,
        place=f"{FOLDER}/default/{name}",
        task_id=task_id,
        created_by="platform",
        started_at=own.runtime.now(),
        **more,
    )
    with own.runtime.store.write() as uow:
        uow.asset_backups.add(record)
        uow.commit()


def test_a_backup_that_failed_says_why_on_top_and_in_the_list(filled: Page, platform: Door) -> None:
    reason = "have it set: `jobferry setting set asset_backup_path=obs://bucket/folder`"
    remembered(platform, "2026-11-23", "gone", day="2026-11-23", status=TaskStatus.FAILED, reason=reason)
    page = filled
    page.goto("/w/default/asset-backups")
    alert = page.get_by_role("alert").filter(has_text="The backup 2026-11-23 failed")
    expect(alert).to_contain_text("“Default Configuration > asset_backup_path”")
    row = page.get_by_role("row").filter(has_text="2026-11-23")
    expect(row.get_by_text("the platform, daily")).to_be_visible()
    expect(row).to_contain_text("Have it set")
    fits(page)


def test_a_backup_under_way_is_followed_and_no_second_one_is_offered(filled: Page, platform: Door) -> None:
    task = halted(platform.platform)
    remembered(platform, "2026-11-23", task.id, day="2026-11-23")
    page = filled
    page.goto("/w/default/asset-backups")
    expect(page.get_by_text("The backup 2026-11-23 is being taken")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="2026-11-23").get_by_text("being taken")).to_be_visible()
    expect(button(page, "Back up now")).to_be_disabled()
    fits(page)
    platform.http.post(
        f"/api/tasks/{task.id}/cancel"
    ).raise_for_status()  # ends the call in which the page waits


def test_a_backup_that_was_spoilt_says_why_and_is_not_restored(filled: Page, platform: Door) -> None:
    name = taken(platform)
    (folder(platform, name) / "backup.json").write_text("{", "utf-8")
    page = filled
    page.goto("/w/default/asset-backups")
    row = page.get_by_role("row").filter(has_text=name)
    expect(row.get_by_text("cannot be used")).to_be_visible()
    expect(row).to_contain_text("is not readable")
    expect(page.get_by_role("link", name=f"Restore {name}")).to_have_count(0)
    page.goto(f"/w/default/asset-backups/{name}")
    expect(page.get_by_role("alert")).to_contain_text("is not readable")


def test_a_backup_that_is_not_there_is_told(filled: Page, platform: Door) -> None:
    taken(platform)
    filled.goto("/w/default/asset-backups/2026-01-01")
    expect(filled.get_by_role("alert")).to_contain_text("There is no asset backup 2026-01-01")
    expect(filled.get_by_role("alert")).to_contain_text("“Manage Backup”")
    filled.get_by_role("link", name="All backups").click()
    expect(filled.get_by_role("heading", name="Manage Backup")).to_be_visible()


def test_a_folder_that_another_platform_wrote_is_restored_from(filled: Page, platform: Door) -> None:
    name = taken(platform)
    platform.workspace("other")
    own = platform.folder / "objects" / "backups" / "assets" / "default"
    shutil.copytree(own, platform.folder / "objects" / "backups" / "carried" / "elsewhere")
    page = filled
    page.goto("/w/other/asset-backups")
    page.get_by_label("Folder with another platform's backups").fill(CARRIED)
    page.keyboard.press("Enter")
    expect(page.get_by_text("of default")).to_be_visible()
    page.get_by_role("link", name=f"Restore {name}").click()
    expect(page.get_by_text(f"--from {CARRIED}")).to_be_visible()
    button(page, "Next").click()
    expect(page.get_by_text("Missing here: data connection")).to_be_visible()


def test_a_developer_finds_no_backups(filled: Page, platform: Door, chromium: Browser) -> None:
    member(platform, "dana", "developer", workspace="default")
    with signed_in_as(chromium, platform, "dana") as page:
        page.goto("/w/default/jobs")
        expect(page.get_by_role("link", name="Develop Job")).to_be_visible()
        expect(page.get_by_role("link", name="Manage Backup")).to_have_count(0)


def test_the_page_is_said_in_chinese(filled: Page, platform: Door) -> None:
    name = taken(platform)
    page = filled
    page.goto("/w/default/asset-backups")
    page.get_by_role("button", name="Account: administrator").click()
    page.get_by_text("中文").click()
    expect(page.get_by_role("heading", name="备份管理")).to_be_visible()
    page.get_by_role("link", name=f"恢复 {name}").click()
    expect(page.get_by_role("textbox", name="dws_test 在此处的名称")).to_be_visible()
