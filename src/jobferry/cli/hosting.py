"""Settings and log of a platform that this process runs."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from jobferry.bootstrap.object_stores import refuse_unusable_stores
from jobferry.bootstrap.settings import PlatformSettings, origins, read_settings
from jobferry.cli.config_file import read_config
from jobferry.cli.environment import of_wrong_form, refuse_unusable
from jobferry.cli.problems import log_file
from jobferry.events import LOGGER, kind_of, line

_MARK = "jobferry-command"
_KEYS = {"--name": "platform_name", "--no-tasks": "tasks"}
"""Settings that are called otherwise than their option."""


def platform_settings(
    usual: Path | None = None, config: Path | None = None, options: Mapping[str, object] | None = None
) -> PlatformSettings:
    """The settings of a platform that this process runs.

    ``config`` is the file that was named for them, ``usual`` the one that is read if it exists and none was
    named. ``options`` of the command win, if they say anything: values by the option's name.

    Raises:
        InvalidRequest: a value does not fit, or the file is no settings file.
        NotFound: the named file cannot be read.
    """
    from pydantic import ValidationError

    said = {
        _KEYS.get(option, option.removeprefix("--").replace("-", "_")): (option, value)
        for option, value in (options or {}).items()
        if value not in (None, "")
    }
    named = config or os.environ.get("JOBFERRY_CONFIG")
    file = read_config(Path(named)) if named else read_config(usual) if usual and usual.exists() else None
    try:
        settings = read_settings(said, file)
    except ValidationError as error:
        raise of_wrong_form(error.errors(include_url=False), origins(said, file)) from None
    refuse_unusable(settings)
    refuse_unusable_stores(settings)
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
