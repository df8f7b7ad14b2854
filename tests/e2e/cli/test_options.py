"""Options that choose how a package comes in, from the command line: each, and what it changes."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest

from builders import job, node, resource, script

from .conftest import Ended, text, zipped
from .lines import Lines, written

SQL = {"connectionName": "dwh", "database": "dw", "statementOrScript": "STATEMENT", "statement": "SELECT 1"}


def documents() -> dict[str, bytes]:
    """A job that is here already, one that is new, and a script; both jobs need the connection dwh."""
    first = job("orders", node("n", "DWSSQL", **SQL), description="newer", directory="/dw")
    first["params"] = [{"name": "day", "value": "1", "type": "variable"}]
    second = job("bills", node("n", "DWSSQL", **SQL), directory="/dw")
    second["params"] = [{"name": "day", "value": "1", "type": "variable"}]
    plain = script("clean", connectionName="dwh", database="dw")
    return {
        "jobs/orders.job": text(first),
        "jobs/bills.job": text(second),
        "scripts/clean.script": text(plain),
    }


@pytest.fixture
def place(run: Lines) -> Lines:
    """A workspace with the connection prod and a job orders, and the package p.zip, which names dwh."""
    (run.folder / "p.zip").write_bytes(zipped(documents()))
    run("connection create prod --type DWS --set clusterName=c")
    written(run.folder, "orders.job", job("orders", node("n", "Dummy")))
    run("job create orders.job")
    return run


def landed(run: Lines, name: str) -> dict[str, Any]:
    """A job's document as it stands."""
    return dict(json.loads(run(f"job show {name} --document").out))


def steps(told: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["verdict"] for one in told["report"]["steps"]}


def settled(document: dict[str, Any]) -> tuple[str, str]:
    """The connection of a job's node, and the value of its parameter."""
    (one,) = document["nodes"]
    values = {each["name"]: each["value"] for each in one["properties"]}
    return values["connectionName"], document["params"][0]["value"]


def test_everything_that_an_import_takes_is_done_to_what_lands(place: Lines) -> None:
    run = place
    written(run.folder, "names.yaml", "connection: {dwh: prod}\n")
    written(run.folder, "rules.yaml", "- {kind: job, name: 'bil*', target_status: saved}\n")
    told = run(
        "import p.zip --act import-job --duplicates copy --copy-name '{name}_new' --mapping names.yaml"
        " --rules rules.yaml --directory /new --time-zone Asia/Shanghai"
        " --zone-mode relabel --execute-user etl"
        " --param day=2 --job-param bills:day=3 --unknown-inventory warn --lines 1 --target submitted"
        " --missing block --outcome job --no-route"
        f" --approver {run.people['zhao']}"
    )
    assert "more" in told.out
    assert [one["name"] for one in run.json("job list")] == ["bills", "orders", "orders_new"]
    copied, new = landed(run, "orders_new"), landed(run, "bills")
    assert (settled(copied), settled(new)) == (("prod", "2"), ("prod", "3"))
    assert (copied["directory"], new["directory"]) == ("/new", "/new")
    assert new["basicConfig"]["executeUser"] == "etl"
    assert new["schedule"]["cron"]["expressionTimeZone"] == "Asia/Shanghai"
    assert new["schedule"]["cron"]["expression"] == documents_cron()
    lives = {one["name"]: one["live_version"] for one in run.json("job list")}
    assert lives == {"orders": 1, "orders_new": 1, "bills": 0}
    (receipt,) = run.json("receipt list")
    assert receipt["act"] == "import-job"


def documents_cron() -> str:
    return str(json.loads(documents()["jobs/bills.job"])["schedule"]["cron"]["expression"])


