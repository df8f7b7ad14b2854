"""The table of recorded answers, and the same made anew."""

from __future__ import annotations

import json
from pathlib import Path

from jobferry.bootstrap.wiring import open_platform
from recorded.answers import answers
from recorded.packages import packages
from tables import home_with_tables, settings_for

Answers = dict[str, dict[str, str]]
"""Digests by the name of a package and that of an answer."""
_FILE = Path(__file__).with_name("digests.json")
_DIGITS = 16


def made(folder: Path) -> Answers:
    """All answers of a new platform in a folder, those about one package after the other."""
    home = home_with_tables(folder / "data")
    running = open_platform(home, settings_for(home), durable=False)
    try:
        return {name: _shortened(answers(running, folder, texts)) for name, texts in packages()}
    finally:
        running.close()


def recorded() -> Answers:
    """The answers as they are recorded."""
    found: Answers = json.loads(_FILE.read_text(encoding="utf-8")) if _FILE.exists() else {}
    return found


def write(found: Answers) -> None:
    """Records these answers."""
    _FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def differing(was: Answers, now: Answers) -> list[str]:
    """The answers that differ, each by the names of its package and its own."""
    return [
        f"{package}, {name}"
        for package in {**was, **now}
        for name in {**was.get(package, {}), **now.get(package, {})}
        if was.get(package, {}).get(name) != now.get(package, {}).get(name)
    ]


def _shortened(found: dict[str, str]) -> dict[str, str]:
    return {name: digest[:_DIGITS] for name, digest in found.items()}
