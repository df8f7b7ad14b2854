"""The platform's own API, spoken over HTTP: a server's, or that of a data folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import quote

import httpx

from jobferry.cli.problems import Refused
from jobferry.errors import ErrorCode, JobferryError

_PAGE = 1_000
_CONNECT_SECONDS = 10.0
_ANSWER_SECONDS = 300.0
_CHUNK = 1 << 18

Body = bytes | IO[bytes] | Iterable[bytes]


def at(*parts: str) -> str:
    """A path of the own API; each part is escaped, whatever it holds."""
    return "/api/" + "/".join(_escaped(part) for part in parts)


class Api:
    """One platform's API. Every refusal is raised as ``Refused``, in the platform's words.

    ``place`` names the platform for messages; ``patience`` is how long one call may wait for a task.
    """

    def __init__(self, client: httpx.Client, place: str, *, patience: int) -> None:
        self._client = client
        self.place = place
        self.patience = patience

    def get(self, path: str, **query: Any) -> Any:
        """A JSON answer."""
        return self._json("GET", path, query)

    def all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """The items of every page of a list."""
        items: list[dict[str, Any]] = []
        while True:
            page = self.get(path, **query, offset=len(items), limit=_PAGE)
            items += page["items"]
            if len(items) >= page["total"] or not page["items"]:
                return items

    def post(self, path: str, body: Any = None) -> Any:
        """Sends a JSON body, gives the JSON answer."""
        return self._json("POST", path, {}, _encoded(body))

    def put(self, path: str, body: Any) -> Any:
        """Sends a JSON body, gives the JSON answer."""
        return self._json("PUT", path, {}, _encoded(body))

    def patch(self, path: str, body: Any) -> Any:
        """Sends a JSON body, gives the JSON answer."""
        return self._json("PATCH", path, {}, _encoded(body))

    def delete(self, path: str, **query: Any) -> Any:
        """Removes what is there; gives the JSON answer, if there is one."""
        return self._json("DELETE", path, query)

    def send(self, method: str, path: str, body: Body, *, if_match: str | None = None, **query: Any) -> Any:
        """Sends bytes as they are, in pieces where they come so; gives the JSON answer.

        ``if_match`` is the entity tag of what they replace: if that is another by now, nothing is.
        """
        headers = {"If-Match": f'"{if_match}"'} if if_match else None
        return self._json(method, path, query, body, headers)

    def document(self, path: str, **query: Any) -> bytes:
        """An answer's exact bytes."""
        with self._asked("GET", path, query) as response:
            return self._read(response)

    @contextmanager
    def stream(self, path: str, body: Any) -> Iterator[tuple[httpx.Headers, Iterator[bytes]]]:
        """Sends a JSON body; gives the answer's headers, and its bytes piece by piece."""
        with self._asked("POST", path, {}, _encoded(body)) as response:
            yield response.headers, self._pieces(response)

    @contextmanager
    def fetched(self, path: str) -> Iterator[tuple[httpx.Headers, Iterator[bytes]]]:
        """What lies there: the answer's headers, and its bytes piece by piece."""
        with self._asked("GET", path, {}) as response:
            yield response.headers, self._pieces(response)

    def _json(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: Body | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        with self._asked(method, path, query, body, headers) as response:
            text = self._read(response)
        return json.loads(text) if text else None

    @contextmanager
    def _asked(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: Body | None = None,
        headers: dict[str, str] | None = None,
    ) -> Iterator[httpx.Response]:
        said = {key: value for key, value in query.items() if value is not None}
        try:
            with self._client.stream(
                method, path, params=said or None, content=body, headers=headers
            ) as response:
                if not response.is_success:
                    raise self._refusal(response)
                yield response
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    def _read(self, response: httpx.Response) -> bytes:
        return response.read()

    @staticmethod
    def _pieces(response: httpx.Response) -> Iterator[bytes]:
        yield from response.iter_raw(_CHUNK)

    def _refusal(self, response: httpx.Response) -> Exception:
        try:
            told = json.loads(response.read())["error"]
            return Refused(response.status_code, told)
        except (ValueError, KeyError, TypeError):
            return JobferryError(
                ErrorCode.SERVER_UNREACHABLE,
                f"{self.place} does not answer like a Jobferry platform (HTTP {response.status_code})",
                subject=self.place,
                hint="check the address given with --server",
            )

    def _unreachable(self, error: httpx.HTTPError) -> JobferryError:
        reason = str(error) or type(error).__name__
        return JobferryError(
            ErrorCode.SERVER_UNREACHABLE,
            f"{self.place} cannot be reached: {reason}",
            subject=self.place,
            hint="check that it is running, and the address given with --server",
        )


def connect(url: str, token: str, language: str, *, socket: str | None = None) -> httpx.Client:
    """A client that is signed in, unless the token is empty. ``socket`` is a Unix socket that answers for
    ``url``."""
    local = socket is not None or _is_loopback(url)
    return httpx.Client(
        base_url=url,
        headers={
            **({"Authorization": f"Bearer {token}"} if token else {}),
            "X-Language": language,
            "Content-Type": "application/json",
        },
        transport=httpx.HTTPTransport(uds=socket, verify=False) if socket else None,
        verify=url.startswith("https:"),
        trust_env=not local,
        timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
    )


def _is_loopback(url: str) -> bool:
    return httpx.URL(url).host in ("127.0.0.1", "::1", "localhost")


def _encoded(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _escaped(part: str) -> str:
    """Dots alone are escaped too, or a client would take them for steps in the path."""
    return part.replace(".", "%2E") if part and not part.strip(".") else quote(part, safe="")
