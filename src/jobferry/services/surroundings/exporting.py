"""Packages of all connections, or all environment variables, of a workspace. No secret is in any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import ErrorCode, NotFound
from jobferry.model.connections import SurroundingKind
from jobferry.model.document.sensitive import is_telling
from jobferry.model.package import Provenance
from jobferry.model.people import Grant
from jobferry.model.records import Variable, VariableType, Workspace
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.transfer.download import Download, DownloadKind
from jobferry.package.surroundings.writer import Leaving, write_surroundings
from jobferry.sentences import sentence
from jobferry.services.connection_secrets import Connecting, Seals
from jobferry.services.exporting.downloads import Records, allow_download
from jobferry.services.exporting.exports import PackageStream
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot

CONNECTIONS_FILE = "DLF_All_DataConnections.zip"
VARIABLES_FILE = "DLF_All_EnvVariables.zip"


class VariableText(msgspec.Struct, frozen=True):
    """A variable as it travels, with the keys that it has in the Factory API."""

    name: str
    type: VariableType
    value: str = ""
    desc: str = ""


class SurroundingExports:
    """Exports of connections and variables, each with a record in the download center."""

    def __init__(self, runtime: Runtime, seals: Callable[[], Seals], records: Records) -> None:
        self._runtime = runtime
        self._seals = seals
        self._records = records

    def connections(self, grant: Grant, *, bare: bool = False) -> PackageStream:
        """All connections; ``bare`` holds exactly the documented tree, without a manifest.

        Raises:
            Forbidden: the caller may not export from here, or not download.
            NotFound: there is none (``connection-missing``).
        """
        self._allow(grant, SurroundingKind.CONNECTION)
        connecting = Connecting(self._seals, grant.workspace)
        with self._runtime.store.read() as snapshot:
            found = snapshot.connections.all(grant.workspace.id)
            provenance = None if bare else _provenance(snapshot, grant)
        leaving = []
        for connection in found:
            text, emptied = connecting.leaving(connection)
            leaving.append(Leaving(connection.name, text, tuple(emptied)))
        return self._sent(grant, SurroundingKind.CONNECTION, leaving, provenance)

    def variables(self, grant: Grant) -> PackageStream:
        """All variables: constants with their values, but for those that are called like a secret.

        Raises:
            Forbidden: the caller may not export from here, not download, or not see values.
            NotFound: there is none (``variable-missing``).
        """
        self._runtime.allow(grant, Action.VARIABLE_EDIT, kind="variable")
        self._allow(grant, SurroundingKind.VARIABLE)
        with self._runtime.store.read() as snapshot:
            found = snapshot.variables.all(grant.workspace.id)
            provenance = _provenance(snapshot, grant)
        leaving = leaving_variables(found, grant.workspace, self._seals)
        return self._sent(grant, SurroundingKind.VARIABLE, leaving, provenance)

    def _allow(self, grant: Grant, kind: SurroundingKind) -> None:
        self._runtime.allow(grant, Action.EXPORT, kind=kind, subject=f"all {kind}s")
        allow_download(self._runtime, grant, kind=kind, subject=f"all {kind}s")

    def _sent(
        self, grant: Grant, kind: SurroundingKind, leaving: Sequence[Leaving], provenance: Provenance | None
    ) -> PackageStream:
        record = self._record(grant, kind)
        event = self._runtime.event(grant, "export", kind=kind, subject=record.subject)
        with self._records.audited_if_refused(record, event):
            if not leaving:
                raise _nothing(kind, grant)
        written = write_surroundings(kind, leaving, provenance)
        event = msgspec.structs.replace(event, detail=f"{len(leaving)} {kind}s {written.digest}")
        record = msgspec.structs.replace(record, objects=len(leaving), digest=written.digest)
        return PackageStream(
            filename=record.file_name,
            chunks=self._records.sent(record, written.chunks, event),
            objects=len(leaving),
            digest=written.digest,
        )

    def _record(self, grant: Grant, kind: SurroundingKind) -> Download:
        of_connections = kind is SurroundingKind.CONNECTION
        return Download(
            id=self._runtime.new_id(),
            workspace_id=grant.workspace.id,
            kind=DownloadKind.CONNECTIONS if of_connections else DownloadKind.VARIABLES,
            file_name=CONNECTIONS_FILE if of_connections else VARIABLES_FILE,
            operator=grant.caller.name,
            started_at=self._runtime.now(),
            subject=f"all {kind}s",
        )


def leaving_variables(
    found: Iterable[Variable], workspace: Workspace, seals: Callable[[], Seals]
) -> list[Leaving]:
    """Variables on their way out: constants with values, but for those that are called like a secret."""
    patterns = read_settings(workspace.settings).fact_rules.patterns
    return [
        _leaving(variable, seals, empty=stays_empty(variable.name, variable.type, patterns))
        for variable in found
    ]


def _leaving(variable: Variable, seals: Callable[[], Seals], *, empty: bool) -> Leaving:
    value = "" if empty or not variable.value else seals().unseal(variable.value).decode()
    text = VariableText(variable.name, variable.type, value, variable.description)
    return Leaving(variable.name, msgspec.json.encode(text), (("value",),) if empty else ())


def stays_empty(name: str, type_: VariableType, patterns: tuple[str, ...]) -> bool:
    """Whether a value does not travel: each platform has its own, or it is called like a secret."""
    return type_ is VariableType.VARIABLE or is_telling(name, patterns)


def _provenance(snapshot: Snapshot, grant: Grant) -> Provenance:
    platform = snapshot.platform()
    if platform is None:
        raise AssertionError("a platform that answers has been founded")
    return Provenance(platform_id=platform.id, platform_name=platform.name, workspace=grant.workspace.name)


def _nothing(kind: SurroundingKind, grant: Grant) -> NotFound:
    code = ErrorCode.CONNECTION_MISSING
    if kind is SurroundingKind.VARIABLE:
        code = ErrorCode.VARIABLE_MISSING
    return NotFound(
        code,
        sentence("the workspace {name} has no {kind} to export", name=grant.workspace.name, kind=kind),
        subject=grant.workspace.name,
        hint="export another workspace",
    )
