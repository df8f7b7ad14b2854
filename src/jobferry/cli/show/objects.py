"""What commands show of objects: rows of lists, a job in outline, a script with its head."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from jobferry.cli.show.out import Out, padded, subject, when, width
from jobferry.cli.words import Say

if TYPE_CHECKING:
    from jobferry.api.native.objects import ObjectAnswer
    from jobferry.api.native.outlines import JobOutlineAnswer, NodeOutline
    from jobferry.model.document.outline import OutlineUse

COLUMNS: dict[str, Callable[[Any, Say], str]] = {
    "name": lambda stored, _: stored.name,
    "type": lambda stored, _: stored.type,
    "state": lambda stored, _: stored.state or "",
    "live": lambda stored, _: f"v{stored.live_version}" if stored.live_version else "-",
    "directory": lambda stored, _: stored.directory,
    "held": lambda stored, say: _some(held(stored, say)),
    "locked by": lambda stored, _: stored.locked_by,
    "tags": lambda stored, _: ", ".join(stored.tags),
    "changed": lambda stored, _: when(stored.updated_at),
    "changed by": lambda stored, _: stored.updated_by,
    "created": lambda stored, _: when(stored.created_at),
    "created by": lambda stored, _: stored.created_by,
}
"""What a column of a list shows, by its heading."""


def held(stored: ObjectAnswer, say: Say) -> list[str]:
    """What an object waits for, in words."""
    things = [thing.partition(" ") for thing in stored.held]
    return [subject(kind, name, say) if name else kind for kind, _, name in things]


def _some(things: Sequence[str]) -> str:
    return f"{things[0]} +{len(things) - 1}" if len(things) > 1 else "".join(things)


def show_head(out: Out, stored: ObjectAnswer, more: Sequence[tuple[str, str]] = ()) -> None:
    """An object's name, and a line for each thing that is worth one."""
    say = out.say
    out.line(f"{stored.name}  ({say(stored.kind.value)}, {stored.type or '-'})", "bold")
    is_changed = bool(stored.live_version and stored.digest != _live_of(stored))
    live = f"v{stored.live_version}" if stored.live_version else say("draft")
    _lines(
        out,
        (
            ("directory", stored.directory),
            ("state", stored.state.value if stored.state else ""),
            ("live", live + (f", {say('with a newer version')}" if is_changed else "")),
            ("locked by", stored.locked_by),
            ("tags", ", ".join(stored.tags)),
            ("changed", f"{when(stored.updated_at)}, {stored.updated_by}"),
            *more,
            ("held", ", ".join(held(stored, say))),
        ),
    )


def _live_of(stored: ObjectAnswer) -> str:
    return stored.digest if stored.live_version == stored.last_version else ""


def _lines(out: Out, lines: Sequence[tuple[str, str]]) -> None:
    shown = [(out.say(name), value) for name, value in lines if value]
    cells = max((width(name) for name, _ in shown), default=0)
    for name, value in shown:
        out.line(f"  {padded(name, cells)}  {value}")


def show_outline(out: Out, found: JobOutlineAnswer) -> None:
    """A job: what starts it and when, its nodes as a tree, its parameters."""
    say, schedule = out.say, found.schedule
    zone = f" ({found.zone})" if schedule.expression and found.zone else ""
    show_head(
        out,
        found.object,
        (
            ("owner", found.owner),
            ("schedule", schedule.words + zone),
            ("next runs", ", ".join(when(one)[:16] for one in found.next_runs or ())),
            ("waits for", _uses(out, found.waits_for)),
            ("uses", _uses(out, found.uses)),
        ),
    )
    out.line(say("nodes"), "bold")
    rows = [(f"  {indent}{node.name}", node) for indent, node in tree(found.nodes)]
    cells = max((width(name) for name, _ in rows), default=0)
    kinds = max((width(node.type) for _, node in rows), default=0)
    for name, node in rows:
        told = _uses(out, node.uses)
        also = f"  ← {', '.join(node.after)}" if len(node.after) > 1 else ""
        words = f"  {node.schedule.words}" if node.schedule else ""
        out.line(f"{padded(name, cells)}  {padded(node.type, kinds)}  {told}{words}{also}".rstrip())
    if found.parameters:
        out.line(say("parameters"), "bold")
        for one in found.parameters:
            out.line(f"  {one.name} = {one.value}")


def _uses(out: Out, uses: Sequence[OutlineUse]) -> str:
    return ", ".join(
        f"{out.say(use.kind.value)} {use.workspace + '/' if use.workspace else ''}{use.name}" for use in uses
    )


def tree(nodes: Sequence[NodeOutline]) -> Iterator[tuple[str, NodeOutline]]:
    """Each node once, below the first of those that it runs after, with what stands before its name."""
    known = {node.name: node for node in nodes}
    below: dict[str, list[str]] = {}
    for node in known.values():
        parent = next((name for name in node.after if name in known), "")
        below.setdefault(parent, []).append(node.name)
    waiting = [(name, 0) for name in reversed(below.get("", ()))]
    told: set[str] = set()
    while waiting or len(told) < len(known):
        # nodes in a circle stand below nobody that was told: the first of them begins a tree of its own
        name, depth = waiting.pop() if waiting else (next(one for one in known if one not in told), 0)
        if name in told:
            continue
        told.add(name)
        yield ("   " * (depth - 1) + "└─ " if depth else "", known[name])
        waiting += [(child, depth + 1) for child in reversed(below.get(name, ()))]
