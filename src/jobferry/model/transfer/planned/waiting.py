"""What a held object waits for: a thing by kind and name, and for jobs elsewhere the workspace."""

from __future__ import annotations

from jobferry.model.kinds import NeedKind

_IN = " @ "

Waited = tuple[str, str, str]
"""Kind, name, and the other workspace, if the thing is a job that lives in one."""


def told(kind: str, name: str, workspace: str = "") -> str:
    """A thing as a held object names it."""
    return f"{kind} {name}{_IN}{workspace}" if workspace else f"{kind} {name}"


def waited(entry: str) -> Waited:
    """What :func:`told` was given."""
    kind, _, name = entry.partition(" ")
    if kind == NeedKind.JOB and _IN in name:
        name, _, workspace = name.rpartition(_IN)
        return kind, name, workspace
    return kind, name, ""
