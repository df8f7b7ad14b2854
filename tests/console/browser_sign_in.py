"""The way in: the first password, signing in and out, a session that ends in the middle of work."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from console.people import at_home
from console.stage import PASSWORD
from contract.api.doors import Door


def test_a_first_password_signs_in_and_the_link_is_used_up(welcomed: Page) -> None:
    expect(welcomed.get_by_role("heading", name="Hello, administrator")).to_be_visible()
    assert "link=" not in welcomed.url


def test_two_passwords_that_differ_are_told_before_anything_is_sent(page: Page, platform: Door) -> None:
    page.goto(f"/welcome#link={platform.platform.users.first_password_link('administrator')}")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat the password").fill("another")
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_text("The two passwords differ")).to_be_visible()


def test_a_link_that_was_used_says_so_and_leads_to_the_sign_in(page: Page, platform: Door) -> None:
    link = platform.platform.users.first_password_link("administrator")
    used = platform.http.post("/api/session/first", json={"link": link, "password": PASSWORD})
    assert used.is_success, used.text
    page.goto(f"/welcome#link={link}")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat the password").fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("start jobferry serve again")
    page.get_by_role("button", name="Back to sign-in").click()
    expect(page.get_by_label("User name")).to_be_visible()


def test_a_wrong_password_is_told_and_a_right_one_goes_on(signed_in: Page) -> None:
    at_home(signed_in)
    signed_in.get_by_role("button", name="Account: administrator").click()
    signed_in.get_by_text("Sign out").click()
    signed_in.get_by_label("User name").fill("administrator")
    signed_in.get_by_label("Password").fill("wrong password")
    signed_in.get_by_role("button", name="Sign in").click()
    expect(signed_in.get_by_role("alert")).to_contain_text("the password is wrong")
    signed_in.get_by_label("Password").fill(PASSWORD)
    signed_in.get_by_role("button", name="Sign in", exact=True).click()
    expect(signed_in.get_by_role("navigation")).to_be_visible()


def test_signing_out_after_a_reload_asks_who_comes_next(signed_in: Page) -> None:
    at_home(signed_in)
    signed_in.reload()
    signed_in.get_by_role("button", name="Account: administrator").click()
    signed_in.get_by_text("Sign out").click()
    expect(signed_in.get_by_label("User name")).to_be_visible()


def test_a_session_that_ends_is_taken_up_where_it_was(signed_in: Page, platform: Door) -> None:
    at_home(signed_in)
    platform.http.delete("/api/sessions")
    signed_in.get_by_role("link", name="About").dispatch_event("click")  # also where that is noticed before
    expect(signed_in.get_by_text("Your session has ended")).to_be_visible()
    signed_in.get_by_label("Password").fill(PASSWORD)
    signed_in.get_by_role("button", name="Sign in").click()
    expect(signed_in.get_by_text(platform.platform.identity.id)).to_be_visible()


def test_everything_is_said_in_chinese_too(signed_in: Page) -> None:
    at_home(signed_in)
    signed_in.get_by_role("button", name="Account: administrator").click()
    signed_in.get_by_text("中文").click()
    expect(signed_in.get_by_role("heading", name="您好，administrator")).to_be_visible()
    signed_in.reload()
    expect(signed_in.get_by_role("link", name="关于")).to_be_visible()


def test_a_narrow_window_keeps_the_navigation_behind_a_button(signed_in: Page) -> None:
    at_home(signed_in)
    signed_in.set_viewport_size({"width": 390, "height": 800})
    expect(signed_in.get_by_role("link", name="About")).to_be_hidden()
    signed_in.get_by_role("button", name="Menu").click()
    signed_in.get_by_role("link", name="About").click()
    expect(signed_in.get_by_role("heading", name="About this platform")).to_be_visible()
