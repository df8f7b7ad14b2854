"""Graphs in the terminal, in Mermaid and in DOT: what comes first stands first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from jobferry.cli.show.out import Out, padded, width
from jobferry.cli.words import Say
from jobferry.model.printable import printable

_SHOWN = 3
"""So many names are told of what a node comes after; then how many more there are."""
_PLAIN = frozenset(" _-./:@")
"""What stands in a Mermaid label as it is, besides letters and digits."""


class DrawnFormat(StrEnum):
    """How a graph is drawn."""

    TEXT = "text"
    MERMAID = "mermaid"
    DOT = "dot"


class Look(StrEnum):
    """What a node's colour tells; plain for nothing in particular."""

    PLAIN = ""
    CENTRE = "centre"
    HELD = "held"
    MISSING = "missing"
    UNKNOWN = "unknown"
    CREATE = "create"
    OVERWRITE = "overwrite"
    UNCHANGED = "unchanged"
    SKIP = "skip"
    BLOCKED = "blocked"


_STYLES: Mapping[Look, tuple[str, str]] = {
    Look.CENTRE: ("fill:#dbeafe,stroke:#1d4ed8,stroke-width:3px", "#dbeafe"),
    Look.HELD: ("fill:#fef3c7,stroke:#b45309", "#fef3c7"),
    Look.MISSING: ("fill:#fee2e2,stroke:#b91c1c,stroke-dasharray:4", "#fee2e2"),
    Look.UNKNOWN: ("fill:#f3f4f6,stroke:#6b7280,stroke-dasharray:4", "#f3f4f6"),
    Look.CREATE: ("fill:#dcfce7,stroke:#15803d", "#dcfce7"),
    Look.OVERWRITE: ("fill:#dbeafe,stroke:#1d4ed8", "#dbeafe"),
    Look.UNCHANGED: ("fill:#ffffff,stroke:#9ca3af", "#ffffff"),
    Look.SKIP: ("fill:#f3f4f6,stroke:#6b7280", "#f3f4f6"),
    Look.BLOCKED: ("fill:#fee2e2,stroke:#b91c1c", "#fee2e2"),
}
_TERMINAL = {
    Look.CENTRE: "bold",
    Look.HELD: "yellow",
    Look.MISSING: "red",
    Look.UNKNOWN: "dim",
    Look.CREATE: "green",
    Look.OVERWRITE: "blue",
    Look.SKIP: "dim",
    Look.BLOCKED: "red",
}


class DrawnNode(NamedTuple):
    """A node: its name, what it is, and how it looks. Its place in the list is its number."""

    name: str
    what: str
    look: Look = Look.PLAIN


class DrawnEdge(NamedTuple):
    """From what comes first to what comes after it, by number. One with a label is no order of running: it
    goes from who uses something to that."""

    first: int
    then: int
    label: str = ""


class Drawing(NamedTuple):
    """What is drawn, and what is told below it, such as what is left out."""

    nodes: Sequence[DrawnNode]
    edges: Sequence[DrawnEdge]
    notes: Sequence[str] = ()


class Line(NamedTuple):
    """A line for the terminal, with its style."""

    text: str
    style: str


