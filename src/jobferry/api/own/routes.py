"""All calls of the own API. Every failure has one shape, whatever its status."""

from __future__ import annotations

from fastapi import APIRouter

from jobferry.api.own import (
    answers,
    detections,
    imports,
    objects,
    packages,
    platform,
    settings,
    tasks,
    workspaces,
)
from jobferry.api.own.editing import changes, locks, tag_files, tags, versions
from jobferry.api.own.exporting import batches, downloads, exports
from jobferry.api.own.importing import comparisons, saved_routes
from jobferry.api.own.people import audit, credentials, members, notices, sessions, users
from jobferry.api.own.reviewing import releases, reviews
from jobferry.api.own.surroundings import kept, moving

router = APIRouter(responses={"default": {"model": answers.ErrorAnswer}})
_WORK = (platform, settings, workspaces, objects, packages, detections, tasks)
_IMPORTING = (imports, comparisons, saved_routes)
_SURROUNDINGS = (kept, moving)
_EDITING = (locks, tags, tag_files, versions, changes, reviews, releases)
_EXPORTING = (exports, downloads, batches)
_PEOPLE = (sessions, users, credentials, members, audit, notices)
for _part in (*_WORK, *_IMPORTING, *_SURROUNDINGS, *_EDITING, *_EXPORTING, *_PEOPLE):
    router.include_router(_part.router)
