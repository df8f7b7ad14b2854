"""All calls of the Factory API. Literal paths come before those with a name in the same place."""

from __future__ import annotations

from jobferry.api.families import family

FAMILIES = (
    family("factory.transfer", "v1"),
    family("factory.running", "v1"),
    family("factory.jobs", "v1"),
    family("factory.scripts", "v1"),
    family("factory.resources", "v1"),
    family("factory.connections", "v1"),
    family("factory.second.tags", "v2"),
    family("factory.second.alarms", "v2"),
    family("factory.tasks", "v1"),
    family("factory.workspaces", "v1"),
    family("factory.second.variables", "v2"),
    family("factory.second.releases", "v2"),
)
