"""Who signed in and entered a moment ago is remembered; every change of that acts on the next request."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from cases import every_case
from contract.store.test_rights_revision import WATCHED
from jobferry.access.chain import Chain
from jobferry.access.signature import SignedRequest
from jobferry.errors import NotFound, Unauthenticated
from jobferry.model.people import Grant, Scope
from jobferry.model.rights import Action, Role
from jobferry.services.object_owners import Owners
from jobferry.services.people.attempts import Attempts
from jobferry.services.people.credentials import Credentials
from jobferry.services.people.members import Members, Policies
from jobferry.services.people.sign_in import SigningIn
from jobferry.services.people.users import Users
from jobferry.services.runtime import Runtime
from jobferry.services.workspaces import Workspaces
from jobferry.store import Store
from unit.access.signing import sdk_signed

from .conftest import GOOD, NOON, Crowd
from .test_signing import HOUR, by_cookie, by_token

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the SDK calls utcnow()

OTHER_PROCESS = """
import sys
from jobferry.store import Store
store = Store(sys.argv[1])
with store.write() as uow:
    uow.people.remove_token("id-bert", "t")
    uow.commit()
"""


def signed(access_key: str, secret: str, now: int) -> SignedRequest:
    date = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    return sdk_signed(headers={"X-Sdk-Date": date}, secret=secret, access_key=access_key)


class Platform:
    """One of several processes over the same database: what it remembers is its own."""

    def __init__(self, crowd: Crowd, store: Store) -> None:
        runtime = Runtime(store, lambda: crowd.now, crowd.runtime.new_id, Chain(bytes(32)))
        attempts = Attempts(runtime, lambda: crowd.sealer)
        self.store = store
        self.signing = SigningIn(
            runtime, lambda: crowd.sealer, crowd.passwords, attempts, folder_token="jf_folder"
        )
        self.users = Users(runtime, crowd.passwords, attempts, lambda: crowd.sealer)
        self.credentials = Credentials(runtime, lambda: crowd.sealer, "root", lambda: False)
        self.members, self.policies = Members(runtime), Policies(runtime)
        self.workspaces = Workspaces(runtime, lambda look: Owners(look, ()))


class Scene:
    """Bert, who signs in here by token, signature and session; ``there`` is where things are changed."""

    def __init__(self, crowd: Crowd, here: Platform, there: Platform) -> None:
        self.crowd, self.here, self.there = crowd, here, there
        self.bert = crowd.add("bert")
        crowd.join("bert", Role.DEVELOPER)
        self.token = by_token(crowd.credentials.create_token(self.bert, "bert", "t").secret)
        self.key = crowd.credentials.create_key(self.bert, "bert")
        self.signed = signed(self.key.made.access_key, self.key.secret, crowd.now)
        self.session = here.signing.sign_in("bert", GOOD, "10.0.0.1").secret
        self.anne_in_first = there.workspaces.enter("first", crowd.anne)

    def enter(self, request: SignedRequest | None = None) -> Grant:
        """The next request of bert's, from its head to its workspace."""
        caller = self.here.signing.authenticate(request or self.token, "10.0.0.7")
        return self.here.workspaces.enter("first", caller)

    def is_in(self, request: SignedRequest | None = None) -> bool:
        try:
            self.enter(request)
        except (Unauthenticated, NotFound):
            return False
        return True


@pytest.fixture(params=["here", "in another process"])
def scene(request: pytest.FixtureRequest, crowd: Crowd, opened: Callable[..., Store]) -> Scene:
    here = Platform(crowd, opened())
    there = here if request.param == "here" else Platform(crowd, opened())
    return Scene(crowd, here, there)


def test_the_second_request_reads_one_number(scene: Scene) -> None:
    cookie = by_cookie(scene.session)
    for request in (scene.token, scene.signed, cookie):
        first = scene.enter(request)
        with statements(scene.here.store) as said:
            with scene.here.store.one_look():
                assert scene.enter(request) == first
            assert len([one for one in said if one.startswith("SELECT")]) == 1


def test_what_takes_somebody_out_acts_on_their_next_request(scene: Scene) -> None:
    crowd, there = scene.crowd, scene.there
    root, anne = crowd.root, scene.anne_in_first
    key, cookie = scene.key.made.access_key, by_cookie(scene.session)
    ways: dict[str, tuple[SignedRequest, Callable[[], Any], Callable[[], Any]]] = {
        "member removed": (
            scene.token,
            lambda: there.members.remove(anne, "bert"),
            lambda: there.members.save(anne, "bert", [Role.DEVELOPER]),
        ),
        "user disabled": (
            scene.token,
            lambda: there.users.change(root, "bert", disabled=True),
            lambda: there.users.change(root, "bert", disabled=False),
        ),
        "user disabled, signature": (
            scene.signed,
            lambda: there.users.change(root, "bert", disabled=True),
            lambda: there.users.change(root, "bert", disabled=False),
        ),
    }
    with every_case() as case:
        for name, (request, out, back) in ways.items():
            with case(name):
                assert scene.is_in(request)
                out()
                assert not scene.is_in(request)
                back()
                assert scene.is_in(request)
        last: dict[str, tuple[SignedRequest, Callable[[], Any]]] = {
            "token revoked": (scene.token, lambda: there.credentials.revoke_token(scene.bert, "bert", "t")),
            "key disabled": (scene.signed, lambda: there.credentials.disable_key(scene.bert, "bert", key)),
        }
        for name, (request, end) in last.items():
            with case(name):
                assert scene.is_in(request)
                end()
                assert not scene.is_in(request)
        with case("sessions ended by disabling"):
            assert not scene.is_in(cookie)


