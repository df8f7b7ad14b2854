"""A file of what exists here: YAML by kind, or CSV with the columns kind, name and local_id."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jobferry.cli.sources import text_of
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import INVENTORY_KINDS

_COLUMNS = ("kind", "name", "local_id")
_SHOWN = 50
_LONGEST = 256


class _Line(NamedTuple):
    number: int
    kind: Any
    name: Any
    local_id: Any


def things(file: Path) -> list[dict[str, str]]:
    """Everything that the file names, as calls take it.

    Raises:
        InvalidRequest: something in it is wrong; all of that is said, with the lines.
        NotFound: it cannot be read.
    """
    text = text_of(file)
    lines, faults = _csv(text) if file.suffix.lower() == ".csv" else _yaml(text)
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in lines:
        fault = _fault(line)
        local_id = "" if line.local_id is None else str(line.local_id)
        former = found.get((str(line.kind), str(line.name)))
        if fault:
            faults.append((line.number, fault))
        elif former is not None and former["local_id"] != local_id:
            faults.append((line.number, f"{line.kind} {line.name} stands there twice, with different ids"))
        else:
            entry = {"kind": line.kind, "name": line.name, "local_id": local_id}
            found[line.kind, line.name] = entry
    if faults:
        raise _unfit(file, sorted(faults))
    return list(found.values())


def _fault(line: _Line) -> str:
    if line.kind not in tuple(INVENTORY_KINDS):
        return f"{line.kind!r} is not a kind of the inventory"
    if not isinstance(line.name, str):
        return f"{line.name!r} is no name; put names into quotes"
    if not line.name.strip() or len(line.name) > _LONGEST:
        return f"a name has 1 to {_LONGEST} characters"
    if isinstance(line.local_id, (dict, list)):
        return f"the id of {line.name} is no single value"
    return ""


def _csv(text: str) -> tuple[list[_Line], list[tuple[int, str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    lines: list[_Line] = []
    faults: list[tuple[int, str]] = []
    try:
        heading = [cell.strip().lower() for cell in next(reader, [])]
        if set(heading) - set(_COLUMNS) or not {"kind", "name"} <= set(heading):
            return [], [(1, "the first line has to name the columns: kind, name and perhaps local_id")]
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(heading):
                faults.append(
                    (reader.line_num, f"{len(row)} columns, where the first line names {len(heading)}")
                )
                continue
            cells = {name: cell.strip() for name, cell in zip(heading, row, strict=False)}
            lines.append(
                _Line(reader.line_num, cells["kind"], cells.get("name", ""), cells.get("local_id", ""))
            )
    except csv.Error as error:
        faults.append((reader.line_num, str(error)))
    return lines, faults


def _yaml(text: str) -> tuple[list[_Line], list[tuple[int, str]]]:
    """By kind either a list of names, or names with their ids."""
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        number = error.problem_mark.line + 1 if error.problem_mark else 1
        return [], [(number, str(error.problem))]
    except (yaml.YAMLError, RecursionError) as error:
        return [], [(1, str(error))]
    if root is None:
        return [], []
    if not isinstance(root, yaml.MappingNode):
        return [], [(1, "it has to say by kind what there is, such as queue: [etl, adhoc]")]
    lines: list[_Line] = []
    faults: list[tuple[int, str]] = []
    kinds: dict[str, int] = {}
    for key, value in root.value:
        if isinstance(value, yaml.ScalarNode) or not isinstance(key, yaml.ScalarNode):
            faults.append((key.start_mark.line + 1, "a kind holds a list of names, or names with their ids"))
            continue
        if key.value in kinds:
            twice = f"the kind {key.value} is there twice, first in line {kinds[key.value]}"
            faults.append((key.start_mark.line + 1, twice))
        kinds.setdefault(key.value, key.start_mark.line + 1)
        lines += _yaml_lines(key.value, value)
    return lines, faults


def _yaml_lines(kind: str, node: Any) -> Iterator[_Line]:
    import yaml

    pairs = node.value if isinstance(node, yaml.MappingNode) else [(one, None) for one in node.value]
    for name, local_id in pairs:
        said = None if local_id is None else _plain(local_id)
        yield _Line(name.start_mark.line + 1, kind, _plain(name), said)


def _plain(node: Any) -> Any:
    """A text as it is written; an id may be a number, a name may not."""
    import yaml

    if not isinstance(node, yaml.ScalarNode):
        return []
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return node.value if node.tag.endswith(":str") else _Unquoted(node.value)


class _Unquoted:
    """What YAML takes for a number, a date or a truth value."""

    def __init__(self, written: str) -> None:
        self._written = written

    def __str__(self) -> str:
        return self._written

    __repr__ = __str__


def _unfit(file: Path, faults: list[tuple[int, str]]) -> InvalidRequest:
    told = [f"line {number}: {fault}" for number, fault in faults[:_SHOWN]]
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        f"the inventory file {file} cannot be used: {'; '.join(told)}{more}",
        subject=str(file),
        hint="nothing was added; kinds are: " + ", ".join(INVENTORY_KINDS),
    )
