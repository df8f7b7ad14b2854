"""Databases of older programs: what newer tables derive is filled from what is there."""

from __future__ import annotations

import hashlib
import json

import msgspec
from sqlalchemy import insert

from jobferry.model.document.facts import Mark, MarkKind
from jobferry.model.kinds import ObjectKind
from jobferry.store.ports import ObjectFilter
from jobferry.store.sql import SqlStore, bulk, migrate
from jobferry.store.sql.engine import Database
from jobferry.store.sql.schema import contents, objects, versions, workspaces
from jobferry.store.sql.store import HISTORY

JOB = ObjectKind.JOB
_STALE = b'["any facts of an older program"]'
_SAVED = (0, "", 0, "STOPPED", "[]", "me", 1, "me", 1)
ESCAPED = '{"name": "d", "basicConfig": {"t\\u0061gs": ["x"]}}'


def job(name: str, tags: list[str], *upstream: str) -> str:
    cron = {"dependJobs": {"jobs": list(upstream)}}
    return json.dumps({"name": name, "schedule": {"cron": cron}, "basicConfig": {"tags": tags}})


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def old_database(address: str, jobs: dict[str, tuple[str, str]], other: str) -> None:
    """A workspace as revision 0002 kept it; the first job has a version with another text."""
    database = Database(address, lock_key=1)
    with database.writing() as connection:
        until = msgspec.structs.replace(HISTORY, head="0002")
        migrate.run(connection, until, migrate.scripts_of(until))
        bulk.add(connection, workspaces, [("w1", "first", "", "{}", "me", 1, 1)])
        texts = {text for _, text in jobs.values()} | {other}
        bulk.add(connection, contents, [(digest(text), len(text), 1, "old", _STALE, text) for text in texts])
        rows = [
            (
                number,
                "w1",
                "job",
                name,
                f"u{number}",
                "/",
                subtype,
                digest(text),
                0,
                "",
                0,
                "STOPPED",
                "[]",
                "me",
                1,
                "me",
                1,
            )
            for number, (name, (subtype, text)) in enumerate(jobs.items(), 1)
        ]
        columns = [column.name for column in objects.columns][: len(rows[0])]
        connection.execute(insert(objects), [dict(zip(columns, row, strict=True)) for row in rows])
        version = (1, 1, digest(other), "", "me", 1, "")
        columns = [column.name for column in versions.columns][: len(version)]
        connection.execute(insert(versions), [dict(zip(columns, version, strict=True))])
        connection.commit()
    database.close()


def test_jobs_of_an_older_database_are_counted_and_found_by_their_marks(address):
    other = job("a", ["old"])
    jobs = {
        "a": ("BATCH", job("a", ["x", "y"], "b")),
        "b": ("BATCH", job("b", ["y"])),
        "c": ("REAL_TIME", job("c", [], "a", "b")),
        "d": ("BATCH", ESCAPED),
        "e": ("BATCH", '{"name": "e"}'),
    }
    old_database(address, jobs, other)
    store = SqlStore(address)
    store.prepare()

    def marked(kind, value):
        with store.read() as snapshot:
            return [one.name for one in snapshot.objects.marked("w1", JOB, [Mark(kind, value)])]

    assert marked(MarkKind.TAG, "x") == ["a", "d"]
    assert marked(MarkKind.TAG, "y") == ["a", "b"]
    assert marked(MarkKind.UPSTREAM, "b") == ["a", "c"]
    with store.read() as snapshot:
        assert [snapshot.objects.count("w1", JOB, one) for one in ("", "BATCH", "REAL_TIME")] == [5, 4, 1]
        wanted = ObjectFilter(workspace_id="w1", kind=JOB, name_part="C")
        assert [one.name for one in snapshot.objects.page(wanted, offset=0, limit=9)[1]] == ["c"]
    with store.write() as uow:  # an older text becomes the draft again, without being put
        before = uow.objects.by_ids([1])[1]
        uow.objects.replace([msgspec.structs.replace(before, digest=digest(other))])
        uow.commit()
    assert marked(MarkKind.TAG, "old") == ["a"]
    with store.read() as snapshot:
        assert [(one.name, one.locked) for one in snapshot.tags.of_workspace("w1").values()] == [
            ("x", False),
            ("y", False),
        ]
    with store.read() as snapshot:  # what is older than locks starts unlocked
        assert {(one.locked_by, one.locked_at) for one in snapshot.objects.every("w1", JOB)} == {("", 0)}
    store.close()
