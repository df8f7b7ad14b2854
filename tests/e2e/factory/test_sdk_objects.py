"""The official SDK, unchanged and signing, against the objects of a served platform."""

from __future__ import annotations

import json
from typing import Any

import pytest
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkdgc import v1 as dgc

from builders import job, node, resource, script
from e2e.factory.served import Served


def _create(sdk: Any, workspace: str, document: dict[str, Any]) -> None:
    made = sdk.create_job(dgc.CreateJobRequest(workspace=workspace, body=document))
    assert made.status_code == 204
    assert made.raw_content == b""


def test_a_job_is_created_shown_listed_changed_and_deleted(sdk: Any, workspace: str) -> None:
    document = job("orders", node("load", "RESTAPI", url="http://x"), directory="/dw/ods")
    _create(sdk, workspace, document)

    shown = sdk.show_job(dgc.ShowJobRequest(workspace=workspace, job_name="orders"))
    assert shown.name == "orders"
    assert shown.directory == "/dw/ods"
    assert shown.version == "1"
    assert shown.basic_config.tags == []
    assert shown.nodes[0].properties[0].value == "http://x"

    listed = sdk.list_jobs(dgc.ListJobsRequest(workspace=workspace, job_name="RDER", limit=100))
    assert listed.total == 1
    line = listed.jobs[0]
    assert (line.name, line.path, line.status) == ("orders", "/dw/ods", "STOPPED")
    assert line.create_time == shown.create_time

    changed = sdk.update_job(
        dgc.UpdateJobRequest(workspace=workspace, job_name="orders", body={**document, "id": shown.id})
    )
    assert changed.status_code == 204
    again = sdk.show_job(dgc.ShowJobRequest(workspace=workspace, job_name="orders"))
    assert (again.id, again.version) == (shown.id, "2")

    assert sdk.delete_job(dgc.DeleteJobRequest(workspace=workspace, job_name="orders")).status_code == 204
    with pytest.raises(ClientRequestException) as refused:
        sdk.show_job(dgc.ShowJobRequest(workspace=workspace, job_name="orders"))
    assert refused.value.status_code == 400
    assert refused.value.error_code == "DLF.0100"
    assert refused.value.error_msg == "The job does not exist."
    assert len(refused.value.request_id) == 32


def test_versions_and_the_live_version_are_told_apart(sdk: Any, workspace: str) -> None:
    _create(sdk, workspace, job("orders", description="first"))
    body = job("orders", description="draft", targetStatus="SAVED")
    sdk.update_job(dgc.UpdateJobRequest(workspace=workspace, job_name="orders", body=body))

    def description(**query: Any) -> str:
        asked = dgc.ShowJobRequest(workspace=workspace, job_name="orders", **query)
        return str(sdk.show_job(asked).description)

    assert description() == "draft"
    assert description(get_job_submit_version=False) == "draft"
    assert description(get_job_submit_version=True) == "first"
    assert description(version=1) == "first"
    with pytest.raises(ClientRequestException) as refused:
        description(version=2)
    assert refused.value.error_code == "DLF.3051"


def test_the_jobs_that_wait_for_a_job_are_named(sdk: Any, workspace: str) -> None:
    _create(sdk, workspace, job("first"))
    _create(sdk, workspace, job("second", upstream=["first"]))
    _create(sdk, workspace, job("third", upstream=["second"]))

    asked = dgc.ShowJobRequest(workspace=workspace, job_name="first", dependencies=True)
    assert [one.job_name for one in sdk.show_job(asked).downstream_jobs] == ["second"]


@pytest.mark.parametrize("name", ["作业.每日-订单_1", "a..b", "import", "batch-export", "instances"])
def test_names_that_look_odd_are_kept(sdk: Any, workspace: str, name: str) -> None:
    _create(sdk, workspace, job(name))
    assert sdk.show_job(dgc.ShowJobRequest(workspace=workspace, job_name=name)).name == name
    sdk.stop_job(dgc.StopJobRequest(workspace=workspace, job_name=name))
    exported = sdk.export_job(dgc.ExportJobRequest(workspace=workspace, job_name=name))
    assert exported.raw_content.startswith(b"PK")
    sdk.delete_job(dgc.DeleteJobRequest(workspace=workspace, job_name=name))


def test_a_name_with_a_slash_or_a_blank_arrives_whole_and_is_unknown(sdk: Any, workspace: str) -> None:
    for name in ("作业 a/b.c+d", "a b", "50%25"):
        with pytest.raises(ClientRequestException) as refused:
            sdk.show_job(dgc.ShowJobRequest(workspace=workspace, job_name=name))
        assert refused.value.error_code == "DLF.0100"
    with pytest.raises(ClientRequestException) as refused:
        sdk.create_job(dgc.CreateJobRequest(workspace=workspace, body=job("a b")))
    assert refused.value.error_code == "DLF.3018"


