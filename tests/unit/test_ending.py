"""How the program ends."""

from __future__ import annotations

import subprocess
import sys

WORKING = """
import sys, threading
from jobferry.__main__ import _end_soon
threading.Thread(target=threading.Event().wait).start()
print("answered")
_end_soon(3)
sys.exit(3)
"""


def test_the_process_ends_although_a_thread_still_works() -> None:
    ended = subprocess.run([sys.executable, "-c", WORKING], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (3, "answered\n")
