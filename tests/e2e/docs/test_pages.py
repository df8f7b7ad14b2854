"""The how-to pages and the READMEs' five minutes are run, command by command."""

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

from .stories import blocks, commands_of, script

ROOT = Path(__file__).parents[3]
HOWTO = ROOT / "docs" / "howto"
PAGES = sorted(HOWTO.glob("*.md"))
"""The pages in English; a Chinese one has the same blocks."""
FIVE_MINUTES = {"README.md": "## Five minutes", "README.zh-CN.md": "## 五分钟"}
PROGRAMS = {
    "behind-caddy": ("caddy", "openssl", "curl"),
    "behind-nginx": ("nginx", "openssl", "curl"),
    "dataarts-export": ("zip",),
    "git-and-ci": ("git", "unzip"),
    "run-a-platform": ("curl", "tar"),
    "use-the-sdk": ("curl",),
}
"""What a page runs besides Jobferry and the shell's own; each is a Debian package of that name."""
MOST_LINES = 250
"""As many lines may a newcomer be shown in the five minutes."""

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
    absent = [name for name in PROGRAMS.get(page.stem, ()) if not shutil.which(name, path=_path())]
    assert not absent, f"{page.name} runs {', '.join(absent)}: install the Debian packages of these names"
    there = tmp_path / "demo"
    shutil.copytree(demo, there, symlinks=True)
    ended = _run(script(blocks(page), hosts), there)
    assert ended.returncode == 0, f"{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"


@pytest.mark.parametrize("readme", FIVE_MINUTES)
def test_the_five_minutes_of_a_readme_run_as_they_are_written(readme: str, tmp_path: Path) -> None:
    ended = _run(script(blocks(ROOT / readme, FIVE_MINUTES[readme]), {}), tmp_path)
    assert ended.returncode == 0, f"{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"
    demo = (tmp_path / "demo.log").read_text(encoding="utf-8")
    assert len(demo.splitlines()) + len(ended.stdout.splitlines()) <= MOST_LINES


def test_the_five_minutes_of_both_readmes_are_the_same() -> None:
    english, chinese = (
        [commands_of(block) for block in blocks(ROOT / readme, heading)]
        for readme, heading in FIVE_MINUTES.items()
    )
    assert english == chinese


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_chinese_page_has_the_same_commands(page: Path) -> None:
    chinese = page.parent / "zh-CN" / page.name
    assert [(block.language, block.file) for block in blocks(chinese)] == [
        (block.language, block.file) for block in blocks(page)
    ]
    assert [block.text for block in blocks(chinese) if block.language == "sh"] == [
        block.text for block in blocks(page) if block.language == "sh"
    ]


def _path() -> str:
    """This environment's programs first; Debian keeps some out of a user's path."""
    return f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin"


def _run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": _path(), "HOME": str(folder.parent), "LANG": "C.UTF-8"}
    return subprocess.run(
        ["bash"], input=program, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
