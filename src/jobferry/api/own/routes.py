"""All calls of the own API. Every failure has one shape, whatever its status."""

from __future__ import annotations

from fastapi import APIRouter

from jobferry.api.own import (
    answers,
    imports,
    objects,
    packages,
    platform,
    settings,
    surroundings,
    tasks,
    workspaces,
)

router = APIRouter(responses={"default": {"model": answers.ErrorAnswer}})
for _part in (platform, settings, workspaces, objects, packages, imports, tasks, surroundings):
    router.include_router(_part.router)
