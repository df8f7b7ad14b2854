"""Reports, plans, digests, receipts and packages are what they were, for packages that never change."""

from __future__ import annotations

from pathlib import Path

from recorded.packages import changed, packages
from recorded.table import differing, made, recorded


def test_the_same_packages_get_the_same_answers(tmp_path: Path) -> None:
    found = differing(recorded(), made(tmp_path))
    assert not found, f"`make answers` records them if that is meant: {found}"


def test_an_answer_that_differs_is_named() -> None:
    was = {"one": {"plan": "1", "export": "2"}, "two": {"plan": "3"}}
    now = {"one": {"plan": "1", "export": "4"}, "three": {"plan": "3"}}
    assert differing(was, now) == ["one, export", "two, plan", "three, plan"]
    assert differing(was, was) == []


def test_the_packages_are_the_same_each_time() -> None:
    assert list(packages()) == list(packages())


def test_a_changed_package_has_the_same_paths_and_other_texts() -> None:
    for name, documents in packages():
        other = changed(documents)
        assert [path for path, _ in other] == [path for path, _ in documents], name
        assert other != documents, name
