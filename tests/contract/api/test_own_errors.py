"""Every failure of the own API has one shape and a status by its family."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
import pytest

from contract.api.doors import Door, checked, opened, refused
from jobferry.api.problems import ErrorAnswer, refusal
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.errors import ErrorCode, FilesError, JobferryError, StoreError
from jobferry.services.exporting.downloads import SentChunks
from jobferry.services.exporting.exports import PackageStream
from jobferry.store.faults import full


def _told(answer: Any) -> tuple[int, str]:
    error = msgspec.json.decode(answer.content, type=ErrorAnswer).error
    assert error.request_id == answer.headers["X-Request-Id"]
    assert error.message
    return answer.status_code, error.code


class _Failing:
    """Stands in for any use case and fails at once."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise self._error


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/", None, (404, "unknown-route")),
        ("GET", "/api/moon", None, (404, "unknown-route")),
        ("GET", "/api/workspaces/", None, (404, "unknown-route")),
        ("DELETE", "/api/platform", None, (405, "method-not-allowed")),
        ("GET", "/api/workspaces/nowhere", None, (404, "workspace-missing")),
        ("GET", "/api/workspaces/default/objects/moon", None, (400, "invalid-value")),
        ("GET", "/api/workspaces/default/objects/job?limit=1001", None, (400, "invalid-value")),
        ("GET", "/api/workspaces/default/objects/job?offset=x", None, (400, "invalid-value")),
        ("GET", "/api/workspaces/default/objects/job?colour=red", None, (400, "invalid-value")),
        ("GET", "/api/workspaces/default/objects/job?language=zh&x=", None, (400, "invalid-value")),
        ("GET", "/api/workspaces/default/objects/job/a%2Fb", None, (404, "job-missing")),
        ("GET", "/api/workspaces/default/objects/job/a%00b%FF", None, (404, "job-missing")),
        ("POST", "/api/workspaces/default/objects/job", b"{", (400, "invalid-document")),
        ("GET", "/api/workspaces/default/documents/job/a?version=0", None, (400, "invalid-value")),
        ("POST", "/api/workspaces", b"{}", (400, "missing-value")),
        ("POST", "/api/workspaces", b'{"name":"a","colour":"red"}', (400, "invalid-value")),
        ("POST", "/api/workspaces", b'{"name":5,"description":"\xff"}', (400, "invalid-value")),
        ("POST", "/api/workspaces", b'{"name":5,"description":"\\ud800"}', (400, "invalid-value")),
        ("POST", "/api/workspaces", b'{"name":"default"}', (409, "name-taken")),
        ("POST", "/api/workspaces", b'{"name":"a b"}', (400, "invalid-name")),
        ("POST", "/api/workspaces/default/exports", b'{"names":["nobody"]}', (404, "job-missing")),
        ("POST", "/api/workspaces/default/exports", b'{"state":"moon"}', (400, "invalid-value")),
        ("POST", "/api/workspaces/default/exports", b"", (400, "invalid-value")),
        ("POST", "/api/workspaces/default/imports", b'{"package":{}}', (400, "invalid-value")),
        ("POST", "/api/workspaces/default/imports", b'{"package":{"id":"x"}}', (404, "package-missing")),
        (
            "POST",
            "/api/workspaces/default/imports",
            b'{"package":{"path":"obs://moon/x"}}',
            (404, "bucket-missing"),
        ),
        (
            "POST",
            "/api/workspaces/default/imports",
            b'{"package":{"id":"x"},"options":{"moon":1}}',
            (400, "invalid-value"),
        ),
        ("GET", "/api/receipts/moon", None, (404, "receipt-missing")),
        ("POST", "/api/notices/read", b'{"ids":["moon"]}', (404, "notice-missing")),
        ("GET", "/api/tasks/moon", None, (404, "task-missing")),
        ("GET", "/api/workspaces/default/inventory?kind=moon", None, (400, "invalid-value")),
        (
            "PUT",
            "/api/workspaces/default/variables/a%20b",
            b'{"value":"1","type":"variable"}',
            (400, "invalid-name"),
        ),
    ],
)
def test_a_failure_has_its_shape(
    door: Door, method: str, path: str, body: bytes | None, expected: tuple[int, str]
) -> None:
    assert _told(door.http.request(method, path, content=body)) == expected


def test_the_unknown_key_is_named(door: Door) -> None:
    body = {"package": {"id": "x"}, "options": {"duplicates": "merge"}}
    answer = door.http.post("/api/workspaces/default/imports", json=body)
    assert "options.duplicates" in answer.json()["error"]["message"]


