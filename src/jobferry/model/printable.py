"""Which letters of a foreign text may be printed: decided here for every line and report."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text as a piece of one line: nothing in it ends the line, moves the cursor or turns the direction.

    What Unicode does not call printable is spelled out as Python spells it: line feeds, tabs, control
    characters and escapes, marks of direction, letters of no width, unusual spaces.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
