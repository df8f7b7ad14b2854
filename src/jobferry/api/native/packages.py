"""Packages coming in, and how later calls name them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Self

from msgspec import Meta, Struct
from msgspec.structs import asdict

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Body, Calls, Limit, Media, Offset, QueryGroup, Threads, Upload
from jobferry.api.native.call import Call, Placed
from jobferry.errors import ErrorCode, InvalidRequest, PackageRefused
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Provenance
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


class PackageList(Struct, frozen=True):
    """How many packages there are, and one page of them, by name."""

    total: int
    items: list[PackageAnswer]


class PackageInside(PackageAnswer, frozen=True):
    """A package and what it holds: how many objects of each kind, how many ``files`` of resources, and how
    many things of each kind it needs that it does not bring."""

    digest: str
    layout: str
    source: Provenance | None
    counts: dict[ObjectKind, int]
    files: int
    needs: dict[NeedKind, int]


class PackedAnswer(Struct, frozen=True, gc=False):
    """One object of a package; ``size`` in bytes, ``problems`` how many things are wrong with it."""

    kind: ObjectKind
    name: str
    directory: str
    uid: str
    path: str
    size: int
    sha256: str
    problems: int


class PackedList(Struct, frozen=True):
    """How many objects fit, and one page of them, by kind and name."""

    total: int
    items: list[PackedAnswer]


class PackageNeedAnswer(Struct, frozen=True, gc=False):
    """Something that a package refers to and does not bring; a job of another workspace names that."""

    kind: NeedKind
    name: str
    workspace: str


class PackageNeedList(Struct, frozen=True):
    """How many needs fit, and one page of them, by kind and name."""

    total: int
    items: list[PackageNeedAnswer]


class PackageReference(Body):
    """A package that was handed in, or one in object storage."""

    id: str = ""
    path: str = ""


class StoredPackage(Body):
    """A package in object storage, as obs://bucket/key."""

    path: str


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


class PackedQuery(QueryGroup):
    """Which objects of a package: ``name`` is a part of the name."""

    kind: ObjectKind | None = None
    name: str = ""


class PackageNeedQuery(QueryGroup):
    """Which needs of a package: ``name`` is a part of the name."""

    kind: NeedKind | None = None
    name: str = ""


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


@api.post("/packages", status=201, body_limit=BodyLimit.DOCUMENT)
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


@api.get("/workspaces/{workspace}/object-storage", threads=Threads.EXTERNAL)
def list_object_storage(
    call: Placed,
    path: Annotated[str, Meta(description="obs://bucket/folder, obs://bucket, or obs:// for the buckets")],
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


@api.post("/workspaces/{workspace}/packages", status=201, threads=Threads.EXTERNAL)
def fetch_package(call: Placed, body: StoredPackage) -> PackageAnswer:
    """Keeps a package from object storage, to be looked into and imported."""
    received = call.platform.imports.fetch(call.grant, body.path)
    return PackageAnswer(received.id, received.name, received.size)


@api.get("/packages", threads=Threads.EXTERNAL)
def list_packages(call: Call, offset: Offset = 0, limit: Limit = 100) -> PackageList:
    """The packages that one has handed in and that are still here, by name."""
    found = call.platform.handed_in.all(call.caller)
    page = found[offset : offset + limit]
    return PackageList(len(found), [PackageAnswer(one.id, one.name, one.size) for one in page])


@api.get("/packages/{package_id}", threads=Threads.EXTERNAL)
def show_package(call: Call, package_id: str) -> PackageInside:
    """What a package holds that one has handed in. The first time it is read, which takes a while."""
    package, inside = call.platform.handed_in.show(call.caller, package_id)
    return PackageInside(
        id=package.id,
        name=package.name,
        size=package.size,
        digest=inside.digest,
        layout=inside.layout,
        source=inside.source,
        counts=inside.counts,
        files=inside.files,
        needs=inside.need_counts,
    )


@api.get("/packages/{package_id}/contents", threads=Threads.EXTERNAL)
def show_contents(
    call: Call, package_id: str, asked: PackedQuery, offset: Offset = 0, limit: Limit = 100
) -> PackedList:
    """The objects of a package that one has handed in."""
    _, inside = call.platform.handed_in.show(call.caller, package_id)
    fit = [one for one in inside.objects if asked.kind in (None, one.kind) and _has(one.name, asked.name)]
    return PackedList(len(fit), [PackedAnswer(**asdict(one)) for one in fit[offset : offset + limit]])


@api.get("/packages/{package_id}/needs", threads=Threads.EXTERNAL)
def show_package_needs(
    call: Call, package_id: str, asked: PackageNeedQuery, offset: Offset = 0, limit: Limit = 100
) -> PackageNeedList:
    """What a package needs that one has handed in."""
    _, inside = call.platform.handed_in.show(call.caller, package_id)
    fit = [one for one in inside.needs if asked.kind in (None, one.kind) and _has(one.name, asked.name)]
    page = fit[offset : offset + limit]
    return PackageNeedList(len(fit), [PackageNeedAnswer(one.kind, one.name, one.workspace) for one in page])


def _has(name: str, piece: str) -> bool:
    return piece.casefold() in name.casefold()


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
