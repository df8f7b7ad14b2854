"""Picked objects come back as they went in, and what they need is what does not leave with them."""

import msgspec
import pytest

from jobferry.errors import InvalidRequest
from jobferry.model.document.facts import Facts, export_facts_of
from jobferry.model.document.references import Reference
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.export import ExportRequest, Extent, ExtentKind
from jobferry.services.exporting.selected_objects import Picks, References, SelectedObject
from jobferry.services.last_shown import LastShown


def picked(kind: ObjectKind, name: str, **fields: object) -> SelectedObject:
    digest = digest_of(name.encode())
    plain = SelectedObject(kind, name, f"uid of {name}", 0, digest, digest, 10, (), False)
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
    assert list(picks.all_keys()) == [one.key for one in SOME]
    assert (picks[-1], picks[1:3]) == (SOME[-1], SOME[1:3])
    with pytest.raises(IndexError):
        picks[len(SOME)]


def test_more_than_stay_open_are_found_in_any_order() -> None:
    many = [picked(ObjectKind.JOB, f"job {number}") for number in range(5_150)]
    picks = Picks()
    for one in many:
        picks.append(one)
    assert (len(picks), list(picks), list(picks.all_keys())) == (5_150, many, [one.key for one in many])
    assert [picks[number] for number in range(5_149, -1, -7)] == many[::-7]
    assert (picks[0], picks[5_149]) == (many[0], many[-1])


def test_needs_are_what_does_not_leave_as_well() -> None:
    references = References()
    said = [Reference(NeedKind.SCRIPT, name, path=()) for name in ("here", "gone")]
    said.append(Reference(NeedKind.JOB, "here", workspace="other", path=()))
    references.note((ObjectKind.JOB, "a"), export_facts_of(Facts("a", references=tuple(said))).references)
    needs = references.needs([(ObjectKind.SCRIPT, "here"), (ObjectKind.JOB, "here")])
    assert [(one.kind, one.workspace, one.name) for one in needs] == [
        ("job", "other", "here"),
        ("script", "", "gone"),
    ]


def test_of_answers_the_last_few_are_kept() -> None:
    shown: LastShown[str, int] = LastShown(2)
    for number, key in enumerate("abac"):
        shown.keep(key, number)
    assert [shown.of(key) for key in "abc"] == [2, None, 3]


def test_an_export_by_what_has_changed_is_of_the_whole_workspace() -> None:
    chosen = ExportRequest(jobs=("a",), extent=Extent(kind=ExtentKind.FULL))
    with pytest.raises(InvalidRequest, match="of the whole workspace, not of chosen objects") as refused:
        chosen.checked()
    assert refused.value.subject == "extent"
    assert ExportRequest(everything=True, extent=Extent(kind=ExtentKind.FULL)).checked()
