"""What lies around a job, or in a directory: a bounded graph of who uses what, nearest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from jobferry.model.document.facts import Facts
from jobferry.model.document.references import Reference, relation_of
from jobferry.model.graph import MOST_NODES, Direction, Graph, GraphEdge, GraphNode, LeftOut
from jobferry.model.kinds import OBJECT_OF, NeedKind, ObjectKind
from jobferry.model.people import Grant
from jobferry.model.records import ObjectFilter, StoredObject
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.transfer.preview import Presence
from jobferry.model.uses import TextState, UseFilter, terms_of_thing
from jobferry.services.listing import refuse_unknown_directory
from jobferry.services.object_access import named
from jobferry.services.references import scope_of, state_for
from jobferry.services.runtime import Runtime
from jobferry.services.saving import stored_facts
from jobferry.services.waiting import presence_of

if TYPE_CHECKING:
    from jobferry.store import Snapshot

_Key = tuple[NeedKind, str, str]
"""Kind, name, and the workspace if it is another one."""
_NEEDS = {kind: need for need, kind in OBJECT_OF.items()}


class Around(NamedTuple):
    """How far a graph reaches: so many hops, which way, at most so many nodes, of which kinds (none stands
    for all; it goes on only through things of these kinds), by drafts or by live versions."""

    hops: int = 1
    direction: Direction = Direction.BOTH
    most: int = MOST_NODES
    kinds: frozenset[NeedKind] = frozenset()
    state: TextState = TextState.DRAFT


class Neighbourhoods:
    """Graphs of the objects of a workspace."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def of_job(self, grant: Grant, name: str, around: Around) -> Graph:
        """What a job uses and what uses it, and so on for some hops.

        Raises:
            Forbidden: the caller may not look at jobs.
            NotFound: there is no such job.
        """
        self._runtime.allow(grant, Action.JOB_VIEW, kind=ObjectKind.JOB, subject=name)
        with self._runtime.store.read() as snapshot:
            job = named(snapshot.objects, grant, ObjectKind.JOB, name)
            return _Search(snapshot, grant, around).graph([job], left=0)

    def of_directory(self, grant: Grant, directory: str, around: Around) -> Graph:
        """The jobs in a directory and below it in order of name, and what lies around them.

        Raises:
            Forbidden: the caller may not look at jobs.
            NotFound: there is no such directory.
        """
        self._runtime.allow(grant, Action.JOB_VIEW, kind=ObjectKind.JOB, subject=directory)
        with self._runtime.store.read() as snapshot:
            place = grant.workspace.id
            refuse_unknown_directory(snapshot, grant, ObjectKind.JOB, directory)
            wanted = ObjectFilter(
                workspace_id=place, kind=ObjectKind.JOB, directories=_reached(grant, directory)
            )
            total, jobs = snapshot.objects.page(wanted, offset=0, limit=around.most)
            return _Search(snapshot, grant, around).graph(jobs, left=total - len(jobs))


def _reached(grant: Grant, directory: str) -> tuple[str, ...]:
    """What of a directory the caller may work in."""
    if grant.covers(directory):
        return (directory,)
    start = f"{directory.rstrip('/')}/"
    return tuple(place for place in grant.directories or () if f"{place}/".startswith(start))


