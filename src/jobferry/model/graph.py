"""A graph of things and who uses which: what a neighbourhood or a directory is drawn from."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from jobferry.model.kinds import NeedKind, SchedulingState
from jobferry.model.transfer.preview import Presence

MOST_NODES = 200
MOST_HOPS = 5


class Direction(StrEnum):
    """Which way from an object: up to what it uses and waits for, down to what uses it or waits for it."""

    UP = "up"
    DOWN = "down"
    BOTH = "both"


class GraphNode(Struct, frozen=True):
    """A thing. ``number`` is its place among the nodes, ``hop`` how far it is from where the graph starts.

    ``workspace`` is empty for what lives in this one. ``type``, ``directory``, ``held`` and ``live`` (whether
    it has a live version) say something only of objects that are here, ``state`` only of such jobs.
    """

    number: int
    kind: NeedKind
    name: str
    workspace: str
    presence: Presence
    hop: int
    directory: str
    type: str
    state: SchedulingState | None
    held: list[str]
    live: bool


class GraphEdge(Struct, frozen=True):
    """One thing uses another; both by number. ``relation`` is ``upstream`` or ``nested`` where it is a job,
    else the kind of what is used."""

    user: int
    used: int
    relation: str


class LeftOut(Struct, frozen=True):
    """So many things that lie this far away in this direction are not among the nodes."""

    hop: int
    direction: Direction
    count: int


class Graph(Struct, frozen=True):
    """Nodes in the order in which they were found, nearest first, all edges between them, and what is not
    shown: beyond the last hop, or because there are too many."""

    nodes: list[GraphNode]
    edges: list[GraphEdge]
    left_out: list[LeftOut]
