"""The pictures of the console in the documentation: a few pages, in both languages, small."""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page

from console.chromium import launched, visitor
from console.screenshots import LANGUAGES, WORKSPACE, furnished, requests_of, shown
from console.stage import PASSWORD
from contract.api.doors import Door, opened

PAGES = {
    "jobs": "jobs",
    "job": "jobs/ads_replenishment",
    "lineage": "jobs/ads_replenishment?tab=lineage",
    "mapping": "imports/{blocked}",
    "plan": "imports/{ready}?step=plan&object=job/flow",
    "receipt": "receipts/{receipt}",
}
"""What a picture is called, and its page in the workspace of ``console.screenshots.furnished``."""
_SIZE = {"x": 0, "y": 0, "width": 1280, "height": 860, "scale": 0.75}
_QUALITY = 72


def picture(page: Page) -> bytes:
    """What the page shows, as WebP, at three quarters of its size."""
    asked = {"format": "webp", "quality": _QUALITY, "clip": _SIZE}
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    return base64.b64decode(taken["data"])


def pictures(browser: Browser, platform: Door, folder: Path) -> Iterator[Path]:
    """Takes every picture in every language, as *name.language.webp*."""
    made = furnished(platform)
    for language in LANGUAGES:
        with closing(visitor(browser, platform, PASSWORD, language=language)) as context:
            page = context.new_page()
            going = requests_of(page)
            for name, address in PAGES.items():
                shown(page, f"/w/{WORKSPACE}/{address.format(**made)}", going)
                file = folder / f"{name}.{language}.webp"
                file.write_bytes(picture(page))
                yield file


def main(folder: Path) -> None:
    """Furnishes a platform and takes all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        opened(Path(data) / "data") as platform,
        launched() as browser,
    ):
        for file in pictures(browser, platform, folder):
            sys.stdout.write(f"{file.stat().st_size // 1024:4} KiB {file}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
