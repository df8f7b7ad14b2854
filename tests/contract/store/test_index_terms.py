"""Tags and upstream jobs, by which jobs are found."""

from __future__ import annotations

import msgspec
import pytest

from jobferry.model.document.facts import Facts, IndexTerm, IndexTermKind
from jobferry.model.document.references import UPSTREAM, Reference
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import ObjectFilter
from jobferry.store import bulk

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT
ODD = ["", " ", "数仓", "a\x00b", "x" * 5_000, "sha256:" + "0" * 64, "100%", "it's", "🚀"]


def tag(value: str) -> IndexTerm:
    return IndexTerm(IndexTermKind.TAG, value)


def waits_for(name: str, workspace: str = "") -> IndexTerm:
    return IndexTerm(IndexTermKind.UPSTREAM, name, workspace)


def upstream(name: str, workspace: str = "") -> Reference:
    return Reference(NeedKind.JOB, name, (), workspace, UPSTREAM)


@pytest.fixture
def put(store, make):
    """Stores objects, each with a text of its own that has these facts."""
    ids = iter(range(1, 100_000))

    def put(name, *, tags=(), references=(), **more):
        text = make.text(f'"{name}{tuple(more.items())}"'.encode("utf-8", "replace"))
        text = msgspec.structs.replace(text, facts=Facts(name=name, tags=tags, references=references))
        with store.write() as uow:
            uow.contents.put([text], at=1)
            uow.objects.add([make.object(next(ids), name, digest=text.digest, **more)])
            uow.commit()
        return text

    return put


@pytest.fixture
def marked(store):
    def names(*marks, workspace="w1", kind=JOB):
        with store.read() as snapshot:
            return [one.name for one in snapshot.objects.with_index_terms(workspace, kind, marks)]

    return names


def test_jobs_are_found_by_any_of_their_marks_in_order_of_name(put, marked):
    put("c", tags=("x", "y"))
    put("a", tags=("y",), references=(upstream("c"),))
    put("b")
    assert marked(tag("x"), tag("y")) == ["a", "c"]
    assert marked(tag("x"), waits_for("c")) == ["a", "c"]
    assert marked(tag("c")) == marked(waits_for("x")) == marked() == []


def test_texts_tell_their_tags(put, store):
    texts = [put("a", tags=("x", "数仓"), references=(upstream("c"),)), put("b")]
    with store.read() as snapshot:
        told = snapshot.contents.tags([one.digest for one in texts] + ["0" * 64])
    assert told == {texts[0].digest: {"x", "数仓"}}


def test_a_job_that_lives_elsewhere_is_another_one(put, marked):
    put("a", references=(upstream("up"),))
    put("b", references=(upstream("up", "other"),))
    assert marked(waits_for("up")) == ["a"]
    assert marked(waits_for("up", "other")) == ["b"]
    assert marked(waits_for("up"), waits_for("up", "other")) == ["a", "b"]


def test_a_job_that_is_only_nested_is_not_waited_for(put, marked):
    put("a", references=(Reference(NeedKind.JOB, "up", (), "", "nested"),))
    assert marked(waits_for("up")) == []


@pytest.mark.parametrize("value", ODD)
def test_a_mark_may_say_anything(put, marked, value):
    put("a", tags=(value,), references=(upstream(value, value),))
    put("b", tags=("other",))
    assert marked(tag(value)) == ["a"]
    assert marked(waits_for(value, value)) == ["a"]


def test_long_values_are_told_apart(put, marked):
    put("a", tags=("x" * 5_000 + "a",))
    put("b", tags=("x" * 5_000 + "b",))
    assert marked(tag("x" * 5_000 + "b")) == ["b"]


def test_workspaces_and_kinds_are_kept_apart(put, marked):
    put("a", tags=("x",))
    put("b", tags=("x",), workspace_id="w2")
    put("c", tags=("x",), kind=SCRIPT)
    assert marked(tag("x")) == ["a"]
    assert marked(tag("x"), workspace="w2") == ["b"]
    assert marked(tag("x"), kind=SCRIPT) == ["c"]


