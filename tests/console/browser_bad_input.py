"""What a console meets when something goes wrong: passwords, the network, other people, and odd jobs."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from builders import job, node
from console.axe import barriers, too_wide
from console.people import member, signed_in_as
from console.stage import PASSWORD, checked, packed, sales
from contract.api.doors import Door

ODD = '<script>alert("x")</script>'
MANY = 2_000
PLACE = "/api/workspaces/default"


def saved(platform: Door, document: object) -> None:
    """Puts a job into the workspace."""
    made = platform.http.post(f"{PLACE}/objects/job", content=json.dumps(document).encode())
    assert made.status_code == 201, made.text


def test_ten_wrong_passwords_are_told_to_wait_and_a_reload_changes_nothing(
    page: Page, platform: Door
) -> None:
    member(platform, "li", "developer", workspace="default")
    page.goto("/")
    page.get_by_label("User name").fill("li")
    button = page.locator("button[type=submit]")
    for number in range(10):
        page.get_by_label("Password").fill(f"wrong {number}")
        with page.expect_response("**/api/session"):
            button.click()
    expect(page.get_by_role("alert")).to_contain_text("the password is wrong")
    page.get_by_label("Password").fill(PASSWORD)
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("too many failed sign-ins")
    page.reload()
    page.get_by_label("User name").fill("li")
    page.get_by_label("Password").fill(PASSWORD)
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("too many failed sign-ins")
    expect(page.get_by_role("navigation")).to_be_hidden()


def test_a_platform_that_is_gone_is_told_and_nothing_is_sent_twice(chromium: Browser, platform: Door) -> None:
    member(platform, "li", "developer", workspace="default")
    with signed_in_as(chromium, platform, "li") as page:
        page.goto("/w/default/new/script")
        page.get_by_role("textbox", name="Name").fill("mine")
        page.get_by_role("textbox", name="Content").fill("SELECT 1;")
        page.context.set_offline(True)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("The platform does not answer")
        assert platform.http.get(f"{PLACE}/objects/script/mine").status_code == 404
        page.context.set_offline(False)
        sent: list[str] = []
        page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="mine")).to_be_visible()
        assert [url for url in sent if "/objects/script" in url] == sent
        assert len(sent) == 1


def test_a_list_comes_once_the_platform_is_back(chromium: Browser, platform: Door) -> None:
    member(platform, "li", "developer", workspace="default")
    saved(platform, job("orders"))
    with signed_in_as(chromium, platform, "li") as page:
        page.goto("/w/default/jobs")
        expect(page.get_by_role("link", name="orders")).to_be_visible()
        page.context.set_offline(True)
        page.get_by_role("searchbox", name="Name").fill("ord")
        page.get_by_role("searchbox", name="Name").press("Enter")
        expect(page.get_by_role("alert").first).to_contain_text("The platform does not answer")
        page.context.set_offline(False)
        page.get_by_role("button", name="Try again").first.click()
        expect(page.get_by_role("link", name="orders")).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)


def test_a_page_whose_code_cannot_be_fetched_says_so_and_comes_later(
    chromium: Browser, platform: Door
) -> None:
    member(platform, "li", "developer", workspace="default")
    with signed_in_as(chromium, platform, "li") as page:
        page.goto("/w/default/jobs")
        expect(page.get_by_role("searchbox", name="Name")).to_be_visible()
        page.context.set_offline(True)
        page.get_by_role("link", name="Variables").click()
        expect(page.get_by_role("alert").first).to_contain_text("The platform does not answer")
        page.get_by_role("button", name="Try again").first.click()
        expect(page.get_by_role("alert").first).to_contain_text("The platform does not answer")
        page.context.set_offline(False)
        page.get_by_role("button", name="Try again").first.click()
        expect(page.get_by_role("heading", name="Variables")).to_be_visible()


def test_a_page_whose_code_is_gone_says_that_there_is_a_new_version_and_reloads_when_told_to(
    chromium: Browser, platform: Door
) -> None:
    """A page that was opened before the console was built anew asks for files that are not there any more."""
    member(platform, "li", "developer", workspace="default")
    gone = re.compile(r"/assets/VariablesPage-[^/]*\.js$")
    for locale, told, reload in (
        ("en-US", "A new version of the console is here", "Reload"),
        ("zh-CN", "控制台有新版本", "重新加载"),
    ):
        with signed_in_as(chromium, platform, "li", locale=locale) as page:
            page.route(gone, lambda route: route.fulfill(status=404, body="gone"))
            page.goto("/w/default/variables")
            expect(page.get_by_role("alert")).to_contain_text(told)
            button = page.get_by_role("button", name=reload)
            assert barriers(page) == []
            page.evaluate("window.isKept = true")
            page.wait_for_timeout(500)
            assert page.evaluate("window.isKept")
            with page.expect_event("load"):
                button.click()
            expect(page.get_by_role("alert")).to_contain_text(told)
            page.evaluate("window.isKept = true")
            page.wait_for_timeout(500)
            assert page.evaluate("window.isKept")
            page.unroute(gone)
            button.click()
            expect(page.get_by_role("alert")).to_have_count(0)
            expect(page.get_by_role("heading", level=1).first).to_be_visible()


def test_a_session_that_ends_in_the_middle_of_an_edit_loses_nothing(signed_in: Page, platform: Door) -> None:
    saved(platform, job("orders", node("one")))
    signed_in.goto("/w/default/jobs/orders?tab=edit")
    signed_in.get_by_label("Description").fill("not lost")
    platform.http.delete("/api/sessions")
    signed_in.get_by_role("button", name="Save", exact=True).click()
    expect(signed_in.get_by_text("Your session has ended")).to_be_visible()
    signed_in.get_by_label("Password").fill(PASSWORD)
    signed_in.get_by_role("button", name="Sign in").click()
    expect(signed_in.get_by_label("Description")).to_have_value("not lost")
    signed_in.get_by_role("button", name="Save", exact=True).click()
    expect(signed_in.get_by_text("not lost", exact=True)).to_be_visible()
    assert platform.http.get(f"{PLACE}/documents/job/orders").json()["description"] == "not lost"


def test_whoever_is_in_no_workspace_is_told_whom_to_ask(chromium: Browser, platform: Door) -> None:
    made = platform.http.post("/api/users", json={"name": "wang", "password": PASSWORD})
    assert made.status_code == 201
    for locale, told in (("en-US", "You are in no workspace yet"), ("zh-CN", "您尚未加入任何工作空间")):
        with signed_in_as(chromium, platform, "wang", locale=locale) as page:
            expect(page.get_by_text(told)).to_be_visible()
            page.set_viewport_size({"width": 390, "height": 800})
            assert too_wide(page) == 0


def test_a_job_without_nodes_says_so(signed_in: Page, platform: Door) -> None:
    saved(platform, {**job("empty"), "nodes": []})
    signed_in.goto("/w/default/jobs/empty")
    expect(signed_in.get_by_text("This job has no node yet")).to_be_visible()


def test_nodes_that_run_in_a_circle_are_named_in_an_import(signed_in: Page, platform: Door) -> None:
    circle = job("circle", node("a", after=["b"]), node("b", after=["a"]))
    made = checked(platform, "default", packed(("jobs/circle.job", circle)))
    signed_in.goto(f"/w/default/imports/{made}")
    expect(signed_in.get_by_text("run in a circle: a → b → a").first).to_be_visible()
    expect(signed_in.get_by_role("button", name="Next", exact=True)).to_be_disabled()


def test_an_import_that_was_discarded_meanwhile_is_told_with_the_way_on(
    signed_in: Page, platform: Door
) -> None:
    made = checked(platform, "default", packed(("jobs/quiet.job", job("quiet", node("wait", "Dummy")))))
    signed_in.goto(f"/w/default/imports/{made}")
    button = signed_in.get_by_role("button", name="Create 1", exact=True)
    expect(button).to_be_visible()
    platform.http.post(f"{PLACE}/imports/{made}/discard").raise_for_status()
    button.click()
    expect(signed_in.get_by_role("button", name="Import another package")).to_be_visible()
    expect(signed_in.get_by_text("Nothing was changed.")).to_be_visible()
    assert platform.http.get(f"{PLACE}/objects/job/quiet").status_code == 404


def test_two_thousand_nodes_are_shown_and_one_is_found(signed_in: Page, platform: Door) -> None:
    platform.http.patch(f"{PLACE}/settings", json={"max_nodes": str(MANY)}).raise_for_status()
    nodes = [node(f"n{number}", after=[f"n{number - 10}"] if number >= 10 else []) for number in range(MANY)]
    saved(platform, job("large", *nodes))
    signed_in.goto("/w/default/jobs/large?node=n1999")
    expect(signed_in.get_by_text("2,000 nodes")).to_be_visible()
    expect(signed_in.locator(".react-flow__node").first).to_be_visible()
    expect(signed_in.get_by_role("dialog").get_by_text("n1999", exact=True).first).to_be_visible()


@pytest.mark.parametrize("path", ["jobs", "jobs/odd", "jobs/odd?tab=edit", "jobs/odd?tab=text"])
def test_markup_in_texts_is_only_shown(signed_in: Page, platform: Door, path: str) -> None:
    saved(platform, job("odd", node("one", comment=ODD), description=ODD))
    signed_in.on("dialog", lambda dialog: pytest.fail(dialog.message))
    signed_in.goto(f"/w/default/{path}")
    expect(signed_in.get_by_text("odd", exact=True).first).to_be_visible()
    assert signed_in.evaluate("[...document.scripts].filter(one => one.text.includes('alert')).length") == 0


def test_a_package_with_markup_for_names_is_only_shown(signed_in: Page, platform: Door) -> None:
    made = checked(platform, "default", sales(connection="<img src=x onerror=alert(1)>"))
    signed_in.on("dialog", lambda dialog: pytest.fail(dialog.message))
    signed_in.goto(f"/w/default/imports/{made}")
    expect(signed_in.get_by_text("Missing here: data connection")).to_be_visible()
    expect(signed_in.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
    expect(signed_in.locator("img[src=x]")).to_have_count(0)
