"""Checked imports in a platform of the tests' own process: begun, and waited for."""

from __future__ import annotations

from jobferry.bootstrap.platform import RunningPlatform
from jobferry.files.ports import ReceivedPackage
from jobferry.model.people import Grant
from jobferry.model.transfer.checked_import import ImportClient, ImportRecord
from jobferry.model.transfer.policy import ImportOptions


def checked(
    running: RunningPlatform, grant: Grant, package: ReceivedPackage, options: ImportOptions = ImportOptions()
) -> ImportRecord:
    """An import as its check has left it."""
    begun = running.checked.check(grant, package, options, ImportClient.API).record
    return settled(running, grant, begun)


def settled(running: RunningPlatform, grant: Grant, record: ImportRecord) -> ImportRecord:
    """An import once its task is over."""
    while not running.wait(record.task_id, 30.0):
        pass
    return running.checked.standing(grant, record.id).record
