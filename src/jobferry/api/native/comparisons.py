"""What differs between a workspace and a package."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Struct, field

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Calls, Media, Pieces, Threads
from jobferry.api.native.call import Placed
from jobferry.api.native.imports import Sections
from jobferry.api.native.packages import PackageRequest, package_of
from jobferry.model.package import ExportState
from jobferry.model.report.comparison import Compared
from jobferry.model.transfer.mapping import mapping_of
from jobferry.model.transfer.policy import ImportOptions, RouteChoice

if TYPE_CHECKING:
    from jobferry.services.comparing import Comparison

api = Calls("/api/workspaces/{workspace}", tag="packages")


class ComparisonRequest(PackageRequest):
    """A package, and what of the workspace it is compared with; ``everything`` tells of what it lacks.

    With a ``mapping``, or a ``route`` to go by, it is compared as an import would write it.
    """

    state: ExportState = ExportState.DRAFT
    everything: bool = False
    mapping: Sections = field(default_factory=dict)
    route: RouteChoice = RouteChoice.OFF

    def options(self) -> ImportOptions | None:
        """By what the package is written anew; None where it is compared as it is."""
        if not self.mapping and self.route is RouteChoice.OFF:
            return None
        return ImportOptions(mapping=mapping_of(self.mapping), route=self.route)


class ComparisonAnswer(Struct, frozen=True):
    """What differs, by kind and name, and how many objects are the same."""

    objects: list[Compared]
    same: int


@api.post("/comparisons", body_limit=BodyLimit.LIST, threads=Threads.COMPUTING)
def compare(
    call: Placed, body: ComparisonRequest
) -> Annotated[Pieces, Media(("application/json",), ComparisonAnswer)]:
    """What the package has otherwise than this workspace; nothing is written. A package given by id stays."""
    asked = body.checked()
    package = package_of(call, asked.package)
    platform = call.platform
    with ExitStack() as held:
        if asked.package.path:
            held.callback(platform.imports.discard, package)
        limits = platform.stored.limits()
        opening = platform.comparing.compare(
            call.grant, package, asked.state, limits, asked.options(), everything=asked.everything
        )
        found = held.enter_context(opening)
        kept = held.pop_all()
    return Pieces(_written(found, kept))


def _written(found: Comparison, kept: AbstractContextManager[object]) -> Generator[bytes, None, None]:
    with kept:
        between = b'{"objects":['
        for compared in found:
            yield between + msgspec.json.encode(compared)
            between = b","
        yield (b"" if between == b"," else between) + b'],"same":%d}' % found.same
