"""An object service that is slow, absent, cut off or in error: what is said then, and what is left."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import s3
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.object_storage import object_storage
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import ErrorCode, FilesError, NotFound, PackageRefused
from jobferry.files.objects import S3Objects
from jobferry.files.ports import ObjectPath
from jobferry.files.s3 import S3Service

MIB = 1024 * 1024
PATH = ObjectPath("b1", "a/jobs.zip")
LARGE = [bytes([number]) * MIB for number in range(12)]
"""More than goes into one request: it is uploaded in parts."""


@pytest.fixture
def service() -> Iterator[s3.Service]:
    with s3.serving("b1") as service:
        yield service


def objects(endpoint: str) -> S3Objects:
    return S3Objects(S3Service(endpoint=endpoint, region="", access_key="a", secret_key="s", patience=2))


def fetched(endpoint: str) -> bytes:
    with objects(endpoint).fetch(PATH, limit=100 * MIB) as file:
        return file.read()


def refused(endpoint: str) -> FilesError:
    with pytest.raises(FilesError) as caught:
        fetched(endpoint)
    return caught.value


FAULTS = {
    "denied": (s3.says(403, "AccessDenied"), "403"),
    "unavailable": (s3.says(503, "SlowDown"), "503"),
    "broken": (s3.says(500, "InternalError"), "500"),
    "silent": (s3.hangs, "not answer in time"),
    "hanging up": (s3.hangs_up, "ended the connection"),
}
by_fault = pytest.mark.parametrize(("fault", "reason"), FAULTS.values(), ids=FAULTS)


@by_fault
def test_a_fetch_from_a_service_at_fault_names_object_and_reason(
    service: s3.Service, fault: s3.Fault, reason: str
) -> None:
    service.objects["/b1/a/jobs.zip"] = b"whole"
    service.faults = [fault]
    error = refused(service.endpoint)
    assert error.code is ErrorCode.FILES_FAILED
    assert (error.subject, error.hint != "") == (str(PATH), True)
    assert str(PATH) in error.message
    assert reason in error.message
    service.faults = []
    assert fetched(service.endpoint) == b"whole"


@pytest.mark.parametrize("fault", [s3.stalls, s3.closes_early, s3.announces_nothing, s3.sends_more])
def test_half_an_object_is_never_taken_for_the_whole(service: s3.Service, fault: s3.Fault) -> None:
    service.faults = [fault]
    assert str(PATH) in refused(service.endpoint).message


def test_an_object_that_goes_on_after_its_announced_end_is_read_no_further_than_the_limit(
    service: s3.Service,
) -> None:
    service.faults = [s3.sends_more]
    with pytest.raises(PackageRefused) as caught, objects(service.endpoint).fetch(PATH, limit=5):
        pass
    assert caught.value.code is ErrorCode.PACKAGE_TOO_LARGE


@pytest.mark.parametrize("size", [1, 12])
@by_fault
def test_a_store_to_a_service_at_fault_leaves_what_was_there(
    service: s3.Service, fault: s3.Fault, reason: str, size: int
) -> None:
    service.objects["/b1/a/jobs.zip"] = b"old"
    service.faults = [fault]
    with pytest.raises(FilesError) as caught:
        objects(service.endpoint).store(PATH, LARGE[:size])
    assert str(PATH) in caught.value.message
    assert (reason if reason.isdigit() else "HTTP error") in caught.value.message
    assert service.objects == {"/b1/a/jobs.zip": b"old"}
    service.faults = []
    objects(service.endpoint).store(PATH, LARGE[:size])
    assert service.objects == {"/b1/a/jobs.zip": b"".join(LARGE[:size])}


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_an_upload_that_fails_half_way_is_given_up_at_the_service(service: s3.Service, method: str) -> None:
    service.faults = [s3.honest, s3.only(method, s3.says(503, "SlowDown"))]
    with pytest.raises(FilesError):
        objects(service.endpoint).store(PATH, LARGE)
    assert service.asked[0] == "POST /b1/a/jobs.zip"
    assert (service.objects, service.uploads) == ({}, {})


def test_a_service_that_recovers_is_asked_again(service: s3.Service) -> None:
    service.objects["/b1/a/jobs.zip"] = b"whole"
    service.faults = [s3.says(500, "InternalError"), s3.hangs_up, s3.honest]
    assert fetched(service.endpoint) == b"whole"
    assert len(service.asked) == 3
    service.faults = [s3.says(500, "InternalError"), s3.honest]
    objects(service.endpoint).store(PATH, [b"new"])
    assert service.objects["/b1/a/jobs.zip"] == b"new"


def test_a_body_that_is_cut_off_once_is_read_to_its_end(service: s3.Service) -> None:
    whole = bytes(500_000) + b"x" * 500_000
    service.objects["/b1/a/jobs.zip"] = whole
    service.faults = [s3.closes_early, s3.honest]
    assert fetched(service.endpoint) == whole


def test_a_bucket_that_is_not_there_is_told_as_such(service: s3.Service) -> None:
    with pytest.raises(NotFound) as caught, objects(service.endpoint).fetch(ObjectPath("b2", "a"), limit=9):
        pass
    assert caught.value.code is ErrorCode.BUCKET_MISSING
    assert "b2" in caught.value.message


def test_a_service_that_is_not_there_is_told(service: s3.Service) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for endpoint, reason in (
        (f"http://127.0.0.1:{port}", "cannot be reached"),
        ("http://nobody.invalid", "host is not known"),
    ):
        error = refused(endpoint)
        assert error.code is ErrorCode.FILES_FAILED
        assert (str(PATH) in error.message, reason in error.message) == (True, True)
        with pytest.raises(FilesError):
            objects(endpoint).store(PATH, [b"x"])


def test_no_secret_stands_in_a_message(service: s3.Service) -> None:
    service.faults = [s3.says(403, "AccessDenied")]
    storage = S3Objects(
        S3Service(endpoint=service.endpoint, region="", access_key="AKMARK", secret_key="SKMARK", patience=2)
    )
    with pytest.raises(FilesError) as caught, storage.fetch(PATH, limit=9):
        pass
    assert "MARK" not in f"{caught.value.message} {caught.value.hint}"


def test_where_the_bucket_is_named_can_be_said(service: s3.Service, tmp_path: Path) -> None:
    """What looks for the bucket in the host's name does not find it in the path."""
    service.put("/b1/a/jobs.zip", b"whole")

    def content(**said: Any) -> bytes:
        settings = PlatformSettings(
            objects="s3",
            objects_endpoint=service.endpoint.replace("127.0.0.1", "localhost"),
            objects_access_key="a",
            objects_secret_key=SecretStr("s"),
            objects_patience=2,
            **said,
        )
        with object_storage(Home(tmp_path), settings).fetch(PATH, limit=MIB) as file:
            return file.read()

    assert content() == content(objects_addressing="path") == b"whole"
    with pytest.raises((FilesError, NotFound)):
        content(objects_addressing="host")