def test_a_page_of_marked_jobs_is_narrowed_by_subtype_and_name(store, put):
    for number in range(5):
        put(f"job-{number}", tags=("x", "y"), subtype="REAL_TIME" if number % 2 else "BATCH")
    put("other", tags=("x",))

    def page(offset=0, limit=10, **more):
        wanted = ObjectFilter(workspace_id="w1", kind=JOB, index_terms=(tag("x"), tag("y")), **more)
        with store.read() as snapshot:
            total, found = snapshot.objects.page(wanted, offset=offset, limit=limit)
        return total, [one.name for one in found]

    assert page(offset=2, limit=2) == (6, ["job-2", "job-3"])
    assert page(offset=9) == (6, [])
    assert page(subtype="REAL_TIME") == (2, ["job-1", "job-3"])
    assert page(name_part="OB-") == (5, [f"job-{number}" for number in range(5)])
    assert page(name_part="OB-", subtype="BATCH", offset=1, limit=1) == (3, ["job-2"])


def test_an_object_is_found_by_the_marks_of_its_draft(store, put, make, marked):
    text = put("a", tags=("old",))
    put("b", tags=("new",))
    with store.write() as uow:
        draft = uow.objects.by_names("w1", JOB, ["b"])["b"].digest
        before = uow.objects.by_names("w1", JOB, ["a"])["a"]
        uow.objects.replace([msgspec.structs.replace(before, digest=draft)])
        uow.commit()
    assert (marked(tag("new")), marked(tag("old"))) == (["a", "b"], [])
    with store.write() as uow:
        uow.objects.replace([msgspec.structs.replace(before, digest=text.digest)])
        uow.commit()
    assert marked(tag("old")) == ["a"]


def test_a_text_that_is_put_again_keeps_its_marks(store, put, marked):
    text = put("a", tags=("x",))
    as_script = msgspec.structs.replace(text, facts=Facts(name="a"), facts_version="script-1")
    with store.write() as uow:
        uow.contents.put([as_script, text], at=2)
        uow.commit()
    assert marked(tag("x")) == ["a"]


def test_marks_of_texts_read_by_an_older_program_come_with_the_new_reading(store, make, marked):
    text = make.text("[7]")
    make.stored(store, [])
    with store.write() as uow:
        uow.contents.put([text], at=1)
        uow.objects.add([make.object(1, "a", digest=text.digest)])
        assert uow.contents.known([text.digest]) == {text.digest}
        assert uow.contents.known([text.digest], "e2") == set()
        uow.contents.put(
            [msgspec.structs.replace(text, facts_version="e2", facts=Facts("a", tags=("x",)))], at=1
        )
        assert uow.contents.known([text.digest], "e2") == {text.digest}
        uow.commit()
    assert marked(tag("x")) == ["a"]


def test_swept_texts_take_their_marks_with_them(store, put, make):
    kept, gone = put("kept", tags=("x",)), make.text('"gone"')
    gone = msgspec.structs.replace(gone, facts=Facts(name="gone", tags=("x", "y")))
    with store.write() as uow:
        uow.contents.put([gone], at=1)
        uow.contents.sweep(before=2)
        uow.commit()
    with store.read() as snapshot:
        connection = snapshot._connection
        left = connection.exec_driver_sql("SELECT value FROM terms").scalars().all()
        found = (
            "SELECT digest, term FROM postings JOIN contents ON contents.number = postings.content "
            "UNION ALL SELECT 'rows', count(*) FROM postings"
        )
        rows = connection.exec_driver_sql(found).all()
    assert left == ["x"]
    assert [row[0] for row in rows] == [kept.digest, "rows"]
    assert rows[1][1] == 1


def test_any_number_of_marks_is_written_and_asked_for(store, put, marked):
    many = tuple(f"tag-{number}" for number in range(bulk.PAGE + 1))
    put("a", tags=many)
    assert marked(*map(tag, many)) == ["a"]
    assert marked(tag(many[-1])) == ["a"]


def test_what_no_document_can_say_is_not_found(put, marked):
    put("a", tags=("x",))
    assert marked(tag("\ud800"), waits_for("x", "\ud800")) == []


@pytest.mark.parametrize("count", [1, 100, 101])
def test_a_few_terms_are_found_as_many_are(put, marked, count):
    others = tuple(f"t{number}" for number in range(1, count))
    put("a", tags=("x", *others))
    put("b", tags=("x",))
    assert marked(tag("x"), *map(tag, others)) == ["a", "b"]
    put("c", tags=("x", *others), references=(upstream("x"),))
    assert marked(waits_for("x")) == ["c"]
