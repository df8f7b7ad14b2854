"""What is installed beside Jobferry because Jobferry needs it, and under which licence each is."""

from __future__ import annotations

import re
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution

from msgspec import Struct

_NAME = re.compile(r"[\w.-]+")
_OSI = "License :: OSI Approved :: "
_LONGEST_NAME = 80


class Part(Struct, frozen=True):
    """A package of Python. ``licence`` is empty where the package does not name it."""

    name: str
    version: str
    licence: str


def parts(root: str = "jobferry") -> list[Part]:
    """All that this installation of ``root`` uses, by name; what it would use elsewhere only is left out."""
    found: dict[str, Part] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue
        found[key] = Part(installed.name, installed.version, _licence(installed.metadata))
        waiting += [_needed(line) for line in installed.requires or () if "extra ==" not in line]
    return [found[key] for key in sorted(found)]


def _needed(requirement: str) -> str:
    named = _NAME.match(requirement)
    return named.group() if named else ""


def _licence(metadata: PackageMetadata) -> str:
    """An expression where there is one; else a name, which old packages give in one of two ways."""
    named = [*(metadata.get_all("License-Expression") or ()), *(metadata.get_all("License") or ())]
    told = named[0] if named else ""
    if told and "\n" not in told and len(told) <= _LONGEST_NAME:
        return told
    named = [
        line.removeprefix(_OSI) for line in metadata.get_all("Classifier") or () if line.startswith(_OSI)
    ]
    return ", ".join(named)
