"""The order in which things go live: scripts first, then jobs after those that they run or wait for."""

from __future__ import annotations

from collections.abc import Sequence

from jobferry.model.grant import Grant
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.review import ReviewItem
from jobferry.model.settings import read_settings
from jobferry.plan.build import upstream_first_names
from jobferry.services.stored_facts import stored_facts
from jobferry.store.ports import UnitOfWork


def upstream_first(uow: UnitOfWork, grant: Grant, items: Sequence[ReviewItem]) -> list[ReviewItem]:
    """The items in the order in which they go live; by name where nothing else decides."""
    jobs = {item.name: item for item in items if item.kind is ObjectKind.JOB}
    rest = sorted((item for item in items if item.kind is not ObjectKind.JOB), key=lambda item: item.name)
    reading = read_settings(grant.workspace.settings).reading
    digests = {item.digest for item in jobs.values()}
    facts = stored_facts(uow.contents, ObjectKind.JOB, digests, reading)
    waits_for = {
        name: {
            one.name
            for one in (facts[item.digest].references if item.digest in facts else ())
            if one.kind is NeedKind.JOB and not one.workspace and one.name in jobs and one.name != name
        }
        for name, item in jobs.items()
    }
    return [*rest, *(jobs[name] for name in upstream_first_names(waits_for))]