def levels(drawing: Drawing) -> list[list[int]]:
    """The nodes by number: first those that come after nothing, then those that come after them, and so on.

    What is only used stands behind who uses it. Nodes that come after each other in a circle stand where
    the circle is entered.
    """
    before: dict[int, set[int]] = {number: set() for number in range(len(drawing.nodes))}
    after: dict[int, list[int]] = {number: [] for number in before}
    ordered = {number for edge in drawing.edges if not edge.label for number in edge[:2]}
    for first, then, label in drawing.edges:
        if first != then and first not in before[then] and not (label and then in ordered):
            before[then].add(first)
            after[first].append(then)
    level = dict.fromkeys(before, 0)
    waiting = {number: len(firsts) for number, firsts in before.items()}
    ready = deque(number for number, count in waiting.items() if not count)
    rest = dict.fromkeys(before)
    while rest:
        number = ready.popleft() if ready else next(iter(rest))
        del rest[number]
        for then in after[number]:
            if then in rest:
                level[then] = max(level[then], level[number] + 1)
                waiting[then] -= 1
                if not waiting[then]:
                    ready.append(then)
    found: list[list[int]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for number, place in level.items():
        found[place].append(number)
    return [numbers for numbers in found if numbers]


def as_text(drawing: Drawing, say: Say, *, cells: int = 80) -> list[Line]:
    """A line a node, level by level, with what it comes after and what it uses; more lines where these would
    be wider than so many ``cells``."""
    shown = [printable(node.name) for node in drawing.nodes]
    names = max(map(width, shown), default=0)
    whats = max((width(node.what) for node in drawing.nodes), default=0)
    layers = levels(drawing)
    digits = len(str(len(layers)))
    lines: list[Line] = []
    for place, numbers in enumerate(layers, 1):
        for row, number in enumerate(numbers):
            node = drawing.nodes[number]
            begin = f"{'' if row else place:>{digits}} {_bracket(row, len(numbers))} "
            begin += f"{padded(shown[number], names)} {padded(node.what, whats)} "
            style = _TERMINAL.get(node.look, "")
            for text in _folded(begin, _told(number, drawing.edges, shown, say), cells):
                lines.append(Line(text.rstrip(), style))
    return lines


def _bracket(row: int, count: int) -> str:
    if count == 1:
        return "─"
    return "┬" if not row else "└" if row == count - 1 else "├"


def _folded(begin: str, parts: Sequence[str], cells: int) -> list[str]:
    """The parts behind each other, as many a line as fit."""
    lines = [begin]
    for place, part in enumerate(parts):
        text = part + (";" if place + 1 < len(parts) else "")
        if lines[-1].strip() and lines[-1] != begin and width(lines[-1]) + width(text) >= cells:
            lines.append(" " * width(begin))
        lines[-1] += text + " "
    return lines


def _told(number: int, edges: Iterable[DrawnEdge], names: Sequence[str], say: Say) -> list[str]:
    """What a node comes after, and what it uses, by relation."""
    parts: dict[str, dict[str, None]] = {}
    for first, then, label in edges:
        if not label and then == number:
            parts.setdefault("", {})[names[first]] = None
        elif label and first == number:
            parts.setdefault(label, {})[names[then]] = None
    told = [(label, _few(list(found), say)) for label, found in sorted(parts.items())]
    return [f"{label} {few}" if label else say("after {names}", names=few) for label, few in told]


def _few(names: list[str], say: Say) -> str:
    listed = ", ".join(names[:_SHOWN])
    return f"{listed} {say('and {count} more', count=len(names) - _SHOWN)}" if len(names) > _SHOWN else listed


def as_mermaid(drawing: Drawing) -> str:
    """A Mermaid flowchart. Names are labels, never code: whatever could end one is written as its number."""
    lines = ["flowchart LR", *(f"  %% {printable(note)}" for note in drawing.notes)]
    for number, node in enumerate(drawing.nodes):
        label = _mermaid(node.name) + (f"<br/>{_mermaid(node.what)}" if node.what else "")
        lines.append(f'  n{number}["{label}"]')
    for first, then, label in drawing.edges:
        arrow = f'-. "{_mermaid(label)}" .->' if label else "-->"
        lines.append(f"  n{first} {arrow} n{then}")
    for look, (style, _) in _STYLES.items():
        numbers = [f"n{number}" for number, node in enumerate(drawing.nodes) if node.look is look]
        if numbers:
            lines += [f"  classDef {look} {style}", f"  class {','.join(numbers)} {look}"]
    return "\n".join(lines) + "\n"


def _mermaid(text: str) -> str:
    return "".join(one if one.isalnum() or one in _PLAIN else f"#{ord(one)};" for one in printable(text))


def as_dot(drawing: Drawing) -> str:
    """A DOT digraph. Names stand in quotes, with backslashes and quotes escaped."""
    lines = ["digraph jobferry {", *(f"  // {printable(note)}" for note in drawing.notes)]
    lines += ["  rankdir=LR;", '  node [shape=box, style="rounded,filled"];']
    for number, node in enumerate(drawing.nodes):
        label = _dot(node.name) + (f"\\n{_dot(node.what)}" if node.what else "")
        colour = _STYLES[node.look][1] if node.look in _STYLES else "#ffffff"
        lines.append(f'  n{number} [label="{label}", fillcolor="{colour}"];')
    for first, then, label in drawing.edges:
        looks = f' [label="{_dot(label)}", style=dashed]' if label else ""
        lines.append(f"  n{first} -> n{then}{looks};")
    return "\n".join([*lines, "}"]) + "\n"


def _dot(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace('"', '\\"')


def show_drawing(out: Out, drawing: Drawing, drawn: DrawnFormat) -> None:
    """Draws a graph on stdout."""
    if drawn is DrawnFormat.MERMAID:
        out.raw(as_mermaid(drawing).encode())
    elif drawn is DrawnFormat.DOT:
        out.raw(as_dot(drawing).encode())
    else:
        for line in as_text(drawing, out.say):
            out.line(line.text, line.style)
        for note in drawing.notes:
            out.line(note, "dim")
