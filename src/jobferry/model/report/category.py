"""Categories of findings: what a detection report has one row for each of.

Every code of a finding has a category; a code that is new is entered in ``CATEGORIES``.
"""

from __future__ import annotations

from enum import StrEnum

from jobferry.model.transfer.finding import Finding


class Category(StrEnum):
    """Why something did not pass, in the order in which a report tells it."""

    PACKAGE = "package"
    NAME = "name"
    QUALITY_MONITOR = "quality-monitor"
    SYNC_TASK = "sync-task"
    NESTED_JOB = "nested-job"
    RESOURCE_GROUP = "resource-group"
    UPSTREAM = "upstream"
    ELSEWHERE = "elsewhere"
    QUEUE = "queue"
    CONNECTION = "connection"
    LIBRARY = "library"
    SURROUNDINGS = "surroundings"
    TEXT = "text"
    CONTENT = "content"
    IDENTITY = "identity"
    STANDING = "standing"
    RIGHTS = "rights"
    QUOTA = "quota"
    MAPPING = "mapping"
    SCHEDULE = "schedule"
    REMAINS = "remains"
    """What is left to do here after the import; it keeps nothing out."""
    FOLLOWS = "follows"
    """What is out only because something else is; a report does not tell it."""


CATEGORIES: dict[Category, tuple[str, ...]] = {
    Category.PACKAGE: ("name-doubled", "twin-names", "legacy-name-encoding", "unknown-entry"),
    Category.NAME: ("name-illegal", "name-missing"),
    Category.QUALITY_MONITOR: ("quality-monitor-missing",),
    Category.SYNC_TASK: ("sync-task-missing",),
    Category.NESTED_JOB: ("nested-job-missing",),
    Category.RESOURCE_GROUP: ("resource-group-missing",),
    Category.UPSTREAM: ("upstream-job-missing",),
    Category.ELSEWHERE: ("workspace-missing", "upstream-elsewhere-missing", "upstream-elsewhere-refused"),
    Category.QUEUE: ("queue-missing",),
    Category.CONNECTION: ("connection-missing",),
    Category.LIBRARY: (
        "script-missing",
        "resource-missing",
        "cdm-missing",
        "file-absent",
        "file-place-missing",
        "resource-file-missing",
    ),
    Category.SURROUNDINGS: (
        "agent-missing",
        "cluster-missing",
        "stream-missing",
        "graph-missing",
        "roma-instance-missing",
        "tics-instance-missing",
        "drs-task-missing",
        "inventory-unknown",
        "user-missing",
        "variable-missing",
        "connection-incomplete",
        "variable-incomplete",
    ),
    Category.TEXT: (
        "json-broken",
        "json-constant",
        "not-an-object",
        "not-json",
        "doubled-key",
        "not-utf8",
        "lone-surrogate",
        "number-too-long",
        "too-many-values",
        "too-deep",
    ),
    Category.CONTENT: (
        "field-missing",
        "field-type",
        "field-too-long",
        "field-range",
        "field-value",
        "word-former",
        "value-required",
        "schedule-missing",
        "zone-unknown",
        "time-illegal",
        "type-missing",
        "content-too-large",
        "directory-illegal",
        "too-many-nodes",
        "node-doubled",
        "predecessor-unknown",
        "nodes-cyclic",
        "mrs-queue-unset",
        "cron-illegal",
        "cron-monthly",
        "dws-address-missing",
        "tag-illegal",
    ),
    Category.IDENTITY: ("identity-conflict", "already-exists", "type-differs", "renamed-in-use"),
    Category.STANDING: (
        "target-not-stopped",
        "target-edited",
        "both-edited",
        "locked-by-another",
        "locks-overridden",
        "review-pending",
        "deletion-not-confirmed",
        "deletion-not-stopped",
        "deletion-locked",
        "deletion-edited",
        "deletion-needed",
        "deletion-in-review",
        "touched-since",
        "locked-since",
        "tag-locked-since",
        "deleted-since",
        "name-taken-since",
        "needed-here",
        "tag-locked",
        "tag-locked-here",
    ),
    Category.RIGHTS: (
        "not-allowed-create",
        "not-allowed-overwrite",
        "not-allowed-publish",
        "deletion-not-allowed",
        "directory-not-allowed",
        "approvers-missing",
    ),
    Category.QUOTA: ("quota-reached", "tags-too-many"),
    Category.MAPPING: (
        "mapping-unused",
        "mapping-chained",
        "mapping-merges",
        "mapping-target-missing",
        "mapping-target-kind",
        "text-unparsed",
        "text-case",
        "text-needs-quotes",
        "text-not-sql",
        "text-too-large",
    ),
    Category.SCHEDULE: (
        "waits-in-circle",
        "time-zone-differs",
        "schedule-not-convertible",
        "schedule-ended",
        "parameter-unknown",
        "override-unknown",
    ),
    Category.REMAINS: (
        "remains-quality-monitors",
        "remains-sync-tasks",
        "remains-resource-groups",
        "remains-table-data",
        "remains-passwords",
        "remains-resource-files",
        "remains-sensitive-values",
    ),
    Category.FOLLOWS: (
        "needed-left-out",
        "only-used-left-out",
        "package-held-back",
        "deletion-held-back",
        "name-not-freed",
    ),
}
"""The codes of each category."""

_OF_CODE = {code: category for category, codes in CATEGORIES.items() for code in codes}


def category_of(finding: Finding) -> Category:
    """A finding's category.

    A thing that nobody has inventoried counts as missing, and only the name of a whole object is a name.
    """
    if finding.code == "inventory-unknown":
        return _OF_CODE.get(f"{finding.need_kind}-missing", Category.SURROUNDINGS)
    category = _OF_CODE[finding.code]
    return Category.CONTENT if category is Category.NAME and finding.path not in ("", "name") else category
