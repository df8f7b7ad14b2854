"""Three servers under load, while one after the other is killed, stopped and frozen: a round of the soak."""

from __future__ import annotations

from pathlib import Path

import pytest

import s3
from postgres import postgres_server
from sites import BUCKET, Site, stored_in
from soak import servers

pytestmark = pytest.mark.large


def test_nothing_is_lost_done_twice_or_answered_from_memory(tmp_path: Path) -> None:
    with postgres_server() as postgres, s3.serving(BUCKET) as service:
        site = Site(tmp_path, postgres.database(), **stored_in(service))
        watch = servers.soak(site, 60, editors=12, exporters=2, seed=3, pause_s=3)
    assert watch.broken == []
    assert {"edits", "imports", "exports"} <= watch.counted.keys()
    assert watch.counted["killed"] + watch.counted["frozen"] > 0
