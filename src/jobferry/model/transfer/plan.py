"""The plan: an ordered list of what apply will do. Preview, report and apply walk this one list."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import get_args

import msgspec

from jobferry.model.document.edits import Edit
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.prior import Prior


class Create(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="create"):
    """A new object. ``digest`` is that of the text that will be written: the entry with ``edits`` made."""

    kind: ObjectKind
    name: str
    uid: str
    directory: str
    subtype: str
    digest: str
    entry_path: str
    edits: tuple[Edit, ...] = ()


class Overwrite(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="overwrite"):
    """An object that is there gets another text.

    ``former_name`` differs from ``name`` where the source has renamed the object, ``former_directory`` from
    ``directory`` where it has moved it.
    """

    kind: ObjectKind
    name: str
    former_name: str
    directory: str
    former_directory: str
    object_id: int
    subtype: str
    digest: str
    former_digest: str
    entry_path: str
    edits: tuple[Edit, ...] = ()


class Keep(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="keep"):
    """What would be written is there already; nothing is done."""

    kind: ObjectKind
    name: str


class Skip(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="skip"):
    """The object exists and the duplicate policy leaves it alone; or its source has deleted it and nobody has
    confirmed that it goes, as ``findings`` tell then."""

    kind: ObjectKind
    name: str
    findings: tuple[Finding, ...] = ()


class Block(msgspec.Struct, frozen=True, kw_only=True, tag="block"):
    """The object stays out; ``findings`` say why."""

    kind: ObjectKind
    name: str
    findings: tuple[Finding, ...]


class Hold(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="hold"):
    """The object lands but cannot be started until ``missing`` is there; ``findings`` say so."""

    kind: ObjectKind
    name: str
    missing: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


class Submit(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="submit"):
    """The object's draft becomes version ``number``, and goes live or waits for a release."""

    kind: ObjectKind
    name: str
    number: int
    digest: str
    live: bool = True


class AskReview(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="ask-review"):
    """A review is asked for the object; approved, its draft becomes version ``number`` and goes live."""

    kind: ObjectKind
    name: str
    number: int
    digest: str


class Bind(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="bind"):
    """Remember which source object landed here and what of it."""

    kind: ObjectKind
    name: str
    source_platform: str
    source_uid: str
    entry_digest: str
    edits_digest: str
    result_digest: str
    source_workspace: str
    source_directory: str = ""


class Lock(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="lock"):
    """The importing user becomes the holder of the object's lock; ``former_holder``, if any, loses it."""

    kind: ObjectKind
    name: str
    former_holder: str = ""


class PlaceFile(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="place-file"):
    """A file of the resource is put into object storage, where the resource will name it."""

    kind: ObjectKind
    name: str
    sha256: str
    place: str


class Tag(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="tag"):
    """A job that is here and stays as it is gets the failed tag on its draft, which has that ``digest``."""

    kind: ObjectKind
    name: str
    object_id: int
    tag: str
    digest: str


class Retag(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="retag"):
    """A draft becomes that of the ``digest`` again, which differs by the failed tag and nothing else."""

    kind: ObjectKind
    name: str
    object_id: int
    tag: str
    digest: str


class Restore(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="restore"):
    """The object gets its ``prior`` state back; ``is_gone`` where it was removed and is made again.

    ``undone`` is the version that is taken back, or 0: its number stays taken. What had come into the object
    from ``source_platform`` is remembered again as it was.
    """

    kind: ObjectKind
    name: str
    former_name: str
    prior: Prior
    undone: int = 0
    is_gone: bool = False
    source_platform: str = ""


class Remove(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="remove"):
    """The object, which was new, vanishes with its version."""

    kind: ObjectKind
    name: str
    object_id: int
    source_platform: str = ""


class Delete(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag="delete"):
    """The object, which the source has deleted, goes with its versions."""

    kind: ObjectKind
    name: str
    object_id: int
    directory: str
    digest: str
    source_platform: str


_Following = Hold | Submit | AskReview | Bind | Lock | PlaceFile | Tag
_FOLLOWING = get_args(_Following)
Step = Create | Overwrite | Keep | Skip | Block | Restore | Retag | Remove | Delete | _Following
"""Closed: whoever walks a plan handles each of these, proved by ``assert_never``."""


class ObjectOutcome(StrEnum):
    """What came of one object."""

    CREATED = "created"
    OVERWRITTEN = "overwritten"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    HELD = "held"
    RESTORED = "restored"
    REMOVED = "removed"
    DELETED = "deleted"
    BLOCKED = "blocked"

    @property
    def words(self) -> str:
        """What it is called in sentences."""
        return self.value


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """``fingerprint`` is the hash of the target state that the plan was made for."""

    package_digest: str
    fingerprint: str
    steps: tuple[Step, ...]
    refused: bool = False
    """Whether nothing may be applied, because one failing object takes the package with it."""

    def reasons(self) -> Iterator[Finding]:
        """Every finding that a step names."""
        for step in self.steps:
            if isinstance(step, Block | Skip | Hold):
                yield from step.findings

    def objects(self) -> Iterator[tuple[Step, tuple[Step, ...]]]:
        """Each object's leading step (create, overwrite, keep, skip, block) with those that follow it."""
        leading: Step | None = None
        following: list[Step] = []
        for step in self.steps:
            if isinstance(step, _FOLLOWING):
                following.append(step)
                continue
            if leading is not None:
                yield leading, tuple(following)
            leading, following = step, []
        if leading is not None:
            yield leading, tuple(following)


def reasons_of(leading: Step, following: tuple[Step, ...]) -> tuple[Finding, ...]:
    """Why an object stays out, is left alone, or is held."""
    if isinstance(leading, Block | Skip):
        return leading.findings
    return next((step.findings for step in following if isinstance(step, Hold)), ())
