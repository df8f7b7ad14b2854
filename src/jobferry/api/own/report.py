"""What an import would do, as the own API tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from jobferry.model.messages import Language, say
from jobferry.model.package import Need
from jobferry.model.transfer.contents import PackageEntry, needs_of
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.import_context import ImportItem
from jobferry.model.transfer.mapped_texts import Hit
from jobferry.model.transfer.mapping import Guess, Section, guesses
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_view import PlanLine, Verdict, lines_of
from jobferry.services.importing.preview import ImportPreview, NeedMet


class Summed(NamedTuple):
    """What of a prospect takes a while to sum up, in no language."""

    needs: Iterable[Need | NeedMet]
    lines: Iterable[PlanLine]
    counts: dict[ObjectOutcome, int]


def summed(seen: ImportPreview) -> Summed:
    """The same of a check that nothing was kept of."""
    return Summed(needs_of(seen.contents), lines_of(seen.plan, seen.context), seen.counts)


def report_of(
    seen: ImportPreview, sums: Summed, language: Language, guessed: tuple[Guess, ...] = ()
) -> dict[str, Any]:
    """The whole report, as plain values. What is missing is named in the suggestion, ``guessed`` or not."""
    named = guesses(seen.findings, seen.context.options.mapping.names, lambda _: ())
    missing = [one for one in named if one.section != Section.TIME_ZONE]
    contents, ids = seen.contents, seen.context.view.local_ids
    provenance = contents.manifest.provenance if contents.manifest else None
    return {
        "digest": contents.digest,
        "layout": contents.layout,
        "source": msgspec.to_builtins(provenance),
        "objects": [_packaged(item) for item in contents.items],
        "needs": [{"kind": one.kind, "name": one.name, "workspace": one.workspace} for one in sums.needs],
        "findings": [finding_of(finding, language) for finding in seen.findings],
        "plan": _plan(seen, sums, language),
        "deleted_at_source": [
            {"kind": gone.kind, "name": gone.name, "uid": gone.uid, "here": here or None}
            for gone, here in seen.context.view.deleted
        ],
        "mapping_suggestion": _guessed(guessed or missing, rest=False),
        "mapping_candidates": _guessed(guessed, rest=True),
        "bindings": [
            {"kind": kind, "name": name, "local_id": ids[kind, name]}
            for kind, name, _ in sorted(seen.context.needs)
            if (kind, name) in ids
        ],
        "hits": [_hit(arrival, hit) for arrival in seen.context.arrivals for hit in arrival.hits],
    }


def finding_of(finding: Finding, language: Language) -> dict[str, Any]:
    """A finding with its sentence and remedy."""
    said = say(finding, language)
    return {
        "code": finding.code,
        "severity": finding.severity,
        "kind": finding.kind,
        "name": finding.name,
        "path": finding.path,
        "need_kind": finding.need_kind,
        "need_name": finding.need_name,
        "args": finding.args,
        "message": said.message,
        "remedy": said.remedy,
    }


def _packaged(item: PackageEntry) -> dict[str, Any]:
    entry = item.entry
    return {
        "kind": entry.kind,
        "name": entry.name,
        "uid": entry.uid,
        "path": entry.path,
        "size": entry.size,
        "sha256": entry.sha256,
        "directory": item.facts.directory,
    }


def _hit(arrival: ImportItem, hit: Hit) -> dict[str, Any]:
    return {
        "object_kind": arrival.kind,
        "object": arrival.name,
        "kind": hit.kind,
        "path": hit.path,
        "line": hit.line,
        "from": hit.former,
        "to": hit.local,
    }


def _plan(seen: ImportPreview, sums: Summed, language: Language) -> dict[str, Any]:
    return {
        "fingerprint": seen.plan.fingerprint,
        "refused": seen.plan.refused,
        "steps": [line_as_told(line, language) for line in sums.lines],
        "counts": sums.counts,
    }


def line_as_told(line: PlanLine, language: Language) -> dict[str, Any]:
    """One object's line of a plan."""
    return {
        "verdict": line.verdict,
        "kind": line.kind,
        "name": line.name,
        "directory": line.directory,
        "note": _note(line),
        "change": line.change,
        "submits": line.submits,
        "way": line.way,
        "lock_from": line.lock_from,
        "tag": line.tag,
        "held": line.held,
        "files": line.files,
        "reasons": [finding_of(one, language) for one in line.reasons],
    }


def _note(line: PlanLine) -> str:
    if line.former_name:
        return f"renamed from {line.former_name}"
    if line.copy_of:
        return f"copy of {line.copy_of}"
    if line.former_directory:
        return f"moved from {line.former_directory}"
    if line.verdict is Verdict.DELETE or line.reasons:
        return ""
    if line.verdict is Verdict.UNCHANGED:
        return "same digest"
    return "exists; duplicate policy is skip" if line.verdict is Verdict.SKIP else ""


def _guessed(found: Iterable[Guess], *, rest: bool) -> dict[str, dict[str, Any]]:
    """By section and name the likeliest candidate, or an empty text; with ``rest`` the others."""
    sections: dict[str, dict[str, Any]] = {}
    for one in found:
        likest = one.candidates[0] if one.candidates else ""
        sections.setdefault(one.section, {})[one.name] = list(one.candidates[1:]) if rest else likest
    return sections
