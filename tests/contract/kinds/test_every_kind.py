"""What holds for every kind of package: no secret leaves in it or is blanked by it, and one digest."""

from __future__ import annotations

import pytest

from contract.kinds.conftest import Side, unpacked
from contract.kinds.packages import KINDS, MARKER, fill, secrets_of

Sides = tuple[Side, Side]


@pytest.mark.parametrize("name", KINDS)
def test_no_secret_leaves_and_coming_back_blanks_none(sides: Sides, name: str) -> None:
    here, there = sides
    fill(here)
    fill(there, "theirs")
    package = KINDS[name].make(here)
    entries = unpacked(package) if package.startswith(b"PK") else {}
    for content in (package, *entries.values(), *(path.encode() for path in entries)):
        assert MARKER.encode() not in content
    for side in sides:
        before = secrets_of(side)
        assert "''" not in str(before)
        KINDS[name].land(side, package)
        assert secrets_of(side) == before


@pytest.mark.parametrize("name", KINDS)
def test_the_same_content_has_one_digest_here_again_and_where_it_arrives(sides: Sides, name: str) -> None:
    here, there = sides
    fill(here)
    kind = KINDS[name]
    package = kind.make(here)
    digest = kind.digest(package)
    assert kind.digest(kind.make(here)) == digest
    if "connections" not in name:
        there.connect("dwh")
    if name in ("jobs only", "tag file"):
        there.ask("POST", "objects/script", here.ask("GET", "documents/script/clean").json(), 201)
    if name == "tag file":
        there.ask("POST", "objects/job", here.ask("GET", "documents/job/orders").json(), 201)
    kind.land(there, package)
    assert kind.digest(kind.make(there)) == digest
