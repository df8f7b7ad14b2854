"""What a check tells besides findings and plan: needs, schedules, the route, and what would differ."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.plan_view import Change, Sides


class Presence(StrEnum):
    """Whether something that is needed is here; of some kinds nobody has said what there is."""

    HERE = "here"
    MISSING = "missing"
    UNKNOWN = "unknown"


class ScheduleRuns(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one schedule, in how many jobs; instants in UTC, at most twenty of the next seven days.

    ``made`` is empty where there is no such expression; the instants are None where they are not evaluated.
    """

    expression: str
    zone: str
    made: str
    there: str
    jobs: int
    example: str
    before: list[str] | None
    after: list[str] | None


class NeedAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a package needs, and what a route says is called so here."""

    kind: NeedKind
    name: str
    local: str


class RouteOffer(msgspec.Struct, frozen=True, kw_only=True):
    """The route for a package's source, and whether it was used; ``answered`` counts the needs that its
    mapping answers, ``answers`` are the first of them."""

    name: str
    source_platform: str
    source_workspace: str
    saved_by: str
    saved_at: int
    used: bool
    answered: int
    answers: tuple[NeedAnswered, ...]


class Replaced(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A place in an object that the mapping changes. ``line`` is 0 where the whole value is meant."""

    object_kind: ObjectKind
    object_name: str
    kind: NeedKind
    path: str
    line: int
    former: str
    local: str


class DeletedObject(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An object that the source no longer has; ``here`` is its name here, empty where there is none."""

    kind: ObjectKind
    name: str
    uid: str
    here: str


class ObjectDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One object's sides. ``is_three_way``: what last came in is still kept, and is told as the base."""

    kind: ObjectKind
    name: str
    change: Change
    is_three_way: bool
    sides: tuple[Sides, ...]


class ObjectTexts(msgspec.Struct, frozen=True, kw_only=True):
    """One object's text here and as it would be, to be read side by side. ``here`` is empty for what is new,
    both for what stays as it is or cannot be read."""

    kind: ObjectKind
    name: str
    here: str
    package: str
