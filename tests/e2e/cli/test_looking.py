"""Lists that are asked for by every word they know, and what people and their credentials can be told."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from builders import job, node, script

from .conftest import Program
from .lines import Lines, written

GOOD = "correct horse battery"


def names(rows: list[dict[str, Any]], key: str = "name") -> list[Any]:
    return [one[key] for one in rows]


@pytest.fixture
def made(run: Lines) -> Lines:
    """A workspace whose changes are recorded, in which lin made a job and a script."""
    run("setting set change_management=true")
    written(run.folder, "orders.job", job("orders", node("n", "Dummy"), directory="/dw"))
    run("job create orders.job", who="lin")
    sent = run.door.http.post(
        f"/api/workspaces/{run.workspace}/objects/script",
        json=script("clean"),
        headers={"X-Auth-Token": run.token("lin")},
    )
    assert sent.status_code == 201, sent.text
    return run


def test_changes_are_told_by_kind_change_user_time_and_text(made: Lines) -> None:
    run = made
    written(run.folder, "orders.job", job("orders", node("n", "Dummy"), directory="/dw", description="new"))
    run("job edit orders orders.job --lock", who="lin")
    run("lock release orders", who="lin")
    run("lock take orders", who="zhao")
    run("job delete orders", who="zhao")
    assert names(run.json("change list --kind script")) == ["clean"]
    assert set(names(run.json("change list --kind job"))) == {"orders"}
    assert names(run.json("change list --change deleted"), "changed_by") == [run.people["zhao"]]
    assert names(run.json(f"change list --user {run.people['zhao']}"), "change") == ["deleted"]
    assert set(names(run.json("change list --search /dw"))) == {"orders"}
    assert len(run.json("change list --limit 2")) == 2
    tomorrow = (datetime.now().astimezone() + timedelta(days=1)).strftime("%Y-%m-%d")
    assert run.json(f"change list --since {tomorrow}") == []
    assert run.json(f"change list --until {tomorrow}") == run.json("change list")


def test_the_audit_is_told_by_who_what_about_and_how_it_ended(made: Lines) -> None:
    run = made
    lin = run.people["lin"]
    run("tag lock red", who="lin", code=8)
    assert set(names(run.json(f"audit list --actor {lin}"), "actor")) == {lin}
    assert names(run.json("audit list --kind script"), "subject") == ["clean", "clean"]
    (refused,) = run.json("audit list --outcome refused")
    assert (refused["actor"], refused["action"]) == (lin, "tag-lock")
    assert set(names(run.json("audit list --text CLEAN"), "subject")) == {"clean"}
    assert names(run.json("audit list"), "number") == names(run.json("audit list"), "number")
    assert len(run.json("audit list --limit 1")) == 1


def test_records_of_exports_are_told_by_kind_and_by_who_made_them(made: Lines) -> None:
    run = made
    lin = run.people["lin"]
    run("export orders --output a.zip", who="lin")
    run("export --full --output b.zip")
    kinds = {one["operator"]: one["kind"] for one in run.json("download list")}
    assert names(run.json(f"download list --operator {lin}"), "operator") == [lin]
    other = next(name for name in kinds if name != lin)
    assert kinds[other] != kinds[lin]
    assert names(run.json(f"download list --kind {kinds[other]}"), "operator") == [other]
    assert run.json(f"download list --operator {run.people['wu']}") == []


def test_an_inventory_file_is_taken_whole_or_not_at_all(run: Lines) -> None:
    written(run.folder, "things.yaml", "queue: [etl, adhoc]\ngraph: {streets: '17'}\n")
    assert run.json("inventory load things.yaml")["added"] == 3
    found = {one["name"]: one["local_id"] for one in run.json("inventory list")}
    assert found == {"adhoc": "", "etl": "", "streets": "17"}
    written(run.folder, "things.csv", "kind,name,local_id\nqueue,late,\nmoon,dark,\n")
    refused = run("inventory load things.csv", code=2)
    assert "moon" in refused.err
    assert "late" not in names(run.json("inventory list"))


def test_a_batch_takes_its_files_along_or_not(made: Lines) -> None:
    run = made
    store = run.door.folder / "objects" / run.workspace
    store.mkdir(parents=True)
    (store / "a.jar").write_bytes(b"marker-jar")
    objects = f"/api/workspaces/{run.workspace}/objects"
    jar = {"name": "jar", "type": "jar", "location": f"obs://{run.workspace}/a.jar"}
    assert run.door.http.post(f"{objects}/resource", json=jar).status_code == 201
    spark = job("spark", node("n", "MRSSpark", resourcePath="jar", jarPath=jar["location"]))
    assert run.door.http.post(f"{objects}/job", json=spark).status_code == 201
    run("setting set --platform batch_exports=true")
    written(run.folder, "names.txt", "spark\n")
    run("batch-package create --names names.txt --with-files")
    run("batch-package get --output with.zip")
    run("batch-package create --names names.txt --no-files")
    run("batch-package get --output without.zip")
    sizes = [(run.folder / name).read_bytes().count(b"files/") for name in ("with.zip", "without.zip")]
    assert sizes[0] > 0
    assert sizes[1] == 0


def test_a_workspace_is_compared_as_it_is_drafted_or_as_it_was_submitted(made: Lines) -> None:
    run = made
    run("export orders --output one.zip")
    written(run.folder, "orders.job", job("orders", node("n", "Dummy"), directory="/dw", description="new"))
    run("job edit orders orders.job --lock --draft", who="lin")
    assert run("diff one.zip --state submitted").code == 0
    changed = run.json("diff one.zip --state draft", code=10)["objects"]
    assert names(changed) == ["orders"]


def test_what_a_workspace_has_is_shown_by_its_name(run: Lines) -> None:
    shown = run.json(f"workspace show {run.workspace}")
    assert (shown["name"], shown["settings"]["time_zone"]) == (run.workspace, "UTC")
    assert shown == run.json("workspace show")
    assert run.json("setting list --platform") == run.json("setting list --platform")


def test_a_user_is_let_in_again_given_the_platform_and_asked_to_leave(run: Lines) -> None:
    lin = run.people["lin"]
    run("user me", who="lin")
    run(f"user disable {lin}")
    assert {one["name"]: one["disabled"] for one in run.json("user list")}[lin] is True
    run("user me", who="lin", code=8)
    run(f"user enable {lin}")
    run("user me", who="lin")
    run("user list", who="lin", code=8)
    run(f"user edit {lin} --operations")
    assert lin in names(run.json("user list", who="lin"))
    run(f"user edit {lin} --no-operations")
    run("user list", who="lin", code=8)
    run(f"user password {lin} --stdin", send=f"{GOOD}\n")
    begun = run.door.http.post("/api/session", json={"name": lin, "password": GOOD})
    assert begun.status_code == 201
    assert run("user sign-out", who="lin").out == "1 sessions ended\n"
    cookie = begun.headers["Set-Cookie"].partition(";")[0]
    left = run.door.http.get("/api/me", headers={"Cookie": cookie, "X-Auth-Token": ""})
    assert left.status_code == 401
    chief = f"chief-{run.workspace}"
    run(f"user create {chief} --operations")
    assert {one["name"]: one["operations"] for one in run.json("user list")}[chief] is True


def test_tokens_are_good_for_looking_only_or_in_some_workspaces(made: Lines) -> None:
    run = made
    lin = run.people["lin"]
    looking = run.json(f"token create looking --read-only --user {lin}")["token"]
    run(f"member add {lin} viewer --workspace default")
    elsewhere = run.json(f"token create elsewhere --only default --user {lin}")["token"]
    place = f"/api/workspaces/{run.workspace}"
    asked = {"X-Auth-Token": looking}
    assert run.door.http.get(f"{place}/objects/job", headers=asked).status_code == 200
    assert run.door.http.put(f"{place}/tags/red", headers=asked).status_code == 403
    assert run.door.http.get(f"{place}/objects/job", headers={"X-Auth-Token": elsewhere}).status_code == 404
    run(f"token delete looking --user {lin}")
    assert run.door.http.get(f"{place}/objects/job", headers=asked).status_code == 401
    assert "looking" not in names(run.json(f"token list --user {lin}"))


def test_keys_of_somebody_are_made_rotated_disabled_and_removed(run: Lines) -> None:
    lin = run.people["lin"]
    first = run.json(f"key create --user {lin}")["access_key"]
    second = run.json(f"key rotate {first} --user {lin}")["access_key"]
    assert set(names(run.json(f"key list --user {lin}"), "access_key")) == {first, second}
    run(f"key disable {first} --user {lin}")
    shown = {one["access_key"]: one["disabled"] for one in run.json(f"key list --user {lin}")}
    assert shown == {first: True, second: False}
    run(f"key delete {first} --user {lin}")
    assert names(run.json(f"key list --user {lin}"), "access_key") == [second]


def test_a_policy_holds_for_a_role(made: Lines) -> None:
    run = made
    run("policy set kept --directory /kept --role developer")
    assert run.json("policy list")[0]["roles"] == ["developer"]
    written(run.folder, "out.job", job("out", node("n", "Dummy"), directory="/dw"))
    assert run("job create out.job", who="lin", code=8).err
    run("job create out.job", who="zhao")
    assert set(names(run.json("member list"), "user")) >= set(run.people.values())


def test_notices_are_listed_alone_too(made: Lines) -> None:
    run = made
    run("export orders --output a.zip")
    run("import a.zip --duplicates overwrite --outcome job", who="lin")
    assert names(run.json("notice list", who="lin"), "code") == ["import-finished"]


def test_a_connection_that_is_here_keeps_all_out_where_duplicates_fail(run: Lines) -> None:
    for name in ("dwh", "lake"):
        run(f"connection create {name} --type DWS --set clusterName=former")
    run("connection export --output both.zip")
    for name in ("dwh", "lake"):
        run(f"connection delete {name}")
    run("connection create dwh --type DWS --set clusterName=newer")
    said = run("connection import both.zip --duplicates fail", code=3).out
    assert said.endswith("nothing was changed: one that fails keeps all out\n")
    assert [one["name"] for one in run.json("connection list")] == ["dwh"]


def test_connections_and_variables_come_in_over_what_is_here_if_that_is_said(run: Lines) -> None:
    run("connection create dwh --type DWS --set clusterName=former")
    run("variable set zone east --constant")
    digests = {
        what: run.json(f"{what} export --output {what}.zip")["digest"] for what in ("connection", "variable")
    }
    run("connection delete dwh")
    run("connection create dwh --type DWS --set clusterName=newer")
    run("variable set zone west --constant")
    told = run.json(
        f"variable import variable.zip --duplicates overwrite --expect-digest {digests['variable']} --dry-run"
    )
    assert (told["applied"], names(told["items"], "outcome")) == (False, ["overwritten"])
    run("variable import variable.zip --expect-digest 0", code=7)
    run("variable import variable.zip --duplicates skip")
    assert names(run.json("variable list"), "value") == ["west"]
    run(f"variable import variable.zip --duplicates overwrite --expect-digest {digests['variable']}")
    assert names(run.json("variable list"), "value") == ["east"]
    run("connection import connection.zip --expect-digest 0", code=7)
    run(f"connection import connection.zip --duplicates overwrite --expect-digest {digests['connection']}")
    (document,) = names(run.json("connection list"), "document")
    assert document["config"]["clusterName"] == "former"


def answered(started: Callable[[int], subprocess.Popen[str]], answers: Mapping[str, bytes]) -> str:
    """What a call prints that is started at this terminal, where each question gets its answer."""
    ours, theirs = pty.openpty()
    process = started(theirs)
    assert process.stderr is not None
    for question, answer in answers.items():
        asked = ""
        while not asked.endswith(question):
            letter = process.stderr.read(1)
            assert letter, asked
            asked += letter
        os.write(ours, answer + b"\n")
    out, err = process.communicate()
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0, err
    return out


def test_a_new_users_password_is_typed_twice_and_then_signs_them_in(
    jobferry: Program, serve: Callable[..., str]
) -> None:
    questions = dict.fromkeys(("password (empty for none): ", "Repeat for confirmation: "), GOOD.encode())
    started = lambda terminal: jobferry.start_alone(  # noqa: E731
        "user", "create", "anne", "--data", "here", stdin=terminal
    )
    assert "anne" in answered(started, questions)
    session = httpx.post(f"{serve('here')}/api/session", json={"name": "anne", "password": GOOD})
    assert session.status_code == 201, session.text


def test_passwords_that_are_missing_are_asked_for_one_by_one(jobferry: Program) -> None:
    jobferry.done(
        *("connection", "create", "dwh", "--type", "DWS", "--set", "clusterName=c", "--set", "password=p"),
        *("--data", "here"),
    )
    jobferry.done("connection", "export", "-o", "c.zip", "--data", "here")
    jobferry.done("connection", "delete", "dwh", "--data", "here")
    started = lambda terminal: jobferry.start_alone(  # noqa: E731
        "connection", "import", "c.zip", "--ask", "--data", "here", stdin=terminal
    )
    out = answered(started, {"password of dwh: ": b"marker-9122"})
    assert "incomplete" not in out
    assert "marker-9122" not in out
    (dwh,) = jobferry.done("connection", "list", "--data", "here", "--json").json
    assert dwh["incomplete"] is False


def test_a_platform_is_called_as_it_is_said_at_its_first_start(jobferry: Program) -> None:
    process = jobferry.start("serve", "--port", "0", "--name", "north", "--data", "there")
    assert process.stdout is not None
    process.stdout.readline()
    written(jobferry.folder, "a.job", job("a", node("n", "Dummy")))
    jobferry.done("job", "create", "a.job", "--data", "there")
    jobferry.done("export", "--all", "-o", "out.zip", "--data", "there")
    process.terminate()
    process.communicate()
    assert jobferry.done("inspect", "out.zip", "--json").json["source"]["platform_name"] == "north"


def test_a_secret_has_the_key_that_is_said(run: Lines) -> None:
    run("connection create host --type HOST --set ip=127.0.0.1")
    told = run.json("connection secret host accessKey --stdin", send="marker-9121\n")
    assert "accessKey" in str(told)
    assert "marker-9121" not in str(told)
