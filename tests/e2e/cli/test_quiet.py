"""``--quiet``: names or ids alone, one a line, as other commands take them."""

from __future__ import annotations

import pytest

from .conftest import Program
from .lines import Lines
from .test_lists import filled

__all__ = ["filled"]


def test_what_has_names_is_listed_by_them(filled: Lines) -> None:
    run = filled
    member = f"{run.workspace}-"
    assert run("connection list --quiet").out.splitlines() == ["a", "b"]
    assert run("job list -q --sort -name").out.splitlines() == ["b", "a"]
    assert run("inventory list -q").out.splitlines() == ["a", "b"]
    assert run("variable list -q").out.splitlines() == ["a", "b"]
    assert run("policy list -q").out.splitlines() == ["a", "b"]
    assert run("download-policy list -q").out.splitlines() == ["a", "b"]
    assert run(f"user list -q --name {member}").out.splitlines()[:2] == [f"{member}a", f"{member}b"]
    assert f"{member}a" in run("member list -q").out.splitlines()
    assert run.workspace in run("workspace list -q").out.splitlines()
    assert [name.rpartition("/")[2] for name in run("route list -q").out.splitlines()] == ["a", "b"]
    assert "duplicates" in run("setting list -q").out.splitlines()
    assert "task_days" in run("setting list -q --platform").out.splitlines()
    run("tag set a red")
    assert run("tag list -q").out == "red\n"
    assert run("lock list -q").out == "a\nb\n"
    assert run("uses tag:red -q", code=2).out == ""
    assert run("directory list -q").out == ""
    assert run("script list -q").out == run("resource list -q").out == run("cdm list -q").out == ""
    run("job submit a")
    assert run("version list a -q").out == "2\n1\n"
    assert run("uses job:a -q").out == ""
    assert run("change list -q").out == ""


def test_what_has_ids_is_listed_by_whole_ids(filled: Lines) -> None:
    run = filled
    ids = run("download list -q").out.split()
    assert len(ids) == 2 and {len(id_) for id_ in ids} == {32}
    run("export a -o out.zip")
    run("import out.zip --yes", who="zhao")
    assert run("receipt list -q").out.split() == [one["id"] for one in run.json("receipt list")]
    assert run("task list -q").out.split() == [one["id"] for one in run.json("task list")]
    assert run("notice list -q", who="zhao").out.split() == [
        one["id"] for one in run.json("notice list", who="zhao")
    ]
    run("token create one")
    assert "one" in run("token list -q").out.split()
    made = run.json("key create")["access_key"]
    assert made in run("key list -q").out.split()
    assert run("review list -q").out == run("release list -q").out == run("release waiting -q").out == ""
    numbers = run("audit list -q --limit 2").out.split()
    assert [int(number) for number in numbers] == [one["number"] for one in run.json("audit list --limit 2")]


def test_two_ways_to_answer_are_one_too_many(run: Lines) -> None:
    refused = run("job list --quiet --json", code=2)
    assert "two ways to answer" in refused.err
    assert "leave one of them out" in refused.err


def test_the_newest_receipt_needs_no_id(jobferry: Program, ready: str, package: object) -> None:
    none = jobferry.done("receipt", "show", "--last", "--data", ready, code=4)
    assert "nothing was imported into this workspace yet" in none.err
    jobferry.done("import", str(package), "--data", ready)
    made = jobferry.done("receipt", "list", "--json", "--data", ready).json[0]["id"]
    assert jobferry.done("receipt", "show", "--last", "--json", "--data", ready).json["id"] == made
    for said in ([], [made, "--last"]):
        refused = jobferry.done("receipt", "show", *said, "--data", ready, code=2)
        assert "name a receipt, or give --last" in refused.err


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_slip_in_a_name_is_met_with_what_may_be_meant(filled: Lines, language: str) -> None:
    run = filled
    for name in ("daily_orders", "orders_weekly"):
        http, here = run.door.http, f"/api/workspaces/{run.workspace}"
        body: dict[str, object] = {
            "name": name,
            "processType": "BATCH",
            "nodes": [],
            "schedule": {"type": "EXECUTE_ONCE"},
        }
        assert http.post(f"{here}/objects/job", json=body).status_code == 201
    meant = "did you mean" if language == "en" else "是否想输入"
    for line, name in (
        ("job show daily_order", "daily_orders"),
        ("job start daly_orders", "daily_orders"),
        ("lock take order_weekly", "orders_weekly"),
        ("export daily_ordes -o x.zip", "daily_orders"),
        ("job delete orders_wekly --yes", "orders_weekly"),
    ):
        refused = run(f"{line} --language {language}", code=4)
        assert meant in refused.err and name in refused.err, (line, refused)
    plain = run("job show moon", code=4)
    assert "check the name and the workspace" in plain.err
    run("connection create warehouse --type DWS --set clusterName=c")
    assert "warehouse" in run("connection delete warehose --yes", code=4).err
    assert "see `jobferry connection list`" in run("connection delete moon --yes", code=4).err
    run("variable set region north")
    assert "did you mean region?" in run("variable delete regoin", code=4).err
    run("tag create nightly")
    assert "did you mean nightly?" in run("tag delete nigthly", code=4).err


def test_a_slip_in_an_id_is_met_with_what_may_be_meant(filled: Lines) -> None:
    made = filled.json("download list")[0]["id"]
    other = "0" if made[4] != "0" else "1"
    slip = made[:4] + other + made[5:10]
    refused = filled(f"download show {slip}", code=4)
    assert f"no id here begins with {slip}" in refused.err
    assert made[:10] in refused.err


def test_a_notice_that_is_none_is_refused(filled: Lines) -> None:
    refused = filled("notice read moon", code=4)
    assert "you have no notice moon" in refused.err
    assert "list of your notices" in refused.err


def test_who_gives_a_password_as_an_option_is_told_where_it_goes(run: Lines) -> None:
    refused = run("user create anne --password secret-one", code=2)
    assert "there is no option --password" in refused.err
    assert "--stdin" in refused.err
