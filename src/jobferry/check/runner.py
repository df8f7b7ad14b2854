"""Asks every rule once; all findings come in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jobferry.check.rules import deletions, documents, identity, limits, permissions, references
from jobferry.model.task import Progress, TaskPhase, unnoted
from jobferry.model.transfer.finding import MOST_FINDING_BYTES, Finding, FindingRoom, Severity
from jobferry.model.transfer.import_context import ImportContext

Rule = Callable[[ImportContext], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    documents.package_is_odd,
    documents.text_is_unusable,
    documents.fields_are_invalid,
    identity.names_are_doubled,
    identity.uid_and_name_disagree,
    identity.duplicates_are_refused,
    identity.types_differ,
    identity.targets_are_not_stopped,
    identity.targets_were_edited,
    identity.renames_leave_users_behind,
    permissions.objects_are_not_theirs_to_create,
    permissions.objects_are_not_theirs_to_overwrite,
    permissions.directories_are_not_theirs,
    permissions.publishing_is_not_theirs,
    permissions.approvers_are_missing,
    permissions.reviews_are_pending,
    permissions.targets_are_locked_hard,
    permissions.locks_are_overridden,
    limits.tags_are_locked,
    limits.tags_are_illegal,
    limits.tags_are_too_many,
    limits.objects_exceed_quota,
    limits.directories_exceed_quota,
    documents.files_cannot_land,
    documents.files_are_missing,
    references.things_are_missing,
    references.jobs_are_missing,
    references.jobs_wait_in_circles,
    references.workspaces_are_missing,
    references.workspaces_refuse_dependents,
    references.inventory_is_unknown,
    references.people_and_variables_are_missing,
    references.what_is_here_lacks_something,
    references.connections_do_not_fit,
    references.pairs_are_unused,
    references.pairs_go_on,
    references.names_become_one,
    references.targets_are_missing,
    references.places_are_illegal,
    references.texts_were_left_alone,
    documents.time_zones_differ,
    documents.schedules_cannot_be_converted,
    documents.schedules_have_ended,
    documents.overrides_miss,
    deletions.deletions_are_not_confirmed,
    deletions.confirmations_miss,
    deletions.departures_are_in_use,
    deletions.departures_were_edited,
    deletions.departures_are_not_theirs,
    deletions.departures_wait_for_decisions,
    deletions.departures_are_needed,
    deletions.named_things_remain,
    deletions.secrets_remain,
    deletions.files_remain,
)
"""Every rule there is. A new rule is a function in ``rules/``, a line here and two lines of words."""

_ORDER = {Severity.BLOCK: 0, Severity.HOLD: 1, Severity.WARN: 2}


def check(
    context: ImportContext, most_bytes: int = MOST_FINDING_BYTES, progress: Progress = unnoted
) -> tuple[Finding, ...]:
    """All findings, the gravest first, then by kind, name and path.

    ``progress`` counts objects: they were compared with their targets before, and the rules are the other
    half of checking them.

    Raises:
        PackageRefused: there are more than ``most_bytes`` of them (``package-too-large``).
    """
    room = FindingRoom(most_bytes)
    found: list[Finding] = []
    objects = len(context.items)
    for asked, rule in enumerate(RULES):
        progress(TaskPhase.CHECKED, (objects + objects * asked // len(RULES)) // 2, objects)
        for finding in rule(context):
            room.take(finding.code, finding.name, finding.path, finding.need_name, args=finding.args)
            found.append(finding)
    found.sort(
        key=lambda finding: (
            _ORDER[finding.severity],
            finding.kind,
            finding.name,
            finding.path,
            finding.code,
            finding.need_name,
        )
    )
    return tuple(found)
