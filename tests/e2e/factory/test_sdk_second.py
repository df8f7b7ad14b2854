"""The official SDK of the second version, unchanged and signing: jobs, scripts, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkdataartsstudio import v1 as studio

from builders import job, script
from e2e.factory.served import Served


@pytest.fixture
def second(platform: Served) -> Any:
    """The client, signing with the platform's credentials."""
    own = platform.credentials
    signer = BasicCredentials(own["access_key"], own["secret_key"], own["project_id"])
    builder = studio.DataArtsStudioClient.new_builder()
    return builder.with_credentials(signer).with_endpoint(platform.url).build()


def body(name: str, **more: Any) -> studio.JobInfoRequest:
    first = studio.Node(
        name="load",
        type="HiveSQL",
        location=studio.Location(x="1", y="2"),
        properties=[studio.ModelProperty(name="scriptName", value="clean")],
        max_execution_time=360,
    )
    last = studio.Node(
        name="tell",
        type="Dummy",
        location=studio.Location(x="1", y="3"),
        pre_node_names=["load"],
        conditions=[studio.Condition(pre_node_name="load", expression="#{true}")],
        properties=[],
    )
    return studio.JobInfoRequest(
        name=name,
        nodes=[first, last],
        schedule=studio.Schedule(type="EXECUTE_ONCE"),
        process_type="BATCH",
        directory="/dw",
        **more,
    )


