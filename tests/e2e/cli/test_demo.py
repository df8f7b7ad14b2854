"""The demo runs to its end, says the same every time, and leaves what it is told to leave."""

import re
import signal

import httpx
import pytest

import readme

from .conftest import Program

_ADDRESS = re.compile(r"(test|production): (http://\S+)$")


@pytest.mark.sqlite
def test_the_demo_carries_a_workspace_over(jobferry: Program) -> None:
    first = jobferry.done("demo")
    assert "plan: 56 unchanged" in first.out
    assert "$ jobferry check warehouse.zip --data production" in first.out
    assert "refers to the connection dwh_test, which does not exist here" in first.out
    assert len(first.out.splitlines()) < 120
    assert first.err == ""
    assert readme.shown("README.md") == readme.excerpt(first.out), "run make readme"
    kept = jobferry.done("demo", "--keep", "kept", "--json").json
    assert [step["exit_code"] for step in kept["steps"]] == [0, 0, 0, 3, 0, 0]
    for step in kept["steps"]:
        assert step["output"] in first.out
    assert len(jobferry.done("job", "list", "--data", "kept/production", "--json").json) == 26
    assert first.out.endswith("# To open both platforms in a browser:\njobferry demo --serve\n")
    again = jobferry("demo", "--keep", "kept")
    assert again.code == 5


def test_the_demo_touches_no_platform_that_the_environment_names(jobferry: Program) -> None:
    """As in a container, or with a unit's environment: there it must not land in the site's own database."""
    led = {
        "JOBFERRY_DATABASE": "postgresql://jobferry@127.0.0.1:1/site",
        "JOBFERRY_KEY": "77" * 32,
        "JOBFERRY_PACKAGES": "shared",
        "JOBFERRY_CONFIG": "absent.toml",
    }
    ended = jobferry.done("demo", environment=led)
    assert "plan: 56 unchanged" in ended.out
    assert not (jobferry.folder / "shared").exists()


def test_the_demo_serves_both_platforms_on_hosts_of_their_own(jobferry: Program) -> None:
    with jobferry.start_alone("demo", "--serve", "--language", "zh") as demo:
        assert demo.stdout is not None
        printed = ""
        told: dict[str, str] = {}
        while len(told) < 2:
            line = demo.stdout.readline()
            printed += line
            if match := _ADDRESS.match(line):
                told[match[1]] = match[2]
        assert readme.shown("README.zh-CN.md") == readme.excerpt(printed), "run make readme"
        assert [url.rpartition(":")[0] for url in told.values()] == ["http://127.0.0.1", "http://localhost"]
        for url in told.values():
            assert httpx.get(f"{url}/healthz", trust_env=False).json() == {"status": "ok"}
        demo.send_signal(signal.SIGTERM)
        demo.communicate()
    assert demo.returncode == 0
    for url in told.values():
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/healthz", trust_env=False)
