"""A call of the API as a request, and a response as what the function returns: the table, read backwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from inspect import signature
from typing import IO, Any, NamedTuple
from urllib.parse import quote

import msgspec

from jobferry.api.calls import PART, Cookied, Document, File, declared
from jobferry.api.decoding import Bound, Parameter, Place, is_raw
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.sentences import sentence

_EXCERPT = 40

Body = bytes | IO[bytes] | Iterable[bytes]


class Request(NamedTuple):
    """What is sent."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Body | None


class RequestParts(NamedTuple):
    """What is said to a function, by its place."""

    parts: dict[str, str]
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes | None


@cache
def bound(run: Callable[..., Any]) -> Bound:
    """A function of the API with what its signature means."""
    return Bound(declared(run))


def said_of(call: Bound, args: Iterable[Any], kwargs: Mapping[str, Any]) -> RequestParts:
    """Arguments of a function as the texts that are sent; what is left to its default is not.

    Raises:
        InvalidRequest: a text of its body is not UTF-8.
    """
    names = list(signature(call.declared.run).parameters)[1:]
    given = {**dict(zip(names, args, strict=False)), **kwargs}
    places: dict[Place, dict[str, list[str]]] = {"path": {}, "query": {}, "header": {}}
    for parameter in call.parameters:
        value = _value(parameter, given)
        if value is not None:
            places[parameter.place][parameter.key] = (
                [_text(part) for part in value] if parameter.is_many else [_text(value)]
            )
    path, header = (_single(places[place]) for place in ("path", "header"))
    return RequestParts(path, places["query"], header, _encoded(call, given))


def request_of(call: Bound, workspace: str, args: Iterable[Any], kwargs: Mapping[str, Any]) -> Request:
    """The request that calls a function with these arguments, about a workspace if it is about one; raises
    what :func:`said_of` raises."""
    said = said_of(call, args, kwargs)
    parts = {"workspace": workspace, **said.parts}
    path = PART.sub(lambda found: _escaped(parts[found[1]]), call.declared.path)
    return Request(call.declared.method, path, said.query, said.headers, said.body)


def answer_of(call: Bound, status: int, text: bytes, headers: Mapping[str, str]) -> Any:
    """What the function returns that answered so; the secret of a cookie stays with the HTTP client."""
    told = next((answer for answer in call.answers if answer.status == status), call.answers[0])
    value = _read(told.type, text, headers)
    return Cookied(value, "") if told.is_cookied else value


def _read(kind: Any, text: bytes, headers: Mapping[str, str]) -> Any:
    if kind is type(None):
        return None
    if kind is Document:
        return Document(text, headers.get("ETag", "").strip('"'))
    if kind is File:
        return File(text, headers.get("Content-Type", ""), "")
    return msgspec.json.decode(text, type=kind)


def encoded(value: Any) -> bytes:
    """A value as JSON.

    Raises:
        InvalidRequest: a text in it is not UTF-8.
    """
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError as error:
        text = error.object[:_EXCERPT]
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE, sentence("{text} is not UTF-8", text=repr(text)), subject=text
        ) from None


def _value(parameter: Parameter, given: Mapping[str, Any]) -> Any:
    """What is said of a parameter, as it is sent; none for what is left to its default."""
    if parameter.group:
        value = getattr(given.get(parameter.group), parameter.name, parameter.default)
    else:
        value = given.get(parameter.name, parameter.default)
    return None if not parameter.is_required and value == parameter.default else msgspec.to_builtins(value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _single(texts: Mapping[str, list[str]]) -> dict[str, str]:
    return {key: found[0] for key, found in texts.items()}


def _encoded(call: Bound, given: Mapping[str, Any]) -> bytes | None:
    if call.body is None:
        return None
    body = given["body"]
    return body if is_raw(call.body) else encoded(body)


def _escaped(part: str) -> str:
    """Dots alone are escaped too, or a client would take them for steps in the path."""
    return part.replace(".", "%2E") if part and not part.strip(".") else quote(part, safe="")
