"""All calls of the native API, in the order in which an address is looked for."""

from __future__ import annotations

from jobferry.api.native import (
    audit,
    changes,
    locks,
    members,
    notices,
    objects,
    people,
    platform,
    releases,
    reviews,
    sessions,
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
    *sessions.api.all,
    *people.api.all,
    *members.api.all,
    *audit.api.all,
    *notices.api.all,
)
