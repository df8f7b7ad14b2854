"""All calls of the native API, in the order in which an address is looked for."""

from __future__ import annotations

from jobferry.api.native import (
    comparisons,
    downloads,
    exports,
    imports,
    objects,
    packages,
    platform,
    receipts,
    routes,
    settings,
    tasks,
    workspaces,
)

CALLS = (
    *platform.api.all,
    *settings.api.all,
    *workspaces.api.all,
    *objects.api.all,
    *packages.api.all,
    *tasks.api.all,
    *receipts.api.all,
    *imports.api.all,
    *comparisons.api.all,
    *routes.api.all,
    *exports.api.all,
    *downloads.api.all,
)
