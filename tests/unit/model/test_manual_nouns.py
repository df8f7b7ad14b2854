"""Findings and remedies in a console of a workspace that goes by EasyData's manual."""

from __future__ import annotations

from string import Formatter

from cases import every_case
from jobferry.model.messages import Language
from jobferry.model.messages.chinese import CHINESE
from jobferry.model.messages.easydata import in_manual_nouns
from jobferry.model.messages.english import ENGLISH
from jobferry.model.messages.reader import Reader
from jobferry.sentences import sentence

HERE = Reader(is_console=True).inside("easydata")
THERE = HERE._replace(language=Language.CHINESE)


def test_jobs_are_tasks_and_workspaces_projects() -> None:
    assert in_manual_nouns("Jobs of this workspace need a job") == "Tasks of this project need a task"
    assert in_manual_nouns("该工作空间的作业") == "该项目的任务"


def test_commands_places_and_the_service_s_own_words_stay() -> None:
    kept = "`jobferry job list -w workspace` {job} {count:job} CDM 作业 max_jobs Jobferry jobs/{need}.job"
    assert in_manual_nouns(kept) == kept


def test_no_place_of_any_finding_is_lost() -> None:
    with every_case() as case:
        for catalogue in (ENGLISH, CHINESE):
            for code, said in catalogue.items():
                with case(code):
                    for text in said:
                        assert _places(in_manual_nouns(text)) == _places(text)


def test_a_finding_and_its_cause_are_told_so_and_names_stay() -> None:
    args = {"cause": "upstream-job-missing", "cause.need": "the job"}
    assert HERE.phrase("needed-left-out", args).message == (
        "needs an object that is left out of this import: it waits for the task the job, "
        "which is neither here nor in the package"
    )
    assert "任务 the job" in THERE.phrase("needed-left-out", args).message


def test_a_page_has_the_name_that_the_navigation_has() -> None:
    hint = sentence("see `jobferry job list` of {name}", name="the job")
    assert HERE.told(hint) == "see “Task development” of the job"
    assert "“任务/脚本变更管理”" in THERE.told("`jobferry change list`")


def test_a_shell_and_other_profiles_keep_their_words() -> None:
    hint = "stop the job"
    assert HERE.told(hint) == "stop the task"
    assert Reader(is_console=True).inside("factory").told(hint) == hint
    assert Reader(is_console=False).inside("easydata").told(hint) == hint


def _places(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name is not None]
