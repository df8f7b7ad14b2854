"""``make answers``: records the digests of all answers anew, and names those that are different now.

Only for a change whose answers are meant to differ; its commit message says which, and why.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from recorded.table import differing, made, recorded, write


def main() -> None:
    """Writes the table."""
    with tempfile.TemporaryDirectory(prefix="jobferry-answers-") as folder:
        now = made(Path(folder))
    told = differing(recorded(), now)
    write(now)
    print("\n".join(told) or "all answers are as before")


if __name__ == "__main__":
    main()
