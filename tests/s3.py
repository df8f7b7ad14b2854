"""A small S3 service in memory that can be told to misbehave: for object storage without a cloud."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit

Fault = Callable[["Exchange"], bool]
"""Answers in its own way and gives True, or leaves the exchange to the honest service."""


class Service:
    """Buckets and objects. ``faults`` are asked in turn, the last one for ever; none means honest."""

    def __init__(self, *buckets: str, access_key: str = "") -> None:
        self.access_key = access_key
        """The only key that is let in; empty: everybody's is."""
        self.buckets = set(buckets)
        self.objects: dict[str, bytes] = {}
        self.written: dict[str, datetime] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.over = threading.Event()
        self.port = 0

    def put(self, path: str, content: bytes) -> None:
        self.objects[path] = content
        self.written[path] = datetime.now(UTC)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def misbehaves(self, exchange: Exchange) -> bool:
        if not self.faults:
            return False
        fault = self.faults.pop(0) if len(self.faults) > 1 else self.faults[0]
        return fault(exchange)


class Exchange(BaseHTTPRequestHandler):
    """One request to the service and its answer."""

    service: Service

    def do_HEAD(self) -> None:
        if not self._is_taken():
            whole = self.service.objects.get(self._path())
            self.answer(404 if whole is None else 200, length=len(whole or b""))

    def do_GET(self) -> None:
        if self._is_taken():
            return
        if "list-type" in self._query():
            self.answer(200, self._listed())
            return
        whole = self.service.objects.get(self._path())
        if whole is None:
            self.complain(404, "NoSuchKey")
        elif "Range" in self.headers:
            first = int(self.headers["Range"].removeprefix("bytes=").partition("-")[0])
            self.answer(206, whole[first:], part=f"bytes {first}-{len(whole) - 1}/{len(whole)}")
        else:
            self.answer(200, whole)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_taken():
            return
        query = self._query()
        if "uploadId" in query:
            self.service.uploads[query["uploadId"]][int(query["partNumber"])] = body
        else:
            self.service.put(self._path(), body)
        self.answer(200)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self._is_taken():
            return
        query = self._query()
        if "uploadId" in query:
            parts = self.service.uploads.pop(query["uploadId"])
            self.service.put(self._path(), b"".join(parts[number] for number in sorted(parts)))
            name, said = "CompleteMultipartUploadResult", "<ETag>x</ETag>"
        else:
            upload = f"u{len(self.service.asked)}"
            self.service.uploads[upload] = {}
            name, said = "InitiateMultipartUploadResult", f"<UploadId>{upload}</UploadId>"
        self.answer(200, f"<{name}>{said}</{name}>".encode())

    def do_DELETE(self) -> None:
        if not self._is_taken():
            if "uploadId" in self._query():
                self.service.uploads.pop(self._query()["uploadId"], None)
            else:
                self.service.objects.pop(self._path(), None)
            self.answer(204)

    def answer(self, status: int, body: bytes = b"", *, length: int | None = None, part: str = "") -> None:
        """An answer; ``length`` is what it announces, whatever it then holds, ``part`` its content range."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("ETag", '"x"')
        written = self.service.written.get(self._path())
        at = format_datetime(written, usegmt=True) if written else "Tue, 01 Jan 2030 00:00:00 GMT"
        self.send_header("Last-Modified", at)
        if part:
            self.send_header("Content-Range", part)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def complain(self, status: int, code: str) -> None:
        self.answer(status, f"<Error><Code>{code}</Code></Error>".encode())

    def hang_up(self) -> None:
        """Closes the connection at once, without a farewell."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def _is_taken(self) -> bool:
        self.service.asked.append(f"{self.command} {self._path()}")
        if self.service.misbehaves(self):
            return True
        if f"Credential={self.service.access_key}" not in self.headers.get("Authorization", ""):
            self.complain(403, "InvalidAccessKeyId")
            return True
        bucket = self._path().split("/")[1]
        if bucket in self.service.buckets:
            return False
        self.complain(404, "NoSuchBucket")
        return True

    def _listed(self) -> bytes:
        """All objects below a prefix; a page is as long as it takes."""
        begin = f"{self._path().rstrip('/')}/"
        prefix = begin + self._query().get("prefix", "")
        contents = "".join(
            f"<Contents><Key>{quote(path.removeprefix(begin))}</Key><Size>{len(content)}</Size><ETag>x</ETag>"
            f"<LastModified>{self.service.written[path].isoformat()}</LastModified></Contents>"
            for path, content in sorted(self.service.objects.items())
            if path.startswith(prefix)
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>".encode()

    def _path(self) -> str:
        return unquote(urlsplit(self.path).path)

    def _query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up is what the tests are about."""


@contextmanager
def serving(*buckets: str, access_key: str = "") -> Iterator[Service]:
    """A service with the given buckets, on loopback."""
    service = Service(*buckets, access_key=access_key)
    server = _Server(("127.0.0.1", 0), type("Asked", (Exchange,), {"service": service}))
    service.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        service.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def honest(_: Exchange) -> bool:
    return False


def says(status: int, code: str) -> Fault:
    """Answers every call so."""

    def fault(exchange: Exchange) -> bool:
        exchange.complain(status, code)
        return True

    return fault


def hangs(exchange: Exchange) -> bool:
    """Takes the call and says nothing."""
    exchange.service.over.wait()
    return True


def hangs_up(exchange: Exchange) -> bool:
    exchange.hang_up()
    return True


def stalls(exchange: Exchange) -> bool:
    """Half an object, and then nothing."""
    exchange.answer(200, bytes(500_000), length=1_000_000)
    exchange.service.over.wait()
    return True


def closes_early(exchange: Exchange) -> bool:
    """Half an object, and the end."""
    exchange.answer(200, bytes(500_000), length=1_000_000)
    exchange.close_connection = True
    return True


def announces_nothing(exchange: Exchange) -> bool:
    """An object whose end is the connection's end, so that nobody knows whether it was all."""
    exchange.wfile.write(
        b"HTTP/1.0 200 OK\r\nETag: x\r\nLast-Modified: Tue, 01 Jan 2030 00:00:00 GMT\r\n\r\n"
    )
    exchange.wfile.write(bytes(1_000))
    exchange.close_connection = True
    return True


def sends_more(exchange: Exchange) -> bool:
    """Announces five bytes, and sends thirty in chunks."""
    exchange.wfile.write(
        b"HTTP/1.1 200 OK\r\nETag: x\r\nLast-Modified: Tue, 01 Jan 2030 00:00:00 GMT\r\n"
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    exchange.wfile.write(b"a\r\n0123456789\r\n" * 3 + b"0\r\n\r\n")
    exchange.close_connection = True
    return True


def only(method: str, fault: Fault) -> Fault:
    """The fault for calls of one method; the others are honest."""
    return lambda exchange: exchange.command == method and fault(exchange)
