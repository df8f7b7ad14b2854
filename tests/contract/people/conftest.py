"""People as use cases, on both databases; the clock stands still unless a test moves it."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from contract.store.conftest import (
    address,
    database,
    make,
    opened,
    postgres,
    schema_with_tables,
    sqlite_with_tables,
    store,
)
from jobferry.access.chain import Chain
from jobferry.access.passwords import Passwords
from jobferry.access.sealing import Sealer
from jobferry.bootstrap.anchor_file import AnchorFile
from jobferry.bootstrap.home import Home
from jobferry.model.audit import AuditFilter, AuditRow
from jobferry.model.people import Caller, Grant, Member, User
from jobferry.model.rights import Role
from jobferry.services.people.attempts import Attempts
from jobferry.services.people.audit import Anchoring, Audits
from jobferry.services.people.credentials import Credentials
from jobferry.services.people.members import DownloadPolicies, Members, Policies
from jobferry.services.people.notices import Notices
from jobferry.services.people.sign_in import SigningIn
from jobferry.services.people.users import Users
from jobferry.services.runtime import Runtime
from jobferry.store import Store
from unit.access.hashing import CountingHasher

__all__ = [
    "address",
    "database",
    "make",
    "opened",
    "postgres",
    "schema_with_tables",
    "sqlite_with_tables",
    "store",
]

NOON = 1_795_262_400_000
GOOD = "correct horse battery"


class Crowd:
    """All use cases about people. ``root`` has operations, ``anne`` owns the workspace ``first``."""

    def __init__(self, store: Store, home: Home) -> None:
        self.now = NOON
        self.store = store
        ids = count(1)
        chain = Chain(bytes(32))
        self.anchoring = Anchoring(store, chain, AnchorFile(home))
        self.runtime = Runtime(store, lambda: self.now, lambda: f"{next(ids):032x}", chain)
        self.hasher = CountingHasher()
        self.passwords = Passwords(self.hasher)
        self.sealer = Sealer(bytes(32))
        self.files = 1
        attempts = Attempts(self.runtime, lambda: self.sealer)
        self.signing = SigningIn(
            self.runtime, lambda: self.sealer, self.passwords, attempts, folder_token="jf_folder"
        )
        self.users = Users(self.runtime, self.passwords, attempts, lambda: self.sealer)
        self.credentials = Credentials(self.runtime, lambda: self.sealer, "root", self._forget)
        self.members, self.policies = Members(self.runtime), Policies(self.runtime)
        self.download_policies = DownloadPolicies(self.runtime)
        self.audits, self.notices = Audits(self.runtime, self.anchoring), Notices(self.runtime)
        self.root = self.add("root", operations=True)
        self.anne = self.add("anne")
        self.join("anne", Role.OWNER)

    def _forget(self) -> bool:
        self.files, had = 0, self.files
        return bool(had)

    def add(self, name: str, *, operations: bool = False) -> Caller:
        """A user with the good password."""
        hashed = self.passwords.hashed(GOOD)
        user = User(id=f"id-{name}", name=name, password=hashed, operations=operations, created_at=self.now)
        with self.store.write() as uow:
            uow.people.add_user(user)
            uow.commit()
        return Caller(user_id=user.id, name=name, operations=operations, origin="10.0.0.1")

    def join(self, name: str, *roles: Role) -> None:
        """Makes a user a member of ``first``."""
        with self.store.write() as uow:
            uow.members.save(
                Member(workspace_id="w1", user_id=f"id-{name}", user_name=name, roles=frozenset(roles))
            )
            uow.commit()

    def grant(self, caller: Caller) -> Grant:
        """The caller in the workspace ``first``."""
        with self.store.read() as snapshot:
            workspace = snapshot.workspaces.by_id("w1")
            own = [one.roles for one in snapshot.members.of_user(caller.user_id)]
        assert workspace is not None
        roles = own[0] if own else frozenset()
        return Grant(
            caller=caller,
            workspace=workspace,
            roles=roles | ({Role.OPERATIONS} if caller.operations else set()),
        )

    def audit(self, **wanted: Any) -> list[AuditRow]:
        """Rows of the audit, oldest first."""
        with self.store.read() as snapshot:
            return snapshot.audit.page(AuditFilter(**wanted), offset=0, limit=10_000)[1][::-1]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A data folder with a key."""
    home = Home(tmp_path / "home")
    home.make()
    home.key_file.write_text(bytes(32).hex())
    return home


@pytest.fixture
def crowd(store: Store, home: Home) -> Crowd:
    return Crowd(store, home)
