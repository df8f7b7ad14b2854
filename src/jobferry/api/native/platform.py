"""The platform itself: is it well, who is it, how are its calls described."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from jobferry.api.calls import Calls, Document, Threads
from jobferry.api.native.call import Call, Unsigned

VERSION = version("jobferry")

api = Calls(tag="platform")


class Health(Struct, frozen=True):
    """The process answers."""

    status: str


class StoreFault(Struct, frozen=True):
    """An object store that cannot be reached, and why."""

    store: str
    message: str


class Readiness(Struct, frozen=True):
    """The server can work: ``ok``, or ``degraded`` while it cannot reach an object store behind ``obs://``."""

    status: str
    stores: list[StoreFault]


class PlatformAnswer(Struct, frozen=True):
    """Limits are in bytes where their names say so."""

    id: str
    name: str
    project_id: str
    version: str
    limits: dict[str, int]


class PartAnswer(Struct, frozen=True):
    """A package of Python that the platform runs on; ``licence`` is empty where it names none."""

    name: str
    version: str
    licence: str


class PartList(Struct, frozen=True):
    """What the platform runs on: its database, and all packages of Python, by name."""

    database: str
    items: list[PartAnswer]


@api.get("/healthz")
async def healthz(call: Unsigned) -> Health:  # noqa: ARG001 - anybody may ask, of any platform
    """The process answers. No thread is needed for that, so none can be lacking."""
    return Health("ok")


@api.get("/readyz", threads=Threads.PROBING)
def readyz(call: Unsigned) -> Readiness:
    """The server can work: an error with the reason if its database or the store of packages fails.

    Other object stores that fail are told; what needs none of them works.
    """
    faults = call.platform.ready()
    told = [StoreFault(name, call.reader.told(fault.message)) for name, fault in faults.items()]
    return Readiness("degraded" if told else "ok", told)


@api.get("/api/openapi.json", is_described=False)
def openapi(call: Call) -> Document:  # noqa: ARG001 - it is the same for everybody who is signed in
    """This API's description."""
    from jobferry.api.native.description import native_description  # heavy, and seldom asked for

    return Document(msgspec.json.encode(native_description(VERSION)))


@api.get("/api/openapi-factory.json", is_described=False)
def openapi_factory(call: Call) -> Document:  # noqa: ARG001 - so is this one
    """The Factory API's description."""
    from jobferry.api.factory.description import factory_description

    return Document(msgspec.json.encode(factory_description(VERSION)))


@api.get("/api/platform")
def show_platform(call: Call) -> PlatformAnswer:
    """Which platform this is, and how big packages may be."""
    stored, identity = call.platform.stored, call.platform.identity
    values, limits = stored.values(), msgspec.to_builtins(stored.limits())
    sizes = {name: size for name, size in limits.items() if isinstance(size, int)}
    factory: dict[str, Any] = {
        "factory_package_bytes": values.factory_package_bytes,
        "factory_local_bytes": values.factory_local_bytes,
        "factory_unpacked_bytes": values.factory_unpacked_bytes,
    }
    return PlatformAnswer(identity.id, identity.name, identity.project_id, VERSION, sizes | factory)


@api.get("/api/platform/parts")
def list_parts(call: Call) -> PartList:
    """What the platform runs on, and under which licences."""
    from jobferry.bootstrap.parts import parts  # reads a file for each package

    return PartList(call.platform.database(), [PartAnswer(**asdict(part)) for part in parts()])
