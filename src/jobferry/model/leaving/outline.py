"""What an export needs to know of a document, read from its facts without making values of the rest."""

from __future__ import annotations

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.document.facts import Facts
from jobferry.model.kinds import NeedKind

_SCHEDULE = b'["schedule"'


class OutlinedReference(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One use of another thing by name; ``place`` is the path to it as it was written."""

    kind: NeedKind
    name: str
    place: msgspec.Raw
    workspace: str = ""

    @property
    def path(self) -> Path:
        return msgspec.json.decode(self.place, type=Path)

    @property
    def in_schedule(self) -> bool:
        return bytes(self.place).startswith(_SCHEDULE)


class Outline(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The fields of facts in their order. What an export does not need stays as it was written."""

    name: msgspec.Raw
    directory: msgspec.Raw
    subtype: msgspec.Raw
    references: tuple[OutlinedReference, ...]
    problems: msgspec.Raw
    sensitive: tuple[Path, ...]
    exposed: bool
    zones: msgspec.Raw
    parameters: msgspec.Raw
    has_schedule: bool


_outline = msgspec.json.Decoder(Outline)


def read_outline(facts: bytes) -> Outline:
    """The outline of facts that are written as JSON."""
    return _outline.decode(facts)


def outline_of(facts: Facts) -> Outline:
    """The same of facts that are at hand."""
    return read_outline(msgspec.json.encode(facts))
