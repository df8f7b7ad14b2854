"""``python -m jobferry``, and the program ``jobferry``."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import suppress

_LAST_S = 2.0
"""How long threads that still work are waited for at the very end; ending them loses no more than a kill."""
_RARELY = 1_000_000
"""New objects between two collections: looking through what a start has just loaded takes a tenth of it."""


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    gc.set_threshold(_RARELY)
    from jobferry.cli.app import run

    ended = run(sys.argv[1:])
    gc.freeze()  # or Python looks through all that was loaded once more, at the very end
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        _end_soon(ended)
    sys.exit(ended)


def _end_soon(code: int) -> None:
    """Let the process end in a short time, whatever its threads do."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    ending = threading.Timer(_LAST_S, os._exit, [code])
    ending.daemon = True
    ending.start()


if __name__ == "__main__":
    main()
