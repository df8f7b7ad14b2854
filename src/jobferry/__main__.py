"""``python -m jobferry``, and the program ``jobferry``."""

from __future__ import annotations

import gc
import sys

_RARELY = 1_000_000
"""New objects between two collections: looking through what a start has just loaded takes a tenth of it."""


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    gc.set_threshold(_RARELY)
    from jobferry.cli.app import run

    ended = run(sys.argv[1:])
    gc.freeze()  # or Python looks through all that was loaded once more, at the very end
    sys.exit(ended)


if __name__ == "__main__":
    main()
