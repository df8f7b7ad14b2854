"""What a call's signature means, and a request's texts as the values it takes. No web framework."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from inspect import Parameter as Written
from inspect import signature, unwrap
from itertools import islice
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, NoReturn, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect

from jobferry.api.calls import (
    LANGUAGE,
    PART,
    Cookied,
    Declared,
    Document,
    Entry,
    File,
    Header,
    Key,
    Media,
    Package,
    QueryGroup,
    Status,
    Upload,
)
from jobferry.errors import ErrorCode, Fault, InvalidRequest
from jobferry.model.names import nearest_names
from jobferry.sentences import Sentence, sentence

Place = Literal["path", "query", "header"]
_EXCERPT = 40
_MOST_FAULTS = 100


class Parameter(NamedTuple):
    """One text that a call takes; ``key`` is its name on the wire, ``group`` the parameter that has it."""

    name: str
    key: str
    place: Place
    type: Any
    default: Any
    group: str = ""

    @property
    def is_required(self) -> bool:
        return self.default is Written.empty

    @property
    def is_many(self) -> bool:
        return get_origin(plain(self.type)) in (tuple, list)


class Answer(NamedTuple):
    """One kind of answer that a call gives, and its status."""

    type: Any
    status: int
    media: Media | None = None
    is_cookied: bool = False


class Bound:
    """A call whose signature is read when it is first needed."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared

    def read(self) -> Bound:
        """This, with everything read of it now. What is wrong with a signature is raised, whatever it is.

        msgspec crashes the process when two threads look at a type first at once, so it looks at all here.
        """
        _ = self.entry
        said = [parameter.type for parameter in self.parameters] + ([] if is_raw(self.body) else [self.body])
        sent = [answer.type for answer in self.answers if answer.type not in (Document, File, Package)]
        for kind in said + sent:
            msgspec.json.Decoder(kind)
        return self

    @cached_property
    def hints(self) -> dict[str, Any]:
        return get_type_hints(unwrap(self.declared.run), include_extras=True)

    @cached_property
    def entry(self) -> type[Entry]:
        """What it takes first."""
        first: type[Entry] = self.hints[next(iter(signature(self.declared.run).parameters))]
        return first

    @cached_property
    def entry_name(self) -> str:
        return next(iter(signature(self.declared.run).parameters))

    @cached_property
    def body(self) -> Any:
        """The type of the body that it takes; none if it takes none."""
        return self.hints.get("body")

    @cached_property
    def groups(self) -> dict[str, type[QueryGroup]]:
        """Its parameters that are several of the query."""
        return {
            name: hint
            for name, hint in self.hints.items()
            if isinstance(hint, type) and issubclass(hint, QueryGroup)
        }

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """All texts that it takes."""
        return tuple(self._read())

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """What it may answer with, the usual one first; nothing if it always refuses."""
        returned = self.hints["return"]
        if returned is NoReturn:
            return ()
        alone = get_origin(plain(returned)) not in (Union, UnionType)
        kinds = [returned] if alone else get_args(returned)
        return tuple(self._answer(kind) for kind in kinds)

    def values(
        self, parts: Mapping[str, str], query: Mapping[str, list[str]], headers: Mapping[str, str]
    ) -> Read:
        """The arguments, but for the entry and the body, and what is wrong with them."""
        given: dict[str, Any] = {}
        groups: dict[str, dict[str, Any]] = {name: {} for name in self.groups}
        faults = [] if self.declared.is_lenient else list(islice(self._unfit(query), _MOST_FAULTS))
        for parameter in self.parameters:
            said = self._said(parameter, parts, query, headers)
            if said is None:
                if parameter.is_required:
                    faults.append(_missing(parameter.key))
                continue
            target = groups[parameter.group] if parameter.group else given
            try:
                target[parameter.name] = msgspec.convert(said, parameter.type, strict=False)
            except msgspec.ValidationError:
                shown = said if isinstance(said, str) else ", ".join(said)
                faults.append(
                    _refusal(
                        parameter.key,
                        sentence(
                            "{key} is {shown}; use {type}",
                            key=parameter.key,
                            shown=repr(shown[:_EXCERPT]),
                            type=meaning(parameter.type),
                        ),
                    )
                )
        if not faults:
            given |= {name: self.groups[name](**said) for name, said in groups.items()}
        return Read(given, faults)

    def _unfit(self, query: Mapping[str, list[str]]) -> Iterator[Fault]:
        taken = [parameter.key for parameter in self.parameters if parameter.place == "query"]
        for key in query.keys() - {*taken, LANGUAGE}:
            yield _no_such(key[:_EXCERPT], sentence("parameter"), taken)
        for parameter in self.parameters:
            times = len(query.get(parameter.key, ())) if parameter.place == "query" else 0
            if times > 1 and not parameter.is_many:
                yield _refusal(
                    parameter.key,
                    sentence("`{key}` is given {times:time}; give it once", key=parameter.key, times=times),
                )

    def _said(
        self,
        parameter: Parameter,
        parts: Mapping[str, str],
        query: Mapping[str, list[str]],
        headers: Mapping[str, str],
    ) -> str | list[str] | None:
        if parameter.place == "path":
            return parts[parameter.key]
        if parameter.place == "header":
            return headers.get(parameter.key)
        said = query.get(parameter.key, [])
        if self.declared.is_lenient:
            said = [text.strip() for text in said if text.strip()]
        if parameter.is_many:
            return said or None
        return said[-1] if said else None

    def _read(self) -> Iterator[Parameter]:
        in_path = PART.findall(self.declared.path)
        for parameter in list(signature(self.declared.run).parameters.values())[1:]:
            hint = self.hints[parameter.name]
            if parameter.name in self.groups:
                yield from self._fields(parameter.name)
            elif parameter.name != "body":
                yield self._parameter(
                    parameter.name, hint, parameter.default, "path" if parameter.name in in_path else "query"
                )

    def _fields(self, group: str) -> Iterator[Parameter]:
        hints = get_type_hints(self.groups[group], include_extras=True)
        for field in msgspec.structs.fields(self.groups[group]):
            default = Written.empty if field.required else field.default
            yield self._parameter(field.name, hints[field.name], default, "query")._replace(group=group)

    def _parameter(self, name: str, said: Any, default: Any, place: Place) -> Parameter:
        hint = _without_null(said)
        for mark in getattr(hint, "__metadata__", ()):
            if isinstance(mark, Header):
                return Parameter(name, mark.name, "header", hint, default)
            if isinstance(mark, Key):
                return Parameter(name, mark.name, place, hint, default)
        key = name if place == "path" else self.declared.keys(name)
        return Parameter(name, key, place, hint, default)

    def _answer(self, kind: Any) -> Answer:
        status, media = self.declared.status, None
        for mark in getattr(kind, "__metadata__", ()):
            status = mark.code if isinstance(mark, Status) else status
            media = mark if isinstance(mark, Media) else media
        told = plain(kind)
        is_cookied = get_origin(told) is Cookied
        if is_cookied:
            told = get_args(told)[0]
        if told in (None, NoneType):
            told, status = NoneType, 204
        return Answer(told, status, media, is_cookied)


