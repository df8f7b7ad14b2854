"""What the Terraform provider sends and insists on, as raw requests with a token.

Names stand unescaped in its addresses; its client escapes them on the wire, as httpx does.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from builders import script
from e2e.factory.served import Served


class Provider:
    """One resource block: the service's address, and the workspace in a header."""

    def __init__(self, platform: Served, workspace: str) -> None:
        self.platform = platform
        self._headers = {"workspace": workspace, "Accept": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        content = json.dumps(body, separators=(",", ":")) if body is not None else None
        headers = {**self._headers, "Content-Type": "application/json"}
        return self.platform.http.request(
            method, f"{self.platform.factory}/{path}", content=content, headers=headers
        )

    def status_of(self, name: str, job_type: str) -> str:
        found = self.call("GET", f"jobs?limit=100&jobName={name}&jobType={job_type}&offset=0").json()
        return next(str(one["status"]) for one in found["jobs"] if one["name"] == name)


@pytest.fixture
def provider(platform: Served, workspace: str) -> Provider:
    return Provider(platform, workspace)


def _rest_job(x: int, y: int, **fields: Any) -> dict[str, Any]:
    values = [
        ("url", "https://www.example.com/"),
        ("method", "GET"),
        ("retry", "false"),
        ("requestMode", "sync"),
        ("securityAuthentication", "NONE"),
        ("agentName", ""),
    ]
    return {
        "name": "real_time",
        "nodes": [
            {
                "name": "Rest_client_1",
                "type": "RESTAPI",
                "location": {"x": x, "y": y},
                "properties": [{"name": name, "value": value} for name, value in values],
            }
        ],
        "schedule": {"type": "EXECUTE_ONCE"},
        "processType": "REAL_TIME",
        **fields,
    }


def test_a_real_time_job_reads_back_as_it_was_sent(provider: Provider) -> None:
    for x, y in ((10, 11), (103, 113)):
        sent = _rest_job(x, y)
        made = (
            provider.call("POST", "jobs", sent) if x == 10 else provider.call("PUT", "jobs/real_time", sent)
        )
        assert (made.status_code, made.content) == (204, b"")
        read = provider.call("GET", "jobs/real_time")
        assert read.status_code == 200
        assert read.json()["nodes"] == sent["nodes"]
    assert provider.call("DELETE", "jobs/real_time").status_code == 204
    gone = provider.call("GET", "jobs/real_time")
    assert (gone.status_code, gone.json()["error_code"]) == (400, "DLF.0100")


def test_a_schedule_is_echoed_byte_for_byte(provider: Provider) -> None:
    first = {**_rest_job(1, 1), "name": "first", "processType": "BATCH"}
    assert provider.call("POST", "jobs", first).status_code == 204
    cron = {
        "expression": "0 0 0 * * ?",
        "startTime": "2024-07-23T13:08:37+08",
        "dependJobs": {"jobs": ["first"], "dependFailPolicy": "FAIL"},
    }
    node = {"name": "sql", "type": "DLISQL", "location": {"x": 10, "y": 11}}
    batch = {
        "name": "批.1",
        "nodes": [node],
        "schedule": {"type": "CRON", "cron": cron},
        "processType": "BATCH",
    }
    assert provider.call("POST", "jobs", batch).status_code == 204
    assert provider.call("GET", "jobs/批.1").json()["schedule"]["cron"] == cron
    cron["dependJobs"] = {"jobs": []}
    assert provider.call("PUT", "jobs/批.1", batch).status_code == 204
    assert provider.call("GET", "jobs/批.1").json()["schedule"]["cron"]["dependJobs"] == {"jobs": []}


def test_every_spelling_that_is_not_about_the_call_keeps_its_bytes(provider: Provider) -> None:
    whole = 123456789012345678901234567890
    text = (
        '{"name":"bytes", "nodes":[{"name": "n","type":"Dummy","properties":[]}],'
        '"schedule": {"type": "EXECUTE_ONCE"}, '
        f'"numbers":[1E5, 0.10, -0, {whole}], "z":"\\u4f5c", "id":7, "targetStatus":"SAVED"}}'
    )
    headers = {"workspace": provider._headers["workspace"]}
    made = provider.platform.http.post(f"{provider.platform.factory}/jobs", content=text, headers=headers)
    assert made.status_code == 204
    read = provider.call("GET", "jobs/bytes").text
    assert f"[1E5, 0.10, -0, {whole}]" in read
    assert '"\\u4f5c"' in read
    assert "targetStatus" not in read
    assert json.loads(read)["id"] != 7


@pytest.mark.parametrize(("job_type", "started"), [("REAL_TIME", "NORMAL"), ("BATCH", "SCHEDULING")])
def test_a_job_is_started_and_stopped(provider: Provider, job_type: str, started: str) -> None:
    job = {**_rest_job(1, 1), "processType": job_type}
    assert provider.call("POST", "jobs", job).status_code == 204
    assert provider.status_of("real_time", job_type) == "STOPPED"
    action = {"jobParams": [{"name": "a", "value": "1", "paramType": "variable"}], "start_date": 20240101}
    assert provider.call("POST", "jobs/real_time/start", action).status_code == 204
    assert provider.status_of("real_time", job_type) == started
    assert provider.call("POST", "jobs/real_time/stop").status_code == 204
    assert provider.status_of("real_time", job_type) == "STOPPED"
    once = provider.call("POST", "jobs/real_time/run-immediate", {"jobParams": []})
    assert once.json()["error_code"] == ("DLF.0136" if job_type == "REAL_TIME" else "DLF.3051")


@pytest.mark.parametrize("depend", [True, False, None])
def test_an_export_into_storage_answers_with_its_folder(provider: Provider, depend: bool | None) -> None:
    assert provider.call("POST", "jobs", _rest_job(1, 1)).status_code == 204
    body: dict[str, Any] = {"obsPath": "obs://tf/jobs-storage/", "exportStatus": "DEVELOP"}
    if depend is not None:
        body["exportDepend"] = depend
    answer = provider.call("POST", "jobs/real_time/export", body)
    assert answer.status_code == 200
    folder = answer.json()["obsPath"].removeprefix("obs://tf/jobs-storage/")
    assert folder.startswith("real_time_exported/")
    assert folder.rpartition("/")[2].isdigit()

    path = f"{answer.json()['obsPath']}/real_time.zip"
    asked = {"path": path, "sameNamePolicy": "OVERWRITE", "targetStatus": "SAVED"}
    begun = provider.call("POST", "jobs/import", asked)
    assert begun.status_code == 200
    assert provider.platform.finished(begun.json()["taskId"]).status == "SUCCESSFUL"


@pytest.mark.parametrize("body", [None, "", "{}", "null"])
def test_an_export_needs_no_body(provider: Provider, body: str | None) -> None:
    provider.call("POST", "jobs", {**_rest_job(1, 1), "name": "作业"})
    answer = provider.platform.http.post(
        f"{provider.platform.factory}/jobs/作业/export", content=body, headers=provider._headers
    )
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"DLF___.zip\"; filename*=UTF-8''DLF_%E4%BD%9C%E4%B8%9A.zip"
    )
    batch = provider.call("POST", "jobs/batch-export", {"jobList": ["作业"]})
    assert 'filename="jobs.zip"' in batch.headers["Content-Disposition"]


