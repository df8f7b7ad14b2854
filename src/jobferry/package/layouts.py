"""Where objects lie in a package, and what lies at a path.

Names are escaped like in URLs (``%2F``), so a slash in a name makes no folder. The shortened form of a long
name ends in ``~`` and 12 hexadecimal digits of its SHA-256; the true name stands in document and manifest.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from jobferry.model.kinds import ObjectKind
from jobferry.model.package import Entry, Layout
from jobferry.sentences import sentence

MANIFEST_PATH = "manifest.json"
FILES_FOLDER = "files/"
PATH_BYTES = 200
"""Entry paths longer than this in UTF-8 are shortened."""

_OWNER_BYTES = 90  # shortened by itself, so that all that lies beside one job lies in one folder
_CLUSTER_BYTES = 40
_LETTER_BYTES = 4  # at most, in UTF-8
_OWN_PATH_EXTRA = len("jobs//.job")
_ENDINGS = {
    ObjectKind.JOB: ".job",
    ObjectKind.SCRIPT: ".script",
    ObjectKind.RESOURCE: ".resource",
    ObjectKind.CDM: ".json",
}
_FOLDERS = {ObjectKind.JOB: "jobs", ObjectKind.SCRIPT: "scripts", ObjectKind.RESOURCE: "resources"}
_TOPS = frozenset({*_FOLDERS.values(), "cdms", FILES_FOLDER.rstrip("/")})
_KINDS = {ending: kind for kind, ending in _ENDINGS.items() if kind is not ObjectKind.CDM}
_CDMS = "cdms"
_CDM_DEPTH = 3
_MAC_FOLDER = "__MACOSX"
_UNFIT = re.compile(rf'[\x00-\x1f\x7f%~/\\:*?"<>|]|^\.+$|^{_MAC_FOLDER}$')
_ESCAPED = re.compile(r"%([0-9A-F]{2})")
_CUT = re.compile(r"~[0-9a-f]{12}\Z")
_FILE = re.compile(r"files/([0-9a-f]{64})\Z")


class Place(msgspec.Struct, frozen=True):
    """What a path says about its object. ``owner`` is the folder's name where a layout has one per job."""

    kind: ObjectKind
    name: str
    owner: str = ""


def path_of(layout: Layout, kind: ObjectKind, name: str, owner: str = "") -> str:
    """An object's path: at most 200 bytes of UTF-8, different for different names.

    ``owner`` is the job that it lies beside, needed by all layouts but ``factory``; a CDM definition's name
    is ``cluster/job``.
    """
    before = _before(layout, kind, owner)
    ending = _ENDINGS[kind]
    if kind is not ObjectKind.CDM:
        return before + _cut(_escaped(name), PATH_BYTES - _bytes(before + ending)) + ending
    cluster, _, job = name.partition("/")
    cluster, job = _escaped(cluster), _escaped(job)
    if _bytes(before + cluster + "/" + job + ending) > PATH_BYTES:
        cluster = _cut(cluster, _CLUSTER_BYTES)
    before += cluster + "/"
    return before + _cut(job, PATH_BYTES - _bytes(before + ending)) + ending


def file_path(sha256: str) -> str:
    """Where a resource's file lies."""
    return FILES_FOLDER + sha256


def file_digest(path: str) -> str:
    """The SHA-256 that a resource file's path names, or an empty text for any other path."""
    found = _FILE.match(path)
    return found[1] if found else ""


def classify(path: str) -> Place | None:
    """Which object lies at a path, or none: jobs, scripts and resources at any depth, CDM definitions."""
    *folders, last = path.split("/")
    stem, dot, ending = last.rpartition(".")
    if kind := _KINDS.get(dot + ending):
        parent = folders[-1] if folders else ""
        owner = "" if parent == _FOLDERS[kind] else _plain(parent)
        return Place(kind, _plain(stem), owner)
    if ending == "json" and stem and len(folders) > 1 and folders[-2] == _CDMS:
        owner = _plain(folders[-_CDM_DEPTH]) if len(folders) >= _CDM_DEPTH else ""
        return Place(ObjectKind.CDM, f"{_plain(folders[-1])}/{_plain(stem)}", owner)
    return None


def lone_path(file_name: str) -> str:
    """Where a document lies in a package of its own, by its file's name; empty for what is no document."""
    place = classify(file_name)
    return f"{_FOLDERS[place.kind]}/{file_name}" if place else ""


