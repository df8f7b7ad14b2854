"""A platform served by a process of its own, and how the tests talk to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkdgc.v1 import DgcClient, ListSystemTasksRequest
from huaweicloudsdkdgc.v1.model import ListSystemTasksResponse

from tables import own_database

_LAUNCHER = Path(__file__).with_name("launch.py")


class Served:
    """One served platform."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self.credentials: dict[str, str] = json.loads((folder / "credentials.json").read_text())
        self.http = httpx.Client(
            base_url=self.url,
            headers={"X-Auth-Token": self.credentials["token"]},
            trust_env=False,
            timeout=60,
            verify=False,
        )

    @property
    def factory(self) -> str:
        """The start of every Factory API path."""
        return f"/v1/{self.credentials['project_id']}"

    def sdk(self, **other: str) -> Any:
        """The official SDK's client, signing with this platform's credentials."""
        own = self.credentials | other
        signer = BasicCredentials(own["access_key"], own["secret_key"], own["project_id"])
        return DgcClient.new_builder().with_credentials(signer).with_endpoint(self.url).build()

    def finished(self, task_id: str) -> ListSystemTasksResponse:
        """The task as the SDK sees it, once it has ended."""
        waited = self.http.get(f"/api/tasks/{task_id}", params={"wait": 50})
        assert waited.json()["status"] != "RUNNING", waited.text
        return self.sdk().list_system_tasks(ListSystemTasksRequest(task_id=task_id))


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serves a platform from this folder while the context lasts."""
    with subprocess.Popen(
        [sys.executable, str(_LAUNCHER), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | own_database(folder),
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            told = process.stdout.readline()
            assert told, "the platform did not start"
            platform = Served(folder, int(told))
            with platform.http:
                yield platform
        finally:
            process.stdin.close()
            process.wait(30)
