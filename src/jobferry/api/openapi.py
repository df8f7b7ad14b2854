"""The OpenAPI documents, made of the types that are taken and sent, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import getdoc, unwrap
from typing import Any

import msgspec

from jobferry.api.calls import PART, Declared, Document, File, Media, Package, Pieces, Upload
from jobferry.api.decoding import Answer, Bound, Parameter, is_raw, plain
from jobferry.api.schemes import secure

_REF = "#/components/schemas/{name}"
_BYTES = {"type": "string", "format": "binary"}
_JSON = "application/json"
_OCTETS = Media(("application/octet-stream",))
_UNTYPED = (Document, File, Package, Pieces, type(None))
_TITLES = {204: "Done.", 202: "Begun, or waiting for a decision.", 201: "Made."}


def description(title: str, version: str, calls: Iterable[Declared], error: type[Any]) -> dict[str, Any]:
    """The document of these calls, of which every failure answers with an ``error``."""
    bound = [Bound(declared) for declared in calls if declared.is_described]
    types = [error, *dict.fromkeys(kind for call in bound for kind in _types(call))]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    said = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for call in bound:
        path = PART.sub(r"{\1}", call.declared.path)
        paths.setdefault(path, {})[call.declared.method.lower()] = _operation(call, said, said[error])
    document = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {"schemas": components},
    }
    secure(document)
    explicit: dict[str, Any] = _explicit(document)
    return explicit


def _explicit(told: Any) -> Any:
    """The same with what schemas leave to be guessed: an object of which no keys are told has any."""
    if isinstance(told, list):
        return [_explicit(part) for part in told]
    if not isinstance(told, dict):
        return told
    found = {key: _explicit(value) for key, value in told.items()}
    if found.get("type") == "object" and not {"properties", "additionalProperties"} & found.keys():
        found["additionalProperties"] = True
    return found


def _types(call: Bound) -> Iterator[Any]:
    """Everything that is described by a schema of its own."""
    yield from (answer.type for answer in call.answers if answer.type not in _UNTYPED)
    yield from (
        answer.media.schema for answer in call.answers if answer.media and _is_type(answer.media.schema)
    )
    yield from (parameter.type for parameter in call.parameters)
    if call.body is not None and not is_raw(call.body):
        yield call.body
    elif _is_type(schema := _media(call.body).schema):
        yield schema


def _operation(call: Bound, said: dict[Any, Any], error: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": call.declared.name,
        "summary": call.declared.name.replace("_", " ").capitalize(),
        "description": getdoc(unwrap(call.declared.run)),
        "parameters": [
            *_unnamed(call),
            *(_parameter(parameter, said) for parameter in call.parameters),
            *call.entry.described,
        ],
        "responses": {
            **_answers(call, said),
            "default": {"description": "What went wrong.", "content": _content(_JSON, error)},
        },
    }
    if call.declared.tag:
        operation["tags"] = [call.declared.tag]
    if not call.entry.needs_sign_in:
        operation["security"] = []
    if call.body is not None:
        operation["requestBody"] = {
            "required": _is_needed(call.body),
            "content": _taken(call.body, said),
        }
        if plain(call.body) is not Upload:
            operation["requestBody"]["x-max-bytes"] = call.declared.body_limit.value
    return operation


def _unnamed(call: Bound) -> list[dict[str, Any]]:
    """Parts of the address that the function itself does not take: what takes them is its entry."""
    taken = {parameter.key for parameter in call.parameters}
    named = (one for one in PART.findall(call.declared.path) if one not in taken)
    return [{"name": one, "in": "path", "required": True, "schema": {"type": "string"}} for one in named]


def _parameter(parameter: Parameter, said: dict[Any, Any]) -> dict[str, Any]:
    schema = dict(said[parameter.type])
    if not parameter.is_required:
        schema["default"] = msgspec.to_builtins(parameter.default)
    told = {"name": parameter.key, "in": parameter.place, "required": parameter.is_required, "schema": schema}
    if "description" in schema and "$ref" not in schema:
        told["description"] = schema.pop("description")
    return told


def _is_needed(body: Any) -> bool:
    """Nothing counts as ``{}``, which does where each field has a default."""
    meant = _media(body).schema if is_raw(body) else body
    is_struct = isinstance(meant, type) and issubclass(meant, msgspec.Struct)
    return not is_struct or any(field.required for field in msgspec.structs.fields(meant))


def _taken(body: Any, said: dict[Any, Any]) -> dict[str, Any]:
    return _raw(_media(body), said) if is_raw(body) else _content(_JSON, said[body])


def _answers(call: Bound, said: dict[Any, Any]) -> dict[str, Any]:
    """By status. Several kinds of answers may have the same one."""
    told: dict[str, Any] = {}
    for one in call.answers:
        answer = _answer(one, said)
        usual = told.setdefault(str(one.status), answer)
        if usual is not answer:
            usual["content"] |= answer["content"]
    return told


def _answer(answer: Answer, said: dict[Any, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"description": _TITLES.get(answer.status, "The answer.")}
    if answer.type in (Document, Pieces):
        told["content"] = _content(_JSON, _schema(answer.media.schema if answer.media else {}, said))
    elif answer.type in (File, Package):
        told["content"] = _raw(answer.media or _OCTETS, said)
    elif answer.type is not type(None):
        told["content"] = _content(_JSON, said[answer.type])
    return told


def _raw(media: Media, said: dict[Any, Any]) -> dict[str, Any]:
    schema = _BYTES if media.schema is None else _schema(media.schema, said)
    return {kind: {"schema": schema} for kind in media.types}


def _media(body: Any) -> Media:
    return next((one for one in getattr(body, "__metadata__", ()) if isinstance(one, Media)), _OCTETS)


def _schema(schema: Any, said: dict[Any, Any]) -> Any:
    return said[schema] if _is_type(schema) else schema


def _is_type(schema: Any) -> bool:
    return schema is not None and not isinstance(schema, dict)


def _content(media_type: str, schema: Any) -> dict[str, Any]:
    return {media_type: {"schema": schema}}
