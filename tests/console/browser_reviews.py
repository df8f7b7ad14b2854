"""Reviews and releases between two people, each at a browser of their own."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from builders import job, node
from console.axe import barriers, in_both_themes, too_wide
from console.people import member, signed_in_as
from contract.api.doors import Door

TEAM = "team"


def load(platform: Door, name: str, **params: str) -> None:
    """A job, and what becomes of it."""
    place = f"/api/workspaces/{TEAM}/objects/job"
    made = platform.http.post(place, json=job(name, node("one")), params=params)
    assert made.status_code == 201, made.text


def reviewed(platform: Door, **settings: str) -> None:
    """A workspace in which zhao decides and li works, with one live job that nobody has locked."""
    platform.workspace(TEAM)
    load(platform, "orders")
    platform.http.delete(f"/api/workspaces/{TEAM}/locks/job/orders")
    assert platform.http.patch(f"/api/workspaces/{TEAM}/settings", json=settings).status_code == 200
    member(platform, "zhao", "administrator", workspace=TEAM)
    member(platform, "li", "developer", workspace=TEAM)


def edited(page: Page, text: str) -> None:
    """Gives the job another description, and begins to submit it."""
    page.goto(f"/w/{TEAM}/jobs/orders?tab=edit")
    page.get_by_label("Description").fill(text)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(text, exact=True)).to_be_visible()
    page.get_by_role("button", name="Submit", exact=True).click()


def ask(page: Page, text: str) -> None:
    """Submits the job by way of a review."""
    edited(page, text)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Approvers").click()
    options = page.locator(".ant-select-item-option")
    expect(options.filter(has_text="zhao")).to_be_visible()
    expect(options.filter(has_text="li")).to_have_count(0)
    dialog.get_by_role("combobox", name="Approvers").fill("zhao")
    dialog.get_by_role("combobox", name="Approvers").press("Enter")
    expect(dialog.get_by_title("zhao")).to_be_visible()
    dialog.get_by_role("textbox", name="Description").fill(f"why {text}")
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog).to_be_hidden()


def live(platform: Door) -> str:
    """The description of the live version."""
    where = f"/api/workspaces/{TEAM}/documents/job/orders"
    return str(platform.http.get(where, params={"version": "live"}).json().get("description", ""))


def test_a_review_is_asked_for_rejected_asked_again_and_approved(chromium: Browser, platform: Door) -> None:
    reviewed(platform, review="all")
    with signed_in_as(chromium, platform, "li") as li, signed_in_as(chromium, platform, "zhao") as zhao:
        ask(li, "new receivers")
        assert live(platform) == ""
        zhao.goto("/")
        expect(zhao.get_by_text("1 review waits for you")).to_be_visible()
        zhao.get_by_role("link", name="Decide").click()
        zhao.get_by_role("link", name="orders").click()
        expect(zhao.get_by_text("why new receivers")).to_be_visible()
        zhao.get_by_role("button", name="Compare").click()
        expect(zhao.get_by_text('"new receivers"')).to_be_visible()
        zhao.get_by_role("button", name="Reject").click()
        zhao.get_by_label("Answer").fill("say why")
        zhao.get_by_role("dialog").get_by_role("button", name="Reject").click()
        expect(zhao.get_by_text("rejected")).to_be_visible()

        li.goto(f"/w/{TEAM}/reviews?tab=mine")
        li.get_by_role("link", name="orders").click()
        expect(li.get_by_text("say why")).to_be_visible()
        li.get_by_role("button", name="Ask again").click()
        li.get_by_role("dialog").get_by_label("Description").fill("because")
        li.get_by_role("dialog").get_by_role("button", name="Ask again").click()
        expect(li.get_by_role("dialog")).to_be_hidden()
        expect(li.get_by_text("because")).to_be_visible()
        expect(li.get_by_text("You have asked for this yourself: somebody else decides.")).to_be_visible()
        expect(li.get_by_role("button", name="Approve")).to_be_hidden()

        zhao.goto(f"/w/{TEAM}/reviews")
        zhao.get_by_role("link", name="orders").click()
        zhao.get_by_role("button", name="Approve").click()
        zhao.get_by_role("dialog").get_by_role("button", name="Approve").click()
        expect(zhao.get_by_text("approved")).to_be_visible()
        assert live(platform) == "new receivers"


def test_what_changed_meanwhile_is_told_and_cannot_be_approved(chromium: Browser, platform: Door) -> None:
    reviewed(platform, review="all")
    with signed_in_as(chromium, platform, "li") as li, signed_in_as(chromium, platform, "zhao") as zhao:
        ask(li, "first")
        li.goto(f"/w/{TEAM}/jobs/orders?tab=edit")
        li.get_by_label("Description").fill("second")
        li.get_by_role("button", name="Save", exact=True).click()
        expect(li.get_by_text("second", exact=True)).to_be_visible()
        zhao.goto(f"/w/{TEAM}/reviews")
        zhao.get_by_role("link", name="orders").click()
        zhao.get_by_role("button", name="Compare").click()
        expect(zhao.get_by_text("It was changed after this was asked for.")).to_be_visible()
        zhao.get_by_role("button", name="Approve").click()
        zhao.get_by_role("dialog").get_by_role("button", name="Approve").click()
        expect(zhao.get_by_role("dialog").get_by_role("alert")).to_contain_text("Changed since li asked")
        zhao.get_by_role("button", name="Cancel").click()
        li.goto(f"/w/{TEAM}/reviews?tab=mine")
        li.get_by_role("link", name="orders").click()
        li.get_by_role("button", name="Withdraw").click()
        li.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
        expect(li.get_by_text("withdrawn")).to_be_visible()
        assert live(platform) == ""


def test_a_release_takes_live_what_waits(chromium: Browser, platform: Door) -> None:
    reviewed(platform, mode="enterprise")
    member(platform, "sun", "deployer", workspace=TEAM)
    with signed_in_as(chromium, platform, "li") as li, signed_in_as(chromium, platform, "sun") as sun:
        edited(li, "November")
        li.get_by_role("dialog").get_by_role("checkbox").check()
        li.get_by_role("dialog").get_by_role("button", name="Submit").click()
        expect(li.get_by_role("dialog")).to_be_hidden()
        li.goto(f"/w/{TEAM}/reviews?tab=waiting")
        li.get_by_role("checkbox", name="Select orders").check()
        li.get_by_role("button", name="Release selected (1)").click()
        li.get_by_label("Name of the release").fill("november")
        li.get_by_role("dialog").get_by_role("button", name="Create a release").click()
        expect(li.get_by_role("link", name="november")).to_be_visible()
        assert live(platform) == ""
        sun.goto("/")
        sun.get_by_role("link", name="Decide").click()
        sun.get_by_role("link", name="november").click()
        expect(sun.get_by_text("anybody who may")).to_be_visible()
        sun.get_by_role("button", name="Approve").click()
        sun.get_by_label("Answer").fill("fine")
        sun.get_by_role("dialog").get_by_role("button", name="Approve").click()
        expect(sun.get_by_text("approved")).to_be_visible()
        assert live(platform) == "November"


def test_where_no_review_is_wanted_the_page_says_so(signed_in: Page) -> None:
    signed_in.goto("/w/default/reviews?tab=all")
    expect(signed_in.get_by_text("Nobody has asked for anything yet.")).to_be_visible()
    expect(signed_in.get_by_text("No review is wanted in this workspace")).to_be_visible()


def test_a_narrow_window_shows_every_page_whole_in_chinese(chromium: Browser, platform: Door) -> None:
    reviewed(platform, review="all")
    with signed_in_as(chromium, platform, "li") as li:
        ask(li, "new receivers")
    with signed_in_as(chromium, platform, "zhao", locale="zh-CN") as zhao:
        zhao.set_viewport_size({"width": 390, "height": 800})
        zhao.goto(f"/w/{TEAM}/reviews")
        expect(zhao.get_by_role("tab", name="我的申请")).to_be_visible()
        assert too_wide(zhao) == 0
        zhao.get_by_role("link", name="orders").click()
        zhao.get_by_role("button", name="版本对比").click()
        expect(zhao.get_by_text('"new receivers"')).to_be_visible()
        assert too_wide(zhao) == 0


@in_both_themes
def test_nothing_keeps_anybody_from_the_reviews(chromium: Browser, platform: Door, theme: str) -> None:
    reviewed(platform, review="all")
    found = {}
    with signed_in_as(chromium, platform, "li") as li:
        ask(li, "new receivers")
    with signed_in_as(chromium, platform, "zhao") as zhao:
        zhao.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        zhao.goto(f"/w/{TEAM}/reviews")
        expect(zhao.get_by_role("link", name="orders")).to_be_visible()
        found["list"] = barriers(zhao)
        zhao.get_by_role("link", name="orders").click()
        zhao.get_by_role("button", name="Compare").click()
        expect(zhao.get_by_text('"new receivers"')).to_be_visible()
        found["review"] = barriers(zhao)
        zhao.get_by_role("button", name="Reject").click()
        expect(zhao.get_by_role("dialog")).to_be_visible()
        found["dialog"] = barriers(zhao)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
