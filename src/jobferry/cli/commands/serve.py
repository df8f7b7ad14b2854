"""init, serve, credentials: make a platform here, and run it."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from jobferry.api.native.platform import VERSION
from jobferry.cli.call import Call, command
from jobferry.cli.session import data_folder, new_platform
from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.events import Events
from jobferry.sentences import reason_of, sentence

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

    from jobferry.bootstrap.platform import RunningPlatform
    from jobferry.cli.tls import Certificate


Name = Annotated[str, typer.Option("--name", help="What a new platform calls itself in packages.")]
_events = Events("serve")
_GRACE_SECONDS = 10
_CONFIG: dict[str, Any] = {
    "lifespan": "off",
    "ws": "none",
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    "timeout_graceful_shutdown": _GRACE_SECONDS,
}
_LOCAL = "localhost"
"""A name that is told as it was given: a browser keeps its sessions apart from those of 127.0.0.1."""
_TAKEN = (errno.EADDRINUSE, errno.EACCES)


def add_to(app: typer.Typer) -> None:
    """Adds the three commands."""
    command(app, "init", without=("server", "workspace"))(init)
    command(app, "serve", without=("server", "workspace"))(serve)
    command(app, "credentials", without=("server", "workspace"))(credentials)


def init(
    call: Call,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A new or empty folder; else as --data says.")
    ] = None,
    name: Name = "",
) -> None:
    """Make a platform in a data folder; one that is there already stays as it is."""
    from jobferry.api.native.platform import show_platform
    from jobferry.bootstrap.home import Home

    if folder is not None and call.data is not None:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE, "DIR and --data name two folders", hint="name one of them only"
        )
    home = Home(folder or data_folder(call))
    is_new = not home.holds_platform()
    with new_platform(call, home.folder, name) as api:
        here = api.ask(show_platform)
    told = {"data": str(home.folder), "name": here.name, "id": here.id, "made": is_new}
    made = "made the platform {name} in {folder}" if is_new else "the platform {name} is in {folder} already"
    call.done(told, call.out.say(made, name=here.name, folder=home.folder))


def serve(  # noqa: PLR0917 - its options
    call: Call,
    host: Annotated[
        str | None, typer.Option("--host", help="The address to listen on; else 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="The port, else 8650; 0 takes a free one.")
    ] = None,
    name: Name = "",
    tls_cert: Annotated[
        str, typer.Option("--tls-cert", metavar="FILE", help="Speak HTTPS with this certificate (PEM).")
    ] = "",
    tls_key: Annotated[str, typer.Option("--tls-key", metavar="FILE", help="The certificate's key.")] = "",
    no_tasks: Annotated[
        bool, typer.Option("--no-tasks", help="Only answer; other servers do the background tasks.")
    ] = False,
) -> None:
    """Run the platform of a data folder; a new folder gets one.

    It runs until it is told to stop (SIGTERM, Ctrl-C).
    """
    from jobferry.backup.take import take
    from jobferry.backup.verify import looked_through
    from jobferry.bootstrap.backing_up import BackingUp
    from jobferry.bootstrap.home import Home
    from jobferry.bootstrap.wiring import open_platform
    from jobferry.cli.hosting import log_to_stderr, platform_settings
    from jobferry.cli.tls import certificate_of

    home = Home(data_folder(call))
    options = {"--host": host, "--port": port, "--name": name, "--tls-cert": tls_cert, "--tls-key": tls_key}
    if no_tasks:
        options["--no-tasks"] = False
    settings = platform_settings(home.settings_file, call.config, options)
    log_to_stderr(settings)
    if not os.isatty(0):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a reload where there is no certificate to read again
    certificate = certificate_of(settings)
    with _listening(settings.host, settings.port) as listener:
        home.refuse_foreign()
        if not home.lock():
            raise home.busy()
        try:
            backing_up = BackingUp(home, settings, partial(take, program=VERSION), looked_through)
            platform = open_platform(home, settings, durable=True, backing_up=backing_up)
        except BaseException:
            home.unlock()
            raise
        try:
            _run(call, platform, listener, certificate)
        finally:
            platform.close()
            _events.info("serve-stopped", platform=platform.identity.id)
        platform.refuse_given_up()


def credentials(call: Call) -> None:
    """Show what signs in to the platform of a data folder: project, access key, secret key, token."""
    from jobferry.bootstrap.first_start import read_credentials
    from jobferry.bootstrap.home import Home

    found = read_credentials(Home(data_folder(call)))
    told = {name: getattr(found, name) for name in ("project_id", "access_key", "secret_key", "token")}
    call.out.value(told)
    for name, value in told.items():
        call.out.line(f"{name}: {value}")


def _run(
    call: Call, platform: RunningPlatform, listener: socket.socket, certificate: Certificate | None
) -> None:
    import uvicorn
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    from jobferry.api.app import create_app
    from jobferry.api.connections import ConnectionLimits, limited

    class Server(uvicorn.Server):
        """Says where it is once it can be told to stop, gracefully first and at once when told again."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            _announce(call, platform, listener, certificate)

        def handle_exit(self, sig: int, frame: Any) -> None:  # noqa: ARG002
            self.force_exit = self.should_exit
            self.should_exit = True

    gc.freeze()
    settings, app = platform.settings, cast("ASGI3Application", create_app(platform))
    behind = ProxyHeadersMiddleware(app, settings.trusted_proxies)
    limits = ConnectionLimits(
        settings.connections,
        settings.connections_per_address,
        settings.client_patience,
        is_proxy=lambda address: bool(settings.trusted_proxies) and address in behind.trusted_hosts,
    )
    served = behind if settings.trusted_proxies else app
    if certificate is None:
        Server(uvicorn.Config(served, http=limited(limits), **_CONFIG)).run(sockets=[listener])
        return
    secured: dict[str, Any] = {
        "ssl_certfile": certificate.file,
        "ssl_context_factory": lambda *_: certificate.context,
    }
    certificate.follow()
    try:
        Server(uvicorn.Config(served, http=limited(limits), **_CONFIG, **secured)).run(sockets=[listener])
    finally:
        certificate.stop()


