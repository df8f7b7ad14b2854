"""Tag files through the API: the whole file, or nothing of it."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job
from contract.editing.conftest import QUIET, Crew

FILE = "tag-file"


def make(crew: Crew, name: str, *tags: str, by: str = "head", **fields: Any) -> None:
    crew.done(by, "POST", "objects/job", job(name, QUIET, basicConfig={"tags": list(tags)}, **fields))
    crew.done(by, "DELETE", f"locks/job/{name}")


def tags_of(crew: Crew, name: str) -> list[str]:
    document = crew.done("vera", "GET", f"documents/job/{name}")
    return list(document.get("basicConfig", {}).get("tags", []))


def table(crew: Crew, *tags: str, by: str = "olga") -> str:
    content = crew.done(by, "GET", FILE, params={"tag": list(tags)})
    assert isinstance(content, bytes)
    return content.decode("utf-8-sig")


def test_all_jobs_and_all_or_chosen_tags_are_exported(crew: Crew) -> None:
    make(crew, "a", "x", "夜间")
    make(crew, "b")
    crew.done("head", "PUT", "tags/alone")
    assert table(crew) == "job,alone,x,夜间\r\na,0,1,1\r\nb,0,0,0\r\n"
    assert table(crew, "夜间", "x", "夜间") == "job,夜间,x\r\na,1,1\r\nb,0,0\r\n"
    assert crew.refused("olga", "GET", FILE, params={"tag": "nobody"})["code"] == "tag-missing"
    assert crew.refused("vera", "GET", FILE)["code"] == "not-allowed"


def test_append_adds_and_overwrite_replaces(crew: Crew) -> None:
    for name in ("a", "b", "c"):
        make(crew, name, "old")
    before = crew.done("vera", "GET", "objects/job/a")
    done = crew.done("head", "POST", FILE, b"job,x,old,y\na,1,0,\nb,0,0,0\n")
    assert done == {"jobs": 2, "changed": 1, "tags_made": ["x", "y"]}
    assert (tags_of(crew, "a"), tags_of(crew, "b")) == (["old", "x"], ["old"])
    after = crew.done("vera", "GET", "objects/job/a")
    assert (after["live_version"], after["locked_by"]) == (before["live_version"], "")
    overwrite = {"params": {"overwrite": True}}
    done = crew.done("head", "POST", FILE, "\ufeffjob,y,x\na,1,1\nb,0,\n".encode(), **overwrite)
    assert done == {"jobs": 2, "changed": 2, "tags_made": []}
    assert (tags_of(crew, "a"), tags_of(crew, "b"), tags_of(crew, "c")) == (["x", "y"], [], ["old"])
    assert crew.done("head", "POST", FILE, table(crew).encode(), **overwrite)["changed"] == 0
    events = crew.done("head", "GET", "audit", params={"action": "tag-import"})["items"]
    assert [one["detail"] for one in events if one["action"] == "tag-import"][-2:] in (
        ["append: 1 of 2 jobs", "overwrite: 2 of 2 jobs"],
        ["overwrite: 2 of 2 jobs", "append: 1 of 2 jobs"],
        ["overwrite: 0 of 3 jobs", "overwrite: 2 of 2 jobs"],
    )


@pytest.mark.parametrize("who", ["anne", "olga", "vera", "dora"])
def test_only_owner_and_administrators_import(crew: Crew, who: str) -> None:
    assert crew.refused(who, "POST", FILE, b"job,x\n")["code"] == "not-allowed"
    assert crew.refused(who, "POST", "stored-tag-file", {"path": "obs://b/k"})["code"] == "not-allowed"


def test_every_line_that_does_not_fit_is_told_and_nothing_is_done(crew: Crew) -> None:
    make(crew, "fits")
    make(crew, "with", "gold")
    make(crew, "without")
    crew.done("anne", "POST", "objects/job", job("held", QUIET))
    crew.done("head", "PUT", "tag-locks/gold")
    before = table(crew)
    lines = "job,gold, bad\nfits,0,1\nwith,0,0\nwithout,1,0\nheld,0,1\nnobody,0,1\nwith,x,0\nwith,0,0\n"
    told = crew.refused("head", "POST", FILE, lines.encode(), params={"overwrite": True})
    assert (told["code"], told["status"]) == ("tag-file-refused", "409")
    for said in [
        "line 1: the tag name ' bad' is not valid",
        "line 4: the tag gold is locked: without can neither get nor lose it",
        f"line 5: the job held is locked by {crew.user('anne')} since",
        "line 6: there is no job nobody",
        "line 7: has 'x' in column 2",
        "line 8: the tag gold is locked: with can",
    ]:
        assert said in told["message"]
    assert "line 2" not in told["message"]
    assert table(crew) == before


def test_the_hundred_and_first_tag_is_refused_for_the_file(crew: Crew) -> None:
    make(crew, "a", *(f"t{number:03}" for number in range(99)))
    told = crew.refused("head", "POST", FILE, b"job,one,two\na,1,0\n")
    assert "line 1: this workspace would have 101 tags; at most 100" in told["message"]
    assert crew.done("head", "POST", FILE, b"job,one\na,1\n")["tags_made"] == ["one"]


def test_other_encodings_and_files_that_are_too_large_are_refused(crew: Crew) -> None:
    told = crew.refused("head", "POST", FILE, "job,夜间\n".encode("gbk"))
    assert (told["code"], told["status"]) == ("invalid-value", "400")
    assert "UTF-8" in told["message"]
    told = crew.refused("head", "POST", FILE, b"job,x\n" + b",\n" * (5 * 1024 * 1024))
    assert (told["code"], told["status"]) == ("too-large", "413")


def test_a_file_from_object_storage_is_the_same(crew: Crew) -> None:
    make(crew, "a")
    place = crew.door.platform.home.folder / "objects" / crew.place
    place.mkdir(parents=True)
    (place / "tags.csv").write_text("job,x\na,1\n")
    (place / "large.csv").write_bytes(b" " * (10 * 1024 * 1024 + 1))
    path = f"obs://{crew.place}/tags.csv"
    done = crew.done("head", "POST", "stored-tag-file", {"path": path, "overwrite": True})
    assert (done["changed"], tags_of(crew, "a")) == (1, ["x"])
    large = crew.refused("head", "POST", "stored-tag-file", {"path": f"obs://{crew.place}/large.csv"})
    assert large["code"] == "too-large"
    assert crew.refused("head", "POST", "stored-tag-file", {"path": "http://a/b"})["code"] == (
        "invalid-object-path"
    )
