"""The READMEs' demo block, the part in which a package is checked and comes in: read by a test, and filled by
``make readme``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
READMES = {"README.md": "en", "README.zh-CN.md": "zh"}
"""The READMEs, and the language in which each shows the demo."""
_SHOWN = slice(4, 6)
"""Of the parts that the demo prints, each below a line with what it does."""
_BEGIN, _END = "<!-- demo:begin -->\n```text\n", "\n```\n<!-- demo:end -->"


def shown(readme: str) -> str:
    """What a README says that the demo prints there."""
    return _split(readme)[1]


def excerpt(printed: str) -> str:
    """The part of what the demo prints that the READMEs show."""
    return "\n\n".join(printed.strip().split("\n\n")[_SHOWN])


def fill() -> None:
    """Writes that part into the READMEs."""
    for readme, language in READMES.items():
        demo = [sys.executable, "-m", "jobferry", "demo", "--language", language]
        printed = subprocess.run(demo, check=True, capture_output=True, text=True).stdout
        before, _, after = _split(readme)
        (ROOT / readme).write_text(before + _BEGIN + excerpt(printed) + _END + after, encoding="utf-8")


def _split(readme: str) -> tuple[str, str, str]:
    text = (ROOT / readme).read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    block, _, after = rest.partition(_END)
    return before, block, after


if __name__ == "__main__":
    fill()
