"""The HTTP door of one platform: the Factory API and Jobferry's own, behind one front."""

from __future__ import annotations

from anyio import CapacityLimiter
from fastapi import FastAPI

from jobferry.api import problems
from jobferry.api.factory import routes as factory_routes
from jobferry.api.front import Front
from jobferry.api.own import routes as own_routes
from jobferry.api.own.platform import VERSION
from jobferry.api.own.tasks import WAITERS
from jobferry.bootstrap.platform import RunningPlatform


def create_app(platform: RunningPlatform) -> FastAPI:
    """The application that serves a running platform; whoever makes it also closes the platform."""
    app = FastAPI(
        title="Jobferry",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.platform = platform
    app.state.waiters = CapacityLimiter(WAITERS)
    app.include_router(own_routes.router)
    app.include_router(factory_routes.router)
    problems.install(app)
    app.add_middleware(Front)
    return app
