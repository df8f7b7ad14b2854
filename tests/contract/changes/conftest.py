"""A workspace in which something happens between the look of a use case and its writing."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec
import pytest

from builders import job, node, written
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.bootstrap.wiring import open_platform
from jobferry.errors import JobferryError
from jobferry.model.audit import AuditOutcome
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Caller, Grant
from jobferry.model.records import StoredObject
from jobferry.model.rights import Role
from jobferry.model.transfer.export import ExportRequest
from jobferry.services.runtime import Runtime
from jobferry.store import Snapshot, Store, UnitOfWork
from people import administrator, assign, enrol, entered, store_of
from tables import home_with_tables, settings_for

Row = tuple[str, str, str, str]
QUIET = node("n", "Dummy")
_numbers = itertools.count()


class Late:
    """A store in which something is done right before the first transaction that has to last."""

    def __init__(self, store: Store, between: Callable[[], object]) -> None:
        self._store = store
        self.server = store.server
        self._between: list[Callable[[], object]] = [between]

    @contextmanager
    def read(self, *, lean: bool = False) -> Iterator[Snapshot]:
        with self._store.read(lean=lean) as snapshot:
            yield snapshot

    @contextmanager
    def write(self, *, lasting: bool = True, only: str = "") -> Iterator[UnitOfWork]:
        if lasting and self._between:
            self._between.pop()()
        with self._store.write(lasting=lasting, only=only) as uow:
            yield uow


class Place:
    """A workspace of its own with its owner; ``late`` gives the platform to somebody who is late."""

    def __init__(self, running: RunningPlatform, **settings: str) -> None:
        self.running = running
        self.name = f"w{next(_numbers)}"
        running.workspaces.create(self.name, administrator(running))
        if settings:
            running.workspaces.set(self.grant, settings)
        self.kept: Any = None
        """What was prepared, for those who need its id."""

    @property
    def caller(self) -> Caller:
        return administrator(self.running)

    @property
    def grant(self) -> Grant:
        return entered(self.running, self.name)

    def granted(self, name: str, *roles: Role) -> Grant:
        """A new member."""
        caller = assign(self.running, enrol(self.running, f"{name}-{self.name}"), self.name, *roles)
        return entered(self.running, self.name, caller)

    def job(self, name: str = "a", *, submit: bool = True, **fields: Any) -> StoredObject:
        text = written(job(name, QUIET, **fields))
        return self.running.objects.create(self.grant, ObjectKind.JOB, text, submit=submit)

    def found(self, name: str = "a") -> StoredObject:
        return self.running.objects.show(self.grant, ObjectKind.JOB, name).stored

    def package(self) -> bytes:
        """Everything that is here, exported."""
        return b"".join(self.running.exports.package(self.grant, ExportRequest(everything=True)).chunks)

    def late(self, between: Callable[[], object]) -> RunningPlatform:
        """The same platform, whose next use case is overtaken by this."""
        runtime: Runtime = self.running.parts.runtime
        slow = msgspec.structs.replace(runtime, store=Late(runtime.store, between))
        late: RunningPlatform = copy_with(self.running, slow, runtime)
        return late

    def rows(self, after: int) -> list[Row]:
        """Action, subject, outcome and detail of what the audit was told after that row."""
        with store_of(self.running).read() as snapshot:
            events = [row.event for row in snapshot.audit.rows(after=after)]
        return [(one.action, one.subject, one.outcome.value, one.detail) for one in events]

    def end(self) -> int:
        with store_of(self.running).read() as snapshot:
            return snapshot.audit.end().number


def copy_with(whole: Any, slow: Runtime, runtime: Runtime) -> Any:
    """A copy that works with the slow runtime wherever it worked with the other one."""
    twin = copy.copy(whole)
    for name, part in getattr(whole, "__dict__", {}).items():
        if part is runtime:
            object.__setattr__(twin, name, slow)
        elif type(part).__module__.startswith("jobferry.services."):
            object.__setattr__(twin, name, copy_with(part, slow, runtime))
    return twin


@pytest.fixture(scope="session")
def raced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    home = home_with_tables(tmp_path_factory.mktemp("raced"))
    running = open_platform(home, settings_for(home), durable=False)
    yield running
    running.close()


Act = Callable[[Place, RunningPlatform], object]


def nothing(_place: Place, _here: RunningPlatform) -> None:
    """There is nothing to prepare."""


class Race(NamedTuple):
    """What is prepared, what comes between, and what the late one wants; ``code`` is what they are told.

    ``action`` is the row that tells of the late one, and ``holds`` what is true in the end.
    """

    name: str
    action: str
    late: Act
    between: Act
    code: str = ""
    prepare: Act = nothing
    holds: Callable[[Place], bool] = bool
    settings: str = ""


def judge(raced: RunningPlatform, race: Race) -> None:
    """Runs a race: what the late one is told, what the audit is told of it, and what is true in the end."""
    place = Place(raced, **dict(setting.split("=") for setting in race.settings.split()))
    race.prepare(place, raced)
    reached: list[int] = []

    def between() -> None:
        race.between(place, raced)
        reached.append(place.end())

    told = ""
    try:
        race.late(place, place.late(between))
    except JobferryError as error:
        told = error.code.value
    assert told == race.code
    rows = [(action, outcome, detail) for action, _, outcome, detail in place.rows(reached[0])]
    if race.code:
        assert rows == [(race.action, AuditOutcome.FAILED.value, race.code)]
    else:
        assert [row[:2] for row in rows] == [(race.action, AuditOutcome.DONE.value)]
    assert race.holds(place)
