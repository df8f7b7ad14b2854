"""A platform served by ``jobferry serve`` in a process of its own, and a plain client that keeps alive."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

PROGRAM = [sys.executable, "-m", "jobferry"]
_PIECE = 64 * 1024
_KEPT = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")


def environment(home: Path) -> dict[str, str]:
    """What the program is given: nothing of whoever runs the bench."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"HOME": str(home), "PYTHONUTF8": "1"}


Prove = Callable[[str, str, bytes], dict[str, str]]


class Client:
    """One connection. The standard library's client, because it costs the least beside the answer."""

    def __init__(self, url: str, prove: Prove) -> None:
        """``prove`` gives the headers that sign a request in, of its method, path and body."""
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self._prove = prove

    def get(self, *parts: str, **query: object) -> bytes:
        """The body of a successful answer."""
        return self._asked("GET", parts, query, None)

    def post(self, *parts: str, body: bytes | dict[str, Any], **query: object) -> Any:
        """The answer to a call that must succeed."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return json.loads(self._asked("POST", parts, query, sent))

    def put(self, *parts: str, body: bytes, **query: object) -> bytes:
        """The answer to a call that must succeed."""
        return self._asked("PUT", parts, query, body)

    def send(self, method: str, *parts: str, body: bytes) -> bytes:
        """The whole answer, whatever it is made of."""
        return self._asked(method, parts, {}, body)

    def pieces(self, *parts: str) -> Iterator[bytes]:
        """The answer to an empty request, as it comes."""
        answer = self._answer("POST", parts, {}, b"{}")
        while piece := answer.read1(_PIECE):
            yield piece

    def close(self) -> None:
        """Lets the connection go."""
        self._connection.close()

    def _asked(
        self, method: str, parts: tuple[str, ...], query: dict[str, object], body: bytes | None
    ) -> bytes:
        return self._answer(method, parts, query, body).read()

    def _answer(
        self, method: str, parts: tuple[str, ...], query: dict[str, object], body: bytes | None
    ) -> http.client.HTTPResponse:
        path = "/" + "/".join(quote(part, safe="") for part in parts)
        path += f"?{urlencode(query)}" if query else ""
        self._connection.request(method, path, body, self._prove(method, path, body or b""))
        answer = self._connection.getresponse()
        if answer.status >= 300:
            told = answer.read(500).decode(errors="replace")
            sys.exit(f"{method} {path}: {answer.status} {told}")
        return answer


class Served:
    """Where it answers, for whom, and by which process."""

    def __init__(self, url: str, folder: Path, process: int) -> None:
        self.url = url
        self.process = process
        credentials = json.loads((folder / "credentials.json").read_text())
        self.project_id: str = credentials["project_id"]
        self._credentials: dict[str, str] = credentials

    @property
    def variables(self) -> dict[str, str]:
        """What a command's environment needs to ask this platform."""
        return {"JOBFERRY_SERVER": self.url, "JOBFERRY_TOKEN": self._credentials["token"]}

    def client(self, *, signing: bool = False) -> Client:
        """A new connection, whose requests have a token, or are signed by the official SDK's signer."""
        return Client(self.url, self._signed if signing else self._by_token)

    def _by_token(self, _method: str, _path: str, _body: bytes) -> dict[str, str]:
        return {"X-Auth-Token": self._credentials["token"]}

    def _signed(self, method: str, path: str, body: bytes) -> dict[str, str]:
        from huaweicloudsdkcore.auth.credentials import BasicCredentials
        from huaweicloudsdkcore.sdk_request import SdkRequest
        from huaweicloudsdkcore.signer.signer import Signer

        own, parts = self._credentials, urlsplit(path)
        request = SdkRequest(
            method=method,
            schema="http",
            host=urlsplit(self.url).netloc,
            resource_path=parts.path,
            query_params=parse_qsl(parts.query),
            header_params={"Host": urlsplit(self.url).netloc},
            body=body,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            Signer(BasicCredentials(own["access_key"], own["secret_key"], self.project_id)).sign(request)
        return dict(request.header_params)


@contextmanager
def served(folder: Path, database: str = "") -> Iterator[Served]:
    """Serves a data folder while the context lasts; ``database`` is PostgreSQL's address, or empty."""
    command = [*PROGRAM, "serve", "--port", "0", "--data", str(folder)]
    with subprocess.Popen(
        command,
        env=environment(folder) | {"JOBFERRY_DATABASE": database},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            told = process.stdout.readline().strip() if process.stdout else ""
            if not told:
                sys.exit(f"{folder} cannot be served")
            yield Served(told, folder, process.pid)
        finally:
            process.terminate()
            process.wait()
