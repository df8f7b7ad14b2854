"""Several servers on one PostgreSQL database under load, one of which is killed or frozen every few seconds.

Editors count up in a job of their own, importers bring a workspace one generation of its jobs after the
other, exporters take packages out. Each asks any server, and after an answer another one, as behind a
balancer. What they were promised is compared with what stands there at the end.
"""

from __future__ import annotations

import io
import random
import signal
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import httpx

from builders import job, node, written
from processes import Served, packed
from sites import Site

NAMES = ("a", "b", "c")
PLACES = ("north", "south", "east", "west", "centre")
JOBS = 40
_PAUSE_S = 0.2
"""A client's pause between two requests, at most."""
_LONG_S = 25
"""A frozen server is given up after 20 seconds."""
_GIVEN_UP = 6
_GONE = (500, 502, 503, 504)


class Broken(AssertionError):
    """Something that was promised does not hold."""


class Watch:
    """What happened, and the longest time without a write that was acknowledged."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self.broken: list[str] = []
        self.longest_gap_s = 0.0
        self.longest_wait_s = 0.0
        self._last = time.monotonic()
        self._turn = threading.Lock()

    def count(self, what: str) -> None:
        with self._turn:
            self.counted[what] += 1

    def wrote(self, what: str, waited_s: float) -> None:
        """A write was acknowledged, so long after it was first asked for."""
        with self._turn:
            now = time.monotonic()
            self.longest_gap_s = max(self.longest_gap_s, now - self._last)
            self.longest_wait_s = max(self.longest_wait_s, waited_s)
            self._last = now
            self.counted[what] += 1

    def fail(self, message: str) -> None:
        with self._turn:
            self.broken.append(message)


class Balancer:
    """Where clients ask: any server that is there."""

    def __init__(self) -> None:
        self._clients: dict[str, httpx.Client] = {}
        self._left: list[httpx.Client] = []
        """Some thread may be asking with one of them."""
        self._turn = threading.Lock()

    def join(self, name: str, served: Served) -> None:
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        headers = {"X-Auth-Token": served.token}
        client = httpx.Client(
            base_url=served.url, headers=headers, trust_env=False, timeout=_LONG_S, limits=limits
        )
        with self._turn:
            self._clients[name] = client

    def leave(self, name: str) -> None:
        with self._turn:
            self._left.append(self._clients.pop(name))

    def close(self) -> None:
        """Nobody asks any more."""
        for client in (*self._clients.values(), *self._left):
            client.close()

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """The answer of some server; None where it is not known what became of the request."""
        with self._turn:
            client = random.choice([*self._clients.values()])  # noqa: S311 - any will do
        try:
            answer = client.request(method, path, **more)
        except httpx.TransportError:
            return None
        return None if answer.status_code in _GONE else answer

    def insist(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer of some server to a request that may be repeated."""
        while True:
            answer = self.ask(method, path, **more)
            if answer is not None:
                return answer
            time.sleep(_PAUSE_S)


class Client(threading.Thread):
    """One that goes on until it is told to stop, and does not stop in the middle."""

    def __init__(self, name: str, step: Callable[[], None], halt: threading.Event, watch: Watch) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._halt = halt
        self._watch = watch

    def run(self) -> None:
        try:
            while not self._halt.is_set():
                self._step()
                time.sleep(random.random() * _PAUSE_S)  # noqa: S311 - any will do
        except Exception as error:  # whatever it is, the summary tells
            self._watch.fail(f"{self.name}: {type(error).__name__}: {error}")


