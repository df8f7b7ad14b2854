"""Files of connections: entries with the lines where they begin, and errors that name both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

from jobferry.cli import options
from jobferry.cli.files import text_of
from jobferry.cli.problems import Refused
from jobferry.errors import ErrorCode, Fault, InvalidRequest, JobferryError
from jobferry.sentences import as_sentence, sentence

_PLACE = "connections."


class Entry(NamedTuple):
    """A connection's document as a file has it, and in which line it begins."""

    line: int
    name: str
    text: bytes


def connection_entries(file: Path) -> list[Entry]:
    """The connections that a file holds: a list of documents, or documents without names by name.

    Raises:
        InvalidRequest: it is no such file; the message names the entry and its line.
        NotFound: it cannot be read.
    """
    found = options.parsed(file)
    if isinstance(found, dict):
        pairs = [(str(name), document) for name, document in found.items()]
    elif isinstance(found, list):
        pairs = [(_own_name(document), document) for document in found]
    else:
        raise _unfit(file, "it holds neither a list nor names")
    if not pairs:
        raise _unfit(file, "it is empty")
    lines = _lines(text_of(file)) or [1] * len(pairs)
    return [_entry(file, line, *pair) for line, pair in zip(lines, pairs, strict=True)]


def with_lines(
    file: Path, entries: Sequence[Entry], error: Refused | JobferryError
) -> Refused | JobferryError:
    """The same error, in which what is told of places in the list is told of entries and lines."""
    told = [fault for fault in error.faults if fault.path.startswith(_PLACE)]
    if not told:
        return error
    faults = [_of_entry(entries[int(fault.path.removeprefix(_PLACE))], fault) for fault in told]
    return InvalidRequest(
        ErrorCode.INVALID_DOCUMENT,
        sentence("nothing of {file} was created: {fault}", file=file, fault=as_sentence(faults[0].message)),
        subject=str(file),
        hint=as_sentence(faults[0].hint or error.hint),
        faults=faults if len(faults) > 1 else (),
    )


def _of_entry(entry: Entry, fault: Fault) -> Fault:
    said = sentence(
        "line {line}, {name}: {fault}", line=entry.line, name=entry.name, fault=as_sentence(fault.message)
    )
    return fault._replace(message=said, path=f"line {entry.line}")


def _entry(file: Path, line: int, name: str, document: Any) -> Entry:
    if not isinstance(document, dict):
        raise _unfit(file, sentence("line {line}: the entry {name} has no type", line=line, name=name))
    inside = document.get("name", name)
    if not name:
        raise _unfit(file, sentence("line {line}: the entry has no name", line=line))
    if inside != name:
        raise _unfit(
            file,
            sentence(
                "line {line}: the entry {name} names itself {inside}", line=line, name=name, inside=inside
            ),
        )
    return Entry(line, name, msgspec.json.encode({"name": name, **document}))


def _own_name(document: Any) -> str:
    found = document.get("name") if isinstance(document, dict) else document
    return found if isinstance(found, str) else ""


def _lines(text: str) -> list[int]:
    """In which lines the entries begin; JSON is read as the YAML that it mostly is. None where it is not."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        root = None
    if root is None:
        return []
    entries = [key for key, _ in root.value] if isinstance(root, yaml.MappingNode) else root.value
    return [entry.start_mark.line + 1 for entry in entries]


def _unfit(file: Path, reason: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("the file {file} cannot be used: {reason}", file=file, reason=as_sentence(reason)),
        subject=str(file),
        hint="write a list of documents with name, type and config, or documents by name",
    )
