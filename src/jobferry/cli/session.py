"""One path for every command: to a server, or to a data folder, served elsewhere or by this process."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from jobferry.cli.call import Call
from jobferry.cli.login import Login, checked_url, read_login
from jobferry.errors import ErrorCode, InvalidRequest, Unauthenticated
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.bootstrap.home import Home
    from jobferry.cli.client import Client, Page

P = ParamSpec("P")
T = TypeVar("T")

_CONNECT_SECONDS = 10.0
_PAUSE = 0.05
_SERVER_PATIENCE = 20


@contextmanager
def platform(call: Call) -> Iterator[Client]:
    """The platform that a call is about, signed in.

    Raises:
        JobferryError: it cannot be reached or opened, there is none, or nobody is signed in.
    """
    place = _place(call)
    if isinstance(place, Path):
        from jobferry.bootstrap.home import Home

        home = Home(place)
        home.require_platform()
        with _folder(home, call) as api:
            yield api
        return
    with _remote(place, call) as api:
        yield api


@contextmanager
def new_platform(call: Call, folder: Path, name: str) -> Iterator[Client]:
    """The platform of a folder, made if there is none; ``name`` is what a new one is called.

    Raises:
        JobferryError: it cannot be made or opened, or the folder holds other things.
    """
    from jobferry.bootstrap.home import Home

    home = Home(folder)
    home.refuse_foreign()
    with _folder(home, call, name) as api:
        yield api


def ask(call: Call, run: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function of the API answers on the platform of a call.

    Raises:
        JobferryError: it refuses, it cannot be reached or opened, or nobody is signed in.
    """
    with platform(call) as api:
        return api.ask(run, *args, **kwargs)


def ask_all(
    call: Call, run: Callable[Concatenate[Any, P], Page[T]], *args: P.args, **kwargs: P.kwargs
) -> list[T]:
    """The items of every page of a list; raises what :func:`ask` raises."""
    with platform(call) as api:
        return api.all(run, *args, **kwargs)


def data_folder(call: Call) -> Path:
    """The data folder of a call: as said, or ``JOBFERRY_DATA``, or this user's own."""
    said = call.data or os.environ.get("JOBFERRY_DATA")
    if said:
        return Path(said)
    shared = os.environ.get("XDG_DATA_HOME")
    return (Path(shared) if shared else Path.home() / ".local" / "share") / "jobferry"


def _place(call: Call) -> Login | Path:
    """What is said on the command line holds before the environment, and that before a login."""
    if call.server and call.data:
        raise _either("--server", "--data")
    if call.server and call.config:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "--config is about a platform in a data folder, and --server names one elsewhere",
            subject="--config",
            hint="leave one of them out",
        )
    server, data = os.environ.get("JOBFERRY_SERVER"), os.environ.get("JOBFERRY_DATA")
    if call.data or (data and not call.server):
        if server and not call.data:
            raise _either("JOBFERRY_SERVER", "JOBFERRY_DATA")
        return data_folder(call)
    if call.server or server:
        return _signed_in(checked_url(call.server or server or ""))
    return read_login() or data_folder(call)


def _signed_in(url: str) -> Login:
    token = os.environ.get("JOBFERRY_TOKEN")
    if not token:
        known = read_login()
        token = known.token if known is not None and known.url == url else None
    if token is None:
        raise Unauthenticated(
            ErrorCode.NOT_SIGNED_IN,
            sentence("nobody is signed in to {url}", url=url),
            subject=url,
            hint=sentence("run `jobferry login {url}`, or set JOBFERRY_TOKEN", url=url),
        )
    return Login(url, token)


def _either(one: str, other: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("{one} and {other} name two platforms", one=one, other=other),
        subject=one,
        hint="name one of them only",
    )


@contextmanager
def _remote(login: Login, call: Call) -> Iterator[Client]:
    from jobferry.cli.remote import RemoteClient, connect

    with connect(login.url, login.token, call.spoken, login.certificate) as client:
        yield RemoteClient(
            client, login.url, call.workspace_name, patience=_SERVER_PATIENCE, language=call.spoken
        )


@contextmanager
def _folder(home: Home, call: Call, name: str = "") -> Iterator[Client]:
    served = _lock_or_address(home, call)
    if served is not None:
        with _remote(served, call) as api:
            yield api
        return
    from jobferry.cli.local import LocalClient, opened

    with opened(home, call.config, name) as running:
        yield LocalClient(running, f"the platform in {home.folder}", call.workspace_name, call.spoken)


def _lock_or_address(home: Home, call: Call) -> Login | None:
    """None once this process has the folder, or address and token of the process that serves it.

    A process that is just starting or ending is waited for, as long as ``JOBFERRY_PATIENCE`` says.

    Raises:
        Conflict: another process has the folder and does not serve it (``data-folder-busy``).
    """
    if home.lock():
        return None
    from jobferry.cli.hosting import platform_settings

    until = time.monotonic() + platform_settings(home.settings_file, call.config).patience
    while not home.lock():
        address = home.address()
        if address is not None and _answers(str(address.get("url"))):
            return Login(
                str(address["url"]),
                str(address.get("token")),
                certificate=str(address.get("certificate", "")),
            )
        if time.monotonic() > until:
            raise home.busy()
        time.sleep(_PAUSE)
    return None


def _answers(url: str) -> bool:
    """Whether anybody listens there; a server that is about to end does not."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 80), timeout=_CONNECT_SECONDS).close()
    except OSError:
        return False
    return True
