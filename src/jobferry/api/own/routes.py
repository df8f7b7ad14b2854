"""All calls of the own API: the modules that have them, and the words by which they are found."""

from __future__ import annotations

from jobferry.api.families import family

_WORK = (
    family("own.detections", "detections", "receipts"),
    family("own.tasks", "tasks", "receipts"),
)
_IMPORTING = (
    family("own.imports", "checks", "imports"),
    family("own.importing.comparisons", "comparisons"),
    family("own.importing.saved_routes", "routes"),
)
_EXPORTING = (
    family("own.exporting.exports", "exports", "export-previews"),
    family("own.exporting.downloads", "downloads"),
    family("own.exporting.batches", "task-packages"),
)
FAMILIES = (*_WORK, *_IMPORTING, *_EXPORTING)