def test_a_check_and_a_plan_tell_the_same_of_the_same_words(place: Lines) -> None:
    run = place
    written(run.folder, "names.yaml", "connection: {dwh: prod}\n")
    written(run.folder, "rules.yaml", "- {kind: job, name: 'bil*', target_status: saved}\n")
    run("setting set review=all")
    digest = run.json("inspect p.zip")["digest"]
    zhao = run.people["zhao"]
    checked = run.json(
        "check p.zip --act import-package --duplicates copy --copy-name '{name}_new'"
        " --map connection:dwh=prod --map queue:a=b"
        " --rules rules.yaml --directory /new --time-zone Asia/Shanghai"
        " --zone-mode convert --execute-user etl"
        " --param day=2 --job-param bills:day=3 --unknown-inventory warn --target submitted --missing block"
        f" --outcome package --no-route --approver {zhao} --expect-digest {digest} --apply-deletions"
        " --delete job:bills"
    )
    planned = run.json(
        "plan p.zip --act import-package --duplicates copy --copy-name '{name}_new' --mapping names.yaml"
        " --map queue:a=b"
        " --rules rules.yaml --directory /new --time-zone Asia/Shanghai"
        " --zone-mode convert --execute-user etl"
        " --param day=2 --job-param bills:day=3 --unknown-inventory warn --target submitted --missing block"
        f" --outcome package --no-route --approver {zhao} --expect-digest {digest} --apply-deletions"
        " --delete job:bills"
        " --output plan.json"
    )
    assert checked["steps"] == planned["steps"]
    assert checked["plan_digest"] == planned["plan_digest"]
    said = json.loads((run.folder / "plan.json").read_text())["options"]
    assert said["approvers"] == [zhao]
    assert (said["apply_deletions"], said["expect_digest"], said["zone_mode"]) == (True, digest, "convert")
    assert said["mapping"] == {"connection": {"dwh": "prod"}, "queue": {"a": "b"}}
    assert said["delete"] == {"job": ["bills"]}
    run("apply plan.json")
    assert [one["approvers"] for one in run.json("review list --state pending")] == [[zhao]]
    assert run("check p.zip --expect-digest 0", code=7).err


@pytest.mark.parametrize(
    ("said", "verdicts"),
    [
        ("--missing block", {"bills": "blocked", "orders": "skip", "clean": "blocked"}),
        ("--missing hold --duplicates overwrite", {"bills": "held", "orders": "held"}),
        ("--hold connection:dwh --duplicates overwrite", {"bills": "held", "orders": "held"}),
        ("--missing block --outcome package", {"bills": "blocked", "clean": "blocked"}),
        ("--duplicates fail --map connection:dwh=prod", {"orders": "blocked", "bills": "create"}),
    ],
)
def test_what_lacks_something_stays_out_or_waits_as_it_is_said(
    place: Lines, said: str, verdicts: dict[str, str]
) -> None:
    code = 3 if "blocked" in verdicts.values() else 0
    told = steps(place.json(f"import p.zip {said} --dry-run", code=code))
    assert told | verdicts == told
    assert [one["name"] for one in place.json("job list")] == ["orders"]


def test_a_route_is_set_shown_used_and_saved_from_what_was_used(place: Lines) -> None:
    run = place
    run("tag create red")
    run("export orders --output out.zip")
    platform = run.json("inspect out.zip")["source"]
    source = f"{platform['platform_name']}/{run.workspace}"
    written(run.folder, "names.yaml", "connection: {dwh: prod}\n")
    written(run.folder, "rules.yaml", "- {kind: job, name: 'bil*', target_status: saved}\n")
    run(
        f"route set {source} --duplicates copy --copy-name '{{name}}_r' --target saved --outcome package"
        " --missing hold --hold queue:q --unknown-inventory block --map queue:a=b"
        " --mapping names.yaml --rules rules.yaml --directory /r"
        " --time-zone Asia/Shanghai --zone-mode relabel --execute-user etl --param day=2"
        f" --job-param bills:day=3 --approver {run.people['zhao']}"
    )
    saved = run.json(f"route show {source}")["options"]
    assert saved["mapping"] == {"connection": {"dwh": "prod"}, "queue": {"a": "b"}}
    expected = {
        "duplicates": "copy",
        "copy_name": "{name}_r",
        "target_status": "saved",
        "outcome": "package",
        "missing": "hold",
        "hold": {"queue": ["q"]},
        "unknown_inventory": "block",
        "directory": "/r",
        "time_zone": "Asia/Shanghai",
        "zone_mode": "relabel",
        "execute_user": "etl",
        "approvers": [run.people["zhao"]],
    }
    assert saved | expected == saved
    assert saved["rules"][0]["name"] == "bil*"
    assert "copy_name: '{name}_r'" in run("route show out.zip").out
    assert [one["name"] for one in run.json("route list")] == [source]
    run("import out.zip --route")
    assert landed(run, "orders_r")["directory"] == "/r"
    run("check out.zip --no-route --duplicates overwrite --save-route --lines 5")
    assert run.json(f"route show {source}")["options"]["duplicates"] == "overwrite"
    run(
        "plan out.zip --route --copy-name 'x_{name}' --duplicates copy --save-route --lines 5"
        " --output plan.json"
    )
    assert run.json(f"route show {source}")["options"]["copy_name"] == "x_{name}"
    run("apply plan.json --save-route")
    assert "x_orders" in [one["name"] for one in run.json("job list")]
    run(f"route delete {source}")
    assert run("import out.zip --route", code=4).err


def shortened(short: Ended, whole: Ended) -> None:
    assert "more (--lines all shows all)" in short.out
    assert "more (--lines all shows all)" not in whole.out


