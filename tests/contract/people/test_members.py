"""Members of a workspace, its one owner, and its directory policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from jobferry.errors import ErrorCode, JobferryError
from jobferry.model.audit import AuditOutcome
from jobferry.model.people import Scope
from jobferry.model.rights import Action, Role
from jobferry.services.people.members import GIVEN

from .conftest import Crowd


def code_of(call: Callable[..., Any], *arguments: Any) -> ErrorCode:
    with pytest.raises(JobferryError) as caught:
        call(*arguments)
    return caught.value.code


def roles(crowd: Crowd) -> dict[str, set[Role]]:
    return {one.user_name: set(one.roles) for one in crowd.members.page(crowd.grant(crowd.anne))[1]}


def test_members_are_added_changed_and_removed(crowd: Crowd) -> None:
    crowd.add("bert")
    grant = crowd.grant(crowd.anne)
    crowd.members.save(grant, "bert", [Role.VIEWER])
    crowd.members.save(grant, "bert", [Role.DEVELOPER, Role.DEPLOYER])
    assert roles(crowd) == {"anne": {Role.OWNER}, "bert": {Role.DEVELOPER, Role.DEPLOYER}}
    crowd.members.remove(grant, "bert")
    assert roles(crowd) == {"anne": {Role.OWNER}}
    assert code_of(crowd.members.remove, grant, "bert") is ErrorCode.MEMBER_MISSING
    assert code_of(crowd.members.remove, grant, "nobody") is ErrorCode.MEMBER_MISSING
    assert code_of(crowd.members.save, grant, "nobody", [Role.VIEWER]) is ErrorCode.USER_MISSING
    told = [(row.event.action, row.event.detail, row.event.workspace) for row in crowd.audit(actor="anne")]
    assert told == [
        ("member-save", "viewer", "first"),
        ("member-save", "deployer,developer", "first"),
        ("member-remove", "", "first"),
        ("member-remove", "member-missing", "first"),
        ("member-remove", "member-missing", "first"),
        ("member-save", "user-missing", "first"),
    ]


@pytest.mark.parametrize("wanted", [[], [Role.OWNER], [Role.OPERATIONS], [Role.VIEWER, Role.OWNER]])
def test_roles_that_are_not_given(crowd: Crowd, wanted: list[Role]) -> None:
    crowd.add("bert")
    assert code_of(crowd.members.save, crowd.grant(crowd.anne), "bert", wanted) is ErrorCode.INVALID_VALUE
    assert "bert" not in roles(crowd)


@pytest.mark.parametrize("role", GIVEN)
def test_who_may_change_members(crowd: Crowd, role: Role) -> None:
    bert = crowd.add("bert")
    crowd.join("bert", role)
    grant = crowd.grant(bert)
    if role is Role.ADMINISTRATOR:
        crowd.members.save(grant, "anne", [Role.VIEWER])
        assert roles(crowd)["anne"] == {Role.OWNER, Role.VIEWER}
    else:
        assert code_of(crowd.members.save, grant, "bert", [Role.ADMINISTRATOR]) is ErrorCode.NOT_ALLOWED
        assert crowd.audit(actor="bert")[-1].event.outcome is AuditOutcome.REFUSED
    assert code_of(crowd.members.transfer, grant, "bert") is ErrorCode.NOT_ALLOWED
    assert roles(crowd)["bert"] == {role}


def test_there_is_always_one_owner(crowd: Crowd) -> None:
    crowd.add("bert")
    grant = crowd.grant(crowd.anne)
    assert code_of(crowd.members.remove, grant, "anne") is ErrorCode.ONE_OWNER
    crowd.members.transfer(grant, "bert")
    assert roles(crowd) == {"anne": {Role.ADMINISTRATOR}, "bert": {Role.OWNER}}
    assert code_of(crowd.members.transfer, crowd.grant(crowd.anne), "anne") is ErrorCode.NOT_ALLOWED
    root = crowd.grant(crowd.root)
    crowd.members.transfer(root, "bert")
    assert roles(crowd)["bert"] == {Role.OWNER}
    crowd.users.change(crowd.root, "anne", disabled=True)
    assert code_of(crowd.members.transfer, root, "anne") is ErrorCode.ONE_OWNER
    assert code_of(crowd.members.transfer, root, "nobody") is ErrorCode.USER_MISSING
    crowd.members.transfer(root, "root")
    assert roles(crowd)["root"] == {Role.OWNER}


def test_what_somebody_is_told_about_themselves(crowd: Crowd) -> None:
    bert = crowd.add("bert")
    assert crowd.members.rights_of(bert) == ((), ())
    crowd.join("bert", Role.VIEWER)
    (place,) = crowd.members.rights_of(bert).places
    assert (place.workspace.name, place.roles) == ("first", (Role.VIEWER,))
    assert Action.JOB_VIEW in place.actions
    assert Action.EXPORT not in place.actions
    standing = crowd.members.rights_of(crowd.root)
    assert Action.USER_EDIT in standing.actions
    assert [one.workspace.name for one in standing.places] == ["first", "second"]
    assert Action.USER_EDIT not in standing.places[0].actions
    reading = crowd.members.rights_of(replace(crowd.root, scope=Scope(read_only=True)))
    assert reading.actions == (Action.PLATFORM_TASK_VIEW, Action.PLATFORM_AUDIT_VIEW)
    narrow = replace(crowd.anne, scope=Scope(workspaces=("w2",)))
    assert crowd.members.rights_of(narrow).places == ()


def test_directory_policies(crowd: Crowd) -> None:
    for name in ("bert", "carl"):
        crowd.add(name)
        crowd.join(name, Role.DEVELOPER)
    grant, save = crowd.grant(crowd.anne), crowd.policies.save
    team = save(grant, "team", ["dw/", "/dw"], ["bert"], [Role.OPERATOR])
    assert (team.directories, crowd.policies.page(grant)) == (("/dw",), (1, [team]))
    assert code_of(save, grant, "other", ["/"], ["bert"], []) is ErrorCode.IN_ANOTHER_POLICY
    assert code_of(save, grant, "other", ["/"], [], [Role.OPERATOR]) is ErrorCode.IN_ANOTHER_POLICY
    assert code_of(save, grant, "other", ["/"], ["nobody"], []) is ErrorCode.MEMBER_MISSING
    assert code_of(save, grant, "other", ["/"], [], []) is ErrorCode.MISSING_VALUE
    assert code_of(save, grant, "other", [], ["carl"], []) is ErrorCode.MISSING_VALUE
    assert code_of(save, grant, "other", ["/a b"], ["carl"], []) is ErrorCode.INVALID_VALUE
    assert code_of(save, grant, "a b", ["/"], ["carl"], []) is ErrorCode.INVALID_NAME
    for role in (Role.OWNER, Role.ADMINISTRATOR, Role.OPERATIONS):
        assert code_of(save, grant, "other", ["/"], [], [role]) is ErrorCode.INVALID_VALUE
    assert code_of(save, crowd.grant(crowd.add("dora")), "other", ["/"], [], []) is ErrorCode.NOT_ALLOWED
    save(grant, "team", ["/dm"], ["bert", "carl"], [])
    crowd.members.remove(grant, "bert")
    assert crowd.policies.page(grant)[1][0].users == ("carl",)
    crowd.policies.remove(grant, "team")
    assert code_of(crowd.policies.remove, grant, "team") is ErrorCode.POLICY_MISSING
