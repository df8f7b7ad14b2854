"""Facts that share what is alike."""

from __future__ import annotations

from jobferry.model.document.facts import Facts
from jobferry.model.document.references import Reference
from jobferry.model.kinds import NeedKind
from jobferry.model.transfer.contents import Sharing


def facts(name: str) -> Facts:
    path = ("nodes", len(name), "properties")
    return Facts(
        name=name,
        directory="/" + "bench",
        references=(Reference(NeedKind.SCRIPT, "".join(["etl", "_1"]), path, "there", "nested"),),
        zones=(("".join(["GMT", "+8"]), path),),
        parameters=(("day", path),),
        ends=(("2030", path),),
        problems=(),
        tags=("ten",),
    )


def test_facts_stay_what_they_are() -> None:
    sharing = Sharing()
    assert [sharing.of(facts(name)) for name in ("a", "b", "ab")] == [facts("a"), facts("b"), facts("ab")]


def test_names_and_places_that_are_alike_are_one() -> None:
    sharing = Sharing()
    one, other = sharing.of(facts("a")), sharing.of(facts("b"))
    assert one.references[0].name is other.references[0].name
    assert one.references[0].path is other.references[0].path is one.zones[0][1]
    assert one.zones[0][0] is other.zones[0][0]
