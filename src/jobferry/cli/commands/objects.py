"""job, script, resource, cdm: see, make, change, rename, move and delete objects; start and stop jobs."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

import msgspec
import typer

from jobferry.api.native import objects as api
from jobferry.api.native.outlines import outline_job
from jobferry.api.native.references import WantedUses, list_uses
from jobferry.cli import drafts, files
from jobferry.cli.asking import Yes, confirm_deletion
from jobferry.cli.call import Call, command, group
from jobferry.cli.commands.object_lists import list_jobs, list_others, list_scripts
from jobferry.cli.commands.versions import show_newest_versions, submit_job, submit_script
from jobferry.cli.editor import changed_by_hand
from jobferry.cli.session import ask
from jobferry.cli.show.objects import show_head, show_outline
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.edits import Put, edited
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import VERSIONED_KINDS, Engine, NeedKind, ObjectKind
from jobferry.sentences import sentence

Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name; of a CDM definition cluster/job.")]
Draft = Annotated[bool, typer.Option("--draft", help="Save only; do not submit.")]
TakeLock = Annotated[bool, typer.Option("--lock", help="Take its lock with it, if nobody holds it.")]
IfMatch = Annotated[
    str | None,
    typer.Option("--if-match", metavar="ETAG", help="Save only if the draft is still the one of this ETag."),
]
Version = Annotated[
    str | None, typer.Option("--version", metavar="N|live", help="A submitted version, not the draft.")
]

Approver = Annotated[
    list[str] | None,
    typer.Option("--approver", metavar="NAME", help="Who is asked where a review is wanted; repeat it."),
]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What approvers are told.")]

_ETAG = re.compile("[0-9a-f]{64}")
_SHOWN = 100
_GROUPS = {
    ObjectKind.JOB: "The jobs of a workspace.",
    ObjectKind.SCRIPT: "The scripts of a workspace.",
    ObjectKind.RESOURCE: "Files that jobs use by name.",
    ObjectKind.CDM: "The CDM definitions of a workspace.",
}


@dataclass(frozen=True)
class ApprovalChoices:
    """Who approves what is submitted or deleted."""

    approver: Approver = None
    note: Note = None
    publish: Annotated[
        bool, typer.Option("--publish", help="Put it live without review; for owner and administrators.")
    ] = False


def add_to(app: typer.Typer) -> None:
    """Adds the groups of all kinds."""
    for kind, about in _GROUPS.items():
        of_kind = group(app, kind.value, about)
        known = _commands(kind)
        for verb in _VERBS:
            if verb in known:
                command(of_kind, verb)(known[verb])


def _commands(kind: ObjectKind) -> dict[str, Callable[..., int | None]]:
    """What can be done with objects of a kind, by verb."""
    usual = _SUBMITTED if kind in VERSIONED_KINDS else _PLAIN
    found = {verb: _bound(function, kind) for verb, function in usual.items()} | _OWN[kind]
    if kind is ObjectKind.CDM:
        del found["move"]
    return found


def _bound(function: Callable[..., int | None], kind: ObjectKind) -> Callable[..., int | None]:
    """A function about any kind as the command about one: what it takes second is that."""

    @functools.wraps(function)
    def run(call: Call, *args: Any, **kwargs: Any) -> int | None:
        return function(call, kind, *args, **kwargs)

    first, _, *rest = inspect.signature(function).parameters.values()
    run.__signature__ = inspect.Signature([first, *rest])  # type: ignore[attr-defined]
    hints = get_type_hints(function, include_extras=True)
    run.__annotations__ = {name: hint for name, hint in hints.items() if name != "kind"}
    del run.__wrapped__
    return run


Document = Annotated[bool, typer.Option("--document", help="Print the document, exactly as it is stored.")]
Etag = Annotated[bool, typer.Option("--etag", help="Say the document's ETag on stderr.")]


def show_job(
    call: Call, name: Name, version: Version = None, document: Document = False, etag: Etag = False
) -> None:
    """Show a job: its nodes as a tree, when it runs next, its parameters, who uses it, its versions.

    With --document or --json its document is printed, exactly as it is stored.
    """
    if document or etag or call.json:
        _print_document(call, ObjectKind.JOB, name, version, etag=etag)
        return
    show_outline(call.out, ask(call, outline_job, name, version or ""))
    _show_users(call, NeedKind.JOB, name)
    show_newest_versions(call, ObjectKind.JOB, name)


def show(
    call: Call,
    kind: ObjectKind,
    name: Name,
    version: Version = None,
    document: Document = False,
    etag: Etag = False,
) -> None:
    """Show what is known of it and what it holds.

    With --document or --json its document is printed, exactly as it is stored.
    """
    if document or etag or call.json:
        _print_document(call, kind, name, version, etag=etag)
        return
    text = ask(call, api.show_document, kind, name, version=version or "").text
    told = parse_known(text)
    keys = ("connectionName", "database", "queueName", "location", "description", "desc")
    more = [(_HEADS[key], str(told[key])) for key in keys if told.get(key)]
    show_head(call.out, ask(call, api.show_object, kind, name), more)
    call.out.line()
    content = told.get("content") if kind is ObjectKind.SCRIPT else text.decode()
    call.out.quoted(str(content or "").splitlines(), "")
    _show_users(call, NeedKind(kind.value), name)
    if kind in VERSIONED_KINDS:
        show_newest_versions(call, kind, name)


def show_plain(call: Call, kind: ObjectKind, name: Name, document: Document = False) -> None:
    """Show what is known of it and what it holds.

    With --document or --json its document is printed, exactly as it is stored.
    """
    show(call, kind, name, document=document)


_HEADS = {
    "connectionName": "connection",
    "database": "database",
    "queueName": "queue",
    "location": "location",
    "description": "description",
    "desc": "description",
}


def _print_document(call: Call, kind: ObjectKind, name: str, version: str | None, *, etag: bool) -> None:
    found = ask(call, api.show_document, kind, name, version=version or "")
    if etag:
        call.out.note(f"etag: {found.etag}")
    text = found.text
    call.out.raw(text if text.endswith(b"\n") or not call.out.is_terminal else text + b"\n")


def _show_users(call: Call, kind: NeedKind, name: str) -> None:
    found = ask(call, list_uses, kind, name, WantedUses(), limit=_SHOWN)
    if found.items:
        call.out.line(call.out.say("used by"), "bold")
        for use in found.items:
            call.out.line(f"  {call.out.say(use.kind.value)} {use.name}")
        if found.total > len(found.items):
            call.out.line("  " + call.out.say("and {count} more", count=found.total - len(found.items)))


Source = Annotated[str, typer.Argument(metavar="FILE|NAME", help="Its document, - is stdin; or its name.")]


def create_job(
    call: Call,
    source: Source,
    approval: ApprovalChoices,
    *,
    node: Annotated[
        list[str] | None,
        typer.Option("--node", metavar="NAME=TYPE[,P=V…]", help="A node with its properties; repeat it."),
    ] = None,
    after: Annotated[
        list[str] | None,
        typer.Option("--after", metavar="NAME=NODE", help="Which node runs before that one."),
    ] = None,
    cron: Annotated[
        str, typer.Option("--cron", metavar="EXPRESSION", help="When it runs; else when it is started.")
    ] = "",
    draft: Draft = False,
) -> None:
    """Make a job from a document, or from nodes that are said, and submit it."""
    if node:
        text = drafts.written(
            {
                "name": source,
                "nodes": drafts.job_nodes(node, after or ()),
                "schedule": drafts.schedule(cron),
                "processType": "BATCH",
            }
        )
    else:
        text = files.document(source)
    _create(call, ObjectKind.JOB, text, approval, draft=draft)


def create_script(
    call: Call,
    source: Source,
    approval: ApprovalChoices,
    *,
    type_: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="Such as HiveSQL or Shell; then its name is said.")
    ] = "",
    file: Annotated[str, typer.Option("--file", metavar="FILE", help="Its text; - is stdin.")] = "",
    connection: Annotated[str, typer.Option("--connection", metavar="NAME", help="Where it runs.")] = "",
    directory: Annotated[str, typer.Option("--directory", metavar="DIR", help="Where it lies.")] = "/",
    draft: Draft = False,
) -> None:
    """Make a script from a document, or from a file with its text, and submit it."""
    if type_:
        said = {"name": source, "type": type_, "directory": directory, "connectionName": connection}
        content = files.document(file).decode("utf-8-sig") if file else ""
        kept = {key: value for key, value in said.items() if value}
        text = drafts.written({**kept, "content": content})
    else:
        text = files.document(source)
    _create(call, ObjectKind.SCRIPT, text, approval, draft=draft)


def create_resource(
    call: Call,
    source: Annotated[str, typer.Argument(metavar="FILE", help="Its document; - is stdin.")],
) -> None:
    """Make a resource from a document."""
    _create(call, ObjectKind.RESOURCE, files.document(source), ApprovalChoices(), draft=False)


def create_cdm(
    call: Call,
    name: Name,
    source: Annotated[str, typer.Argument(metavar="FILE", help="Its document; - is stdin.")],
) -> None:
    """Make a CDM definition from a document."""
    made = ask(call, api.create_object, ObjectKind.CDM, files.document(source), api.SaidApproval(), name=name)
    _answer(call, made)


def _create(call: Call, kind: ObjectKind, text: bytes, approval: ApprovalChoices, *, draft: bool) -> None:
    _answer(call, ask(call, api.create_object, kind, text, _approval(approval), submit=not draft))


File = Annotated[
    str | None, typer.Argument(metavar="[FILE]", help="Its new document, - is stdin; else $EDITOR opens it.")
]


@dataclass(frozen=True)
class EditChoices:
    """How an object is changed."""

    lock: TakeLock = False
    if_match: IfMatch = None


def edit(
    call: Call,
    kind: ObjectKind,
    name: Name,
    approval: ApprovalChoices,
    how: EditChoices,
    *,
    file: File = None,
    draft: Draft = False,
) -> None:
    """Change its document, in an editor or to that of a file, and submit it.

    You have to hold the lock of a job or script: jobferry lock take NAME, or --lock. With a file, what
    somebody saved since you read it is overwritten, unless --if-match says what you read.
    """
    match = _etag(how.if_match, kind, name)
    if file is None:
        found = ask(call, api.show_document, kind, name)
        text, match = changed_by_hand(found.text, ".json"), match or f'"{found.etag}"'
        if text == found.text:
            call.out.note(call.out.say("nothing was changed"))
            return
    else:
        text = files.document(file)
    _save(call, kind, name, text, _editing(approval, how.lock, match), draft=draft)


def edit_plain(call: Call, kind: ObjectKind, name: Name, file: File = None, if_match: IfMatch = None) -> None:
    """Change its document, in an editor or to that of a file."""
    edit(call, kind, name, ApprovalChoices(), EditChoices(if_match=if_match), file=file)


def edit_script(
    call: Call,
    name: Name,
    approval: ApprovalChoices,
    how: EditChoices,
    *,
    file: File = None,
    text_file: Annotated[
        str, typer.Option("--text", metavar="FILE", help="The script's new text alone; - is stdin.")
    ] = "",
    draft: Draft = False,
) -> None:
    """Change a script's text, in an editor or to that of a file, and submit it.

    You have to hold its lock: jobferry lock take NAME --script, or --lock. FILE is a document, --text the
    text alone. What somebody saved meanwhile is not overwritten.
    """
    match = _etag(how.if_match, ObjectKind.SCRIPT, name)
    if file is not None:
        document = files.document(file)
    else:
        found = ask(call, api.show_document, ObjectKind.SCRIPT, name)
        before = str(parse_known(found.text).get("content") or "").encode()
        text = files.document(text_file) if text_file else changed_by_hand(before, ".sql")
        if text == before:
            call.out.note(call.out.say("nothing was changed"))
            return
        document = edited(found.text, [Put(("content",), text.decode("utf-8-sig"))])
        match = match or f'"{found.etag}"'
    _save(call, ObjectKind.SCRIPT, name, document, _editing(approval, how.lock, match), draft=draft)


def _save(call: Call, kind: ObjectKind, name: str, text: bytes, how: api.SaidEditing, *, draft: bool) -> None:
    _answer(call, ask(call, api.update_object, kind, name, text, how, submit=not draft))


def rename(
    call: Call,
    kind: ObjectKind,
    name: Name,
    to: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
    lock: TakeLock = False,
) -> None:
    """Give it another name; its draft says it, and who uses it is told."""
    how = api.SaidEditing(take_lock=lock)
    renamed = ask(call, api.rename_object, kind, name, api.NewName(to), how)
    call.done(renamed, call.out.say("{name} is now {to}", name=name, to=renamed.name))
    found = ask(call, list_uses, NeedKind(kind.value), name, WantedUses(), limit=1)
    if found.total and name != to:
        still = "{count} still say {name}: `jobferry uses {kind}:{name}`"
        call.out.note(call.out.say(still, count=found.total, name=name, kind=kind.value))


def rename_plain(
    call: Call,
    kind: ObjectKind,
    name: Name,
    to: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
) -> None:
    """Give it another name; its draft says it, and who uses it is told."""
    rename(call, kind, name, to)


def move_plain(
    call: Call,
    kind: ObjectKind,
    name: Name,
    directory: Annotated[str, typer.Argument(metavar="DIR", help="Where it is to lie; made if need be.")],
) -> None:
    """Put it into another directory."""
    move(call, kind, name, directory)


def move(
    call: Call,
    kind: ObjectKind,
    name: Name,
    directory: Annotated[str, typer.Argument(metavar="DIR", help="Where it is to lie; made if need be.")],
    lock: TakeLock = False,
) -> None:
    """Put it into another directory."""
    moved = ask(call, api.move_object, kind, name, api.NewPlace(directory), api.SaidEditing(take_lock=lock))
    call.done(
        moved, call.out.say("{name} is now {to}", name=name, to=f"{moved.directory.rstrip('/')}/{name}")
    )


def delete(
    call: Call,
    kind: ObjectKind,
    name: Name,
    approver: Approver = None,
    note: Note = None,
    yes: Yes = False,
) -> None:
    """Delete it with its versions, or ask for that where a review is wanted."""
    confirm_deletion(call, kind.value, name, yes=yes)
    approval = api.SaidApproval(approver=tuple(approver or ()), note=note or "")
    waiting = ask(call, api.delete_object, kind, name, approval)
    if waiting is None:
        call.done({"name": name, "done": "deleted"}, f"{name}: {call.out.say('deleted')}")
    else:
        call.done({"name": name, "review": waiting.review}, f"{name}: {_waits(call, waiting.review)}")


def delete_plain(call: Call, kind: ObjectKind, name: Name, yes: Yes = False) -> None:
    """Delete it."""
    delete(call, kind, name, yes=yes)


JobName = Annotated[str, typer.Argument(metavar="NAME", help="The job's name.")]


def start(call: Call, name: JobName) -> None:
    """Start the scheduling of a job's live version."""
    job = ask(call, api.start_job, name)
    _scheduled(call, job, "started")
    if job.engine is Engine.NONE:
        call.out.note(call.out.say("no engine is attached to this platform: the state is kept, nothing runs"))


