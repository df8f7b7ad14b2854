"""Batch task packages by a list of names: generate, see how it stands, export what was generated last."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, described
from jobferry.api.own.exporting import answers
from jobferry.api.own.exporting.bodies import NameListBody
from jobferry.api.own.exporting.downloads import kept_package, shown_download
from jobferry.api.wire import ZIP_ANSWER, answer, read_body
from jobferry.services.exporting.request import MOST_CHARACTERS, MOST_NAMES

router = LateRouter(prefix="/api/workspaces/{workspace}/task-packages", tags=["exports"])


@router.post(
    "",
    status_code=202,
    response_model=answers.GeneratedAnswer,
    responses={200: {"model": answers.GeneratedAnswer}},
    openapi_extra=described(NameListBody),
)
def generate(call: Placed) -> Response:
    """Matches all names with live jobs first; one that is unknown, and nothing is generated (200)."""
    asked = read_body(NameListBody, call.body)
    made = call.platform.batches.generate(call.grant, asked.names, with_files=asked.with_files)
    told = {
        "matched": made.matched,
        "failed": made.failed,
        "task_id": made.task.id if made.task else None,
    }
    return answer(told, 202 if made.task else 200)


@router.get("", response_model=answers.TaskPackagesAnswer)
def show_task_packages(call: Placed) -> Response:
    """The names that were given last, how that went, and the package that can be exported."""
    found = call.platform.batches.status(call.grant)
    told: dict[str, Any] = {
        "names": found.names,
        "newest": shown_download(found.newest) if found.newest else None,
        "last": shown_download(found.last) if found.last else None,
        "most_names": MOST_NAMES,
        "most_characters": MOST_CHARACTERS,
    }
    return answer(told)


@router.get("/last", response_class=Response, responses=ZIP_ANSWER)
def export_task_package(call: Placed) -> Response:
    """The package that was generated last."""
    return kept_package(call.platform.batches.open(call.grant))
