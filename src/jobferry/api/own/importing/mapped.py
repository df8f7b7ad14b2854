"""What a report says of its mapping and of schedules, for the API's description."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from jobferry.api.late import Shape
from jobferry.model.kinds import NeedKind, ObjectKind


class HitAnswer(Shape):
    """A place in an object that the mapping changes. ``line`` is 0 where the whole value is meant."""

    object_kind: ObjectKind
    object: str
    kind: NeedKind
    path: str
    line: int
    from_: str = Field(alias="from")
    to: str


class LocalIdAnswer(Shape):
    """An inventoried thing that is referred to, by its name here, and the id that it has here."""

    kind: NeedKind
    name: str
    local_id: str


class FiringAnswer(Shape):
    """A schedule that gets another time zone, and when it fires in the next seven days (UTC).

    At most twenty instants are told, before and after; null stands for an expression that is not evaluated.
    """

    expression: str
    zone: str
    made: str
    there: str
    jobs: int
    example: str
    before: list[str] | None
    after: list[str] | None


class NeedAnsweredAnswer(Shape):
    """Something that a package needs, and what a route says it is called here."""

    kind: NeedKind
    name: str
    local: str


class RouteOfferAnswer(Shape):
    """The route saved for a package's source, whether it was used, and what of the needs it answers."""

    name: str
    source_platform: str
    source_workspace: str
    saved_by: str
    saved_at: int
    used: bool
    answers: list[NeedAnsweredAnswer]


class RouteAnswer(Shape):
    """A saved route: the options that imports from its source go by."""

    name: str
    source_platform: str
    source_workspace: str
    platform_name: str
    options: dict[str, Any]
    saved_by: str
    saved_at: int


class RouteList(Shape):
    """All routes into a workspace, by their sources."""

    total: int
    items: list[RouteAnswer]
