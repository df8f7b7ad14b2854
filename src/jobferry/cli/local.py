"""The platform of a data folder in this process: its functions are called, without server or client.

Heavy: import it only when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from jobferry.api.calls import Asked, Package, Pieces
from jobferry.api.decoding import is_raw, read_body, refuse
from jobferry.bootstrap.wiring import open_platform
from jobferry.cli.client import Client, Coming
from jobferry.cli.hosting import log_to_file, platform_settings
from jobferry.cli.requests import bound, said_of
from jobferry.model.messages import Language
from jobferry.model.messages.reader import Reader
from jobferry.services.people.sign_in import SignedRequest

if TYPE_CHECKING:
    from jobferry.api.native.packages import PackageAnswer
    from jobferry.bootstrap.home import Home
    from jobferry.bootstrap.platform import RunningPlatform

P = ParamSpec("P")
T = TypeVar("T")
_PATIENCE = 1
"""A task here ends with this process, so nothing may keep it long."""


@contextmanager
def opened(home: Home, config: Path | None = None, name: str = "") -> Iterator[RunningPlatform]:
    """The platform of a folder that this process has locked; it is let go at the end.

    Raises:
        StoreError, FilesError, Conflict: the folder's platform cannot be opened.
    """
    try:
        settings = platform_settings(home.settings_file, config, {"--name": name})
        log_to_file(settings)
        platform = open_platform(home, settings, durable=False)
    except BaseException:
        home.unlock()
        raise
    try:
        yield platform
    finally:
        platform.close()


class LocalClient(Client):
    """The platform of a data folder that this process has opened, as the folder's owner."""

    def __init__(self, platform: RunningPlatform, place: str, workspace: str, language: str) -> None:
        super().__init__(place, workspace, patience=_PATIENCE, language=language)
        self._platform = platform
        request = SignedRequest(
            method="GET",
            raw_path=b"/",
            raw_query=b"",
            headers=((b"authorization", b"Bearer " + platform.folder_token.encode()),),
            body=b"",
        )
        self._asked = Asked(
            platform=platform,
            caller=platform.signing.authenticate(request),
            parts={"workspace": workspace},
            headers={"X-Client": "cli"},
            wire=request,
            origin="",
            is_safe=False,
            reader=Reader(Language.of(language)),
        )

    def ask(self, run: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns. What it takes is judged as it is when it comes over HTTP."""
        call = bound(run)
        said = said_of(call, args, kwargs)
        entered: Any = call.entry.of(self._asked)
        given, faults = call.values(said.parts, said.query, said.headers)
        if said.body is not None:
            given["body"], wrong = (said.body, []) if is_raw(call.body) else read_body(call.body, said.body)
            faults += wrong
        refuse(faults)
        take: Callable[..., T] = run
        return take(entered, **given)

    @contextmanager
    def stream(
        self, run: Callable[Concatenate[Any, P], Any], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[Coming]:
        """A package as it is made."""
        sent: Package | Pieces = self.ask(run, *args, **kwargs)
        try:
            yield Coming(sent.headers if isinstance(sent, Package) else {}, sent.chunks)
        finally:
            sent.chunks.close()

    def hand_in(self, pieces: Iterator[bytes], name: str) -> PackageAnswer:
        """Keeps a package in the data folder."""
        from jobferry.api.native.packages import PackageAnswer

        limits = self._platform.stored.limits()
        kept = self._platform.imports.receive(self._asked.signed_in(), name, pieces, limits)
        return PackageAnswer(kept.id, kept.name, kept.size)
