"""What a command makes of what a platform answers, and of what is no platform."""

from __future__ import annotations

import httpx
import pytest

from jobferry.api.native.objects import list_objects
from jobferry.api.native.tags import export_tags
from jobferry.cli.problems import Refused
from jobferry.cli.remote import RemoteClient
from jobferry.errors import ErrorCode, JobferryError
from jobferry.model.kinds import ObjectKind


def told(status: int, content: bytes, media_type: str = "application/json") -> RemoteClient:
    """A client of something that answers so, whatever it is asked."""
    answer = httpx.Response(status, content=content, headers={"Content-Type": media_type})
    client = httpx.Client(
        base_url="http://there", transport=httpx.MockTransport(lambda _: answer), verify=False
    )
    return RemoteClient(client, "http://there", "default", patience=0)


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, b'{"hello": 1}'),
        (200, b"<html>"),
        (200, b'{"total": "one", "items": []}'),
        (500, b"<html>"),
        (404, b"[]"),
        (404, b'{"error": "no"}'),
    ],
)
def test_what_does_not_answer_like_a_platform_is_named_so(status: int, content: bytes) -> None:
    with pytest.raises(JobferryError, match=f"does not answer like a Jobferry .* {status}") as refused:
        told(status, content).ask(list_objects, ObjectKind.JOB)
    assert refused.value.code is ErrorCode.SERVER_UNREACHABLE


def test_a_refusal_is_raised_in_the_platforms_words() -> None:
    content = b'{"error": {"code": "moon-missing", "message": "no moon", "hint": "wait", "request_id": "r1"}}'
    with pytest.raises(Refused) as refused:
        told(404, content).ask(list_objects, ObjectKind.JOB)
    assert (refused.value.code, refused.value.message, refused.value.hint) == (
        "moon-missing",
        "no moon",
        "wait",
    )
    assert (refused.value.exit_code, refused.value.request_id) == (4, "r1")


def test_a_file_comes_as_it_is() -> None:
    file = told(200, b"job,free\n", "text/csv").ask(export_tags)
    assert (file.data, file.media_type) == (b"job,free\n", "text/csv")
