"""The table of calls: plain functions, each at its address. No web framework.

What a function takes is read from its signature (``decoding``): the first parameter says who may ask,
``body`` is the request's body, what the address names is a part of it, the rest is the query. What it returns
is what is sent, and what the descriptions describe.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, NamedTuple, Protocol, Self, TypeVar

from msgspec import Meta, Struct

from jobferry.api.bodies import BodyLimit
from jobferry.errors import ErrorCode, Unauthenticated

if TYPE_CHECKING:
    from jobferry.bootstrap.platform import RunningPlatform
    from jobferry.model.messages.reader import Reader
    from jobferry.model.people import Caller
    from jobferry.services.people.sign_in import SignedRequest

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

LATEST = 1 << 53
"""The largest number that every reader of JSON keeps exactly; databases take it too."""
Offset = Annotated[int, Meta(ge=0, le=LATEST)]
Limit = Annotated[int, Meta(ge=1, le=1000)]
NamePiece = Annotated[str, Meta(description="A piece of the name; case is ignored for ASCII letters.")]
Instant = Annotated[int, Meta(ge=0, le=LATEST, description="Milliseconds since 1970 (UTC).")]
Until = Annotated[Instant, Meta(description="Exclusive; 0 for now.")]

LANGUAGE = "language"
"""What the query of every call may name besides what the call itself takes: the language of its answer."""

PART = re.compile(r"\{([a-z_]+)(?::path)?\}")
"""A part of an address that names something; with ``:path`` it may hold slashes that are not escaped."""


_PAGE_BYTES = 900_000


def light(items: Iterable[T], size: Callable[[T], int]) -> list[T]:
    """The first items of a page that have fewer than 900,000 bytes together, and at least one of them."""
    kept: list[T] = []
    total = 0
    for item in items:
        total += size(item)
        if kept and total > _PAGE_BYTES:
            break
        kept.append(item)
    return kept


class Threads(Enum):
    """Which threads carry a call out, so that those who wait keep nobody else waiting."""

    ORDINARY = "ordinary"
    WAITING = "waiting"
    """If its query says ``wait``."""
    PROBING = "probing"
    """Kept for telling whether the platform is ready, whatever the others do."""
    EXTERNAL = "external"
    """For calls that wait for another system: object storage, or the sign-in provider."""
    COMPUTING = "computing"
    """For calls that compare texts."""


CLIENT_LEFT: ContextVar[Event | None] = ContextVar("client_left", default=None)
"""Set once the client of the call that this thread carries out has gone."""


def has_client_left() -> bool:
    """Return whether nobody reads the answer of this call any more."""
    left = CLIENT_LEFT.get()
    return left is not None and left.is_set()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as its head goes: where, by whom, in which words. Dispatcher and local client make it.

    ``caller`` is none where nobody has to be signed in.
    """

    platform: RunningPlatform
    caller: Caller | None
    parts: Mapping[str, str]
    headers: Mapping[str, str]
    wire: SignedRequest
    origin: str
    is_safe: bool
    """Whether it came over https."""
    reader: Reader

    def signed_in(self) -> Caller:
        """Who asks.

        Raises:
            Unauthenticated: nobody is signed in, which a call may allow.
        """
        if self.caller is None:
            raise Unauthenticated(ErrorCode.NOT_SIGNED_IN, "nobody is signed in")
        return self.caller

    def header(self, name: str) -> str:
        """A header's value; beyond ASCII it is read as UTF-8."""
        return self.headers.get(name, "").encode("latin-1").decode("utf-8", "replace").strip()


