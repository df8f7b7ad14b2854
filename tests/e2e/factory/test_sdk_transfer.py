"""Export, import, check-file and tasks through the official SDK."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkdgc import v1 as dgc

from builders import job, node, resource, script
from e2e.factory.served import Served


def _fill(sdk: Any, workspace: str, *names: str) -> None:
    """Jobs that share a script and a resource."""
    sdk.create_script(dgc.CreateScriptRequest(workspace=workspace, body=script("clean")))
    sdk.create_resource(dgc.CreateResourceRequest(workspace=workspace, body=resource("lookup")))
    for name in names:
        document = job(name, node("load", "DWSSQL", scriptName="clean", resourcePath="lookup"))
        document["params"] = [{"name": "day", "value": "1", "type": "variable"}]
        sdk.create_job(dgc.CreateJobRequest(workspace=workspace, body=document))


def _entries(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return package.namelist()


def _exported(sdk: Any, workspace: str, name: str) -> str:
    """A job exported into object storage; the path of its package."""
    body = {"obsPath": "obs://shelf/out/", "exportDepend": True, "exportStatus": "DEVELOP"}
    answer = sdk.export_job(dgc.ExportJobRequest(workspace=workspace, job_name=name, body=body))
    return f"{json.loads(answer.raw_content)['obsPath']}/{name}.zip"


def _import(sdk: Any, platform: Served, workspace: str, path: str, **body: Any) -> Any:
    asked = dgc.ImportJobRequest(workspace=workspace, body={"path": path, **body})
    return platform.finished(sdk.import_job(asked).task_id)


def _other(platform: Served, name: str) -> str:
    return str(platform.http.post("/api/workspaces", json={"name": name}).json()["id"])


def test_one_job_leaves_with_what_it_needs(sdk: Any, workspace: str) -> None:
    _fill(sdk, workspace, "订单")
    asked = dgc.ExportJobRequest(workspace=workspace, job_name="订单")
    answer = sdk.export_job(asked)
    assert _entries(answer.raw_content) == [
        "jobs/订单.job",
        "resources/lookup.resource",
        "scripts/clean.script",
    ]

    alone = dgc.ExportJobRequest(workspace=workspace, job_name="订单", body={"exportDepend": False})
    assert _entries(sdk.export_job(alone).raw_content) == ["jobs/订单.job"]
    live = dgc.ExportJobRequest(workspace=workspace, job_name="订单", body={"exportStatus": "SUBMIT"})
    assert len(_entries(sdk.export_job(live).raw_content)) == 3


def test_several_jobs_leave_one_folder_each(sdk: Any, workspace: str) -> None:
    _fill(sdk, workspace, "a", "b")
    answer = sdk.export_job_list(
        dgc.ExportJobListRequest(workspace=workspace, body={"jobList": ["a", "b"], "exportDepend": True})
    )
    entries = _entries(answer.raw_content)
    assert "jobs/a/a.job" in entries
    assert {"jobs/a/clean.script", "jobs/b/clean.script"} <= set(entries)

    for names, code in ((["a", "nobody"], "DLF.0100"), ([], "DLF.3051"), (["x"] * 101, "DLF.3051")):
        with pytest.raises(ClientRequestException) as refused:
            sdk.export_job_list(dgc.ExportJobListRequest(workspace=workspace, body={"jobList": names}))
        assert refused.value.error_code == code


def test_a_file_can_be_looked_into_without_writing(sdk: Any, platform: Served, workspace: str) -> None:
    _fill(sdk, workspace, "orders")
    path = _exported(sdk, workspace, "orders")
    there = _other(platform, "looked-into")
    seen = sdk.show_file_info(dgc.ShowFileInfoRequest(workspace=there, body={"path": path}))
    assert [(one.name, one.path, one.params) for one in seen.jobs] == [("orders", "/", {"day": "1"})]
    assert [(one.name, one.path) for one in seen.scripts] == [("clean", "/")]
    resources = json.loads(seen.raw_content)["resources"]
    assert resources == [{"name": "lookup", "path": "/", "exists": False}]
    assert sdk.list_jobs(dgc.ListJobsRequest(workspace=there)).total == 0


def test_an_import_creates_then_skips_then_overwrites(sdk: Any, platform: Served, workspace: str) -> None:
    _fill(sdk, workspace, "orders")
    path = _exported(sdk, workspace, "orders")
    there = _other(platform, "receiving")

    task = _import(sdk, platform, there, path)
    assert task.status == "SUCCESSFUL"
    assert task.name == f"Import the job from {path}."
    assert "Import the orders job." in [one.name for one in task.subtasks]
    assert task.start_time <= task.end_time

    changed = job("orders", description="changed here")
    sdk.update_job(dgc.UpdateJobRequest(workspace=there, job_name="orders", body=changed))
    shown = dgc.ShowJobRequest(workspace=there, job_name="orders")
    assert _import(sdk, platform, there, path).status == "SUCCESSFUL"
    assert sdk.show_job(shown).description == "changed here"

    body: dict[str, Any] = {
        "sameNamePolicy": "OVERWRITE",
        "jobsParam": [{"name": "orders", "params": {"day": "9"}}],
    }
    task = _import(sdk, platform, there, path, **body)
    assert task.status == "SUCCESSFUL"
    after = sdk.show_job(shown)
    assert (after.description, after.version) == ("", "3")
    assert [(one.name, one.value) for one in after.params] == [("day", "9")]


def test_a_running_job_is_not_overwritten_until_it_is_stopped(
    sdk: Any, platform: Served, workspace: str
) -> None:
    sdk.create_job(dgc.CreateJobRequest(workspace=workspace, body=job("orders")))
    path = _exported(sdk, workspace, "orders")
    changed = job("orders", description="changed here")
    sdk.update_job(dgc.UpdateJobRequest(workspace=workspace, job_name="orders", body=changed))
    body = {"jobParams": [{"name": "a", "value": "1", "type": "variable"}]}
    sdk.start_job(dgc.StartJobRequest(workspace=workspace, job_name="orders", body=body))
    listed = sdk.list_jobs(dgc.ListJobsRequest(workspace=workspace))
    assert listed.jobs[0].status == "SCHEDULING"

    refused = _import(sdk, platform, workspace, path, sameNamePolicy="OVERWRITE")
    assert refused.status == "FAILED"
    assert [(one.name, one.status) for one in refused.subtasks] == [("Import the orders job.", "FAILED")]
    assert "stop it first" in refused.subtasks[0].message

    sdk.stop_job(dgc.StopJobRequest(workspace=workspace, job_name="orders"))
    accepted = _import(sdk, platform, workspace, path, sameNamePolicy="OVERWRITE", targetStatus="SAVED")
    assert accepted.status == "SUCCESSFUL"
    shown = sdk.show_job(dgc.ShowJobRequest(workspace=workspace, job_name="orders"))
    assert (shown.description, shown.version) == ("", "2")


def test_replaced_resources_are_the_ones_used_here(sdk: Any, platform: Served, workspace: str) -> None:
    document = job("orders", node("load", "DWSSQL", connectionName="test_dws", statementOrScript="STATEMENT"))
    sdk.create_job(dgc.CreateJobRequest(workspace=workspace, body=document))
    path = _exported(sdk, workspace, "orders")
    there = _other(platform, "replacing")
    connection = {"name": "prod_dws", "type": "DWS", "config": {"clusterName": "c", "password": "p"}}
    made = platform.http.post(
        f"{platform.factory}/connections", json=connection, headers={"workspace": there}
    )
    assert made.status_code == 204

    failed = _import(sdk, platform, there, path)
    assert failed.status == "FAILED"
    assert "test_dws" in failed.subtasks[0].message
    swap = [{"name": "test_dws", "type": "DWS_CONNECTION", "replace": "prod_dws"}]
    assert _import(sdk, platform, there, path, resources=swap).status == "SUCCESSFUL"
    shown = sdk.show_job(dgc.ShowJobRequest(workspace=there, job_name="orders"))
    assert shown.nodes[0].properties[0].value == "prod_dws"

    with pytest.raises(ClientRequestException) as refused:
        _import(sdk, platform, there, path, resources=[{"name": "a", "type": "MOON", "replace": "b"}])
    assert refused.value.error_code == "DLF.3051"
    assert "MOON" in refused.value.error_msg


def test_a_batch_export_into_object_storage_can_be_imported(
    sdk: Any, platform: Served, workspace: str
) -> None:
    _fill(sdk, workspace, "a", "b")
    body = {"jobList": ["a", "b"], "obsPath": "obs://shelf"}
    answer = sdk.export_job_list(dgc.ExportJobListRequest(workspace=workspace, body=body))
    folder = json.loads(answer.raw_content)["obsPath"]
    assert folder.startswith("obs://shelf/jobs_exported/")
    assert len(folder.rpartition("/")[2]) == 13
    there = _other(platform, "batch-receiving")
    task = _import(sdk, platform, there, f"{folder}/jobs.zip")
    assert (task.status, len(task.subtasks)) == ("SUCCESSFUL", 4)


def test_what_a_streamed_export_holds_can_be_put_there_by_hand(
    sdk: Any, platform: Served, workspace: str
) -> None:
    _fill(sdk, workspace, "orders")
    content = sdk.export_job(dgc.ExportJobRequest(workspace=workspace, job_name="orders")).raw_content
    bucket = platform.folder / "objects" / "by-hand"
    bucket.mkdir(parents=True)
    (bucket / "orders.zip").write_bytes(content)
    there = _other(platform, "by-hand")
    assert _import(sdk, platform, there, "obs://by-hand/orders.zip").status == "SUCCESSFUL"


def test_a_task_that_nobody_knows(sdk: Any) -> None:
    with pytest.raises(ClientRequestException) as refused:
        sdk.list_system_tasks(dgc.ListSystemTasksRequest(task_id="moon"))
    assert (refused.value.error_code, refused.value.error_msg) == ("DLF.20810", "Task[moon] does not exist")
