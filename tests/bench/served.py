"""A platform served by ``jobferry serve`` in a process of its own, and a plain client that keeps alive."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

PROGRAM = [sys.executable, "-m", "jobferry"]
_PIECE = 64 * 1024
_KEPT = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")


def environment(home: Path) -> dict[str, str]:
    """What the program is given: nothing of whoever runs the bench."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"HOME": str(home), "PYTHONUTF8": "1"}


class Client:
    """One connection. The standard library's client, because it costs the least beside the answer."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self._headers = {"X-Auth-Token": token}

    def get(self, *parts: str, **query: object) -> bytes:
        """The body of a successful answer."""
        return self._asked("GET", parts, query, None)

    def post(self, *parts: str, body: bytes | dict[str, Any], **query: object) -> Any:
        """The answer to a call that must succeed."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return json.loads(self._asked("POST", parts, query, sent))

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
        self._connection.request(method, path, body, self._headers)
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
        self._token: str = credentials["token"]

    def client(self) -> Client:
        """A new connection."""
        return Client(self.url, self._token)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serves a data folder while the context lasts."""
    command = [*PROGRAM, "serve", "--port", "0", "--data", str(folder)]
    with subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            told = process.stdout.readline().strip() if process.stdout else ""
            if not told:
                sys.exit(f"{folder} cannot be served")
            yield Served(told, folder, process.pid)
        finally:
            process.terminate()
            process.wait()
