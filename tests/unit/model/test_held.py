"""What a held object waits for, and what others say of a finding, as it is told."""

from __future__ import annotations

import pytest

from jobferry.model.kinds import ObjectKind
from jobferry.model.messages import Language, phrase, starting, told, wording
from jobferry.model.messages.held import told_waiting
from jobferry.model.transfer.finding import Finding


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.ENGLISH, "job orders of the workspace sales"), (Language.CHINESE, "sales")],
)
def test_a_job_of_another_workspace_is_told_with_it(language: Language, said: str) -> None:
    waits = told_waiting(["connection dwh", "job orders @ sales"], language)
    assert "dwh" in waits and "orders" in waits
    assert said in waits
    assert " @ " not in waits


@pytest.mark.parametrize("language", Language)
def test_why_something_is_left_out_is_said_in_errors_as_in_findings(language: Language) -> None:
    args = {"kind": "script", "need": "clean", "cause": "connection-missing", "cause.need": "dwh"}
    assert told(wording("needed-left-out", args).message, language) == (
        phrase("needed-left-out", args, language).message
    )
    assert "dwh" in told(wording("needed-left-out", args).message, language)


def test_what_a_start_lacks_and_no_package_brings_is_to_be_added() -> None:
    gone = Finding.on((ObjectKind.JOB, "orders"), "queue-missing", need="etl")
    assert starting(gone).remedy == "add it to the inventory, or save the job without it"
