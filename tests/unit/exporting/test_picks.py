"""Picked objects come back from their columns as they went in."""

import msgspec
import pytest

from jobferry.model.document.references import Reference
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.services.exporting.picking import Chosen, Picked, References
from jobferry.services.exporting.picks import Picks


def picked(kind: ObjectKind, name: str, **fields: object) -> Picked:
    digest = digest_of(name.encode())
    plain = Picked(kind, name, f"uid of {name}", 0, digest, digest, 10, (), False)
    return msgspec.structs.replace(plain, **fields)


SOME = [
    picked(ObjectKind.JOB, "作业"),
    picked(ObjectKind.JOB, "b", uid="", version=7, size=2**31),
    picked(ObjectKind.SCRIPT, "b", uid="0" * 31 + "f"),
    picked(ObjectKind.SCRIPT, "c", uid="0" * 31 + "F"),
    picked(
        ObjectKind.JOB,
        "secret",
        digest=digest_of(b"emptied"),
        sensitive=(("params", 0, "value"),),
        changes=True,
    ),
    picked(ObjectKind.CDM, "cluster/job"),
]


def test_they_are_found_in_their_order_by_number_and_in_pieces() -> None:
    picks = Picks()
    for one in SOME:
        picks.append(one)
    assert list(picks) == SOME
    assert [picks.key(index) for index in range(len(picks))] == [one.key for one in SOME]
    assert (picks[-1], picks[1:3]) == (SOME[-1], SOME[1:3])
    with pytest.raises(IndexError):
        picks[len(SOME)]


def test_what_is_chosen_first_is_settled_one_after_the_other() -> None:
    picks = Picks()
    chosen = [Chosen(one.kind, one.name, one.uid, one.stored_digest, one.version) for one in SOME]
    for one in chosen:
        picks.choose(one)
    assert (list(picks.chosen()), len(picks)) == (chosen, 0)
    for settled in SOME:
        picks.settle(settled)
    assert list(picks) == SOME


@pytest.mark.parametrize("known", [None, {"script": {"here"}}])
def test_needs_are_what_does_not_leave_as_well(known: dict[str, set[str]] | None) -> None:
    references = References(known)
    said = [Reference(NeedKind.SCRIPT, name, path=()) for name in ("here", "gone")]
    references.note(
        (ObjectKind.JOB, "a"), [*said, Reference(NeedKind.JOB, "here", workspace="other", path=())]
    )
    needs = references.needs([(ObjectKind.SCRIPT, "here"), (ObjectKind.JOB, "here")])
    assert [(one.kind, one.workspace, one.name) for one in needs] == [
        ("job", "other", "here"),
        ("script", "", "gone"),
    ]
