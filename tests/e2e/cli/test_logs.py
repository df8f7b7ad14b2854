"""What the log keeps: each step when asked for, and never what documents or secrets say."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from tables import ON_POSTGRES

from .conftest import JOB, SCRIPT, Program, text, zipped

MARKER = "marker-9f2c71"


def test_at_debug_every_step_is_told_and_no_document_or_secret(jobferry: Program) -> None:
    marked = SCRIPT | {"content": f"SELECT '{MARKER}'"}
    package = jobferry.folder / "p.zip"
    package.write_bytes(zipped({"jobs/orders.job": text(JOB), "scripts/clean.script": text(marked)}))
    jobferry.environment["JOBFERRY_LOG_LEVEL"] = "debug"
    process = jobferry.start("serve", "--port", "0", "--data", "here")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://")
    secret = ("--set", "clusterName=d", "--set", f"password={MARKER}")
    jobferry.done("connection", "create", "dwh", "--type", "DWS", *secret, "--data", "here")
    jobferry.done("import", "p.zip", "--data", "here")
    jobferry.done("export", "--all", "-o", "out.zip", "--data", "here")
    process.terminate()
    _, said = process.communicate()
    lines = [line for line in said.splitlines() if line.startswith("{")]
    assert "credentials: " in said
    events = [json.loads(line)["event"] for line in lines]
    wanted = ["platform-started", "package-received", "import-slot-taken", "import-task-written"]
    wanted += ["import-planned", "texts-staged", "import-transaction-open", "import-step"]
    wanted += ["import-receipt-written", "import-committing", "import-committed"]
    wanted += ["import-package-discarded", "task-ended", "export-selected", "export-page-read"]
    assert [event for event in wanted if event not in events] == []
    credentials = json.loads((jobferry.folder / "here" / "credentials.json").read_text())
    for secret_text in (MARKER, *(credentials[name] for name in ("token", "secret_key"))):
        assert secret_text not in said


def test_a_command_tells_its_file_what_is_asked_and_the_terminal_nothing(jobferry: Program) -> None:
    log: Path = jobferry.folder / "home" / ".local" / "state" / "jobferry" / "errors.log"
    quiet = jobferry.done("job", "list", "--data", "here")
    assert not log.exists()
    loud = jobferry.done("job", "list", "--data", "here", environment={"JOBFERRY_LOG_LEVEL": "debug"})
    assert (loud.out, loud.err) == (quiet.out, quiet.err)
    assert "platform-started" in log.read_text()


def test_a_level_that_there_is_not_is_named(jobferry: Program) -> None:
    ended = jobferry("job", "list", "--data", "here", environment={"JOBFERRY_LOG_LEVEL": "loud"})
    assert ended.code == 2
    assert "JOBFERRY_LOG_LEVEL" in ended.err


def test_a_log_that_cannot_be_written_fails_no_command(jobferry: Program) -> None:
    (jobferry.folder / "file").write_text("")
    nowhere = str(jobferry.folder / "file" / "below")
    jobferry.environment |= {"JOBFERRY_LOG_LEVEL": "debug", "XDG_STATE_HOME": nowhere}
    listed = jobferry.done("job", "list", "--data", "here", "--json")
    assert (listed.json, listed.err) == ([], "")


def test_at_info_starts_stops_imports_and_refused_sign_ins_are_told_and_no_poll(
    jobferry: Program, package: Path
) -> None:
    process = jobferry.start("serve", "--port", "0", "--data", "here")
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    jobferry.done("connection", "create", "dwh", "--type", "DWS", "--set", "clusterName=d", "--data", "here")
    jobferry.done("import", package, "--data", "here")
    for _ in range(3):
        assert httpx.get(f"{url}/readyz", headers={"X-Request-Id": "poll"}).status_code == 200
    given = {"name": "administrator", "password": "wrong"}
    refused = httpx.post(f"{url}/api/session", json=given, headers={"X-Request-Id": "sign-in-1"})
    assert (refused.status_code, refused.headers["X-Request-Id"]) == (401, "sign-in-1")
    process.terminate()
    _, said = process.communicate()
    first, *_ = said.splitlines()
    assert first.startswith("Jobferry ") and "serves the platform" in first
    told = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    events = {one["event"]: one for one in told}
    started = events["serve-started"]
    database = "PostgreSQL" if ON_POSTGRES else "SQLite"
    assert (started["address"], started["database"].split()[0]) == (url, database)
    assert started["version"]
    assert told[-1]["event"] == "serve-stopped"
    assert (events["task-ended"]["kind"], events["task-ended"]["succeeded"]) == ("import", True)
    assert [one["event"] for one in told if one.get("request_id") == "sign-in-1"] == [
        "sign-in-refused",
        "request",
    ]
    assert [one for one in told if one.get("request_id") == "poll"] == []
