"""How pages move: the time from an input to the next paint, the frames of scrolling, and what shifts.

The browser measures itself: inputs by Event Timing, shifts by Layout Instability, frames by the distance
of one animation frame from the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from playwright.sync_api import BrowserContext, Page, expect

HEAD = (
    "\n| page, act | inputs | slowest answer (ms) | frames | p95 (ms) | most (ms) | layout shift |\n"
    "|---|---|---|---|---|---|---|\n"
)
OBSERVE = """() => {
  window.inputs = []; window.shift = 0; window.gaps = [];
  const watch = note => new PerformanceObserver(list => list.getEntries().forEach(note));
  watch(one => one.interactionId && inputs.push(one.duration))
    .observe({ type: "event", durationThreshold: 16, buffered: true });
  watch(one => one.hadRecentInput || (shift += one.value))
    .observe({ type: "layout-shift", buffered: true });
}"""
_FRAMES = """() => {
  window.gaps = []; let last = performance.now();
  const next = now => { gaps.push(now - last); last = now; window.beat = requestAnimationFrame(next) };
  window.beat = requestAnimationFrame(next);
}"""
_STEPS = 40
_WHEEL = 400


class Moved(NamedTuple):
    """What is done on a page, and what must stand in it before."""

    name: str
    path: str
    selector: str
    act: Callable[[Page], None]


def _scroll(page: Page) -> None:
    page.mouse.move(800, 600)
    for _ in range(_STEPS):
        page.mouse.wheel(0, _WHEEL)


def _drag(page: Page) -> None:
    page.mouse.move(700, 700)
    page.mouse.down()
    for step in range(_STEPS):
        page.mouse.move(700 - step * 10, 700 - step * 4)
    page.mouse.up()


def _filter(page: Page) -> None:
    name = page.locator("tbody .ant-table-row a").first.inner_text()
    page.locator("main .ant-input").first.press_sequentially(name[:4])
    page.keyboard.press("Enter")
    expect(page.locator("tbody .ant-table-row").first).to_be_visible()


def _tick(page: Page) -> None:
    for row in range(5):
        page.locator("tbody .ant-table-row .ant-checkbox-input").nth(row).check()


def _choose(page: Page) -> None:
    chooser = page.locator("main .ant-card .ant-select").first
    chooser.click()
    expect(page.locator(".ant-select-item-option").first).to_be_visible()
    page.keyboard.press("Escape")


def _acts(import_id: str) -> list[Moved]:
    row, node = "tbody .ant-table-row", ".react-flow__node"
    chooser = "main .ant-card .ant-select"
    mapping = f"imports/{import_id}?step=mapping"
    return [
        Moved("list of jobs, scroll", "jobs", row, _scroll),
        Moved("list of jobs, filter", "jobs", row, _filter),
        Moved("list of jobs, tick", "jobs?boxes=on", row, _tick),
        Moved("mapping, scroll", mapping, chooser, _scroll),
        Moved("mapping, open a chooser", mapping, chooser, _choose),
        Moved("plan, scroll", f"imports/{import_id}?step=plan", row, _scroll),
        Moved("graph of 2,000 nodes, drag", "jobs/large", node, _drag),
    ]


def lines(
    context: BrowserContext, place: str, import_id: str, is_wanted: Callable[[str], bool]
) -> Iterator[str]:
    """A row of the table for each act that is wanted."""
    for moved in (one for one in _acts(import_id) if is_wanted(one.name)):
        page = context.new_page()
        page.add_init_script(f"({OBSERVE})()")
        page.goto(f"{place}/{moved.path}")
        page.locator(moved.selector).first.wait_for()
        page.evaluate(_FRAMES)
        moved.act(page)
        page.wait_for_function("() => gaps.length > 30")
        found: dict[str, Any] = page.evaluate("() => ({ inputs, shift, gaps })")
        page.close()
        gaps = sorted(found["gaps"])
        slowest = f"{max(found['inputs'], default=0):.0f}"
        yield (
            f"| {moved.name} | {len(found['inputs'])} | {slowest} | {len(gaps)} "
            f"| {gaps[int(len(gaps) * 0.95)]:.0f} | {gaps[-1]:.0f} | {found['shift']:.3f} |\n"
        )
