"""What a command makes of what a platform answers, and of what is no platform."""

from __future__ import annotations

from pathlib import Path

import httpx
import msgspec
import pytest

from jobferry.api.native.objects import list_objects
from jobferry.api.native.tags import export_tags
from jobferry.api.native.tasks import TaskAnswer
from jobferry.cli.commands.imports import ended as import_ended
from jobferry.cli.problems import EXIT_CODES, Refused
from jobferry.cli.remote import RemoteClient, connect
from jobferry.cli.show.progress import Progress
from jobferry.cli.waiting import ended
from jobferry.cli.words import words
from jobferry.errors import ErrorCode, JobferryError
from jobferry.model.kinds import ObjectKind
from jobferry.model.task import TaskKind, TaskPhase, TaskStatus


def told(status: int, content: bytes, media_type: str = "application/json") -> RemoteClient:
    """A client of something that answers so, whatever it is asked."""
    answer = httpx.Response(
        status, content=content, headers={"Content-Type": media_type, "Location": "https://there/"}
    )
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


@pytest.mark.parametrize(
    ("status", "said", "hint", "code"),
    [
        (413, "a proxy in front of http://there refuses a body of this size", "client_max_body_size", 2),
        (502, "a proxy answers at http://there, but cannot reach a platform", "proxy_read_timeout", 6),
        (503, r"cannot reach a platform behind it \(HTTP 503\)", "proxy_read_timeout", 6),
        (504, r"cannot reach a platform behind it \(HTTP 504\)", "proxy_read_timeout", 6),
        (200, "answers with a page for browsers", "its path too", 6),
        (404, r"a page for browsers \(HTTP 404\)", "its path too", 6),
        (301, "redirects to https://there/", "often with https", 6),
    ],
)
def test_what_a_proxy_answers_is_told_as_what_it_is(status: int, said: str, hint: str, code: int) -> None:
    with pytest.raises(JobferryError, match=said) as refused:
        told(status, b"<html>", "text/html").ask(list_objects, ObjectKind.JOB)
    assert (hint in refused.value.hint, EXIT_CODES[refused.value.code]) == (True, code)


def test_a_package_that_a_proxy_answers_is_no_bug() -> None:
    with pytest.raises(JobferryError, match="a page for browsers"):
        told(200, b"<html>", "text/html").hand_in(iter([b"x"]), "p.zip")


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


@pytest.mark.parametrize("url", ["https://localhost:8443", "https://jobferry.example"])
def test_certificates_are_those_of_the_environment_on_this_machine_too(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file, text in ((tmp_path / "absent.pem", None), (tmp_path / "words.pem", "no certificate")):
        if text is not None:
            file.write_text(text)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with pytest.raises(JobferryError, match=rf"the certificates in {file} \(SSL_CERT_FILE\)") as refused:
            connect(url, "", "en")
        assert EXIT_CODES[refused.value.code] == 2


def test_a_platforms_own_certificate_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("no certificate")
    for file in (tmp_path / "cert.pem", tmp_path / "nowhere"):
        with pytest.raises(
            JobferryError, match=f"the platform's certificate {file} cannot be read"
        ) as refused:
            connect("https://127.0.0.1:1", "", "en", str(file))
        assert refused.value.hint == "run this as the user that the platform runs as"


@pytest.mark.parametrize(
    ("message", "code", "said", "hint"),
    [
        (
            "the disk is full",
            "disk-full",
            ("disk-full", "the disk is full"),
            "import again once that is mended",
        ),
        ("", "", ("target-changed", "the import ended without a word"), "check again, then import again"),
    ],
)
def test_an_import_that_ended_without_a_receipt_is_refused_in_its_last_words(
    message: str, code: str, said: tuple[str, str], hint: str
) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=_task("FAILED", message, code))

    client = httpx.Client(base_url="http://there", transport=httpx.MockTransport(answer), verify=False)
    with pytest.raises(Refused) as refused:
        import_ended(RemoteClient(client, "http://there", "default", patience=9), "t1")
    assert (refused.value.code, refused.value.message, refused.value.hint) == (*said, hint)


def test_who_interrupts_a_task_is_told_what_became_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    for cancelled in (
        httpx.Response(200, content=_task("CANCELLED", "cancelled by lin; nothing was changed")),
        httpx.Response(409, json={"error": {"code": "task-over", "message": "it is over", "hint": "see it"}}),
    ):
        with pytest.raises(KeyboardInterrupt):
            ended(_interrupted(cancelled), "t1", Progress("import", words("en")))
    told = capsys.readouterr().err
    assert told == "cancelled by lin; nothing was changed\nit is over; see it\n"


def _interrupted(cancelled: httpx.Response) -> RemoteClient:
    """A client of a platform on which a task runs; while that is waited for, somebody presses Ctrl-C."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return cancelled
        if "wait" in request.url.params:
            raise KeyboardInterrupt
        return httpx.Response(200, content=_task("RUNNING", ""))

    client = httpx.Client(base_url="http://there", transport=httpx.MockTransport(answer), verify=False)
    return RemoteClient(client, "http://there", "default", patience=9)


def _task(status: str, message: str, code: str = "") -> bytes:
    answer = TaskAnswer(
        id="t1",
        kind=TaskKind.IMPORT,
        name="p.zip",
        workspace_id="w",
        created_by="lin",
        status=TaskStatus(status),
        message=message,
        code=code,
        phase=TaskPhase.STAGED,
        done=1,
        total=2,
        revision=3,
        started_at=1,
        updated_at=1,
        ended_at=0,
        receipt_id=None,
    )
    return msgspec.json.encode(answer)
