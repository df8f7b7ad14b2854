"""One package with every violation that can stand beside the others: one check tells them all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from findings import EXAMPLES
from findings.example import Example
from findings.running import codes_of, findings_of, merged
from jobferry.model.transfer.finding import Finding
from jobferry.model.words import Language, say

TOGETHER = [example for example in EXAMPLES if not example.alone]
ANSWERED = {example.code for example in TOGETHER if example.answer}


@pytest.fixture(scope="module")
def everything() -> list[Finding]:
    return findings_of(merged([example.fails for example in TOGETHER]))


def test_one_check_tells_every_violation(everything: list[Finding]) -> None:
    assert {example.code for example in TOGETHER} <= {one.code for one in everything}
    assert len(TOGETHER) >= 70


def unnamed(one: Finding) -> bool:
    """The resource without a name is told by its place in the package only."""
    return one.kind == "resource" and one.code in ("name-missing", "not-allowed-create")


def test_each_has_a_code_a_subject_a_path_and_a_remedy(everything: list[Finding]) -> None:
    for one in everything:
        assert one.kind == "package" or one.name or unnamed(one)
        for language in Language:
            message, remedy = say(one, language)
            assert message
            assert remedy
    placed = {one.code for one in everything if one.path}
    assert {"field-range", "doubled-key", "connection-missing", "name-illegal"} <= placed


def test_a_mapping_leaves_only_what_none_can_answer(everything: list[Finding]) -> None:
    whole = merged([example.fails for example in TOGETHER])
    answers = merged([replace(example.fails, mapping=example.answer) for example in TOGETHER])
    left = codes_of(replace(whole, mapping=answers.mapping))
    assert {one.code for one in everything} >= ANSWERED
    assert left & ANSWERED == set()


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.answer], ids=lambda one: one.code)
def test_a_mapping_answers_what_it_is_said_to_answer(example: Example) -> None:
    assert example.code not in codes_of(replace(example.fails, mapping=example.answer))
