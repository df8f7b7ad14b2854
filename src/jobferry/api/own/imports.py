"""Check a package, and import it: at once, or as a resource that is looked at, changed and then applied."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Query, Response

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import Placed, PlacedCall, described
from jobferry.api.own.importing import answers as shapes
from jobferry.api.own.importing.shown import (
    binding_as_told,
    head_of,
    needs_as_told,
    options_as_told,
    still_there,
    sums_of,
)
from jobferry.api.own.report import Summed, finding_of, line_as_told, report_of, summed
from jobferry.api.own.requests import (
    ApplyRequest,
    ImportOptionsBody,
    ImportRequest,
    PackageReference,
    TransferRequest,
)
from jobferry.api.wire import PageLimit, PageOffset, PathText, answer, read_body
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.policy import ImportAct
from jobferry.services.importing.checked import Checked
from jobferry.services.importing.receive import ReceivedPackage

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["imports"])

_DIFFERENCES = 10_000
"""At most so many objects' differences in one answer."""
_BEGUN: dict[int | str, dict[str, Any]] = {202: {"model": answers.StartedAnswer}}


@router.post("/checks", response_model=answers.ReportAnswer, openapi_extra=described(TransferRequest))
def check(call: Placed) -> Response:
    """Findings and plan. Nothing is written; a package given by id stays for the import."""
    asked = read_body(TransferRequest, call.body).checked()
    options = asked.options.options()
    package = package_of(call, asked.package, options.act)
    try:
        seen = call.platform.imports.preview(call.grant, package, options)
        guessed = call.platform.candidates.of(call.grant, seen) if asked.suggest else ()
        firings = call.platform.firings.of(call.grant, seen)
    finally:
        if asked.package.path:
            call.platform.imports.discard(package)
    beside = {
        "schedules": msgspec.to_builtins(firings),
        "route": msgspec.to_builtins(seen.route),
        "options": options_as_told(seen.context.options),
    }
    return answer(report_of(seen, summed(seen), call.language, guessed) | beside)


@router.post(
    "/imports",
    status_code=201,
    response_model=shapes.CheckedAnswer,
    responses=_BEGUN,
    openapi_extra=described(ImportRequest),
)
def make_import(call: Placed) -> Response:
    """Checks a package and keeps the import for whoever decides. With ``apply`` it starts at once instead, in
    the background; a second one in the same workspace is refused."""
    asked = read_body(ImportRequest, call.body)
    asked.checked()
    options = asked.options.options()
    package = package_of(call, asked.package, options.act)
    try:
        if asked.apply:
            task = call.platform.imports.begin(call.grant, package, options)
            return answer({"task_id": task.id}, 202)
        checked = call.platform.checked.check(call.grant, package, options)
    except BaseException:
        if asked.package.path:
            call.platform.imports.discard(package)
        raise
    return answer(_checked(call, checked), 201)


@router.get("/imports", response_model=shapes.ImportList)
def list_imports(call: Placed, offset: PageOffset = 0, limit: PageLimit = 100) -> Response:
    """Imports that wait to be applied, or were within a day; newest first."""
    total, found = call.platform.checked.page(call.grant, offset=offset, limit=limit)
    return answer({"total": total, "items": [head_of(one) for one in found]})


@router.get("/imports/{import_id}", response_model=shapes.ImportAnswer)
def show_import(call: Placed, import_id: PathText) -> Response:
    """How far an import is, and what its check found in numbers."""
    shown, found = call.platform.checked.show(call.grant, import_id)
    return answer({**head_of(shown), **sums_of(found)})


@router.get("/imports/{import_id}/plan", response_model=shapes.StepList)
def show_plan(call: Placed, import_id: PathText, offset: PageOffset = 0, limit: PageLimit = 100) -> Response:
    """What apply would do, object by object."""
    found = still_there(*call.platform.checked.show(call.grant, import_id))
    page = found.lines[offset : offset + limit]
    return answer({"total": len(found.lines), "items": [line_as_told(one, call.language) for one in page]})


@router.get("/imports/{import_id}/findings", response_model=shapes.FindingList)
def show_findings(
    call: Placed, import_id: PathText, offset: PageOffset = 0, limit: PageLimit = 100
) -> Response:
    """What the rules saw."""
    found = still_there(*call.platform.checked.show(call.grant, import_id))
    page = found.findings[offset : offset + limit]
    return answer({"total": len(found.findings), "items": [finding_of(one, call.language) for one in page]})


@router.get("/imports/{import_id}/differences", response_model=shapes.DifferenceList)
def show_differences(
    call: Placed,
    import_id: PathText,
    offset: PageOffset = 0,
    limit: Annotated[int, Query(ge=1, le=_DIFFERENCES)] = 100,
) -> Response:
    """What objects that are here would change, by field. Larger pages are quicker: each looks at the whole
    package once."""
    page = slice(offset, offset + limit)
    total, found = call.platform.checked.differences(call.grant, import_id, page)
    return answer({"total": total, "items": found})


@router.get("/imports/{import_id}/objects/{kind}/{name}/diff", response_model=shapes.DifferenceAnswer)
def show_difference(call: Placed, import_id: PathText, kind: ObjectKind, name: PathText) -> Response:
    """What one object would change, by field; with what last came in as the base, where that is kept."""
    return answer(call.platform.checked.difference(call.grant, import_id, (kind, name)))


@router.get("/imports/{import_id}/binding", response_model=shapes.BindingAnswer)
def show_binding(call: Placed, import_id: PathText) -> Response:
    """What the plan was made for and what it does, in digests: what a plan file holds."""
    return answer(binding_as_told(still_there(*call.platform.checked.show(call.grant, import_id))))


@router.put(
    "/imports/{import_id}/options",
    response_model=shapes.CheckedAnswer,
    openapi_extra=described(ImportOptionsBody),
)
def change_options(call: Placed, import_id: PathText) -> Response:
    """Takes these options and this mapping in the place of the former, and checks again."""
    options = read_body(ImportOptionsBody, call.body).options()
    return answer(_checked(call, call.platform.checked.change(call.grant, import_id, options)))


@router.post(
    "/imports/{import_id}/apply",
    status_code=202,
    response_model=answers.StartedAnswer,
    openapi_extra=described(ApplyRequest),
)
def apply_import(call: Placed, import_id: PathText) -> Response:
    """Does what the plan of that digest says, in the background, or nothing. Asked again: the same task."""
    asked = read_body(ApplyRequest, call.body)
    task_id = call.platform.checked.apply(call.grant, import_id, asked.plan_digest)
    return answer({"task_id": task_id}, 202)


@router.post("/imports/{import_id}/discard", status_code=204)
def discard_import(call: Placed, import_id: PathText) -> Response:
    """Lets go of an import and its package."""
    call.platform.checked.discard(call.grant, import_id)
    return Response(status_code=204)


def package_of(
    call: PlacedCall, asked: PackageReference, act: ImportAct = ImportAct.PACKAGE
) -> ReceivedPackage:
    """The package that a call names: handed in before, or fetched from object storage now for an act."""
    if asked.id:
        return call.platform.imports.received(call.grant, asked.id)
    return call.platform.imports.fetch(call.grant, asked.path, act)


def _checked(call: PlacedCall, checked: Checked) -> dict[str, Any]:
    found = checked.found
    report = report_of(checked.seen, Summed(found.needs, found.lines, found.counts), call.language)
    beside = {
        "route": msgspec.to_builtins(found.route),
        "needs_met": needs_as_told(found.needs),
    }
    schedules = {"schedules": msgspec.to_builtins(found.schedules)}
    return {**head_of(checked.shown), **beside, "report": report | schedules}
