"""Rules about limits: how much a workspace holds, and which tags its jobs may have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from jobferry.model.kinds import ObjectKind
from jobferry.model.names import ancestors
from jobferry.model.quotas import quotas_of
from jobferry.model.tags import beyond_limit, is_tag, locked_among
from jobferry.model.transfer.finding import Finding, quota_reached, tags_too_many
from jobferry.model.transfer.import_context import ImportContext, ImportItem, Intent


def objects_exceed_quota(context: ImportContext) -> Iterator[Finding]:
    """More jobs, real-time jobs or scripts than the workspace holds; those beyond the limit stay out."""
    limits = context.target_state.settings.fact_rules.limits
    counts = Counter(context.target_state.counts)
    for item in context.written:
        if item.intent is not Intent.CREATE:
            continue
        for quota in quotas_of(item.kind, item.entry.facts.subtype):
            counts[quota.things] += 1
            number, limit = counts[quota.things], quota.limit(limits)
            if number > limit:
                yield quota_reached(item.key, number, limit, quota.things, quota.setting)


def directories_exceed_quota(context: ImportContext) -> Iterator[Finding]:
    """More directories than the workspace holds, for jobs and for scripts apart."""
    limit = context.target_state.settings.fact_rules.limits.directories
    there = {kind: set(paths) for kind, paths in context.target_state.directories.items()}
    for item in context.written:
        stays = item.target is not None and item.target.directory == item.directory
        if stays or item.kind not in (ObjectKind.JOB, ObjectKind.SCRIPT):
            continue
        paths = there.setdefault(item.kind, set())
        paths.update(ancestors(item.directory))
        if len(paths) > limit:
            yield quota_reached(item.key, len(paths), limit, "directories", "max_directories")


def tags_are_locked(context: ImportContext) -> Iterator[Finding]:
    """A job brings a tag that is locked here, or would take one off the job that it overwrites."""
    tags = context.target_state.tags
    if not any(tag.locked for tag in tags.values()):
        return
    for item in _jobs(context):
        carried = item.entry.facts.tags
        had = context.target_state.locked_tags.get(item.target.id, ()) if item.target else ()
        for tag in locked_among(carried, tags):
            yield Finding.on(item.key, "tag-locked", tag=tag)
        for tag in had:
            if tag not in carried:
                yield Finding.on(item.key, "tag-locked-here", tag=tag)


def tags_are_illegal(context: ImportContext) -> Iterator[Finding]:
    """A job brings a tag that no tag can be called."""
    for item in _jobs(context):
        for tag in item.entry.facts.tags:
            if tag not in context.target_state.tags and not is_tag(tag):
                yield Finding.on(item.key, "tag-illegal", tag=repr(tag[:140]))


def tags_are_too_many(context: ImportContext) -> Iterator[Finding]:
    """More tags than a workspace has; the jobs that bring those beyond the limit stay out."""
    brought = ((item.key, item.entry.facts.tags) for item in _jobs(context))
    for key, tag in beyond_limit(context.target_state.tags, brought):
        yield tags_too_many(key, tag)


def _jobs(context: ImportContext) -> Iterator[ImportItem]:
    return (item for item in context.written if item.kind is ObjectKind.JOB)