def test_what_ends_a_session_acts_on_its_next_request(scene: Scene) -> None:
    crowd, there = scene.crowd, scene.there

    def begun() -> SignedRequest:
        return by_cookie(scene.here.signing.sign_in("bert", GOOD, "10.0.0.1").secret)

    ways: dict[str, Callable[[SignedRequest], Any]] = {
        "signed out": lambda cookie: there.signing.sign_out(cookie, scene.bert),
        "signed out everywhere": lambda _: there.signing.sign_out_everywhere(scene.bert),
        "password set": lambda _: there.users.reset_password(crowd.root, "bert", GOOD),
    }
    with every_case() as case:
        for name, end in ways.items():
            with case(name):
                cookie = begun()
                assert scene.is_in(cookie)
                end(cookie)
                assert not scene.is_in(cookie)


def test_what_gives_and_takes_rights_acts_on_the_next_request(scene: Scene) -> None:
    there, root, anne = scene.there, scene.crowd.root, scene.anne_in_first
    may: dict[str, tuple[Callable[[], Any], Callable[[Grant], Any], Any]] = {
        "a role": (
            lambda: there.members.save(anne, "bert", [Role.VIEWER]),
            lambda grant: grant.may(Action.JOB_EDIT),
            False,
        ),
        "another role": (
            lambda: there.members.save(anne, "bert", [Role.DEVELOPER]),
            lambda grant: grant.may(Action.JOB_EDIT),
            True,
        ),
        "a directory policy": (
            lambda: there.policies.save(anne, "p", ["/only"], [], [Role.VIEWER]),
            lambda grant: grant.covers("/elsewhere"),
            False,
        ),
        "its end": (
            lambda: there.policies.remove(anne, "p"),
            lambda grant: grant.covers("/elsewhere"),
            True,
        ),
        "operations": (
            lambda: there.users.change(root, "bert", operations=True),
            lambda grant: grant.caller.operations,
            True,
        ),
        "no operations": (
            lambda: there.users.change(root, "bert", operations=False),
            lambda grant: grant.caller.operations,
            False,
        ),
        "a setting": (
            lambda: there.workspaces.set(anne, {"must_be_stopped": "true"}),
            lambda grant: grant.workspace.settings.get("must_be_stopped"),
            "true",
        ),
        "the owner": (
            lambda: there.members.transfer(anne, "bert"),
            lambda grant: Role.OWNER in grant.roles,
            True,
        ),
    }
    with every_case() as case:
        for name, (change, seen, expected) in may.items():
            with case(name):
                assert seen(scene.enter()) != expected
                change()
                assert seen(scene.enter()) == expected


def test_what_expires_is_over_without_anybody_changing_it(scene: Scene) -> None:
    crowd = scene.crowd
    short = crowd.credentials.create_token(scene.bert, "bert", "short", scope=Scope(read_only=True), days=1)
    crowd.credentials.rotate_key(scene.bert, "bert", scene.key.made.access_key, grace_hours=2)
    token = by_token(short.secret)
    assert scene.enter(token).caller.scope.read_only

    def signed_now() -> SignedRequest:
        return signed(scene.key.made.access_key, scene.key.secret, crowd.now)

    crowd.now = NOON + 2 * HOUR - 1
    assert scene.is_in(signed_now())
    crowd.now += 1
    assert not scene.is_in(signed_now())
    crowd.now = NOON + 24 * HOUR - 1
    assert scene.is_in(token)
    crowd.now += 1
    assert not scene.is_in(token)


def test_a_session_that_is_used_goes_on_beyond_the_end_that_was_remembered(scene: Scene) -> None:
    crowd, cookie = scene.crowd, by_cookie(scene.session)
    assert scene.is_in(cookie)
    crowd.now = NOON + 7 * HOUR
    assert scene.is_in(cookie)
    scene.here.signing.write_down()
    crowd.now = NOON + 14 * HOUR
    assert scene.is_in(cookie)
    crowd.now = NOON + 23 * HOUR
    assert not scene.is_in(cookie)


def test_a_token_that_another_process_removes_is_dead_at_once(
    crowd: Crowd, opened: Callable[..., Store], address: str
) -> None:
    platform = Platform(crowd, opened())
    scene = Scene(crowd, platform, platform)
    assert scene.is_in()
    subprocess.run([sys.executable, "-c", OTHER_PROCESS, address], check=True)
    assert not scene.is_in()


def test_nothing_that_sign_in_and_entering_read_is_unwatched(scene: Scene) -> None:
    scene.there.users.change(scene.crowd.root, "bert", operations=False)
    read: set[str] = set()
    folder = by_token("jf_folder")
    for request in (scene.token, scene.signed, by_cookie(scene.session), folder):
        with statements(scene.here.store) as said:
            scene.crowd.add(f"somebody{len(read)}")
            assert scene.is_in(request)
        read |= {
            table for one in said for table in re.findall(r"(?:FROM|JOIN) (\w+)", one.replace("\n", " "))
        }
    assert read <= {*WATCHED, "counters"}
    assert {"tokens", "access_keys", "browser_sessions", "members", "directory_policies"} <= read


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    engine = store._database._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
