"""Packages going out: made and sent at once, or only looked at beforehand."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from fastapi import Response

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, described
from jobferry.api.own.exporting import answers
from jobferry.api.own.exporting.bodies import ExportBody
from jobferry.api.wire import ZIP_ANSWER, answer, package_answer, read_body
from jobferry.model.document.problems import pointer
from jobferry.model.kinds import NeedKind
from jobferry.services.exporting.selected_objects import Use
from jobferry.services.exporting.selection import Selection

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["exports"])

_HEADER_BYTES = 16 * 1024
_BODY = described(ExportBody)


@router.post("/exports", response_class=Response, responses=ZIP_ANSWER, openapi_extra=_BODY)
def export(call: Placed) -> Response:
    """A package with a manifest; what is wrong is said before its first byte."""
    asked = read_body(ExportBody, call.body)
    stream = call.platform.exports.package(call.grant, asked.request(), asked.receipt())
    headers = {"X-Jobferry-Package-Digest": stream.digest, "X-Jobferry-Objects": str(stream.objects)}
    if asked.extent is not None:
        headers |= {"X-Jobferry-Deletions": str(stream.deletions), "X-Jobferry-Note": quote(stream.note)}
    if stream.left_out:
        headers["X-Jobferry-Left-Out"] = _header_list(stream.left_out)
    return package_answer(stream, headers)


@router.post("/export-previews", response_model=answers.ExportPreviewAnswer, openapi_extra=_BODY)
def preview_export(call: Placed) -> Response:
    """What an export would take along and through which references, and what stays a need."""
    asked = read_body(ExportBody, call.body)
    return answer(_preview(call.platform.exports.preview(call.grant, asked.request(), asked.receipt())))


def _preview(selection: Selection) -> dict[str, Any]:
    uses = selection.uses
    objects = [
        {
            "kind": one.kind,
            "name": one.name,
            "uid": one.uid,
            "version": one.version,
            "size": one.size,
            "sha256": one.digest,
            "emptied": len(one.sensitive),
            "through": None
            if index < selection.chosen
            else _use(uses.get((NeedKind(one.kind.value), "", one.name))),
        }
        for index, one in enumerate(selection.picked)
    ]
    needs = [
        {
            "kind": one.kind,
            "name": one.name,
            "workspace": one.workspace,
            "through": _use(uses.get((one.kind, one.workspace, one.name))),
        }
        for one in selection.needs
    ]
    return {
        "chosen": selection.chosen,
        "bytes": sum(one.size for one in selection.picked),
        "objects": objects,
        "needs": needs,
        "left_out": selection.left_out,
        "deletions": [{"kind": one.kind, "name": one.name, "uid": one.uid} for one in selection.deletions],
        "note": selection.note,
    }


def _use(use: Use | None) -> dict[str, Any] | None:
    if use is None:
        return None
    kind, name = use.by
    return {"kind": kind, "name": name, "path": pointer(use.path)}


def _header_list(names: tuple[str, ...]) -> str:
    """A percent-encoded JSON list; what does not fit into a header is only counted."""
    kept: list[str] = []
    size = 0
    for name in names:
        size += len(quote(json.dumps(name)))
        if size > _HEADER_BYTES:
            kept.append(f"… ({len(names) - len(kept)} more)")
            break
        kept.append(name)
    return quote(json.dumps(kept))
