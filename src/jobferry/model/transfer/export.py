"""What somebody wants to export: which objects or names, how much of what they use, and in which state."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.times import written
from jobferry.model.kinds import VERSIONED_KINDS, ObjectKind
from jobferry.model.package import ExportState
from jobferry.sentences import sentence


class ExportScope(StrEnum):
    """How much comes along with what is chosen."""

    CHOSEN = "chosen"
    """Nothing but the chosen jobs and scripts."""
    CLOSURE = "closure"
    """The scripts, resources and CDM definitions as well that chosen jobs use."""
    FILES = "files"
    """The same, and the files that the resources name in object storage."""


class ExtentKind(StrEnum):
    """Which changes a workspace export is about."""

    FULL = "full"
    RANGE = "range"
    LAST = "last"
    """Since the last workspace export that held the same of everything."""
    RECEIPT = "receipt"
    """What the target does not hold, by the receipt that was brought back from there."""


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """The extent of a workspace export. Times are in ms; ``until`` is where the export ends, not included."""

    kind: ExtentKind
    since: int = 0
    until: int = 0

    @property
    def told(self) -> str:
        """The same in few words."""
        match self.kind:
            case ExtentKind.FULL:
                return "full"
            case ExtentKind.RANGE:
                return f"from {written(self.since)} to {written(self.until)}"
            case ExtentKind.LAST:
                return "since the last export"
            case ExtentKind.RECEIPT:
                return "since a receipt"


class ExportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to export. Names are looked up one by one and must exist.

    ``directories`` (with what lies below), ``tags`` and ``query`` (a piece of the name) choose among the
    objects of ``kinds``: an object has to lie in one of the directories, have one of the tags and have the
    piece in its name, as far as each is given. ``everything`` takes the whole workspace; with an ``extent``
    it is a workspace export, which needs change management; of the kinds, ``SCRIPT`` alone then leaves all
    else out.
    """

    jobs: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    query: str = ""
    kinds: tuple[ObjectKind, ...] = (ObjectKind.JOB,)
    everything: bool = False
    extent: Extent | None = None
    scope: ExportScope = ExportScope.CLOSURE
    state: ExportState = ExportState.DRAFT
    schedule: bool = True

    @property
    def filters(self) -> bool:
        """Whether anything is chosen by where it lies, its tags or a piece of its name."""
        return bool(self.directories or self.tags or self.query)

    @property
    def brings_unchanged(self) -> bool:
        """Whether it goes by what was changed in a time, and what that uses comes along unchanged."""
        by_time = self.extent is not None and self.extent.kind in (ExtentKind.RANGE, ExtentKind.LAST)
        return by_time and self.scope is not ExportScope.CHOSEN and not self.scripts_alone

    @property
    def scripts_alone(self) -> bool:
        """Whether it is a workspace export of scripts, and of nothing else."""
        return self.extent is not None and self.kinds == (ObjectKind.SCRIPT,)

    @property
    def subject(self) -> str:
        """What it is about, in few words, for the audit and for lists."""
        said = [", ".join((*self.jobs, *self.scripts))]
        said += [f"directory {directory}" for directory in self.directories]
        said += [f"tag {tag}" for tag in self.tags]
        said += [f"name part {self.query}"] if self.query else []
        said += [self.extent.told] if self.extent else []
        return "; ".join(one for one in said if one)

    @property
    def text(self) -> str:
        """The same as JSON, for its record."""
        return msgspec.json.encode(self).decode()

    def checked(self) -> ExportRequest:
        """Raises: InvalidRequest: nothing is chosen, or in two ways that exclude each other."""
        chosen = bool(self.jobs or self.scripts or self.filters)
        if chosen == self.everything:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                "both everything and a part of it are chosen for export"
                if chosen
                else "nothing is chosen for export",
                subject="everything",
                hint="name jobs or scripts, choose by directory, tag or name, or export everything",
            )
        if self.extent is not None:
            self._check_extent(self.extent)
        unfit = [kind for kind in self.kinds if kind not in VERSIONED_KINDS]
        if unfit or not self.kinds:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                "only jobs and scripts are chosen by directory, tag or a piece of the name",
                subject="kinds",
                hint="resources and CDM definitions come along with the jobs that use them",
            )
        return self

    def _check_extent(self, extent: Extent) -> None:
        if not self.everything:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                "a workspace export is of the whole workspace, not of chosen objects",
                subject="extent",
                hint="leave names, directories, tags and query out, or the extent",
            )
        if extent.kind is ExtentKind.RANGE and 0 < extent.until <= extent.since:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence(
                    "the range ends at {until}, which is not after its beginning {since}",
                    until=written(extent.until),
                    since=written(extent.since),
                ),
                subject="until",
                hint="give an end that lies later, or none for now",
            )

    def ending(self, now: int) -> ExportRequest:
        """The same; an extent that says no end, or a later one, ends now."""
        extent = self.extent
        if extent is None or 0 < extent.until <= now:
            return self
        return msgspec.structs.replace(self, extent=msgspec.structs.replace(extent, until=now))
