"""Makes a plan real: files and texts first, in pages and invisible, then one short transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode
from jobferry.events import Events
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectStorage
from jobferry.model.audit import AuditOutcome
from jobferry.model.document.edits import edited
from jobferry.model.document.facts import facts_of
from jobferry.model.document.text import digest_of, parse_known
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Grant
from jobferry.model.records import ObjectKey, StoredObject, Text
from jobferry.model.tags import fresh_among
from jobferry.model.task import Progress, TaskPhase, counted, noted, unnoted
from jobferry.model.transfer.contents import PackageEntry
from jobferry.model.transfer.finding_group import FoundGroups
from jobferry.model.transfer.import_context import ImportContext, ImportItem
from jobferry.model.transfer.plan import Create, ObjectOutcome, Overwrite, PlaceFile, Plan, Restore, Step, Tag
from jobferry.model.transfer.receipt import Receipt, ReceiptItem, ReceiptKind
from jobferry.model.transfer.target_state import state_of
from jobferry.package.reader import OpenPackage
from jobferry.plan.apply import Stamp, apply, counts
from jobferry.plan.build import subjects
from jobferry.sentences import few, sentence
from jobferry.services.editing.locks import tell_of_import
from jobferry.services.editing.tags import add_tags
from jobferry.services.granting import renewed
from jobferry.services.importing.preconditions import refuse_other_premises, target_changed
from jobferry.services.importing.states import note_applied
from jobferry.services.releasing import appeared, release
from jobferry.services.reviewing.asking import follow_import
from jobferry.services.runtime import Runtime
from jobferry.services.saving import versions_kept

if TYPE_CHECKING:
    from jobferry.store import Objects, Store, UnitOfWork

_events = Events("imports")


def place_files(
    plan: Plan, package: OpenPackage, storage: Callable[[], ObjectStorage], note: Callable[[], object]
) -> None:
    """Streams every file of the plan from the package into object storage, each whole or not at all.

    ``note`` is called for each piece of a file.

    Raises:
        PackageRefused: a file is not what its name says.
        InvalidRequest, NotFound, Conflict, FilesError: object storage does not take it.
    """
    placed: set[str] = set()
    for step in plan.steps:
        if isinstance(step, PlaceFile) and step.place not in placed:
            size = storage().store(parse_object_path(step.place), noted(package.file(step.sha256), note))
            placed.add(step.place)
            _events.debug("import-file-placed", resource=step.name, bytes=size)


_PAGE_TEXTS = 1_000
_PAGE_BYTES = 4 * 1024 * 1024
_TOLD_STEPS = 50


def stage_texts(
    context: ImportContext,
    plan: Plan,
    store: Store,
    text_of: Callable[[PackageEntry], bytes],
    *,
    at: int,
    progress: Progress,
) -> None:
    """Stores the texts that the plan will refer to; nobody sees them before that.

    Their commits do not wait for the disk: that of the landing does, and makes them last too.

    ``progress`` counts them.
    """
    written = {(step.kind, step.name) for step in plan.steps if isinstance(step, (Create, Overwrite))}
    items = [item for item in context.items if item.key in written]
    known = _known(items, context, store)
    done = len(items)
    fresh = [item for item in items if (item.kind, item.digest) not in known]
    done -= len(fresh)
    progress(TaskPhase.STAGED, done, len(items))
    for page in _ahead(_pages(fresh, context, text_of)):
        with store.write(lasting=False, only=context.target_state.workspace_id) as uow:
            uow.contents.put(page, at=at)
            uow.commit()
        done += len(page)
        _events.debug("texts-staged", done=done, total=len(items))
        progress(TaskPhase.STAGED, done, len(items))


def _known(items: list[ImportItem], context: ImportContext, store: Store) -> set[tuple[ObjectKind, str]]:
    """Texts that need not be stored: those read as this workspace reads its documents of their kind."""
    fact_rules = context.target_state.settings.fact_rules
    known: set[tuple[ObjectKind, str]] = set()
    with store.read() as snapshot:
        for kind in {item.kind for item in items}:
            digests = {item.digest for item in items if item.kind is kind}
            found = snapshot.contents.known(digests, fact_rules.facts_version(kind))
            known |= {(kind, digest) for digest in found}
    return known


def _ahead(pages: Iterator[list[Text]]) -> Iterator[list[Text]]:
    """The pages, each made by a thread while the one before it is stored: package and database do not wait
    for each other."""
    with ThreadPoolExecutor(1, thread_name_prefix="staging") as pool:
        coming = pool.submit(next, pages, None)
        while (page := coming.result()) is not None:
            coming = pool.submit(next, pages, None)
            yield page


def _pages(
    items: list[ImportItem], context: ImportContext, text_of: Callable[[PackageEntry], bytes]
) -> Iterator[list[Text]]:
    page: list[Text] = []
    size = 0
    for item in items:
        text = _text(item, context, text_of)
        page.append(text)
        size += len(text.text)
        if len(page) >= _PAGE_TEXTS or size >= _PAGE_BYTES:
            yield page
            page, size = [], 0
    if page:
        yield page


def _text(item: ImportItem, context: ImportContext, text_of: Callable[[PackageEntry], bytes]) -> Text:
    fact_rules = context.target_state.settings.fact_rules
    text = text_of(item.entry)
    facts = item.entry.facts
    if item.edits:
        text = edited(text, item.edits)
        facts = facts_of(item.kind, parse_known(text), fact_rules, text=text)
    if digest_of(text) != item.digest:
        raise target_changed(sentence("the package changed while {name} was read", name=item.name), item.name)
    return Text(item.digest, text, facts, fact_rules.facts_version(item.kind))


class PlanToApply(NamedTuple):
    """A plan that is to be made real, what was found, what it is about, and for whom.

    ``refuse`` raises if anything else that the plan counts on has moved; ``beside`` writes what goes with it.
    """

    plan: Plan
    found: FoundGroups
    subjects: dict[ObjectKey, StoredObject | None]
    grant: Grant
    refuse: Callable[[UnitOfWork], None] = lambda _: None
    beside: Callable[[UnitOfWork, Runtime, Receipt], None] = lambda *_: None
    approvers: tuple[str, ...] = ()
    tagged: Mapping[int, str] = {}


def deed_of(context: ImportContext, plan: Plan, found: FoundGroups, tagged: Mapping[int, str]) -> PlanToApply:
    """An import's plan as a deed; ``tagged`` are the staged drafts with the failed tag, by object id."""

    def beside(uow: UnitOfWork, runtime: Runtime, receipt: Receipt) -> None:
        _make_tags(uow, runtime, context, plan)
        follow_import(uow, runtime, context.target_state, plan, receipt)

    planned = subjects(context)
    refuse = partial(refuse_other_premises, context=context)
    return PlanToApply(
        plan, found, planned, context.target_state.grant, refuse, beside, context.options.approvers, tagged
    )


