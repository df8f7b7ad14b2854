"""How objects of two sides are paired, and what is told of a pair that differs."""

from typing import Any

import pytest

from builders import job, node, script, written
from jobferry.model.document.sensitive import DEFAULT_PATTERNS, compiled
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import ObjectKind
from jobferry.model.report.comparison import Compared, ObjectChange, Pair, Thing, compared, paired

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT
NAMES = compiled(DEFAULT_PATTERNS)


def thing(name: str, uid: str = "", digest: str = "d", kind: ObjectKind = JOB) -> Thing:
    return Thing(kind, name, uid, digest)


def found(
    former: dict[str, Any] | bytes, latter: dict[str, Any] | bytes, kind: ObjectKind = JOB
) -> Compared | None:
    """What is told of one object in two states."""
    before, after = (one if isinstance(one, bytes) else written(one) for one in (former, latter))
    names = [one["name"] if isinstance(one, dict) else "orders" for one in (former, latter)]
    was, now = (
        Thing(kind, name, "u", digest_of(text)) for name, text in zip(names, (before, after), strict=True)
    )
    return compared(Pair(was, now), before, after, NAMES)


def told(former: dict[str, Any], latter: dict[str, Any], kind: ObjectKind = JOB) -> Compared:
    one = found(former, latter, kind)
    assert one is not None
    return one


def test_objects_are_found_again_by_uid_before_their_names() -> None:
    was = [thing("a", "1"), thing("b", "2"), thing("c"), thing("gone", "9")]
    now = [thing("b", "1"), thing("c", "3"), thing("a", "4")]
    pairs = {
        (one.former.name if one.former else "", one.latter.name if one.latter else "")
        for one in paired(was, now)
    }
    assert pairs == {("a", "b"), ("c", "c"), ("", "a"), ("b", ""), ("gone", "")}


def test_equal_names_of_two_kinds_are_two_objects() -> None:
    pairs = paired([thing("a", kind=SCRIPT)], [thing("a")])
    assert [(one.former is None, one.latter is None) for one in pairs] == [(True, False), (False, True)]


def test_a_rename_and_a_move_are_not_told_again_as_fields() -> None:
    one = told(job("a", directory="/x"), job("b", directory="/y"))
    assert one.changes == (ObjectChange.RENAMED, ObjectChange.MOVED)
    assert (one.name, one.was, one.directory, one.was_in, one.differences) == ("b", "a", "/y", "/x", ())


def test_nodes_and_parameters_are_told_by_name_and_scripts_by_line() -> None:
    first, second = node("load", queueName="q"), node("check")
    params = [{"name": "day", "value": "1"}]
    one = told(
        job("a", first, second, params=params),
        job("a", second, node("load", queueName="p"), params=[{"name": "day", "value": "2"}]),
    )
    assert one.changes == (ObjectChange.CHANGED,)
    paths = [difference.path for difference in one.differences]
    assert paths == ["nodes[load].properties[queueName].value", "nodes", "params[day].value"]
    lines = (
        told(script("s", "SELECT 1\nFROM a\n"), script("s", "SELECT 2\nFROM a\n"), SCRIPT)
        .differences[0]
        .lines
    )
    assert lines == ("@@ -1 +1 @@", "-SELECT 1", "+SELECT 2")


def test_what_is_only_written_otherwise_is_changed_without_a_place() -> None:
    one = found(job("orders"), written(job("orders")).replace(b'"name"', b' "name"', 1))
    assert one is not None
    assert (one.changes, one.differences) == ((ObjectChange.CHANGED,), ())


def test_what_cannot_be_read_is_changed_and_said_so() -> None:
    one = found(job("orders"), b'{"name": "orders", "name": "doubled"}')
    assert one is not None
    assert (one.changes, one.unusable) == ((ObjectChange.CHANGED,), True)


@pytest.mark.parametrize(
    ("former", "latter", "differs"), [("a1", "a1", False), ("a1", "b2", True), ("a1", "", False)]
)
def test_sensitive_values_are_compared_and_never_shown(former: str, latter: str, differs: bool) -> None:
    """An empty one travelled empty: nothing is known of it."""

    def holding(value: str) -> dict[str, Any]:
        return job("a", node("load", password=value), params=[{"name": "api_token", "value": value}])

    one = found(holding(former), holding(latter))
    assert (one is not None) is differs
    assert "a1" not in repr(one)
    assert "b2" not in repr(one)


def test_a_node_that_comes_with_a_secret_shows_none() -> None:
    one = told(job("a", node("load")), job("a", node("load"), node("more", password="hidden")))
    assert "more" in one.differences[0].path
    assert "hidden" not in repr(one)
