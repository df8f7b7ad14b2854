"""What objects that are here would change, field by field, made from what their check has kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from jobferry.errors import Conflict, ErrorCode, NotFound
from jobferry.model.document.edits import edited
from jobferry.model.document.sensitive import compiled, mask_secrets
from jobferry.model.document.text import parse_known, without_bom
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import Entry
from jobferry.model.people import Grant
from jobferry.model.records import ObjectKey
from jobferry.model.settings import read_settings
from jobferry.model.transfer.plan_view import Change, sides
from jobferry.model.transfer.preview import ObjectDifference, ObjectTexts
from jobferry.package.reader import OpenPackage
from jobferry.sentences import sentence
from jobferry.services.importing.check_result import ChangingObject, CheckResult, NewObject

if TYPE_CHECKING:
    from jobferry.store import Store

_TEXTS = 10
"""Objects whose texts are held at once."""
MAX_COMPARED_BYTES = 8 * 1024**2
"""Bytes of texts after which no further object is compared; a text may have 4 MiB."""


class ChangeFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which differences are wanted; ``name_part`` is a part of the name."""

    kind: ObjectKind | None = None
    name_part: str = ""
    change: Change | None = None

    def fits(self, changing: ChangingObject) -> bool:
        """Whether an object is wanted."""
        return (
            (self.kind is None or changing.kind is self.kind)
            and (self.change is None or changing.change is self.change)
            and self.name_part.lower() in changing.name.lower()
        )


def differences_of(
    changing: Sequence[ChangingObject], package: OpenPackage, store: Store, grant: Grant
) -> Iterator[ObjectDifference]:
    """Each object's difference, made as it is read; at least one, and no more once the compared texts have
    ``MAX_COMPARED_BYTES``.

    Raises:
        Conflict: an object has changed since the check (``target-changed``).
    """
    shown = _shown(grant)
    compared = 0
    for start in range(0, len(changing), _TEXTS):
        page = changing[start : start + _TEXTS]
        digests = {digest for change in page for digest in (change.here, change.landed) if digest}
        with store.read() as snapshot:
            texts = dict(snapshot.contents.texts(sorted(digests)))
        for change in page:
            if compared > MAX_COMPARED_BYTES:
                return
            incoming = _text(package, change) if change.entry_path else b""
            compared += len(incoming) + sum(len(texts.get(key, b"")) for key in (change.here, change.landed))
            yield _difference(change, incoming, texts, shown)


def texts_of(changing: ChangingObject, package: OpenPackage, store: Store, grant: Grant) -> ObjectTexts:
    """One object's text here and as it would be, laid out to be read side by side.

    Raises:
        Conflict: the object has changed since the check (``target-changed``).
    """
    kind, name = changing.kind, changing.name
    if not changing.entry_path:
        return ObjectTexts(kind=kind, name=name, here="", package="")
    with store.read() as snapshot:
        texts = dict(snapshot.contents.texts([changing.here]))
    _, here, arriving = _documents(changing, _text(package, changing), texts, _shown(grant))
    return ObjectTexts(kind=kind, name=name, here=_laid_out(kind, here), package=_laid_out(kind, arriving))


def new_text(new: NewObject, package: OpenPackage, grant: Grant) -> ObjectTexts:
    """The text that an object would have which is not here yet, laid out to be read."""
    kind, name = new.kind, new.name
    if not new.entry_path:
        return ObjectTexts(kind=kind, name=name, here="", package="")
    arriving = _shown(grant)(kind, edited(_text(package, new), new.edits), {})
    return ObjectTexts(kind=kind, name=name, here="", package=_laid_out(kind, arriving))


def _laid_out(kind: ObjectKind, document: dict[str, Any]) -> str:
    """A document with a line for each value; what a script runs stands below it with its own lines."""
    content = document.pop("content", None) if kind is ObjectKind.SCRIPT else None
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return f"{text}\n\n{content}" if isinstance(content, str) else text


_Showing = Callable[[ObjectKind, bytes, dict[str, str]], dict[str, Any]]


def _shown(grant: Grant) -> _Showing:
    """Reads a text as whoever looks may see it: secrets of jobs are masked."""
    patterns = compiled(read_settings(grant.workspace.settings).fact_rules.patterns)

    def shown(kind: ObjectKind, text: bytes, masks: dict[str, str]) -> dict[str, Any]:
        document = parse_known(text)
        return mask_secrets(document, patterns, masks) if kind is ObjectKind.JOB else document

    return shown


def unchanging(found: CheckResult, key: ObjectKey) -> ObjectDifference:
    """The difference of an object that is new, or as it is here: there is none.

    Raises:
        NotFound: the package holds no such object (``entry-missing``).
    """
    for line in found.plan.all_lines():
        if (line.kind, line.name) == key and line.change is not None:
            return _none(line.kind, line.name, line.change)
    raise entry_missing(key)


def entry_missing(key: ObjectKey) -> NotFound:
    """There is no such object in the package."""
    return NotFound(
        ErrorCode.ENTRY_MISSING,
        sentence("the package holds no {kind} {name}", kind=key[0], name=key[1]),
        subject=key[1],
        hint="look at the import's plan for its objects",
    )


def _difference(
    changing: ChangingObject,
    incoming: bytes,
    texts: Mapping[str, bytes],
    shown: _Showing,
) -> ObjectDifference:
    kind, name = changing.kind, changing.name
    if not changing.entry_path:
        return _none(kind, name, changing.change)
    common, here, arriving = _documents(changing, incoming, texts, shown)
    return ObjectDifference(
        kind=kind,
        name=name,
        change=changing.change,
        is_three_way=common is not None,
        sides=tuple(sides(common, here, arriving)),
    )


def _documents(
    changing: ChangingObject, incoming: bytes, texts: Mapping[str, bytes], shown: _Showing
) -> tuple[dict[str, Any] | None, dict[str, Any], dict[str, Any]]:
    """What last came in, where that is kept; what is here; what would be."""
    kind, name = changing.kind, changing.name
    here, base = texts.get(changing.here), texts.get(changing.landed)
    if here is None:
        raise Conflict(
            ErrorCode.TARGET_CHANGED,
            sentence("the {kind} {name} has changed since the check", kind=kind, name=name),
            subject=name,
            hint="check the import again",
        )
    masks: dict[str, str] = {}
    arriving = edited(incoming, changing.edits)
    common = shown(kind, base, masks) if base is not None else None
    return common, shown(kind, here, masks), shown(kind, arriving, masks)


def _text(package: OpenPackage, coming: ChangingObject | NewObject) -> bytes:
    entry = Entry(kind=coming.kind, name=coming.name, path=coming.entry_path, size=0, sha256="")
    return without_bom(package.text(entry))


def _none(kind: ObjectKind, name: str, change: Change) -> ObjectDifference:
    return ObjectDifference(kind=kind, name=name, change=change, is_three_way=False, sides=())
