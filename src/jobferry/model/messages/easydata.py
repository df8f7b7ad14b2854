"""Our sentences in the nouns of EasyData's manual: a job is a task there, and a workspace a project."""

from __future__ import annotations

import re

_NOUNS = {
    "job": "task",
    "jobs": "tasks",
    "Job": "Task",
    "Jobs": "Tasks",
    "workspace": "project",
    "workspaces": "projects",
    "Workspace": "Project",
    "Workspaces": "Projects",
    "作业": "任务",
    "工作空间": "项目",
}
_KEPT_OR_NOUN = re.compile(
    r"`[^`]*`|\{[^}]*\}|CDM ?作业|(?<![/.])\b(?:[Jj]obs?|[Ww]orkspaces?)\b(?!/)|作业|工作空间"
)
"""Commands, places for arguments, names of files and CDM's own word stay as they are."""


def in_manual_nouns(template: str) -> str:
    """A sentence of the catalogue, before its arguments are in their places."""
    return _KEPT_OR_NOUN.sub(lambda found: _NOUNS.get(found[0], found[0]), template)
