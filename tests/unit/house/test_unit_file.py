"""The units for systemd that we ship start commands that there are, in folders that they may write into."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from configparser import ConfigParser
from pathlib import Path

import pytest
import typer

from jobferry.cli.app import program

DEPLOY = Path(__file__).parents[3] / "deploy"
SERVE = DEPLOY / "jobferry.service"
BACKUP = DEPLOY / "jobferry-backup.service"
TIMER = DEPLOY / "jobferry-backup.timer"
PROGRAM = "/opt/jobferry/bin/jobferry"
MOST_EXPOSED = 20
"""Of 100, as ``systemd-analyze security`` counts; a unit without any hardening has 96."""


def service(unit: Path) -> dict[str, str]:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit, encoding="utf-8")
    return dict(parser["Service"])


def script() -> str:
    """What a backup runs, as the shell gets it."""
    return shlex.split(service(BACKUP)["ExecStart"].replace("%%", "%"))[2]


def options_of(command: str) -> set[str]:
    found = typer.main.get_command(program([])).commands[command]  # type: ignore[attr-defined]
    return {named for parameter in found.params for named in parameter.opts}


def test_it_starts_a_command_that_there_is() -> None:
    name, command, option, folder = shlex.split(service(SERVE)["ExecStart"])
    assert name == PROGRAM
    assert option in options_of(command)
    assert service(SERVE)["ReadWritePaths"] == folder


def test_a_backup_is_made_of_the_same_platform_and_is_hardened_as_well() -> None:
    assert re.findall(rf"{PROGRAM} (\w+)", script()) == ["backup", "verify"]
    assert {"--data"} == set(re.findall(r"--\w+", script())) <= options_of("backup")
    folder = shlex.split(service(SERVE)["ExecStart"])[-1]
    assert f"--data {folder};" in script()
    assert service(BACKUP)["ReadWritePaths"].split()[0] == folder
    own = {"Type", "ReadWritePaths", "ExecStart"}
    others = {"ExecReload", "Restart", "RestartSec", "TimeoutStopSec", "LimitNOFILE"}
    assert {key: value for key, value in service(BACKUP).items() if key not in own} == {
        key: value for key, value in service(SERVE).items() if key not in own | others
    }


def test_a_backup_is_written_read_again_and_old_ones_go(tmp_path: Path) -> None:
    here, backups = tmp_path / "srv", tmp_path / "backups"
    backups.mkdir()
    jobferry = [sys.executable, "-m", "jobferry"]
    subprocess.run([*jobferry, "init", "--data", str(here)], check=True)
    old, recent, other = backups / "old.backup", backups / "recent.backup", backups / "old.txt"
    for file, days in ((old, 16), (recent, 3), (other, 16)):
        file.write_bytes(b"")
        os.utime(file, (time.time() - days * 86_400,) * 2)
    text = script().replace(PROGRAM, shlex.join(jobferry))
    text = text.replace("/srv/jobferry", str(here)).replace("/var/backups/jobferry", str(backups))
    run = ["/bin/sh", "-ec", text]
    ended = subprocess.run(run, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert not old.exists()
    assert recent.exists() and other.exists()
    assert len(list(backups.glob("20*Z.backup"))) == 1
    shutil.rmtree(here)
    assert subprocess.run(run, capture_output=True, check=False).returncode != 0


@pytest.mark.large
@pytest.mark.parametrize("unit", [SERVE, BACKUP, TIMER], ids=lambda unit: unit.name)
def test_systemd_takes_it_and_finds_it_hardened(tmp_path: Path, unit: Path) -> None:
    assert shutil.which("systemd-analyze"), "install the Debian package systemd"
    if unit.suffix == ".service":
        asked = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(unit)]
        assert subprocess.run(asked, capture_output=True, check=False).returncode == 0
    for one in (SERVE, BACKUP, TIMER):
        text = one.read_text(encoding="utf-8")
        for name in ("User", "Group"):
            text = text.replace(f"{name}=jobferry", f"{name}=root")
        (tmp_path / one.name).write_text(text.replace(PROGRAM, "/bin/true"), encoding="utf-8")
    ended = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / unit.name)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
