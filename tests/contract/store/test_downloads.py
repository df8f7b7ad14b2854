"""The download center's records on every database."""

from __future__ import annotations

from typing import Any

from jobferry.model.task import TaskStatus
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind


def download(id_: str, at: int, **more: Any) -> Download:
    facts: dict[str, Any] = {
        "workspace_id": "w1",
        "kind": DownloadKind.SELECTION,
        "file_name": f"{id_}.zip",
        "operator": "ann",
        "started_at": at,
    }
    return Download(id=id_, **(facts | more))


def put(store: Any, *downloads: Download) -> None:
    with store.write() as uow:
        for one in downloads:
            uow.downloads.add(one)
        uow.commit()


def found(store: Any, **wanted: Any) -> list[str]:
    with store.read() as snapshot:
        total, page = snapshot.downloads.page(DownloadFilter(workspace_id="w1", **wanted), offset=0, limit=9)
        assert total == len(page)
        return [one.id for one in page]


def test_records_are_paged_newest_first_and_filtered(store):
    failed = download("b", 2, status=TaskStatus.FAILED, reason="no bucket Ärger", operator="bert")
    put(store, download("a", 1, subject="上游"), failed, download("c", 3, place="obs://x/C.zip"))
    assert found(store) == ["c", "b", "a"]
    assert found(store, operator="bert") == found(store, status=TaskStatus.FAILED) == ["b"]
    assert found(store, kind=DownloadKind.FACTORY) == []
    assert found(store, since=2) == ["c", "b"]
    assert found(store, since=2, until=3) == ["b"]
    assert found(store, text="X/c") == ["c"]
    assert found(store, text="上") == ["a"]
    assert found(store, text="BUCKET") == ["b"]
    with store.read() as snapshot:
        assert snapshot.downloads.by_id("b") == failed
        assert snapshot.downloads.by_id("nobody") is None
        assert snapshot.downloads.by_id("\x00") is None


def test_a_record_ends_once(store):
    begun = download("a", 1)
    put(store, begun)
    ended = download("a", 1, status=TaskStatus.SUCCESSFUL, file="f", size=5, ended_at=2)
    with store.write() as uow:
        assert uow.downloads.unfinished() == [begun]
        assert uow.downloads.finish(ended)
        assert not uow.downloads.finish(download("a", 1, status=TaskStatus.FAILED))
        assert not uow.downloads.finish(download("gone", 1))
        assert uow.downloads.unfinished() == []
        assert uow.downloads.files() == {"f"}
        assert uow.downloads.by_id("a") == ended


def test_old_records_are_given_by_kind_oldest_first_and_running_ones_stay(store):
    over = TaskStatus.SUCCESSFUL
    put(store, download("late", 9, status=over), download("old", 2, status=over))
    put(store, download("older", 1, status=over), download("running", 1))
    put(store, download("other", 1, status=over, kind=DownloadKind.WORKSPACE))
    kinds = [DownloadKind.SELECTION]
    with store.write() as uow:
        assert [one.id for one in uow.downloads.old(kinds, before=9, limit=9)] == ["older", "old"]
        assert [one.id for one in uow.downloads.old(kinds, before=9, limit=1)] == ["older"]
        uow.downloads.remove(["older", "nobody"])
        assert uow.downloads.by_id("older") is None
