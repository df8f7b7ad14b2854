"""Connections and environment variables through the official SDK, which has no methods for them but signs."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from e2e.factory.served import Served

MARKER = "marker-3318"


def call(sdk: Any, method: str, path: str, workspace: str, body: Any = None) -> Any:
    """A signed call as the SDK makes those that it has methods for."""
    return sdk.do_http_request(
        method=method,
        resource_path=path,
        path_params={},
        query_params=[],
        header_params={"workspace": workspace, "Content-Type": "application/json"},
        body=body,
        post_params={},
        cname=None,
        response_type="ExportJobResponse",
        response_headers=[],
        collection_formats={},
        request_type="",
    )


def test_connections_and_variables_through_the_sdk(platform: Served, workspace: str, sdk: Any) -> None:
    config = {"ip": "127.0.0.1", "port": "1", "userName": "u", "password": MARKER}
    document = {"name": "rds", "type": "RDS", "config": config}
    call(sdk, "POST", "/v1/{project_id}/connections", workspace, document)
    package = call(sdk, "POST", "/v1/{project_id}/connections/export", workspace).raw_content
    with zipfile.ZipFile(io.BytesIO(package)) as whole:
        assert whole.namelist() == ["connections/rds.conn"]
        assert MARKER.encode() not in whole.read("connections/rds.conn")
    bucket = platform.folder / "objects" / "moved"
    bucket.mkdir(parents=True, exist_ok=True)
    (bucket / "c.zip").write_bytes(package)
    other = platform.http.post("/api/workspaces", json={"name": "sdk-connections"}).json()["id"]
    body = {"path": "obs://moved/c.zip", "sameNamePolicy": "OVERWRITE", "params": []}
    begun = call(sdk, "POST", "/v1/{project_id}/connections/import", other, body)
    assert platform.finished(json.loads(begun.raw_content)["taskId"]).status == "SUCCESSFUL"
    params = [{"name": "region", "type": "variable", "value": "eu", "desc": "where"}]
    assert call(sdk, "PUT", "/v2/{project_id}/factory/env", other, {"params": params}).status_code == 200
    shown = call(sdk, "GET", "/v2/{project_id}/factory/env", other)
    assert json.loads(shown.raw_content) == {"params": params}
