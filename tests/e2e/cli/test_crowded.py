"""A platform that is served to clients who are slow, greedy or many: everybody else is answered meanwhile."""

from __future__ import annotations

import json
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from crashing.lives import Zygote

from .conftest import Program

HALF = b'{"na'
FORGED = "Authorization: SDK-HMAC-SHA256 Access=A, SignedHeaders=host, Signature=0"
Serve = Callable[..., str]


class Client:
    """One connection, byte by byte."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=20)

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def begin(self, path: str, *fields: str, length: int = 1_000_000, body: bytes = HALF) -> None:
        """Sends a request whose body does not come to its end."""
        head = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *fields]
        self.send("\r\n".join([*head, f"Content-Length: {length}", "", ""]).encode() + body)

    def answer(self) -> httpx.Response:
        """The answer, read to the end of the connection or of its body."""
        whole = b""
        while not _is_whole(whole):
            piece = self.socket.recv(65_536)
            if not piece:
                break
            whole += piece
        head, _, body = whole.partition(b"\r\n\r\n")
        line, *fields = head.decode().split("\r\n")
        headers = [tuple(field.split(": ", 1)) for field in fields]
        return httpx.Response(int(line.split()[1]), headers=headers, content=body)  # type: ignore[arg-type]

    def is_closed(self) -> bool:
        """Waits until the other side says something or closes; whether it closed."""
        return self.socket.recv(65_536) == b""


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    length = next(
        (one[15:] for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")), b""
    )
    return bool(end) and bool(length) and len(body) >= int(length)


def code(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])


@contextmanager
def clients(url: str, number: int) -> Iterator[list[Client]]:
    with ExitStack() as stack:
        found = [Client(url) for _ in range(number)]
        for one in found:
            stack.callback(one.socket.close)
        yield found


class Platform(NamedTuple):
    """One that is served."""

    url: str
    token: str
    folder: Path


def opened(folder: Path) -> Platform:
    """The platform that is served in a folder, as its owner finds it."""
    told = json.loads((folder / "address.json").read_text())
    return Platform(told["url"], told["token"], folder)


@contextmanager
def serving(folder: Path, founded: Path, zygote: Zygote, **settings: str) -> Iterator[Platform]:
    """A platform that is served with these settings; its log, which nobody reads here, is short."""
    (folder / "home").mkdir()
    shutil.copytree(founded, folder / "here")
    program = Program(folder, zygote)
    settings["log_level"] = "warning"
    program.environment |= {f"JOBFERRY_{name.upper()}": value for name, value in settings.items()}
    process = program.start("serve", "--port", "0", "--data", "here")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://")
    yield opened(folder / "here")
    process.terminate()
    process.communicate()


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory, founded: Path, zygote: Zygote) -> Iterator[Platform]:
    """A platform as it is by itself."""
    with serving(tmp_path_factory.mktemp("usual"), founded, zygote) as platform:
        yield platform


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory, founded: Path, zygote: Zygote) -> Iterator[Platform]:
    """A platform with little patience."""
    folder = tmp_path_factory.mktemp("hurried")
    with serving(folder, founded, zygote, client_patience="0.5") as platform:
        yield platform


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, founded: Path, zygote: Zygote) -> Iterator[Platform]:
    """A platform with few connections, which one user may fill with uploads."""
    folder = tmp_path_factory.mktemp("small")
    with serving(folder, founded, zygote, connections="16", uploads_per_user="100") as platform:
        yield platform


def opened_after(serve: Serve, jobferry: Program) -> Platform:
    serve("here")
    return opened(jobferry.folder / "here")


def everybody_is_answered(url: str, token: str) -> None:
    with httpx.Client(base_url=url, headers={"X-Auth-Token": token}, timeout=10, verify=False) as http:
        for path in ("/healthz", "/readyz", "/api/me", "/api/workspaces/default/objects/job"):
            assert http.get(path).status_code == 200, path


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/packages", "X-Auth-Token: {token}"),
        ("/api/packages", FORGED),
        ("/api/workspaces/default/objects/job", "X-Auth-Token: {token}"),
        ("/v1/p/jobs", FORGED),
        ("/api/session", "Accept: */*"),
    ],
)
def test_half_sent_bodies_keep_nobody_else_waiting(usual: Platform, path: str, field: str) -> None:
    url, token = usual.url, usual.token
    with clients(url, 60) as slow:
        for one in slow:
            one.begin(path, field.format(token=token), length=50_000)
        everybody_is_answered(url, token)


def test_a_body_that_stops_coming_is_answered_after_a_while(hurried: Platform) -> None:
    url, token = hurried.url, hurried.token
    project = httpx.get(f"{url}/api/platform", headers={"X-Auth-Token": token}).json()["project_id"]
    for path in ("/api/packages", f"/v1/{project}/jobs"):
        with clients(url, 1) as (one,):
            one.begin(path, f"X-Auth-Token: {token}")
            answer = one.answer()
            assert (answer.status_code, "did not arrive" in answer.text) == (408, True)
            assert answer.headers["X-Request-Id"]


def test_a_body_that_trickles_in_is_answered_after_a_while(hurried: Platform) -> None:
    url, token = hurried.url, hurried.token
    with clients(url, 1) as (one,):
        one.begin("/api/packages", f"X-Auth-Token: {token}")
        one.socket.settimeout(0.1)
        until, said = time.monotonic() + 20, b""
        while not said and time.monotonic() < until:
            one.send(b" ")
            try:
                said = one.socket.recv(12)
            except TimeoutError:
                continue
        assert said == b"HTTP/1.1 408"


def test_one_user_sends_so_many_large_bodies_at_once_and_others_are_not_touched(
    jobferry: Program, serve: Serve
) -> None:
    jobferry.environment["JOBFERRY_UPLOADS_PER_USER"] = "2"
    url, token, _ = opened_after(serve, jobferry)
    jobferry.done(
        "user", "create", "lin", "--operations", "--stdin", "--data", "here", send=b"walked over 7 hills\n"
    )
    jobferry.done("member", "add", "lin", "administrator", "--data", "here")
    other = jobferry.done("token", "create", "t", "--user", "lin", "--data", "here", "--json").json["token"]
    with clients(url, 4) as (first, second, third, foreign):
        for one in (first, second):
            one.begin("/api/workspaces/default/objects/job", f"X-Auth-Token: {token}")
        settled(url, token)
        third.begin("/api/packages", f"X-Auth-Token: {token}")
        answer = third.answer()
        assert (answer.status_code, code(answer)) == (429, "too-many-uploads")
        assert answer.headers["Retry-After"] == "5"
        foreign.begin("/api/packages", f"X-Auth-Token: {other}", length=70_000, body=b"PK" * 35_000)
        assert foreign.answer().status_code == 201
        first.socket.close()
        assert until_taken(url, token) == 201


def settled(url: str, token: str) -> None:
    """Returns once what was sent before has been signed in."""
    for _ in range(5):
        assert httpx.get(f"{url}/api/me", headers={"X-Auth-Token": token}).status_code == 200
    time.sleep(0.3)


def until_taken(url: str, token: str) -> int:
    """Sends a large body until it is not one too many, and tells what it was answered."""
    status, until = 429, time.monotonic() + 20
    while status == 429 and time.monotonic() < until:
        headers = {"X-Auth-Token": token}
        status = httpx.post(f"{url}/api/packages", content=bytes(70_000), headers=headers).status_code
    return status


def test_a_package_of_many_pieces_arrives_as_it_was_sent(usual: Platform) -> None:
    url, token = usual.url, usual.token
    pieces = (bytes([number % 251]) * 70_000 for number in range(70))
    headers = {"X-Auth-Token": token}
    kept = httpx.post(f"{url}/api/packages", content=pieces, headers=headers, timeout=60)
    assert (kept.status_code, kept.json()["size"]) == (201, 4_900_000)
    whole = (usual.folder / "packages" / f"{kept.json()['id']}.zip").read_bytes()
    assert whole == b"".join(bytes([number % 251]) * 70_000 for number in range(70))


def test_an_upload_whose_client_goes_leaves_nothing(usual: Platform) -> None:
    url, token = usual.url, usual.token
    shelf = usual.folder / "packages"
    with clients(url, 1) as (one,):
        one.begin("/api/packages", f"X-Auth-Token: {token}", length=9_000_000, body=bytes(4_000_000))
        until = time.monotonic() + 20
        while not list(shelf.glob("*.part")) and time.monotonic() < until:
            time.sleep(0.05)
        assert len(list(shelf.glob("*.part"))) == 1
    until = time.monotonic() + 20
    while list(shelf.glob("*.part")) and time.monotonic() < until:
        time.sleep(0.05)
    assert list(shelf.glob("*.part")) == []


def test_bodies_of_nobody_known_share_a_memory_of_their_own(usual: Platform) -> None:
    url, token = usual.url, usual.token
    with clients(url, 8) as greedy:
        for one in greedy:
            one.begin("/v1/p/jobs", FORGED, length=12_000_000, body=bytes(11_900_000))
        assert greedy[0].answer().status_code == 503
        everybody_is_answered(url, token)


Pieces = list[tuple[bytes, int]]


@pytest.mark.parametrize(
    ("pieces", "status", "word"),
    [
        ([(b"GET /", 1), (b"a" * 1000, 1000)], 414, "address-too-long"),
        ([(b"GET /healthz HTTP/1.1\r\nx: ", 1), (b"a" * 1000, 1000)], 431, "headers-too-large"),
        ([(b"GET /healthz HTTP/1.1\r\n", 1), (b"a: b\r\n", 5000)], 431, "headers-too-large"),
        ([(b"GET /healthz HTTP/1.1\r\n", 1), (b"a: b\r\n", 101), (b"\r\n", 1)], 431, "headers-too-large"),
        ([(b"GET /healthz HTTP/1.1\r\n" + b"a" * 40_000 + b": b\r\n\r\n", 1)], 431, "headers-too-large"),
        ([(b"a whale\r\n\r\n", 1)], 400, "invalid-value"),
    ],
)
def test_a_head_beyond_its_limits_is_refused_by_name(
    usual: Platform, pieces: Pieces, status: int, word: str
) -> None:
    with clients(usual.url, 1) as (one,):
        for piece, times in pieces:
            one.send(piece * times)
        answer = one.answer()
        assert (answer.status_code, code(answer)) == (status, word)
        assert answer.headers["X-Request-Id"] == answer.json()["error"]["request_id"]
        assert answer.headers["Connection"] == "close"


def test_what_is_refused_early_is_told_in_the_words_of_its_api(usual: Platform) -> None:
    with clients(usual.url, 1) as (one,):
        one.send(b"GET /v1/p/jobs HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n")
        answer = one.answer()
        assert (answer.status_code, answer.json()["error_code"]) == (431, "APIGW.0201")


def test_trailers_are_limited_as_headers_are(usual: Platform) -> None:
    with clients(usual.url, 1) as (one,):
        one.send(b"POST /api/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
        one.send(b"a: b\r\n" * 200)
        assert one.answer().status_code == 431


def test_an_address_and_headers_within_the_limits_are_taken(usual: Platform) -> None:
    url = usual.url
    headers = {f"x-{number}": "v" * 300 for number in range(90)}
    there = httpx.get(f"{url}/healthz", params={"q": "a" * 16_000}, headers=headers)
    assert (there.status_code, there.json()["error"]["subject"]) == (400, "q")


def test_a_head_that_does_not_come_is_answered_and_a_silent_connection_closed(hurried: Platform) -> None:
    url = hurried.url
    with clients(url, 3) as (half, silent, blank):
        half.send(b"GET /healthz HTTP/1.1\r\nHos")
        blank.send(b"\r\n")
        answer = half.answer()
        assert (answer.status_code, code(answer)) == (408, "too-slow")
        assert silent.is_closed()
        assert blank.is_closed()


def test_an_answer_that_nobody_reads_is_given_up(hurried: Platform) -> None:
    url, token = hurried.url, hurried.token
    asked = f"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: {token}\r\n\r\n".encode()
    with clients(url, 1) as (deaf,):
        deaf.send(asked * 30)
        time.sleep(3)
        with pytest.raises(ConnectionError):
            while deaf.socket.recv(65_536):
                pass
            raise ConnectionResetError


def test_an_answer_that_is_read_late_arrives_whole(usual: Platform) -> None:
    url, token, times = usual.url, usual.token, 30
    asked = f"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: {token}\r\n"
    with clients(url, 1) as (late,):
        late.send(f"{asked}\r\n".encode() * (times - 1) + f"{asked}Connection: close\r\n\r\n".encode())
        everybody_is_answered(url, token)
        whole = b""
        while piece := late.socket.recv(1 << 20):
            whole += piece
    answer = httpx.get(f"{url}/api/openapi.json", headers={"X-Auth-Token": token})
    assert (whole.count(b"HTTP/1.1 200 OK"), whole.count(answer.content)) == (times, times)


def test_who_waits_longest_gives_way_where_connections_are_short(small: Platform) -> None:
    url, token = small.url, small.token
    with clients(url, 10) as heads, ExitStack() as later:
        for one in heads:
            one.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nx-slow: ")
        everybody_is_answered(url, token)
        for one in later.enter_context(clients(url, 60)):
            one.begin("/api/session", length=1000)
        everybody_is_answered(url, token)
        answer = heads[0].answer()
        assert (answer.status_code, code(answer)) == (503, "server-busy")
        assert answer.headers["Retry-After"] == "5"


def test_one_address_has_only_its_share_of_the_connections(jobferry: Program, serve: Serve) -> None:
    jobferry.environment["JOBFERRY_CONNECTIONS_PER_ADDRESS"] = "5"
    url, token, _ = opened_after(serve, jobferry)
    with clients(url, 6) as (first, *_):
        assert first.is_closed()
        everybody_is_answered(url, token)


def test_a_trusted_proxy_has_all_connections(jobferry: Program, serve: Serve) -> None:
    jobferry.environment |= {
        "JOBFERRY_CONNECTIONS_PER_ADDRESS": "5",
        "JOBFERRY_TRUSTED_PROXIES": "127.0.0.1",
    }
    url = serve("here")
    with clients(url, 10) as (first, *_):
        assert httpx.get(f"{url}/healthz").status_code == 200
        first.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert first.answer().status_code == 200


def test_uploads_under_way_are_not_given_up_for_strangers(small: Platform) -> None:
    """Only those who have not signed in give way; where nobody can, the newcomer is told so."""
    url, token = small.url, small.token
    with clients(url, 16) as uploads:
        for one in uploads:
            one.begin("/api/packages", f"X-Auth-Token: {token}", length=70_000)
        time.sleep(1.5)
        refused = httpx.get(f"{url}/healthz")
        assert (refused.status_code, code(refused)) == (503, "server-busy")
        uploads[0].send(bytes(70_000 - len(HALF)))
        assert uploads[0].answer().status_code == 201
        assert httpx.get(f"{url}/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/me", "/api/openapi.json", "/api/nothing"])
def test_head_is_answered_where_get_is_with_the_same_headers(usual: Platform, path: str) -> None:
    url, token = usual.url, usual.token
    with httpx.Client(base_url=url, headers={"X-Auth-Token": token}, verify=False) as http:
        got, head = http.get(path), http.head(path)
    own = {"date", "x-request-id", "content-length"}
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {*head.headers} == {*got.headers}
    assert {name: value for name, value in head.headers.items() if name not in own} == {
        name: value for name, value in got.headers.items() if name not in own
    }


def test_a_wrong_method_names_those_that_are_taken(usual: Platform) -> None:
    url, token = usual.url, usual.token
    headers = {"X-Auth-Token": token}
    assert httpx.post(f"{url}/healthz", headers=headers).headers["Allow"] == "GET, HEAD"
    wrong = httpx.head(f"{url}/api/workspaces/default/next-runs", headers=headers)
    assert (wrong.status_code, wrong.headers["Allow"], wrong.content) == (405, "POST", b"")
    told = httpx.get(f"{url}/api/workspaces/default/next-runs", headers=headers).json()
    assert told["error"]["hint"] == "it takes POST"