def test_nobody_is_told_to_sign_in(door: Door) -> None:
    for path in ("/api/platform", "/api/openapi.json", "/api/settings"):
        assert _told(door.http.get(path, headers={"X-Auth-Token": ""})) == (401, "not-signed-in")
    sent = {"X-Auth-Token": "", "X-Request-Id": "mine"}
    answer = door.http.post("/api/packages", content=b"x", headers=sent)
    assert _told(answer) == (401, "not-signed-in")
    assert answer.headers.get_list("X-Request-Id") == ["mine"]
    for odd in ("a b", "x" * 65, '"'):
        answer = door.http.get("/api/platform", headers={"X-Request-Id": odd})
        assert len(answer.headers["X-Request-Id"]) == 32


def test_packages_that_cannot_be_used(tmp_path: Path) -> None:
    with opened(tmp_path / "p", package_bytes=1000) as door:
        made = door.http.post("/api/packages", content=b"no zip at all")
        body = {"package": {"id": made.json()["id"]}}
        answer = checked(door.http, "/api/workspaces/default", body)
        assert refused(answer)[0] == "package-unreadable"
        large = door.http.post("/api/packages", content=bytes(1001))
        assert _told(large) == (422, "package-too-large")
        endless = door.http.post("/api/packages", content=(bytes(100) for _ in range(11)))
        assert _told(endless) == (422, "package-too-large")
        assert len([one for one in (door.folder / "packages").rglob("*") if one.is_file()]) <= 2


@pytest.mark.parametrize(
    ("error", "own", "factory"),
    [
        (StoreError(ErrorCode.STORE_BUSY, "busy"), (503, "store-busy"), (503, "APIGW.0201")),
        (StoreError(ErrorCode.DISK_FULL, "full"), (507, "disk-full"), (507, "APIGW.0201")),
        (FilesError(ErrorCode.FILES_FAILED, "gone"), (502, "files-failed"), (502, "APIGW.0201")),
        (RuntimeError("hunter2"), (500, "internal"), (500, "APIGW.0601")),
    ],
)
def test_a_border_that_is_down_and_what_nobody_thought_of(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    own: tuple[int, str],
    factory: tuple[int, str],
) -> None:
    def change(platform: RunningPlatform) -> RunningPlatform:
        return replace(platform, workspaces=cast("Any", _Failing(error)))

    with caplog.at_level(logging.DEBUG, "jobferry.api"), opened(tmp_path / "p", change) as door:
        answer = door.http.get("/api/workspaces")
        assert _told(answer) == own
        assert (answer.headers.get("Retry-After") == "1") is (own[1] == "store-busy")
        other = door.http.get(f"{door.factory}/jobs?password=hunter3")
        assert (other.status_code, other.json()["error_code"]) == factory
        if not isinstance(error, JobferryError):
            assert "hunter2" not in answer.text + other.text
    lines = [record.getMessage() for record in caplog.records]
    assert len([line for line in lines if '"event":"request"' in line]) == 2
    assert not any("hunter3" in line or door.credentials["token"] in line for line in lines)
    assert any(answer.headers["X-Request-Id"] in line for line in lines)


def _stream(*, good: int) -> PackageStream:
    def chunks() -> Iterator[bytes]:
        yield from [b"PK" * 16 * 1024] * good
        raise FilesError(ErrorCode.FILES_FAILED, "the disk went away")

    return PackageStream(filename="a.zip", chunks=SentChunks(chunks(), lambda _: None), objects=1)


class _Exports:
    """Exports whose packages break off after so many pieces."""

    def __init__(self, good: int) -> None:
        self._good = good

    def package(self, *_: Any, **__: Any) -> PackageStream:
        return _stream(good=self._good)


def test_an_export_that_breaks_before_anything_is_sent_is_an_error_and_later_no_whole_answer(
    tmp_path: Path,
) -> None:
    def breaking(good: int) -> Callable[[RunningPlatform], RunningPlatform]:
        return lambda platform: replace(platform, exports=cast("Any", _Exports(good)))

    for good in (0, 1):
        with opened(tmp_path / f"after-{good}", breaking(good)) as door:
            answer = door.http.post("/api/workspaces/default/exports", json={})
            assert _told(answer) == (502, "files-failed")
    with opened(tmp_path / "b", breaking(3)) as door, pytest.raises(httpx.RemoteProtocolError):
        door.http.post("/api/workspaces/default/exports", json={})


@pytest.mark.parametrize("path", ["/api/session", "/v1/p/jobs"])
def test_a_callers_error_names_a_database_without_its_folder(path: str) -> None:
    error = full("/srv/jobferry/platform.db")
    answer = refusal(error, path, "POST", "1")
    assert b"platform.db" in answer.body
    assert b"/srv" not in answer.body
    assert "/srv/jobferry/platform.db" in error.message
