"""What the Terraform provider sends and insists on, as raw requests with a token.

Names stand unescaped in its addresses; its client escapes them on the wire, as httpx does.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from e2e.factory.served import Served


class Provider:
    """One resource block: the service's address, and the workspace in a header."""

    def __init__(self, platform: Served, workspace: str) -> None:
        self.platform = platform
        self.workspace = workspace
        self._headers = {"workspace": workspace, "Accept": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """A call below the project; those of the second version begin with ``v2/``."""
        content = json.dumps(body, separators=(",", ":")) if body is not None else None
        headers = {**self._headers, "Content-Type": "application/json"}
        address = f"{self.platform.factory}/{path}"
        if path.startswith("v2/"):
            project = self.platform.factory.removeprefix("/v1/")
            address = f"/v2/{project}/{path.removeprefix('v2/')}"
        return self.platform.http.request(method, address, content=content, headers=headers)

    def done(self, method: str, path: str, body: Any = None, *, status: int = 204) -> Any:
        """The answer to a call that has to end so; a 204 has none."""
        answer = self.call(method, path, body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def gone(self, path: str) -> tuple[int, str, str]:
        """How reading it is refused: status, code and sentence."""
        answer = self.call("GET", path)
        told = answer.json()
        assert told["errors"] == [{"error_code": told["error_code"], "error_msg": told["error_msg"]}]
        return answer.status_code, told["error_code"], told["error_msg"]

    def listed(self, path: str, key: str) -> list[dict[str, Any]]:
        """Everything of a list, a hundred at a time, as the data sources walk it."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.done("GET", f"{path}limit=100&offset={len(found)}", status=200)[key]
            found += page
            if len(page) < 100:
                return found

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


def _batch_job(name: str, upstream: list[str] | None = None) -> dict[str, Any]:
    """A job of one DLI node; without ``upstream`` nothing is said of other jobs."""
    values = [
        ("database", "tf"),
        ("queueName", "default"),
        ("statementOrScript", "SCRIPT"),
        ("overloadRetryInterval", "300 sec"),
        ("maximumOverloadRetries", "0"),
    ]
    cron: dict[str, Any] = {"expression": "0 0 0 * * ?", "startTime": "2024-07-23T13:08:37+08"}
    if upstream is not None:
        cron["dependJobs"] = {"jobs": upstream}
    return {
        "name": name,
        "nodes": [
            {
                "name": name,
                "type": "DLISQL",
                "location": {"x": 10, "y": 11},
                "properties": [{"name": key, "value": value} for key, value in values],
            }
        ],
        "schedule": {"type": "CRON", "cron": cron},
        "processType": "BATCH",
    }


def test_batch_jobs_read_back_as_they_were_sent(provider: Provider) -> None:
    """A job's id is its name, so an import of its state reads by workspace and name."""
    changes = (_batch_job("tf_1", ["tf_2"]), _batch_job("tf_1", []))
    provider.done("POST", "jobs", _batch_job("tf_2"))
    provider.done("POST", "jobs", changes[0])
    for sent in (_batch_job("tf_2"), *changes):
        provider.done("PUT", f"jobs/{sent['name']}", sent)
        read = provider.done("GET", f"jobs/{sent['name']}", status=200)
        assert {key: read[key] for key in sent} == sent
    for name in ("tf_1", "tf_2"):
        provider.done("DELETE", f"jobs/{name}")
        assert provider.gone(f"jobs/{name}") == (400, "DLF.0100", "The job does not exist.")


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
    action = {
        "jobParams": [{"name": "a", "value": "1", "paramType": "variable"}],
        "start_date": 20240101,
        "ignore_first_self_dependence": True,
    }
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


def test_a_script_is_created_read_changed_and_deleted(provider: Provider) -> None:
    """Its id is workspace and name, so an import of its state reads by these."""
    first = {
        "name": "demo",
        "type": "DLISQL",
        "content": "#test",
        "connectionName": "lake",
        "directory": "/basic",
        "queueName": "default",
        "description": "test",
        "configuration": {"spark.sql.files.maxRecordsPerFile": "1"},
    }
    then = {
        **first,
        "content": "#test_update",
        "directory": "/update",
        "queueName": "update",
        "description": "test_update",
        "configuration": {"spark.sql.files.maxRecordsPerFile": "1", "dli.sql.job.timeout": "1"},
    }
    for method, path, sent in (("POST", "scripts", first), ("PUT", "scripts/demo", then)):
        provider.done(method, path, sent)
        read = provider.done("GET", "scripts/demo", status=200)
        assert {key: read[key] for key in sent} == sent
        assert (read["createUser"], read["autoAcquireLock"]) == ("administrator", True)
    provider.done("DELETE", "scripts/demo")
    assert provider.gone("scripts/demo") == (400, "DLF.6201", "The script does not exist.")


def test_a_resource_reads_back_the_packages_that_it_depends_on(provider: Provider) -> None:
    """They are written as ``depend_packages`` and read as ``dependPackages``."""
    first = {
        "name": "tf",
        "type": "jar",
        "location": "obs://test/main.jar",
        "directory": "/",
        "depend_packages": [{"type": "jar", "location": "obs://test/depend.jar"}],
        "desc": "test",
    }
    then = {
        **first,
        "name": "tf_update",
        "location": "obs://test/main_update.jar",
        "depend_packages": [{"type": "file", "location": "obs://test/depend_update.properties"}],
        "desc": "test update",
    }
    made = provider.done("POST", "resources", first, status=200)["resourceId"]
    for sent in (first, then):
        if sent is then:
            provider.done("PUT", f"resources/{made}", then)
        read = provider.done("GET", f"resources/{made}", status=200)
        plain = {key: value for key, value in sent.items() if key != "depend_packages"}
        assert {key: read[key] for key in plain} == plain
        assert read["dependPackages"] == sent["depend_packages"]
    without = {key: value for key, value in then.items() if key != "depend_packages"}
    provider.done("PUT", f"resources/{made}", without)
    assert provider.done("GET", f"resources/{made}", status=200)["dependPackages"] == []
    provider.done("DELETE", f"resources/{made}")
    assert provider.gone(f"resources/{made}")[:2] == (400, "DLF.6241")


def test_an_import_overwrites_into_a_draft_or_skips(provider: Provider) -> None:
    provider.done("POST", "jobs", {**_rest_job(1, 1), "processType": "BATCH"})
    exported = provider.done("POST", "jobs/real_time/export", {"obsPath": "obs://tf/import"}, status=200)
    provider.done("PUT", "jobs/real_time", {**_rest_job(2, 2), "processType": "BATCH"})
    body = {"path": f"{exported['obsPath']}/real_time.zip", "targetStatus": "SAVED"}
    for policy, x in (("SKIP", 2), ("OVERWRITE", 1)):
        begun = provider.done("POST", "jobs/import", {**body, "sameNamePolicy": policy}, status=200)
        assert provider.platform.finished(begun["taskId"]).status == "SUCCESSFUL"
        task = provider.done("GET", f"system-tasks/{begun['taskId']}", status=200)
        assert task["status"] == "SUCCESSFUL"
        read = provider.done("GET", "jobs/real_time", status=200)
        assert read["nodes"][0]["location"]["x"] == x


def test_the_jobs_data_source_finds_by_name_and_type(provider: Provider) -> None:
    provider.done("POST", "jobs", {**_rest_job(1, 1), "name": "tf_test_stream"})
    provider.done("POST", "jobs", {**_rest_job(1, 1), "name": "tf_test_batch", "processType": "BATCH"})

    def found(name: str, job_type: str) -> list[str]:
        jobs = provider.listed(f"jobs?jobName={name}&jobType={job_type}&", "jobs")
        for one in jobs:
            assert {"name", "jobType", "priority", "path", "status", "createUser"} <= one.keys()
            assert one["lastUpdateUser"] == "administrator"
            assert all(isinstance(one[key], int) for key in ("createTime", "lastUpdateTime"))
        return [f"{one['name']} {one['jobType']}" for one in jobs]

    assert found("", "") == ["tf_test_batch BATCH"]
    assert found("tf_test", "BATCH") == ["tf_test_batch BATCH"]
    assert found("tf_test", "REAL_TIME") == ["tf_test_stream REAL_TIME"]
    assert found("not_found_name", "") == []


def test_the_resources_data_source_reads_ids(provider: Provider) -> None:
    made = {
        name: provider.done(
            "POST",
            "resources",
            {"name": name, "type": "jar", "location": f"obs://test/{name}.jar", "directory": "/"},
            status=200,
        )["resourceId"]
        for name in ("first", "second")
    }
    listed = provider.listed("resources?", "resources")
    assert {one["name"]: one["resourceId"] for one in listed} == made
    assert all(one["id"] == one["resourceId"] for one in listed)
    assert [(one["type"], one["directory"], one["dependFiles"]) for one in listed] == [("jar", "/", [])] * 2


def test_a_resource_sent_back_as_it_was_listed_stays_as_it_was(provider: Provider) -> None:
    body = {"name": "r", "type": "jar", "location": "obs://test/r.jar"}
    made = provider.done("POST", "resources", body, status=200)["resourceId"]
    (listed,) = provider.listed("resources?", "resources")
    provider.done("PUT", f"resources/{made}", listed)
    kept = provider.platform.http.get(f"/api/workspaces/{provider.workspace}/documents/resource/r").json()
    assert "resourceId" not in kept
    assert provider.listed("resources?", "resources") == [listed]


def test_the_alarm_data_source_finds_nothing_sent(provider: Provider) -> None:
    path = "v2/factory/alarm-info?"
    assert provider.listed(path, "alarm_info") == []
    span = "limit=1000&start_time=1721704117000&end_time=1721707717000&offset=0"
    assert provider.done("GET", path + span, status=200) == {"total": 0, "alarm_info": []}
    assert provider.call("GET", f"{path}limit=1001").json()["error_code"] == "DLF.3051"


@pytest.mark.parametrize(
    "path",
    ["jobs?limit=100", "resources?limit=100", "scripts/demo", "jobs/demo", "v2/factory/alarm-info?limit=100"],
)
def test_an_unknown_workspace_is_told_in_the_services_sentence(platform: Served, path: str) -> None:
    lost = Provider(platform, "not_found")
    sentence = "Operation failed, detail msg Workspace does not exists."
    assert lost.gone(path) == (400, "DLF.0819", sentence)


def test_the_workspaces_data_source_lists_them(platform: Served) -> None:
    listed = platform.http.get(
        f"{platform.factory}/workspaces/any-instance", params={"limit": 100, "offset": 0}
    )
    assert listed.status_code == 200
    assert {"id", "name", "description", "create_user", "create_time"} <= listed.json()["data"][0].keys()


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
