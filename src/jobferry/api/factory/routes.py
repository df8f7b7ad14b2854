"""All calls of the Factory API. Literal paths come before those with a name in the same place."""

from __future__ import annotations

from fastapi import APIRouter

from jobferry.api.factory import (
    connections,
    jobs,
    resources,
    running,
    scripts,
    tasks,
    transfer,
    workspaces,
)
from jobferry.api.factory.second import releases, tags, variables

PARTS = (
    transfer,
    running,
    jobs,
    scripts,
    resources,
    connections,
    tags,
    tasks,
    workspaces,
    variables,
    releases,
)

router = APIRouter(include_in_schema=False)
for _part in PARTS:
    router.include_router(_part.router)
