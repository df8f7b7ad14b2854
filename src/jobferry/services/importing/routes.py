"""Saved routes: what imports from one workspace of one platform go by here, and their use by an import."""

from __future__ import annotations

from typing import NamedTuple, Unpack

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.lists import PageOptions
from jobferry.model.names import SOURCE_WORD, is_storable
from jobferry.model.package import Need, Provenance
from jobferry.model.people import Grant
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.transfer.checked_import import Route
from jobferry.model.transfer.policy import ImportAct, ImportOptions, RouteChoice
from jobferry.model.transfer.preview import NeedAnswered, RouteOffer
from jobferry.sentences import sentence
from jobferry.services.importing.request import checked_undirected
from jobferry.services.runtime import Runtime

_KIND = "route"


class Source(NamedTuple):
    """Where packages come from: a platform by its id, and one of its workspaces by name."""

    platform: str
    workspace: str


class Routed(NamedTuple):
    """The options that hold, and the route that there is for the source."""

    options: ImportOptions
    route: Route | None
    used: bool


class Routes:
    """The routes into a workspace. Who may import may use, save and delete them."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def page(self, grant: Grant, piece: str = "", **which: Unpack[PageOptions]) -> tuple[int, list[Route]]:
        """How many routes into the workspace have a piece in platform or workspace, and one page of them, in
        order of their sources unless it is said.

        Raises:
            Forbidden: the caller may not import here.
        """
        self._runtime.allow(grant, Action.IMPORT, kind=_KIND)
        with self._runtime.store.read() as snapshot:
            return snapshot.routes.page(grant.workspace.id, piece, **which)

    def one(self, grant: Grant, source: Source) -> Route:
        """The route from a source.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: there is none (``route-missing``).
        """
        self._runtime.allow(grant, Action.IMPORT, kind=_KIND, subject="/".join(source))
        with self._runtime.store.read() as snapshot:
            found = snapshot.routes.one(grant.workspace.id, *source)
        if found is None:
            raise _missing("/".join(source))
        return found

    def save(self, grant: Grant, source: Source, platform_name: str, options: ImportOptions) -> Route:
        """Keeps options for the next packages from a source, in the place of what was kept for it.

        Raises:
            Forbidden: the caller may not import here.
            InvalidRequest: nothing is said, or what does not make sense.
        """
        subject = f"{platform_name or source.platform}/{source.workspace}"
        with self._runtime.change(
            grant, "route-save", Action.IMPORT, kind=_KIND, subject=subject, only=grant.workspace.id
        ) as change:
            _refuse_unfit(*source, *filter(None, [platform_name]))
            route = Route(
                workspace_id=grant.workspace.id,
                source_platform=source.platform,
                source_workspace=source.workspace,
                platform_name=platform_name,
                options=_lasting(change.grant, options),
                saved_by=grant.caller.name,
                saved_at=self._runtime.now(),
            )
            change.uow.routes.save(route)
        return route

    def delete(self, grant: Grant, source: Source) -> None:
        """Forgets the route from a source.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: there is none (``route-missing``).
        """
        subject = "/".join(source)
        with self._runtime.change(
            grant, "route-delete", Action.IMPORT, kind=_KIND, subject=subject, only=grant.workspace.id
        ) as change:
            if not change.uow.routes.remove(grant.workspace.id, *source):
                raise _missing(subject)


def routed(runtime: Runtime, grant: Grant, provenance: Provenance | None, options: ImportOptions) -> Routed:
    """The options of an import with those of the route for its source, if it is to go by one.

    Raises:
        NotFound: it must go by a route and there is none (``route-missing``).
    """
    route = None
    if provenance is not None:
        with runtime.store.read() as snapshot:
            route = snapshot.routes.one(grant.workspace.id, provenance.platform_id, provenance.workspace)
    if route is None and options.route is RouteChoice.REQUIRED:
        raise _missing(f"{provenance.platform_name}/{provenance.workspace}" if provenance else "")
    if options.route in (RouteChoice.SAVED, RouteChoice.REQUIRED):
        now = RouteChoice.USED if route is not None else RouteChoice.OFF
        options = msgspec.structs.replace(options, route=now)
        options = options.over(route.options) if route is not None else options
    return Routed(options, route, options.route is RouteChoice.USED)


_ANSWERS_TOLD = 10


def offer_of(route: Route, needs: tuple[Need, ...], *, used: bool) -> RouteOffer:
    """What is told of the route for a package that needs these things."""
    names = route.options.mapping
    answers = tuple(
        NeedAnswered(kind=need.kind, name=need.name, local=local)
        for need in needs
        if (local := names.local(need.kind, need.name)) != need.name
    )
    return RouteOffer(
        name=route.name,
        source_platform=route.source_platform,
        source_workspace=route.source_workspace,
        saved_by=route.saved_by,
        saved_at=route.saved_at,
        used=used,
        answered=len(answers),
        answers=answers[:_ANSWERS_TOLD],
    )


def _lasting(grant: Grant, options: ImportOptions) -> ImportOptions:
    """Options as they are kept: without what is about one package, or comes from the workspace."""
    asked = msgspec.structs.replace(
        options,
        expect_digest=None,
        route=RouteChoice.OFF,
        apply_deletions=False,
        delete={},
        act=ImportAct.PACKAGE,
    )
    if asked == ImportOptions():
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "a route needs a mapping, rules or options",
            subject="options",
            hint="to have no route, delete it",
        )
    return checked_undirected(asked, read_settings(grant.workspace.settings))


def _refuse_unfit(*words: str) -> None:
    for word in words:
        if not SOURCE_WORD.match(word) or not is_storable(word):
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                "a source is a platform's id and a workspace's name, 1 to 128 characters each",
                subject=word[:128],
            )


def _missing(source: str) -> NotFound:
    return NotFound(
        ErrorCode.ROUTE_MISSING,
        sentence("there is no route here for packages from {source}", source=source)
        if source
        else "the package does not say where it comes from, so there is no route for it",
        subject=source,
        hint="see `jobferry route list`, or import without a route",
    )
