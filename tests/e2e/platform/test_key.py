"""The key of a platform: where it comes from, and that another one never opens its database."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from jobferry.bootstrap.data_key import data_key, key_text
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.wiring import open_platform
from jobferry.errors import Conflict, ErrorCode, JobferryError, StoreError
from jobferry.store import Store
from tables import address_of, settings_for

KEY = "ab" * 32


def start(home: Home, **values: object) -> str:
    assert home.lock()
    try:
        running = open_platform(home, settings_for(home, **values), durable=False)
    except BaseException:
        home.unlock()
        raise
    running.close()
    return running.identity.id


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A platform with a key of its own."""
    made = Home(tmp_path / "here")
    start(made)
    return made


def test_the_key_comes_from_a_variable_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, file = Home(tmp_path / "new"), tmp_path / "elsewhere"
    monkeypatch.setenv("JOBFERRY_KEY", KEY)
    made = start(home)
    assert not home.key_file.exists()
    assert (home.holds_platform(), home.promises_anchor()) == (True, True)
    monkeypatch.delenv("JOBFERRY_KEY")
    file.write_text(KEY + "\n")
    monkeypatch.setenv("JOBFERRY_KEY_FILE", str(file))
    assert start(home) == made
    assert key_text(home, settings_for(home)) == f"{KEY}\nanchored\n"
    home.anchor_file.unlink()
    assert home.promises_anchor()
    assert file.read_text() == KEY + "\n"


def test_a_named_key_that_is_missing_or_none_is_told_and_never_made(home: Home, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    for values in ({"key_file": str(missing)}, {"key": SecretStr("no key")}, {"key": SecretStr("ab")}):
        with pytest.raises(StoreError, match="key"):
            start(home, **values)
    assert not missing.exists()


@pytest.mark.sqlite
def test_another_key_opens_nothing_and_changes_nothing(home: Home) -> None:
    before = home.database.read_bytes()
    with pytest.raises(Conflict) as refused:
        start(home, key=SecretStr(KEY))
    assert refused.value.code is ErrorCode.KEY_REFUSED
    assert "JOBFERRY_KEY_FILE" in refused.value.hint
    assert home.database.read_bytes() == before
    whole = home.key_file.read_text()
    home.key_file.write_text(f"{KEY}\nanchored\n")
    with pytest.raises(Conflict):
        start(home)
    home.key_file.write_text(whole)
    assert start(home)


def test_a_database_without_a_check_value_is_held_against_its_audit_and_then_has_one(home: Home) -> None:
    store = Store(address_of(home))
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE platform SET key_check = NULL")
        connection.commit()
    with pytest.raises(JobferryError) as refused:
        start(home, key=SecretStr(KEY))
    assert refused.value.code is ErrorCode.KEY_REFUSED
    start(home)
    with store.read() as snapshot:
        assert snapshot.key_check() is not None
    store.close()
    assert len(data_key(home)) == 32
