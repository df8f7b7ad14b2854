"""Where connections and environment variables lie in their packages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from jobferry.model.connections import SurroundingKind
from jobferry.package import refusals
from jobferry.package.layouts import MANIFEST_PATH
from jobferry.sentences import sentence

_PLACES = {
    SurroundingKind.CONNECTION: ("connections/", ".conn"),
    SurroundingKind.VARIABLE: ("variables/", ".var"),
}
"""Their names are letters, digits, ``_`` and ``-``, so nothing has to be escaped."""


def surrounding_path(kind: SurroundingKind, name: str) -> str:
    """Where one lies."""
    folder, ending = _PLACES[kind]
    return f"{folder}{name}{ending}"


def surrounding_at(path: str) -> tuple[SurroundingKind, str] | None:
    """Which one lies at a path, in folders of its own at any depth."""
    before, _, last = path.rpartition("/")
    for kind, (folder, ending) in _PLACES.items():
        if f"/{before}/".endswith(f"/{folder}") and last.endswith(ending) and last != ending:
            return kind, last.removesuffix(ending)
    return None


def refuse_surroundings(paths: Iterable[str]) -> None:
    """Goes on unless a package that should hold jobs begins with connections or variables and nothing else.

    Raises:
        PackageRefused: ``package-empty``; the message says which command takes it.
    """
    first = [path for path in islice(paths, 3) if path != MANIFEST_PATH]
    kinds = [at[0] for path in first if (at := surrounding_at(path)) is not None]
    if kinds and len(kinds) == len(first):
        kind = kinds[0]
        raise refusals.empty(
            sentence(
                "holds objects of the kind {kind}, not jobs; `jobferry {command} import` takes it",
                kind=kind,
                command=kind.value,
            )
        )
