"""The platform itself: is it well, who is it, what may be set."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import msgspec
from anyio import to_thread
from fastapi import Depends, Request, Response

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import Signed, own_call
from jobferry.api.signin import platform_of
from jobferry.api.wire import answer

VERSION = version("jobferry")

router = LateRouter(tags=["platform"])


_FOR_ALL: dict[str, Any] = {"security": []}


@router.get("/healthz", response_model=answers.Health, openapi_extra=_FOR_ALL)
async def healthz() -> Response:
    """The process answers. No thread is needed for that, so none can be lacking."""
    return answer({"status": "ok"})


@router.get("/readyz", response_model=answers.Health, openapi_extra=_FOR_ALL)
async def readyz(request: Request) -> Response:
    """The platform can work: 503 with the reason if it cannot."""
    await to_thread.run_sync(platform_of(request).ready, limiter=request.app.state.probes)
    return answer({"status": "ok"})


@router.get("/api/openapi.json", include_in_schema=False, dependencies=[Depends(own_call)])
def openapi() -> Response:
    """This API's description."""
    from jobferry.api.own.description import own_description  # heavy, and seldom asked for

    return answer(own_description(VERSION))


@router.get("/api/openapi-factory.json", include_in_schema=False, dependencies=[Depends(own_call)])
def openapi_factory() -> Response:
    """The Factory API's description."""
    from jobferry.api.factory.description import factory_description  # so is this one

    return answer(factory_description(VERSION))


@router.get("/api/platform", response_model=answers.PlatformAnswer)
def show_platform(call: Signed) -> Response:
    """Which platform this is, and how big packages may be."""
    stored = call.platform.stored
    values, limits = stored.values(), msgspec.to_builtins(stored.limits())
    sizes = {name: size for name, size in limits.items() if isinstance(size, int)}
    factory = {
        "factory_package_bytes": values.factory_package_bytes,
        "factory_local_bytes": values.factory_local_bytes,
        "factory_unpacked_bytes": values.factory_unpacked_bytes,
    }
    identity = call.platform.identity
    return answer({**msgspec.to_builtins(identity), "version": VERSION, "limits": sizes | factory})
