"""Users, tokens, access keys and sessions."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.people import AccessKey, BrowserSession, Scope, Token, User
from jobferry.model.records import Workspace

ADMIN = User(id="u1", name="管理员", password="$argon2id$x", operations=True, created_at=1_795_250_000_000)
ANNE = User(id="u2", name="anne", disabled=True)
TOKEN = Token(
    id="t1",
    user_id="u1",
    name="夜间",
    hash="hash",
    scope=Scope(read_only=True, workspaces=("w1", "w2")),
    created_at=1,
    expires_at=1_795_250_000_000,
    used_at=3,
)
KEY = AccessKey(access_key="AK", sealed_secret=b"\x00sealed", user_id="u1", created_at=5)
SESSION = BrowserSession(
    hash="sh", csrf_hash="ch", user_id="u1", origin="10.0.0.1", created_at=1, seen_at=2, expires_at=100
)


@pytest.fixture
def people(store):
    """A unit of work's people, two users among them."""
    with store.write() as uow:
        uow.people.add_user(ADMIN)
        uow.people.add_user(ANNE)
        yield uow.people


def test_users_come_back_as_they_were_added_and_replaced(people):
    assert people.user("u1") == ADMIN
    assert people.user_named("anne") == ANNE
    assert people.users() == [ANNE, ADMIN]
    for name in ("\x00", "\ud800", "none"):
        assert people.user(name) is None
        assert people.user_named(name) is None
        assert people.user_of("https://provider.example", name) is None
    renamed = replace(ANNE, name="bert", disabled=False, operations=True, password="p")
    people.replace_user(renamed)
    assert people.user("u2") == renamed
    assert people.user_named("anne") is None


def test_a_taken_user_name_is_a_conflict(people):
    with pytest.raises(Conflict) as added:
        people.add_user(User(id="u3", name="anne"))
    with pytest.raises(Conflict) as renamed:
        people.replace_user(replace(ADMIN, name="anne"))
    for caught in (added, renamed):
        assert (caught.value.code, caught.value.subject) == (ErrorCode.NAME_TAKEN, "anne")
    assert people.users() == [ANNE, ADMIN]


def test_a_token_comes_back_with_its_scope_and_whose_it_is(people):
    people.add_token(TOKEN)
    everything = Token(id="t2", user_id="u1", name="a", hash="other")
    people.add_token(everything)
    assert people.token("hash") == (TOKEN, ADMIN)
    assert people.token("none") is None
    assert people.tokens("u1") == (2, [everything, TOKEN])
    assert people.tokens("u2") == (0, [])


def test_token_names_are_unique_per_user(people):
    people.add_token(TOKEN)
    people.add_token(replace(TOKEN, id="t2", hash="h2", user_id="u2"))
    with pytest.raises(Conflict) as caught:
        people.add_token(replace(TOKEN, id="t3", hash="h3"))
    assert (caught.value.code, caught.value.subject) == (ErrorCode.NAME_TAKEN, "夜间")
    assert not people.remove_token("u1", "none")
    assert not people.remove_token("u1", "\x00")
    assert people.remove_token("u1", "夜间")
    assert people.token("hash") is None
    assert [one.id for one in people.tokens("u2")[1]] == ["t2"]


def test_a_key_pair_comes_back_and_can_be_disabled_and_removed(people):
    people.add_access_key(KEY)
    older = replace(KEY, access_key="BK", created_at=4)
    people.add_access_key(older)
    with pytest.raises(Conflict) as caught:
        people.add_access_key(replace(KEY, user_id="u2"))
    assert caught.value.subject == "AK"
    assert people.access_key("AK") == (KEY, ADMIN)
    assert people.access_keys("u1") == (2, [older, KEY])
    disabled = replace(KEY, disabled=True, used_at=9)
    people.replace_access_key(disabled)
    assert people.access_key("AK") == (disabled, ADMIN)
    assert people.access_key("BK") == (older, ADMIN)
    for name in ("CK", "\x00"):
        assert people.access_key(name) is None
        assert not people.remove_access_key(name)
    assert people.remove_access_key("AK")
    assert people.access_key("AK") is None


def test_a_session_is_seen_and_removed(people):
    people.add_session(SESSION)
    assert people.session("sh") == (SESSION, ADMIN)
    people.seen_session("sh", at=50, expires_at=150)
    assert people.session("sh") == (replace(SESSION, seen_at=50, expires_at=150), ADMIN)
    people.remove_session("none")
    people.remove_session("sh")
    assert people.session("sh") is None


def test_sessions_are_removed_by_user_or_when_they_expired(people):
    for hash_, user_id, expires_at in (("a", "u1", 10), ("b", "u2", 20), ("c", "u2", 30)):
        people.add_session(replace(SESSION, hash=hash_, user_id=user_id, expires_at=expires_at))
    assert people.remove_sessions() == 0
    assert people.remove_sessions(expired_before=20) == 1
    assert people.session("a") is None
    assert people.remove_sessions(user_id="u1") == 0
    assert people.remove_sessions(user_id="u2") == 2
    assert people.session("b") is None


def test_the_use_of_tokens_and_keys_is_noted_on_those_alone(people):
    people.add_token(TOKEN)
    people.add_token(replace(TOKEN, id="t2", name="b", hash="h2"))
    people.add_access_key(KEY)
    people.add_access_key(replace(KEY, access_key="BK"))
    people.note_use(token_ids=["t1", "none"], access_keys=["BK"], at=77)
    people.note_use(token_ids=[], access_keys=[], at=99)
    assert {one.id: one.used_at for one in people.tokens("u1")[1]} == {"t1": 77, "t2": 3}
    assert {one.access_key: one.used_at for one in people.access_keys("u1")[1]} == {"AK": 0, "BK": 77}


def test_a_workspace_is_called_by_its_id_before_another_that_has_it_as_its_name(store):
    with store.write() as uow:
        uow.workspaces.add(Workspace(id="w9", name="w1"))
        assert [one.id for one in uow.workspaces.called("w1")] == ["w1", "w9"]
        for name in ("\x00", "\ud800", "none"):
            assert uow.workspaces.called(name) == []
