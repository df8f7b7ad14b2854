"""The platform in a browser: workspaces, users, tokens and keys, settings, audit, and what it is made of."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from console.axe import barriers, in_both_themes, too_wide
from console.people import at_home
from console.stage import PASSWORD
from contract.api.doors import Door


@pytest.fixture
def operator(signed_in: Page) -> Page:
    """The administrator, who has the operations role."""
    signed_in.set_default_timeout(20_000)
    return signed_in


def test_a_workspace_is_made_with_its_profile_and_can_be_entered(operator: Page, platform: Door) -> None:
    operator.goto("/platform/workspaces")
    operator.get_by_role("button", name="New workspace").click()
    dialog = operator.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("no spaces here")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("textbox", name="Name").fill("数仓")
    dialog.get_by_role("radio", name="EasyData").check()
    expect(dialog.get_by_text("jobferry setting set profile=easydata -w '数仓'")).to_be_visible()
    dialog.get_by_role("button", name="Create").click()
    row = operator.get_by_role("row").filter(has_text="数仓")
    expect(row.get_by_text("EasyData")).to_be_visible()
    row.get_by_role("link", name="Configure").click()
    expect(operator.get_by_role("heading", name="Default Configuration")).to_be_visible()
    assert platform.http.get("/api/workspaces/数仓").json()["settings"]["profile"] == "easydata"


def test_a_user_is_made_disabled_and_given_another_password(operator: Page, platform: Door) -> None:
    operator.goto("/platform/users")
    operator.get_by_role("button", name="New user").click()
    dialog = operator.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("anne")
    dialog.get_by_role("textbox", name="Password").fill("short")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("textbox", name="Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Create").click()
    row = operator.get_by_role("row").filter(has_text="anne")
    expect(row.get_by_text("enabled")).to_be_visible()
    operator.get_by_role("button", name="More acts for anne").click()
    operator.get_by_role("menuitem", name="Disable").click()
    dialog.get_by_role("button", name="Disable").click()
    expect(row.get_by_text("disabled")).to_be_visible()
    operator.get_by_role("button", name="More acts for anne").click()
    operator.get_by_role("menuitem", name="Enable").click()
    dialog.get_by_role("button", name="Enable").click()
    operator.get_by_role("button", name="More acts for anne").click()
    operator.get_by_role("menuitem", name="Set password").click()
    dialog.get_by_role("textbox", name="New password").fill("another " + PASSWORD)
    dialog.get_by_role("button", name="Set password").click()
    expect(dialog).to_be_hidden()
    asked = {"name": "anne", "password": "another " + PASSWORD}
    base = f"http://127.0.0.1:{platform.port}"
    assert httpx.post(f"{base}/api/session", json=asked, trust_env=False).status_code == 201

    operator.get_by_role("button", name="More acts for administrator").click()
    operator.get_by_role("menuitem", name="Take operations away").click()
    dialog.get_by_role("button", name="Take operations away").click()
    expect(dialog.get_by_role("alert")).to_contain_text("the last one who has the operations role")


def test_a_token_and_a_key_pair_are_shown_once_and_taken_back(operator: Page, platform: Door) -> None:
    operator.goto("/platform/access")
    dialog = operator.get_by_role("dialog")
    operator.get_by_role("button", name="New token").click()
    dialog.get_by_role("textbox", name="Name").fill("ci/cd")
    dialog.get_by_role("checkbox", name="For looking and exporting only").check()
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("Copy it now: it is not shown again.")).to_be_visible()
    token = dialog.locator("code").inner_text().strip()
    base = f"http://127.0.0.1:{platform.port}"
    headers = {"X-Auth-Token": token}
    assert httpx.get(f"{base}/api/me", headers=headers, trust_env=False).json()["read_only"] is True
    dialog.get_by_role("button", name="I have copied it").click()
    assert token not in operator.content()
    row = operator.get_by_role("row").filter(has_text="ci/cd")
    row.get_by_role("button", name="Revoke").click()
    dialog.get_by_role("button", name="Revoke").click()
    expect(row).to_be_hidden()
    assert httpx.get(f"{base}/api/me", headers=headers, trust_env=False).status_code == 401

    operator.get_by_role("button", name="New key pair").click()
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("Copy it now: it is not shown again.")).to_be_visible()
    access_key = dialog.locator("code").filter(has_not_text="jobferry").first.inner_text().strip()
    dialog.get_by_role("button", name="I have copied it").click()
    operator.get_by_role("button", name=f"More acts for {access_key}").click()
    operator.get_by_role("menuitem", name="Disable").click()
    dialog.get_by_role("button", name="Disable").click()
    expect(operator.get_by_role("row").filter(has_text=access_key).get_by_text("disabled")).to_be_visible()


def test_whoever_changes_their_password_signs_in_anew(operator: Page) -> None:
    operator.goto("/platform/access")
    operator.get_by_label("Present password").fill("wrong")
    operator.get_by_label("New password").fill("another " + PASSWORD)
    operator.get_by_role("button", name="Change password").click()
    expect(operator.get_by_role("alert").first).to_contain_text("The current password is wrong")
    operator.get_by_label("Present password").fill(PASSWORD)
    operator.get_by_role("button", name="Change password").click()
    expect(operator.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_audit_is_told_in_words_narrowed_and_verified(operator: Page, platform: Door) -> None:
    platform.workspace("dev", time_zone="Asia/Shanghai")
    operator.goto("/platform/audit")
    operator.get_by_role("searchbox", name="Search anywhere").fill("time_zone")
    operator.get_by_role("searchbox", name="Search anywhere").press("Enter")
    operator.get_by_role("button", name="setting changed").click()
    drawer = operator.get_by_role("dialog")
    expect(drawer.get_by_text("setting-edit setting time_zone")).to_be_visible()
    operator.reload()
    expect(drawer.get_by_text("setting-edit setting time_zone")).to_be_visible()
    drawer.get_by_role("button", name="Close").click()
    operator.goto("/platform/audit?until=2001-01-01")
    expect(operator.get_by_text("No row fits these filters.")).to_be_visible()
    operator.get_by_role("button", name="Clear filters").click()
    expect(operator.get_by_role("button", name="workspace created").first).to_be_visible()
    operator.get_by_role("button", name="Verify").click()
    expect(operator.get_by_text("rows are as they were written.")).to_be_visible()


def test_a_setting_of_the_platform_says_where_its_value_comes_from(operator: Page, platform: Door) -> None:
    operator.goto("/platform/settings?search=batch_exports")
    operator.get_by_role("button", name="Edit Batch export of tasks").click()
    dialog = operator.get_by_role("dialog")
    dialog.get_by_role("radio", name="Yes").check()
    dialog.get_by_role("button", name="Save").click()
    expect(operator.locator("section.setting").get_by_text("set here")).to_be_visible()
    keys = [one["key"] for one in platform.http.get("/api/settings").json()]
    operator.goto("/platform/settings")
    shown = operator.locator("section.setting")
    expect(shown).to_have_count(len(keys))
    assert not set(keys) & set(shown.evaluate_all("all => all.map(one => one.ariaLabel)"))


@in_both_themes
def test_nothing_keeps_anybody_from_the_platform(operator: Page, platform: Door, theme: str) -> None:
    at_home(operator)
    platform.http.post("/api/users", json={"name": "anne"})
    operator.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    operator.get_by_role("button", name="Account: administrator").click()
    operator.get_by_text("中文").click()
    found, wide = {}, {}
    for path, ready in (
        ("workspaces", "default"),
        ("users", "anne"),
        ("users/anne", "没有令牌。"),
        ("access", "退出所有会话"),
        ("settings", "批量导出任务"),
        ("audit", "登录"),
        ("about", "@ant-design/icons"),
    ):
        operator.set_viewport_size({"width": 1280, "height": 800})
        operator.goto(f"/platform/{path}")
        if path == "about":
            expect(operator.get_by_text("SQLite 3.", exact=False)).to_be_visible()
        expect(operator.get_by_text(ready).first).to_be_visible()
        found[path] = barriers(operator)
        operator.set_viewport_size({"width": 390, "height": 800})
        wide[path] = too_wide(operator)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert {path: more for path, more in wide.items() if more > 0} == {}
