"""The pictures of pages are of every page that the router has."""

from __future__ import annotations

from console.screenshots import ADDRESSES, addresses, file_of, routes

MADE = {"blocked": "1", "receipt": "2", "ready": "3", "review": "4", "backup": "5", "stopped": "6"}


def test_every_page_of_the_router_is_pictured() -> None:
    assert {"/", "/w/$workspace/jobs", "/w/$workspace/imports/$importId"} <= set(routes())
    parametrised = {route for route in routes() if "$" in route.replace("$workspace", "")}
    assert parametrised == ADDRESSES.keys()


def test_no_two_pictures_have_one_name() -> None:
    found = [*addresses(MADE)]
    assert len({file_of(address, {}) for address in found}) == len(found)
