"""Cases that share a test are all tried, and the failing ones are named."""

from __future__ import annotations

import pytest

from cases import every_case


def test_every_case_is_tried_and_the_failing_ones_are_named() -> None:
    tried = []
    with pytest.raises(ExceptionGroup) as caught, every_case() as case:
        for number in range(4):
            with case("number", number):
                tried.append(number)
                assert number % 2 == 0, f"{number} is odd"
    assert tried == [0, 1, 2, 3]
    assert caught.value.message == "2 of 4 cases failed:\nnumber 1\nnumber 3\n"
    assert "1 is odd" in str(caught.value.exceptions[0])
    assert caught.value.exceptions[1].__notes__ == ["in the case number 3"]


def test_no_case_at_all_is_a_failure() -> None:
    with pytest.raises(AssertionError, match="no case was tried"), every_case():
        pass


def test_what_fails_between_the_cases_is_raised_as_it_is() -> None:
    with pytest.raises(ValueError, match="between"), every_case():
        raise ValueError("between")
