"""A package of any documents before a workspace that has some of it: looked at, judged and planned.

Whatever the documents say, every finding can be told in both languages, a plan is the same each time, and
what it would write is a document again.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from zlib import crc32

from builders import target
from jobferry.check.runner import check
from jobferry.errors import PackageRefused
from jobferry.model.document.edits import edited
from jobferry.model.document.text import digest_of, parse, without_bom
from jobferry.model.kinds import NeedKind, SchedulingState
from jobferry.model.messages import Language, say
from jobferry.model.records import StoredObject
from jobferry.model.report.detection import as_csv, as_text, category_of, detection
from jobferry.model.transfer.binding import binding_of
from jobferry.model.transfer.contents import PackageContents, PackageEntry
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.finding_group import grouped
from jobferry.model.transfer.import_context import context
from jobferry.model.transfer.mapping import Mapping
from jobferry.model.transfer.plan import Create, Overwrite, Plan
from jobferry.model.transfer.policy import (
    PROFILES,
    Duplicates,
    ImportOptions,
    MissingReference,
    ObjectRule,
    Outcome,
    ZoneMode,
)
from jobferry.model.transfer.target_state import TargetState
from jobferry.package.reader import OpenPackage, open_package
from jobferry.plan.apply import receipt_items
from jobferry.plan.build import build, subjects
from jobferry.services.importing.read_package import read_contents

from .packages import LIMITS, READING, is_told_well, zipped

_NOW = 1_790_000_000_000
_MAPPING = Mapping(
    names={
        NeedKind.CONNECTION: {"dwh": "dwh_prod"},
        NeedKind.PATH: {"obs://a/": "obs://b/", "/": "/x"},
        NeedKind.SCRIPT: {"clean": "orders"},
        NeedKind.JOB: {"up": "down"},
        NeedKind.VARIABLE: {"x": "y"},
    },
    directories={"/dw": "/elsewhere"},
    parameters={"token": "new"},
    zones={"GMT+8": "Europe/Berlin"},
)
OPTIONS = (
    ImportOptions(),
    ImportOptions(duplicates=Duplicates.OVERWRITE, time_zone="America/New_York", zone_mode=ZoneMode.CONVERT),
    ImportOptions(duplicates=Duplicates.OVERWRITE, mapping=_MAPPING, missing=MissingReference.HOLD),
    ImportOptions(mapping=_MAPPING, time_zone="GMT-3", zone_mode=ZoneMode.RELABEL, outcome=Outcome.PACKAGE),
    ImportOptions(
        directory="/chosen",
        execute_user="lin",
        params={"token": "1"},
        job_params={"orders": {"token": "2", "none": "3"}},
        rules=(ObjectRule(name="o*", duplicates=Duplicates.FAIL, mapping=_MAPPING),),
    ),
)


def judged(data: bytes) -> None:
    """The first byte chooses options and profile; the rest is entries, as for the target ``contents``."""
    chosen = data[0] if data else 0
    try:
        with open_package(io.BytesIO(zipped(data[1:])), LIMITS) as opened:
            _judge(opened, OPTIONS[chosen % len(OPTIONS)], [*PROFILES][chosen // 64 % len(PROFILES)])
    except PackageRefused as refused:
        is_told_well(refused)


def _judge(opened: OpenPackage, options: ImportOptions, profile: str) -> None:
    contents = read_contents(opened, READING)
    view = _view(contents, opened, profile)
    whole = context(contents, view, options, _text_of(opened))
    findings = tuple(check(whole))
    _tell(findings)
    plan = build(whole, findings)
    assert plan == build(context(contents, view, options, _text_of(opened)), findings)
    assert len(list(receipt_items(plan, grouped((*findings, *plan.reasons()), {})))) == sum(
        1 for _ in plan.objects()
    )
    assert len(binding_of(plan, subjects(whole), view.grant, options, whole.policy).digest) == 64
    _write(plan, opened, {item.info.path: item for item in contents.entries})


def _text_of(opened: OpenPackage) -> Callable[[PackageEntry], bytes]:
    return lambda item: without_bom(opened.text(item.info))


def _view(contents: PackageContents, opened: OpenPackage, profile: str) -> TargetState:
    """Some objects are new, some are here as they come, some otherwise, some of those run."""
    there = []
    for number, item in enumerate(contents.entries):
        lot = crc32(item.info.path.encode())
        if item.unusable or lot % 4 == 0:
            continue
        other = contents.entries[number - 1] if lot % 4 == 1 else item
        if other.info.kind is item.info.kind and not other.unusable:
            there.append(_standing(item, _text_of(opened)(other), number + 1, lot))
    inventory = {NeedKind.QUEUE: ["default"]} if contents.entries else {}
    return target(*there, inventory=inventory, settings={"profile": profile}, now=_NOW)


def _standing(item: PackageEntry, text: bytes, number: int, lot: int) -> tuple[StoredObject, bytes]:
    digest = digest_of(text)
    there = StoredObject(
        id=number,
        workspace_id="w",
        kind=item.info.kind,
        name=item.info.name,
        uid=item.info.uid or f"uid {number}",
        directory=item.facts.directory,
        subtype=item.facts.subtype,
        digest=digest,
        live_version=1,
        last_version=1,
        live_digest=digest,
        locked_by="zhao" if lot % 5 == 0 else "",
        state=SchedulingState.PAUSED if lot % 7 == 0 else SchedulingState.STOPPED,
    )
    return there, text


def _tell(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        assert category_of(finding)
    for language in Language:
        for said in (say(finding, language) for finding in findings):
            assert said.message
            assert said.remedy
        rows = detection(grouped(findings, {}), language)
        assert as_csv(rows, language)
        assert bool(as_text(rows, language)) == bool(rows)


def _write(plan: Plan, opened: OpenPackage, items: dict[str, PackageEntry]) -> None:
    """Every text that the plan would write is the one it names."""
    for step in _writes(plan):
        text = edited(_text_of(opened)(items[step.entry_path]), step.edits)
        assert digest_of(text) == step.digest
        parse(text)


def _writes(plan: Plan) -> Iterator[Create | Overwrite]:
    return (step for step in plan.steps if isinstance(step, (Create, Overwrite)))
