"""Brings a database up to date, killed on the way: ``migrating.py DATABASE FOLDER HEAD POINT TIMES``."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crashing.zygote import Trap
from jobferry.events import LOGGER
from jobferry.store import migrate
from jobferry.store.engine import Database


def main(database: str, folder: str, head: str, point: str, times: str) -> None:
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.DEBUG)
    logger.addHandler(Trap(point, int(times), armed=True))
    opened = Database(database, lock_key=1)
    migrate.upgrade(opened, migrate.History(folder, head, "jobferry_revision"))
    opened.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
