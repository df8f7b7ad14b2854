"""Which modules carry the promises, and which tests reach them.

Each row names modules below ``src/jobferry`` and their tests below ``tests``: first those that take seconds
and find most, then the rest. A module belongs to the first row that fits it.
"""

from __future__ import annotations

from pathlib import Path

IMPORTING = (
    "e2e/platform/test_undo.py e2e/platform/test_deletions.py e2e/platform/test_trip.py "
    "e2e/platform/test_circles.py e2e/platform/test_secrets.py e2e/platform/test_rights.py "
    "e2e/platform/test_comparing.py e2e/platform/test_one_at_a_time.py e2e/platform/test_found.py "
    "e2e/platform/test_failed_tag.py e2e/platform/test_resource_files.py e2e/races "
    "contract/api/test_imports.py contract/api/test_holding.py contract/api/test_copies.py "
    "contract/api/test_accepting.py contract/api/test_acts.py contract/api/test_mapping.py "
    "contract/api/test_routes.py "
    "e2e/platform/test_hostile.py contract/api/test_all_faults.py contract/reviews contract/kinds e2e/tasks"
)
"""What imports something into a platform."""

EXPORTING = (
    "e2e/platform/test_workspace_exports.py e2e/platform/test_batches.py e2e/platform/test_downloads.py "
    "e2e/platform/test_changes.py e2e/platform/test_selecting.py contract/store/test_changes.py "
    "contract/store/test_downloads.py"
)

REACH: dict[str, tuple[str, str]] = {
    "package/": (
        "unit/package fuzz/test_targets.py",
        "findings contract/parsing contract/kinds contract/api/test_own.py property/test_parsing.py",
    ),
    "model/package.py": (
        "unit/package findings",
        "contract/api/test_own.py contract/kinds e2e/platform/test_trip.py",
    ),
    "check/": ("unit/check findings", f"{IMPORTING} contract/rights"),
    "plan/": ("unit/plan findings", IMPORTING),
    "model/transfer/": (
        "unit/model unit/plan unit/check unit/report findings",
        f"{IMPORTING} property/test_mapping.py property/test_sides.py",
    ),
    "services/importing/": (
        "findings",
        f"{IMPORTING} contract/rights contract/store/test_import_records.py contract/changes "
        "e2e/cli/test_both_edited.py",
    ),
    "model/rights.py": ("unit/model contract/rights", "contract/people e2e/platform/test_rights.py"),
    "services/granting.py": (
        "contract/rights contract/people",
        "e2e/platform/test_rights.py e2e/cli/test_people.py",
    ),
    "access/": (
        "unit/access",
        "contract/people contract/store/test_audit.py e2e/cli/test_audit.py e2e/factory",
    ),
    "services/people/attempts.py": ("contract/people", "contract/api/test_people.py e2e/servers"),
    "files/s3_packages.py": ("contract/files", "e2e/servers"),
    "files/local_copies.py": ("contract/files", "e2e/servers"),
    "services/people/audit.py": ("contract/people contract/rights/test_trail.py", "e2e/cli/test_audit.py"),
    "services/exporting/": ("unit/exporting e2e/platform/test_batches.py", f"{EXPORTING} {IMPORTING}"),
    "services/asset_backups/": (
        "e2e/platform/test_asset_backups.py",
        "e2e/crash/test_asset_backup.py e2e/cli/test_asset_backups.py",
    ),
    "services/operating/scheduled_backups.py": (
        "contract/people/test_scheduled_backups.py",
        "e2e/cli/test_backups_in_stores.py",
    ),
    "store/turns.py": ("contract/store/test_beside.py", "e2e/servers"),
    "files/bucket_routes.py": ("contract/files/test_named_stores.py", "contract/api/test_metrics.py"),
    "model/change_log.py": ("contract/store/test_changes.py", EXPORTING),
    "services/operating/maintenance.py": (
        "e2e/cli/test_keeping.py",
        "e2e/platform/test_settings.py contract/api",
    ),
    "model/platform_settings.py": (
        "unit/model",
        "e2e/platform/test_settings.py e2e/platform/test_downloads.py",
    ),
    "store/uses.py": ("contract/store/test_uses.py", "contract/api/test_references.py"),
    "store/index_terms.py": (
        "contract/store/test_index_terms.py contract/store/test_waits.py contract/store/test_beside.py",
        "contract/store/test_holds.py contract/store/test_uses.py e2e/platform/test_undo.py",
    ),
    "services/references.py": ("contract/api/test_references.py", "contract/rights e2e/cli/test_graphs.py"),
    "services/neighbourhood.py": (
        "contract/api/test_references.py",
        "contract/rights e2e/cli/test_graphs.py",
    ),
    "services/reviewing/": ("contract/reviews contract/rights/test_isolation.py", IMPORTING),
    "services/people/provider_sign_in.py": (
        "unit/model/test_group_roles.py contract/api/test_provider_sign_in.py",
        "contract/people contract/changes contract/api/test_people.py",
    ),
    "oidc/": ("contract/api/test_provider_sign_in.py", "contract/api/test_every_operation.py"),
    "services/editing/locks.py": (
        "contract/editing/test_locks.py contract/rights/test_isolation.py",
        "contract/editing contract/changes contract/api/test_own.py",
    ),
    "backup/": ("e2e/cli/test_backups.py", "e2e/cli/test_backups_in_stores.py e2e/cli/test_keeping.py"),
    "api/factory/jobs.py": (
        "contract/api/test_factory_edges.py contract/api/test_factory_bodies.py",
        "contract/api/test_every_operation.py e2e/factory",
    ),
    "api/factory/tasks.py": (
        "contract/api/test_factory_edges.py",
        "contract/api/test_every_operation.py e2e/factory",
    ),
    "api/intake.py": (
        "unit/api/test_intake.py",
        "contract/api/test_all_faults.py contract/api/test_packages.py",
    ),
    "cli/commands/imports.py": (
        "e2e/cli/test_corners.py e2e/cli/test_planning.py",
        "e2e/cli/test_undoing.py e2e/cli/test_trip.py e2e/cli/test_options.py e2e/cli/test_bad_input.py",
    ),
    "cli/show/graph.py": ("unit/cli/test_graph.py", "e2e/cli/test_graphs.py"),
    "cli/problems.py": ("unit/cli", "e2e/cli/test_bad_input.py e2e/cli/test_people.py e2e/cli/test_trip.py"),
}


def modules_of(source: Path, pattern: str = "") -> list[str]:
    """Return all modules of the table, or those whose path contains ``pattern`` or one of several,
    separated by commas."""
    found = (file.relative_to(source).as_posix() for file in sorted(source.rglob("*.py")))
    parts = [part.strip() for part in pattern.split(",") if part.strip()] or [""]
    return [module for module in found if reaching(module) and any(part in module for part in parts)]


def reaching(module: str) -> tuple[list[str], ...]:
    """The tests of a module: two lists, to be run one after the other; none if it is not in the table."""
    row = next((REACH[start] for start in REACH if module.startswith(start)), ())
    return tuple([f"tests/{path}" for path in each.split()] for each in row)
