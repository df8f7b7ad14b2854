"""The last check, kept in memory for what follows it, where one process has a platform to itself.

Planning again would find the same there. What the plan counts on is compared once more when it lands, as for
any plan; what was shown is what is applied.
"""

from __future__ import annotations

from typing import NamedTuple

from jobferry.model.grant import Grant
from jobferry.services.importing.planning import Prospect


class _Kept(NamedTuple):
    package_id: str
    plan_digest: str
    seen: Prospect


class LastCheck:
    """At most one check; none at all where it ``keeps`` nothing, as on a platform that is served."""

    def __init__(self, *, keeps: bool) -> None:
        self.keeps = keeps
        self._kept: _Kept | None = None

    def keep(self, package_id: str, plan_digest: str, seen: Prospect) -> None:
        """Remembers what was seen, in the place of what was there."""
        if self.keeps:
            self._kept = _Kept(package_id, plan_digest, seen)

    def of(self, package_id: str, plan_digest: str, grant: Grant) -> Prospect | None:
        """What a check of that package has shown, if it was the last one and the caller may do now what it
        was made for."""
        kept = self._kept
        if kept is None or (kept.package_id, kept.plan_digest) != (package_id, plan_digest):
            return None
        return kept.seen if kept.seen.passage.view.grant == grant else None

    def drop(self) -> None:
        """Forgets it: it was applied or let go of, or is not true any more."""
        self._kept = None
