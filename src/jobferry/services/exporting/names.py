"""The list of names that a batch task package is generated from."""

from __future__ import annotations

from jobferry.errors import ErrorCode, InvalidRequest

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
            f"the list of names has {len(text):,} characters, line breaks counted; "
            f"at most {MOST_CHARACTERS:,} are taken",
            "leave names out, or generate several packages one after the other",
        )
    names = tuple(dict.fromkeys(name for line in text.splitlines() if (name := line.strip())))
    if len(names) > MOST_NAMES:
        raise _unfit(
            f"the list names {len(names)} jobs; at most {MOST_NAMES} are taken",
            "leave names out, or generate several packages one after the other",
        )
    if not names:
        raise _unfit("the list names no job", "write one name on each line")
    return names


def _unfit(message: str, hint: str) -> InvalidRequest:
    return InvalidRequest(ErrorCode.INVALID_VALUE, message, subject="names", hint=hint)
