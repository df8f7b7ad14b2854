"""What a call loads before it does anything: commands that need no platform load none."""

import subprocess
import sys

import pytest

from .conftest import ROOT, Program

_HEAVY = (
    "sqlalchemy",
    "alembic",
    "starlette",
    "dbos",
    "uvicorn",
    "httpx",
    "cryptography",
    "obstore",
    "pydantic",
)
_PROBE = f"""
import sys
from jobferry.cli.app import run
ended = run(sys.argv[1:])
sys.stderr.write("loaded:" + ",".join(sorted(set(sys.modules) & set({_HEAVY!r}))))
sys.exit(ended)
"""


def told(jobferry: Program, probe: str, *arguments: str) -> str:
    """What a program in Python writes to stderr in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", probe, *arguments],
        cwd=jobferry.folder,
        env=jobferry.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("inspect", str(ROOT / "examples" / "warehouse")),
        ("inspect", str(ROOT / "examples" / "warehouse"), "--json"),
        ("diff", str(ROOT / "examples" / "warehouse"), str(ROOT / "examples" / "warehouse")),
        ("--help",),
        ("import", "--help"),
        ("--version",),
    ],
)
def test_no_platform_is_loaded_where_none_is_asked(jobferry: Program, arguments: tuple[str, ...]) -> None:
    assert told(jobferry, _PROBE, *arguments) == "loaded:"


def test_a_command_on_a_folder_loads_its_own_calls_and_neither_server_nor_client(jobferry: Program) -> None:
    jobferry.done("init")
    probe = (
        "import sys; from jobferry.cli.app import run; ended = run(['job', 'list']);"
        "sys.stderr.write(' '.join(sys.modules)); sys.exit(ended)"
    )
    loaded = set(told(jobferry, probe).split())
    assert {"jobferry.api.native.objects", "sqlalchemy"} <= loaded
    others = {"jobferry.api.native.imports", "jobferry.api.factory.jobs", "jobferry.api.dispatcher"}
    web = {"starlette", "anyio", "uvicorn", "httpx"}
    assert not (others | web) & loaded


def test_alone_the_program_says_what_it_can(jobferry: Program) -> None:
    alone, asked = jobferry.done(), jobferry.done("--help")
    assert alone.out == asked.out
    assert "inspect" in alone.out


@pytest.mark.parametrize("group", ["job", "receipt", "connection", "inventory", "variable", "workspace"])
def test_every_group_explains_itself(jobferry: Program, group: str) -> None:
    alone = jobferry.done(group, "--data", "nowhere").out
    assert alone == jobferry.done(group, "--help").out
    assert "  list" in alone
    assert not jobferry.folder.joinpath("nowhere").exists()
    refused = jobferry(group, "--json")
    assert (refused.code, refused.json["error"]["hint"]) == (2, f"see `jobferry {group} --help`")


def test_a_slip_of_the_pen_is_helped(jobferry: Program) -> None:
    ended = jobferry("impotr")
    assert ended.code == 2
    assert "did you mean import?" in ended.err
