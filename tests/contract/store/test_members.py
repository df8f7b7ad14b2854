"""Members, directory policies and notices."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from jobferry.model.lists import NoticeFilter
from jobferry.model.people import About, AboutKind, DirectoryPolicy, Member, Notice, NoticeCode, User
from jobferry.model.rights import Role


@pytest.fixture
def uow(store):
    """A unit of work with two users."""
    with store.write() as uow:
        uow.people.add_user(User(id="u1", name="bert"))
        uow.people.add_user(User(id="u2", name="anne"))
        yield uow


def member(workspace_id: str, user_id: str, *roles: Role) -> Member:
    name = {"u1": "bert", "u2": "anne"}[user_id]
    return Member(workspace_id=workspace_id, user_id=user_id, user_name=name, roles=frozenset(roles))


def test_members_are_found_by_workspace_and_by_user(uow):
    owner = member("w1", "u1", Role.OWNER, Role.DEVELOPER)
    viewer, deployer = member("w1", "u2", Role.VIEWER), member("w2", "u2", Role.DEPLOYER)
    for one in (deployer, owner, viewer):
        uow.members.save(one)
    assert uow.members.of_workspace("w1") == [viewer, owner]
    assert uow.members.of_user("u2") == [viewer, deployer]
    assert uow.members.of_user("nobody") == []
    assert uow.members.heads_and("w1", "u2") == [viewer, owner]
    assert uow.members.heads_and("w1", "nobody") == uow.members.heads_and("w1", "u1") == [owner]
    assert uow.members.heads_and("w2", "u1") == []


def test_a_members_roles_are_replaced_and_one_without_any_is_removed(uow):
    uow.members.save(member("w1", "u1", Role.OWNER))
    uow.members.save(member("w2", "u1", Role.VIEWER))
    uow.members.save(member("w1", "u1", Role.OPERATOR))
    assert uow.members.of_workspace("w1") == [member("w1", "u1", Role.OPERATOR)]
    uow.members.save(member("w1", "u1"))
    uow.members.save(member("w1", "u2"))
    assert uow.members.of_workspace("w1") == []
    assert uow.members.of_workspace("w2") == [member("w2", "u1", Role.VIEWER)]


def test_a_members_name_is_the_users_of_now(uow):
    uow.members.save(member("w1", "u1", Role.OWNER))
    uow.people.replace_user(User(id="u1", name="carl"))
    assert [one.user_name for one in uow.members.of_workspace("w1")] == ["carl"]


def test_directory_policies_are_saved_over_what_is_there(uow):
    policy = DirectoryPolicy(
        workspace_id="w1", name="数仓", directories=("/dw", "/ods"), users=("anne",), roles=(Role.VIEWER,)
    )
    other = DirectoryPolicy(workspace_id="w1", name="a", directories=("/",))
    for one in (policy, other, replace(policy, workspace_id="w2")):
        uow.members.save_policy(one)
    changed = replace(policy, directories=("/dw",), users=(), roles=())
    uow.members.save_policy(changed)
    assert uow.members.policies("w1") == [other, changed]
    assert uow.members.remove_policy("w1", "数仓")
    assert not uow.members.remove_policy("w1", "数仓")
    assert not uow.members.remove_policy("w1", "\x00")
    assert uow.members.policies("w2") == [replace(policy, workspace_id="w2")]


def notice(id_: str, at: int, user_id: str = "u1") -> Notice:
    return Notice(
        id=id_,
        user_id=user_id,
        code=NoticeCode.IMPORT_FAILED,
        at=at,
        about=About(workspace_id="w1", kind=AboutKind.TASK, id="t1", name="包.zip"),
    )


def test_notices_are_paged_newest_first(uow):
    told = replace(notice("n9", 1_795_250_000_000), args={"package": "包.zip"}, read_at=3)
    for one in (notice("n1", 1), told, notice("n2", 2), notice("n0", 5, "u2")):
        uow.notices.add(one)
    assert uow.notices.page("u1") == (3, [told, notice("n2", 2), notice("n1", 1)])
    assert uow.notices.page("u1", offset=1, limit=1) == (3, [notice("n2", 2)])
    assert uow.notices.page("u1", NoticeFilter(unread=True), limit=1) == (2, [notice("n2", 2)])


def test_notices_are_marked_read_once_and_only_by_whose_they_are(uow):
    for one in (notice("n1", 1), notice("n2", 2), notice("n3", 3), notice("n4", 4, "u2")):
        uow.notices.add(one)
    assert uow.notices.mark_read("u1", ["n1", "n4", "\x00"], at=10) == 1
    assert uow.notices.mark_read("u1", ["n1"], at=11) == 0
    assert uow.notices.mark_read("u1", [], at=12) == 2
    _, shown = uow.notices.page("u1")
    assert [one.read_at for one in shown] == [12, 12, 10]
    assert uow.notices.page("u2", NoticeFilter(unread=True))[0] == 1


def test_old_notices_are_swept(uow):
    for one in (notice("n1", 1), notice("n2", 2), notice("n3", 3, "u2")):
        uow.notices.add(one)
    assert uow.notices.sweep(before=2) == 1
    assert uow.notices.page("u1") == (1, [notice("n2", 2)])


def test_a_value_that_no_database_can_hold_is_shown_by_a_sign(uow):
    uow.notices.add(replace(notice("n1", 1), args={"package": "a\ud800b"}))
    _, (shown,) = uow.notices.page("u1")
    assert shown.args == {"package": "a?b"}
