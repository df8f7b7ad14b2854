"""Signing in by an OpenID provider in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from console.people import member
from console.stage import PASSWORD
from contract.api.doors import Door, opened
from oidc import CLIENT, SECRET, OpenIdProvider, provider_running


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with provider_running() as running:
        yield running


@pytest.fixture
def platform(tmp_path: Path, provider: OpenIdProvider) -> Iterator[Door]:
    chosen: dict[str, Any] = {
        "oidc_issuer": provider.issuer,
        "oidc_client": CLIENT,
        "oidc_roles": "team=default:developer",
    }
    with opened(tmp_path / "data", oidc_secret=SECRET, **chosen) as door:
        yield door


def test_who_is_known_to_the_provider_comes_back_to_the_page_they_wanted(
    page: Page, provider: OpenIdProvider
) -> None:
    provider.claims |= {"preferred_username": "ming", "groups": ["team"]}
    page.goto("/w/default/jobs?search=orders")
    page.get_by_role("button", name="Sign in with your organization").click()
    expect(page.get_by_role("button", name="Account: ming")).to_be_visible()
    expect(page.get_by_role("heading", name="Develop Job")).to_be_visible()
    assert page.url.endswith("/w/default/jobs?search=orders")


def test_what_goes_wrong_at_the_provider_is_told_with_a_way_back(
    page: Page, provider: OpenIdProvider
) -> None:
    provider.is_signed = False
    page.goto("/")
    page.get_by_role("button", name="Sign in with your organization").click()
    expect(page.get_by_role("alert")).to_contain_text("token is refused")
    page.get_by_role("link", name="Back to sign-in").click()
    expect(page.get_by_label("User name")).to_be_visible()
    page.goto("/sign-in?error=access_denied&error_description=Not+for+you")
    expect(page.get_by_role("alert")).to_contain_text("Not for you")


def test_signing_out_ends_the_session_at_the_provider_too(page: Page, provider: OpenIdProvider) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign in with your organization").click()
    page.get_by_role("button", name="Account: ming").click()
    page.get_by_text("Sign out").click()
    page.wait_for_url(f"{provider.issuer}/end?client_id={CLIENT}")
    page.go_back()
    expect(page.get_by_label("User name")).to_be_visible()


def test_whoever_signed_in_by_password_stays_here_when_signing_out(
    page: Page, platform: Door, provider: OpenIdProvider
) -> None:
    member(platform, "li", "developer", workspace="default")
    page.goto("/")
    page.get_by_label("User name").fill("li")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Account: li").click()
    page.get_by_text("Sign out").click()
    expect(page.get_by_label("User name")).to_be_visible()
    assert not page.url.startswith(provider.issuer)


def test_where_the_provider_ends_no_sessions_one_signs_out_here(page: Page, provider: OpenIdProvider) -> None:
    provider.ends_sessions = False
    page.goto("/")
    page.get_by_role("button", name="Sign in with your organization").click()
    page.get_by_role("button", name="Account: ming").click()
    page.get_by_text("Sign out").click()
    expect(page.get_by_label("User name")).to_be_visible()