def land(
    to_apply: PlanToApply, receipt: Receipt, runtime: Runtime, *, fence: int, progress: Progress = unnoted
) -> Receipt:
    """The one transaction: compare with the plan, walk the steps, write the receipt, let go.

    Raises:
        TargetChanged: an object that the plan is about has changed, or what the caller may do here; nothing
            was written.
        Conflict: the import lost its slot to a newer one, or was cancelled; nothing was written.
    """
    with runtime.store.write(only=receipt.workspace_id) as uow:
        _events.debug("import-transaction-open", task=receipt.id)
        already = uow.receipts.by_id(receipt.id)
        if already is not None:
            return already
        _refuse_fenced_off(uow, receipt, fence)
        _refuse_other_rights(uow, receipt, to_apply.grant)
        _refuse_changed(uow.objects, to_apply)
        to_apply.refuse(uow)
        _events.debug("import-target-unmoved", task=receipt.id)
        stamp = Stamp(
            import_id=receipt.id,
            workspace_id=receipt.workspace_id,
            by=receipt.imported_by,
            at=receipt.imported_at,
            new_uid=runtime.new_id,
            keep_versions=versions_kept(uow, receipt.workspace_id),
            package_name=receipt.package_name,
            approvers=to_apply.approvers,
            tagged=to_apply.tagged,
        )
        items = apply(to_apply.plan, uow, stamp, to_apply.found, partial(_walk, progress=progress))
        to_apply.beside(uow, runtime, receipt)
        release(runtime, uow, to_apply.grant, appeared(_new_names(to_apply.plan)))
        tell_of_import(uow, runtime, to_apply.grant, to_apply.plan, receipt)
        receipt = write_receipt(uow, receipt, items, to_apply.found, runtime, to_apply.grant)
        _events.debug("import-receipt-written", task=receipt.id)
        uow.slots.free(receipt.id)
        note_applied(uow, receipt.id)
        _events.debug("import-committing", task=receipt.id)
        uow.commit()
        _events.debug("import-committed", task=receipt.id)
    return receipt


