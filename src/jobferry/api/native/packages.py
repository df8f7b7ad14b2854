"""Packages coming in, and how later calls name them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Self

from msgspec import Meta, Struct

from jobferry.api.calls import Body, Calls, Limit, Media, Upload
from jobferry.api.native.call import Call, Placed
from jobferry.errors import ErrorCode, InvalidRequest, PackageRefused
from jobferry.model.transfer.policy import ImportAct
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.services.importing.receive import ReceivedPackage

api = Calls("/api", tag="packages")

_UNNAMED = "package.zip"
_NAME_CHARACTERS = 255
_PIECE_BYTES = 1024 * 1024


class PackageAnswer(Struct, frozen=True):
    """A package that is kept until it is imported; ``size`` in bytes."""

    id: str
    name: str
    size: int


class PackageReference(Body):
    """A package that was handed in, or one in object storage."""

    id: str = ""
    path: str = ""


class StoredEntryAnswer(Struct, frozen=True):
    """An object or a folder in object storage; ``size`` is in bytes, and 0 of a folder, like its time."""

    name: str
    path: str
    is_folder: bool
    size: int
    modified_at: int


class FolderAnswer(Struct, frozen=True):
    """A page of what lies directly in ``path``, by name.

    ``after`` is what to ask for the next page with; it is empty on the last one.
    """

    path: str
    items: list[StoredEntryAnswer]
    after: str


class PackageRequest(Body):
    """About a package."""

    package: PackageReference

    def checked(self) -> Self:
        """Raises: InvalidRequest: the package is named by neither or by both of id and path."""
        if bool(self.package.id) == bool(self.package.path):
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                "package: give either id or path",
                subject="package",
                hint="upload a package with POST /api/packages, or name obs://bucket/key",
            )
        return self


@api.post("/packages", status=201)
async def receive_package(
    call: Call, body: Annotated[Upload, Media(("application/zip",))], name: str = _UNNAMED
) -> PackageAnswer:
    """Keeps a package for an import. With a token it may be large: it is written as it comes in."""
    from anyio import CancelScope, to_thread

    run, platform = to_thread.run_sync, call.platform
    limits = await run(platform.stored.limits)
    _refuse_announced(body, limits.package_bytes)
    pieces = _pieces(body)
    first = await anext(pieces, b"")
    named = name[:_NAME_CHARACTERS] or _UNNAMED
    incoming = await run(platform.imports.receiving, call.caller, named, limits)
    try:
        await run(incoming.add, first)
        async for piece in pieces:
            await run(incoming.add, piece)
        received = await run(incoming.keep)
    except BaseException:
        with CancelScope(shield=True):
            await run(incoming.drop)
        raise
    return PackageAnswer(received.id, received.name, received.size)


@api.get("/workspaces/{workspace}/object-storage")
def list_object_storage(
    call: Placed,
    path: Annotated[str, Meta(description="obs://bucket/folder, or obs://bucket")],
    after: Annotated[str, Meta(description="The name of the entry after which to go on.")] = "",
    limit: Limit = 100,
) -> FolderAnswer:
    """What lies in object storage, a level at a time, for those who may import from there."""
    page = call.platform.buckets.page(call.grant, path, after=after, limit=limit)
    items = [
        StoredEntryAnswer(
            name=entry.name,
            path=f"{page.path}{entry.name}{'/' if entry.is_folder else ''}",
            is_folder=entry.is_folder,
            size=entry.size,
            modified_at=entry.modified_at,
        )
        for entry in page.entries
    ]
    return FolderAnswer(page.path, items, "" if page.is_last else items[-1].name)


def package_of(call: Placed, asked: PackageReference, act: ImportAct = ImportAct.PACKAGE) -> ReceivedPackage:
    """The package that a call names: handed in before, or fetched from object storage now for an act."""
    if asked.id:
        return call.platform.imports.received(call.grant, asked.id)
    return call.platform.imports.fetch(call.grant, asked.path, act)


async def _pieces(upload: Upload) -> AsyncIterator[bytes]:
    """The body in pieces worth a thread's while; none is held while the client is waited for."""
    gathered = bytearray()
    async for piece in upload.pieces:
        gathered += piece
        if len(gathered) >= _PIECE_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def _refuse_announced(upload: Upload, limit: int) -> None:
    if upload.announced > limit:
        raise PackageRefused(
            ErrorCode.PACKAGE_TOO_LARGE,
            sentence(
                "the package has {announced:,} bytes; the limit package_bytes is {limit:,}",
                announced=upload.announced,
                limit=limit,
            ),
            hint="export fewer jobs, or have operations raise the limit: `jobferry setting set "
            "--platform package_bytes=N`",
        )
