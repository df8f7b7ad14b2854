"""What an import would do, as the own API tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from jobferry.model.kinds import NeedKind
from jobferry.model.transfer.arrival import Arrival
from jobferry.model.transfer.bodies import Hit
from jobferry.model.transfer.cargo import CargoItem
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.line import PlanLine, Verdict, lines_of
from jobferry.model.words import Language, say
from jobferry.services.importing.planning import Prospect
from jobferry.services.packages import needs_of

_UNMAPPABLE = frozenset({NeedKind.VARIABLE, NeedKind.CDM})


def report_of(seen: Prospect, language: Language) -> dict[str, Any]:
    """The whole report, as plain values."""
    cargo = seen.cargo
    provenance = cargo.manifest.provenance if cargo.manifest else None
    return {
        "digest": cargo.digest,
        "layout": cargo.layout,
        "source": msgspec.to_builtins(provenance),
        "objects": [_packaged(item) for item in cargo.items],
        "needs": [
            {"kind": one.kind, "name": one.name, "workspace": one.workspace} for one in needs_of(cargo)
        ],
        "findings": [finding_of(finding, language) for finding in seen.findings],
        "plan": _plan(seen, language),
        "mapping_suggestion": _suggestion(seen.findings),
        "hits": [_hit(arrival, hit) for arrival in seen.passage.arrivals for hit in arrival.hits],
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


def _packaged(item: CargoItem) -> dict[str, Any]:
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


def _hit(arrival: Arrival, hit: Hit) -> dict[str, Any]:
    return {
        "object_kind": arrival.kind,
        "object": arrival.name,
        "kind": hit.kind,
        "path": hit.path,
        "line": hit.line,
        "from": hit.former,
        "to": hit.local,
    }


def _plan(seen: Prospect, language: Language) -> dict[str, Any]:
    lines = lines_of(seen.plan, seen.passage.arrivals)
    return {
        "fingerprint": seen.plan.fingerprint,
        "refused": seen.plan.refused,
        "steps": [line_as_told(line, language) for line in lines],
        "counts": seen.counts,
    }


def line_as_told(line: PlanLine, language: Language) -> dict[str, Any]:
    """One object's line of a plan."""
    return {
        "verdict": line.verdict,
        "kind": line.kind,
        "name": line.name,
        "directory": line.directory,
        "note": _note(line),
        "submits": line.submits,
        "way": line.way,
        "lock_from": line.lock_from,
        "held": line.held,
        "reasons": [finding_of(one, language) for one in line.reasons],
    }


def _note(line: PlanLine) -> str:
    if line.former_name:
        return f"renamed from {line.former_name}"
    if line.verdict is Verdict.UNCHANGED:
        return "same digest"
    return "exists; duplicate policy is skip" if line.verdict is Verdict.SKIP else ""


def _suggestion(findings: Iterable[Finding]) -> dict[str, dict[str, str]]:
    """What a mapping would have to answer, with nothing filled in."""
    missing: dict[str, dict[str, str]] = {}
    for finding in findings:
        kind = finding.need_kind
        if kind and kind not in _UNMAPPABLE and finding.code.endswith("-missing"):
            missing.setdefault(kind, {})[finding.need_name] = ""
    return missing