def test_lists_are_as_long_as_is_said(place: Lines) -> None:
    run = place
    run("import p.zip --map connection:dwh=prod")
    receipt = run.json("receipt list")[0]["id"]
    undo = f"undo {receipt} --dry-run"
    shortened(run(f"undo {receipt} --dry-run --lines 1"), run(undo))
    shortened(run("inspect p.zip --lines 1"), run("inspect p.zip"))
    shortened(run("export --all --dry-run --lines 1"), run("export --all --dry-run"))
    over = "check p.zip --duplicates overwrite"
    shortened(run("check p.zip --duplicates overwrite --lines 1", code=3), run(over, code=3))
    run("import p.zip --duplicates overwrite", code=3)
    failed = run.json("receipt list")[0]["id"]
    shortened(run(f"receipt show {failed} --lines 1"), run(f"receipt show {failed}"))


def test_what_stayed_out_of_a_plan_is_as_long_as_is_said(place: Lines) -> None:
    run = place
    run("plan p.zip --duplicates overwrite --output plan.json --lines 1", code=3)
    shortened = run("apply plan.json --lines 1", code=3).out
    whole = run("apply plan.json", code=3).out
    assert "more" in shortened
    assert "more" not in whole


def held(run: Lines) -> list[str]:
    """The names of what out.zip holds, which is taken away."""
    found = run.json("inspect out.zip")["objects"]
    (run.folder / "out.zip").unlink()
    return sorted(one["name"] for one in found)


def test_an_export_takes_what_is_chosen_by_every_word(place: Lines) -> None:
    run = place
    run("import p.zip --map connection:dwh=prod")
    run("tag create red")
    run("tag set bills red --lock")
    store = run.door.folder / "objects" / run.workspace
    store.mkdir(parents=True)
    (store / "a.jar").write_bytes(b"jar")
    place_ = f"/api/workspaces/{run.workspace}/objects"
    jar = resource("jar", location=f"obs://{run.workspace}/a.jar")
    assert run.door.http.post(f"{place_}/resource", json=jar).status_code == 201
    spark = job("spark", node("n", "MRSSpark", resourcePath="jar", jarPath=f"obs://{run.workspace}/a.jar"))
    assert run.door.http.post(f"{place_}/job", json=spark, params={"submit": "false"}).status_code == 201

    run("export --directory /dw --output out.zip")
    assert held(run) == ["bills"]
    run("export --directory /dw --kind all --jobs-only --output out.zip")
    assert held(run) == ["bills"]
    run("export --query ea --kind script --output out.zip")
    assert held(run) == ["clean"]
    run("export --tag red --output out.zip")
    assert held(run) == ["bills"]
    run("export --script clean --output out.zip")
    assert held(run) == ["clean"]
    run("export spark --output out.zip")
    assert held(run) == ["jar", "spark"]
    run("export spark --jobs-only --output out.zip")
    assert held(run) == ["spark"]
    run("export bills --no-schedule --output bare.zip")
    run("export bills --schedule --output timed.zip")
    (changed,) = run.json("diff bare.zip timed.zip", code=10)["objects"]
    assert {one["path"].partition(".")[0] for one in changed["differences"]} == {"schedule"}
    run("export --all --with-files --output files.zip")
    with zipfile.ZipFile(run.folder / "files.zip") as package:
        assert b"jar" in [package.read(name) for name in package.namelist()]


def test_a_connection_is_what_its_document_says_and_is_called_as_it_was_asked_for(run: Lines) -> None:
    dwh = {"name": "dwh", "type": "DWS", "config": {"clusterName": "c"}}
    written(run.folder, "dwh.json", dwh)
    (run.folder / "broken.json").write_text("{")
    (run.folder / "params.yaml").write_text("dwh: [1]\n")
    for line in (
        "create dwh",
        "create dwh --type DWS --from-file dwh.json",
        "create other --from-file dwh.json",
        "create dwh --from-file broken.json",
    ):
        assert run(f"connection {line}", code=2).err
    run("connection create dwh --from-file dwh.json")
    run("connection export -o all.zip")
    assert "params.yaml" in run("connection import all.zip --params params.yaml", code=2).err
    assert [one["name"] for one in run.json("connection list")] == ["dwh"]


def test_one_missing_thing_may_be_missing_and_what_needs_it_lands_held(place: Lines) -> None:
    run = place
    planned = run.json("check p.zip --duplicates overwrite --hold connection:dwh")
    assert {one["verdict"] for one in planned["steps"]} == {"held"}
    run("plan p.zip --duplicates overwrite --hold connection:dwh -o plan.json")
    blocked = run("check p.zip --hold connection:other", code=3)
    assert "connection-missing" in blocked.out
    assert run("import p.zip --hold connection:dwh", code=9).out.endswith("1 skipped, 2 held\n")
    assert run.json("job list")[0]["held"]
