"""A webhook that several servers call."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from builders import job, node
from postgres import postgres_server
from processes import packed
from receiving import SECRET, receiving
from sites import Site


def test_each_end_is_told_once_by_whichever_server(tmp_path: Path) -> None:
    with postgres_server() as postgres, receiving(500, 204) as receiver, ExitStack() as stack:
        shared = {"JOBFERRY_WEBHOOK_URL": receiver.url, "JOBFERRY_WEBHOOK_SECRET": SECRET}
        packages = str(tmp_path / "packages")
        site = Site(tmp_path, postgres.database(), JOBFERRY_PACKAGES=packages, **shared)
        servers = [stack.enter_context(site.served(name)) for name in "ab"]
        servers[0].workspace("sales")
        for number in range(4):
            landed = servers[number % 2].land(packed([job(f"o_{number}", node("n"))]), "sales")
            assert landed["message"] == "1 created"
        last = servers[0].receipts("sales")[0]["id"]
        undone = servers[1].http.post(f"/api/receipts/{last}/undo", json={})
        assert undone.status_code == 202, undone.text
        servers[1].ended(undone.json()["task_id"])
        calls = receiver.taken(6)
        again = [one for one, times in Counter(call.id for call in calls).items() if times > 1]
        assert len(again) == 1  # the one that was refused
        told = {call.id: call.told for call in calls}
        assert Counter(one["type"] for one in told.values()) == {"import.finished": 4, "undo.finished": 1}
        assert {one["data"]["receipt_id"] for one in told.values()} >= {last}
    for log in tmp_path.glob("*-home/serve.log"):
        assert "not-for-logs" not in log.read_text()
