"""When the schedules of a package fire in the next days, before and after their time zone changes."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from jobferry.model.document.cron import fire_times
from jobferry.model.grant import Grant
from jobferry.model.rights import Action
from jobferry.services.ground import Ground
from jobferry.services.importing.planning import Prospect

_SHOWN = 20


class Firing(msgspec.Struct, frozen=True, kw_only=True):
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


class Firings:
    """Looks at the clock for a report."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def of(self, grant: Grant, seen: Prospect) -> tuple[Firing, ...]:
        """One for each schedule that gets another time zone, however many jobs have it.

        Raises:
            Forbidden: the caller may not import here.
        """
        self._ground.allow(grant, Action.IMPORT, kind="package")
        jobs: dict[tuple[str, str, str, str], list[str]] = {}
        for arrival in seen.passage.arrivals:
            for one in arrival.shifts:
                jobs.setdefault((one.expression, one.zone, one.made, one.there), []).append(arrival.name)
        start = datetime.fromtimestamp(self._ground.now() // 1000, UTC)
        return tuple(
            Firing(
                expression=expression,
                zone=zone,
                made=made,
                there=there,
                jobs=len(names),
                example=names[0],
                before=_told(expression, zone, start),
                after=_told(made, there, start) if made else None,
            )
            for (expression, zone, made, there), names in jobs.items()
        )


def _told(expression: str, zone: str, start: datetime) -> list[str] | None:
    found = fire_times(expression, zone, start)
    return None if found is None else [f"{one:%Y-%m-%dT%H:%M}Z" for one in found[:_SHOWN]]
