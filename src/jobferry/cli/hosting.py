"""Settings and log of a platform that this process runs."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from jobferry.bootstrap.settings import PlatformSettings
from jobferry.cli.environment import of_wrong_form, refuse_unusable
from jobferry.cli.problems import log_file
from jobferry.events import LOGGER, kind_of, line

if TYPE_CHECKING:
    from jobferry.bootstrap.settings import PlatformSettings

_MARK = "jobferry-command"


def platform_settings(name: str = "") -> PlatformSettings:
    """The settings; ``name`` is what a new platform is called.

    Raises:
        InvalidRequest: a variable's value does not fit.
    """
    from pydantic import ValidationError

    try:
        settings = PlatformSettings(platform_name=name) if name else PlatformSettings()
    except ValidationError as error:
        raise of_wrong_form(error.errors(include_url=False)) from None
    refuse_unusable(settings)
    return settings


def log_to_stderr(settings: PlatformSettings) -> None:
    """A served platform tells on stderr what it does; libraries, what they warn of. All lines are JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger(LOGGER).setLevel((settings.log_level or "info").upper())


def log_to_file(settings: PlatformSettings) -> None:
    """Details of what fails inside go where those of the program itself go, and not to the terminal."""
    logger = logging.getLogger(LOGGER)
    logger.setLevel((settings.log_level or "error").upper())
    logger.propagate = False
    if any(handler.name == _MARK for handler in logger.handlers):
        return
    handler = _LogFile(log_file(), encoding="utf-8", delay=True)
    handler.name = _MARK
    logger.addHandler(handler)


class _LogFile(logging.FileHandler):
    """A log file; what it cannot take, in a folder where nobody may write, fails no command."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            super().emit(record)


class _OneLine(logging.Formatter):
    """Our own events are lines of JSON already; what a library says becomes the event ``library-warning``."""

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage()
        if record.name == LOGGER or record.name.startswith(f"{LOGGER}."):
            return said
        level = "error" if record.levelno >= logging.ERROR else "warning"
        error = kind_of(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None
        return line(level, "library-warning", logger=record.name, said=said[:300], error=error)
