"""Download policies: whom they let take packages out of a workspace, on every database."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract.people.conftest import Crowd
from jobferry.errors import Conflict, ErrorCode, Forbidden, InvalidRequest, JobferryError, NotFound
from jobferry.model.lists import PolicyFilter
from jobferry.model.people import Caller, DownloadPolicy, Grant
from jobferry.model.rights import Role
from jobferry.services.exporting.downloads import allow_download, allow_taking

TAKING: list[Callable[..., None]] = [allow_download, allow_taking]


@pytest.fixture
def bert(crowd: Crowd) -> Caller:
    """A developer in the workspace that anne owns."""
    bert = crowd.add("bert")
    crowd.join("bert", Role.DEVELOPER)
    return bert


@pytest.fixture
def grant(crowd: Crowd, bert: Caller) -> Grant:
    """The owner's."""
    return crowd.grant(crowd.anne)


def may(crowd: Crowd, caller: Caller) -> list[bool]:
    """Whether somebody may download, and export into object storage."""
    found = []
    for allow in TAKING:
        try:
            allow(crowd.runtime, crowd.grant(caller), kind="package", subject="p.zip")
            found.append(True)
        except Forbidden as error:
            assert error.code is ErrorCode.NOT_ALLOWED
            assert caller.name in error.message
            assert "download policy" in error.hint
            found.append(False)
    return found


def test_all_may_while_there_is_no_policy(crowd: Crowd, grant: Grant, bert: Caller) -> None:
    assert may(crowd, bert) == [True, True]


def test_whom_no_policy_covers_is_refused_but_the_heads(crowd: Crowd, grant: Grant, bert: Caller) -> None:
    policies = crowd.download_policies
    policies.save(grant, "operators", [], [Role.OPERATOR])
    assert may(crowd, bert) == [False, False]
    assert may(crowd, crowd.anne) == may(crowd, crowd.root) == [True, True]
    assert [row.event.action for row in crowd.audit(outcome="refused")][-2:] == ["download", "download"]
    policies.save(grant, "bert", ["bert", "bert"], [])
    assert may(crowd, bert) == [True, True]
    policies.save(grant, "bert", [], [Role.VIEWER])
    assert may(crowd, bert) == [False, False]
    crowd.members.save(grant, "bert", [Role.VIEWER])
    assert may(crowd, bert) == [True, True]
    for name in ("bert", "operators"):
        policies.remove(grant, name)
    crowd.members.save(grant, "bert", [Role.DEVELOPER])
    assert may(crowd, bert) == [True, True]


def test_policies_are_listed_and_forget_who_leaves(crowd: Crowd, grant: Grant, bert: Caller) -> None:
    policies = crowd.download_policies
    saved = policies.save(grant, "b", ["bert"], [Role.VIEWER])
    assert saved == DownloadPolicy(workspace_id="w1", name="b", users=("bert",), roles=(Role.VIEWER,))
    policies.save(grant, "a", [], [Role.OPERATOR])
    assert [one.name for one in policies.page(grant)[1]] == ["a", "b"]
    assert [one.name for one in policies.page(grant, sort="-name", limit=1)[1]] == ["b"]
    assert [one.name for one in policies.page(grant, PolicyFilter(user="bert"))[1]] == ["b"]
    assert [one.name for one in policies.page(grant, PolicyFilter(role=Role.OPERATOR))[1]] == ["a"]
    crowd.members.remove(grant, "bert")
    assert policies.page(grant, PolicyFilter(name="B"))[1][0].users == ()


def failing(call: Callable[[], object]) -> tuple[type[JobferryError], ErrorCode]:
    with pytest.raises(JobferryError) as failed:
        call()
    return type(failed.value), failed.value.code


def test_what_is_no_policy_is_refused_by_name(crowd: Crowd, grant: Grant, bert: Caller) -> None:
    policies, theirs = crowd.download_policies, crowd.grant(bert)
    invalid, missing = ErrorCode.INVALID_VALUE, ErrorCode.MISSING_VALUE
    name = ErrorCode.INVALID_NAME
    assert failing(lambda: policies.save(grant, "a b", ["bert"], [])) == (InvalidRequest, name)
    assert failing(lambda: policies.save(grant, "a", [], [])) == (InvalidRequest, missing)
    assert failing(lambda: policies.save(grant, "a", [], [Role.ADMINISTRATOR])) == (InvalidRequest, invalid)
    assert failing(lambda: policies.save(grant, "a", ["root"], [])) == (NotFound, ErrorCode.MEMBER_MISSING)
    assert failing(lambda: policies.remove(grant, "a")) == (NotFound, ErrorCode.POLICY_MISSING)
    assert failing(lambda: policies.remove(grant, "\x00")) == (NotFound, ErrorCode.POLICY_MISSING)
    assert failing(lambda: policies.save(theirs, "a", ["bert"], [])) == (Forbidden, ErrorCode.NOT_ALLOWED)
    assert failing(lambda: policies.remove(theirs, "a")) == (Forbidden, ErrorCode.NOT_ALLOWED)
    for number in range(100):
        policies.save(grant, f"p{number}", ["bert"], [])
    policies.save(grant, "p7", [], [Role.VIEWER])
    assert failing(lambda: policies.save(grant, "more", ["bert"], [])) == (Conflict, ErrorCode.QUOTA_REACHED)
