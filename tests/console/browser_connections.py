"""Data connections in a browser: made, edited, deleted, and made where a package lacks one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from builders import job, node
from console.axe import barriers, in_both_themes, too_wide
from console.people import at_home
from console.stage import checked, connection, sales
from contract.api.doors import Door

PLACE = "/api/workspaces/default/connections"
SECRET = "hush"


@pytest.fixture
def desk(signed_in: Page, platform: Door) -> Page:
    """The administrator where one connection is used by a job and another lacks its password."""
    connection(platform, "default", "dws_prod")
    config = '{"ip": "10.0.0.2", "port": 22, "password": ""}'
    hosts = f'{{"name": "hosts", "type": "HOST", "own": 1.50E2, "config": {config}}}'
    assert platform.http.post(PLACE, content=hosts.encode()).status_code == 201
    user = job("orders", node("load", "DWSSQL", connectionName="dws_prod"))
    assert platform.http.post("/api/workspaces/default/objects/job", json=user).status_code == 201
    signed_in.set_default_timeout(20_000)
    return signed_in


def test_a_connection_is_made_and_its_secret_is_nowhere_to_be_seen(desk: Page, platform: Door) -> None:
    at_home(desk)
    desk.get_by_role("link", name="Data Connections").click()
    desk.get_by_role("button", name="Create connection").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("dws prod")
    dialog.get_by_label("Cluster").fill("dws-prod")
    dialog.get_by_label("Password").fill(SECRET)
    expect(dialog.get_by_text("jobferry connection create 'dws prod'")).to_be_visible()
    dialog.get_by_role("button", name="Create connection").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("textbox", name="Name", exact=True).fill("dws_new")
    dialog.get_by_role("button", name="Create connection").click()
    expect(dialog).to_be_hidden()
    desk.get_by_role("link", name="dws_new").click()
    expect(desk.get_by_text("stored encrypted, never shown", exact=True)).to_be_visible()
    assert SECRET not in desk.content()
    made = platform.http.get(PLACE, params={"name": "dws_new"}).json()["items"][0]
    assert made["incomplete"] is False
    assert made["document"]["config"] == {"clusterName": "dws-prod", "password": ""}


def test_all_connections_travel_and_their_passwords_are_asked_for(
    desk: Page, platform: Door, tmp_path: Path
) -> None:
    platform.workspace("other")
    desk.goto("/w/default/connections")
    desk.get_by_role("button", name="Export").click()
    dialog = desk.get_by_role("dialog")
    with desk.expect_download() as begun:
        dialog.get_by_role("button", name="Export").click()
    begun.value.save_as(tmp_path / "connections.zip")
    desk.goto("/w/other/connections")
    desk.get_by_role("button", name="Import").click()
    dialog.locator("input[type=file]").set_input_files(tmp_path / "connections.zip")
    expect(dialog.get_by_role("radio", name="Skip")).to_be_checked()
    dialog.get_by_role("button", name="Check").click()
    expect(dialog.get_by_text("dws_prod: created, secret missing")).to_be_visible()
    assert barriers(desk) == []
    dialog.get_by_label("Password of dws_prod").fill(SECRET)
    dialog.get_by_role("button", name="Import").click()
    expect(dialog).to_be_hidden()
    expect(desk.get_by_role("row", name="dws_prod")).to_contain_text("complete")
    expect(desk.get_by_role("row", name="hosts")).to_contain_text("secret missing")
    assert SECRET not in desk.content()


def test_a_password_is_given_and_nothing_else_is_respelled(desk: Page, platform: Door) -> None:
    desk.goto("/w/default/connections")
    expect(desk.get_by_text("secret missing")).to_be_visible()
    before = platform.http.get(PLACE, params={"name": "hosts"}).text
    desk.get_by_role("link", name="hosts").click()
    expect(desk.get_by_text("none is stored")).to_be_visible()
    desk.get_by_role("button", name="Edit").click()
    desk.get_by_role("dialog").get_by_label("Password").fill(SECRET)
    desk.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(desk.get_by_text("stored encrypted, never shown", exact=True)).to_be_visible()
    after = platform.http.get(PLACE, params={"name": "hosts"}).text
    assert after == before.replace('"incomplete":true', '"incomplete":false')


def test_who_would_lack_it_is_told_before_a_connection_goes(desk: Page, platform: Door) -> None:
    desk.goto("/w/default/connections/dws_prod")
    expect(desk.get_by_role("link", name="orders")).to_be_visible()
    desk.get_by_role("button", name="Delete").click()
    expect(desk.get_by_text("1 object uses it and would lack it.")).to_be_visible()
    desk.get_by_role("button", name="Cancel").click()
    desk.goto("/w/default/connections/hosts")
    desk.get_by_role("button", name="Delete").click()
    expect(desk.get_by_role("dialog").get_by_text("Nothing uses it.")).to_be_visible()
    desk.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(desk.get_by_role("heading", name="Data Connections")).to_be_visible()
    expect(desk.get_by_role("link", name="hosts")).to_be_hidden()
    desk.goto("/w/default/connections/hosts")
    expect(desk.get_by_text("There is no connection hosts here")).to_be_visible()


def test_what_a_package_lacks_is_made_without_leaving_the_import(desk: Page, platform: Door) -> None:
    desk.goto(f"/w/default/imports/{checked(platform, 'default', sales('nowhere'), duplicates='overwrite')}")
    expect(desk.get_by_role("button", name="Next")).to_be_disabled()
    desk.get_by_role("button", name="Create the connection nowhere here").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Name", exact=True)).to_have_value("nowhere")
    dialog.get_by_label("Cluster").fill("dws-here")
    dialog.get_by_role("button", name="Create connection").click()
    expect(dialog).to_be_hidden()
    desk.get_by_role("button", name="Next").click()
    expect(desk.get_by_role("button", name="Create 2, overwrite 1")).to_be_visible()


def test_a_narrow_window_shows_every_page_whole_in_chinese(desk: Page) -> None:
    at_home(desk)
    desk.get_by_role("button", name="Account: administrator").click()
    desk.get_by_text("中文").click()
    desk.set_viewport_size({"width": 390, "height": 800})
    for path, text in (
        ("", "缺少密码"),
        ("?name=zzz", "没有符合条件的数据连接。"),
        ("/dws_prod", "已加密存储，不显示"),
    ):
        desk.goto(f"/w/default/connections{path}")
        expect(desk.get_by_text(text)).to_be_visible()
        assert too_wide(desk) == 0


@in_both_themes
def test_nothing_keeps_anybody_from_the_connections(desk: Page, theme: str) -> None:
    desk.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    desk.goto("/w/default/connections")
    expect(desk.get_by_role("link", name="hosts")).to_be_visible()
    found = {"list": barriers(desk)}
    desk.get_by_role("link", name="hosts").click()
    expect(desk.get_by_text("Nothing uses it.")).to_be_visible()
    found["page"] = barriers(desk)
    desk.get_by_role("button", name="Edit").click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    found["dialog"] = barriers(desk)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