def _announce(
    call: Call, platform: RunningPlatform, listener: socket.socket, certificate: Certificate | None
) -> None:
    host, port = listener.getsockname()[:2]
    scheme = "https" if certificate else "http"
    asked = platform.settings.host
    url = f"{scheme}://{asked if asked == _LOCAL else _in_url(host)}:{port}"
    reachable = f"{scheme}://{_in_url(_reachable(host))}:{port}"
    file = str(certificate.file) if certificate else ""
    platform.home.announce({"url": reachable, "token": platform.folder_token, "certificate": file})
    out = call.out
    out.value({"url": url, "name": platform.identity.name, "data": str(platform.home.folder)})
    out.line(url)
    told = "Jobferry {version} serves the platform {name} from {folder}, {database}"
    database = platform.database()
    out.note(
        out.say(
            told,
            version=VERSION,
            name=platform.identity.name,
            folder=platform.home.folder,
            database=database,
        )
    )
    if certificate is None and not ip_address(host).is_loopback:
        told = "warning: {host} can be reached from other machines, and nothing is encrypted"
        out.note(out.say(told, host=host))
    name = platform.settings.platform_name
    if "platform_name" in platform.settings.model_fields_set and name != platform.identity.name:
        told = "this platform is called {name} since its first start"
        out.note(out.say(told, name=platform.identity.name))
    if platform.home.credentials_file.exists():
        told = "credentials: {file} (jobferry credentials --data {folder})"
        out.note(out.say(told, file=platform.home.credentials_file, folder=platform.home.folder))
    _invite(call, platform, url if asked == _LOCAL else reachable)
    _events.info(
        "serve-started",
        platform=platform.identity.id,
        version=VERSION,
        address=url,
        data=str(platform.home.folder),
        database=database,
    )


def _invite(call: Call, platform: RunningPlatform, url: str) -> None:
    """Says how the first administrator, who has no password yet, gets into the console."""
    from jobferry.api.console import is_built
    from jobferry.bootstrap.first_start import ADMINISTRATOR

    if not is_built():
        call.out.note(call.out.say("no console: it is not built; make console builds it"))
    elif platform.signing.takes_passwords and (link := platform.users.first_password_link(ADMINISTRATOR)):
        told = "choose a password for {user}, within an hour: {url}/welcome#link={link}"
        call.out.note(call.out.say(told, user=ADMINISTRATOR, url=url, link=link))


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        Conflict: the port is taken (``port-in-use``).
        InvalidRequest: the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno in _TAKEN:
            raise Conflict(
                ErrorCode.PORT_IN_USE,
                sentence(
                    "port {port} of {host} cannot be used: {strerror}",
                    port=port,
                    host=host,
                    strerror=reason_of(error),
                ),
                subject=str(port),
                hint="choose another one with --port; 0 takes any that is free",
            ) from None
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence(
                "the address {host} does not belong to this machine: {strerror}",
                host=host,
                strerror=reason_of(error),
            ),
            subject=host,
            hint="use 127.0.0.1, ::1, 0.0.0.0 or an address of this machine",
        ) from None


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _reachable(host: str) -> str:
    """The address by which this machine reaches a socket that may listen on all of them."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared with