def test_a_script_is_gone_by_its_nested_code(provider: Provider) -> None:
    body = script("demo", "select 1", queueName="default", connectionName="c")
    assert provider.call("POST", "scripts", body).status_code == 204
    read = provider.call("GET", "scripts/demo").json()
    assert read["createUser"] == "administrator"
    assert read["autoAcquireLock"] is True
    assert provider.call("DELETE", "scripts/demo").status_code == 204
    gone = provider.call("GET", "scripts/demo")
    assert (gone.status_code, gone.json()["errors"][0]["error_code"]) == (400, "DLF.6201")


def test_lists_are_walked_by_records_to_an_empty_page(provider: Provider) -> None:
    for number in range(3):
        provider.call("POST", "jobs", {**_rest_job(1, 1), "name": f"j{number}", "processType": "BATCH"})
    names: list[str] = []
    while page := provider.call("GET", f"jobs?limit=2&jobName=&jobType=&offset={len(names)}").json()["jobs"]:
        names += [one["name"] for one in page]
    assert names == ["j0", "j1", "j2"]


def test_jobs_are_found_by_their_tags(provider: Provider) -> None:
    for name, tags in (("a", ["x", "y"]), ("b", ["z"]), ("c", {})):
        job = {**_rest_job(1, 1), "name": name, "processType": "BATCH", "basicConfig": {"tags": tags}}
        assert provider.call("POST", "jobs", job).status_code == 204
    found = provider.call("GET", "jobs?tags=y,z").json()
    assert (found["total"], [one["name"] for one in found["jobs"]]) == (2, ["a", "b"])
    assert provider.call("GET", "jobs/c").json()["basicConfig"]["tags"] == []


def test_workspaces_are_listed_made_and_named_either_way(platform: Served) -> None:
    base = f"{platform.factory}/workspaces"
    made = platform.http.post(f"{base}/any-instance", json={"name": "团队"}).json()
    assert made["name"] == "团队"
    listed = platform.http.get(f"{base}/any-instance", params={"limit": 100}).json()
    assert listed["count"] == len(listed["data"])
    assert [one["is_default"] for one in listed["data"] if one["name"] == "default"] == [1]
    assert platform.http.get(f"{base}/any-instance/{made['id']}").json()["name"] == "团队"
    for said in (made["id"].encode(), "团队".encode()):
        answer = platform.http.get(f"{platform.factory}/jobs", headers={b"workspace": said})
        assert answer.status_code == 200
