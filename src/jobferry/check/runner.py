"""Asks every rule once; all findings come in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jobferry.check.rules import (
    departures,
    documents,
    files,
    identity,
    locks,
    mapping,
    quotas,
    references,
    remaining,
    review,
    rights,
    schedule,
    tags,
)
from jobferry.model.transfer.arrival import Passage
from jobferry.model.transfer.finding import MOST_FINDING_BYTES, Finding, FindingRoom, Severity

Rule = Callable[[Passage], Iterator[Finding]]

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
    rights.objects_are_not_theirs_to_create,
    rights.objects_are_not_theirs_to_overwrite,
    rights.directories_are_not_theirs,
    review.publishing_is_not_theirs,
    review.approvers_are_missing,
    review.reviews_are_pending,
    locks.targets_are_locked_hard,
    locks.locks_are_overridden,
    tags.tags_are_locked,
    tags.tags_are_illegal,
    tags.tags_are_too_many,
    quotas.objects_exceed_quota,
    quotas.directories_exceed_quota,
    files.files_cannot_land,
    files.files_are_missing,
    references.things_are_missing,
    references.jobs_are_missing,
    references.jobs_wait_in_circles,
    references.workspaces_are_missing,
    references.workspaces_refuse_dependents,
    references.inventory_is_unknown,
    references.people_and_variables_are_missing,
    references.what_is_here_lacks_something,
    mapping.pairs_are_unused,
    mapping.pairs_go_on,
    mapping.names_become_one,
    mapping.targets_are_missing,
    mapping.places_are_illegal,
    mapping.texts_were_left_alone,
    schedule.time_zones_differ,
    schedule.schedules_cannot_be_converted,
    schedule.schedules_have_ended,
    schedule.overrides_miss,
    departures.deletions_are_not_confirmed,
    departures.departures_are_in_use,
    departures.departures_were_edited,
    departures.departures_are_not_theirs,
    departures.departures_wait_for_decisions,
    departures.departures_are_needed,
    remaining.named_things_remain,
    remaining.secrets_remain,
    remaining.files_remain,
)
"""Every rule there is. A new rule is a function in ``rules/``, a line here and two lines of words."""

_ORDER = {Severity.BLOCK: 0, Severity.HOLD: 1, Severity.WARN: 2}


def check(passage: Passage, most_bytes: int = MOST_FINDING_BYTES) -> tuple[Finding, ...]:
    """All findings, the gravest first, then by kind, name and path.

    Raises:
        PackageRefused: there are more than ``most_bytes`` of them (``package-too-large``).
    """
    room = FindingRoom(most_bytes)
    found: list[Finding] = []
    for rule in RULES:
        for one in rule(passage):
            room.take(one.code, one.name, one.path, one.need_name, args=one.args)
            found.append(one)
    found.sort(key=lambda one: (_ORDER[one.severity], one.kind, one.name, one.path, one.code, one.need_name))
    return tuple(found)