class Entry(Protocol):
    """What a function takes first: who asks, and what they have entered."""

    needs_sign_in: ClassVar[bool]
    described: ClassVar[tuple[dict[str, Any], ...]]
    """Parameters that it reads itself, for the description."""

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Raises: JobferryError: the caller may not enter."""
        ...


class Header(NamedTuple):
    """Marks a parameter that is a header: ``Annotated[str, Header("If-Match")]``."""

    name: str


class Key(NamedTuple):
    """Marks a parameter of the query whose name on the wire is another: ``Annotated[str, Key("from")]``."""

    name: str


class Media(NamedTuple):
    """Marks bytes with their media types, and for JSON with the schema or struct that is meant."""

    types: tuple[str, ...]
    schema: Any = None


class Status(NamedTuple):
    """Marks one of several answers with its HTTP status: ``Started | Annotated[Waiting, Status(202)]``."""

    code: int


class Body(Struct, forbid_unknown_fields=True):
    """A body of the native API; unknown keys are refused by name."""


class QueryGroup(Struct, kw_only=True):
    """Parameters of the query, or headers, that several functions take; each field is one of them."""


class Upload(NamedTuple):
    """A body that is read as it comes; ``announced`` is its length as the head tells it, or 0."""

    pieces: AsyncIterator[bytes]
    announced: int


class Document(NamedTuple):
    """A JSON text that is sent byte for byte; ``etag`` is its entity tag, without quotes."""

    text: bytes
    etag: str = ""


class File(NamedTuple):
    """A small file, made whole."""

    content: bytes | str
    media_type: str
    filename: str

    @property
    def data(self) -> bytes:
        """The content as it is sent."""
        return self.content.encode() if isinstance(self.content, str) else self.content


class Chunks(Iterator[bytes], Protocol):
    """A package's bytes, made as they are read."""

    def close(self) -> None:
        """Nobody reads more of them."""
        ...


class Package(NamedTuple):
    """A package that is sent piece by piece; ``chunks`` is closed when nobody reads more of it."""

    filename: str
    chunks: Chunks
    headers: Mapping[str, str] = {}


class Pieces(NamedTuple):
    """A JSON text that is sent piece by piece, like a package; what it holds is said by its ``Media``."""

    chunks: Chunks


class Cookied(NamedTuple, Generic[T]):
    """An answer that sets the session's cookie; an empty ``secret`` takes it away."""

    value: T
    secret: str


@dataclass(frozen=True, slots=True)
class Declared:
    """One call of the table.

    ``name`` is its operation's id, and unique; ``status`` that of its answer; ``keys`` makes the names of
    parameters those on the wire.
    """

    method: str
    path: str
    run: Callable[..., Any]
    name: str
    status: int
    tag: str
    threads: Threads
    is_described: bool
    keys: Callable[[str], str]
    is_lenient: bool
    """Whether the query may name what the call does not take, and an empty value counts as not given."""
    is_secret: bool
    """Whether nobody on the way may keep the answer."""
    body_limit: BodyLimit
    """Maximum bytes of its body; an uploaded package has the limit of the setting ``package_bytes``."""

    @property
    def is_one_look(self) -> bool:
        """Whether it only answers what is there when it is asked, and waits for nothing."""
        return self.method == "GET" and self.threads in (Threads.ORDINARY, Threads.COMPUTING)


_DECLARED: dict[Callable[..., Any], Declared] = {}


def declared(run: Callable[..., Any]) -> Declared:
    """The call that a function is; of several, the one that stands last in its decorators."""
    return _DECLARED[run]


@dataclass(frozen=True)
class Calls:
    """The calls of one module, below one address."""

    prefix: str = ""
    tag: str = ""
    keys: Callable[[str], str] = str
    is_lenient: bool = False
    threads: Threads = Threads.ORDINARY
    all: list[Declared] = field(default_factory=list)

    def get(self, path: str, **more: Any) -> Callable[[F], F]:
        """Declares a function as the answer to GET; ``more`` are fields of :class:`Declared`."""
        return self._declaring("GET", path, more)

    def post(self, path: str, **more: Any) -> Callable[[F], F]:
        """The same for POST."""
        return self._declaring("POST", path, more)

    def put(self, path: str, **more: Any) -> Callable[[F], F]:
        """The same for PUT."""
        return self._declaring("PUT", path, more)

    def patch(self, path: str, **more: Any) -> Callable[[F], F]:
        """The same for PATCH."""
        return self._declaring("PATCH", path, more)

    def delete(self, path: str, **more: Any) -> Callable[[F], F]:
        """The same for DELETE."""
        return self._declaring("DELETE", path, more)

    def _declaring(self, method: str, path: str, more: dict[str, Any]) -> Callable[[F], F]:
        def declare(run: F) -> F:
            usual: dict[str, Any] = {
                "name": run.__name__,
                "status": 200,
                "threads": self.threads,
                "is_described": True,
                "tag": self.tag,
                "keys": self.keys,
                "is_lenient": self.is_lenient,
                "is_secret": False,
                "body_limit": BodyLimit.USUAL,
            }
            call = Declared(method, self.prefix + path, run, **usual | more)
            self.all.append(call)
            _DECLARED.setdefault(run, call)
            return run

        return declare