def test_a_script_goes_round(sdk: Any, workspace: str) -> None:
    document = script("清洗", "SELECT 1", configuration={"a": "1"}, directory="/sql")
    made = sdk.create_script(dgc.CreateScriptRequest(workspace=workspace, body=document))
    assert made.status_code == 204
    body = {**document, "configuration": {"a": "1", "b": "2"}}
    changed = sdk.update_script(dgc.UpdateScriptRequest(workspace=workspace, script_name="清洗", body=body))
    assert changed.status_code == 204

    shown = sdk.show_script(dgc.ShowScriptRequest(workspace=workspace, script_name="清洗"))
    assert shown.configuration == {"a": "1", "b": "2"}
    assert (shown.version, shown.owner) == (2, "administrator")
    assert json.loads(shown.raw_content)["createUser"] == "administrator"
    listed = sdk.list_scripts(dgc.ListScriptsRequest(workspace=workspace, limit="10"))
    assert (listed.total, listed.scripts[0].directory) == (1, "/sql")
    deleted = sdk.delete_script(dgc.DeleteScriptRequest(workspace=workspace, script_name="清洗"))
    assert deleted.status_code == 204


def test_a_resource_goes_round(sdk: Any, workspace: str) -> None:
    made = sdk.create_resource(dgc.CreateResourceRequest(workspace=workspace, body=resource("lookup")))
    found = json.loads(made.raw_content)["resourceId"]
    body = {**resource("lookup"), "directory": "/", "desc": "newer"}
    changed = sdk.update_resource(
        dgc.UpdateResourceRequest(workspace=workspace, resource_id=found, body=body)
    )
    assert changed.status_code == 204

    shown = sdk.show_resource(dgc.ShowResourceRequest(workspace=workspace, resource_id=found))
    assert (shown.id, shown.name, shown.desc) == (found, "lookup", "newer")
    listed = sdk.list_resources(dgc.ListResourcesRequest(workspace=workspace))
    assert [one.id for one in listed.resources] == [found]
    deleted = sdk.delete_resource(dgc.DeleteResourceRequest(workspace=workspace, resource_id=found))
    assert deleted.status_code == 204
    with pytest.raises(ClientRequestException) as refused:
        sdk.show_resource(dgc.ShowResourceRequest(workspace=workspace, resource_id=found))
    assert refused.value.error_code == "DLF.6241"


def test_every_other_call_of_the_sdk_is_answered_as_documented(sdk: Any, workspace: str) -> None:
    _create(sdk, workspace, job("orders"))
    sdk.create_script(dgc.CreateScriptRequest(workspace=workspace, body=script("clean")))
    here: dict[str, Any] = {"workspace": workspace}
    calls: list[tuple[Any, Any, str]] = [
        (sdk.run_once, dgc.RunOnceRequest(job_name="orders", **here), "DLF.3051"),
        (sdk.show_job_status, dgc.ShowJobStatusRequest(job_name="orders", **here), "DLF.3051"),
        (
            sdk.show_job_instance,
            dgc.ShowJobInstanceRequest(job_name="orders", instance_id=1, **here),
            "DLF.0137",
        ),
        (
            sdk.stop_job_instance,
            dgc.StopJobInstanceRequest(job_name="orders", instance_id=1, **here),
            "DLF.0137",
        ),
        (
            sdk.restore_job_instance,
            dgc.RestoreJobInstanceRequest(job_name="orders", instance_id=1, **here),
            "DLF.0137",
        ),
        (sdk.execute_script, dgc.ExecuteScriptRequest(script_name="clean", body={}, **here), "DLF.3051"),
        (
            sdk.list_script_results,
            dgc.ListScriptResultsRequest(script_name="clean", instance_id="i", **here),
            "DLF.6205",
        ),
        (
            sdk.cancel_script,
            dgc.CancelScriptRequest(script_name="clean", instance_id="i", **here),
            "DLF.6205",
        ),
    ]
    for call, request, code in calls:
        with pytest.raises(ClientRequestException) as refused:
            call(request)
        assert (refused.value.status_code, refused.value.error_code) == (400, code), call
    instances = sdk.list_job_instances(dgc.ListJobInstancesRequest(job_name="orders", **here))
    assert (instances.total, instances.instances) == (0, [])


def test_wrong_keys_are_turned_away_in_the_same_envelope(platform: Served, workspace: str) -> None:
    request = dgc.ListJobsRequest(workspace=workspace)
    for other in ({"secret_key": "wrong"}, {"access_key": "UNKNOWN"}):
        with pytest.raises(ClientRequestException) as refused:
            platform.sdk(**other).list_jobs(request)
        assert (refused.value.status_code, refused.value.error_code) == (401, "APIGW.0301")
    with pytest.raises(ClientRequestException) as refused:
        platform.sdk(project_id="elsewhere").list_jobs(request)
    assert refused.value.status_code == 403
    assert refused.value.error_code == "DLF.6888"