class _Search:
    """One breadth-first search; what was found so far."""

    def __init__(self, snapshot: Snapshot, grant: Grant, around: Around) -> None:
        self._snapshot = snapshot
        self._grant = grant
        self._around = around
        self._rules = read_settings(grant.workspace.settings).fact_rules
        self._hops: dict[_Key, int] = {}
        self._stored: dict[_Key, StoredObject] = {}
        self._facts: dict[str, Facts] = {}
        self._left: list[LeftOut] = []

    def graph(self, seeds: list[StoredObject], *, left: int) -> Graph:
        """The graph around objects; so many more of them are ``left`` out."""
        self._note_left(0, Direction.BOTH, left)
        self._take(0, [(_key(stored), stored) for stored in seeds])
        up = down = list(map(_key, seeds))
        for hop in range(1, self._around.hops + 2):
            most = self._around.most if hop <= self._around.hops else len(self._hops)
            if len(self._hops) == self._around.most and self._left:
                break
            if self._around.direction is not Direction.DOWN:
                up = self._up(hop, up, most - len(self._hops))
            if self._around.direction is not Direction.UP:
                down = self._down(hop, down, most - len(self._hops))
        return Graph(self._nodes(), self._edges(), self._left)

    def _up(self, hop: int, frontier: list[_Key], room: int) -> list[_Key]:
        """Takes what the frontier uses, as far as there is room."""
        found: dict[_Key, None] = {}
        for reference in self._references(frontier):
            key = self._named(reference)
            if key not in self._hops and self._counts(key[0]):
                found[key] = None
        taken = list(found)[:room]
        self._note_left(hop, Direction.UP, len(found) - len(taken))
        self._take(hop, self._looked_up(taken))
        return taken

    def _down(self, hop: int, frontier: list[_Key], room: int) -> list[_Key]:
        """Takes what uses the objects of the frontier, as far as there is room."""
        terms = [
            term
            for key in frontier
            if key in self._stored
            for term in terms_of_thing(
                key[0], key[1], ("", self._grant.workspace.name), self._rules.variables
            )
        ]
        scope = scope_of(self._grant, terms, _objects_among(self._around.kinds))
        wanted = UseFilter(scopes=(scope,), state=self._around.state)
        known = {stored.id: key for key, stored in self._stored.items()}
        total, rows = self._snapshot.uses.users(wanted, offset=0, limit=room + len(known) or 1)
        inside = self._snapshot.uses.count(
            UseFilter(scopes=(scope,), state=self._around.state, among=tuple(known))
        )
        fresh = [row.object_id for row in rows if row.object_id not in known][:room]
        objects = self._snapshot.objects.by_ids(fresh)
        taken = [(_key(objects[one]), objects[one]) for one in fresh]
        self._note_left(hop, Direction.DOWN, total - inside - len(taken))
        self._take(hop, taken)
        return [key for key, _ in taken]

    def _take(self, hop: int, things: Iterable[tuple[_Key, StoredObject | None]]) -> None:
        for key, stored in things:
            self._hops[key] = hop
            if stored is not None:
                self._stored[key] = stored

    def _note_left(self, hop: int, direction: Direction, count: int) -> None:
        if count > 0:
            self._left.append(LeftOut(hop, direction, count))

    def _counts(self, kind: NeedKind) -> bool:
        return not self._around.kinds or kind in self._around.kinds

    def _looked_up(self, keys: list[_Key]) -> list[tuple[_Key, StoredObject | None]]:
        """The things with the objects that they are, as far as those are here and the caller sees them."""
        found: dict[_Key, StoredObject] = {}
        for need, kind in OBJECT_OF.items():
            names = [name for key, name, workspace in keys if key is need and not workspace]
            here = self._snapshot.objects.by_names(self._grant.workspace.id, kind, names) if names else {}
            found |= {_key(stored): stored for stored in here.values() if self._grant.reaches(stored)}
        return [(key, found.get(key)) for key in keys]

    def _references(self, keys: Iterable[_Key]) -> Iterable[Reference]:
        """What these objects refer to, in the wanted one of their texts."""
        wanted: dict[ObjectKind, list[str]] = {}
        digests = [
            (stored.kind, stored.digest if self._around.state is TextState.DRAFT else stored.live_digest)
            for key in keys
            if (stored := self._stored.get(key)) is not None
        ]
        for kind, digest in digests:
            if digest and digest not in self._facts:
                wanted.setdefault(kind, []).append(digest)
        for kind, listed in wanted.items():
            self._facts |= stored_facts(self._snapshot.contents, kind, listed, self._rules)
        return [reference for _, digest in digests if digest for reference in self._facts[digest].references]

    def _named(self, reference: Reference) -> _Key:
        own = reference.workspace == self._grant.workspace.name
        return reference.kind, reference.name, "" if own else reference.workspace

    def _nodes(self) -> list[GraphNode]:
        strange = [
            Reference(kind, name, (), workspace)
            for kind, name, workspace in self._hops
            if (kind, name, workspace) not in self._stored
        ]
        state = state_for(self._snapshot, self._grant, strange)
        nodes: list[GraphNode] = []
        for number, (key, hop) in enumerate(self._hops.items()):
            kind, name, workspace = key
            stored = self._stored.get(key)
            presence = Presence.HERE
            if stored is None:
                hidden = kind in OBJECT_OF and not workspace
                presence = Presence.MISSING if hidden else presence_of(state, kind, name, workspace)
            nodes.append(
                GraphNode(
                    number=number,
                    kind=kind,
                    name=name,
                    workspace=workspace,
                    presence=presence,
                    hop=hop,
                    directory=stored.directory if stored else "",
                    type=stored.subtype if stored else "",
                    state=stored.state if stored and stored.kind is ObjectKind.JOB else None,
                    held=list(stored.held) if stored else [],
                    live=bool(stored and stored.live_version),
                )
            )
        return nodes

    def _edges(self) -> list[GraphEdge]:
        numbers = {key: number for number, key in enumerate(self._hops)}
        edges: dict[GraphEdge, None] = {}
        for key in self._stored:
            for reference in self._references([key]):
                used = numbers.get(self._named(reference))
                if used is not None:
                    edges[GraphEdge(numbers[key], used, relation_of(reference))] = None
        return sorted(edges, key=lambda edge: (edge.user, edge.used, edge.relation))


def _key(stored: StoredObject) -> _Key:
    return _NEEDS[stored.kind], stored.name, ""


def _objects_among(kinds: frozenset[NeedKind]) -> list[ObjectKind]:
    return [kind for need, kind in OBJECT_OF.items() if not kinds or need in kinds]
