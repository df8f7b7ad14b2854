"""Every code has an example: its failing case gives the finding, its passing one does not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from findings import EXAMPLES
from findings.example import Case, Example, Here, job, node
from findings.families.package import copies
from findings.page import PAGE, generated
from findings.running import codes_of, findings_of
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.messages import Language, say
from jobferry.model.messages.english import ENGLISH
from jobferry.model.people import NoticeCode
from jobferry.model.transfer.policy import Duplicates

SOURCE = Path(__file__).parents[2] / "src" / "jobferry"
REFERENCES = SOURCE / "model" / "document" / "references.py"
CODES = ENGLISH.keys() - {code.value for code in NoticeCode}


def literals(path: Path) -> Iterator[str]:
    for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def referred() -> set[str]:
    """The kinds that some document can refer to."""
    tree = ast.parse(REFERENCES.read_text(encoding="utf-8"))
    found = {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
    return {kind.value for kind in NeedKind if kind.name in found}


def raised() -> set[str]:
    """The codes that the program can raise: written out, or made of a kind that documents refer to, or of
    why a place in a text was left alone."""
    named = {
        text
        for path in SOURCE.rglob("*.py")
        if path.parent.name != "messages" and path.name != "detection.py"
        for text in literals(path)
    }
    made = {f"{kind}-missing" for kind in referred()}
    made |= {code for code in CODES if code.startswith("text-") and code.removeprefix("text-") in named}
    return {code for code in CODES if code in named or code in made}


def given(tree: ast.Module) -> Iterator[str]:
    """Codes in the places where findings and problems are made."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            codes = [one.value for one in call.keywords if one.arg == "code" and name == "Finding"]
            codes += call.args[:1] if name == "Problem" else []
            codes += call.args[1:2] if name == "on" else []
            constants = (one.value for one in codes if isinstance(one, ast.Constant))
            yield from (value for value in constants if isinstance(value, str))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.code)
def test_the_failing_case_gives_the_finding(example: Example) -> None:
    found = [one for one in findings_of(example.fails) if one.code == example.code]
    assert found
    for language in Language:
        assert all(all(say(one, language)) for one in found)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.code)
def test_the_passing_case_gives_none_at_all(example: Example) -> None:
    assert codes_of(example.passes) == set()


def test_every_code_that_can_be_raised_has_one_example() -> None:
    codes = [example.code for example in EXAMPLES]
    assert len(codes) == len(set(codes))
    assert set(codes) == raised()


def test_every_code_has_words() -> None:
    made = {
        code for path in SOURCE.rglob("*.py") for code in given(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(made) > 10
    assert made <= CODES


def test_the_page_is_made_of_the_examples() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == generated(page), "make reference"


def test_a_doubled_name_names_every_file() -> None:
    (found,) = [one for one in findings_of(copies("1", "2", "1")) if one.code == "name-doubled"]
    files = [f"jobs/name-doubled-{number}/name-doubled.script" for number in range(3)]
    assert found.path == files[0]
    assert found.args == {"files": ", ".join(files)}
    for language in Language:
        assert all(file in say(found, language).message for file in files)


@pytest.mark.parametrize("sound", [True, False])
def test_what_a_job_that_stays_out_uses_here_stays_too(sound: bool) -> None:
    """The package would overwrite the one job that runs the script, which is gone at its source."""
    comes = {"name": "its-user", "nodes": [node("Dummy")]}
    used = node("Shell", scriptName="gone")
    case = Case(
        files=(job(comes if sound else comes | {"basicConfig": {"priority": 9}}),),
        here=(
            Here(ObjectKind.SCRIPT, {"name": "gone", "type": "Shell", "content": "echo"}),
            Here(ObjectKind.JOB, {"name": "its-user", "nodes": [used]}, {"uid": "uid-its-user"}),
        ),
        gone=("gone",),
        options={"apply_deletions": True, "duplicates": Duplicates.OVERWRITE},
    )
    assert ("deletion-needed" in codes_of(case)) is not sound
