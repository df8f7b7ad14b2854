"""Rules about the files of resources: those that travel in a package, and those that have to be here."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.document.problem import pointer
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.arrival import Passage
from jobferry.model.transfer.finding import Finding, Severity


def files_cannot_land(passage: Passage) -> Iterator[Finding]:
    """A resource names a file that did not come along, or this workspace has no place for files."""
    if not passage.cargo.files:
        return
    for arrival in passage.written:
        for file in arrival.files:
            code = ""
            if file.sha256 not in passage.cargo.files:
                code = "file-absent"
            elif not file.place:
                code = "file-place-missing"
            if code:
                yield Finding(
                    code=code,
                    severity=Severity.BLOCK,
                    kind=arrival.kind,
                    name=arrival.name,
                    path=pointer(file.path),
                    args={"sha256": file.sha256},
                )


def files_are_missing(passage: Passage) -> Iterator[Finding]:
    """A resource names a file in object storage that is not there; the definition lands all the same."""
    for file in passage.absent:
        yield Finding(
            code="resource-file-missing",
            severity=Severity.WARN,
            kind=ObjectKind.RESOURCE,
            name=file.name,
            path=pointer(file.path),
            args={"location": file.location},
        )