class Editor:
    """Counts up in the description of one job; nobody else touches it."""

    def __init__(self, balancer: Balancer, watch: Watch, place: str, name: str) -> None:
        self._balancer = balancer
        self._watch = watch
        self._place = place
        self._name = name
        self._path = f"/api/workspaces/{place}/objects/job/{name}"
        self._tried = 0
        self._value = 0
        self._applied = 0
        self._etag = ""

    def step(self) -> None:
        begun = time.monotonic()
        self._tried += 1
        while not self._write(self._tried):
            pass
        self._watch.wrote("edits", time.monotonic() - begun)
        self._read(self._value, self._value)

    def check(self) -> None:
        """As many versions as values were written, each once."""
        answer = self._balancer.insist("GET", f"/api/workspaces/{self._place}/versions/job/{self._name}")
        versions = answer.json()["items"] if answer.status_code == 200 else []
        notes = [int(version["note"]) for version in versions]
        last = versions[0]["number"] if versions else 0
        if last != self._applied or notes != sorted(set(notes), reverse=True):
            raise Broken(f"{self._name} has {last} versions, {self._applied} were written: {notes[:5]}")

    def _write(self, value: int) -> bool:
        """Whether the job says the value now, in one way or another."""
        body = written(job(self._name, node("n"), description=str(value)))
        how = {"params": {"submit": "true", "note": str(value)}, "content": body}
        if self._etag:
            answer = self._balancer.ask("PUT", self._path, headers={"If-Match": self._etag}, **how)
        else:
            path = self._path.rpartition("/")[0]
            answer = self._balancer.ask("POST", path, **how)
        if answer is not None and answer.status_code in (200, 201):
            self._accept(value)
            return True
        if answer is not None and answer.status_code not in (409, 412):
            raise Broken(f"{self._name}: {answer.status_code} {answer.text}")
        self._watch.count("asked again")
        return self._read(self._value, value) == value

    def _read(self, least: int, most: int) -> int:
        """What the job says now; ``least`` was acknowledged, ``most`` asked for."""
        answer = self._balancer.insist("GET", f"/api/workspaces/{self._place}/documents/job/{self._name}")
        found = 0 if answer.status_code == 404 else int(answer.json().get("description") or 0)
        if not least <= found <= most:
            raise Broken(f"{self._name} says {found}, not {least} to {most}")
        self._etag = answer.headers.get("ETag", "") if found else ""
        if found > self._value:
            self._accept(found)
        return found

    def _accept(self, value: int) -> None:
        if value > self._value:
            self._applied += 1
        self._value = value


