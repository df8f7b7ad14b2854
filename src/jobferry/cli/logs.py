"""Where the log of a platform goes that this process runs: to stderr of a server, to a file of a command."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from jobferry.cli.problems import log_file
from jobferry.events import LOGGER

if TYPE_CHECKING:
    from jobferry.bootstrap.settings import PlatformSettings

_MARK = "jobferry-command"


def log_to_stderr(settings: PlatformSettings) -> None:
    """A served platform tells on stderr what it does; other libraries only what they worry about."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger(LOGGER).setLevel((settings.log_level or "info").upper())


def log_to_file(settings: PlatformSettings) -> None:
    """Details of what fails inside go where those of the program itself go, and not to the terminal."""
    logger = logging.getLogger(LOGGER)
    logger.setLevel((settings.log_level or "error").upper())
    logger.propagate = False
    if any(handler.name == _MARK for handler in logger.handlers):
        return
    try:
        handler: logging.Handler = logging.FileHandler(log_file(), encoding="utf-8", delay=True)
    except OSError:
        handler = logging.NullHandler()
    handler.name = _MARK
    logger.addHandler(handler)
