"""``/metrics`` for Prometheus: requests as they are answered here, and what the platform measures when asked.

It answers callers on this machine, or those who send the token of the settings; with a token nobody else.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterator

from anyio import to_thread
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobferry.api.front import is_loopback
from jobferry.api.languages import reader_of
from jobferry.api.problems import refusal
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.errors import ErrorCode, Forbidden

PATH = "/metrics"
_PROXY_HEADERS = frozenset(("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip"))
"""Headers by which proxies name a client or themselves, beside ``X-Forwarded-…``."""
_PREFIX = "jobferry_"
_MEANINGS = {
    "database_up": "Whether the database answers.",
    "database_seconds": "Seconds that reading these measures from the database took.",
    "database_bytes": "Size of the database.",
    "imports": "Imports by state.",
    "tasks": "Background tasks by kind, status and phase; ended ones are kept for some days.",
    "oldest_task_seconds": "Age of the oldest task that has not ended.",
    "backup_failed": "Whether the last backup that was due has failed.",
    "backup_success_timestamp_seconds": "When the last good backup that the platform took ended.",
    "backup_bytes": "Its size.",
    "webhook_waiting": "Calls of the webhook that were not taken yet.",
    "webhook_oldest_seconds": "Age of the oldest of them.",
    "objects_up": "Whether an object store answers, by its name; asked every ten seconds at most.",
    "objects_seconds": "Seconds that the last answer of an object store took.",
    "disk_free_bytes": "Free room on the disk of the data folder.",
    "folder_bytes": "Size of the folders of handed-in packages and of downloads.",
}


class Metrics:
    """Wraps the application: counts every request, and answers ``/metrics`` itself."""

    def __init__(self, app: ASGIApp, platform: RunningPlatform) -> None:
        self._app = app
        self._token = platform.settings.metrics_token.get_secret_value()
        self._registry = CollectorRegistry()
        self._registry.register(_Measured(platform))
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._requests = Counter(
            f"{_PREFIX}requests", "Answered requests.", ("api", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            f"{_PREFIX}request_seconds",
            "Seconds until the last byte of an answer.",
            ("api",),
            registry=self._registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] in ("GET", "HEAD"):
            await (await self._answer(scope))(scope, receive, send)
            return
        await self._counted(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        if not self._may_read(scope):
            error = Forbidden(
                ErrorCode.NOT_ALLOWED,
                "these measures are not for everybody",
                hint="ask from the platform's own machine, or send the token of JOBFERRY_METRICS_TOKEN as "
                "Authorization: Bearer",
            )
            reader = reader_of(scope["query_string"], scope["headers"])
            return refusal(error, PATH, scope["method"], scope["state"]["request_id"], reader)
        text = await to_thread.run_sync(generate_latest, self._registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    def _may_read(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if self._token:
            sent = headers.get("authorization", "").encode()
            return hmac.compare_digest(sent, f"Bearer {self._token}".encode())
        host = scope["client"][0] if scope.get("client") else ""
        is_forwarded = any(name in _PROXY_HEADERS or name.startswith("x-forwarded-") for name in headers)
        return not is_forwarded and is_loopback(host)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        api = _api_of(scope.get("path", ""))
        try:
            await self._app(scope, receive, noted)
        finally:
            self._requests.labels(api, _method_of(scope), str(status)).inc()
            self._seconds.labels(api).observe(time.perf_counter() - began)


class _Measured(Collector):
    """What the platform measures, asked anew each time."""

    def __init__(self, platform: RunningPlatform) -> None:
        self._platform = platform

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found: dict[str, GaugeMetricFamily] = {}
        for measure in self._platform.measures():
            names = sorted(measure.labels)
            family = found.setdefault(
                measure.name,
                GaugeMetricFamily(_PREFIX + measure.name, _MEANINGS[measure.name], labels=names),
            )
            family.add_metric([measure.labels[name] for name in names], measure.value)
        yield from found.values()

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked of the database before somebody wants to know."""
        return []


def _api_of(path: str) -> str:
    """Which family a path belongs to: names in paths are too many to be told apart."""
    word = path.removeprefix("/").partition("/")[0]
    if word in ("api", "healthz", "readyz"):
        return "native" if word == "api" else "health"
    return "factory" if word in ("v1", "v2") else "console"


def _method_of(scope: Scope) -> str:
    method = str(scope.get("method", ""))
    return method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"
