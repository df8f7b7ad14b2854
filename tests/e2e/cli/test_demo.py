"""The demo runs to its end, says the same every time, and leaves what it is told to leave."""

import readme

from .conftest import Program


def test_the_demo_carries_a_workspace_over(jobferry: Program) -> None:
    first = jobferry.done("demo")
    assert "plan: 56 unchanged" in first.out
    assert "$ jobferry check warehouse.zip --data production" in first.out
    assert "refers to the connection dwh_test, which does not exist here" in first.out
    assert len(first.out.splitlines()) < 120
    assert first.err == ""
    for name, language in readme.READMES.items():
        printed = first if language == "en" else jobferry.done("demo", "--language", language)
        assert readme.shown(name) == readme.excerpt(printed.out), "run make readme"
    kept = jobferry.done("demo", "--keep", "kept", "--json").json
    assert [step["exit_code"] for step in kept["steps"]] == [0, 0, 0, 3, 0, 0]
    for step in kept["steps"]:
        assert step["output"] in first.out
    assert len(jobferry.done("job", "list", "--data", "kept/production", "--json").json) == 26
    again = jobferry("demo", "--keep", "kept")
    assert again.code == 5
