"""One package with every violation that can stand beside the others: one check tells them all."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import asdict

from findings import EXAMPLES
from findings.example import Case, Example
from findings.running import codes_of, findings_of, merged, prospect_of
from jobferry.api.native.checks import NeedMetAnswer
from jobferry.cli.call import Call
from jobferry.cli.commands.imports import save_suggestion
from jobferry.cli.options import mapping_file
from jobferry.model.kinds import NeedKind
from jobferry.model.messages import Language, say
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.import_context import ImportContext
from jobferry.model.transfer.mapping import mapping_of
from jobferry.model.transfer.preview import Presence
from jobferry.services.importing.preview import needs_met

TOGETHER = [example for example in EXAMPLES if not example.alone]
ANSWERED = {example.code for example in TOGETHER if example.answer}
UNSUGGESTED = {"time-zone-differs", "zone-unknown", "connection-type-differs"}
"""A mapping can answer them, and none is suggested: jobs would run at other times, and nothing is missing."""
SUGGESTED = ANSWERED - UNSUGGESTED


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
    answers = merged([replace(one.fails, mapping=one.answer or one.fails.mapping) for one in TOGETHER])
    left = codes_of(replace(whole, mapping=answers.mapping))
    assert {one.code for one in everything} >= ANSWERED
    assert left & ANSWERED == set()


_UNCOMMENTED = re.compile(r'^# ?(?=  "[^"]*": "|[a-z-]+:$)')


def suggested(case: Case, file: Path) -> dict[str, dict[str, str]]:
    """The mapping that ``--suggest-mapping`` writes for a check of a case, once every comment that names a
    candidate is made a line."""
    seen = prospect_of(case)
    needs = needs_met(seen.context, partial(names_in, seen.context))
    missing = [NeedMetAnswer(**asdict(need)) for need in needs if need.presence is Presence.MISSING]
    save_suggestion(Call(), file, missing)
    kept = [_UNCOMMENTED.sub("", line) for line in file.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in kept if not line.startswith("#")]
    with_pairs = [
        line
        for line, after in zip(lines, [*lines[1:], ""], strict=False)
        if line.startswith(" ") or after.startswith(" ")
    ]
    file.write_text("\n".join(with_pairs), encoding="utf-8")
    return mapping_file(file)


def names_in(context: ImportContext, kind: NeedKind) -> list[str]:
    """Names of what is here or comes along, as the platform looks for them."""
    view, of_kind = context.target_state, {kind.value}
    coming = {one.name for one in context.items if one.kind in of_kind}
    here = {name for other, name in view.objects if other in of_kind} | coming
    surroundings = {
        NeedKind.CONNECTION: frozenset(view.connections),
        NeedKind.WORKSPACE: frozenset(view.elsewhere),
    }
    return sorted(here | surroundings.get(kind, view.inventory.get(kind, frozenset())))


def test_the_suggested_mapping_leaves_only_what_none_can_answer(
    everything: list[Finding], tmp_path: Path
) -> None:
    whole = merged([example.fails for example in TOGETHER])
    suggestion = suggested(whole, tmp_path / "mapping.yaml")
    both = dict(mapping_of(suggestion).over(mapping_of(whole.mapping)).sections())
    left = codes_of(replace(whole, mapping=both))
    assert {one.code for one in everything} >= SUGGESTED
    assert left & SUGGESTED == set()


@pytest.mark.parametrize(
    "example",
    [one for one in EXAMPLES if one.answer and one.code not in UNSUGGESTED],
    ids=lambda one: one.code,
)
def test_the_suggestion_answers_every_example_that_a_mapping_can_answer(
    example: Example, tmp_path: Path
) -> None:
    suggestion = suggested(example.fails, tmp_path / "mapping.yaml")
    assert example.code not in codes_of(replace(example.fails, mapping=suggestion))


@pytest.mark.parametrize(
    "example",
    [one for one in EXAMPLES if not one.answer or one.code in UNSUGGESTED],
    ids=lambda one: one.code,
)
def test_what_no_mapping_answers_is_not_answered_by_the_suggestion(example: Example, tmp_path: Path) -> None:
    if example.fails.files:
        suggestion = suggested(example.fails, tmp_path / "mapping.yaml")
        both = dict(mapping_of(suggestion).over(mapping_of(example.fails.mapping)).sections())
        assert example.code in codes_of(replace(example.fails, mapping=both))


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.answer], ids=lambda one: one.code)
def test_a_mapping_answers_what_it_is_said_to_answer(example: Example) -> None:
    assert example.code not in codes_of(replace(example.fails, mapping=example.answer))
