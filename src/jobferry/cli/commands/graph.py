"""graph: the nodes of a job, jobs around a job or in a directory. uses: who uses a thing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from jobferry.api.native import connections, graphs, inventory, objects, outlines, references, variables
from jobferry.cli.call import Call, command
from jobferry.cli.session import ask, ask_all
from jobferry.cli.show.graph import Drawing, DrawnEdge, DrawnFormat, DrawnNode, Look, show_drawing
from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.document.references import NESTED, UPSTREAM
from jobferry.model.graph import MOST_HOPS, MOST_NODES, Direction, Graph, GraphNode, LeftOut
from jobferry.model.kinds import INVENTORY_KINDS, OBJECT_OF, NeedKind, ObjectKind
from jobferry.model.messages import Language, told
from jobferry.model.names import ROOT, nearest_names
from jobferry.model.transfer.preview import Presence
from jobferry.model.uses import TextState
from jobferry.sentences import as_sentence, sentence

JobArgument = Annotated[str | None, typer.Argument(metavar="[JOB]", help="The job's name.")]


class GraphFormat(StrEnum):
    """How a graph is written: drawn, or as the API answers it."""

    TEXT = "text"
    MERMAID = "mermaid"
    DOT = "dot"
    JSON = "json"


Directory = Annotated[
    str | None, typer.Option("--directory", metavar="DIR", help="The jobs in this directory and below it.")
]
AroundOption = Annotated[bool, typer.Option("--around", help="The jobs around the job, not its nodes.")]
Hops = Annotated[
    int | None,
    typer.Option("--hops", min=0, max=MOST_HOPS, metavar="N", help="How far from there (0 to 5)."),
]
Way = Annotated[
    Direction, typer.Option("--direction", help="Up: what a job waits for. Down: what waits for it.")
]
Most = Annotated[
    int, typer.Option("--most", min=1, max=MOST_NODES, metavar="N", help="At most so many nodes.")
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", help="Show these kinds too; all for every kind. Repeat it."),
]
Format = Annotated[GraphFormat, typer.Option("--format", help="How the graph is written.")]
Live = Annotated[bool, typer.Option("--live", help="By live versions, not by drafts.")]
Thing = Annotated[str, typer.Argument(metavar="KIND:NAME", help="Such as script:clean or connection:dwh.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, metavar="N", help="At most so many users.")]

_ALL = "all"
_MISSING = {
    NeedKind.JOB: ErrorCode.JOB_MISSING,
    NeedKind.SCRIPT: ErrorCode.SCRIPT_MISSING,
    NeedKind.RESOURCE: ErrorCode.RESOURCE_MISSING,
    NeedKind.CDM: ErrorCode.CDM_MISSING,
    NeedKind.CONNECTION: ErrorCode.CONNECTION_MISSING,
    NeedKind.WORKSPACE: ErrorCode.WORKSPACE_MISSING,
    NeedKind.VARIABLE: ErrorCode.VARIABLE_MISSING,
}
_PRESENCE = {
    Presence.HERE: "exists here",
    Presence.MISSING: "missing here",
    Presence.UNKNOWN: "not known to exist here",
}


def add_to(app: typer.Typer) -> None:
    """Adds both commands."""
    command(app, "graph")(graph)
    command(app, "uses", lists=True)(uses)


@dataclass(frozen=True)
class Reach:
    """How far a graph of several jobs reaches."""

    around: AroundOption = False
    hops: Hops = None
    direction: Way = Direction.BOTH
    kind: Kinds = None
    most: Most = MOST_NODES


def graph(
    call: Call,
    reach: Reach,
    job: JobArgument = None,
    directory: Directory = None,
    live: Live = False,
    format_: Format = GraphFormat.TEXT,
) -> None:
    """Draw the nodes of a job, or jobs around it or in a directory."""
    if (job is None) == (directory is None):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "name a job or a directory",
            hint="`jobferry graph JOB`, or `jobferry graph --directory /dir`",
        )
    state = TextState.LIVE if live else TextState.DRAFT
    if job is not None and not reach.around and reach.hops is None:
        _draw_nodes(call, job, state, format_)
        return
    said = graphs.GraphReach(direction=reach.direction, most=reach.most, kind=_kinds(reach.kind), state=state)
    if job is not None:
        hops = 1 if reach.hops is None else reach.hops
        found = ask(call, graphs.show_neighbourhood, job, said, hops=hops)
    else:
        place = directory or ROOT
        found = ask(call, graphs.show_directory_graph, said, directory=place, hops=reach.hops or 0)
    _draw(call, _drawing(call, found, centre=job or ""), found, format_)


def uses(call: Call, thing: Thing, live: Live = False, limit: Limit = 100) -> None:
    """Tell which drafts and live versions use a thing."""
    kind, name = _thing(thing)
    wanted = references.WantedUses(state=TextState.LIVE if live else None)
    found = ask(call, references.list_uses, kind, name, wanted, limit=limit)
    if not found.total and found.presence is Presence.MISSING:
        raise NotFound(
            _MISSING.get(kind, ErrorCode.INVENTORY_MISSING),
            sentence("there is no {kind} {name} here, and nothing refers to it", kind=kind, name=name),
            subject=name,
            hint=_similar(call, kind, name),
        )
    if call.quiet:
        call.names(use.name for use in found.items)
        return
    call.out.value(found)
    head = sentence(
        "{kind} {name}: {presence}, used by {count:object}",
        kind=kind,
        name=name,
        presence=as_sentence(_PRESENCE[found.presence]),
        count=found.total,
    )
    call.out.line(told(head, Language(call.spoken)))
    if found.items:
        call.out.table(("kind", "name", "directory", "in", "place"), [_row(call, use) for use in found.items])
    if found.total > len(found.items):
        call.out.line(call.out.say("and {count} more", count=found.total - len(found.items)))


def _row(call: Call, use: references.UseAnswer) -> tuple[str, ...]:
    say = call.out.say
    text = "draft, live" if use.draft and use.live else "draft" if use.draft else "live"
    name = use.name if use.workspace == call.workspace_name else f"{use.name} @ {use.workspace}"
    place = next((one.role if one.role in (UPSTREAM, NESTED) else one.path for one in use.places), "")
    return _kind_word(call, use.kind), name, use.directory, say(text), say(place)


def _thing(text: str) -> tuple[NeedKind, str]:
    kind, colon, name = text.partition(":")
    if not colon or not name:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("{text} is not KIND:NAME", text=text),
            subject=text,
            hint="KIND:NAME, such as script:clean",
        )
    return _kind(kind), name


def _kind(text: str) -> NeedKind:
    known = [kind.value for kind in NeedKind]
    if text in known:
        return NeedKind(text)
    near = nearest_names(text, known)
    hint = sentence("kinds are: {kinds}", kinds=known)
    raise InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("there is no kind {kind}", kind=text),
        subject=text,
        hint=sentence("did you mean {likely}? {hint}", likely=near[0], hint=hint) if near else hint,
    )


def _kinds(said: list[str] | None) -> tuple[NeedKind, ...]:
    """Jobs alone, if nothing else is said."""
    if said and _ALL in said:
        return ()
    return (NeedKind.JOB, *(_kind(kind) for kind in said or ()))


def _similar(call: Call, kind: NeedKind, name: str) -> str:
    """What there is of that kind that is called much like it."""
    near = nearest_names(name, _names(call, kind, name), 3)
    if near:
        return sentence("did you mean {names}?", names=near)
    return sentence("check the name and the workspace")


def _names(call: Call, kind: NeedKind, name: str) -> list[str]:
    if kind in OBJECT_OF:
        found = ask(
            call, objects.list_objects, OBJECT_OF[kind], objects.SaidObjects(name=name[:2]), limit=1000
        )
        return [item.name for item in found.items]
    if kind is NeedKind.CONNECTION:
        return [item.name for item in ask_all(call, connections.list_connections)]
    if kind is NeedKind.VARIABLE:
        return [item.name for item in ask_all(call, variables.list_variables)]
    if kind in INVENTORY_KINDS:
        return [item.name for item in ask(call, inventory.list_inventory, kind=kind).items]
    return []


def _draw_nodes(call: Call, job: str, state: TextState, format_: GraphFormat) -> None:
    version = "live" if state is TextState.LIVE else ""
    outline = ask(call, outlines.outline_job, job, version=version)
    numbers = {node.name: number for number, node in enumerate(outline.nodes)}
    edges = [
        DrawnEdge(numbers[name], number)
        for number, node in enumerate(outline.nodes)
        for name in node.after
        if name in numbers
    ]
    nodes = [DrawnNode(node.name, node.type) for node in outline.nodes]
    _draw(call, Drawing(nodes, edges), outline.nodes, format_)


def _drawing(call: Call, found: Graph, *, centre: str) -> Drawing:
    """Jobs flow from what is waited for to what waits; other uses are told by their kind."""
    edges = [
        DrawnEdge(edge.used, edge.user)
        if edge.relation == UPSTREAM
        else DrawnEdge(edge.user, edge.used, _relation(call, edge.relation))
        for edge in found.edges
    ]
    only_jobs = all(node.kind is NeedKind.JOB for node in found.nodes)
    nodes = [_node(call, node, centre, names_kind=not only_jobs) for node in found.nodes]
    return Drawing(nodes, edges, [_left(call, left) for left in found.left_out])


def _node(call: Call, node: GraphNode, centre: str, *, names_kind: bool) -> DrawnNode:
    is_here = node.presence is Presence.HERE
    look = Look.HELD if node.held else Look.PLAIN if is_here else Look(node.presence.value)
    if is_here and node.hop == 0 and (node.kind, node.name) == (NeedKind.JOB, centre):
        look = Look.CENTRE
    state = "held" if node.held else (node.state or "").lower()
    words = [_kind_word(call, node.kind) if names_kind else "", call.out.say(state) if state else ""]
    words.append("" if is_here else call.out.say(node.presence.value))
    name = f"{node.name} @ {node.workspace}" if node.workspace else node.name
    return DrawnNode(name, " ".join(filter(None, words)), look)


def _left(call: Call, left: LeftOut) -> str:
    """What is not shown, in words."""
    direction = call.out.say(left.direction.value)
    said = "not shown: {count} ({direction}, hop {hop})"
    return call.out.say(said, count=left.count, direction=direction, hop=left.hop)


def _relation(call: Call, relation: str) -> str:
    return call.out.say("runs") if relation == NESTED else _kind_word(call, NeedKind(relation))


def _kind_word(call: Call, kind: NeedKind | ObjectKind) -> str:
    return told(as_sentence(kind.words), Language(call.spoken))


def _draw(call: Call, drawing: Drawing, value: object, format_: GraphFormat) -> None:
    if call.json or format_ is GraphFormat.JSON:
        call.then(Call(json=True)).out.value(value)
    else:
        show_drawing(call.out, drawing, DrawnFormat(format_.value))
