"""Values of parameters that an import is given lie sealed wherever its options wait to be used."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from crashing.lives import Point, Served, Zygote, serve, served
from crashing.state import address_of, books_of

VALUES = {
    "own": "param-value-4417",
    "job": "job-value-8830",
    "mapped": "mapped-value-2096",
    "rule": "rule-3305",
}
OPTIONS = {
    "params": {"day": VALUES["own"]},
    "job_params": {"orders": {"hour": VALUES["job"]}},
    "mapping": {"parameter": {"minute": VALUES["mapped"]}},
    "rules": [{"name": "ord*", "mapping": {"parameter": {"second": VALUES["rule"]}}}],
}
PLACE = "/api/workspaces/default"


def package() -> bytes:
    job = {
        "name": "orders",
        "processType": "BATCH",
        "nodes": [{"name": "n", "type": "Dummy", "location": {"x": "0", "y": "0"}, "properties": []}],
        "params": [
            {"name": name, "value": "1", "type": "variable"} for name in ("day", "hour", "minute", "second")
        ],
        "schedule": {"type": "EXECUTE_ONCE"},
    }
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("jobs/orders.job", json.dumps(job))
    return whole.getvalue()


def holding(folder: Path, *names: str) -> list[tuple[str, str]]:
    """Which files of a folder hold which of the values."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name.startswith(names or ("",))]
    return [
        (path.name, value)
        for path in files
        for value in VALUES.values()
        if value.encode() in path.read_bytes()
    ]


def test_what_a_checked_import_and_a_saved_route_set_is_in_no_file(zygote: Zygote, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    with served(zygote, folder) as platform:
        body = {"package": {"id": platform.send(package())}, "options": OPTIONS}
        checked = platform.http.post(f"{PLACE}/imports", json=body)
        assert checked.status_code == 202, checked.text
        assert platform.ended(checked.json()["task_id"])["status"] == "SUCCESSFUL"
        route = platform.http.put(f"{PLACE}/routes/elsewhere/default", json={"options": OPTIONS})
        assert route.status_code == 200, route.text
        assert holding(folder) == []
    with served(zygote, folder) as platform:
        again = platform.http.get(f"{PLACE}/imports/{checked.json()['id']}").json()
        assert again["options"] == checked.json()["options"]
        assert again["options"]["params"] == {"day": VALUES["own"]}
        kept = platform.http.get(f"{PLACE}/routes/elsewhere/default").json()
        assert kept["options"]["params"] == {"day": VALUES["own"]}
    assert holding(folder) == []


def test_an_import_that_was_cut_off_is_carried_on_with_values_that_its_task_keeps_sealed(
    zygote: Zygote, tmp_path: Path
) -> None:
    folder = tmp_path / "here"
    running = serve(zygote, folder, Point("import-task-written", armed=False))
    assert isinstance(running, Served)
    body = {"package": {"id": running.send(package())}, "options": OPTIONS, "apply": True}
    running.arm()
    assert (
        running.dies_in(lambda platform: platform.http.post(f"{PLACE}/imports", json=body))
        == "import-task-written"
    )
    assert holding(folder) == []
    with served(zygote, folder) as platform:
        (task_id,) = books_of(address_of(folder), address_of(folder, "tasks.db")).tasks
        assert platform.ended(task_id)["status"] == "SUCCESSFUL"
        document = platform.http.get(f"{PLACE}/documents/job/orders").json()
        assert {one["name"]: one["value"] for one in document["params"]} == {
            "day": VALUES["own"],
            "hour": VALUES["job"],
            "minute": VALUES["mapped"],
            "second": VALUES["rule"],
        }
    assert holding(folder, "tasks.db") == []
