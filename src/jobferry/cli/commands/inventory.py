"""inventory: what exists here outside Jobferry; told by name, by package, or by a file.

A file is YAML by kind, or CSV with the columns kind, name and local_id.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from jobferry.api.native import inventory as api
from jobferry.cli import files
from jobferry.cli.call import Call, command, group
from jobferry.cli.files import text_of
from jobferry.cli.listing import NamedListOptions, ask_list
from jobferry.cli.session import ask
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import INVENTORY_KINDS, NeedKind
from jobferry.sentences import as_sentence, clauses, sentence

Name = Annotated[str, typer.Argument(metavar="NAME")]
Kind = Annotated[str, typer.Argument(metavar="KIND", help="One of: " + ", ".join(INVENTORY_KINDS) + ".")]
_COLUMNS = ("kind", "name", "local_id")
_SHOWN = 50
_LONGEST = 256


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    inventory = group(app, "inventory", "What exists here outside Jobferry.")
    command(inventory, "list")(list_inventory)
    command(inventory, "add")(add)
    command(inventory, "load")(load)
    command(inventory, "remove")(remove)
    command(inventory, "accept")(accept)


def list_inventory(
    call: Call,
    said: NamedListOptions,
    kind: Annotated[NeedKind | None, typer.Option("--kind", help="Only things of this kind.")] = None,
) -> None:
    """List what exists here outside Jobferry."""
    inventory = ask_list(call, said, api.list_inventory, kind, said.name)
    if call.quiet:
        call.names(thing.name for thing in inventory.items)
        return
    call.out.value(inventory.items)
    rows = [(call.out.say(kind), call.out.say("everything (accepted)"), "") for kind in inventory.accepted]
    rows += [(call.out.say(thing.kind), thing.name, thing.local_id) for thing in inventory.items]
    call.out.table(("kind", "name", "id here"), rows)


def add(
    call: Call,
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="One of: " + ", ".join(INVENTORY_KINDS))
    ] = None,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")] = None,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="PACKAGE", help="Confirm that all that this package refers to exists here."
        ),
    ] = None,
) -> None:
    """Add what exists here: names of one kind, or all that a package refers to."""
    if (from_ is None) == (kind is None) or (kind is not None and not names):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "give either KIND and names, or --from PACKAGE",
            subject="KIND",
            hint="`jobferry inventory add queue etl_prod`, or `jobferry inventory add --from orders.zip`",
        )
    if from_ is not None:
        named = _needed(from_)
    else:
        named = [{"kind": kind or "", "name": name} for name in names or ()]
    call.out.value({"added": _add(call, named), "items": named})
    for thing in named:
        call.out.line(f"{thing['kind']} {thing['name']}")


def load(
    call: Call,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="YAML by kind, or .csv with columns kind, name, local_id.")
    ],
) -> None:
    """Add everything that a file names, with the ids that things have here; all of it or nothing."""
    named = things(file)
    added = _add(call, named)
    line = call.out.say("{count} added to the inventory", count=added)
    call.done({"added": added, "items": named}, line)


def accept(
    call: Call,
    kinds: Annotated[
        list[str], typer.Argument(metavar="KIND...", help="Some of: " + ", ".join(INVENTORY_KINDS) + ".")
    ],
    off: Annotated[bool, typer.Option("--off", help="No longer say so.")] = False,
) -> None:
    """Accept kinds: everything of them exists here, and nothing of them is looked for any more.

    What was held for them only may start.
    """
    wanted = api.AcceptedKinds(kinds=kinds, accepted=not off)
    accepted = ask(call, api.accept_inventory, wanted).accepted
    call.out.value({"accepted": accepted})
    for kind in accepted:
        call.out.line(call.out.say("{kind}: everything (accepted)", kind=call.out.say(kind)))


def remove(call: Call, kind: Kind, name: Name) -> None:
    """Take a thing out of the inventory."""
    ask(call, api.remove_inventory, kind, name)
    call.done({"name": name, "removed": True}, name)


def _add(call: Call, named: list[dict[str, str]]) -> int:
    """Adds things, and gives how many were added."""
    items = [api.InventoryThing(**thing) for thing in named]
    return ask(call, api.add_inventory, api.NewInventory(items=items)).added


def _needed(package: Path) -> list[dict[str, str]]:
    """What a package refers to and nobody but the inventory can vouch for."""
    from jobferry.services.packages import inspect

    with files.package_file(package) as file:
        needs = inspect(file).needs
    return [{"kind": need.kind.value, "name": need.name} for need in needs if need.kind in INVENTORY_KINDS]


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
            faults.append(
                (
                    line.number,
                    sentence(
                        "the {kind} {name} is there twice, with different ids", kind=line.kind, name=line.name
                    ),
                )
            )
        else:
            entry = {"kind": line.kind, "name": line.name, "local_id": local_id}
            found[line.kind, line.name] = entry
    if faults:
        raise _unfit(file, sorted(faults))
    return list(found.values())


def _fault(line: _Line) -> str:
    if line.kind not in tuple(INVENTORY_KINDS):
        return sentence("{kind} is not a kind of the inventory", kind=repr(line.kind))
    if not isinstance(line.name, str):
        return sentence("the name {name} is not valid; put names into quotes", name=repr(line.name))
    if not line.name.strip() or len(line.name) > _LONGEST:
        return sentence("a name has 1 to {longest} characters", longest=_LONGEST)
    if isinstance(line.local_id, (dict, list)):
        return sentence("the id of {name} is not a single value", name=line.name)
    return ""


def _csv(text: str) -> tuple[list[_Line], list[tuple[int, str]]]:
    import csv

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
                    (
                        reader.line_num,
                        sentence(
                            "the line has {count:column}, the first line {heading_count}",
                            count=len(row),
                            heading_count=len(heading),
                        ),
                    )
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
            twice = sentence(
                "the kind {value} is there twice, first in line {kinds}",
                value=key.value,
                kinds=kinds[key.value],
            )
            faults.append((key.start_mark.line + 1, twice))
        kinds.setdefault(key.value, key.start_mark.line + 1)
        lines += _yaml_lines(key.value, value)
    return lines, faults


def _yaml_lines(kind: str, node: Any) -> Iterator[_Line]:
    import yaml

    pairs = node.value if isinstance(node, yaml.MappingNode) else [(name, None) for name in node.value]
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
    told = [
        sentence("line {number}: {fault}", number=number, fault=as_sentence(fault))
        for number, fault in faults[:_SHOWN]
    ]
    if len(faults) > _SHOWN:
        told.append(sentence("and {count} more", count=len(faults) - _SHOWN))
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence(
            "the inventory file {file} cannot be used: {faults}",
            file=file,
            faults=clauses(told),
        ),
        subject=str(file),
        hint=sentence(
            "nothing was added; kinds are: {kinds}", kinds=[kind.value for kind in INVENTORY_KINDS]
        ),
    )
