"""Rounds of the soak: start something, kill it at a random moment, look at what is left."""

from __future__ import annotations

import random
import shutil
import threading
from collections import Counter
from itertools import count
from pathlib import Path

import httpx

from crashing.lives import KILLED, NOWHERE, Life, Point, Served, Zygote, serve, served
from crashing.parcels import parcel, things
from crashing.zygote import point_of

from .ledger import Half, Ledger, Lost, Unclean

JOBS = 150
NEW_JOBS = 30
EPOCH = 40
"""Rounds until a folder is thrown away, so that versions do not pile up."""

_TOLD_EVERY = 100

_LONGEST_S = 0.45
_LONGEST_COMMAND_S = 1.2

_INSIDE: tuple[str, ...] = (
    "import-transaction-open",
    "import-target-unmoved",
    "import-receipt-written",
    "import-committing",
)
_INSIDE += tuple(f"rows-written/{table}" for table in ("objects", "versions", "landings", "receipt_items"))
_AROUND: tuple[str, ...] = (
    "package-part-written",
    "package-received",
    "import-slot-taken",
    "import-task-written",
    "task-begun",
)
_AROUND += ("rows-written/audit", "rows-written/audit_ends")
_AROUND += ("import-planned", "rows-written/contents", "texts-staged", "import-committed")
_AROUND += ("import-package-discarded", "task-ended", "tables-ready", "tasks-taken-up", "platform-started")
_EXPORTS = ("export-selected", "export-page-read", "object-opened", "object-closing", "object-written")
_FOUNDING: tuple[str, ...] = (
    "revision-begun/platform",
    "revision-done/platform",
    "revision-done/tasks",
    "file-drafted/key",
)
_FOUNDING += ("file-renamed/credentials.json", "credentials-written", "platform-founded", "platform-started")
_FOUNDING += tuple(f"founding-row/{table}" for table in ("platform", "users", "tokens", "workspaces"))
_FOUNDING += ("founding-row/members", "founding-row/audit", "swept")


def stream(order: tuple[Path, int, int]) -> Counter[str]:
    """One stream from its beginning to its end: where, from which seed, how many kills."""
    scratch, seed, kills = order
    scratch.mkdir()
    rounds = Rounds(scratch, seed)
    try:
        rounds.run(kills)
    finally:
        rounds.close()
    return rounds.counted


