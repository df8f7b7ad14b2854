"""Every how-to page is run from the state that the README leaves, command by command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from postgres import postgres_server
from s3 import serving

from .stories import blocks, script

ROOT = Path(__file__).parents[3]
HOWTO = ROOT / "docs" / "howto"
PAGES = sorted(HOWTO.glob("*.md"))
"""The pages in English; a Chinese one has the same blocks."""

pytestmark = pytest.mark.large


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the README's first steps leave."""
    clone = tmp_path_factory.mktemp("readme")
    ended = _run(f"jobferry demo --keep {clone}/demo >/dev/null", clone)
    assert ended.returncode == 0, ended.stderr
    return clone / "demo"


@pytest.fixture(scope="session")
def hosts() -> Iterator[dict[str, str]]:
    """What the examples' hosts are here."""
    with postgres_server() as server, serving("parcels") as service:
        yield {
            "postgresql://jobferry@db.example/jobferry": f"'{server.database()}'",
            "https://s3.example": service.endpoint,
        }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_runs_as_it_is_written(page: Path, demo: Path, hosts: dict[str, str], tmp_path: Path) -> None:
    there = tmp_path / "demo"
    shutil.copytree(demo, there, symlinks=True)
    ended = _run(script(page, hosts), there)
    assert ended.returncode == 0, f"{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_chinese_page_has_the_same_commands(page: Path) -> None:
    chinese = page.parent / "zh-CN" / page.name
    assert [(block.language, block.file) for block in blocks(chinese)] == [
        (block.language, block.file) for block in blocks(page)
    ]
    assert [block.text for block in blocks(chinese) if block.language == "sh"] == [
        block.text for block in blocks(page) if block.language == "sh"
    ]


def _run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder.parent),
        "LANG": "C.UTF-8",
    }
    return subprocess.run(
        ["bash"], input=program, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
