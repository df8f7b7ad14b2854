"""Jobs, and what a workspace has besides them, by the commands that keep them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import JOB, PROGRAM, Program, text

PLAIN = JOB | {"nodes": [JOB["nodes"][0] | {"properties": []}]}


def test_a_job_from_its_first_to_its_last_day(jobferry: Program, serve: Callable[..., str]) -> None:
    serve("here")
    where = ("--data", "here")
    document = text(PLAIN)
    (jobferry.folder / "orders.job").write_bytes(document)
    assert jobferry.done("job", "create", "orders.job", *where).out == "orders: v1\n"
    assert jobferry("job", "create", "orders.job", *where).code == 5
    assert jobferry.done("job", "show", "orders", "--document", *where).out.encode() == document
    changed = text(PLAIN | {"description": "changed"})
    assert (
        jobferry.done("job", "edit", "orders", "-", *where, send=changed, environment={}).out
        == "orders: v2\n"
    )
    assert (
        jobferry.done("job", "show", "orders", "--document", "--version", "1", *where).out.encode()
        == document
    )
    jobferry.done("job", "edit", "orders", "-", "--draft", *where, send=document)
    assert (
        jobferry.done("job", "show", "orders", "--document", "--version", "live", *where).out.encode()
        == changed
    )
    started = jobferry.done("job", "start", "orders", *where)
    assert started.out == "orders: started\n"
    assert started.err == "no engine is attached to this platform: the state is kept, nothing runs\n"
    again = jobferry.done("job", "start", "orders", "--json", *where).json
    assert again == {"name": "orders", "done": "started", "state": "SCHEDULING", "engine": "none"}
    assert "SCHEDULING" in jobferry.done("job", "list", *where).out
    assert jobferry("job", "delete", "orders", *where).code == 5
    assert jobferry.done("job", "stop", "orders", *where).err == ""
    jobferry.done("job", "delete", "orders", *where)
    empty = jobferry.done("job", "list", *where)
    assert (empty.out, empty.err) == ("", "nothing here\n")


def test_a_job_that_somebody_saved_in_the_meantime_is_not_overwritten(
    jobferry: Program, serve: Callable[..., str]
) -> None:
    serve("here")
    where = ("--data", "here")
    jobferry.done("job", "create", "-", *where, send=text(PLAIN))
    read = jobferry.done("job", "show", "orders", "--etag", *where)
    assert read.out.encode() == text(PLAIN)
    etag = read.err.removeprefix("etag: ").strip()
    mine, theirs = (text(PLAIN | {"description": who}) for who in ("mine", "theirs"))
    save = ("job", "edit", "orders", "-", "--if-match", etag, *where)
    assert jobferry.done(*save, send=theirs).out == "orders: v2\n"
    refused = jobferry(*save, send=mine)
    assert (refused.code, refused.out) == (5, "")
    assert "the job orders was changed by administrator at 2" in refused.err
    assert "read the newest draft" in refused.err
    assert "without If-Match" in refused.err
    assert jobferry.done("job", "show", "orders", "--document", *where).out.encode() == theirs
    assert jobferry.done("job", "edit", "orders", "-", *where, send=mine).out == "orders: v3\n"
    wrong = jobferry("job", "edit", "orders", "-", "--if-match", "yesterday", *where, send=mine)
    assert wrong.code == 2
    assert "job show orders --etag" in wrong.err


def test_names_with_odd_letters_are_found(jobferry: Program, serve: Callable[..., str]) -> None:
    serve("here")
    for name in ("经营日报", "a.b", "...", "x-1"):
        created = jobferry("job", "create", "-", "--data", "here", send=text(PLAIN | {"name": name}))
        if created.code == 0:
            shown = jobferry.done("job", "show", name, "--document", "--data", "here").out
            assert json.loads(shown)["name"] == name


def test_connections_are_kept_without_their_secrets(jobferry: Program) -> None:
    where = ("--data", "here")
    password = "open-sesame"
    ended = jobferry.done(
        *("connection", "create", "dwh", "--type", "DWS", "--set", "clusterName=d"),
        *("--set", f"password={password}", *where),
    )
    assert ended.out == "dwh\n"
    document = {"name": "host", "type": "HOST", "config": {"ip": "10.0.0.1", "port": "22"}}
    (jobferry.folder / "host.json").write_bytes(text(document))
    assert jobferry("connection", "create", "other", "--from-file", "host.json", *where).code == 2
    jobferry.done("connection", "create", "host", "--from-file", "host.json", *where)
    listed = jobferry.done("connection", "list", *where, "--json")
    assert [one["name"] for one in listed.json] == ["dwh", "host"]
    assert password not in listed.out
    jobferry.done("connection", "delete", "host", *where)
    assert jobferry.done("connection", "list", *where).out.splitlines()[1].split() == ["dwh", "DWS"]


def test_the_inventory_says_what_exists_here(jobferry: Program) -> None:
    where = ("--data", "here")
    added = jobferry.done("inventory", "add", "queue", "etl", "adhoc", *where, "--json").json
    assert added["added"] == 2
    assert jobferry.done("inventory", "list", *where).out.splitlines()[1:] == ["queue  adhoc", "queue  etl"]
    jobferry.done("inventory", "remove", "queue", "etl", *where)
    assert [one["name"] for one in jobferry.done("inventory", "list", *where, "--json").json] == ["adhoc"]


def test_variables_and_constants(jobferry: Program) -> None:
    where = ("--data", "here")
    jobferry.done("variable", "set", "lake", "obs://lake/a=b", *where)
    jobferry.done("variable", "set", "vat", "0.13", "--constant", "--description", "as by law", *where)
    listed = jobferry.done("variable", "list", *where, "--json").json
    assert [(one["name"], one["type"], one["value"]) for one in listed] == [
        ("lake", "variable", "obs://lake/a=b"),
        ("vat", "constant", "0.13"),
    ]
    jobferry.done("variable", "delete", "vat", *where)
    assert "vat" not in jobferry.done("variable", "list", *where).out


def test_workspaces_have_settings_and_keep_apart(jobferry: Program, serve: Callable[..., str]) -> None:
    serve("here")
    where = ("--data", "here")
    jobferry.done("workspace", "create", "sales", "--description", "the shop", *where)
    assert (
        "  duplicates=overwrite"
        in jobferry.done("setting", "set", "duplicates=overwrite", "-w", "sales", *where).out
    )
    assert "  duplicates=overwrite" not in jobferry.done("workspace", "show", *where).out
    jobferry.done("job", "create", "-", "-w", "sales", *where, send=text(PLAIN))
    assert jobferry.done("job", "list", *where, "--json").json == []
    listed = jobferry.done("workspace", "list", *where).out
    assert "sales" in listed
    assert "the shop" in listed


@pytest.mark.sqlite
def test_a_second_import_is_refused_while_one_runs(
    jobferry: Program, serve: Callable[..., str], package: Path
) -> None:
    """The slot is taken by hand, as a running import takes it: the real race lasts milliseconds here."""
    import sqlite3
    from contextlib import closing

    serve("here")
    jobferry.done("connection", "create", "dwh", "--type", "DWS", "--set", "clusterName=d", "--data", "here")
    workspace = jobferry.done("workspace", "show", "--data", "here", "--json").json["id"]
    with closing(sqlite3.connect(jobferry.folder / "here" / "platform.db")) as opened, opened:
        opened.execute(
            "INSERT INTO import_slots (workspace_id, task_id, holder, since, fence) VALUES (?, ?, ?, 1, 1)",
            (workspace, "other", "maria"),
        )
    ended = jobferry("import", package, "--data", "here")
    assert ended.code == 5
    assert "maria" in ended.err
    assert jobferry.done("job", "list", "--data", "here", "--json").json == []


def test_a_reader_that_goes_away_is_no_error(jobferry: Program) -> None:
    ended = subprocess.run(
        ["bash", "-c", f"{' '.join(PROGRAM)} workspace show --data here | true; exit ${{PIPESTATUS[0]}}"],
        env=jobferry.environment,
        cwd=jobferry.folder,
        capture_output=True,
        check=False,
    )
    assert ended.returncode in (0, 141)
    assert ended.stderr == b""


def test_settings_of_the_platform_are_shown_and_set(jobferry: Program) -> None:
    changed = jobferry("setting", "set", "--platform", "task_days=3", "--data", "here", "--json")
    held = {one["key"]: one for one in json.loads(changed.out)}
    assert (held["task_days"]["value"], held["task_days"]["source"]) == ("3", "stored")
    shown = jobferry("setting", "list", "--platform", "--data", "here")
    assert shown.code == 0
    assert "task_days" in shown.out
    unfit = jobferry("setting", "set", "--platform", "ratio=none", "--data", "here")
    assert (unfit.code, "use a whole number" in unfit.err) == (2, True)
    listed = jobferry("setting", "list", "--data", "here")
    assert "job_dependency_rule" in listed.out