class Rounds:
    """A stream of kills with its own zygote, chance and folders."""

    def __init__(self, scratch: Path, seed: int) -> None:
        self._scratch = scratch
        self._chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self._zygote = Zygote()
        self._numbers = count(1)
        self._base = self._found_base()
        self._ledger = self._fresh()
        self.counted: Counter[str] = Counter()

    def close(self) -> None:
        self._zygote.close()

    def run(self, kills: int) -> None:
        """So many kills. What is broken is counted and ends the stream; the folder stays."""
        try:
            while self.counted["kills"] < kills:
                if self.counted["kills"] % EPOCH == EPOCH - 1:
                    self._settle()
                self._round()
            self._settle()
        except (Half, Lost, Unclean, AssertionError) as broken:
            kind = type(broken) if isinstance(broken, Half | Lost) else Unclean
            self.counted[kind.__name__.lower()] += 1
            print(f"{type(broken).__name__} in {self._ledger.folder}: {broken}", flush=True)

    def _round(self) -> None:
        chance = self._chance.random()
        if chance < 0.1:
            self._kill_founding()
        elif chance < 0.3:
            self._kill_command()
        else:
            self._kill_served()

    def _kill_served(self) -> None:
        deed = self._chance.choice(("new", "overwrite", "tenth", "tenth", "export"))
        point = NOWHERE
        if self._chance.random() < 0.6:
            names = _EXPORTS if deed == "export" else self._chance.choice((_INSIDE, _INSIDE, _AROUND))
            point = Point(self._chance.choice(names), 1, armed=self._chance.random() < 0.3)
        self._ledger.age()
        running = serve(self._zygote, self._ledger.folder, point)
        if isinstance(running, Life):
            self._count(running, "start")
            return
        with running.http:
            try:
                self._ledger.look_served(running)
                running.arm()
                self._act(running, deed, by_clock=point is NOWHERE)
            except httpx.TransportError:
                pass
        if not running.life.has_ended:
            running.life.kill()
        self._count(running.life, deed)

    def _act(self, running: Served, deed: str, *, by_clock: bool) -> None:
        clock = threading.Timer(self._chance.uniform(0, _LONGEST_S), running.life.kill)
        if by_clock:
            clock.start()
        try:
            if deed == "export":
                self._export(running)
            else:
                package_id = running.send(self._package(deed))
                task_id = running.begin(package_id)
                self._ledger.accept(task_id)
                running.ended(task_id)
        finally:
            clock.cancel()

    def _kill_command(self) -> None:
        """A command without a server; what it finds open it reports."""
        deed = self._chance.choice(("new", "overwrite", "tenth", "export"))
        if self._ledger.is_open:
            deed = "export"
        order: list[str | Path] = ["export", "--all", "-o", self._scratch / "out.zip"]
        if deed != "export":
            file = self._scratch / "package.zip"
            file.write_bytes(self._package(deed))
            order = ["import", file, "--duplicates", "overwrite"]
        point = NOWHERE
        if self._chance.random() < 0.5:
            point = Point(
                self._chance.choice((*_INSIDE, *_AROUND, "export-page-read", "export-file-drafted"))
            )
        life = self._zygote.start(*order, "--data", self._ledger.folder, at=point)
        clock = threading.Timer(self._chance.uniform(0, _LONGEST_COMMAND_S), life.kill)
        if point is NOWHERE:
            clock.start()
        life.end()
        clock.cancel()
        self._count(life, f"command {deed}")

    def _kill_founding(self) -> None:
        folder = self._scratch / f"new-{next(self._numbers)}"
        point = Point(self._chance.choice(_FOUNDING)) if self._chance.random() < 0.6 else NOWHERE
        life = self._zygote.start("serve", "--port", "0", "--data", folder, at=point)
        clock = threading.Timer(self._chance.uniform(0, 2 * _LONGEST_S), life.kill)
        if point is NOWHERE:
            clock.start()
        life.end()
        clock.cancel()
        self._count(life, "founding", mine=False)
        with served(self._zygote, folder) as platform:
            if not platform.signs_in() or platform.http.get("/api/workspaces/default").status_code != 200:
                raise Unclean(f"the credentials in {folder} do not sign in")
        shutil.rmtree(folder)

    def _export(self, running: Served) -> None:
        workspace = running.http.get("/api/workspaces/default").json()["id"]
        names = sorted(self._ledger.editions)[:100]
        running.http.post(
            f"/v1/{running.project}/jobs/batch-export",
            json={"jobList": names, "obsPath": "obs://bucket/out"},
            headers={"workspace": workspace},
        ).raise_for_status()

    def _package(self, deed: str) -> bytes:
        ledger, number = self._ledger, next(self._numbers)
        editions, scripts = dict(ledger.editions), ledger.scripts
        match deed:
            case "new":
                editions |= {f"new_{number}_{n}": 0 for n in range(NEW_JOBS)}
            case "overwrite":
                editions, scripts = dict.fromkeys(editions, number), number
            case _:
                some = self._chance.sample(sorted(editions), len(editions) // 10)
                editions |= dict.fromkeys(some, number)
        texts = things(editions, scripts)
        ledger.begin(texts, editions, scripts)
        return parcel(texts)

    def _count(self, life: Life, deed: str, *, mine: bool = True) -> None:
        """Counts a kill, looks at what it left; a process that ended by itself is no kill."""
        code = life.end()
        if code not in (KILLED, 0):
            raise Unclean(f"{deed}: ended with {code}: {life.err[-1500:]}")
        if mine:
            self._ledger.look_at_rest()
        if code != KILLED:
            return
        points = [point_of(told) for told in life.events]
        opened = max((n for n, point in enumerate(points) if point == "import-transaction-open"), default=-1)
        self.counted["kills"] += 1
        if self.counted["kills"] % _TOLD_EVERY == 0:
            print(f"{self._scratch.name}: {self.counted['kills']} kills", flush=True)
        self.counted[deed] += 1
        self.counted["inside"] += opened >= 0 and "import-committed" not in points[opened:]

    def _settle(self) -> None:
        """Leaves nothing open in a folder, and takes a new one."""
        self._ledger.age()
        with served(self._zygote, self._ledger.folder) as platform:
            self._ledger.look_served(platform)
        shutil.rmtree(self._ledger.folder)
        self._ledger = self._fresh()

    def _found_base(self) -> Path:
        base = self._scratch / "base"
        with served(self._zygote, base) as platform:
            platform.land(parcel(things({f"作业_{n}": 0 for n in range(JOBS)})))
        return base

    def _fresh(self) -> Ledger:
        folder = self._scratch / f"folder-{next(self._numbers)}"
        return Ledger(Path(shutil.copytree(self._base, folder)), {f"作业_{n}": 0 for n in range(JOBS)})
