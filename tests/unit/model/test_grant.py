"""What a grant allows: by role, by the token's scope, and by directory."""

from __future__ import annotations

import pytest

from builders import grant, job, resource, script, stored
from contract.rights.table import ALLOWED, READ_ONLY
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Caller, Scope
from jobferry.model.rights import Action, Role


@pytest.mark.parametrize("action", list(Action))
def test_each_role_may_do_what_the_table_says(action: Action) -> None:
    assert {role.value for role in Role if grant(role).may(action)} == set(ALLOWED[action].split())


def test_roles_add_up() -> None:
    both = grant(Role.VIEWER, Role.DEPLOYER)
    assert both.may(Action.JOB_VIEW)
    assert not both.may(Action.EXPORT)
    assert grant(Role.VIEWER, Role.OPERATOR).may(Action.EXPORT)


@pytest.mark.parametrize("action", list(Action))
def test_a_read_only_token_leaves_looking_and_exporting(action: Action) -> None:
    reader = Caller(user_id="1", name="lin", scope=Scope(read_only=True))
    everything = grant(*Role, caller=reader)
    assert everything.may(action) == (action in READ_ONLY)


def test_a_read_only_token_gives_no_right_that_its_user_lacks() -> None:
    reader = Caller(user_id="1", name="lin", scope=Scope(read_only=True))
    assert not grant(Role.VIEWER, caller=reader).may(Action.EXPORT)


@pytest.mark.parametrize(
    ("directories", "directory", "covered"),
    [
        (None, "/a", True),
        ((), "/", False),
        (("/",), "/a/b", True),
        (("/a",), "/a", True),
        (("/a/",), "/a/b", True),
        (("/a",), "/ab", False),
        (("/a/b",), "/a", False),
        (("/x", "/a"), "/a/b/c", True),
        (("/a",), "/A", False),
    ],
)
def test_a_directory_is_covered_with_everything_below_it(
    directories: tuple[str, ...] | None, directory: str, covered: bool
) -> None:
    assert grant(directories=directories).covers(directory) is covered


def test_policies_are_about_jobs_and_scripts() -> None:
    nothing = grant(directories=())
    placed = [(ObjectKind.JOB, job()), (ObjectKind.SCRIPT, script())]
    assert not any(nothing.reaches(stored(kind, document)[0]) for kind, document in placed)
    assert nothing.reaches(stored(ObjectKind.RESOURCE, resource())[0])
    assert nothing.directories_of(ObjectKind.RESOURCE) is None
    assert nothing.directories_of(ObjectKind.JOB) == ()
