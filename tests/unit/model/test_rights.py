"""What the matrix of rights promises to those who read it."""

from __future__ import annotations

from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import MATRIX, Action, viewing


def test_who_may_import_may_see_every_kind_of_object() -> None:
    """A mapping offers the names of what is here."""
    assert all(MATRIX[Action.IMPORT] <= MATRIX[viewing(kind)] for kind in ObjectKind)
