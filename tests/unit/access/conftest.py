"""A server that the official SDK can talk to."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from jobferry.access.signature import SignedRequest


class _Recorder(BaseHTTPRequestHandler):
    seen: ClassVar[list[SignedRequest]] = []
    protocol_version = "HTTP/1.1"

    def _take(self) -> None:
        raw_path, _, raw_query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = tuple((k.encode("latin-1"), v.encode("latin-1")) for k, v in self.headers.items())
        self.seen.append(SignedRequest(self.command, raw_path.encode(), raw_query.encode(), headers, body))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PUT = do_DELETE = _take  # noqa: N815 - names of the standard library

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def wire() -> Iterator[tuple[str, list[SignedRequest]]]:
    """The address of a server that answers ``{}`` to everything, and what it was sent."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Recorder)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", _Recorder.seen
    server.shutdown()
    thread.join()
    server.server_close()
