"""Faults that no test can find, because nothing that anybody was promised changes; each with the reason.

A row holds as long as the line before is in the module; a test says when it no longer is.
"""

from __future__ import annotations

from typing import NamedTuple


class Harmless(NamedTuple):
    """One mutant that need not be found."""

    module: str
    diff: str
    """As ``make mutants`` prints it: the lines before with ``-``, those after with ``+``."""
    reason: str


HARMLESS: tuple[Harmless, ...] = ()
