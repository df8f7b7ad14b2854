"""What Prometheus reads, who may read it, and whether a platform is ready."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families as parsed
from pydantic import SecretStr

import s3
from builders import job, node
from contract.api.doors import Door, opened
from contract.api.test_accepting import landed
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.settings import ObjectStoreSettings
from tables import rows_of

DEFAULT = (("store", "default"),)
Key = tuple[str, tuple[tuple[str, str], ...]]


def measured(answer: httpx.Response) -> dict[Key, float]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/plain")
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in parsed(answer.text)
        for one in family.samples
    }


def bare(door: Door, **headers: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{door.port}/metrics", headers=headers)


def ready_but_for(door: Door) -> dict[str, str]:
    """What is said of stores that the platform goes on without, once all have answered or failed."""
    while True:
        answer = httpx.get(f"http://127.0.0.1:{door.port}/readyz")
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        told = {one["store"]: one["message"] for one in answer.json()["stores"]}
        if "it has not answered yet" not in told.values():
            return told


def test_requests_tasks_sizes_and_what_answers_are_told(door: Door) -> None:
    def asked(found: dict[Key, float]) -> float:
        labels = (("api", "native"), ("method", "GET"), ("status", "404"))
        return found.get(("jobferry_requests_total", labels), 0)

    before = asked(measured(bare(door)))
    for _ in range(3):
        door.http.get("/api/workspaces/nowhere")
    after = measured(bare(door))
    assert asked(after) == before + 3
    assert after["jobferry_database_up", ()] == after["jobferry_objects_up", DEFAULT] == 1
    assert after["jobferry_database_bytes", ()] > 0
    assert after["jobferry_disk_free_bytes", ()] > 0
    assert ("jobferry_folder_bytes", (("folder", "packages"),)) in after
    assert after["jobferry_oldest_task_seconds", ()] >= 0
    assert after["jobferry_webhook_waiting", ()] == after["jobferry_webhook_oldest_seconds", ()] == 0
    assert after["process_open_fds", ()] > 0


def test_nobody_reads_them_from_elsewhere_without_a_token(door: Door) -> None:
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host", "X-Client-IP"):
        refused = bare(door, **{header: "10.0.0.9"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not-allowed")
        assert "JOBFERRY_METRICS_TOKEN" in refused.json()["error"]["hint"]


def test_with_a_token_only_who_sends_it_reads_them(tmp_path: Path) -> None:
    with opened(tmp_path / "p", metrics_token=SecretStr("a-token")) as door:
        assert bare(door).status_code == 403
        assert bare(door, Authorization="Bearer other").status_code == 403
        assert measured(bare(door, Authorization="Bearer a-token", Forwarded="for=10.0.0.9"))


def test_a_platform_is_not_ready_while_its_package_store_fails(tmp_path: Path) -> None:
    with s3.serving("bucket") as service:
        chosen: dict[str, Any] = {"packages": "s3://bucket/site", "objects_endpoint": service.endpoint}
        keys: dict[str, Any] = {"objects_access_key": "a", "objects_secret_key": SecretStr("s")}
        with opened(tmp_path / "p", **chosen, **keys) as door:
            assert door.http.get("/readyz").status_code == 200
        service.buckets.clear()
        with opened(tmp_path / "p", **chosen, **keys) as door:
            answer = door.http.get("/readyz")
            assert (answer.status_code, answer.json()["error"]["code"]) == (502, "files-failed")
            assert "s3://bucket/site/packages: there is no bucket" in answer.json()["error"]["message"]


def test_a_platform_is_not_ready_while_the_folder_of_its_packages_is_gone(tmp_path: Path) -> None:
    (shared := tmp_path / "shared").mkdir()
    with opened(tmp_path / "p", packages=str(shared)) as door:
        assert door.http.get("/readyz").json() == {"status": "ok", "stores": []}
    with opened(tmp_path / "p", packages=str(shared)) as door:
        shutil.rmtree(shared)
        shared.write_text("no folder")
        answer = door.http.get("/readyz")
        assert (answer.status_code, answer.json()["error"]["subject"]) == (502, str(shared))


def test_a_dead_object_store_is_told(tmp_path: Path) -> None:
    with s3.serving("bucket") as service:
        endpoint = service.endpoint
    chosen: dict[str, Any] = {"objects": "s3", "objects_endpoint": endpoint, "objects_patience": 1.0}
    keys: dict[str, Any] = {"objects_access_key": "a", "objects_secret_key": SecretStr("s")}
    with opened(tmp_path / "p", **chosen, **keys) as door:
        ((store, message),) = ready_but_for(door).items()
        assert (store, endpoint in message) == ("default", True)
        found = measured(bare(door))
        assert (found["jobferry_objects_up", DEFAULT], found["jobferry_database_up", ()]) == (0, 1)


def test_of_several_object_stores_the_dead_one_is_told_by_its_name(tmp_path: Path) -> None:
    with s3.serving("cold", access_key="archive-key") as alive, s3.serving("far") as service:
        endpoint = service.endpoint
        stores = {
            name: ObjectStoreSettings(
                endpoint=at, access_key=f"{name}-key", secret_key=SecretStr("s"), buckets=bucket
            )
            for name, at, bucket in (("archive", alive.endpoint, "cold"), ("moon", endpoint, "far"))
        }
        with opened(tmp_path / "p", stores=stores, objects_patience=1.0) as door:
            assert door.http.get("/readyz").status_code == 200
            service.faults = [s3.says(403, "AccessDenied")]
        with opened(tmp_path / "p", stores=stores, objects_patience=1.0) as door:
            ((store, message),) = ready_but_for(door).items()
            assert (store, "object store moon" in message) == ("moon", True)
            assert landed(door, "default", job("orders", node("n", "Dummy")))["message"] == "1 created"
            found = measured(bare(door))
            up = {name: found["jobferry_objects_up", (("store", name),)] for name in ("default", *stores)}
            assert up == {"default": 1, "archive": 1, "moon": 0}
            assert ("jobferry_objects_seconds", (("store", "archive"),)) in found
            place = {"path": "obs://"}
            listed = door.http.get("/api/workspaces/default/object-storage", params=place).json()
            assert [one["path"] for one in listed["items"]] == ["obs://cold/", "obs://far/"]


def test_imports_are_counted_by_their_state_and_tasks_by_how_they_went(tmp_path: Path) -> None:
    with opened(tmp_path / "p") as door:
        assert landed(door, "default", job("orders", node("n", "Dummy")))["message"] == "1 created"
        found = measured(bare(door))
        assert found["jobferry_imports", (("state", "applied"),)] == 1
        tasks = {labels: count for (name, labels), count in found.items() if name == "jobferry_tasks"}
        assert tasks == {(("kind", "import"), ("phase", "applied"), ("status", "SUCCESSFUL")): 1}


def test_what_lies_in_a_folder_is_weighed_and_what_goes_meanwhile_is_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "p") as door:
        (door.folder / "packages").mkdir(exist_ok=True)
        (door.folder / "packages" / "a.zip").write_bytes(bytes(12_345))
        (door.folder / "packages" / "gone.zip").symlink_to("nowhere")
        assert measured(bare(door))["jobferry_folder_bytes", (("folder", "packages"),)] == 12_345


def test_a_database_that_cannot_be_read_is_told_and_the_rest_is_measured(tmp_path: Path) -> None:
    with opened(tmp_path / "p") as door:
        with rows_of(Home(door.folder)) as connection:
            connection.exec_driver_sql("DROP TABLE webhook_deliveries")
        names = {name: value for (name, _), value in measured(bare(door)).items()}
    assert names["jobferry_database_up"] == 0
    own = ("database_bytes", "imports", "tasks", "webhook_waiting")
    assert {f"jobferry_{name}" for name in own} & names.keys() == set()
    assert {"jobferry_objects_up", "jobferry_disk_free_bytes"} <= names.keys()


def test_a_platform_that_lost_its_founding_row_is_not_ready(tmp_path: Path) -> None:
    with opened(tmp_path / "p") as door:
        with rows_of(Home(door.folder)) as connection:
            connection.exec_driver_sql("DELETE FROM platform")
        answer = door.http.get("/readyz")
        assert answer.status_code >= 400
        assert answer.json()["error"]["message"] == "this platform is not set up yet"