def _new_names(plan: Plan) -> list[ObjectKey]:
    """The names that nobody had here before."""
    return [(step.kind, step.name) for step in plan.steps if _appears(step)]


def _appears(step: Step) -> bool:
    match step:
        case Create():
            return True
        case Overwrite():
            return step.former_name != step.name
        case Restore():
            return step.is_gone or step.former_name != step.name
        case _:
            return False


def _walk(steps: Sequence[Step], progress: Progress) -> Iterator[Step]:
    walked = _events.walked("import-step", steps, _TOLD_STEPS)
    return counted(walked, progress, TaskPhase.APPLIED, len(steps))


def write_receipt(
    uow: UnitOfWork,
    receipt: Receipt,
    items: list[ReceiptItem],
    found: FoundGroups,
    runtime: Runtime,
    grant: Grant,
) -> Receipt:
    """Adds a receipt with its counts, and tells the audit how the import ended.

    It is the workspace's newest, even if the clock was set back since the last one was written.
    """
    at = max(receipt.imported_at, uow.receipts.last_at(receipt.workspace_id) + 1)
    receipt = msgspec.structs.replace(receipt, imported_at=at, counts=counts(items), findings=found.counts)
    uow.receipts.add(receipt, items, found)
    failed = ObjectOutcome.BLOCKED in receipt.counts
    if receipt.undoes:
        _note_undone(uow, receipt)
    ended = runtime.event(
        grant,
        "import" if receipt.kind is ReceiptKind.IMPORT else "import-undo",
        kind="package",
        subject=receipt.package_name,
        outcome=AuditOutcome.FAILED if failed else AuditOutcome.DONE,
        detail=f"{receipt.id}: {receipt.told}",
    )
    runtime.record(uow, ended)
    return receipt


def _note_undone(uow: UnitOfWork, receipt: Receipt) -> None:
    """The receipt that is taken back knows by which; what that one had taken back itself counts again."""
    undone = uow.receipts.by_id(receipt.undoes)
    uow.receipts.mark_undone(receipt.undoes, receipt.id)
    if undone is not None and undone.undoes:
        uow.receipts.mark_undone(undone.undoes, "")


def _refuse_other_rights(uow: UnitOfWork, receipt: Receipt, grant: Grant) -> None:
    """The plan was made for what the caller was allowed then; rights are part of the target's state."""
    if renewed(uow, receipt.workspace_id, grant.caller) != grant:
        raise target_changed(
            sentence(
                "what {name} may do in {workspace} has changed since the plan was made",
                name=grant.caller.name,
                workspace=receipt.workspace,
            ),
            receipt.workspace,
        )


def _refuse_fenced_off(uow: UnitOfWork, receipt: Receipt, fence: int) -> None:
    if not uow.slots.is_held(receipt.workspace_id, receipt.id, fence):
        raise Conflict(
            ErrorCode.IMPORT_RUNNING,
            "another import has taken over this workspace; nothing of this one was written",
            subject=receipt.workspace,
            hint="import again when the other one is done",
        )


def _refuse_changed(objects: Objects, to_apply: PlanToApply) -> None:
    """Compares what is here with what the plan's fingerprint was made of."""
    present = _present(objects, to_apply.grant.workspace.id, to_apply.subjects)
    names = sorted(
        key[1] for key, stored in to_apply.subjects.items() if present.get(key, ()) != state_of(stored)
    )
    if names:
        raise target_changed(
            sentence("changed here since the plan was made: {names}", names=few(names)),
            names[0],
        )


def _make_tags(uow: UnitOfWork, runtime: Runtime, context: ImportContext, plan: Plan) -> None:
    """Tags that come with the objects that are written, and the failed tag."""
    written = {(step.kind, step.name) for step in plan.steps if isinstance(step, (Create, Overwrite))}
    brought = [tag for item in context.items if item.key in written for tag in item.entry.facts.tags]
    brought += [step.tag for step in plan.steps if isinstance(step, Tag)]
    add_tags(uow, runtime, context.target_state.grant, fresh_among(brought, context.target_state.tags))


def _present(
    objects: Objects, workspace_id: str, planned: Iterable[ObjectKey]
) -> dict[ObjectKey, tuple[object, ...]]:
    names: dict[ObjectKind, list[str]] = {}
    for kind, name in planned:
        names.setdefault(kind, []).append(name)
    return {
        (kind, name): state
        for kind, listed in names.items()
        for name, state in objects.states(workspace_id, kind, listed).items()
    }