class Read(NamedTuple):
    """Arguments, and what is wrong with the others."""

    given: dict[str, Any]
    faults: list[Fault]


def plain(kind: Any) -> Any:
    """A type without what it is annotated with."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _without_null(kind: Any) -> Any:
    """What a text may be that is said: never nothing, whatever it reads like."""
    if get_origin(kind) is Annotated:
        return Annotated[(_without_null(plain(kind)), *kind.__metadata__)]
    if get_origin(kind) not in (Union, UnionType):
        return kind
    return Union[tuple(one for one in get_args(kind) if one is not NoneType)]  # noqa: UP007 - made of a list


def is_raw(wanted: Any) -> bool:
    """Whether a body is taken as it is."""
    return plain(wanted) in (bytes, Upload)


def decoded(wanted: Any, body: bytes, *, strict: bool = True) -> Any:
    """A body as a value; nothing and ``null`` count as ``{}``.

    Raises:
        InvalidRequest: it does not fit; its faults name all that does not.
    """
    read, faults = read_body(wanted, body, strict=strict)
    refuse(faults)
    return read


def read_body(wanted: Any, body: bytes, *, strict: bool = True) -> tuple[Any, list[Fault]]:
    """The same, with what is wrong instead of an error."""
    text = b"{}" if body.strip() in (b"", b"null") else body
    try:
        try:
            return msgspec.json.decode(text, type=wanted, strict=strict), []
        except msgspec.ValidationError:  # found before the rest was read, which may be no JSON
            return None, list(islice(_faults(wanted, text, "", strict), _MOST_FAULTS)) or [
                _unfit_body(wanted)
            ]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return None, [_refusal("the body", sentence("the body is not valid JSON: {error}", error=error))]


def refuse(faults: Sequence[Fault]) -> None:
    """Raises: InvalidRequest: there are any; its message is about the first."""
    if faults:
        first = faults[0]
        more = faults if len(faults) > 1 else ()
        raise InvalidRequest(
            ErrorCode(first.code), first.message, subject=first.path, hint=first.hint, faults=more
        )


def meaning(wanted: Any) -> Sentence:
    """What a value of a type looks like, in words."""
    return _words(inspect.type_info(wanted))


def _words(kind: inspect.Type) -> Sentence:  # noqa: PLR0911, PLR0912 - a line for each kind
    match kind:
        case inspect.Metadata(type=inner):
            return _words(inner)
        case inspect.BoolType():
            return sentence("true or false")
        case inspect.IntType(ge=low, le=high):
            return _ranged(sentence("a whole number"), low, high)
        case inspect.FloatType(ge=low, le=high):
            return _ranged(sentence("a number"), low, high)
        case inspect.StrType(max_length=most, pattern=pattern):
            return _text(most, pattern)
        case inspect.EnumType(cls=words):
            return sentence("one of: {words}", words=[word.value for word in words])
        case inspect.LiteralType(values=words):
            return sentence("one of: {words}", words=[str(word) for word in words])
        case inspect.ListType(min_length=int(least)):
            return sentence("a list of at least {least}", least=least)
        case inspect.ListType(max_length=int(most)) | inspect.VarTupleType(max_length=int(most)):
            return sentence("a list of at most {most:,}", most=most)
        case inspect.DictType(max_length=int(most)):
            return sentence("an object of at most {most:,} keys", most=most)
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType() | inspect.FrozenSetType():
            return sentence("a list")
        case inspect.UnionType(types=kinds):
            first, *others = (_words(one) for one in kinds if not isinstance(one, inspect.NoneType))
            for other in others:
                first = sentence("{first} or {other}", first=first, other=other)
            return first
        case _:
            return sentence("an object")


def _text(most: int | None, pattern: str | None) -> Sentence:
    text = sentence("a text of at most {most:character}", most=most) if most else sentence("a text")
    return sentence("{text} that fits {pattern}", text=text, pattern=pattern) if pattern else text


def _ranged(number: Sentence, low: float | None, high: float | None) -> Sentence:
    if low is not None and high is not None:
        return sentence("{number} from {low} to {high}", number=number, low=low, high=high)
    return sentence("{number} of at least {low}", number=number, low=low) if low is not None else number


def _faults(wanted: Any, text: bytes, at: str, strict: bool) -> Iterator[Fault]:
    """Everything in a JSON text that does not fit, place by place; only a refused body pays for it."""
    try:
        msgspec.json.decode(text, type=wanted, strict=strict)
        return
    except (msgspec.ValidationError, RecursionError):
        pass
    is_inside = False
    for fault in _inside(wanted, text, at, strict):
        is_inside = True
        yield fault
    if not is_inside:
        message = sentence("{path}: use {wanted}", path=at, wanted=meaning(wanted))
        yield _refusal(at, message) if at else _unfit_body(wanted)


def _unfit_body(wanted: Any) -> Fault:
    return _refusal("the body", sentence("the body: use {wanted}", wanted=meaning(wanted)))


def _inside(wanted: Any, text: bytes, at: str, strict: bool) -> Iterator[Fault]:
    """What does not fit inside an object or list; nothing where it is neither, or the whole is wrong."""
    said = _parted(text)
    for member in _members(wanted):
        if said is None or len(said) > _max_length(member):
            continue
        kind = plain(member)
        origin, inner = get_origin(kind), get_args(kind)
        if isinstance(said, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            yield from _in_struct(kind, said, at, strict)
        elif isinstance(said, dict) and origin is dict:
            for key, value in said.items():
                path = _below(at, key)
                if _is_key(inner[0], key):
                    yield from _faults(inner[1], bytes(value), path, strict)
                else:
                    yield _refusal(
                        path,
                        sentence(
                            "{path}: there is no such key; use {inner}", path=path, inner=meaning(inner[0])
                        ),
                    )
        elif isinstance(said, list) and origin in (list, tuple):
            for index, value in enumerate(said):
                yield from _faults(inner[0], bytes(value), _below(at, str(index)), strict)


def _is_key(wanted: Any, key: str) -> bool:
    try:
        msgspec.convert(key, wanted)
    except msgspec.ValidationError:
        return False
    return True


def _parted(text: bytes) -> dict[str, msgspec.Raw] | list[msgspec.Raw] | None:
    """An object's values or a list's, each as it is written."""
    try:
        return msgspec.json.decode(text, type=dict[str, msgspec.Raw] | list[msgspec.Raw])
    except (msgspec.ValidationError, RecursionError):
        return None


def _in_struct(kind: type[msgspec.Struct], said: Mapping[str, Any], at: str, strict: bool) -> Iterator[Fault]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    if kind.__struct_config__.forbid_unknown_fields:
        for key in said:
            if key not in fields:
                yield _no_such(_below(at, key), sentence("key"), [_below(at, name) for name in fields])
    for key, one in fields.items():
        if key in said:
            yield from _faults(one.type, bytes(said[key]), _below(at, key), strict)
        elif one.required:
            yield _missing(_below(at, key))


def _members(wanted: Any) -> tuple[Any, ...]:
    kind = plain(wanted)
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (wanted,)


def _max_length(kind: Any) -> int:
    """Return how many entries a list or object of a type may have."""
    limits = [mark.max_length for mark in getattr(kind, "__metadata__", ()) if isinstance(mark, msgspec.Meta)]
    return min((limit for limit in limits if limit is not None), default=sys.maxsize)


def _below(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _refusal(path: str, message: str) -> Fault:
    return Fault(ErrorCode.INVALID_VALUE, path, message)


def _no_such(path: str, what: Sentence, taken: Sequence[str]) -> Fault:
    """What a call does not take, and of what it takes the likeliest."""
    likely = nearest_names(path, taken)
    hint = sentence("it takes {taken}", taken=taken) if taken else sentence("it takes no {what}", what=what)
    if likely:
        hint = sentence("did you mean {likely}? {hint}", likely=likely[0], hint=hint)
    message = sentence("{path}: there is no such {what}", path=path, what=what)
    return Fault(ErrorCode.INVALID_VALUE, path, message, hint)


def _missing(path: str) -> Fault:
    return Fault(ErrorCode.MISSING_VALUE, path, sentence("{path} is required", path=path))
