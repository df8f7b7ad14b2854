"""Users, and what they sign in with besides passwords."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from jobferry.access.sealing import Sealer, token_hash
from jobferry.errors import Conflict, ErrorCode, Forbidden, InvalidRequest, JobferryError, NotFound
from jobferry.model.audit import AuditOutcome
from jobferry.model.people import AccessKey, Scope
from jobferry.model.rights import Role
from jobferry.services.people.users import LINK_MS

from .conftest import GOOD, NOON, Crowd

DAY = 24 * 60 * 60 * 1000


def code_of(call: Callable[..., Any], *arguments: Any, **options: Any) -> ErrorCode:
    with pytest.raises(JobferryError) as caught:
        call(*arguments, **options)
    return caught.value.code


def test_operations_makes_users_and_nobody_else_does(crowd: Crowd) -> None:
    made = crowd.users.create(crowd.root, "bert", password=GOOD, operations=True)
    assert crowd.hasher.verify(made.password, GOOD.encode())
    assert [user.name for user in crowd.users.page(crowd.root)[1]] == ["anne", "bert", "root"]
    for refused in (
        lambda: crowd.users.create(crowd.anne, "carl"),
        lambda: crowd.users.page(crowd.anne),
        lambda: crowd.users.change(crowd.anne, "anne", operations=True),
        lambda: crowd.users.reset_password(crowd.anne, "root", GOOD),
        lambda: crowd.users.change(crowd.anne, "nobody", disabled=True),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert len(crowd.audit(actor="anne", outcome=AuditOutcome.REFUSED)) == 5


def test_names_of_users(crowd: Crowd) -> None:
    for name in ("bert", "b", "李雷", "b.r-t_2@example.com", "b" * 64):
        crowd.users.create(crowd.root, name)
    for name in ("", "a b", "a/b", "b" * 65, "a\nb", "a:b"):
        assert code_of(crowd.users.create, crowd.root, name) is ErrorCode.INVALID_NAME
    for name in ("bert", "BERT", "Anne"):
        assert code_of(crowd.users.create, crowd.root, name) is ErrorCode.NAME_TAKEN
    assert code_of(crowd.users.create, crowd.root, "weak", password="short") is ErrorCode.WEAK_PASSWORD


def test_somebody_always_has_operations(crowd: Crowd) -> None:
    change = crowd.users.change
    assert code_of(change, crowd.root, "root", disabled=True) is ErrorCode.LAST_OPERATIONS
    assert code_of(change, crowd.root, "root", operations=False) is ErrorCode.LAST_OPERATIONS
    crowd.users.create(crowd.root, "bert", operations=True)
    change(crowd.root, "bert", disabled=True)
    assert code_of(change, crowd.root, "root", operations=False) is ErrorCode.LAST_OPERATIONS
    change(crowd.root, "bert", disabled=False)
    assert not change(crowd.root, "root", operations=False).operations
    bert = replace(crowd.root, user_id="", name="bert")
    assert code_of(change, bert, "bert", disabled=True) is ErrorCode.LAST_OPERATIONS
    assert code_of(change, bert, "nobody", disabled=True) is ErrorCode.USER_MISSING
    told = [row.event.action for row in crowd.audit(actor="root", outcome=AuditOutcome.DONE)]
    assert told == ["user-create", "user-disable", "user-enable", "operations-take"]


def test_a_password_is_changed_by_who_knows_it(crowd: Crowd) -> None:
    with pytest.raises(Forbidden, match="current password is wrong"):
        crowd.users.set_password(crowd.anne, "wrong password", GOOD)
    assert code_of(crowd.users.set_password, crowd.anne, GOOD, "short") is ErrorCode.WEAK_PASSWORD
    crowd.users.set_password(crowd.anne, GOOD, "another good one")
    assert crowd.signing.sign_in("anne", "another good one").user.name == "anne"
    limited = replace(crowd.anne, scope=Scope(read_only=True))
    assert code_of(crowd.users.set_password, limited, "another good one", GOOD) is ErrorCode.NOT_ALLOWED
    rows = repr(crowd.audit())
    assert GOOD not in rows
    assert "another good one" not in rows


def test_tokens_are_shown_once_and_kept_as_hashes(crowd: Crowd) -> None:
    made = crowd.credentials.create_token(crowd.anne, "anne", "laptop", scope=Scope(read_only=True), days=1)
    _, (kept,) = crowd.credentials.tokens(crowd.anne, "anne")
    assert kept == made.made
    assert (kept.hash, kept.expires_at) == (token_hash(made.secret), NOON + DAY)
    assert made.secret not in repr(kept) + repr(crowd.audit())
    assert code_of(crowd.credentials.create_token, crowd.anne, "anne", "laptop") is ErrorCode.NAME_TAKEN
    crowd.credentials.revoke_token(crowd.anne, "anne", "laptop")
    assert code_of(crowd.credentials.revoke_token, crowd.anne, "anne", "laptop") is ErrorCode.TOKEN_MISSING
    told = [(row.event.action, row.event.subject, row.event.detail) for row in crowd.audit(actor="anne")]
    assert told == [
        ("token-create", "anne/laptop", ""),
        ("token-create", "anne/laptop", "name-taken"),
        ("token-revoke", "anne/laptop", ""),
        ("token-revoke", "anne/laptop", "token-missing"),
    ]


@pytest.mark.parametrize(
    ("name", "days", "code"),
    [
        ("", 1, ErrorCode.INVALID_NAME),
        (" ", 1, ErrorCode.INVALID_NAME),
        ("a\nb", 1, ErrorCode.INVALID_NAME),
        ("x" * 65, 1, ErrorCode.INVALID_NAME),
        ("a", 0, ErrorCode.INVALID_VALUE),
        ("a", 366, ErrorCode.INVALID_VALUE),
    ],
)
def test_tokens_that_are_not_made(crowd: Crowd, name: str, days: int, code: ErrorCode) -> None:
    assert code_of(crowd.credentials.create_token, crowd.anne, "anne", name, days=days) is code
    assert crowd.credentials.tokens(crowd.anne, "anne") == (0, [])


@pytest.mark.parametrize(("name", "days"), [("x" * 64, 1), ("a", 365)])
def test_tokens_just_inside_the_limits_are_made(crowd: Crowd, name: str, days: int) -> None:
    made = crowd.credentials.create_token(crowd.anne, "anne", name, days=days)
    _, (kept,) = crowd.credentials.tokens(crowd.anne, "anne")
    assert (kept, kept.expires_at) == (made.made, NOON + days * DAY)


@pytest.mark.parametrize(
    ("hours", "code"), [(720, None), (721, ErrorCode.INVALID_VALUE), (-1, ErrorCode.INVALID_VALUE)]
)
def test_a_former_key_stays_good_for_thirty_days_at_most(
    crowd: Crowd, hours: int, code: ErrorCode | None
) -> None:
    first = crowd.credentials.create_key(crowd.anne, "anne").made
    assert isinstance(first, AccessKey)
    if code is not None:
        call = crowd.credentials.rotate_key
        assert code_of(call, crowd.anne, "anne", first.access_key, grace_hours=hours) is code
        assert crowd.credentials.keys(crowd.anne, "anne")[0] == 1
        return
    crowd.credentials.rotate_key(crowd.anne, "anne", first.access_key, grace_hours=hours)
    kept = {one.access_key: one for one in crowd.credentials.keys(crowd.anne, "anne")[1]}
    assert kept[first.access_key].expires_at == NOON + hours * 60 * 60 * 1000


def test_a_token_names_only_workspaces_that_its_user_enters(crowd: Crowd) -> None:
    create = crowd.credentials.create_token
    messages = set()
    for wanted in ("second", "w2", "nowhere"):
        with pytest.raises(NotFound) as caught:
            create(crowd.anne, "anne", "a", scope=Scope(workspaces=(wanted,)))
        messages.add(caught.value.message.replace(wanted, "_"))
    assert len(messages) == 1
    made = create(crowd.anne, "anne", "a", scope=Scope(workspaces=("first", "w1")))
    assert made.made.scope.workspaces == ("w1",)
    crowd.join("anne", Role.VIEWER)
    assert create(crowd.root, "root", "a", scope=Scope(workspaces=("second",))).secret


def test_credentials_are_ones_own_or_for_operations(crowd: Crowd) -> None:
    made = crowd.credentials
    for owner in ("root", "nobody"):
        for call in (made.tokens, made.keys, made.create_key):
            assert code_of(call, crowd.anne, owner) is ErrorCode.NOT_ALLOWED
        assert code_of(made.create_token, crowd.anne, owner, "a") is ErrorCode.NOT_ALLOWED
        assert code_of(made.revoke_token, crowd.anne, owner, "a") is ErrorCode.NOT_ALLOWED
        assert code_of(made.rotate_key, crowd.anne, owner, "AK") is ErrorCode.NOT_ALLOWED
    assert made.create_token(crowd.root, "anne", "robot").secret
    assert code_of(made.tokens, crowd.root, "nobody") is ErrorCode.USER_MISSING
    assert made.tokens(crowd.anne, "anne")[0] == 1


@pytest.mark.parametrize("scope", [Scope(read_only=True), Scope(workspaces=("w1",))])
def test_a_limited_token_looks_at_credentials_and_makes_none(crowd: Crowd, scope: Scope) -> None:
    limited = replace(crowd.anne, scope=scope)
    assert crowd.credentials.tokens(limited, "anne") == (0, [])
    for call in (
        lambda: crowd.credentials.create_token(limited, "anne", "wide"),
        lambda: crowd.credentials.create_key(limited, "anne"),
        lambda: crowd.credentials.revoke_token(limited, "anne", "wide"),
    ):
        with pytest.raises(Forbidden, match="has fewer rights"):
            call()
    assert len(crowd.audit(outcome=AuditOutcome.REFUSED)) == 3


def test_keys_are_made_rotated_disabled_and_removed(crowd: Crowd) -> None:
    made = crowd.credentials.create_key(crowd.anne, "anne")
    assert isinstance(made.made, AccessKey)
    first = made.made.access_key
    assert crowd.sealer.unseal(made.made.sealed_secret).decode() == made.secret
    forever = crowd.credentials.rotate_key(crowd.anne, "anne", first)
    soon = crowd.credentials.rotate_key(crowd.anne, "anne", first, grace_hours=2)
    crowd.credentials.rotate_key(crowd.anne, "anne", first, grace_hours=5)
    keys = {one.access_key: one for one in crowd.credentials.keys(crowd.anne, "anne")[1]}
    assert len(keys) == 4
    assert (keys[first].expires_at, keys[first].disabled) == (NOON + 2 * 60 * 60 * 1000, False)
    assert isinstance(soon.made, AccessKey)
    second = soon.made.access_key
    crowd.credentials.rotate_key(crowd.anne, "anne", second, grace_hours=0)
    crowd.credentials.disable_key(crowd.anne, "anne", first)
    keys = {one.access_key: one for one in crowd.credentials.keys(crowd.anne, "anne")[1]}
    assert keys[first].disabled
    assert keys[second].disabled
    crowd.credentials.remove_key(crowd.anne, "anne", first)
    assert code_of(crowd.credentials.disable_key, crowd.anne, "anne", first) is ErrorCode.KEY_MISSING
    shown = repr(crowd.audit()) + repr(keys)
    assert not any(one.secret in shown for one in (made, forever, soon))


def test_a_key_of_somebody_else_is_not_there(crowd: Crowd) -> None:
    made = crowd.credentials.create_key(crowd.root, "root")
    assert isinstance(made.made, AccessKey)
    for call in (crowd.credentials.rotate_key, crowd.credentials.disable_key, crowd.credentials.remove_key):
        assert code_of(call, crowd.anne, "anne", made.made.access_key) is ErrorCode.KEY_MISSING
    with pytest.raises(InvalidRequest):
        crowd.credentials.rotate_key(crowd.root, "root", made.made.access_key, grace_hours=721)


def test_there_is_a_limit_to_credentials(crowd: Crowd) -> None:
    for _ in range(20):
        crowd.credentials.create_key(crowd.anne, "anne")
    with pytest.raises(Conflict, match="20 are allowed"):
        crowd.credentials.create_key(crowd.anne, "anne")
    for number in range(100):
        crowd.credentials.create_token(crowd.anne, "anne", f"t{number}")
    with pytest.raises(Conflict, match="100 are allowed"):
        crowd.credentials.create_token(crowd.anne, "anne", "t100")


def test_the_first_credentials_file_goes_when_the_founder_sees_to_credentials(crowd: Crowd) -> None:
    assert not crowd.credentials.create_token(crowd.anne, "anne", "a").file_removed
    assert not crowd.credentials.create_token(crowd.root, "anne", "b").file_removed
    assert crowd.files == 1
    assert crowd.credentials.create_token(crowd.root, "root", "a").file_removed
    assert crowd.files == 0
    assert not crowd.credentials.revoke_token(crowd.root, "root", "a")


def test_a_password_like_the_users_own_name_is_refused_and_an_old_one_stays_good(crowd: Crowd) -> None:
    crowd.add("annabella-anna")
    for weak in ("annabella-anna", " " * 12, "a" * 12):
        with pytest.raises(InvalidRequest) as caught:
            crowd.users.reset_password(crowd.root, "annabella-anna", weak)
        assert caught.value.code is ErrorCode.WEAK_PASSWORD
    with pytest.raises(InvalidRequest):
        crowd.users.create(crowd.root, "administrator2", password="administrator2")
    with crowd.store.write() as uow:
        user = uow.people.user_named("anne")
        assert user is not None
        uow.people.replace_user(replace(user, password=crowd.passwords.hashed("a" * 12)))
        uow.commit()
    assert crowd.signing.sign_in("anne", "a" * 12, "10.0.0.1")


def test_a_link_gives_a_first_password_once_and_within_an_hour(crowd: Crowd) -> None:
    crowd.users.create(crowd.root, "bert")
    choose = crowd.users.set_first_password
    link = crowd.users.first_password_link("bert")
    assert code_of(choose, link, "short", "10.0.0.9") is ErrorCode.WEAK_PASSWORD
    assert choose(link, GOOD, "10.0.0.9").name == "bert"
    assert crowd.signing.sign_in("bert", GOOD).user.name == "bert"
    [row] = crowd.audit(action="password-set", outcome=AuditOutcome.DONE)
    event = row.event
    assert (event.actor, event.subject, event.origin) == ("bert", "bert", "10.0.0.9")
    assert code_of(choose, link, GOOD + "2", "") is ErrorCode.NOT_SIGNED_IN
    assert crowd.users.first_password_link("bert") == crowd.users.first_password_link("nobody") == ""


def test_links_that_are_old_or_of_others_give_no_password(crowd: Crowd) -> None:
    crowd.users.create(crowd.root, "bert")
    link = crowd.users.first_password_link("bert")
    with crowd.store.read() as snapshot:
        user = snapshot.people.user_named("bert")
    assert user is not None
    good = f"first-password {user.id} 99999999999999"
    foreign = urlsafe_b64encode(Sealer(b"x" * 32).seal(good.encode()))
    other = crowd.sealer.seal(good.replace("first-password", "other").encode())
    same = urlsafe_b64encode(crowd.sealer.seal(good.encode())).decode()
    assert code_of(crowd.users.set_first_password, same, "short", "") is ErrorCode.WEAK_PASSWORD
    for dead in ("", "x", "\u2603", link[:-4], foreign.decode(), urlsafe_b64encode(other).decode()):
        assert code_of(crowd.users.set_first_password, dead, GOOD, "") is ErrorCode.NOT_SIGNED_IN
    crowd.users.change(crowd.root, "bert", disabled=True)
    assert crowd.users.first_password_link("bert") == ""
    assert code_of(crowd.users.set_first_password, link, GOOD, "") is ErrorCode.NOT_SIGNED_IN
    crowd.users.change(crowd.root, "bert", disabled=False)
    crowd.now += LINK_MS - 1
    assert code_of(crowd.users.set_first_password, link, "short", "") is ErrorCode.WEAK_PASSWORD
    crowd.now += 1
    assert code_of(crowd.users.set_first_password, link, GOOD, "") is ErrorCode.NOT_SIGNED_IN