def lies_at_the_top(path: str) -> bool:
    """Whether a path of a known file is one that a layout has, with no folder around it.

    That is: in a folder of a kind, beside the job of a folder called like it, or in no folder at all.
    """
    top, slash, _ = path.partition("/")
    return not slash or top in _TOPS


def job_folder(path: str) -> str:
    """The folder at the top that a job's path makes a job's own: ``a`` for ``a/a.job``; else empty."""
    folders, _, last = path.rpartition("/")
    is_own = last == f"{folders}.job" or (last.endswith(".job") and _CUT.search(folders))
    return folders if folders and "/" not in folders and is_own else ""


def job_folders(layout: Layout, entries: Iterable[Entry]) -> dict[str, str]:
    """Where each folder is a job's: by the job's path, the name that its folder gives it.

    A folder of several jobs names none of them, and neither does one whose long name was cut.
    """
    if layout is not Layout.TASK:
        return {}
    jobs: dict[str, list[str]] = {}
    for entry in entries:
        if entry.kind is ObjectKind.JOB and entry.path.count("/") == 1:
            jobs.setdefault(entry.path.partition("/")[0], []).append(entry.path)
    alone = {folder: paths[0] for folder, paths in jobs.items() if len(paths) == 1}
    return {path: _plain(folder) for folder, path in alone.items() if not _CUT.search(folder)}


def layout_of(paths: Iterable[str]) -> Layout:
    """The layout that most of the known paths fit, ``factory`` where nothing tells."""
    places = Counter((folder, last.rpartition(".")[2]) for folder, _, last in map(_parted, paths))
    votes = dict.fromkeys(Layout, 0)
    for (folder, ending), count in places.items():
        if (layout := _layout(folder.split("/") if folder else [], ending)) is not None:
            votes[layout] += count
    return max(votes, key=lambda layout: votes[layout])


def _parted(path: str) -> tuple[str, str, str]:
    return path.rpartition("/")


def _layout(folders: list[str], ending: str) -> Layout | None:
    kind = _KINDS.get("." + ending)
    if kind is None:
        return _cdm_layout(folders)
    if len(folders) == 1:
        return Layout.FACTORY if folders[0] == _FOLDERS[kind] else Layout.TASK
    return Layout.FACTORY_BATCH if len(folders) == 2 and folders[0] == "jobs" else None


def _cdm_layout(folders: list[str]) -> Layout | None:
    if folders[-2:-1] != [_CDMS]:
        return None
    owner = folders[:-2]
    if len(owner) < 2:
        return Layout.TASK if owner else Layout.FACTORY
    return Layout.FACTORY_BATCH if len(owner) == 2 and owner[0] == "jobs" else None


def _before(layout: Layout, kind: ObjectKind, owner: str) -> str:
    if layout is Layout.FACTORY:
        return f"{_FOLDERS.get(kind, _CDMS)}/"
    if not owner:
        raise ValueError(
            sentence("in the {layout} layout everything lies beside a job; none was named", layout=layout)
        )
    folder = _escaped(owner)
    if 2 * _bytes(folder) + _OWN_PATH_EXTRA > PATH_BYTES:
        folder = _cut(folder, _OWNER_BYTES)
    root = "jobs/" if layout is Layout.FACTORY_BATCH else ""
    return f"{root}{folder}/{_CDMS}/" if kind is ObjectKind.CDM else f"{root}{folder}/"


def _escaped(name: str) -> str:
    if name.isidentifier() and name != _MAC_FOLDER:  # most names, and told in a moment
        return name
    if not name:
        return "%"
    return _UNFIT.sub(lambda unfit: "".join(f"%{ord(letter):02X}" for letter in unfit[0]), name)


def _plain(segment: str) -> str:
    if "%" not in segment:
        return segment
    if segment == "%":
        return ""
    return _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), segment)


def _cut(segment: str, size: int) -> str:
    """The segment in at most ``size`` bytes of UTF-8, cut between letters."""
    if len(segment) * _LETTER_BYTES <= size:
        return segment
    encoded = segment.encode()
    if len(encoded) <= size:
        return segment
    tail = "~" + hashlib.sha256(encoded).hexdigest()[:12]
    return encoded[: size - len(tail)].decode(errors="ignore") + tail


def _bytes(path: str) -> int:
    return len(path.encode())
