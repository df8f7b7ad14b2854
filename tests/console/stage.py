"""What tests of the console begin with: a password, packages to drop, and what a workspace has before."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from builders import job, node, script, written
from contract.api.doors import Door

PASSWORD = "correct horse battery"
FILE = "sales.zip"


def packed(*documents: tuple[str, dict[str, Any]]) -> bytes:
    """A package of documents, as the service exports it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for path, document in documents:
            package.writestr(path, written(document))
    return file.getvalue()


def zipped(folder: Path) -> bytes:
    """A package of a folder's files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                package.write(path, str(path.relative_to(folder)))
    return file.getvalue()


def sales(connection: str = "dws_test", content: str = "SELECT 1;\nSELECT 2;\n") -> bytes:
    """Two jobs, one of which runs a script on a connection."""
    load = node("load", "DWSSQL", connectionName=connection, scriptName="clean", database="dw")
    return packed(
        ("jobs/orders.job", job("orders", load, directory="/ods")),
        ("jobs/quiet.job", job("quiet", node("wait", "Dummy"), directory="/ods")),
        ("scripts/clean.script", script("clean", content=content)),
    )


def connection(door: Door, workspace: str, name: str) -> None:
    """A connection of the workspace."""
    document = {
        "name": name,
        "type": "DWS",
        "config": {"ip": "10.0.0.1", "port": "8000", "userName": "u", "password": "p"},
    }
    made = door.http.post(f"/api/workspaces/{workspace}/connections", json=document)
    assert made.status_code == 201, made.text


def landed(door: Door, workspace: str, package: bytes, **options: Any) -> str:
    """Imports a package; the receipt's id."""
    sent = door.http.post("/api/packages", params={"name": FILE}, content=package).json()
    body = {"package": {"id": sent["id"]}, "apply": True, "options": options}
    begun = door.http.post(f"/api/workspaces/{workspace}/imports", json=body).json()
    return str(door.ended(begun["task_id"])["receipt_id"])


def checked(door: Door, workspace: str, package: bytes, **options: Any) -> str:
    """An import that waits for a decision; its id."""
    sent = door.http.post("/api/packages", params={"name": FILE}, content=package).json()
    body = {"package": {"id": sent["id"]}, "options": options}
    begun = door.http.post(f"/api/workspaces/{workspace}/imports", json=body).json()
    made = door.http.get(f"/api/workspaces/{workspace}/imports/{begun['id']}", params={"wait": 60}).json()
    assert made["state"] == "checked", made
    return str(made["id"])
