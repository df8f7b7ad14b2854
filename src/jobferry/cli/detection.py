"""The detection report as a file: which form its name asks for, and how findings become its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from jobferry.cli.call import Call
from jobferry.cli.files import new_file
from jobferry.cli.problems import Refused
from jobferry.errors import JobferryError
from jobferry.model.messages import Language, told
from jobferry.model.report.detection import DetectedRow, as_csv, as_text, detection, refused_package
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.finding_group import grouped


def save_report(call: Call, file: Path, findings: Iterable[Finding]) -> None:
    """Writes why something did not pass, as ``.json``, ``.txt`` or ``.csv``."""
    _save(call, file, detection(grouped(findings, {}), Language(call.spoken)))


def save_refusal(call: Call, file: Path, package: str, refused: Refused | JobferryError) -> None:
    """Writes the same of a package that was refused as a whole."""
    language = Language(call.spoken)
    _save(call, file, refused_package(Path(package).name, told(refused.message, language), language))


def _save(call: Call, file: Path, rows: list[DetectedRow]) -> None:
    language = Language(call.spoken)
    if file.suffix == ".json":
        content = json.dumps(msgspec.to_builtins(rows), ensure_ascii=False, indent=2).encode() + b"\n"
    else:
        content = as_text(rows, language).encode() if file.suffix == ".txt" else as_csv(rows, language)
    with new_file(file, private=True) as write:
        write(content)
    call.out.note(call.out.say("wrote {file}", file=file))
