"""What differs between a workspace of this platform and a package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jobferry.files.ports import PackageShelf, ReceivedPackage
from jobferry.model.document.sensitive import compiled
from jobferry.model.grant import Grant
from jobferry.model.package import ExportState
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.package.limits import PackageLimits
from jobferry.services.comparing.comparison import Comparison
from jobferry.services.comparing.sides import PackageSide, WorkspaceSide
from jobferry.services.ground import Ground
from jobferry.services.importing.carrying import opened_package


class Comparing:
    """Compares packages that were handed in with what is here; nothing is written."""

    def __init__(self, ground: Ground, shelf: PackageShelf) -> None:
        self._ground = ground
        self._shelf = shelf

    @contextmanager
    def compare(
        self,
        grant: Grant,
        package: ReceivedPackage,
        state: ExportState,
        limits: PackageLimits,
        *,
        everything: bool,
    ) -> Iterator[Comparison]:
        """From what is here in that state to what the package holds; good until the block ends.

        ``everything`` counts what the package does not hold as removed.

        Raises:
            Forbidden: the caller may not import here.
            PackageRefused: the package cannot be used.
        """
        self._ground.allow(grant, Action.IMPORT, kind="package", subject=package.name)
        sensitive = compiled(read_settings(grant.workspace.settings).reading.patterns)
        with opened_package(self._shelf, package.id, limits) as opened:
            here = WorkspaceSide(self._ground.store, grant, state)
            yield Comparison(here, PackageSide(opened), sensitive, removed=everything)
