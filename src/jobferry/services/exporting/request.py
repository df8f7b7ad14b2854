"""Exports as they are kept: in a record, for the task that makes one; and lists of names that ask for one."""

from __future__ import annotations

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.package import Layout
from jobferry.model.people import Caller
from jobferry.model.task import Task
from jobferry.model.transfer.export import ExportRequest
from jobferry.sentences import sentence


def read_request(text: str) -> ExportRequest:
    """What a record says was asked for."""
    return msgspec.json.decode(text, type=ExportRequest)


class ExportOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a background task needs to make a package. ``into`` is a whole path, or empty: kept here."""

    request: ExportRequest
    layout: Layout
    into: str
    caller: Caller
    receipt: str = ""
    """Names the receipt file that lies beside the packages, where the export goes by one."""

    @property
    def encoded(self) -> bytes:
        """The same as JSON, for the task's row."""
        return msgspec.json.encode(self)


def read_order(task: Task) -> ExportOrder:
    """What a task was told when it was begun."""
    return msgspec.json.decode(task.request, type=ExportOrder)


MOST_NAMES = 200
MOST_CHARACTERS = 12_800


def read_names(text: str) -> tuple[str, ...]:
    """The names of a list, one a line; blank lines and blanks around names do not count, doubles once.

    Every character of the text counts one against the limit, line breaks too.

    Raises:
        InvalidRequest: it is too long, names too many jobs, or none.
    """
    text = text.replace("\r\n", "\n")
    if len(text) > MOST_CHARACTERS:
        raise _unfit(
            sentence(
                "the list of names has {count:,} characters, line breaks counted; at most "
                "{most_characters:,} are taken",
                count=len(text),
                most_characters=MOST_CHARACTERS,
            ),
            "leave names out, or generate several packages one after the other",
        )
    names = tuple(dict.fromkeys(name for line in text.splitlines() if (name := line.strip())))
    if len(names) > MOST_NAMES:
        raise _unfit(
            sentence(
                "the list names {count} jobs; at most {most_names} are taken",
                count=len(names),
                most_names=MOST_NAMES,
            ),
            "leave names out, or generate several packages one after the other",
        )
    if not names:
        raise _unfit("the list names no job", "write one name on each line")
    return names


def _unfit(message: str, hint: str) -> InvalidRequest:
    return InvalidRequest(ErrorCode.INVALID_VALUE, message, subject="names", hint=hint)
