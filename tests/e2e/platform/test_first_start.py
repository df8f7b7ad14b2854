"""What a first start makes, and what a start after an upgrade adds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jobferry.access.chain import Chain
from jobferry.access.sealing import Sealer, token_hash
from jobferry.bootstrap.first_start import data_key, read_credentials
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.wiring import open_platform
from jobferry.errors import StoreError
from jobferry.model.audit import AuditEvent
from jobferry.model.rights import Role
from jobferry.store import Snapshot, Store


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A data folder after its first start."""
    home = Home(tmp_path / "here")
    start(home)
    return home


def start(home: Home) -> None:
    assert home.lock()
    open_platform(home, PlatformSettings(platform_name="测试"), durable=False).close()


@contextmanager
def looking(home: Home) -> Iterator[Snapshot]:
    store = Store(str(home.database))
    with store.read() as snapshot:
        yield snapshot
    store.close()


def events(home: Home) -> list[AuditEvent]:
    """What the audit holds; it verifies with the folder's key."""
    with looking(home) as snapshot:
        audit = snapshot.audit
        assert Chain(data_key(home)).verify(audit.rows(), audit.start(), audit.end()) is None
        return [row.event for row in audit.rows()]


def test_the_first_user_has_operations_owns_the_workspace_and_can_sign_in(home: Home) -> None:
    made = read_credentials(home)
    with looking(home) as snapshot:
        (user,) = snapshot.people.users()
        assert (user.name, user.operations, user.disabled) == ("administrator", True, False)
        (workspace,) = snapshot.workspaces.all()
        (owner,) = snapshot.members.of_workspace(workspace.id)
        assert (workspace.name, owner.user_name, owner.roles) == (
            "default",
            "administrator",
            frozenset({Role.OWNER}),
        )
        _, (token,) = snapshot.people.tokens(user.id)
        assert (token.name, token.hash, token.expires_at) == ("first", token_hash(made.token), 0)
        _, (key,) = snapshot.people.access_keys(user.id)
        assert key.access_key == made.access_key
        assert Sealer(data_key(home)).unseal(key.sealed_secret).decode() == made.secret_key


def test_the_founding_is_the_first_row_of_the_audit_and_starts_add_none(home: Home) -> None:
    start(home)
    (event,) = events(home)
    assert (event.action, event.actor, event.subject) == ("platform-founded", "platform", "测试")
    assert event.at > 0


def test_a_platform_from_before_the_audit_gets_one_at_its_next_start(home: Home) -> None:
    store = Store(str(home.database))
    with store._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit")
        connection.exec_driver_sql("DELETE FROM audit_ends")
        connection.commit()
    store.close()
    home.anchor_file.unlink()
    home.key_file.write_text(data_key(home).hex())
    start(home)
    start(home)
    assert [event.action for event in events(home)] == ["audit-begun"]


@pytest.mark.parametrize("key", [b"", b"00" * 16, b"no key"])
def test_a_damaged_key_is_refused_before_anything_is_recorded(home: Home, key: bytes) -> None:
    whole = home.key_file.read_bytes()
    home.key_file.write_bytes(key)
    with pytest.raises(StoreError, match="key"):
        start(home)
    home.key_file.write_bytes(whole)
    assert len(events(home)) == 1
