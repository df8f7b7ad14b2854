"""Who uses what: objects by the terms of their drafts and live versions, in pages."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jobferry.model.document.facts import Facts, IndexTerm
from jobferry.model.document.references import Reference
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import Version
from jobferry.model.uses import TextState, UseFilter, UseScope

JOB, SCRIPT, RESOURCE = ObjectKind.JOB, ObjectKind.SCRIPT, ObjectKind.RESOURCE
DWH = IndexTerm("connection", "dwh")
CLEAN = IndexTerm("script", "clean")


def reference(kind: NeedKind, name: str) -> Reference:
    return Reference(kind, name, ())


USES_DWH = (reference(NeedKind.CONNECTION, "dwh"),)
USES_BOTH = (*USES_DWH, reference(NeedKind.SCRIPT, "clean"))


def version(object_id: int, number: int, digest: str) -> Version:
    return Version(
        object_id=object_id, number=number, digest=digest, note="", submitted_by="anne", submitted_at=1
    )


@pytest.fixture
def put(store, make):
    """Stores an object; ``live`` gives it a live version with another text."""
    ids = iter(range(1, 10_000))

    def text_of(name: str, references: tuple[Reference, ...]) -> Any:
        text = make.text(f'"{name} {len(references)}"')
        return msgspec.structs.replace(text, facts=Facts(name=name, references=references))

    def put(name, references=(), *, live=None, **more):
        number = next(ids)
        draft = text_of(f"{number}", references)
        submitted = draft if live is None else text_of(f"live {number}", live)
        with store.write() as uow:
            uow.contents.put([draft, submitted], at=1)
            kept = {"live_version": 1, "live_digest": submitted.digest, "last_version": 1}
            uow.objects.add([make.object(number, name, digest=draft.digest, **kept, **more)])
            uow.objects.add_versions([version(number, 1, submitted.digest)])
            uow.commit()
        return number

    return put


@pytest.fixture
def users(store):
    def found(*terms, offset=0, limit=10, state=None, among=(), workspaces=("w1",), **more):
        fields = {"kinds": tuple(ObjectKind)} | more
        scopes = tuple(UseScope(workspace_id=one, terms=terms, **fields) for one in workspaces)
        wanted = UseFilter(scopes=scopes, state=state, among=among)
        with store.read() as snapshot:
            total, rows = snapshot.uses.users(wanted, offset=offset, limit=limit)
            assert snapshot.uses.count(wanted) == total
        return total, [tuple(row) for row in rows]

    return found


def test_users_are_told_with_the_texts_that_use_the_thing(put, users):
    both = put("b", USES_DWH)
    draft = put("d", USES_DWH, live=())
    live = put("c", (), live=USES_DWH)
    twice = put("a", USES_BOTH, live=USES_DWH)
    put("e")
    rows = [(twice, True, True), (both, True, True), (live, False, True), (draft, True, False)]
    assert users(DWH) == (4, rows)
    assert users(DWH, state=TextState.DRAFT) == (3, [rows[0], rows[1], rows[3]])
    assert users(DWH, state=TextState.LIVE) == (3, rows[:3])
    assert users(DWH, CLEAN) == (4, rows)
    assert users(CLEAN) == (1, [(twice, True, False)])
    assert users(IndexTerm("connection", "nobody")) == users() == (0, [])


def test_a_page_tells_the_total_wherever_it_begins(put, users):
    ids = [put(f"job-{number}", USES_DWH) for number in range(5)]
    assert users(DWH, offset=2, limit=2) == (5, [(ids[2], True, True), (ids[3], True, True)])
    assert users(DWH, offset=5) == (5, [])
    assert users(DWH, among=(ids[1], ids[4], 99)) == (2, [(ids[1], True, True), (ids[4], True, True)])


def test_kinds_directories_and_workspaces_bound_what_is_looked_through(put, users):
    job = put("j", USES_DWH, directory="/a/b")
    other = put("k", USES_DWH, directory="/ab")
    script = put("s", USES_DWH, directory="/a", kind=SCRIPT)
    resource = put("r", USES_DWH, directory="/ab", kind=RESOURCE)
    far = put("f", USES_DWH, workspace_id="w2")

    def ids(*terms, **more):
        return [row[0] for row in users(*terms, **more)[1]]

    assert ids(DWH) == [job, other, resource, script]
    assert ids(DWH, kinds=(SCRIPT, RESOURCE)) == [resource, script]
    assert ids(DWH, directories=("/a",)) == [job, resource, script]
    assert ids(DWH, directories=("/nowhere",)) == [resource]
    assert ids(DWH, workspaces=("w2",)) == [far]
    assert ids(DWH, workspaces=("w1", "w2"), kinds=(JOB,)) == [far, job, other]


def test_an_older_version_does_not_use_anything_any_more(store, put, users):
    number = put("a", (), live=USES_DWH)
    with store.write() as uow:
        before = uow.objects.by_ids([number])[number]
        uow.objects.add_versions([version(number, 2, before.digest)])
        after = {"live_version": 2, "live_digest": before.digest, "last_version": 2}
        uow.objects.replace([msgspec.structs.replace(before, **after)])
        uow.commit()
    assert users(DWH) == (0, [])


def test_workspaces_are_told_that_name_a_job_of_another_one(store, put):
    far = IndexTerm("upstream", "load", "first")
    waits = (Reference(NeedKind.JOB, "load", (), "first", "upstream"),)
    put("a", waits, workspace_id="w2")
    put("b", (), live=waits, workspace_id="w1")
    with store.read() as snapshot:
        assert snapshot.uses.workspaces([far]) == ["w1", "w2"]
        assert snapshot.uses.workspaces([IndexTerm("upstream", "load")]) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_table_is_read_as_a_whole_to_find_users(store, put):
    """What SQLite says it will do: everything but the list of terms is a search in an index."""
    put("a", USES_DWH)
    with store.read() as snapshot:
        connection = snapshot._connection
        seen: list[str] = []
        raw = connection.connection.dbapi_connection
        raw.set_trace_callback(seen.append)
        scope = UseScope(workspace_id="w1", terms=(DWH,), kinds=tuple(ObjectKind))
        snapshot.uses.users(UseFilter(scopes=(scope,)), offset=0, limit=10)
        raw.set_trace_callback(None)
        plans = [row[3] for query in seen for row in raw.execute(f"EXPLAIN QUERY PLAN {query}")]
    tables = {"terms", "postings", "contents", "objects", "versions"}
    read = {plan.split()[1] for plan in plans if plan.startswith("SCAN ")}
    assert any(plan.startswith("SEARCH postings") for plan in plans), plans
    assert read.isdisjoint(tables), plans
