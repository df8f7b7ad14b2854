"""Signing in by password: sessions, limits, and what nobody can tell from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from msgspec.structs import replace

from jobferry.access.callers import csrf_token
from jobferry.access.passwords import Passwords
from jobferry.access.signature import SignedRequest
from jobferry.errors import ErrorCode, Forbidden, StoreError, TooManyAttempts, Unauthenticated
from jobferry.model.audit import AuditOutcome
from jobferry.services.people.attempts import Attempts
from jobferry.services.people.sign_in import SigningIn, Started
from jobferry.services.runtime import Runtime
from jobferry.store import Store, UnitOfWork
from unit.access.hashing import CountingHasher

from .conftest import GOOD, NOON, Crowd

HOUR = 60 * 60 * 1000


def by_cookie(secret: str, method: str = "GET", csrf: str = "") -> SignedRequest:
    headers = [(b"cookie", f"jobferry_session={secret}".encode())]
    if csrf:
        headers.append((b"x-csrf-token", csrf.encode()))
    return SignedRequest(method, b"/", b"", tuple(headers), b"")


def by_token(token: str) -> SignedRequest:
    return SignedRequest("GET", b"/", b"", ((b"x-auth-token", token.encode()),), b"")


def signed_in(crowd: Crowd, name: str = "anne") -> Started:
    return crowd.signing.sign_in(name, GOOD, "10.0.0.1")


def is_over(crowd: Crowd, secret: str) -> bool:
    try:
        crowd.signing.authenticate(by_cookie(secret))
    except Unauthenticated:
        return True
    return False


def test_a_session_signs_in_until_it_is_ended(crowd: Crowd) -> None:
    begun = signed_in(crowd)
    caller = crowd.signing.authenticate(by_cookie(begun.secret), "10.0.0.7")
    assert (caller.name, caller.origin, caller.operations) == ("anne", "10.0.0.7", False)
    request = by_cookie(begun.secret, "DELETE", begun.csrf_token)
    assert crowd.signing.csrf_token(request) == begun.csrf_token == csrf_token(begun.secret)
    crowd.signing.sign_out(request, crowd.signing.authenticate(request))
    assert is_over(crowd, begun.secret)
    assert [row.event.action for row in crowd.audit(actor="anne")] == ["sign-in", "sign-out"]


def test_secrets_of_a_session_are_not_in_the_store(crowd: Crowd) -> None:
    begun = signed_in(crowd)
    with crowd.store.read() as snapshot:
        rows = repr(list(snapshot.audit.rows()))
    assert begun.secret not in rows
    assert begun.csrf_token not in rows
    with crowd.store.read() as snapshot:
        assert snapshot.people.session(begun.secret) is None


@pytest.mark.parametrize("how", ["unknown", "wrong", "disabled", "without"])
def test_nobody_can_tell_from_answer_or_work_why_a_sign_in_is_refused(crowd: Crowd, how: str) -> None:
    crowd.add("bert")
    if how == "disabled":
        crowd.users.change(crowd.root, "bert", disabled=True)
    if how == "without":
        crowd.users.reset_password(crowd.root, "bert", "")
    crowd.passwords.is_right("", "warm")
    crowd.hasher.verified.clear()
    name = "nobody" if how == "unknown" else "bert"
    with pytest.raises(Unauthenticated) as caught:
        crowd.signing.sign_in(name, GOOD if how == "disabled" else "wrong password", "10.0.0.1")
    assert caught.value.message == "there is no user of that name, or the password is wrong"
    assert (caught.value.subject, name in caught.value.hint) == ("", False)
    assert len(crowd.hasher.verified) == 1
    last = crowd.audit(action="sign-in")[-1].event
    assert (last.outcome, last.kind, last.origin) == ("refused", "password", "10.0.0.1")
    assert last.actor == ("" if how == "unknown" else "bert")


def test_a_session_ends_when_it_is_not_used_and_after_a_week_anyway(crowd: Crowd) -> None:
    begun = signed_in(crowd)
    crowd.now = NOON + 8 * HOUR
    assert is_over(crowd, begun.secret)
    begun = signed_in(crowd)
    born = crowd.now
    while crowd.now < born + 7 * 24 * HOUR - 7 * HOUR:
        crowd.now += 7 * HOUR
        assert not is_over(crowd, begun.secret)
        crowd.signing.write_down()
    crowd.now = born + 7 * 24 * HOUR - 1
    assert not is_over(crowd, begun.secret)
    crowd.now += 1
    assert is_over(crowd, begun.secret)
    assert crowd.signing.end_old_sessions() >= 1


@pytest.mark.parametrize("how", ["everywhere", "disabled", "changed", "reset"])
def test_what_ends_all_sessions_of_a_user(crowd: Crowd, how: str) -> None:
    mine, other = [signed_in(crowd), signed_in(crowd)], signed_in(crowd, "root")
    match how:
        case "everywhere":
            assert crowd.signing.sign_out_everywhere(crowd.anne) == 2
        case "disabled":
            crowd.users.change(crowd.root, "anne", disabled=True)
        case "changed":
            crowd.users.set_password(crowd.anne, GOOD, GOOD + " staple")
        case _:
            crowd.users.reset_password(crowd.root, "anne", GOOD + " staple")
    assert all(is_over(crowd, one.secret) for one in mine)
    assert not is_over(crowd, other.secret)


def test_too_many_wrong_passwords_are_refused_and_the_right_one_too_until_they_are_old(crowd: Crowd) -> None:
    for _ in range(10):
        with pytest.raises(Unauthenticated):
            crowd.signing.sign_in("anne", "wrong password", "10.0.0.1")
    work = len(crowd.hasher.verified)
    for _ in range(50):
        with pytest.raises(TooManyAttempts) as caught:
            crowd.signing.sign_in("anne", GOOD, "10.9.9.9")
    assert caught.value.seconds == 300
    assert len(crowd.hasher.verified) == work
    crowd.now += 300_000
    assert signed_in(crowd).user.name == "anne"
    crowd.signing.write_down(everything=True)
    refused = [row.event for row in crowd.audit(action="sign-in", outcome=AuditOutcome.REFUSED)]
    assert [one.detail for one in refused if one.origin == "10.9.9.9"] == ["count=1", "count=49"]
    assert len(refused) == 12


def test_guessing_the_present_password_is_limited_too(crowd: Crowd) -> None:
    for _ in range(10):
        with pytest.raises(Forbidden):
            crowd.users.set_password(crowd.anne, "wrong password", GOOD)
    with pytest.raises(TooManyAttempts):
        crowd.users.set_password(crowd.anne, GOOD, GOOD + " staple")


def test_a_password_is_hashed_again_when_the_parameters_are_of_yesterday(crowd: Crowd) -> None:
    crowd.hasher.edition = 2
    signed_in(crowd)
    with crowd.store.read() as snapshot:
        user = snapshot.people.user_named("anne")
    assert user is not None
    assert user.password == CountingHasher(2).hash(GOOD.encode())


def test_refused_tokens_are_few_rows_however_many_they_are(crowd: Crowd) -> None:
    for one in range(200):
        with pytest.raises(Unauthenticated):
            crowd.signing.authenticate(by_token(f"jf_guess{one}"), "10.0.0.66")
    with pytest.raises(Unauthenticated):
        crowd.signing.authenticate(SignedRequest("GET", b"/", b"", (), b""), "10.0.0.66")
    crowd.signing.write_down(everything=True)
    rows = [row.event for row in crowd.audit(action="sign-in")]
    assert [(one.kind, one.origin, one.detail) for one in rows] == [
        ("token", "10.0.0.66", "count=1"),
        ("token", "10.0.0.66", "count=199"),
    ]
    assert "guess" not in repr(rows)


def test_the_folders_own_token_is_operations_without_a_row_in_the_store(crowd: Crowd) -> None:
    caller = crowd.signing.authenticate(by_token("jf_folder"))
    assert (caller.name, caller.operations, caller.origin) == ("root", True, "")
    with crowd.store.read() as snapshot:
        assert snapshot.people.tokens("id-root") == (0, [])


def test_a_last_use_is_written_at_most_once_a_minute(crowd: Crowd) -> None:
    made = crowd.credentials.create_token(crowd.anne, "anne", "laptop")

    def used() -> int:
        crowd.signing.write_down()
        return crowd.credentials.tokens(crowd.anne, "anne")[1][0].used_at

    assert used() == 0
    for now, seen in ((NOON, NOON), (NOON + 59_999, NOON), (NOON + 60_000, NOON + 60_000)):
        crowd.now = now
        crowd.signing.authenticate(by_token(made.secret))
        assert used() == seen


def test_a_token_for_some_workspaces_is_good_for_nothing_on_the_whole_platform(crowd: Crowd) -> None:
    scope = replace(crowd.root.scope, workspaces=("first",))
    made = crowd.credentials.create_token(crowd.root, "root", "narrow", scope=scope)
    caller = crowd.signing.authenticate(by_token(made.secret))
    assert caller.scope.workspaces == ("w1",)
    with pytest.raises(Forbidden):
        crowd.users.page(caller)
    assert crowd.members.rights_of(caller).actions == ()


class Unwritable:
    """A store that can be read, and not written to until it is ``well``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.read = store.read
        self.well = False

    @contextmanager
    def write(self, *, lasting: bool = True, only: str = "") -> Iterator[UnitOfWork]:
        if not self.well:
            raise StoreError(ErrorCode.STORE_BUSY, "busy")
        with self._store.write(lasting=lasting, only=only) as uow:
            yield uow


