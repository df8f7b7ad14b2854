"""The platform's tables. Names are the glossary's words; times are milliseconds since 1970 (UTC).

The tables as they are made lie in ``migrations/platform``; a test holds that both say the same.
Documents are kept in ``text``, byte for byte; what else is nested is JSON.
"""

from __future__ import annotations

from jobferry.store.sql.schema.changes import change_starts, changes, export_points
from jobferry.store.sql.schema.columns import KEY, ROW_ID, metadata
from jobferry.store.sql.schema.content import (
    connections,
    contents,
    counters,
    directories,
    holds,
    import_slots,
    imports,
    inventory,
    landings,
    marks,
    object_counts,
    objects,
    platform,
    platform_settings,
    receipt_items,
    receipt_texts,
    receipts,
    tags,
    variables,
    versions,
    workspaces,
)
from jobferry.store.sql.schema.downloads import downloads
from jobferry.store.sql.schema.people import (
    access_keys,
    audit,
    audit_ends,
    browser_sessions,
    directory_policies,
    members,
    notices,
    tokens,
    users,
)
from jobferry.store.sql.schema.reviews import review_items, reviews
from jobferry.store.sql.schema.routes import routes

__all__ = [
    "HEAD",
    "KEY",
    "ROW_ID",
    "VERSION_TABLE",
    "access_keys",
    "audit",
    "audit_ends",
    "browser_sessions",
    "change_starts",
    "changes",
    "connections",
    "contents",
    "counters",
    "directories",
    "directory_policies",
    "downloads",
    "export_points",
    "holds",
    "import_slots",
    "imports",
    "inventory",
    "landings",
    "marks",
    "members",
    "metadata",
    "notices",
    "object_counts",
    "objects",
    "platform",
    "platform_settings",
    "receipt_items",
    "receipt_texts",
    "receipts",
    "review_items",
    "reviews",
    "routes",
    "tags",
    "tokens",
    "users",
    "variables",
    "versions",
    "workspaces",
]

HEAD = "0016"
"""The newest migration; a database that stands there needs none."""

VERSION_TABLE = "jobferry_revision"
