"""Open, look, check and plan, in that order; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from jobferry.check.runner import check
from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.document.text import without_bom
from jobferry.model.grant import Grant
from jobferry.model.settings import read_settings
from jobferry.model.transfer.arrival import Passage, passage
from jobferry.model.transfer.cargo import Cargo, CargoItem
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.plan import Block, ObjectOutcome, Plan
from jobferry.model.transfer.planned.binding import Binding, binding_of
from jobferry.model.transfer.policy import ImportOptions
from jobferry.package.reader import OpenPackage
from jobferry.plan.apply import counts, receipt_items
from jobferry.plan.build import as_planned, build, subjects
from jobferry.services.circles import with_circles
from jobferry.services.ground import Ground
from jobferry.services.importing.looking import look
from jobferry.services.importing.opening import Remembering, Sources, read_cargo
from jobferry.services.importing.seeing import FileSight, with_files_seen
from jobferry.services.importing.standing import Standing
from jobferry.services.mapping.copying import copies
from jobferry.services.mapping.renaming import users_of_renamed
from jobferry.services.mapping.routes import RouteOffer


class Prospect(msgspec.Struct, frozen=True):
    """Everything known before anything is written."""

    passage: Passage
    findings: tuple[Finding, ...]
    plan: Plan
    route: RouteOffer | None = None
    """The route that there is for the package's source, used or not."""

    @property
    def cargo(self) -> Cargo:
        return self.passage.cargo

    def pieces(self) -> list[object]:
        """What most of its memory goes to, an element a piece."""
        whole = self.passage
        return [*whole.cargo.items, *whole.arrivals, *whole.view.objects.values(), *self.plan.steps]

    @property
    def counts(self) -> dict[ObjectOutcome, int]:
        """How many objects would have each outcome."""
        return counts(list(receipt_items(self.plan)))

    @property
    def binding(self) -> Binding:
        """What the plan was made for and what it does, in digests; computed anew each time."""
        passage_ = self.passage
        targets = subjects(passage_)
        return binding_of(self.plan, targets, passage_.view.grant, passage_.options, passage_.policy)


def prospect(
    package: OpenPackage,
    grant: Grant,
    options: ImportOptions,
    ground: Ground,
    remembered: Remembering | None = None,
) -> Prospect:
    """What an import would do, with all findings. What was ``remembered`` of the texts is not read again.

    Raises:
        PackageRefused: the package cannot be used, gives too many findings, or is not the expected one
            (``package-unexpected``).
    """
    sight = FileSight(ground.files, ground.now)
    asked = _Question(package, grant, options, ground, remembered, sight)
    copying = options.copies(read_settings(grant.workspace.settings).policy)
    trusting = not options.rewrites and not copying
    seen = _seen(asked, trusting=trusting)
    if trusting and any(isinstance(step, Block) for step in seen.plan.steps):
        return _seen(asked, trusting=False)
    return seen


class _Question(NamedTuple):
    """What is asked, whichever way it is looked for."""

    package: OpenPackage
    grant: Grant
    options: ImportOptions
    ground: Ground
    remembered: Remembering | None
    sight: FileSight


def _seen(asked: _Question, *, trusting: bool) -> Prospect:
    """``trusting`` passes over objects that stand here already. Where something is blocked that is not
    enough: what else uses the things that stay out must be known."""
    package, grant, options, ground, remembered, sight = asked
    settings = read_settings(grant.workspace.settings)
    with ground.store.read() as snapshot:
        standing = Standing(snapshot.objects, grant.workspace.id, options.decide(settings.policy))
        sources = Sources(snapshot.contents, standing if trusting else None, remembered, ground.readers)
        cargo = read_cargo(package, settings.reading, sources)
        _refuse_unexpected(cargo, options)
        if not trusting:
            standing.among(item.entry for item in cargo.items)
        view = look(snapshot, grant, cargo, options, standing)
        if options.copies(settings.policy):
            view = msgspec.structs.replace(view, copies=copies(snapshot, view, cargo, options))
        users = users_of_renamed(snapshot, view, cargo, options)
    view = msgspec.structs.replace(view, now=ground.now(), users=users)
    read_text = text_of(package)
    whole = with_circles(ground.store, passage(cargo, view, options, read_text), read_text)
    whole = with_files_seen(whole, read_text, sight)
    findings = check(whole, package.limits.finding_bytes)
    plan = build(whole, findings)
    return Prospect(whole, as_planned(findings, plan), plan)


def text_of(package: OpenPackage) -> Callable[[CargoItem], bytes]:
    """Reads an item's text again from the package."""
    return lambda item: without_bom(package.text(item.entry))


def _refuse_unexpected(cargo: Cargo, options: ImportOptions) -> None:
    if options.expect_digest is not None and options.expect_digest.lower() != cargo.digest:
        raise PackageRefused(
            ErrorCode.PACKAGE_UNEXPECTED,
            f"this package has the digest {cargo.digest}, not the expected {options.expect_digest}",
            subject=cargo.digest,
            hint="check that it is the package you were given the digest of",
        )