def refused_attempts(crowd: Crowd) -> list[str]:
    return [row.event.detail for row in crowd.audit(outcome=AuditOutcome.REFUSED)]


def test_what_cannot_be_written_down_now_is_written_later(crowd: Crowd) -> None:
    store = Unwritable(crowd.store)
    runtime = Runtime(store, lambda: crowd.now, crowd.runtime.new_id, crowd.runtime.chain)  # type: ignore[arg-type]
    signing = SigningIn(
        runtime,
        lambda: crowd.sealer,
        crowd.passwords,
        Attempts(runtime, lambda: crowd.sealer),
        folder_token="jf_f",
    )
    clear = crowd.credentials.create_token(crowd.anne, "anne", "laptop").secret
    for request in (by_token(clear), by_token("wrong"), by_token("wrong")):
        with suppress(Unauthenticated):
            signing.authenticate(request, "10.0.0.9")
    signing.write_down(everything=True)
    assert refused_attempts(crowd) == []
    store.well = True
    signing.write_down(everything=True)
    assert refused_attempts(crowd) == ["count=2"]
    _, (token,) = crowd.credentials.tokens(crowd.anne, "anne")
    assert token.used_at == NOON


def test_who_is_disabled_while_their_password_is_looked_at_is_not_signed_in(crowd: Crowd) -> None:
    class Late(CountingHasher):
        def verify(self, stored: str, password: bytes) -> bool:
            crowd.users.change(crowd.root, "anne", disabled=True)
            return super().verify(stored, password)

    signing = SigningIn(
        crowd.runtime,
        lambda: crowd.sealer,
        Passwords(Late()),
        Attempts(crowd.runtime, lambda: crowd.sealer),
        folder_token="jf_f",
    )
    with pytest.raises(Unauthenticated, match="the user was changed just now"):
        signing.sign_in("anne", GOOD, "10.0.0.1")
    assert "sign-in" not in [row.event.action for row in crowd.audit(actor="anne")]
