"""What names may look like and how much of everything there may be.

The alphabets and lengths are those of the Factory API; Chinese letters are allowed in job, node,
script, directory and resource names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from jobferry.sentences import sentence

_CHINESE = "\u4e00-\u9fff"
JOB_NAME = re.compile(rf"[A-Za-z0-9{_CHINESE}_.\-]{{1,128}}\Z")
_OF_NODES = rf"[A-Za-z0-9{_CHINESE}_.\-/<>]"
NODE_NAME = re.compile(rf"{_OF_NODES}{{1,128}}\Z")
NODE_LETTERS = re.compile(rf"{_OF_NODES}*\Z")
"""Any number of letters that may stand in a node's name."""
SCRIPT_NAME = JOB_NAME
RESOURCE_NAME = re.compile(rf"[A-Za-z0-9{_CHINESE}_\-]{{1,32}}\Z")
CONNECTION_NAME = re.compile(r"[A-Za-z0-9_\-]{1,100}\Z")
PARAMETER_NAME = re.compile(r"[A-Za-z0-9_\-]{1,64}\Z")
VARIABLE_NAME = PARAMETER_NAME
WORKSPACE_NAME = re.compile(rf"[A-Za-z0-9{_CHINESE}_\-]{{1,64}}\Z")
USER_NAME = re.compile(rf"[A-Za-z0-9{_CHINESE}_.@\-]{{1,64}}\Z")
TOKEN_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,64}\Z")
POLICY_NAME = WORKSPACE_NAME
SOURCE_WORD = re.compile(r"[^\x00-\x1f\x7f]{1,128}\Z")
CDM_NAME = re.compile(r"[^\x00-\x1f\x7f/]{1,128}/[^\x00-\x1f\x7f]{1,128}\Z")
DIRECTORY_SEGMENT = re.compile(rf"[A-Za-z0-9{_CHINESE}_\-]{{1,64}}\Z")

ROOT = "/"

MAX_COMPARED_LETTERS = 256
"""Maximum letters of a name that others are suggested for; all names that Jobferry accepts are shorter."""
_FARTHER = 0.15
"""How much less similar than the nearest name another one may be."""


def nearest_names(name: str, known: Iterable[str], count: int = 1, cutoff: float = 0.6) -> list[str]:
    """Return up to ``count`` of the known names that are most similar to one that does not exist.

    The similarity of two names is between 0 and 1; names below ``cutoff``, or far behind the best one, are
    left out.
    """
    from rapidfuzz import process  # only here: most calls ask for names that exist
    from rapidfuzz.distance import Indel

    if len(name) > MAX_COMPARED_LETTERS:
        return []
    names = sorted(other for other in known if len(other) <= MAX_COMPARED_LETTERS)
    found = process.extract(name, names, scorer=Indel.normalized_similarity, limit=count)
    return [other for other, score, _ in found if score >= max(cutoff, found[0][1] - _FARTHER)]


class Limits(msgspec.Struct, frozen=True):
    """How much a workspace holds. Counts are per workspace unless a comment says otherwise."""

    jobs: int = 10_000
    real_time_jobs: int = 500
    scripts: int = 10_000
    connections: int = 200
    directories: int = 5_000
    directory_depth: int = 10
    nodes: int = 200  # per job
    script_bytes: int = 4 * 1024 * 1024  # per script
    batch_export_names: int = 100  # per call
    workspace_export: int = 10_000  # jobs, and scripts, per package, deletions among them


def normal_directory(directory: str) -> str:
    """One spelling for a place in the tree: a leading slash, none at the end, ``/`` for the root."""
    segments = [segment for segment in directory.split("/") if segment]
    return "/" + "/".join(segments)


def directory_fault(directory: str, limits: Limits) -> str:
    """Why a directory is not acceptable, or an empty text."""
    segments = [segment for segment in directory.split("/") if segment]
    if len(segments) > limits.directory_depth:
        return sentence(
            "is {count:level} deep; at most {directory_depth} are allowed",
            count=len(segments),
            directory_depth=limits.directory_depth,
        )
    for segment in segments:
        if not DIRECTORY_SEGMENT.match(segment):
            return sentence(
                "has the part {segment}; a part is 1 to 64 letters, digits, Chinese letters, _ or -",
                segment=repr(segment),
            )
    return ""


def ancestors(directory: str) -> list[str]:
    """A directory and all above it, the root left out: ``/a/b`` gives ``/a`` and ``/a/b``."""
    segments = [segment for segment in directory.split("/") if segment]
    return ["/" + "/".join(segments[: depth + 1]) for depth in range(len(segments))]


def is_storable(text: str) -> bool:
    """Whether every database can hold the text: it has no NUL and no half of a surrogate pair."""
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """A text that every database can hold: what they cannot is shown by a sign for it."""
    if is_storable(text):
        return text
    return text.replace("\x00", "␀").encode("utf-8", "replace").decode()
