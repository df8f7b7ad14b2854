"""All calls of the native API, in the order in which an address is looked for."""

from __future__ import annotations

from jobferry.api.native import (
    changes,
    locks,
    objects,
    platform,
    releases,
    reviews,
    settings,
    tags,
    versions,
    workspaces,
)

CALLS = (
    *platform.api.all,
    *settings.api.all,
    *workspaces.api.all,
    *objects.api.all,
    *locks.api.all,
    *versions.api.all,
    *tags.api.all,
    *changes.api.all,
    *reviews.api.all,
    *releases.api.all,
)
