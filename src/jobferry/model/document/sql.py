"""Where SQL text names databases: as qualifier of a table, column or function, or in USE, CREATE and DROP.

Only statements that hold a wanted name are parsed. What cannot be parsed is told, never guessed at. Parsing
takes some 5 seconds and 200 MiB of memory for a million letters; what is over the limits here is told too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any, NamedTuple

MAX_TEXT_LETTERS = 1024 * 1024
"""The longest text that is cut into statements."""
MAX_STATEMENT_LETTERS = 256 * 1024
"""The longest statement that is parsed; the others of its text are."""
MAX_TEXT_PLACES = 10_000
"""Most places of a text that are changed or told one by one."""
TOO_LARGE = "too-large"

_MASKED = re.compile(r"[$#]\{[^{}]*\}")
_DIALECTS = (
    *(("hetu", "trino"), ("presto", "trino"), ("trino", "trino"), ("hive", "hive"), ("impala", "hive")),
    *(("spark", "spark"), ("dli", "spark"), ("dws", "postgres"), ("gauss", "postgres"), ("post", "postgres")),
    *(("rds", "mysql"), ("mysql", "mysql"), ("doris", "doris"), ("clickhouse", "clickhouse")),
    *(("oracle", "oracle"), ("sql", "")),
)
"""What a script's or node's type holds, and the SQL that is spoken there; the first that fits."""


class Place(NamedTuple):
    """A name in a text: its letters without quotes are ``text[start:end]``."""

    start: int
    end: int


class Unread(NamedTuple):
    """A place of a wanted name that was left alone, and why (a code)."""

    start: int
    name: str
    reason: str


def dialect_of(type_: str) -> str | None:
    """The SQL that scripts or nodes of a type hold; None where they hold no SQL."""
    lowered = type_.replace(" ", "").lower()
    return next((dialect for part, dialect in _DIALECTS if part in lowered), None)


def mentions(text: str, names: Collection[str]) -> Iterator[tuple[int, str]]:
    """Where any of the names stands as a word of its own, whatever its case."""
    words = re.compile(r"(?<![\w$])(?:" + "|".join(map(re.escape, names)) + r")(?![\w$])", re.IGNORECASE)
    return ((found.start(), found[0]) for found in words.finditer(text))


def too_large(text: str, names: Collection[str], start: int = 0) -> list[Unread]:
    """Where each of the names stands first in a text that is not looked through, and begins at ``start``."""
    first: dict[str, Unread] = {}
    for at, name in mentions(text, names):
        first.setdefault(name.lower(), Unread(start + at, name, TOO_LARGE))
    return list(first.values())


def database_places(text: str, dialect: str, names: Collection[str]) -> tuple[list[Place], list[Unread]]:
    """Where the text uses any of the databases, and what was left alone although it may be one.

    A text over a limit, and a statement over its own, is left alone: each name in it is told once.
    """
    if len(text) > MAX_TEXT_LETTERS:
        return [], too_large(text, names)
    lowered = {one.lower() for one in names}
    masked = _MASKED.sub(lambda found: "_" * len(found[0]), text)
    places: list[Place] = []
    unread: list[Unread] = []
    for start, end, tokens in _statements(masked, dialect):
        if next(mentions(masked[start:end], names), None) is None:
            continue
        if end - start > MAX_STATEMENT_LETTERS:
            unread += too_large(masked[start:end], names, start)
            continue
        found = _identifiers(masked, dialect, tokens) if tokens is not None else None
        if found is None:
            said = islice(mentions(masked[start:end], names), MAX_TEXT_PLACES + 1)
            unread += [Unread(start + at, name, "unparsed") for at, name in said]
        for place in found or ():
            name = masked[place.start : place.end]
            if name in names:
                places.append(place)
            elif name.lower() in lowered:
                unread.append(Unread(place.start, name, "case"))
        if len(places) + len(unread) > MAX_TEXT_PLACES:
            return [], too_large(masked, names)
    return sorted(set(places)), unread


def is_plain(name: str) -> bool:
    """Whether a name may stand in SQL without quotes."""
    return re.fullmatch(r"[^\W\d]\w*", name) is not None


def _statements(text: str, dialect: str) -> Iterator[tuple[int, int, list[Any] | None]]:
    """Each statement's place and tokens; the whole text without any where it cannot be cut up."""
    try:
        tokens = _engine(dialect).tokenize(text)
    except Exception:  # as below
        yield 0, len(text), None
        return
    statement: list[Any] = []
    for token in tokens:
        if token.token_type.name != "SEMICOLON":
            statement.append(token)
        elif statement:
            yield statement[0].start, statement[-1].end + 1, statement
            statement = []
    if statement:
        yield statement[0].start, statement[-1].end + 1, statement


def _identifiers(text: str, dialect: str, tokens: list[Any]) -> list[Place] | None:
    """Where one statement names databases; None where it cannot be read."""
    from sqlglot import exp

    try:
        trees = _engine(dialect).parser().parse(tokens, text)
    except Exception:  # the parser stumbles over some texts: map(1) in Hive's SQL is an IndexError
        return None
    found: list[Place] = []
    for tree in trees:
        if tree is None or tree.find(exp.Command) is not None:
            return None
        aliases = {one.name for one in tree.find_all(exp.TableAlias)}
        for identifier in tree.find_all(exp.Identifier):
            if _names_database(identifier, aliases) and "start" in identifier.meta:
                found.append(_bare(text, identifier.meta["start"], identifier.meta["end"] + 1))
    return found


def _names_database(identifier: Any, aliases: set[str]) -> bool:
    from sqlglot import exp

    parent, key = identifier.parent, identifier.arg_key
    match parent:
        case exp.Table():
            return key in ("db", "catalog") or (key == "this" and _is_about_database(parent.parent))
        case exp.Column():
            return key in ("db", "catalog") and identifier.name not in aliases
        case exp.Dot():
            return key == "this" and isinstance(parent.expression, exp.Func)
        case _:
            return False


def _is_about_database(statement: Any) -> bool:
    from sqlglot import exp

    if isinstance(statement, exp.Use):
        return str(statement.args.get("kind") or "").upper() in ("", "DATABASE", "SCHEMA", "CATALOG")
    created = isinstance(statement, exp.Create | exp.Drop)
    return created and str(statement.args.get("kind") or "").upper() in ("DATABASE", "SCHEMA")


def _bare(text: str, start: int, end: int) -> Place:
    """The place of an identifier without the quotes around it."""
    return Place(start + 1, end - 1) if text[start] in '`"[' else Place(start, end)


def _engine(dialect: str) -> Any:
    """sqlglot takes a quarter of a second to load, so it is loaded where SQL is first looked into."""
    from sqlglot.dialects.dialect import Dialect

    logging.getLogger("sqlglot").disabled = True  # it tells of syntax that it leaves alone; so do we
    return Dialect.get_or_raise(dialect)