class Importer:
    """Brings its workspace one generation of jobs after the other."""

    def __init__(self, balancer: Balancer, watch: Watch, place: str) -> None:
        self._balancer = balancer
        self._watch = watch
        self._place = place
        self._generation = 0
        self._unheard = 0

    def step(self) -> None:
        begun = time.monotonic()
        self._generation += 1
        answer = self._begin()
        if answer is None:
            self._settle()
            return
        if answer.status_code != 202:
            raise Broken(f"import into {self._place}: {answer.status_code} {answer.text}")
        task = answer.json()["task_id"]
        self._contend(task)
        self._end(task)
        self._watch.wrote("imports", time.monotonic() - begun)
        self._see()

    def _begin(self) -> httpx.Response | None:
        package = packed(
            job(f"imported_{number}", node("n"), description=str(self._generation)) for number in range(JOBS)
        )
        received = self._balancer.insist("POST", "/api/packages", params={"name": "g.zip"}, content=package)
        given = {"id": received.json()["id"]}
        body = {"package": given, "options": {"duplicates": "overwrite"}, "apply": True}
        answer = self._balancer.ask("POST", f"/api/workspaces/{self._place}/imports", json=body)
        if answer is None:
            self._unheard += 1
            self._watch.count("asked again")
        return answer

    def _contend(self, task: str) -> None:
        """A second import into the workspace is refused until the first one has landed."""
        answer = self._begin()
        if answer is None:
            self._settle()
        elif answer.status_code == 202:
            if self._balancer.insist("GET", f"/api/receipts/{task}").status_code != 200:
                raise Broken(f"two imports into {self._place} overlap")
            self._end(answer.json()["task_id"])
        elif answer.status_code == 409:
            self._watch.count("imports refused")
        else:
            raise Broken(f"second import into {self._place}: {answer.status_code} {answer.text}")

    def check(self) -> None:
        """Each import that was applied has one receipt; one that never began says so."""
        self._settle()
        path = f"/api/workspaces/{self._place}"
        heads = self._all(f"{path}/imports")
        applied = [head["receipt_id"] for head in heads if head["state"] == "applied"]
        receipts = [receipt["id"] for receipt in self._all(f"{path}/receipts")]
        others = Counter(head["state"] for head in heads if head["state"] != "applied")
        if sorted(applied) != sorted(receipts) or others.pop("failed", 0) > self._unheard or others:
            raise Broken(f"{self._place}: {len(applied)} applied, {len(receipts)} receipts, {dict(others)}")

    def _all(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = self._balancer.insist("GET", path, params={"limit": 1000, "offset": len(found)}).json()
            found += page["items"]
            if not page["items"] or len(found) >= page["total"]:
                return found

    def _settle(self) -> None:
        """Waits for what may have begun although nobody heard of it."""
        imports = f"/api/workspaces/{self._place}/imports"
        for state in ("checking", "checked", "applying"):
            for head in self._all(f"{imports}?state={state}"):
                while self._balancer.insist("GET", f"{imports}/{head['id']}").json()["state"] == state:
                    time.sleep(_PAUSE_S)

    def _end(self, task: str) -> None:
        while True:
            answer = self._balancer.insist("GET", f"/api/tasks/{task}", params={"wait": 5})
            found = answer.json()
            if answer.status_code != 200:
                raise Broken(f"task {task}: {answer.status_code} {answer.text}")
            if found["status"] == "SUCCESSFUL":
                return
            if found["status"] != "RUNNING":
                raise Broken(f"import {task} ended as {found['status']}: {found['message']}")

    def _see(self) -> None:
        path = f"/api/workspaces/{self._place}/documents/job/imported_{JOBS - 1}"
        found = self._balancer.insist("GET", path).json()["description"]
        if found != str(self._generation):
            raise Broken(f"{self._place} has generation {found}, not {self._generation}")


class Exporter:
    """Takes the jobs of a workspace out."""

    def __init__(self, balancer: Balancer, watch: Watch, place: str) -> None:
        self._balancer = balancer
        self._watch = watch
        self._path = f"/api/workspaces/{place}/downloads"
        self._unheard = 0

    def step(self) -> None:
        begun = time.monotonic()
        answer = self._balancer.ask("POST", self._path, json={})
        if answer is None:
            self._unheard += 1
            self._watch.count("asked again")
            return
        if answer.status_code != 202:
            raise Broken(f"export: {answer.status_code} {answer.text}")
        self._look(answer.json()["task_id"])
        self._watch.wrote("exports", time.monotonic() - begun)

    def check(self) -> None:
        """None goes on for ever. One may have failed of which nobody heard: its server was killed before the
        task was there."""
        while self._balancer.insist("GET", self._path, params={"status": "RUNNING"}).json()["total"]:
            time.sleep(_PAUSE_S)
        failed = self._balancer.insist("GET", self._path, params={"status": "FAILED"}).json()
        if failed["total"] > self._unheard:
            raise Broken(f"{failed['total']} exports failed: {failed['items'][0]}")

    def _look(self, download: str) -> None:
        while (found := self._balancer.insist("GET", f"{self._path}/{download}").json())[
            "status"
        ] == "RUNNING":
            time.sleep(_PAUSE_S)
        if found["status"] != "SUCCESSFUL":
            raise Broken(f"export {download}: {found}")
        package = self._balancer.insist("GET", f"{self._path}/{download}/package")
        with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
            if archive.testzip() is not None:
                raise Broken(f"the package of {download} is damaged")


class Killer:
    """Starts servers, kills and freezes them, and starts them anew; two are there at any time."""

    def __init__(self, site: Site, balancer: Balancer, watch: Watch, chance: random.Random) -> None:
        self._site = site
        self._balancer = balancer
        self._watch = watch
        self._chance = chance
        self._stacks: dict[str, ExitStack] = {}
        self._servers: dict[str, Served] = {}

    def start(self, name: str) -> None:
        self._stacks[name] = ExitStack()
        self._servers[name] = self._stacks[name].enter_context(self._site.served(name))
        self._balancer.join(name, self._servers[name])

    def stop(self) -> None:
        for stack in self._stacks.values():
            stack.close()

    def strike(self) -> None:
        deed = self._chance.choice((self.kill, self.kill, self.freeze, self.hold, self.end))
        deed(self._chance.choice(NAMES))

    def kill(self, name: str) -> None:
        self._servers[name].process.kill()
        self._anew(name, "killed")

    def end(self, name: str) -> None:
        """Stops it as an upgrade would."""
        self._servers[name].process.terminate()
        self._servers[name].process.wait()
        self._anew(name, "stopped")

    def hold(self, name: str) -> None:
        """So short that nobody gives it up."""
        self._servers[name].process.send_signal(signal.SIGSTOP)
        time.sleep(3)
        self._servers[name].process.send_signal(signal.SIGCONT)
        self._watch.count("held")

    def freeze(self, name: str) -> None:
        """So long that the others give it up; then it wakes, and must end by itself."""
        process = self._servers[name].process
        process.send_signal(signal.SIGSTOP)
        until = time.monotonic() + 2 * _LONG_S
        while self._site.servers() == len(NAMES):
            if time.monotonic() > until:
                raise Broken(f"{name} is frozen, and nobody gives it up")
            time.sleep(_PAUSE_S)
        process.send_signal(signal.SIGCONT)
        code = process.wait()
        if code != _GIVEN_UP:
            raise Broken(f"{name} was given up and ended with {code}")
        self._anew(name, "frozen")

    def _anew(self, name: str, what: str) -> None:
        self._balancer.leave(name)
        self._watch.count(what)
        self._stacks.pop(name).close()
        time.sleep(self._chance.random() * 3)
        self.start(name)


def soak(site: Site, seconds: float, *, editors: int, exporters: int, seed: int, pause_s: float) -> Watch:
    """Servers under that load for so long, one of them struck every ``pause_s``; what came of it."""
    watch, balancer, halt = Watch(), Balancer(), threading.Event()
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    killer = Killer(site, balancer, watch, chance)
    try:
        for name in NAMES:
            killer.start(name)
        for place in PLACES:
            balancer.insist("POST", "/api/workspaces", json={"name": place})
        workers: list[Editor | Importer | Exporter] = [
            *(Editor(balancer, watch, PLACES[n % len(PLACES)], f"edited_{n}") for n in range(editors)),
            *(Importer(balancer, watch, place) for place in PLACES),
            *(Exporter(balancer, watch, PLACES[n % len(PLACES)]) for n in range(exporters)),
        ]
        clients = [
            Client(f"{type(one).__name__} {n}", one.step, halt, watch) for n, one in enumerate(workers)
        ]
        for client in clients:
            client.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until and not watch.broken:
            time.sleep(pause_s)
            killer.strike()
        halt.set()
        for client in clients:
            client.join()
        _check(workers, watch)
    finally:
        halt.set()
        killer.stop()
        balancer.close()
    return watch


def _check(workers: list[Editor | Importer | Exporter], watch: Watch) -> None:
    for worker in workers:
        try:
            worker.check()
        except Broken as broken:
            watch.fail(str(broken))


def told(watch: Watch, seconds: float) -> str:
    """The summary, in one line."""
    counted = ", ".join(f"{what} {number}" for what, number in sorted(watch.counted.items()))
    return (
        f"servers: {seconds:.0f} s; {counted}; broken promises = {len(watch.broken)};"
        f" longest time without a write {watch.longest_gap_s:.1f} s,"
        f" longest wait for one {watch.longest_wait_s:.1f} s"
    )
