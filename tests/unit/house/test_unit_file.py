"""The unit for systemd that we ship starts a command that there is, in the folder that it may write into."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import typer

from jobferry.cli.app import program

UNIT = Path(__file__).parents[3] / "deploy" / "jobferry.service"
MOST_EXPOSED = 20
"""Of 100, as ``systemd-analyze security`` counts; a unit without any hardening has 96."""


def service() -> dict[str, str]:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT, encoding="utf-8")
    return dict(parser["Service"])


def test_it_starts_a_command_that_there_is() -> None:
    name, command, option, folder = shlex.split(service()["ExecStart"])
    found = typer.main.get_command(program([])).commands[command]  # type: ignore[attr-defined]
    assert Path(name).name == "jobferry"
    assert option in {named for parameter in found.params for named in parameter.opts}
    assert service()["ReadWritePaths"] == folder


@pytest.mark.large
def test_systemd_takes_it_and_finds_it_hardened(tmp_path: Path) -> None:
    assert shutil.which("systemd-analyze"), "install the Debian package systemd"
    asked = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(UNIT)]
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 0
    here = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    for name in ("User", "Group"):
        text = text.replace(f"{name}=jobferry", f"{name}=root")
    here.write_text(text.replace("/opt/jobferry/bin/jobferry", "/bin/true"), encoding="utf-8")
    ended = subprocess.run(
        ["systemd-analyze", "verify", str(here)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
