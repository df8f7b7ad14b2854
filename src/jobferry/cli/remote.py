"""The calls of a platform over HTTP."""

from __future__ import annotations

import json
import os
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

import httpx
import msgspec

from jobferry.cli.client import Client, Coming
from jobferry.cli.problems import Refused
from jobferry.cli.requests import Request, answer_of, bound, request_of
from jobferry.errors import ErrorCode, InvalidRequest, JobferryError
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.api.native.packages import PackageAnswer

_CONNECT_SECONDS = 10.0
_ANSWER_SECONDS = 300.0
_CHUNK = 1 << 18
_GATEWAY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)

P = ParamSpec("P")
T = TypeVar("T")


class Silence(NamedTuple):
    """How long a platform may say nothing, in seconds: before it is asked whether it lives at all, and before
    it is given up because it does not. One that lives may take its time."""

    asked: float = 5.0
    ended: float = 60.0


class RemoteClient(Client):
    """One platform over HTTP. Every refusal is raised as ``Refused``, in the platform's words."""

    def __init__(
        self,
        client: httpx.Client,
        place: str,
        workspace: str = "",
        *,
        patience: int,
        language: str = "en",
        silence: Silence = Silence(),
    ) -> None:
        super().__init__(place, workspace, patience=patience, language=language)
        self._client = client
        self._silence = silence

    def ask(self, run: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a function of the API answers over there."""
        call = bound(run)
        with self._sent(request_of(call, self.workspace, args, kwargs)) as response:
            text = self._read(response)
            try:
                return cast("T", answer_of(call, response.status_code, text, response.headers))
            except msgspec.DecodeError as error:
                raise self._by_a_proxy(response) from error

    @contextmanager
    def stream(
        self, run: Callable[Concatenate[Any, P], Any], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[Coming]:
        """A package as it comes in."""
        with self._sent(request_of(bound(run), self.workspace, args, kwargs)) as response:
            yield Coming(response.headers, self._pieces(response))

    def hand_in(self, pieces: Iterator[bytes], name: str) -> PackageAnswer:
        """Sends a package piece by piece."""
        from jobferry.api.native.packages import PackageAnswer, receive_package

        asked = request_of(bound(receive_package), self.workspace, (), {"name": name, "body": b""})
        with self._sent(asked._replace(body=pieces)) as response:
            try:
                return msgspec.json.decode(self._read(response), type=PackageAnswer)
            except msgspec.DecodeError as error:
                raise self._by_a_proxy(response) from error

    @contextmanager
    def _sent(self, asked: Request) -> Iterator[httpx.Response]:
        try:
            request = self._client.build_request(
                asked.method,
                asked.path,
                params=asked.query or None,
                content=asked.body,
                headers=asked.headers,
            )
            response = self._attended(lambda: self._client.send(request, stream=True))
            try:
                if not response.is_success:
                    raise self._refusal(response)
                yield response
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    def _read(self, response: httpx.Response) -> bytes:
        """The whole answer. Were it kept in the response, which refers to itself, it would stay there until
        Python looks for circular garbage."""
        return self._attended(lambda: b"".join(response.iter_bytes()))

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        pieces = response.iter_raw(_CHUNK)
        while piece := self._attended(lambda: next(pieces, b"")):
            yield piece

    def _attended(self, wait: Callable[[], T]) -> T:
        """What the platform answers. While it says nothing, it is asked now and then whether it lives.

        Raises:
            JobferryError: it does not (``server-unreachable``). What it was asked for may still happen.
        """
        answered, heard, is_told = _beside(wait), time.monotonic(), False
        while not futures.wait([answered], self._silence.asked).done:
            if self._lives(self._silence.asked):
                heard, is_told = time.monotonic(), False
                continue
            silent = time.monotonic() - heard
            if silent >= self._silence.ended:
                raise self._silent(silent)
            if not is_told:
                self._tell_waiting(silent)
                is_told = True
        return answered.result()

    def _lives(self, patience: float) -> bool:
        try:
            return self._client.get("/healthz", timeout=patience).status_code < 500
        except httpx.HTTPError:
            return False

    def _tell_waiting(self, silent: float) -> None:
        told = "the platform at {place} has not answered for {silent} s; waiting, Ctrl-C stops this command"
        sys.stderr.write(self.say(told, place=self.place, silent=f"{silent:.0f}") + "\n")

    def _silent(self, silent: float) -> JobferryError:
        return JobferryError(
            ErrorCode.SERVER_UNREACHABLE,
            sentence(
                "the platform at {place} has not answered for {silent} s",
                place=self.place,
                silent=f"{silent:.0f}",
            ),
            subject=self.place,
            hint="check whether its process is stopped or overloaded; it may still do what it was "
            "asked for once it goes on, so look before you ask again",
        )

    def _refusal(self, response: httpx.Response) -> Exception:
        try:
            told = json.loads(response.read())["error"]
            return Refused(response.status_code, told)
        except (ValueError, KeyError, TypeError, AttributeError):
            return self._by_a_proxy(response)

    def _by_a_proxy(self, response: httpx.Response) -> JobferryError:
        """What an answer means that is none of a platform's, as a proxy in front of one sends it."""
        status = response.status_code
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return JobferryError(
                ErrorCode.TOO_LARGE,
                sentence("a proxy in front of {place} refuses a body of this size", place=self.place),
                subject=self.place,
                hint="have its limit raised (nginx: client_max_body_size), or split the package",
            )
        if status in _GATEWAY:
            return JobferryError(
                ErrorCode.SERVER_UNREACHABLE,
                sentence(
                    "a proxy answers at {place}, but cannot reach a platform behind it (HTTP {status})",
                    place=self.place,
                    status=status,
                ),
                subject=self.place,
                hint="check that the platform runs, and that the proxy waits long enough for it (nginx: "
                "proxy_read_timeout)",
            )
        if response.has_redirect_location:
            return JobferryError(
                ErrorCode.SERVER_UNREACHABLE,
                sentence(
                    "{place} redirects to {address}",
                    place=self.place,
                    address=response.headers["Location"],
                ),
                subject=self.place,
                hint="name the address at which the platform itself answers, often with https",
            )
        if "html" in response.headers.get("Content-Type", ""):
            return JobferryError(
                ErrorCode.SERVER_UNREACHABLE,
                sentence(
                    "{place} answers with a page for browsers (HTTP {status}), so it is not the address of a"
                    " platform, or a proxy is in the way",
                    place=self.place,
                    status=status,
                ),
                subject=self.place,
                hint="check the address given with --server, its path too",
            )
        return self._misunderstood(status)

    def _misunderstood(self, status: int) -> JobferryError:
        return JobferryError(
            ErrorCode.SERVER_UNREACHABLE,
            sentence(
                "{place} does not answer like a Jobferry platform of this version (HTTP {status})",
                place=self.place,
                status=status,
            ),
            subject=self.place,
            hint="check the address given with --server, and that both have the same version: "
            "`jobferry --version`",
        )

    def _unreachable(self, error: httpx.HTTPError) -> JobferryError:
        reason = str(error) or type(error).__name__
        return JobferryError(
            ErrorCode.SERVER_UNREACHABLE,
            sentence("{place} cannot be reached: {reason}", place=self.place, reason=reason),
            subject=self.place,
            hint="check that it is running, and the address given with --server",
        )


def connect(url: str, token: str, language: str, certificate: str = "") -> httpx.Client:
    """A client that is signed in, unless the token is empty.

    ``certificate`` names the file of the one that the platform of a folder of ours has: it and no other is
    trusted, whatever names are in it.

    Raises:
        InvalidRequest: a file of certificates cannot be read.
    """
    return httpx.Client(
        base_url=url,
        headers={
            **({"Authorization": f"Bearer {token}"} if token else {}),
            "X-Language": language,
            "X-Client": "cli",
            "Content-Type": "application/json",
        },
        verify=url.startswith("https:") and (_pinned(certificate) if certificate else _certificates()),
        trust_env=not _is_loopback(url),
        timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
    )


def _pinned(file: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(file)
    except (OSError, ssl.SSLError) as error:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("the platform's certificate {file} cannot be read", file=file),
            subject=file,
            hint="run this as the user that the platform runs as",
        ) from error
    return context


def _certificates() -> ssl.SSLContext:
    """What a platform's certificate is checked against: what SSL_CERT_FILE says, on this machine too."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        file = os.environ.get("SSL_CERT_FILE", "")
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("the certificates in {file} (SSL_CERT_FILE) cannot be read", file=file),
            subject=file,
            hint="name a file of certificates in PEM form, or unset SSL_CERT_FILE",
        ) from error


def _beside(work: Callable[[], T]) -> futures.Future[T]:
    """Does something in a thread that this process does not wait for at its end."""
    done: futures.Future[T] = futures.Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=run, name="answer", daemon=True).start()
    return done


def _is_loopback(url: str) -> bool:
    return httpx.URL(url).host in ("127.0.0.1", "::1", "localhost")
