"""Two servers that start on one new database: one of them founds the platform."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jobferry.access.chain import Chain
from jobferry.access.sealing import Sealer
from jobferry.bootstrap.first_start import create_platform
from jobferry.bootstrap.home import Home
from jobferry.errors import ErrorCode, StoreError
from jobferry.model.records import Platform
from jobferry.services.runtime import Runtime
from jobferry.store import Store
from tables import home_with_tables, rows_of, settings_for

from .conftest import Late

KEY = bytes(32)


def founded(runtime: Runtime, home: Home) -> Platform:
    home.make()
    return create_platform(home, runtime, Sealer(KEY), home.folder.name)


def test_who_comes_second_has_the_platform_of_the_first_and_no_credentials_of_its_own(tmp_path: Path) -> None:
    first, second = home_with_tables(tmp_path / "first"), Home(tmp_path / "second")
    store = Store(settings_for(first).database or str(first.database))
    numbers = itertools.count()
    runtime = Runtime(store, lambda: time.time_ns() // 1_000_000, lambda: f"{next(numbers):032x}", Chain(KEY))
    made: list[Platform] = []
    late: Any = Late(store, lambda: made.append(founded(runtime, first)))
    try:
        there = founded(msgspec.structs.replace(runtime, store=late), second)
        assert [there] == made
        assert there.name == "first"
        assert first.credentials_file.exists()
        assert not second.credentials_file.exists()
        with rows_of(first) as connection:
            connection.exec_driver_sql("DELETE FROM platform")
        with pytest.raises(StoreError) as caught:
            founded(runtime, first)
        assert caught.value.code is ErrorCode.STORE_FAILED
    finally:
        store.close()
        first.unlock()
