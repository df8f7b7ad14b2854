"""Roles that groups stand for, as settings say them."""

from __future__ import annotations

import pytest

from jobferry.model.group_roles import GroupRole, parse_group_roles
from jobferry.model.rights import Role


def test_each_part_gives_a_group_a_role_somewhere_or_that_of_operations() -> None:
    assert parse_group_roles(" a b=dev:developer;; c=d=operations ;") == (
        GroupRole("a b", "dev", Role.DEVELOPER),
        GroupRole("c=d", "", Role.OPERATIONS),
    )


@pytest.mark.parametrize(
    "part", ["dev:developer", "=dev:developer", "a=dev:king", "a=developer", "a=dev:operations", "a", "a="]
)
def test_the_part_that_is_neither_is_named(part: str) -> None:
    with pytest.raises(ValueError, match=part) as caught:
        parse_group_roles(f"a=operations; {part} ;b=operations")
    assert str(caught.value) == part
