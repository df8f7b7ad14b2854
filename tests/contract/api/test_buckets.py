"""What lies in object storage, over HTTP: a level at a time, for those who may import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from contract.api.doors import Door, checked, fits, opened, refused
from jobferry.api.native.packages import FolderAnswer


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("buckets")
    for name in ("a.zip", "b/deep.zip", "c.zip", "数据 1.zip"):
        file = folder / "objects/pkg/out" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"12345")
    with opened(folder) as door:
        yield door


def listed(door: Door, path: str, **query: Any) -> httpx.Response:
    return door.http.get("/api/workspaces/default/object-storage", params={"path": path, **query})


def test_a_folder_is_read_page_by_page(bucket: Door) -> None:
    first = fits(FolderAnswer, listed(bucket, "obs://pkg/out/", limit=2))
    assert (first["path"], first["after"]) == ("obs://pkg/out/", "b")
    assert [(one["path"], one["is_folder"], one["size"]) for one in first["items"]] == [
        ("obs://pkg/out/a.zip", False, 5),
        ("obs://pkg/out/b/", True, 0),
    ]
    assert first["items"][0]["modified_at"] > 1_700_000_000_000
    second = fits(FolderAnswer, listed(bucket, "obs://pkg/out", limit=2, after=first["after"]))
    assert [one["name"] for one in second["items"]] == ["c.zip", "数据 1.zip"]
    assert second["after"] == ""
    assert [one["path"] for one in fits(FolderAnswer, listed(bucket, "obs://pkg"))["items"]] == [
        "obs://pkg/out/"
    ]
    assert fits(FolderAnswer, listed(bucket, "obs://pkg/nothing/"))["items"] == []


def test_buckets_are_listed_by_name_where_they_are_folders(bucket: Door) -> None:
    for name in ("archive", "no bucket"):
        (bucket.folder / "objects" / name).mkdir()
    found = fits(FolderAnswer, listed(bucket, "obs://"))
    assert found["path"] == "obs://"
    assert [(one["path"], one["is_folder"]) for one in found["items"]] == [
        ("obs://archive/", True),
        ("obs://pkg/", True),
    ]
    assert [one["name"] for one in listed(bucket, "obs://", after="archive").json()["items"]] == ["pkg"]


def test_what_is_listed_can_be_checked_by_its_path(bucket: Door) -> None:
    (found,) = [one for one in listed(bucket, "obs://pkg/out").json()["items"] if one["name"] == "a.zip"]
    body = {"package": {"path": found["path"]}}
    assert refused(checked(bucket.http, "/api/workspaces/default", body))[0] == "package-unreadable"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("pkg/out", 400, "invalid-object-path"),
        ("obs://pkg/../x", 400, "invalid-object-path"),
        ("obs://moon/out", 404, "bucket-missing"),
    ],
)
def test_a_path_that_leads_nowhere_is_named(bucket: Door, path: str, status: int, code: str) -> None:
    answer = listed(bucket, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"]


def test_only_who_may_import_sees_it_and_only_while_it_is_switched_on(bucket: Door) -> None:
    assert bucket.http.post("/api/users", json={"name": "looker"}).status_code == 201
    assert (
        bucket.http.put("/api/workspaces/default/members/looker", json={"roles": ["viewer"]}).status_code
        == 200
    )
    token = bucket.http.post("/api/users/looker/tokens", json={"name": "t"}).json()["token"]
    refused = bucket.http.get(
        "/api/workspaces/default/object-storage",
        params={"path": "obs://pkg/out"},
        headers={"X-Auth-Token": token},
    )
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not-allowed")
    switched = {"object_imports": False}
    assert bucket.http.patch("/api/settings", json=switched).status_code == 200
    off = listed(bucket, "obs://pkg/out")
    assert (off.status_code, off.json()["error"]["code"]) == (409, "object-storage-off")
    assert bucket.http.patch("/api/settings", json={"object_imports": True}).status_code == 200
