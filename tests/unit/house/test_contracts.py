"""The contracts between rooms are broken by every import that they promise to forbid."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

FORBIDDEN = [
    ("jobferry.model.rights", "time"),
    ("jobferry.model.names", "random"),
    ("jobferry.model.kinds", "pathlib"),
    ("jobferry.model.rights", "httpx"),
    ("jobferry.model.task", "jobferry.check.runner"),
    ("jobferry.check.runner", "time"),
    ("jobferry.check.rules.limits", "jobferry.store"),
    ("jobferry.check.rules.permissions", "jobferry.plan.build"),
    ("jobferry.check.rules.limits", "sqlalchemy"),
    ("jobferry.plan.build", "httpx"),
    ("jobferry.plan.build", "jobferry.store"),
    ("jobferry.plan.left_out", "secrets"),
    ("jobferry.access.chain", "sqlalchemy"),
    ("jobferry.access.callers", "jobferry.services.runtime"),
    ("jobferry.package.reader", "httpx"),
    ("jobferry.package.limits", "jobferry.store"),
    ("jobferry.files.paths", "sqlalchemy"),
    ("jobferry.files.ports", "jobferry.services.runtime"),
    ("jobferry.oidc.provider", "jobferry.store"),
    ("jobferry.webhook.receiver", "jobferry.store"),
    ("jobferry.parsing.ports", "sqlalchemy"),
    ("jobferry.parsing.here", "socket"),
    ("jobferry.store.store", "starlette"),
    ("jobferry.store.imports", "httpx"),
    ("jobferry.services.runtime", "sqlalchemy"),
    ("jobferry.services.objects", "httpx"),
    ("jobferry.services.packages", "jobferry.api.app"),
    ("jobferry.services.waiting", "jobferry.services.importing.read_package"),
    ("jobferry.services.editing.tags", "jobferry.services.importing.routes"),
    ("jobferry.services.reviewing.asking", "jobferry.services.editing.tags"),
    ("jobferry.services.people.members", "jobferry.services.operating.maintenance"),
    ("jobferry.tasks.ports", "jobferry.store.engine"),
    ("jobferry.tasks.work", "httpx"),
    ("jobferry.bootstrap.home", "typer"),
    ("jobferry.bootstrap.home", "jobferry.backup.take"),
    ("jobferry.backup.take", "sqlalchemy"),
    ("jobferry.backup.archive", "httpx"),
    ("jobferry.api.app", "jobferry.store"),
    ("jobferry.api.native.tags", "starlette"),
    ("jobferry.api.factory.jobs", "uvicorn"),
    ("jobferry.api.calls", "anyio"),
    ("jobferry.api.decoding", "starlette"),
    ("jobferry.api.calls", "jobferry.cli.call"),
    ("jobferry.cli.call", "jobferry.check.runner"),
    ("jobferry.cli.login", "sqlite3"),
    ("jobferry.errors", "os"),
    ("jobferry.events", "httpx"),
    ("jobferry.sentences", "jobferry.errors"),
]
"""An import that each room must not have, as somebody may write it one day."""


def test_every_import_that_is_promised_not_to_be_breaks_a_contract(tmp_path: Path) -> None:
    """All of them at once, in a copy of the program: the tool tells each by itself."""
    source = tmp_path / "jobferry"
    shutil.copytree(
        ROOT / "src" / "jobferry", source, ignore=lambda _, names: [n for n in names if n == "__pycache__"]
    )
    for module, forbidden in FORBIDDEN:
        file = _file_of(tmp_path, module)
        with file.open("a", encoding="utf-8") as text:
            text.write(f"\n\nimport {forbidden}\n")
    told = re.sub(r"\s+", " ", _linted(tmp_path))
    untold = [
        f"{module} -> {forbidden}"
        for module, forbidden in FORBIDDEN
        if f"{module} -> {forbidden} (l." not in told
    ]
    assert untold == []
    rooms = {module.split(".")[1] for module, _ in FORBIDDEN}
    there = {
        path.stem
        for path in source.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
        if path.name not in ("__init__.py", "__main__.py")
    }
    assert rooms == there


def test_the_rooms_above_name_the_store_as_types_only() -> None:
    rooms = ("access", "check", "package", "plan", "readers", "services")
    source = ROOT / "src"
    files = [file for room in rooms for file in (source / "jobferry" / room).rglob("*.py")]
    modules = [".".join(file.relative_to(source).with_suffix("").parts) for file in files]
    script = f"import importlib, sys\n[importlib.import_module(name) for name in {modules}]\n"
    script += "sys.exit(', '.join({'sqlalchemy', 'jobferry.store'} & {*sys.modules}) or 0)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def _file_of(folder: Path, module: str) -> Path:
    path = folder.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _linted(folder: Path) -> str:
    program = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run(
        [str(program), "--no-cache", "--config", str(ROOT / ".importlinter")],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1, ended
    return ended.stdout


def test_a_room_that_reads_the_clock_is_told() -> None:
    program = Path(sys.executable).with_name("ruff")
    command = [
        str(program),
        "check",
        "--no-cache",
        "--stdin-filename",
        "src/jobferry/model/document/times.py",
        "-",
    ]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        input="from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "TID251" in ended.stdout
