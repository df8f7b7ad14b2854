"""Pictures of every page of the console, to be looked at: widths, languages and themes.

The pages are those of the router (``web/src/app/router.tsx``): one without parameters is found there, one
with parameters has its address in ``ADDRESSES``, and a test holds that none is missing.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import yaml
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from builders import job, node
from console.axe import STILL
from console.chromium import launched, stranger, visitor
from console.people import member
from console.stage import PASSWORD, checked, landed, packed, zipped
from contract.api.doors import Door, opened

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
ROUTER = ROOT / "web" / "src" / "app" / "router.tsx"
_ROUTE = re.compile(r'getParentRoute: \(\) => (\w+),\s*path: "([^"]+)"')
_PARENTS = {"root": "", "signedIn": "", "workspace": "/w/$workspace"}
WORKSPACE = "default"
WIDTHS = (1280, 390)
LANGUAGES = ("en", "zh")
THEMES = ("light", "dark")
QUIET = 500
"""Milliseconds without a request until a page counts as loaded."""


class Look(NamedTuple):
    """How a page is looked at."""

    width: int
    language: str
    theme: str


LOOKS = [Look(width, language, theme) for width in WIDTHS for language in LANGUAGES for theme in THEMES]

ADDRESSES = {
    "/w/$workspace/jobs/$name": [
        "jobs/ads_replenishment",
        "jobs/ads_replenishment?node=forecast",
        "jobs/ads_replenishment?tab=schedule",
        "jobs/ads_replenishment?tab=references",
        "jobs/ads_replenishment?tab=lineage",
        "jobs/ads_replenishment?tab=versions",
        "jobs/ads_replenishment?tab=document",
        "jobs/ads_replenishment?tab=edit&node=forecast",
    ],
    "/w/$workspace/scripts/$name": ["scripts/dws_sales_daily"],
    "/w/$workspace/resources/$name": ["resources/churn_score"],
    "/w/$workspace/cdms/$name": ["cdms/cdm_main%2Fshop_orders_to_lake"],
    "/w/$workspace/new/$kind": ["new/job", "new/script"],
    "/w/$workspace/asset-backups/$name": ["asset-backups/{backup}"],
    "/w/$workspace/imports/$importId": [
        "imports/{blocked}",
        "imports/{ready}?step=plan",
        "imports/{ready}?step=plan&object=job/flow&view=graph",
        "imports/{ready}?step=plan&object=job/flow",
        "imports/{ready}?step=plan&object=job/new&view=graph",
    ],
    "/w/$workspace/receipts/$receiptId": ["receipts/{receipt}", "receipts/{receipt}?undo=plan"],
    "/w/$workspace/connections/$name": ["connections/dwh_prod"],
    "/w/$workspace/reviews/$reviewId": ["/w/reviewed/reviews/{review}"],
    "/platform/users/$user": ["/platform/users/administrator"],
    "/help/$": ["/help/howto/carry-jobs"],
}
"""Addresses of pages with parameters, below the workspace where they do not begin with a slash;
``{names}`` are of what :func:`furnished` made."""
PROJECT = "shop"
OTHERS = [
    f"/w/{WORKSPACE}/jobs?boxes=on",
    f"/w/{PROJECT}/jobs",
    f"/w/{PROJECT}/jobs?batch=export",
    f"/w/{PROJECT}/jobs?batch=import",
    f"/w/{PROJECT}/imports/{{stopped}}",
    f"/w/{PROJECT}/changes",
    f"/w/{PROJECT}/downloads",
]
"""Pages as they are in other states: with boxes to tick, in an EasyData project, with changes and records."""


def routes() -> list[str]:
    """The paths of all pages that the router knows."""
    found = [
        (parent, path)
        for parent, path in _ROUTE.findall(ROUTER.read_text("utf-8"))
        if path != "/w/$workspace"
    ]
    return [f"{_PARENTS[parent]}{path}" for parent, path in found]


def addresses(made: dict[str, str]) -> Iterator[str]:
    """Where every page is, in a platform that has these things."""
    for route in routes():
        if route in ADDRESSES:
            places = (address.format(**made) for address in ADDRESSES[route])
            yield from (place if place.startswith("/") else f"/w/{WORKSPACE}/{place}" for place in places)
        elif route != "/welcome":
            yield route.replace("$workspace", WORKSPACE)
    yield from (address.format(**made) for address in OTHERS)


def furnished(platform: Door) -> dict[str, str]:
    """Fills a platform with the warehouse of the examples; the ids of its imports and receipts."""
    warehouse = zipped(EXAMPLES / "warehouse")
    there = yaml.safe_load((EXAMPLES / "production-platform.yaml").read_text("utf-8"))
    mapping = yaml.safe_load((EXAMPLES / "production-mapping.yaml").read_text("utf-8"))
    place = f"/api/workspaces/{WORKSPACE}"
    things = [{"kind": kind, "name": name} for kind, names in there["inventory"].items() for name in names]
    posts = [("inventory", {"items": things}), *(("connections", one) for one in there["connections"])]
    for path, body in posts:
        answer = platform.http.post(f"{place}/{path}", json=body)
        assert answer.status_code == 201, answer.text
    blocked = checked(platform, WORKSPACE, warehouse)
    receipt = landed(platform, WORKSPACE, warehouse, mapping=mapping)
    landed(platform, WORKSPACE, flow({"extract": [], "load": ["extract"], "report": ["load"]}))
    ready = flow({"extract": [], "clean": ["extract"], "load": ["clean"]}, new={"wait": []})
    made = checked(platform, WORKSPACE, ready, duplicates="overwrite")
    backup = backed_up(platform)
    return {
        "blocked": blocked,
        "receipt": receipt,
        "ready": made,
        "review": asked(platform),
        "stopped": project(platform),
        "backup": backup,
    }


def backed_up(platform: Door) -> str:
    """A workspace that is backed up every day, and now; the backup's name."""
    place = f"/api/workspaces/{WORKSPACE}"
    daily = {"asset_backup": "true", "asset_backup_path": "obs://backups/assets", "asset_backup_days": "30"}
    assert platform.http.patch(f"{place}/settings", json=daily).status_code == 200
    zone = platform.http.put(f"{place}/variables/zone", json={"type": "constant", "value": "east"})
    assert zone.is_success, zone.text
    platform.ended(platform.http.post(f"{place}/asset-backups").json()["task_id"])
    return str(platform.http.get(f"{place}/asset-backups").json()["items"][0]["name"])


