"""Fills a platform with some of everything, by the command line of one version, and keeps what it answers.

``python -m upgrade.fill JOBFERRY FOLDER [DATABASE]`` is run once, when a version is released. The data folder
is ``here`` in FOLDER, the answers are in ``answers.json``; on PostgreSQL ``database.sql`` is what ``pg_dump
--inserts --no-owner --no-privileges`` wrote. Archives of these are in the folder named after the version.
What is secret in them, the key included, is no secret: it seals nothing else.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

PASSWORD = "a harbour at dawn"
SECRET = "sealed-at-0.1.0"

READ = (
    "workspace list",
    "workspace show",
    "setting list",
    "setting list --platform",
    "user list",
    "member list",
    "token list",
    "key list",
    "policy list",
    "download-policy list",
    "connection list",
    "variable list",
    "inventory list",
    "tag list",
    "lock list",
    "directory list",
    "job list",
    "job show orders",
    "job show items",
    "job show stock",
    "script list",
    "script show clean",
    "version list orders",
    "version show orders 1",
    "uses script:clean",
    "change list",
    "route list",
    "receipt list",
    "import-record list",
    "download list",
    "review list",
    "notice list",
    "audit list --all --limit 500",
    "audit verify",
)
"""What is asked at the end; every later version gives the same answers, and may add to them."""


class Filling:
    """One platform that is being filled."""

    def __init__(self, program: str, folder: Path, database: str) -> None:
        self._program = program
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "JOBFERRY_LANGUAGE": "en",
        } | ({"JOBFERRY_DATABASE": database} if database else {})

    def __call__(self, line: str, *, send: str = "", code: int = 0, as_json: bool = False) -> Any:
        """Runs a command, and gives what it wrote."""
        words = [word.replace("~", " ") for word in line.split()]
        ended = subprocess.run(
            [self._program, *words, "--data", "here", *(["--json"] if as_json else [])],
            check=False,
            cwd=self._folder,
            env=self._environment,
            input=send,
            capture_output=True,
            text=True,
        )
        if ended.returncode != code:
            raise SystemExit(f"{line}: exit code {ended.returncode}\n{ended.stdout}{ended.stderr}")
        return ended.stdout

    def told(self, line: str, **more: Any) -> Any:
        """Runs a command, and gives the value that it wrote."""
        return json.loads(self(line, as_json=True, **more))

    def inventory(self, *rows: str) -> None:
        """Writes a file of things that exist here."""
        (self._folder / "known.csv").write_text("\n".join(("kind,name,local_id", *rows)) + "\n")

    def package(self, name: str, **objects: dict[str, Any]) -> None:
        """Writes a package of jobs and scripts."""
        with io.BytesIO() as content:
            with zipfile.ZipFile(content, "w") as package:
                for called, document in objects.items():
                    kind = "job" if "nodes" in document else "script"
                    whole = {"name": called, **document}
                    package.writestr(f"{kind}s/{called}.{kind}", json.dumps(whole, ensure_ascii=False))
            (self._folder / name).write_bytes(content.getvalue())


def job(*needs: str, script: str = "clean", note: str = "", **more: Any) -> dict[str, Any]:
    """A job with one node, which may need other jobs."""
    schedule: dict[str, Any] = {"type": "EXECUTE_ONCE"}
    if needs:
        cron = {
            "expression": "0 0 2 * * ?",
            "expressionTimeZone": "GMT+8",
            "startTime": "2026-01-01T00:00:00+08",
        }
        depends = {"jobs": list(needs), "dependPeriod": "SAME_PERIOD", "dependFailPolicy": "FAIL"}
        schedule = {"type": "CRON", "cron": cron | {"dependJobs": depends}}
    properties = [{"name": "connectionName", "value": "dwh"}, {"name": "scriptName", "value": script}]
    node = {"name": "load", "type": "DWSSQL", "location": {"x": "0", "y": "0"}, "preNodeName": []}
    return {
        "processType": "BATCH",
        "directory": "/dw",
        "description": note,
        "nodes": [node | {"properties": properties}],
        "schedule": schedule,
        **more,
    }


def fill(here: Filling) -> str:
    """Makes some of everything, and gives the receipt of the import that can be taken back."""
    clean = {"type": "DWSSQL", "content": "SELECT 1 -- 订单", "connectionName": "dwh", "database": "dw"}
    here.package("first.zip", orders=job(), items=job("orders", note="每日"), clean=clean)
    here.package("second.zip", orders=job(note="changed"), stock=job("orders", script="gone"), clean=clean)
    here.package("third.zip", late=job(note="taken back"))
    here("init")
    here(f"connection create dwh --type DWS --set clusterName=dws --set password={SECRET}")
    here("variable set region north")
    here("user create anne --stdin", send=f"{PASSWORD}\n")
    here("user create bert")
    here("member add anne administrator")
    here("member add bert developer deployer")
    here("token create laptop --user bert --days 365")
    here("key create")
    here.inventory("queue,nightly,q1")
    here("inventory load known.csv")
    here("import first.zip --yes")
    here("job submit orders --note first")
    here("tag create gold")
    here("tag set orders gold")
    here("job submit orders --note tagged")
    second = here.told("import second.zip --duplicates overwrite --missing hold --yes", code=9)
    here.told("import third.zip --yes")
    here("undo --last --yes")
    here("policy set team --directory /dw --user bert --role developer")
    here("download-policy set team --user bert --role operator")
    here("route set elsewhere/dev --map connection:warehouse=dwh --duplicates overwrite")
    here("lock take items")
    here("export orders --background")
    here("setting set review=all")
    here("job submit stock --approver anne")
    here("workspace create second --description 第二个")
    return str(second["receipt"]["id"])


def main(program: str, folder: str, database: str = "") -> None:
    """Fills a new folder."""
    place = Path(folder)
    place.mkdir(parents=True)
    here = Filling(program, place, database)
    receipt = fill(here)
    told = {"receipt": receipt, "answers": {line: here.told(line) for line in READ}}
    (place / "answers.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
