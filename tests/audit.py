"""``make audit``: compare the pinned dependencies with the published advisories, by pip-audit and npm audit.

A tool that reaches no advisory feed may end as if nothing were wrong, so only its result per package counts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

_ROOT = Path(__file__).parents[1]
_PIP_AUDIT = [
    "pip-audit",
    "-r",
    "constraints.txt",
    "--no-deps",
    "--disable-pip",
    "--format",
    "json",
    "--progress-spinner",
    "off",
]
_NPM_AUDIT = ["npm", "audit", "--json", "--package-lock-only", "--prefix", "web"]


class Audit(NamedTuple):
    """The result for one set of packages."""

    checked: int
    vulnerable: list[str]
    """A line for each known vulnerability."""
    unchecked: list[str]
    """Packages that the feed does not have; all of them where it cannot be reached."""


def parse_pip_audit(text: str) -> Audit | None:
    """Parse the report of pip-audit; return None if it is none."""
    rows = _parse(text).get("dependencies")
    if rows is None:
        return None
    vulnerable = [
        f"{row['name']} {row['version']}: {', '.join([found['id'], *found['aliases']])}, "
        f"fixed in {', '.join(found['fix_versions']) or 'no version'}"
        for row in rows
        for found in row.get("vulns", [])
    ]
    unchecked = [row["name"] for row in rows if "skip_reason" in row]
    return Audit(len(rows) - len(unchecked), vulnerable, unchecked)


def parse_npm_audit(text: str) -> Audit | None:
    """Parse the report of npm audit; return None if it is none."""
    report = _parse(text)
    if "vulnerabilities" not in report:
        return None
    vulnerable = [
        f"{name} {row['range']}: {row['severity']}, {', '.join(_titles(row))}"
        for name, row in report["vulnerabilities"].items()
    ]
    return Audit(report["metadata"]["dependencies"]["total"], vulnerable, [])


def format_audit(of: str, audit: Audit | None) -> list[str]:
    """Format a result as lines of text."""
    if audit is None or not audit.checked:
        return [f"{of}: not checked: the advisory feed cannot be reached"]
    lines = [f"{of}: {audit.checked} checked, {len(audit.vulnerable)} known vulnerabilities"]
    lines += [f"  {line}" for line in audit.vulnerable]
    if audit.unchecked:
        lines.append(f"  not checked, since the feed does not have them: {', '.join(audit.unchecked)}")
    return lines


def _parse(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _titles(row: dict[str, Any]) -> list[str]:
    return [one if isinstance(one, str) else one["title"] for one in row["via"]]


def _run(command: list[str]) -> str:
    return subprocess.run(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout


def main() -> int:
    """Print the results; return 1 if there is a known vulnerability."""
    audits = {
        "Python packages": parse_pip_audit(_run(_PIP_AUDIT)),
        "npm packages": parse_npm_audit(_run(_NPM_AUDIT)),
    }
    for of, audit in audits.items():
        sys.stdout.write("\n".join(format_audit(of, audit)) + "\n")
    return int(any(audit and audit.vulnerable for audit in audits.values()))


if __name__ == "__main__":
    sys.exit(main())