def documented(platform: Served, workspace: str, name: str) -> dict[str, Any]:
    answer = platform.http.get(f"/api/workspaces/{workspace}/documents/job/{name}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def code_of(call: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(ClientRequestException) as refused:
        call()
    assert refused.value.error_msg
    return refused.value.status_code, refused.value.error_code


def test_a_job_is_created_as_the_first_version_has_it(second: Any, platform: Served, workspace: str) -> None:
    basic = studio.BasicInfo(execute_user="lin", custom_fields={"cost_centre": {"a_b": 1}})
    waited_for = studio.DependJob(jobs=["orders"], depend_period="SAME_PERIOD", depend_fail_policy="FAIL")
    cron = studio.Cron(
        start_time="2030-01-01T00:00:00+08",
        expression="0 0 1 * * ?",
        depend_pre_period=False,
        depend_jobs=[waited_for],
    )
    asked = studio.CreateFactoryJobRequest(workspace=workspace, body=body("orders"))
    assert second.create_factory_job(asked).status_code == 204
    more = {"owner": "wang", "priority": "2", "basic_config": basic}
    wanted = body("items", **more)
    wanted.schedule = studio.Schedule(type="CRON", cron=cron)
    second.create_factory_job(studio.CreateFactoryJobRequest(workspace=workspace, body=wanted))
    found = documented(platform, workspace, "items")
    assert found["processType"] == "BATCH"
    assert found["nodes"][0]["maxExecutionTime"] == 360
    assert found["nodes"][1]["preNodeName"] == ["load"]
    assert found["nodes"][1]["conditions"] == [{"preNodeName": "load", "expression": "#{true}"}]
    assert found["schedule"]["cron"]["dependJobs"] == {
        "jobs": ["orders"],
        "dependPeriod": "SAME_PERIOD",
        "dependFailPolicy": "FAIL",
    }
    assert found["basicConfig"] == {
        "executeUser": "lin",
        "customFields": {"cost_centre": {"a_b": 1}},
        "owner": "wang",
        "priority": "2",
    }
    del found["basicConfig"]
    assert not re.search(r'"[a-z]+_[a-z_]+":', json.dumps(found))
    again = studio.CreateFactoryJobRequest(workspace=workspace, body=body("orders"))
    assert code_of(lambda: second.create_factory_job(again)) == (400, "DLF.0102")


def test_jobs_waited_for_in_two_ways_are_refused(second: Any, workspace: str) -> None:
    groups = [
        studio.DependJob(jobs=["a"], depend_period="SAME_PERIOD"),
        studio.DependJob(jobs=["b"], depend_period="PRE_PERIOD"),
    ]
    wanted = body("orders")
    cron = studio.Cron(start_time="2030-01-01T00:00:00+08", expression="0 0 1 * * ?", depend_jobs=groups)
    wanted.schedule = studio.Schedule(type="CRON", cron=cron)
    asked = studio.CreateFactoryJobRequest(workspace=workspace, body=wanted)
    assert code_of(lambda: second.create_factory_job(asked)) == (400, "DLF.3051")


def test_jobs_are_listed_by_what_is_said_of_them(second: Any, platform: Served, workspace: str) -> None:
    http, here = platform.http, f"/api/workspaces/{workspace}"
    for name, tags in (("a", ["red"]), ("b", ["red", "blue"]), ("c", [])):
        document = job(name, basicConfig={"tags": tags, "owner": "wang", "priority": 1}, emptyRunningJob="1")
        assert http.post(f"{here}/objects/job", json=document).status_code == 201
    assert http.post(f"{here}/jobs/c/start").status_code == 200

    def listed(**query: Any) -> list[str]:
        found = second.list_factory_jobs(studio.ListFactoryJobsRequest(workspace=workspace, **query))
        assert found.total >= len(found.jobs)
        return [one.name for one in found.jobs]

    assert listed() == ["a", "b", "c"]
    assert listed(limit=1, offset=1) == listed(job_name="B") == ["b"]
    assert listed(tags="red,blue") == ["a", "b"]
    assert listed(tags="red,blue", match_all_tags=True) == ["b"]
    assert listed(tags="moon") == listed(job_type="REAL_TIME") == []
    assert listed(status="SCHEDULING") == ["c"]
    shown = second.list_factory_jobs(studio.ListFactoryJobsRequest(workspace=workspace, job_name="a")).jobs[0]
    assert (shown.owner, shown.priority, shown.status, shown.path) == ("wang", 1, "STOPPED", "/")
    assert (shown.empty_running_job, shown.alarms) == ("1", [])
    number = http.get(f"{platform.factory}/jobs/a", headers={"workspace": workspace}).json()["id"]
    assert listed(job_id=f"{number},77") == ["a"]
    many = ",".join(map(str, range(51)))
    refused: list[dict[str, Any]] = [
        {"job_id": many},
        {"connection_name": "x"},
        {"sink_name": "x"},
        {"limit": 101},
    ]
    for query in refused:
        assert code_of(partial(listed, **query)) == (400, "DLF.3051")


def test_a_job_is_renamed_and_tagged(second: Any, platform: Served, workspace: str) -> None:
    http, here = platform.http, f"/api/workspaces/{workspace}"
    assert http.post(f"{here}/objects/job", json=job("orders")).status_code == 201
    renamed = studio.UpdateFactoryJobNameRequestBody(name="bills")
    asked = studio.UpdateFactoryJobNameRequest(workspace=workspace, job_name="orders", body=renamed)
    assert second.update_factory_job_name(asked).is_success is True
    tags = studio.SetJobTagsRequestBody(tag_names=["red"])
    second.set_factory_job_tags(
        studio.SetFactoryJobTagsRequest(workspace=workspace, job_name="bills", body=tags)
    )
    assert documented(platform, workspace, "bills")["basicConfig"]["tags"] == ["red"]
    assert code_of(lambda: second.update_factory_job_name(asked)) == (400, "DLF.0100")


def test_scripts_are_listed_without_their_content(second: Any, platform: Served, workspace: str) -> None:
    http, here = platform.http, f"/api/workspaces/{workspace}"
    document = script("clean", connectionName="hive", currentDatabase="dw", configuration={"k": "1.50"})
    assert http.post(f"{here}/objects/script", json=document).status_code == 201
    assert http.post(f"{here}/objects/script", json=script("other")).status_code == 201
    found = second.list_factory_scripts(studio.ListFactoryScriptsRequest(workspace=workspace, limit=1))
    assert (found.total, [one.name for one in found.scripts]) == (2, ["clean"])
    one = found.scripts[0]
    assert (one.connection_name, one.database, one.configuration) == ("hive", "dw", {"k": "1.50"})
    assert (one.version, one.create_user, one.owner) == (1, "administrator", "administrator")
    asked = studio.ListFactoryScriptsRequest(workspace=workspace, script_name="THE")
    assert [one.name for one in second.list_factory_scripts(asked).scripts] == ["other"]


def test_what_needs_an_engine_is_refused_and_what_has_not_run_is_empty(
    second: Any, platform: Served, workspace: str
) -> None:
    made = platform.http.post(f"/api/workspaces/{workspace}/objects/job", json=job("orders"))
    assert made.status_code == 201
    asked = {"workspace": workspace, "job_name": "orders"}
    runs = second.list_factory_job_instances_by_name(studio.ListFactoryJobInstancesByNameRequest(**asked))
    assert (runs.total, runs.instances) == (0, [])
    patches = second.show_factory_supplement_data(
        studio.ShowFactorySupplementDataRequest(workspace=workspace)
    )
    assert (patches.total, patches.rows, patches.success) == (0, [], True)

    def patch(name: str) -> Any:
        wanted = studio.CreateFactorySupplementDataInstanceRequestBody(
            name="p", job_name=name, start_date="2030-01-01", end_date="2030-01-02", parallel=1
        )
        return second.create_factory_supplement_data_instance(
            studio.CreateFactorySupplementDataInstanceRequest(workspace=workspace, body=wanted)
        )

    def stop() -> Any:
        wanted = studio.StopFactorySupplementDataInstanceRequest(workspace=workspace, instance_name="p")
        return second.stop_factory_supplement_data_instance(wanted)

    def retry() -> Any:
        wanted = studio.RetryFactoryJobInstanceRequest(**asked, body=studio.RetryFactoryJobInstanceBody())
        return second.retry_factory_job_instance(wanted)

    def dependent() -> Any:
        wanted = studio.ShowFactoryDependInstancesRequest(workspace=workspace, instance_id=7)
        return second.show_factory_depend_instances(wanted)

    assert code_of(lambda: patch("orders")) == (400, "DLF.3051")
    assert code_of(lambda: patch("nobody")) == (400, "DLF.0100")
    assert code_of(stop) == code_of(dependent) == (400, "DLF.0137")
    assert code_of(retry) == (400, "DLF.3051")
    shown = studio.ShowRealTimeJobDetailsRequest(**asked)
    assert code_of(lambda: second.show_real_time_job_details(shown)) == (400, "DLF.3051")


def test_calls_that_are_not_offered_are_refused_by_name(platform: Served, workspace: str) -> None:
    v2 = f"/v2/{platform.credentials['project_id']}/factory"
    for path in (
        "jobs/orders/depend",
        "workspaces/approval",
        "alarm/rules",
        "search",
        "monitor/task-completion-data",
        "monitor/task-statistics-overview",
        "task-table-references",
        "aiops/i1/baseline",
        "aiops/i1/baselineinstance",
        "aiops/i1/event",
    ):
        answer = platform.http.get(f"{v2}/{path}", headers={"workspace": workspace})
        assert (answer.status_code, answer.json()["error_code"]) == (404, "APIGW.0101")
        assert "not offered" in answer.text, path
