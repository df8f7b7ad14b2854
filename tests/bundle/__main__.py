"""``make bundle``: one archive that installs Jobferry where there is no network."""

from __future__ import annotations

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from importlib.metadata import version as version_of
from pathlib import Path

from . import pages

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.12", "3.13")
_GLIBC = ("_2_28", "_2_27", "_2_26", "_2_24", "_2_17", "2014", "_2_12", "2010", "_2_5", "1")
"""The manylinux tags that a machine with glibc 2.28 takes."""


def main() -> None:
    asked = argparse.ArgumentParser(prog="make bundle")
    asked.add_argument("--machine", choices=("x86_64", "aarch64"), default=platform.machine())
    asked.add_argument("--pythons", nargs="+", choices=PYTHONS, default=PYTHONS)
    options = asked.parse_args()
    name = f"jobferry-{version_of('jobferry')}-linux-{options.machine}"
    with tempfile.TemporaryDirectory(prefix="jobferry-bundle-") as scratch:
        folder = Path(scratch) / name
        _fill(folder, options.machine, options.pythons)
        _sum_up(folder)
        archive = ROOT / "dist" / f"{name}.tar.gz"
        archive.parent.mkdir(exist_ok=True)
        with tarfile.open(archive, "w:gz") as packed:
            packed.add(folder, name, filter=_nobodys)
    print(archive)


def _fill(folder: Path, machine: str, pythons: Sequence[str]) -> None:
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    _python("-m", "build", "--no-isolation", "--wheel", "--outdir", str(wheels), str(ROOT))
    (own,) = wheels.glob("jobferry-*.whl")
    for version in pythons:
        _download(own, wheels, machine, version)
    for file in (
        "LICENSE",
        "CHANGELOG.md",
        "constraints.txt",
        "deploy/install.sh",
        "deploy/jobferry.service",
    ):
        shutil.copy(ROOT / file, folder)
    (folder / "PYTHONS").write_text("".join(f"{version}\n" for version in pythons), encoding="ascii")
    (folder / "MACHINE").write_text(f"{machine}\n", encoding="ascii")
    pages.write(ROOT, folder / "docs")
    _tell_parts(own, folder)


def _download(own: Path, wheels: Path, machine: str, version: str) -> None:
    tags = [f"--platform=manylinux{glibc}_{machine}" for glibc in _GLIBC]
    pip = ("-m", "pip", "download", "--quiet", "--only-binary=:all:", f"--python-version={version}", *tags)
    _python(*pip, f"--constraint={ROOT / 'constraints.txt'}", f"--dest={wheels}", str(own))


def _tell_parts(own: Path, folder: Path) -> None:
    """Writes the SBOM of what is installed, of an environment that has nothing else."""
    with tempfile.TemporaryDirectory(prefix="jobferry-sbom-") as environment:
        _python("-m", "venv", "--without-pip", environment)
        inside = str(Path(environment) / "bin" / "python")
        install = ("-m", "pip", "--python", inside, "install", "--quiet")
        _python(*install, f"--constraint={ROOT / 'constraints.txt'}", str(own))
        by_name = ("--force-reinstall", "--no-deps", "--no-index", f"--find-links={own.parent}", "jobferry")
        _python(*install, *by_name)  # else the SBOM tells where on this machine the wheel lay
        _python("-m", "cyclonedx_py", "environment", "--output-reproducible", "--output-format", "JSON",
                "--output-file", str(folder / "sbom.cdx.json"), inside)  # fmt: skip


def _sum_up(folder: Path) -> None:
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256((folder / file).read_bytes()).hexdigest()}  {file}\n" for file in files]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names and numbers of who made it."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
