"""What a log says: an event's name and a few values, one line of JSON each.

It goes through the standard library's logging, so that whoever starts the platform decides what is kept and
where. Values are ids, names of tables and files, and counts: never a document's text, never a secret.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

LOGGER = "jobferry"
"""The logger above all of ours."""

_LEVELS = logging.getLevelNamesMapping()
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""The request that is being answered, which every line told meanwhile names; empty outside of requests."""


class Events:
    """The events of one area, on the logger ``jobferry.<area>``."""

    def __init__(self, area: str) -> None:
        self._logger = logging.getLogger(f"{LOGGER}.{area}")

    def debug(self, event: str, /, **values: object) -> None:
        """A step that matters to somebody who follows closely; costs next to nothing where nobody does."""
        if self._logger.isEnabledFor(logging.DEBUG):
            self.say("debug", event, **values)

    def info(self, event: str, /, **values: object) -> None:
        """What whoever runs the platform wants to know of."""
        self.say("info", event, **values)

    def say(self, level: str, event: str, /, **values: object) -> None:
        """An event at a level by name."""
        number = _LEVELS[level.upper()]
        if self._logger.isEnabledFor(number):
            self._logger.log(number, "%s", line(level, event, **values))

    def failed(self, event: str, error: BaseException, /, **values: object) -> None:
        """An unexpected failure: what kind of error and where, never what it says, because messages of
        libraries quote documents and SQL values."""
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        self.say("error", event, **values, error=kind_of(error), where=where)

    def walked(self, event: str, steps: Sequence[T], every: int, **values: object) -> Iterator[T]:
        """The steps themselves, telling before the first and each ``every``-th from there; plain where nobody
        follows closely."""
        if not self._logger.isEnabledFor(logging.DEBUG):
            return iter(steps)
        return self._telling(event, steps, every, values)

    def _telling(self, event: str, steps: Sequence[T], every: int, values: dict[str, object]) -> Iterator[T]:
        for number, step in enumerate(steps):
            if number % every == 0:
                self.debug(event, step=number, of=len(steps), **values)
            yield step


def kind_of(error: BaseException) -> str:
    """The type of an error, and of those that it came from."""
    names: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(names) < 5:
        names.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        seen = seen.__cause__ or seen.__context__
    return " from ".join(names)


def line(level: str, event: str, /, **values: Any) -> str:
    """An event as it stands in the log: one line of JSON."""
    timestamp = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    request = {"request_id": asked} if (asked := REQUEST_ID.get()) else {}
    told = {"event": event, **values, **request, "level": level, "timestamp": timestamp}
    return msgspec.json.encode(told, enc_hook=str).decode()