def stop(call: Call, name: JobName) -> None:
    """Stop the scheduling of a job."""
    _scheduled(call, ask(call, api.stop_job, name), "stopped")


def _scheduled(call: Call, job: api.ObjectAnswer, done: str) -> None:
    answer = {"name": job.name, "done": done, "state": job.state, "engine": job.engine}
    call.done(answer, f"{job.name}: {call.out.say(done)}")


def _approval(chosen: ApprovalChoices) -> api.SaidApproval:
    approvers = tuple(chosen.approver or ())
    return api.SaidApproval(approver=approvers, note=chosen.note or "", publish=chosen.publish)


def _editing(chosen: ApprovalChoices, lock: bool, match: str) -> api.SaidEditing:
    said = msgspec.structs.asdict(_approval(chosen))
    return api.SaidEditing(take_lock=lock, if_match=match, **said)


def _answer(call: Call, saved: api.SavedAnswer) -> None:
    waits = f"; {_waits(call, saved.review)}" if saved.review else ""
    state = f"v{saved.live_version}" if saved.live_version else call.out.say("draft")
    call.done(saved, f"{saved.name}: {state}{waits}")


def _waits(call: Call, review: str) -> str:
    return call.out.say("waits for review {id}", id=review)


def _etag(said: str | None, kind: ObjectKind, name: str) -> str:
    """An entity tag as HTTP has it; empty for none."""
    if said is None:
        return ""
    etag = said.strip().strip('"')
    if not _ETAG.fullmatch(etag):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("--if-match is {said}, which is no ETag", said=repr(said)),
            subject="--if-match",
            hint=sentence(
                "use the one that `jobferry {kind} show {name} --etag` prints", kind=kind.value, name=name
            ),
        )
    return f'"{etag}"'


_VERBS = ("list", "show", "create", "edit", "rename", "move", "delete", "start", "stop", "submit")
_SUBMITTED: dict[str, Callable[..., int | None]] = {
    "show": show,
    "edit": edit,
    "rename": rename,
    "move": move,
    "delete": delete,
}
_PLAIN: dict[str, Callable[..., int | None]] = {
    "list": list_others,
    "show": show_plain,
    "edit": edit_plain,
    "rename": rename_plain,
    "move": move_plain,
    "delete": delete_plain,
}
_OWN: dict[ObjectKind, dict[str, Callable[..., int | None]]] = {
    ObjectKind.JOB: {
        "list": list_jobs,
        "show": show_job,
        "create": create_job,
        "start": start,
        "stop": stop,
        "submit": submit_job,
    },
    ObjectKind.SCRIPT: {
        "list": list_scripts,
        "create": create_script,
        "edit": edit_script,
        "submit": submit_script,
    },
    ObjectKind.RESOURCE: {"create": create_resource},
    ObjectKind.CDM: {"create": create_cdm},
}
