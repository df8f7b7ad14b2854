"""What is left to do here after an import in the EasyData manner: things that a package only names.

These tell and keep nothing out; the receipt keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jobferry.model.kinds import NeedKind
from jobferry.model.transfer.arrival import Passage
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.policy import Profile

_CODES = {
    NeedKind.QUALITY_MONITOR: "remains-quality-monitors",
    NeedKind.SYNC_TASK: "remains-sync-tasks",
    NeedKind.RESOURCE_GROUP: "remains-resource-groups",
    NeedKind.DATABASE: "remains-table-data",
}
_SHOWN = 20


def named_things_remain(passage: Passage) -> Iterator[Finding]:
    """Quality monitors, sync tasks, resource groups and the data of tables do not travel."""
    if passage.view.settings.profile is not Profile.EASYDATA:
        return
    for kind, code in _CODES.items():
        names = [name for need, name, _ in passage.needs if need is kind]
        yield from _told(code, (name for name in names if _is_here(kind, name, passage)))


def secrets_remain(passage: Passage) -> Iterator[Finding]:
    """Sensitive values left empty and are empty here too, and connections have no password yet."""
    if passage.view.settings.profile is not Profile.EASYDATA:
        return
    used = {name for kind, name, _ in passage.needs if kind is NeedKind.CONNECTION}
    yield from _told("remains-passwords", used & passage.view.incomplete)
    emptied = passage.cargo.manifest.emptied if passage.cargo.manifest else ()
    places = {(one.kind, one.name): set(one.paths) for one in emptied}
    open_ = [
        arrival.name
        for arrival in passage.written
        if places.get(arrival.item.key, set()) - {edit.path for edit in arrival.edits}
    ]
    yield from _told("remains-sensitive-values", open_)


def files_remain(passage: Passage) -> Iterator[Finding]:
    """Resources whose files nobody could look for: object storage is off or does not answer, the bucket is
    none of its own, or there are too many."""
    if passage.view.settings.profile is Profile.EASYDATA:
        yield from _told("remains-resource-files", passage.unseen)


def _is_here(kind: NeedKind, name: str, passage: Passage) -> bool:
    """What is missing is told by other rules; for tables nobody here can vouch."""
    return kind is NeedKind.DATABASE or passage.view.has(kind, name)


def _told(code: str, names: Iterable[str]) -> Iterator[Finding]:
    listed = sorted(set(names))
    if listed:
        shown = ", ".join(listed[:_SHOWN]) + (" …" if len(listed) > _SHOWN else "")
        args = {"count": str(len(listed)), "names": shown}
        yield Finding(code=code, severity=Severity.WARN, kind="package", name="", args=args)
