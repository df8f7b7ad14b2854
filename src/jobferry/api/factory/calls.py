"""All calls of the Factory API, in the order in which an address is looked for; a list of modules, so short.

Literal addresses come before those with a name in the same place.
"""

from __future__ import annotations

from jobferry.api.factory import (
    connections,
    jobs,
    releases,
    resources,
    running,
    scripts,
    second,
    tasks,
    transfer,
    variables,
    workspaces,
)

CALLS = (
    *transfer.api.all,
    *running.api.all,
    *jobs.api.all,
    *scripts.api.all,
    *resources.api.all,
    *connections.api.all,
    *tasks.api.all,
    *workspaces.api.all,
    *running.second.all,
    *jobs.second.all,
    *variables.api.all,
    *releases.api.all,
    *second.api.all,
)