def project(platform: Door) -> str:
    """An EasyData project with tasks, changes and a record; the id of an import that is not clear."""
    place = f"/api/workspaces/{PROJECT}"
    platform.workspace(PROJECT, profile="easydata")
    on = {"batch_exports": "true", "batch_imports": "true"}
    assert platform.http.patch("/api/settings", json=on).status_code == 200
    assert platform.http.patch(f"{place}/settings", json={"change_management": "true"}).status_code == 200
    for name in ("orders", "很多有数标签的任务"):
        made = platform.http.post(f"{place}/objects/job", json=job(name, node("one")))
        assert made.status_code == 201, made.text
    platform.ended(platform.http.post(f"{place}/downloads", json={}).json()["task_id"])
    monitored = node("check", "DataQualityMonitor", monitorName="rows")
    return checked(
        platform,
        PROJECT,
        packed(("jobs/sums.job", job("sums", monitored, upstream=["gone"]))),
        directory="/in",
    )


def asked(platform: Door) -> str:
    """A job that somebody has asked another one to review, in a workspace of its own; the review's id."""
    place = "/api/workspaces/reviewed"
    platform.workspace("reviewed")
    member(platform, "zhao", "administrator", workspace="reviewed")
    made = platform.http.post(f"{place}/objects/job", json=job("orders", node("load", "Dummy")))
    assert made.status_code == 201, made.text
    assert platform.http.patch(f"{place}/settings", json={"review": "all"}).status_code == 200
    said = {"note": "new receivers", "approver": "zhao"}
    submitted = platform.http.post(f"{place}/submits/job/orders", params=said)
    assert submitted.is_success, submitted.text
    return str(platform.http.get(f"{place}/reviews").json()["items"][0]["id"])


def flow(nodes: dict[str, list[str]], **others: dict[str, list[str]]) -> bytes:
    """A package of jobs whose nodes run after each other."""
    jobs = {"flow": nodes, **others}
    return packed(
        *(
            (f"jobs/{name}.job", job(name, *(node(one, "Shell", after=after) for one, after in of.items())))
            for name, of in jobs.items()
        )
    )


def requests_of(page: Page) -> set[Request]:
    """The requests of a page that go on.

    Not a worker's script: the browser never tells the end of one whose worker was ended while it loaded, and
    would never call such a page idle.
    """
    going: set[Request] = set()

    def begun(one: Request) -> None:
        if ".worker-" not in one.url:
            going.add(one)

    def ended(one: Request) -> None:
        going.discard(one)

    page.on("request", begun)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    return going


def shown(page: Page, address: str, going: set[Request]) -> None:
    """Opens a page and waits until it stands still."""
    page.goto(address)
    page.wait_for_timeout(QUIET)
    while going:
        page.wait_for_timeout(QUIET)
    expect(page.locator(".ant-skeleton, .ant-spin-spinning")).to_have_count(0)
    page.evaluate(STILL)


def file_of(address: str, made: dict[str, str]) -> str:
    """What the picture of a page is called, whatever ids its address has."""
    for name, id_ in made.items():
        address = address.replace(id_, name)
    return re.sub(r"[^\w=]+", "-", unquote(address).removeprefix(f"/w/{WORKSPACE}")).strip("-") or "home"


def pictures(
    browser: Browser, platform: Door, made: dict[str, str], folder: Path, only: str = ""
) -> Iterator[Path]:
    """Takes pictures of every page whose name has the piece ``only``, in every look: *page/look.png*."""
    wanted = {address: file_of(address, made) for address in addresses(made)}
    for look in LOOKS:
        shape = look._asdict()
        with (
            closing(visitor(browser, platform, PASSWORD, **shape)) as known,
            closing(stranger(browser, platform, **shape)) as unknown,
        ):
            file = f"{look.width}-{look.language}-{look.theme}.png"
            for context, places in ((known, wanted), (unknown, {"/": "signed-out"})):
                named = {place: folder / name / file for place, name in places.items() if only in name}
                yield from taken(context, named)


def taken(context: BrowserContext, places: dict[str, Path]) -> Iterator[Path]:
    """Takes a picture of each address into its file."""
    page = context.new_page()
    going = requests_of(page)
    for address, file in places.items():
        shown(page, address, going)
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, full_page=True)
        yield file


def main(folder: Path, only: str) -> None:
    """Furnishes a platform and takes all pictures."""
    with (
        tempfile.TemporaryDirectory() as data,
        opened(Path(data) / "data") as platform,
        launched() as browser,
    ):
        made = furnished(platform)
        for number, file in enumerate(pictures(browser, platform, made, folder, only), 1):
            sys.stdout.write(f"{number:4} {file}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
