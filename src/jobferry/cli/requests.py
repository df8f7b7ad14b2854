"""A call of the API as a request, and a response as what the function returns: the table, read backwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from inspect import signature
from typing import IO, Any, NamedTuple
from urllib.parse import quote

import msgspec

from jobferry.api.calls import PART, Document, File, declared
from jobferry.api.decoding import Bound, Parameter, is_raw
from jobferry.errors import ErrorCode, InvalidRequest

_EXCERPT = 40

Body = bytes | IO[bytes] | Iterable[bytes]


class Request(NamedTuple):
    """What is sent."""

    method: str
    path: str
    query: dict[str, Any]
    headers: dict[str, str]
    body: Body | None


@cache
def bound(run: Callable[..., Any]) -> Bound:
    """A function of the API with what its signature means."""
    return Bound(declared(run))


def request_of(call: Bound, workspace: str, args: Iterable[Any], kwargs: Mapping[str, Any]) -> Request:
    """The request that calls a function with these arguments, about a workspace if it is about one.

    Raises:
        InvalidRequest: a text of its body is not UTF-8.
    """
    names = list(signature(call.declared.run).parameters)[1:]
    given = {**dict(zip(names, args, strict=False)), **kwargs}
    parts, query, headers = {"workspace": workspace}, {}, {}
    for one in call.parameters:
        value = _value(one, given)
        if value is None:
            continue
        if one.place == "path":
            parts[one.key] = str(value)
        elif one.place == "header":
            headers[one.key] = str(value)
        else:
            query[one.key] = value
    path = PART.sub(lambda found: _escaped(parts[found[1]]), call.declared.path)
    return Request(call.declared.method, path, query, headers, _encoded(call, given))


def answer_of(call: Bound, status: int, text: bytes, headers: Mapping[str, str]) -> Any:
    """What the function returns that answered so."""
    kind = next((one.type for one in call.answers if one.status == status), call.answers[0].type)
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
        raise InvalidRequest(ErrorCode.INVALID_VALUE, f"{text!r} is not UTF-8", subject=text) from None


def _value(one: Parameter, given: Mapping[str, Any]) -> Any:
    """What is said of a parameter, as it is sent; none for what is left to its default."""
    if one.group:
        value = getattr(given.get(one.group), one.name, one.default)
    else:
        value = given.get(one.name, one.default)
    return None if not one.is_required and value == one.default else msgspec.to_builtins(value)


def _encoded(call: Bound, given: Mapping[str, Any]) -> bytes | None:
    if call.body is None:
        return None
    body = given["body"]
    return body if is_raw(call.body) else encoded(body)


def _escaped(part: str) -> str:
    """Dots alone are escaped too, or a client would take them for steps in the path."""
    return part.replace(".", "%2E") if part and not part.strip(".") else quote(part, safe="")
