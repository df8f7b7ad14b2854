"""Who reads the measures, where it is not plain whence they ask."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.types import Message, Receive, Scope, Send

from jobferry.api.metrics import Metrics


@pytest.mark.parametrize(
    ("client", "status"), [(("127.0.0.1", 1), 200), (("a.host", 1), 403), (("", 1), 403), (None, 403)]
)
def test_only_an_address_of_this_machine_reads_them_without_a_token(
    client: tuple[str, int] | None, status: int
) -> None:
    left: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        left.append(message)

    told: Scope = {"type": "http", "method": "GET", "path": "/metrics", "headers": [], "query_string": b""}
    settings = SimpleNamespace(metrics_token=SecretStr(""))
    platform: Any = SimpleNamespace(settings=settings, measures=lambda: [])
    wrapped = Metrics(app, platform)
    asyncio.run(wrapped({**told, "client": client, "state": {"request_id": "r"}}, receive, send))
    assert left[0]["status"] == status
