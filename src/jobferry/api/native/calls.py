"""All calls of the native API, in the order in which an address is looked for."""

from __future__ import annotations

from jobferry.api.native import (
    audit,
    changes,
    connections,
    inventory,
    locks,
    members,
    notices,
    objects,
    packages,
    people,
    platform,
    releases,
    reviews,
    sessions,
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
    *sessions.api.all,
    *people.api.all,
    *members.api.all,
    *audit.api.all,
    *notices.api.all,
)
