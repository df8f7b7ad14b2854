"""Tells users that locks they held are theirs no longer."""

from __future__ import annotations

from collections.abc import Iterable

from jobferry.model.grant import Grant
from jobferry.model.notice import Notice, NoticeCode
from jobferry.model.transfer.plan import Lock, Plan
from jobferry.model.transfer.receipt import Receipt
from jobferry.services.ground import Ground
from jobferry.store.ports import UnitOfWork

_NAMED = 5
"""How many objects a notice names."""


class Former(dict[str, list[str]]):
    """By the user who held locks, the names of the objects; nobody and the caller do not count."""

    def __init__(self, held: Iterable[tuple[str, str]], caller: str) -> None:
        super().__init__()
        for holder, name in held:
            if holder not in ("", caller):
                self.setdefault(holder, []).append(name)


def tell_former(
    uow: UnitOfWork, ground: Ground, grant: Grant, code: NoticeCode, former: Former, **args: str
) -> None:
    """Tells every former holder, in the transaction that takes the locks; who has gone is not told.

    ``link`` among the arguments is where the notice leads; without it, to the workspace's locks.
    """
    link = args.pop("link", f"/api/workspaces/{grant.workspace.id}/locks")
    for holder, names in former.items():
        user = uow.people.user_named(holder)
        if user is None:
            continue
        told = {"by": grant.caller.name, "workspace": grant.workspace.name, "things": _listed(names)}
        uow.notices.add(
            Notice(
                id=ground.new_id(),
                user_id=user.id,
                code=code,
                at=ground.now(),
                args=told | args,
                link=link,
            )
        )


def tell_of_import(uow: UnitOfWork, ground: Ground, grant: Grant, plan: Plan, receipt: Receipt) -> None:
    """Tells those whose locks an import took over."""
    held = ((step.former_holder, step.name) for step in plan.steps if isinstance(step, Lock))
    former = Former(held, grant.caller.name)
    code, link = NoticeCode.LOCKS_OVERWRITTEN, f"/api/receipts/{receipt.id}"
    tell_former(uow, ground, grant, code, former, package=receipt.package_name, link=link)


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" … (+{more})" if more > 0 else "")
