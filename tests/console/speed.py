"""How soon pages of the console are shown: 10,000 jobs, every connection missing, 200 nodes in a graph.

Each page is opened afresh, with what the browser keeps of an earlier visit (its files) and without, and timed
by the page itself: from the begin of the navigation to the first frame in which a row, a chooser or a node of
the graph stands. BENCH_PAGES narrows the run to pages and acts whose name has one of these words (comma
between them); BENCH_FOLDER names a folder that keeps the prepared platform for the next run.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
from playwright.sync_api import Browser, BrowserContext, Page

from bench import driving, foreign
from bench.scene import Scene
from bench.served import served
from builders import job, node
from console import motion
from console.chromium import launched
from console.stage import PASSWORD

COUNT = int(os.environ.get("BENCH_JOBS", "10000"))
RUNS = int(os.environ.get("BENCH_RUNS", "7"))
WORDS = [word for word in os.environ.get("BENCH_PAGES", "").split(",") if word]
NODES = 200
MANY_NODES = 2_000
WORKSPACE = "default"
_HEAD = (
    "| page | files | shown (ms) | least | most | main thread (ms) | sent (KiB) |\n"
    "|---|---|---|---|---|---|---|\n"
)
_WINDOW_MS = 1_000
"""Chromium loads pages of its own into each new window; whoever opens a page has one already."""
_WATCH = """selector => {
  const look = () => document.querySelector(selector)
    ? requestAnimationFrame(() => { window.shownAt = performance.now() })
    : requestAnimationFrame(look);
  look();
}"""


class Shown(NamedTuple):
    """A page, and what stands in it once it is shown."""

    name: str
    path: str
    selector: str


def graph(name: str, count: int, *, is_placed: bool = False) -> bytes:
    """A job of many nodes in layers of ten; each says where it stands, or none does."""
    nodes = [
        node(f"n{number}", "Shell", after=[f"n{number - 10}"] if number >= 10 else [])
        for number in range(count)
    ]
    for number, drawn in enumerate(nodes if is_placed else ()):
        drawn["location"] = {"x": str(number // 10 * 240), "y": str(number % 10 * 90)}
    return json.dumps(job(name, *nodes)).encode()


def prepared(url: str, folder: Path, package: Path) -> str:
    """Gives the administrator a password, saves the graph, and checks the package; the import's id."""
    token = json.loads((folder / "credentials.json").read_text())["token"]
    place = f"/api/workspaces/{WORKSPACE}"
    with httpx.Client(base_url=url, headers={"X-Auth-Token": token}, timeout=120, trust_env=False) as http:
        http.put("/api/users/administrator/password", json={"new": PASSWORD}).raise_for_status()
        http.patch(f"{place}/settings", json={"max_nodes": str(MANY_NODES)}).raise_for_status()
        for document in (graph("graph", NODES), graph("large", MANY_NODES, is_placed=True)):
            http.post(f"{place}/objects/job", content=document).raise_for_status()
        sent = http.post("/api/packages", params={"name": "gaps.zip"}, content=package.read_bytes()).json()
        begun = http.post(f"{place}/imports", json={"package": {"id": sent["id"]}}).json()
        while http.get(f"{place}/imports/{begun['id']}", params={"wait": 20}).json()["state"] == "checking":
            pass
    return str(begun["id"])


def once(context: BrowserContext, shown: Shown) -> tuple[float, float, float]:
    """Milliseconds until a page is shown, those that its main thread worked, and kilobytes sent for it."""
    page: Page = context.new_page()
    page.wait_for_timeout(_WINDOW_MS)
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    page.add_init_script(f"({_WATCH})({json.dumps(shown.selector)})")
    page.goto(f"/w/{WORKSPACE}/{shown.path}")
    page.wait_for_function("() => window.shownAt > 0")
    at: float = page.evaluate("window.shownAt")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    came: float = page.evaluate(
        "performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0) / 1024"
    )
    page.close()
    return at, metrics["TaskDuration"] * 1000, came


def signed_in(browser: Browser, url: str) -> BrowserContext:
    """A browser that was never here, whose user is the administrator."""
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 860})
    context.request.post("/api/session", data={"name": "administrator", "password": PASSWORD})
    return context


@contextmanager
def folder_of_platforms() -> Iterator[Path]:
    """The folder that is to be kept, or one that goes."""
    kept = os.environ.get("BENCH_FOLDER")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            yield Path(scratch)


def filled(scratch: Path) -> tuple[Path, str]:
    """A data folder with all jobs and the graphs, and the import that is checked; made if none was kept."""
    noted = scratch / f"made-{COUNT}"
    if noted.exists():
        folder, begun = noted.read_text().split()
        return Path(folder), begun
    scene = Scene(scratch, COUNT, big=False)
    package, made = scene.zipped("gaps", foreign.documents(COUNT)), scene.roomy()
    with driving.opened(made) as running:
        driving.check_and_apply(running, scene.plain(COUNT), driving.HOLDING)
    with served(made) as there:
        begun = prepared(there.url, made, package)
    noted.write_text(f"{made}\n{begun}\n")
    return made, begun


def is_wanted(name: str) -> bool:
    """Whether a page or act is among those that are measured."""
    return not WORDS or any(word in name for word in WORDS)


def shown_line(browser: Browser, url: str, shown: Shown, kind: str) -> str:
    """A row of the first table."""
    figures = []
    for _ in range(RUNS):
        context = signed_in(browser, url)
        if kind == "warm":
            once(context, shown)
        figures.append(once(context, shown))
        context.close()
    times = sorted(at for at, _, _ in figures)
    worked = statistics.median(work for _, work, _ in figures)
    return (
        f"| {shown.name} | {kind} | {statistics.median(times):.0f} | {times[0]:.0f} "
        f"| {times[-1]:.0f} | {worked:.0f} | {figures[0][2]:.0f} |\n"
    )


def main() -> None:
    """Prints two tables: how soon pages are shown, and how they move. The first: median, least and most, cold
    (nothing kept) and warm (files kept)."""
    with folder_of_platforms() as scratch, launched() as browser:
        folder, begun = filled(scratch)
        with served(folder) as there:
            pages = [
                Shown("list of jobs", "jobs", "tbody .ant-table-row"),
                Shown("mapping", f"imports/{begun}?step=mapping", "main .ant-card .ant-select"),
                Shown(f"graph of {NODES} nodes", "jobs/graph", ".react-flow__node"),
                Shown(f"graph of {MANY_NODES:,} nodes", "jobs/large", ".react-flow__node"),
            ]
            sys.stdout.write(_HEAD)
            for shown in (one for one in pages if is_wanted(one.name)):
                for kind in ("cold", "warm"):
                    sys.stdout.write(shown_line(browser, there.url, shown, kind))
                    sys.stdout.flush()
            sys.stdout.write(motion.HEAD)
            for line in motion.lines(signed_in(browser, there.url), f"/w/{WORKSPACE}", begun, is_wanted):
                sys.stdout.write(line)
                sys.stdout.flush()


if __name__ == "__main__":
    main()
