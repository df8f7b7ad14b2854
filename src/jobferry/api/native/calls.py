"""All calls of the native API, in the order in which an address is looked for."""

from __future__ import annotations

from jobferry.api.native import (
    changes,
    connections,
    inventory,
    locks,
    objects,
    packages,
    platform,
    releases,
    reviews,
    settings,
    tags,
    variables,
    versions,
    workspaces,
)

CALLS = (
    *platform.api.all,
    *settings.api.all,
    *workspaces.api.all,
    *objects.api.all,
    *packages.api.all,
    *connections.api.all,
    *inventory.api.all,
    *variables.api.all,
    *locks.api.all,
    *versions.api.all,
    *tags.api.all,
    *changes.api.all,
    *reviews.api.all,
    *releases.api.all,
)
