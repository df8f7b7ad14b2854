"""Packages of connections or environment variables, on their way out and in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from jobferry.api.calls import Package
from jobferry.api.native.packages import PackageRequest, package_of
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import Duplicates

if TYPE_CHECKING:
    from jobferry.api.native.call import Placed
    from jobferry.model.connections import SurroundingKind
    from jobferry.services.exporting.exports import PackageStream


class Arrival(PackageRequest, kw_only=True):
    """A package, and how it is imported; a dry run only says what would become of each."""

    duplicates: Duplicates = Duplicates.SKIP
    expect_digest: str | None = None
    dry_run: bool = False


class ArrivedThing(Struct, frozen=True):
    """``incomplete``: it lacks its secrets, or its value. ``reason`` says why it failed."""

    name: str
    outcome: ObjectOutcome
    incomplete: bool
    reason: str


class ArrivedAnswer(Struct, frozen=True):
    """What became of each; with one that failed, or in a dry run, nothing is ``applied``."""

    applied: bool
    digest: str
    items: list[ArrivedThing]


def leaving(stream: PackageStream) -> Package:
    """A package as it is sent."""
    headers = {"X-Jobferry-Package-Digest": stream.digest, "X-Jobferry-Objects": str(stream.objects)}
    return Package(stream.filename, stream.chunks, headers)


def arrived(
    call: Placed, kind: SurroundingKind, asked: Arrival, given: Mapping[str, Mapping[str, str]]
) -> ArrivedAnswer:
    """Imports all of a package or nothing; ``given`` are values by name that win over those of the package.

    Raises:
        InvalidRequest: the package is named by neither or by both of id and path.
    """
    from jobferry.services.surroundings.arriving import SurroundingsOptions

    package = package_of(call, asked.checked().package)
    options = SurroundingsOptions(duplicates=asked.duplicates, given=given, expect_digest=asked.expect_digest)
    imports, limits = call.platform.surrounding_imports, call.platform.stored.limits()
    carry_out = imports.preview if asked.dry_run else imports.apply
    applied = False
    try:
        found = carry_out(call.grant, package, kind, options, limits)
        applied = not (asked.dry_run or found.refused)
    finally:
        if asked.package.path or applied:
            call.platform.imports.discard(package)
    items = [
        ArrivedThing(thing.name, thing.outcome, thing.incomplete, call.reader.whole(thing.reason))
        for thing in found.items
    ]
    return ArrivedAnswer(applied, found.digest, items)
