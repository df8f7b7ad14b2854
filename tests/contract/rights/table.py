"""Who may do what, written down by hand: nothing here is taken from the code that it judges."""

from __future__ import annotations

ALL = "owner administrator developer deployer operator viewer operations"
WATCHERS = "owner administrator developer operator viewer"
WORKERS = "owner administrator developer operator"
BUILDERS = "owner administrator developer"

ALLOWED = {
    "workspace-view": ALL,
    "job-view": WATCHERS,
    "job-create": BUILDERS,
    "job-edit": WORKERS,
    "job-delete": BUILDERS,
    "job-operate": WORKERS,
    "lock-operate": WORKERS,
    "tag-edit": WORKERS,
    "tag-lock": "owner administrator",
    "library-view": WATCHERS,
    "library-edit": WORKERS,
    "variable-edit": BUILDERS,
    "export": WORKERS,
    "download-delete": WORKERS,
    "import": WORKERS,
    "batch-export": "owner administrator",
    "asset-backup": "owner administrator operator",
    "batch-import": "owner administrator",
    "publish": "owner administrator",
    "review-view": f"{WATCHERS} deployer",
    "review-decide": "owner administrator",
    "release-decide": "owner administrator deployer",
    "record-view-all": "owner administrator",
    "task-cancel": "owner administrator operations",
    "audit-view": "owner administrator operations",
    "member-view": ALL,
    "member-edit": "owner administrator operations",
    "owner-edit": "owner operations",
    "setting-edit": "owner administrator operations",
    "default-item-edit": "owner operations",
    "workspace-create": "operations",
    "user-edit": "operations",
    "platform-setting-edit": "operations",
    "platform-task-view": "operations",
    "platform-audit-view": "operations",
    "platform-audit-accept": "operations",
}

READ_ONLY = {
    "workspace-view",
    "job-view",
    "library-view",
    "export",
    "review-view",
    "record-view-all",
    "audit-view",
    "member-view",
    "platform-task-view",
    "platform-audit-view",
}
"""What is left to a read-only token."""
