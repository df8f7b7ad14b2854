"""Limits of environment variables, tried just inside and just outside."""

from __future__ import annotations

import pytest

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.services.variables import GivenVariable

LONGEST_VALUE, LONGEST_DESCRIPTION = 65_536, 255


@pytest.mark.parametrize(
    ("name", "value", "description", "code"),
    [
        ("v" * 64, "", "", None),
        ("v" * 65, "", "", ErrorCode.INVALID_NAME),
        ("", "", "", ErrorCode.INVALID_NAME),
        ("v", "x" * LONGEST_VALUE, "", None),
        ("v", "x" * (LONGEST_VALUE + 1), "", ErrorCode.INVALID_VALUE),
        ("v", "a\x00b", "", ErrorCode.INVALID_VALUE),
        ("v", "", "x" * LONGEST_DESCRIPTION, None),
        ("v", "", "x" * (LONGEST_DESCRIPTION + 1), ErrorCode.INVALID_VALUE),
        ("v", "", "a\x00b", ErrorCode.INVALID_VALUE),
        ("v", None, "", None),
    ],
)
def test_a_variable_is_taken_up_to_its_limits(
    name: str, value: str | None, description: str, code: ErrorCode | None
) -> None:
    given = GivenVariable(name=name, value=value, description=description)
    if code is None:
        assert given.checked() == given
        return
    with pytest.raises(InvalidRequest) as refused:
        given.checked()
    assert refused.value.code is code
