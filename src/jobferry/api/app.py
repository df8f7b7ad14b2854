"""The HTTP door of one platform: the Factory API and Jobferry's own, behind one front."""

from __future__ import annotations

from anyio import CapacityLimiter
from fastapi import FastAPI

from jobferry.api import problems
from jobferry.api.calls import Declared
from jobferry.api.door import Door
from jobferry.api.families import TakingUp
from jobferry.api.front import Front
from jobferry.api.intake import Intake
from jobferry.api.native.calls import CALLS as NATIVE
from jobferry.api.own.routes import FAMILIES
from jobferry.bootstrap.platform import RunningPlatform

_WAITERS = 256
"""How many calls may wait at once; they have threads of their own, and so keep nobody else waiting."""
_PROBES = 4
"""How many threads are kept for telling whether the platform is ready, whatever the others do."""


def create_app(platform: RunningPlatform, *, late: bool = False) -> FastAPI:
    """The application that serves a running platform; whoever makes it also closes the platform.

    ``late`` is for a process that asks a few calls of its own and ends: it loads and makes each of them when
    it is first asked for, none of the Factory API, and hurries no client. Elsewhere no call waits for that,
    and what is wrong with one shows at the start.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.platform = platform
    app.state.waiters = CapacityLimiter(_WAITERS)
    app.state.probes = CapacityLimiter(_PROBES)
    problems.install(app)
    if late:
        app.add_middleware(TakingUp, router=app.router, families=FAMILIES)
    else:
        app.router.routes += [call for one in FAMILIES for call in one.router().ready().calls()]
    app.add_middleware(Door, platform=platform, calls=NATIVE if late else _of_both_apis())
    app.add_middleware(Intake, platform=platform, is_hurried=not late)
    app.add_middleware(Front)
    return app


def _of_both_apis() -> tuple[Declared, ...]:
    from jobferry.api.factory.calls import CALLS as FACTORY

    return (*NATIVE, *FACTORY)
