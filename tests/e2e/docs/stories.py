"""The how-to pages as programs: their files are written, their commands run, in the order of the page.

A block of ``sh`` is run as it stands. A command that is to end otherwise than with 0 says so behind it:
``# exit code 3``. A block of another language whose fence names a file (````yaml here.yaml``) is that file. A
block of ``python`` is run. Examples' hosts stand for servers that the test has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

_FENCE = re.compile(r"^( *)```(\w+) ?(\S*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"^(?P<command>.*?)\s+# exit code (?P<code>\d+)$")


class Block(NamedTuple):
    """A fenced block of a page."""

    language: str
    file: str
    text: str
    line: int


def blocks(page: Path, heading: str = "") -> Iterator[Block]:
    """A page's blocks, in order, without the indentation of a list that they stand in; those of one section
    if its heading's beginning is given."""
    text = page.read_text(encoding="utf-8")
    begin = text.index(heading)
    end = text.find("\n## ", begin) if heading else -1
    for found in _FENCE.finditer(text, begin, end if end >= 0 else len(text)):
        indent, language, file, body = found.groups()
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        yield Block(language, file, "\n".join(lines) + "\n", text.count("\n", 0, found.start()) + 1)


def commands_of(block: Block) -> list[str]:
    """A block's lines without what is said behind them."""
    return [line.split("    # ")[0] for line in block.text.splitlines()]


def script(page: Iterable[Block], hosts: Mapping[str, str]) -> str:
    """A page's blocks as one program of bash, which ends at the first command that ends otherwise."""
    parts = ["set -u", 'trap "kill $(jobs -p) 2>/dev/null; wait" EXIT'.replace('"', "'")]
    for block in page:
        if block.file:
            parts.append(_written(block))
        elif block.language == "sh":
            parts += _commands(block)
        elif block.language == "python":
            parts.append(_judged("python <<'PYTHON'\n" + block.text + "PYTHON", 0, block.line))
    told = "\n".join(parts) + "\n"
    for example, real in hosts.items():
        told = told.replace(example, real)
    return told


def _written(block: Block) -> str:
    folder = f"mkdir -p {Path(block.file).parent}\n" if "/" in block.file else ""
    return f"{folder}cat > {block.file} <<'THE_FILE'\n{block.text}THE_FILE"


def _commands(block: Block) -> Iterator[str]:
    pending = ""
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        pending += line
        if not pending.strip() or pending.lstrip().startswith("#"):
            pending = ""
        elif line.endswith("\\"):
            pending += "\n"
        else:
            said = _EXIT.match(pending)
            command, code = (said["command"], int(said["code"])) if said else (pending, 0)
            yield _judged(command, code, number)
            pending = ""


def _judged(command: str, code: int, line: int) -> str:
    if command.rstrip().endswith("&"):
        return command
    told = f'echo "line {line} ended with $got instead of {code}" >&2; exit 99'
    return f"{command}\ngot=$?; [ $got -eq {code} ] || {{ {told}; }}"
