"""A process that reads for a platform: pages come on stdin, what is in them goes to stdout.

It ends when its stdin does, and so with the platform, however that ends.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from jobferry.parsing import frames
from jobferry.parsing.here import read_page

_COLLECTIONS = (50_000, 20, 50)
"""How rarely Python looks for circular garbage: documents are many small values and no circles."""

_NICENESS = 10
"""Who waits for the platform's answer goes first where cores are few."""


def main() -> None:
    """Reads until nothing comes any more."""
    if sys.platform != "win32":
        os.nice(_NICENESS)
    gc.set_threshold(*_COLLECTIONS)
    with suppress(BrokenPipeError):
        while (said := frames.receive(sys.stdin.buffer)) is not None:
            fact_rules, page = frames.ordered(said)
            frames.send(sys.stdout.buffer, frames.answer(read_page(page, fact_rules)))


if __name__ == "__main__":
    main()
