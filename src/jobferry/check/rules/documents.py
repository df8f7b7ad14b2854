"""Rules about what documents hold: texts and fields, schedules and parameters, files of resources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from jobferry.model.document.problems import DOCUMENTED, Problem, is_illegal, pointer
from jobferry.model.document.times import moment_of
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.finding import PACKAGE, Finding, Severity
from jobferry.model.transfer.import_context import ImportContext, ImportItem
from jobferry.model.transfer.policy import Undocumented, ZoneMode


def package_is_odd(context: ImportContext) -> Iterator[Finding]:
    """Something about the package's own make-up should be known: twin names, old encodings, extra files."""
    for warning in context.contents.warnings:
        if warning.problem.code == "name-doubled":
            continue
        yield Finding.on(
            (warning.kind, warning.name),
            warning.problem.code,
            Severity.WARN,
            path=warning.problem.path,
            **warning.problem.args,
        )


def text_is_unusable(context: ImportContext) -> Iterator[Finding]:
    """A document's text is not JSON as it should be: broken, doubled keys, not UTF-8, too deep."""
    for item in context.written:
        for problem in item.entry.unusable:
            yield Finding.on(item.key, problem.code, path=item.entry.info.path, **problem.args)


def fields_are_invalid(context: ImportContext) -> Iterator[Finding]:
    """A field breaks a rule of its document: names, lengths, ranges, predecessors, cycles among nodes.

    What breaks only what the service documents warns or blocks, as the option says.
    """
    blocks = context.policy.undocumented is Undocumented.BLOCK
    documented = Severity.BLOCK if blocks else Severity.WARN
    for item in context.written:
        for problem in item.entry.facts.problems:
            if is_illegal(problem):
                severity = Severity.BLOCK
            elif _is_answered(problem, item, context):
                continue
            else:
                severity = documented if problem.code in DOCUMENTED else Severity.WARN
            yield Finding.on(item.key, problem.code, severity, path=problem.path, **problem.args)


def _is_answered(problem: Problem, item: ImportItem, context: ImportContext) -> bool:
    """Whether the import itself gives what is wrong: another zone, or the schedule of what is here."""
    options = context.options
    if problem.code == "zone-unknown":
        another = options.time_zone is not None or problem.args["zone"] in options.mapping.zones
        return another and options.zone_mode is not ZoneMode.KEEP
    return problem.code == "schedule-missing" and item.target is not None


def time_zones_differ(context: ImportContext) -> Iterator[Finding]:
    """Cron expressions are meant in another zone than the workspace's, and nobody relabels them."""
    if context.options.time_zone is not None or context.options.zone_mode is ZoneMode.KEEP:
        return
    zones = context.options.mapping.zones
    jobs: dict[str, list[str]] = {}
    for item in context.written:
        for zone in {zones.get(zone, zone) for zone, _ in item.entry.facts.zones}:
            if not context.target_state.is_local_zone(zone):
                jobs.setdefault(zone, []).append(item.name)
    for zone, names in jobs.items():
        yield Finding.on(
            PACKAGE,
            "time-zone-differs",
            Severity.WARN,
            zone=zone,
            local=context.target_state.settings.time_zone,
            count=str(len(names)),
            example=names[0],
        )


def schedules_cannot_be_converted(context: ImportContext) -> Iterator[Finding]:
    """No expression in the chosen time zone fires at the instants of this one."""
    for item in context.written:
        for shift in item.shifts:
            if not shift.made:
                yield Finding.on(
                    item.key,
                    "schedule-not-convertible",
                    path=pointer((*shift.path[:-1], "expression")),
                    expression=shift.expression[:80],
                    zone=shift.zone,
                    there=shift.there,
                )


def schedules_have_ended(context: ImportContext) -> Iterator[Finding]:
    """A schedule ends before now, so that the job will never be started by it."""
    zone_here = context.target_state.settings.time_zone
    now = datetime.fromtimestamp(context.target_state.now // 1000, UTC)
    for item in context.written:
        facts = item.entry.facts
        zones = {path[:-1]: zone for zone, path in facts.zones}
        for end, path in facts.ends:
            moment = moment_of(end, zones.get(path[:-1]) or zone_here)
            if moment is not None and moment < now:
                yield Finding.on(item.key, "schedule-ended", Severity.WARN, path=pointer(path), end=end[:80])


def overrides_miss(context: ImportContext) -> Iterator[Finding]:
    """A parameter value is given for a job that is not in the package or does not define the parameter."""
    jobs = {item.entry.info.name: item.entry.facts for item in context.items if item.kind is ObjectKind.JOB}
    for name, values in context.options.job_params.items():
        if name not in jobs:
            yield Finding.on((ObjectKind.JOB, name), "override-unknown", Severity.WARN)
            continue
        defined = {parameter for parameter, _ in jobs[name].parameters}
        for parameter in sorted(values.keys() - defined):
            yield Finding.on((ObjectKind.JOB, name), "parameter-unknown", Severity.WARN, parameter=parameter)


def files_cannot_land(context: ImportContext) -> Iterator[Finding]:
    """A resource names a file that did not come along, or this workspace has no place for files."""
    if not context.contents.files:
        return
    for item in context.written:
        for file in item.files:
            code = ""
            if file.sha256 not in context.contents.files:
                code = "file-absent"
            elif not file.place:
                code = "file-place-missing"
            if code:
                yield Finding.on(item.key, code, path=pointer(file.path), sha256=file.sha256)


def files_are_missing(context: ImportContext) -> Iterator[Finding]:
    """A resource names a file in object storage that is not there; the definition lands all the same."""
    for file in context.absent:
        yield Finding.on(
            (ObjectKind.RESOURCE, file.name),
            "resource-file-missing",
            Severity.WARN,
            path=pointer(file.path),
            location=file.location,
        )
