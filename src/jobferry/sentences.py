"""Sentences with named arguments: English when they are made, any language later (as gettext has it, the
English template is the key of a catalogue)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

Argument: TypeAlias = "str | int | Sentence | tuple[Argument, ...]"
"""What stands at a place of a template: a name as it is, a number, a sentence, or a list of these."""


class Sentence(str):
    """An English sentence that keeps its template and arguments, so that it can be translated."""

    __slots__ = ("arguments", "template")

    template: str
    arguments: Mapping[str, Argument]

    def __new__(cls, template: str, arguments: Mapping[str, Argument]) -> Sentence:
        made = super().__new__(cls, filled(template, arguments, ENGLISH))
        made.template = template
        made.arguments = arguments
        return made

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, Mapping[str, Argument]]]:
        return Sentence, (self.template, self.arguments)


class Grammar(NamedTuple):
    """How a language puts sentences together: its word for an English template, and what stands between the
    things of a list."""

    template: Callable[[str], str]
    comma: str


ENGLISH = Grammar(str, ", ")
_PACKED = "\x1e"


def sentence(template: str, /, **arguments: object) -> Sentence:
    """A sentence whose ``{places}`` hold the arguments.

    Numbers may name what they count: ``{count:object}`` is "1 object" or "2 objects", and
    ``{count:entry/entries}`` names the plural. Lists are enumerated, kinds (enumerations with ``words``) are
    told in words, arguments that are sentences are said in the language of the whole; all else stands there
    as ``str`` shows it.
    """
    return Sentence(template, {name: _argument(value) for name, value in arguments.items()})


def as_sentence(text: str) -> Sentence:
    """A constant as a sentence without arguments."""
    return text if isinstance(text, Sentence) else Sentence(text.replace("{", "{{").replace("}", "}}"), {})


def reason_of(error: OSError) -> Sentence:
    """Why the system refuses, in its own words; the catalogue has the frequent ones."""
    return as_sentence(error.strerror or str(error))


def few(names: Sequence[str], most: int = 5) -> Sentence:
    """The first of some names, and how many more there are."""
    if len(names) <= most:
        return sentence("{names}", names=names)
    return sentence("{names} and {more} more", names=names[:most], more=len(names) - most)


def clauses(texts: Iterable[str]) -> Sentence:
    """Several sentences or constants as one, with semicolons between them."""
    first, *others = map(as_sentence, texts)
    for other in others:
        first = sentence("{first}; {then}", first=first, then=other)
    return first


def rendered(text: str, grammar: Grammar) -> str:
    """A sentence or constant in another language."""
    said = as_sentence(text)
    return filled(grammar.template(said.template), said.arguments, grammar)


def filled(template: str, arguments: Mapping[str, Argument], grammar: Grammar) -> str:
    """A template with its arguments in their places."""
    return template.format_map({name: _shown(value, grammar) for name, value in arguments.items()})


def packed(text: str) -> str:
    """A sentence as it is stored: as it reads, and what it was made of behind that."""
    if not isinstance(text, Sentence):
        return text
    return f"{text}{_PACKED}{json.dumps(_parts(text), ensure_ascii=False)}"


def unpacked(stored: str) -> str:
    """What was stored: a sentence, or a name."""
    _, mark, parts = stored.partition(_PACKED)
    return _stored(json.loads(parts)) if mark else stored


def _parts(value: Argument) -> object:
    if isinstance(value, Sentence):
        return {"template": value.template, "arguments": {k: _parts(v) for k, v in value.arguments.items()}}
    return [_parts(item) for item in value] if isinstance(value, tuple) else value


def _stored(parts: Mapping[str, Any]) -> Sentence:
    return Sentence(parts["template"], {name: _whole(part) for name, part in parts["arguments"].items()})


def _whole(parts: Any) -> Argument:
    if isinstance(parts, dict):
        return _stored(parts)
    return tuple(_whole(item) for item in parts) if isinstance(parts, list) else parts


class _Counted(int):
    """A number that may name what it counts."""

    def __format__(self, form: str) -> str:
        if not form[:1].isalpha():
            return super().__format__(form)
        one, _, many = form.partition("/")
        return f"{int(self):,} {one if self == 1 else many or one + 's'}"


def _shown(value: Argument, grammar: Grammar) -> object:
    if isinstance(value, Sentence):
        return rendered(value, grammar)
    if isinstance(value, tuple):
        return grammar.comma.join(str(_shown(item, grammar)) for item in value)
    return _Counted(value) if isinstance(value, int) else value


def _argument(value: object) -> Argument:
    if isinstance(value, Enum):
        words = getattr(value, "words", None)
        return str(value.value) if words is None else Sentence(words, {})
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, Iterable):
        return tuple(_argument(item) for item in value)
    return str(value)
