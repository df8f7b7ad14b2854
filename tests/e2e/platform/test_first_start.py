"""What a first start makes, and what a start after an upgrade adds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jobferry.access.chain import Chain
from jobferry.access.sealing import Sealer, token_hash
from jobferry.bootstrap.anchor_file import AnchorFile
from jobferry.bootstrap.data_key import data_key
from jobferry.bootstrap.first_start import read_credentials
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.wiring import open_platform
from jobferry.errors import ErrorCode, FilesError, StoreError
from jobferry.model.audit import AuditEvent
from jobferry.model.rights import Role
from jobferry.store import Snapshot, Store
from tables import address_of, settings_for


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A data folder after its first start."""
    home = Home(tmp_path / "here")
    start(home)
    return home


def start(home: Home) -> None:
    assert home.lock()
    open_platform(home, settings_for(home, platform_name="测试"), durable=False).close()


@contextmanager
def looking(home: Home) -> Iterator[Snapshot]:
    store = Store(address_of(home))
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
    store = Store(address_of(home))
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


def failure(act: Callable[[], object]) -> FilesError:
    with pytest.raises(FilesError) as caught:
        act()
    assert caught.value.code is ErrorCode.FILES_FAILED
    return caught.value


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert failure(Home(tmp_path / "file" / "here").lock).subject == str(tmp_path / "file" / "here")


def test_what_cannot_be_tidied_or_closed_to_others_leaves_the_folder_to_whoever_comes_next(
    home: Home,
) -> None:
    odd = home.folder / "address.json"
    odd.mkdir()
    assert failure(home.lock).subject == str(home.folder)
    odd.rmdir()
    odd = home.folder / "status"
    odd.symlink_to("/proc/self/status")  # not even root may change who reads it
    assert failure(home.lock).subject == str(odd)
    odd.unlink()
    assert home.lock()
    home.unlock()


def test_credentials_that_cannot_be_removed_stay(home: Home) -> None:
    home.credentials_file.unlink()
    assert not home.forget_credentials()
    (home.credentials_file / "inside").mkdir(parents=True)
    assert not home.forget_credentials()
    (home.credentials_file / "inside").rmdir()
    home.credentials_file.rmdir()


def test_an_anchor_that_cannot_be_read_is_told(home: Home) -> None:
    home.anchor_file.unlink(missing_ok=True)
    home.anchor_file.mkdir()
    assert failure(AnchorFile(home).read).subject == str(home.anchor_file)
