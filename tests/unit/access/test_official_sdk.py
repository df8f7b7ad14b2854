"""Real calls of the official SDK, taken from the socket."""

from typing import Any

import pytest

from jobferry.access.signature import SignedRequest, _milliseconds, parse_authorization, verify
from jobferry.errors import Unauthenticated
from unit.access.signing import ACCESS_KEY, SECRET_KEY

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the SDK calls utcnow()

ODD_NAMES = ["orders_daily", "作业 a/b.c+d", "a&b=c?d#e", "100%~-_.", "日报（旧）;x", "a//b", "é😀"]
WORKSPACE = "d1cd7861478748a6925bc02f47c69279"


def client(address: str) -> Any:
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkdgc.v1 import DgcClient

    credentials = BasicCredentials(ACCESS_KEY, SECRET_KEY, "projA")
    return DgcClient.new_builder().with_credentials(credentials).with_endpoint(address).build()


def calls(sdk: Any, name: str) -> list[Any]:
    from huaweicloudsdkdgc import v1

    return [
        lambda: sdk.show_job(v1.ShowJobRequest(workspace=WORKSPACE, job_name=name, version="3")),
        lambda: sdk.list_jobs(
            v1.ListJobsRequest(job_name=name, job_type="BATCH", limit=10, offset=0, tags="x,y")
        ),
        lambda: sdk.delete_job(v1.DeleteJobRequest(job_name=name)),
        lambda: sdk.export_job(v1.ExportJobRequest(workspace=WORKSPACE, job_name=name)),
        lambda: sdk.export_job(
            v1.ExportJobRequest(job_name=name, body=v1.ExportJobReq(export_depend=True, obs_path=name))
        ),
        lambda: sdk.import_job(
            v1.ImportJobRequest(
                workspace=WORKSPACE,
                body=v1.ImportFileReq(path=f"obs://bucket/{name}.zip", same_name_policy="OVERWRITE"),
            )
        ),
        lambda: sdk.start_job(v1.StartJobRequest(job_name=name)),
        lambda: sdk.list_job_instances(
            v1.ListJobInstancesRequest(job_name=name, min_plan_time=1, instance_type=0, precise_query=True)
        ),
        lambda: (
            sdk.show_job_invoker(v1.ShowJobRequest(job_name=name)).add_header("X-Auth-Token", "t").invoke()
        ),
    ]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_every_call_verifies(wire: tuple[str, list[SignedRequest]], name: str) -> None:
    address, seen = wire
    seen.clear()
    made = calls(client(address), name)
    for call in made:
        call()
    assert len(seen) == len(made)
    for request in seen:
        header = request.header("Authorization") or b""
        assert parse_authorization(header.decode()).access_key == ACCESS_KEY
        now = _milliseconds(request.header("X-Sdk-Date") or b"")
        verify(request, SECRET_KEY.encode(), now)
        with pytest.raises(Unauthenticated):
            verify(request, b"another secret", now)
