"""What differs between a workspace and a package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import msgspec
from fastapi import Response
from fastapi.responses import StreamingResponse

from jobferry.api.late import LateRouter, Shape
from jobferry.api.own.call import Placed, described
from jobferry.api.own.imports import package_of
from jobferry.api.own.requests import ComparisonRequest
from jobferry.api.wire import read_body
from jobferry.model.kinds import ObjectKind
from jobferry.model.report.comparison import ObjectChange

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["packages"])


class ValueDifference(Shape):
    """A place in a document; ``lines`` for texts of several lines."""

    path: str
    in_former: bool
    in_latter: bool
    former: Any
    latter: Any
    lines: list[str]


class ComparedAnswer(Shape):
    """An object that is not the same; ``was`` and ``was_in`` are its name and directory here, if they differ.

    What is ``changed`` without differences is only written otherwise, or is ``unusable``.
    """

    kind: ObjectKind
    name: str
    changes: list[ObjectChange]
    directory: str
    was: str
    was_in: str
    differences: list[ValueDifference]
    unusable: bool


class ComparisonAnswer(Shape):
    """What differs, by kind and name, and how many objects are the same."""

    objects: list[ComparedAnswer]
    same: int


@router.post("/comparisons", response_model=ComparisonAnswer, openapi_extra=described(ComparisonRequest))
def compare(call: Placed) -> Response:
    """What the package has otherwise than this workspace; nothing is written. A package given by id stays."""
    asked = read_body(ComparisonRequest, call.body).checked()
    package = package_of(call, asked.package)
    platform = call.platform
    with ExitStack() as held:
        if asked.package.path:
            held.callback(platform.imports.discard, package)
        limits = platform.stored.limits()
        opening = platform.comparing.compare(
            call.grant, package, asked.state, limits, everything=asked.everything
        )
        found = held.enter_context(opening)
        kept = held.pop_all()

    def pieces() -> Iterator[bytes]:
        with kept:
            between = b'{"objects":['
            for one in found:
                yield between + msgspec.json.encode(one)
                between = b","
            yield (b"" if between == b"," else between) + b'],"same":%d}' % found.same

    return StreamingResponse(pieces(), media_type="application/json")
