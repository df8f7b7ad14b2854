"""What an installation needs lies in the wheel, and its versions in the source archive."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[3]


def test_the_demo_s_examples_and_the_constraints_are_packed(tmp_path: Path) -> None:
    programs = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}  # the builder is one
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, env=os.environ | programs)
    (wheel,) = tmp_path.glob("*.whl")
    (source,) = tmp_path.glob("*.tar.gz")
    examples = ROOT / "src" / "jobferry" / "examples"
    needed = {
        f"jobferry/{file.relative_to(examples.parent)}" for file in examples.rglob("*") if file.is_file()
    }
    with ZipFile(wheel) as packed:
        assert needed and needed <= set(packed.namelist())
    with tarfile.open(source) as packed:
        assert "jobferry-0.1.0/constraints.txt" in packed.getnames()
