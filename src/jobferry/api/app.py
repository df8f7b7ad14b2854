"""The HTTP door of one platform: the Factory API and Jobferry's own, behind one front."""

from __future__ import annotations

from fastapi import FastAPI

from jobferry.api import problems
from jobferry.api.door import Door
from jobferry.api.factory.routes import FAMILIES as FACTORY
from jobferry.api.families import TakingUp
from jobferry.api.front import Front
from jobferry.api.intake import Intake
from jobferry.api.native.calls import CALLS
from jobferry.api.own.routes import FAMILIES as OWN
from jobferry.bootstrap.platform import RunningPlatform

_FAMILIES = (*OWN, *FACTORY)


def create_app(platform: RunningPlatform, *, late: bool = False) -> FastAPI:
    """The application that serves a running platform; whoever makes it also closes the platform.

    ``late`` is for a process that asks a few calls of its own and ends: it loads and makes each of them when
    it is first asked for, and hurries no client. Elsewhere no call waits for that, and what is wrong with one
    shows at the start.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.platform = platform
    problems.install(app)
    if late:
        app.add_middleware(TakingUp, router=app.router, families=_FAMILIES)
    else:
        app.router.routes += [call for one in _FAMILIES for call in one.router().ready().calls()]
    app.add_middleware(Door, platform=platform, calls=CALLS)
    app.add_middleware(Intake, platform=platform, is_hurried=not late)
    app.add_middleware(Front)
    return app
