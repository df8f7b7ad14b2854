"""All that one platform serves: the Factory API and the native one, and the console, behind one front."""

from __future__ import annotations

from starlette.types import ASGIApp

from jobferry.api import console
from jobferry.api.dispatcher import Dispatcher
from jobferry.api.factory.calls import CALLS as FACTORY
from jobferry.api.front import Front, host_of, is_loopback
from jobferry.api.intake import Intake
from jobferry.api.metrics import Metrics
from jobferry.api.native.calls import CALLS as NATIVE
from jobferry.bootstrap.platform import RunningPlatform


def create_app(platform: RunningPlatform) -> ASGIApp:
    """The application that serves a running platform; whoever makes it also closes the platform.

    Without a built console it serves the APIs alone.
    """
    apis = Intake(Dispatcher(platform, (*NATIVE, *FACTORY)), platform=platform)
    all_of_it = console.Console(apis, console.FOLDER) if console.is_built() else apis
    settings = platform.settings
    is_for_all = settings.trusted_proxies or not is_loopback(settings.host)
    hosts = None if is_for_all else {host_of(settings.oidc_redirect)}
    return Front(Metrics(all_of_it, platform), is_tls=bool(settings.tls_cert), hosts=hosts)
