"""A workspace is set up in a browser: settings, tags, members, policies, inventory, variables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from builders import job, node
from console.axe import barriers, in_both_themes, too_wide
from console.people import at_home
from console.stage import PASSWORD
from contract.api.doors import Door

DEV = "dev"


@pytest.fixture
def dev(signed_in: Page, platform: Door) -> Page:
    """The administrator in a workspace of their own, and a second user on the platform."""
    platform.workspace(DEV)
    assert platform.http.post("/api/users", json={"name": "anne", "password": PASSWORD}).status_code == 201
    signed_in.set_default_timeout(20_000)
    signed_in.reload()
    return signed_in


def _settings(platform: Door) -> dict[str, str]:
    held: dict[str, str] = platform.http.get(f"/api/workspaces/{DEV}").json()["settings"]
    return held


def test_a_setting_is_found_changed_and_put_back(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/configuration/defaults")
    keys = [one["key"] for one in platform.http.get(f"/api/workspaces/{DEV}/settings").json()]
    shown = dev.locator("section.setting")
    expect(shown).to_have_count(len(keys))
    assert not set(keys) & set(shown.evaluate_all("all => all.map(one => one.ariaLabel)"))

    dev.get_by_label("Search settings").fill("time_zone")
    expect(shown).to_have_count(2)  # it, and the daily backup, which goes by it
    dev.get_by_role("button", name="Edit Time zone").click()
    dialog = dev.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    dialog.get_by_role("combobox", name="Time zone").fill("Mars/Base")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("time_zone")
    dialog.get_by_role("combobox", name="Time zone").fill("Asia/Shanghai")
    expect(dialog.get_by_text(f"jobferry setting set time_zone=Asia/Shanghai -w {DEV}")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(shown.get_by_text("set here")).to_be_visible()
    assert _settings(platform)["time_zone"] == "Asia/Shanghai"

    dev.reload()
    expect(shown).to_have_count(2)
    dev.get_by_role("button", name="Edit Time zone").click()
    dialog.get_by_role("button", name="Back to the default").click()
    dialog.get_by_role("button", name="Save").click()
    expect(shown.get_by_text("UTC")).to_be_visible()
    assert _settings(platform).get("time_zone", "UTC") == "UTC"


def test_reviews_are_of_nothing_of_all_or_of_names(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/configuration/defaults")
    dialog = dev.get_by_role("dialog")

    def opened() -> None:
        dev.get_by_role("button", name="Edit Review", exact=True).click()
        expect(dialog).to_be_visible()

    opened()
    expect(dialog.get_by_role("radio", name="Off")).to_be_checked()
    dialog.get_by_role("radio", name="Those with these names or patterns").check()
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()  # no name yet
    names = dialog.get_by_role("combobox", name="Those with these names or patterns")
    names.fill("etl_*,orders,")
    expect(dialog.get_by_text(f"jobferry setting set 'review=etl_*,orders' -w {DEV}")).to_be_visible()
    names.fill("all,")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Use off, all, or names and patterns")
    dialog.locator(".ant-select-selection-item-remove").last.click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    assert _settings(platform)["review"] == "etl_*,orders"

    opened()
    dialog.get_by_role("radio", name="All jobs and scripts").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    assert _settings(platform)["review"] == "all"
    opened()
    dialog.get_by_role("button", name="Back to the default").click()
    expect(dialog.get_by_role("radio", name="Off")).to_be_checked()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    assert _settings(platform).get("review", "off") == "off"


def test_tags_are_made_locked_and_brought_by_a_file(dev: Page, platform: Door, tmp_path: Path) -> None:
    platform.http.post(f"/api/workspaces/{DEV}/objects/job", content=json.dumps(job("orders", node("a"))))
    dev.goto(f"/w/{DEV}/configuration/tags")
    expect(dev.get_by_text("There are no tags yet.")).to_be_visible()
    dev.get_by_role("button", name="New tag").click()
    dev.get_by_role("textbox", name="Name").fill("nightly")
    dev.get_by_role("button", name="Create").click()
    row = dev.get_by_role("row").filter(has_text="nightly")
    row.get_by_role("button", name="Lock").click()
    dev.get_by_role("dialog").get_by_role("button", name="Lock").click()
    expect(row.get_by_text("locked")).to_be_visible()
    expect(row.get_by_role("button", name="Delete")).to_be_disabled()

    file = tmp_path / "tags.csv"
    file.write_text(",weekly\norders,1\n", encoding="utf-8")
    dev.get_by_role("button", name="Tags from a file").click()
    dialog = dev.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(file)
    dialog.get_by_role("button", name="Import").click()
    expect(dev.get_by_text("1 job named, 1 changed, 1 tag created.")).to_be_visible()
    expect(dev.get_by_role("row").filter(has_text="weekly").get_by_role("cell").nth(1)).to_have_text("1")


def test_a_member_gets_roles_and_policies_and_leaves(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/configuration/members")
    dev.get_by_role("button", name="Add a member").click()
    dialog = dev.get_by_role("dialog")
    dialog.get_by_role("combobox", name="User").fill("nobody")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_role("alert")).to_contain_text("nobody")
    dialog.get_by_role("combobox", name="User").fill("anne")
    dialog.get_by_role("checkbox", name="viewer look only").check()
    dialog.get_by_role("checkbox", name="developer create").uncheck()
    dialog.get_by_role("button", name="Add").click()
    row = dev.get_by_role("row").filter(has_text="anne")
    expect(row.get_by_text("viewer")).to_be_visible()

    dev.goto(f"/w/{DEV}/configuration/policies?tab=download")
    expect(dev.get_by_text("everybody who may export can download")).to_be_visible()
    dev.get_by_role("tab", name="Directory policies").click()
    dev.get_by_role("button", name="Add a policy").click()
    dialog.get_by_role("textbox", name="Name").fill("finance")
    dialog.get_by_role("combobox", name="Directories").fill("/finance")
    dialog.get_by_role("combobox", name="Directories").press("Enter")
    dialog.get_by_role("combobox", name="Users").fill("anne")
    dialog.get_by_role("combobox", name="Users").press("Enter")
    dialog.get_by_role("button", name="Save").click()
    expect(dev.get_by_role("row").filter(has_text="/finance").get_by_text("anne")).to_be_visible()
    [policy] = platform.http.get(f"/api/workspaces/{DEV}/directory-policies").json()["items"]
    assert policy == {"name": "finance", "directories": ["/finance"], "users": ["anne"], "roles": []}

    dev.goto(f"/w/{DEV}/configuration/members")
    dev.get_by_role("button", name="More acts for anne").click()
    dev.get_by_role("menuitem", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(row).to_be_hidden()


def test_the_inventory_is_filled_by_hand_and_by_a_file(dev: Page, platform: Door, tmp_path: Path) -> None:
    dev.goto(f"/w/{DEV}/inventory")
    expect(dev.get_by_text("The inventory is empty.")).to_be_visible()
    dev.get_by_role("button", name="Add", exact=True).click()
    dialog = dev.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Names").fill("etl_prod\nadhoc")
    dialog.get_by_role("button", name="Add").click()
    expect(dev.get_by_role("cell", name="adhoc")).to_be_visible()
    file = tmp_path / "inventory.csv"
    file.write_text("kind,name,local_id\ncluster,mrs,m-7\n", encoding="utf-8")
    dev.get_by_role("button", name="Load a file").click()
    dialog.locator("input[type=file]").set_input_files(file)
    expect(dialog.get_by_text("1 thing in the file")).to_be_visible()
    dialog.get_by_role("button", name="Add").click()
    expect(dev.get_by_role("cell", name="m-7")).to_be_visible()
    dev.get_by_role("button", name="Take kinds as existing").click()
    dialog.get_by_role("checkbox", name="graph").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dev.get_by_text("Taken to exist as a whole:")).to_be_visible()
    dev.get_by_role("row").filter(has_text="adhoc").get_by_role("button", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(dev.get_by_role("cell", name="adhoc")).to_be_hidden()
    kept = platform.http.get(f"/api/workspaces/{DEV}/inventory").json()
    assert sorted(item["name"] for item in kept["items"]) == ["etl_prod", "mrs"]
    assert kept["accepted"] == ["graph"]


def test_a_secret_is_never_shown_and_other_values_when_asked_for(dev: Page, platform: Door) -> None:
    dev.goto(f"/w/{DEV}/variables")
    dialog = dev.get_by_role("dialog")
    for name, value in (("db_password", "s3cret-one"), ("region", "north-4")):
        dev.get_by_role("button", name="New variable").click()
        dialog.get_by_role("textbox", name="Name").fill(name)
        dialog.get_by_role("textbox", name="Value").fill(value)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_be_hidden()
    expect(dev.get_by_text("secret: never shown")).to_be_visible()
    expect(dev.get_by_text("north-4")).to_be_hidden()
    dev.get_by_role("button", name="Show the value of region").click()
    expect(dev.get_by_text("north-4")).to_be_visible()
    dev.get_by_role("button", name="Edit db_password").click()
    expect(dialog.get_by_role("textbox", name="Value")).to_have_value("")
    dialog.get_by_role("button", name="Cancel").click()
    assert "s3cret-one" not in dev.content()
    stored = platform.http.get(f"/api/workspaces/{DEV}/variables").json()["items"]
    assert {one["name"]: one["value"] for one in stored} == {"db_password": "s3cret-one", "region": "north-4"}


def test_variables_travel_in_a_package(dev: Page, platform: Door, tmp_path: Path) -> None:
    platform.workspace("other")
    body = {"value": "north-4", "type": "constant"}
    platform.http.put(f"/api/workspaces/{DEV}/variables/region", json=body)
    dev.goto(f"/w/{DEV}/variables")
    dev.get_by_role("button", name="Export").click()
    with dev.expect_download() as begun:
        dev.get_by_role("dialog").get_by_role("button", name="Export").click()
    begun.value.save_as(tmp_path / "variables.zip")
    dev.reload()
    dev.goto("/w/other/variables")
    dev.get_by_role("button", name="Import").click()
    dialog = dev.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(tmp_path / "variables.zip")
    dialog.get_by_role("button", name="Check").click()
    expect(dialog.get_by_text("region: created")).to_be_visible()
    dialog.get_by_role("button", name="Import").click()
    expect(dev.get_by_role("cell", name="region", exact=True)).to_be_visible()


def test_a_viewer_sees_and_is_offered_no_act(dev: Page, platform: Door) -> None:
    at_home(dev)
    platform.http.put(f"/api/workspaces/{DEV}/members/anne", json={"roles": ["viewer"]})
    dev.get_by_role("button", name="Account: administrator").click()
    dev.get_by_text("Sign out").click()
    dev.get_by_label("User name").fill("anne")
    dev.get_by_label("Password").fill(PASSWORD)
    dev.get_by_role("button", name="Sign in").click()
    expect(dev.get_by_role("navigation")).to_be_visible()
    for path, ready in (
        ("configuration/defaults", "Time zone"),
        ("configuration/tags", "There are no tags yet."),
        ("configuration/members", "administrator"),
        ("configuration/policies", "You can look at this."),
        ("inventory", "The inventory is empty."),
        ("variables", "There are no variables."),
    ):
        dev.goto(f"/w/{DEV}/{path}")
        expect(dev.get_by_text(ready).first).to_be_visible()
        for act in ("New tag", "Edit", "Add", "Add a member", "Add a policy", "New variable", "Load a file"):
            expect(dev.get_by_role("button", name=act, exact=True)).to_have_count(0)
    expect(dev.get_by_role("link", name="Users")).to_have_count(0)


@in_both_themes
def test_nothing_keeps_anybody_from_the_configuration(dev: Page, platform: Door, theme: str) -> None:
    at_home(dev)
    platform.http.put(f"/api/workspaces/{DEV}/tags/nightly")
    platform.http.put(f"/api/workspaces/{DEV}/variables/region", json={"value": "x", "type": "constant"})
    dev.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    dev.get_by_role("button", name="Account: administrator").click()
    dev.get_by_text("中文").click()
    found, wide = {}, {}
    for path, ready in (
        ("configuration/defaults", "软硬锁策略"),
        ("configuration/tags", "nightly"),
        ("configuration/members", "所有者"),
        ("configuration/policies", "没有目录策略"),
        ("configuration/audit", "新建工作空间"),
        ("inventory", "清单为空。"),
        ("variables", "region"),
    ):
        dev.set_viewport_size({"width": 1280, "height": 800})
        dev.goto(f"/w/{DEV}/{path}")
        expect(dev.get_by_text(ready).first).to_be_visible()
        found[path] = barriers(dev)
        dev.set_viewport_size({"width": 390, "height": 800})
        wide[path] = too_wide(dev)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert {path: more for path, more in wide.items() if more > 0} == {}
