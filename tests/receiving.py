"""A system whose webhook is called: it notes what comes, and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from standardwebhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Call(NamedTuple):
    """A call whose signature was good."""

    id: str
    told: dict[str, Any]


class Receiving:
    """Answers with ``statuses`` in turn, and with the last one from then on."""

    def __init__(self, *statuses: int) -> None:
        self.calls: list[Call] = []
        self.url = ""
        self._statuses = list(statuses)
        self._changed = threading.Condition()

    def taken(self, count: int) -> list[Call]:
        """What came, once so many calls did."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.calls) >= count)
            return list(self.calls)

    def take(self, headers: dict[str, str], body: bytes) -> int:
        Webhook(SECRET).verify(body, headers)
        with self._changed:
            self.calls.append(Call(headers["webhook-id"], json.loads(body)))
            self._changed.notify_all()
            return self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]


@contextmanager
def receiving(*statuses: int) -> Iterator[Receiving]:
    """A receiver while the context lasts."""
    found = Receiving(*statuses)

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(found.take(headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/hook?token=not-for-logs"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
