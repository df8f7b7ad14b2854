"""Every list of the own API is paged, and sorted by the words that its description names."""

from __future__ import annotations

from typing import Any, get_args

import httpx

from cases import every_case
from contract.api.doors import Door
from jobferry.api.calls import PART, Declared
from jobferry.api.decoding import Bound, plain
from jobferry.api.native.calls import CALLS

_PARTS = {"workspace": "default", "user": "administrator", "kind": "job"}


def _lists() -> list[Declared]:
    """Calls that answer with a page: of those about one thing of many, none is asked."""
    return [
        call
        for call in CALLS
        if call.method == "GET"
        and {"offset", "limit"} <= {parameter.key for parameter in Bound(call).parameters}
    ]


def _sorts(call: Declared) -> tuple[str, ...]:
    (found,) = [plain(one.type) for one in Bound(call).parameters if one.key == "sort"] or [None]
    return get_args(found)


def _path(call: Declared) -> str:
    return call.path.format_map(_PARTS)


def _is_known(call: Declared) -> bool:
    return set(PART.findall(call.path)) <= _PARTS.keys()


def _items(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_every_list_is_sorted_by_each_of_its_words_and_by_no_other(door: Door) -> None:
    _fill(door)
    asked = [call for call in _lists() if _sorts(call) and _is_known(call)]
    assert len(asked) >= 16
    with every_case() as case:
        for call in asked:
            with case(call.name):
                for sort in _sorts(call):
                    found = _items(door.http.get(_path(call), params={"sort": sort}))
                    way_back = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
                    assert found == _items(door.http.get(_path(call), params={"sort": way_back}))[::-1]
                    first = _items(door.http.get(_path(call), params={"sort": sort, "limit": 1, "offset": 1}))
                    assert first == found[1:2]
                refused = door.http.get(_path(call), params={"sort": "moon"}).json()["error"]
                assert refused["subject"] == "sort"
                assert all(sort in refused["message"] for sort in _sorts(call))


def _fill(door: Door) -> None:
    """Two of each thing, at least, of which there may be few."""
    http, here = door.http, "/api/workspaces/default"
    connection, policy = {"type": "DWS", "config": {"clusterName": "c"}}, {"directories": ["/"]}
    for name in ("b", "a", "c"):
        door.workspace(f"list-{name}")
        made = [
            http.post(f"{here}/connections", json=connection | {"name": name}),
            http.post(f"{here}/inventory", json={"items": [{"kind": "queue", "name": name}]}),
            http.put(f"{here}/variables/{name}", json={"value": name, "type": "variable"}),
            http.post("/api/users", json={"name": f"list-{name}"}),
            http.put(f"{here}/members/list-{name}", json={"roles": ["viewer"]}),
            http.put(f"{here}/directory-policies/{name}", json=policy | {"users": [f"list-{name}"]}),
            http.put(f"{here}/download-policies/{name}", json={"roles": ["operator"]}),
            http.post("/api/users/administrator/tokens", json={"name": name}),
            http.post("/api/users/administrator/keys"),
            http.put(f"{here}/routes/p1/{name}", json={"options": {"params": {"day": name}}}),
        ]
        assert {answer.status_code for answer in made} <= {200, 201, 204}, [answer.text for answer in made]


def test_every_list_takes_at_most_a_thousand(door: Door) -> None:
    asked = [call for call in _lists() if _is_known(call)]
    with every_case() as case:
        for call in asked:
            with case(call.name):
                assert door.http.get(_path(call), params={"limit": 1000}).status_code == 200
                assert door.http.get(_path(call), params={"limit": 1001}).status_code == 400


def test_a_page_of_large_values_ends_before_a_megabyte(door: Door) -> None:
    door.workspace("large")
    here = "/api/workspaces/large/variables"
    for number in range(20):
        body = {"value": "数" * 30_000, "type": "variable"}
        assert door.http.put(f"{here}/v{number:02}", json=body).status_code == 204
    found: list[str] = []
    while len(found) < 20:
        answer = door.http.get(here, params={"limit": 1000, "offset": len(found)})
        assert len(answer.content) < 1_000_000
        assert answer.json()["total"] == 20
        found += [one["name"] for one in answer.json()["items"]]
    assert found == [f"v{number:02}" for number in range(20)]
    assert len(door.http.get(here, params={"name": "v1", "limit": 9}).json()["items"]) == 9


def test_a_long_answer_is_packed_for_whoever_takes_that_and_a_short_one_for_nobody(door: Door) -> None:
    packed, unpacked = (
        door.http.get("/api/settings", headers={"Accept-Encoding": coding}) for coding in ("gzip", "identity")
    )
    assert packed.json() == unpacked.json()
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert ("Content-Encoding" in unpacked.headers, unpacked.headers["Vary"]) == (False, "Accept-Encoding")
    assert int(packed.headers["Content-Length"]) * 2 < int(unpacked.headers["Content-Length"])
    short = door.http.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in short.headers
