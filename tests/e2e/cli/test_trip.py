"""A package goes from one platform to another as a file, and back again, and is the same."""

import json
import zipfile
from pathlib import Path

import pytest

from builders import job, node

from .conftest import JOB, ROOT, SCRIPT, Program, text, zipped

MAPPED = ("--map", "connection:dwh=warehouse")


def _documents(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as opened:
        return {name: opened.read(name) for name in opened.namelist() if name != "manifest.json"}


def _digest(jobferry: Program, package: str) -> str:
    return str(jobferry.done("inspect", package, "--json").json["digest"])


def test_a_package_travels_and_stays_the_same(jobferry: Program, package: Path, ready: str) -> None:
    imported = jobferry.done("import", package, "--data", ready)
    assert "  + create     job orders" in imported.out
    assert "2 created" in imported.out
    exported = jobferry.done("export", "--all", "-o", "out.zip", "--data", ready, "--json").json
    assert exported["objects"] == 2
    assert exported["digest"] == _digest(jobferry, "out.zip")
    assert exported["left_out"] == []

    jobferry.done("init", "there")
    jobferry.done(
        "connection", "create", "dwh", "--type", "DWS", "--set", "clusterName=dws", "--data", "there"
    )
    arrived = jobferry.done(
        "import", "out.zip", "--data", "there", "--expect-digest", exported["digest"], "--json"
    )
    assert arrived.json["receipt"]["counts"] == {"created": 2}
    jobferry.done("export", "orders", "-o", "again.zip", "--data", "there")
    assert _digest(jobferry, "again.zip") == exported["digest"]
    assert _documents(jobferry.folder / "again.zip") == _documents(jobferry.folder / "out.zip")
    assert _documents(jobferry.folder / "out.zip") == _documents(package)

    again = jobferry.done("import", "again.zip", "--data", ready)
    assert "plan: 2 unchanged" in again.out


def test_a_suggested_mapping_answers_what_is_missing(jobferry: Program, package: Path) -> None:
    jobferry.done(
        "connection", "create", "dwh_prod", "--type", "DWS", "--set", "clusterName=d", "--data", "here"
    )
    assert jobferry("check", package, "--suggest-mapping", "m.yaml", "--data", "here").code == 3
    assert '  "dwh": "dwh_prod"\n' in (jobferry.folder / "m.yaml").read_text()
    found = jobferry("check", package, "--mapping", "m.yaml", "--data", "here", "--json")
    assert not [one for one in found.json["findings"] if one["code"] == "connection-missing"]


def test_what_is_missing_is_said_mapped_and_imported(jobferry: Program, package: Path) -> None:
    jobferry.done(
        "connection", "create", "warehouse", "--type", "DWS", "--set", "clusterName=d", "--data", "here"
    )
    refused = jobferry("check", package, "--data", "here")
    assert refused.code == 3
    assert "refers to the connection dwh, which does not exist here (connection-missing)" in refused.out
    assert jobferry("import", package, "--data", "here", "--dry-run").code == 3
    assert jobferry("import", package, *MAPPED, "--data", "here", "--dry-run").code == 0
    assert jobferry.done("job", "list", "--data", "here", "--json").json == []
    assert jobferry.done("receipt", "list", "--data", "here", "--json").json == []
    jobferry.done("import", package, *MAPPED, "--data", "here")
    shown = jobferry.done("job", "show", "orders", "--document", "--data", "here")
    assert '"warehouse"' in shown.out


def test_what_an_import_went_by_is_remembered_for_its_source(jobferry: Program) -> None:
    jobferry.done("connection", "create", "prod", "--type", "DWS", "--set", "clusterName=d", "--data", "here")
    node = {"name": "load", "type": "Dummy", "properties": [{"name": "connectionName", "value": "dwh"}]}
    orders = text({"name": "orders", "nodes": [node], "schedule": {"type": "EXECUTE_ONCE"}})
    jobferry.folder.joinpath("orders.zip").write_bytes(zipped({"jobs/orders.job": orders}))
    jobferry.done("import", "orders.zip", "--missing", "hold", "--data", "here", code=9)
    jobferry.done("export", "--all", "-o", "from.zip", "--data", "here")
    jobferry.done("job", "delete", "orders", "--yes", "--data", "here")
    assert jobferry("check", "from.zip", "--route", "--data", "here").code == 4
    went = jobferry.done(
        "import", "from.zip", "--map", "connection:dwh=prod", "--save-route", "--data", "here"
    )
    assert "saved as the route" in went.err
    (route,) = jobferry.done("route", "list", "--data", "here", "--json").json
    again = jobferry.done("import", "from.zip", "--yes", "--data", "here")
    assert f"goes by the route {route['name']}, saved by administrator" in again.out
    assert "plan: 1 unchanged" in again.out
    assert jobferry("check", "from.zip", "--no-route", "--data", "here").code == 0
    jobferry.done("plan", "from.zip", "-o", "plan.json", "--data", "here")
    jobferry.done("route", "delete", route["name"], "--yes", "--data", "here")
    assert "the plan goes by the route" in jobferry.done("apply", "plan.json", "--data", "here").err
    assert jobferry("import", "orders.zip", "--save-route", "--data", "here").code == 2


def test_why_something_does_not_pass_can_be_kept_in_a_file(jobferry: Program, package: Path) -> None:
    refused = jobferry("check", package, "--data", "here", "--report", "why.csv", "--language", "zh")
    assert refused.code == 3
    assert "why.csv" in refused.err
    sheet = (jobferry.folder / "why.csv").read_bytes().decode()
    assert sheet == "\ufeff未通过原因,未通过项\r\n不存在的引用数据连接,dwh（clean、orders）\r\n"
    jobferry("import", package, "--data", "here")
    receipt = jobferry.done("receipt", "list", "--json", "--data", "here").json[0]["id"]
    jobferry.done("receipt", "show", receipt, "--report", "then.csv", "--data", "here", "--language", "zh")
    assert (jobferry.folder / "then.csv").read_bytes().decode() == sheet
    jobferry.done("receipt", "show", receipt, "--report", "then.json", "--data", "here")
    (row,) = json.loads((jobferry.folder / "then.json").read_bytes())
    assert row["items"] == [{"name": "dwh", "details": ["clean", "orders"], "count": 2}]


def test_a_package_that_cannot_be_read_has_a_report_too(jobferry: Program) -> None:
    (jobferry.folder / "i.zip").write_bytes(b"no zip")
    assert jobferry("check", "i.zip", "--data", "here", "--report", "why.txt").code == 7
    told = (jobferry.folder / "why.txt").read_text().splitlines()
    assert told[0] == "package that cannot be read, or was not made by an export"
    assert told[1].startswith("  i.zip (")


def test_what_stays_out_is_said_and_the_rest_lands(jobferry: Program, ready: str) -> None:
    odd = SCRIPT | {"name": "odd", "connectionName": "elsewhere"}
    (jobferry.folder / "p.zip").write_bytes(zipped({"clean.script": text(SCRIPT), "odd.script": text(odd)}))
    ended = jobferry("import", "p.zip", "--data", ready)
    assert ended.code == 9
    assert "1 created, 1 blocked" in ended.out
    assert "  ! blocked    script odd               see [1]" in ended.out
    assert "  [1] script odd refers to the connection elsewhere, which does not exist here" in ended.out
    receipt = jobferry.done("receipt", "list", "--data", ready, "--json").json[0]["id"]
    shown = jobferry.done("receipt", "show", receipt, "--data", ready).out
    assert "  blocked: script odd: see [1]" in shown
    assert "  [1] script odd refers to the connection elsewhere, which does not exist here" in shown
    jobferry.done("init", "other", "--name", "second")
    whole = jobferry("import", "p.zip", "--data", "other", "--outcome", "package")
    assert whole.code == 3
    assert "nothing was imported into the workspace default" in whole.out


def test_a_held_job_lands(jobferry: Program, package: Path) -> None:
    ended = jobferry.done("import", package, "--missing", "hold", "--data", "here", code=9)
    assert "plan: 2 held" in ended.out
    assert (
        "  [1] job orders, script clean: refers to the connection dwh, which does not exist here" in ended.out
    )
    receipt = jobferry.done("receipt", "list", "--data", "here", "--json").json[0]["id"]
    shown = jobferry.done("receipt", "show", receipt, "--data", "here").out
    assert "held: job orders: waits for connection dwh" in shown
    assert "connection dwh" in jobferry.done("job", "list", "--data", "here").out
    refused = jobferry("job", "start", "orders", "--data", "here")
    assert refused.code == 5


def test_a_folder_is_a_package_not_yet_packed(jobferry: Program) -> None:
    warehouse = ROOT / "examples" / "warehouse"
    inspected = jobferry.done("inspect", warehouse, "--lines", "all")
    assert "56 objects" in inspected.out
    assert "  job 经营日报" in inspected.out
    added = jobferry.done("inventory", "add", "--from", warehouse, "--data", "here")
    assert "queue etl_test" in added.out
    ended = jobferry.done("import", warehouse, "--missing", "hold", "--data", "here", "--json", code=9).json
    assert ended["report"]["check"]["package_digest"] == _digest(jobferry, str(warehouse))


def test_receipts_are_listed_and_carried_back(jobferry: Program, package: Path, ready: str) -> None:
    receipt = jobferry.done("import", package, "--data", ready, "--json").json["receipt"]
    listed = jobferry.done("receipt", "list", "--data", ready)
    assert receipt["id"][:8] in listed.out
    assert receipt["id"] not in listed.out
    assert "2 created" in listed.out
    written = jobferry.done("receipt", "show", receipt["id"], "-o", "receipt.json", "--data", ready)
    assert written.out == ""
    assert '"package_name": "orders.zip"' in (jobferry.folder / "receipt.json").read_text()
    assert "2 created" in jobferry.done("receipt", "show", receipt["id"], "--data", ready).out


def test_a_package_goes_to_stdout_whole(jobferry: Program, package: Path, ready: str) -> None:
    import subprocess

    from .conftest import PROGRAM

    jobferry.done("import", package, "--data", ready)
    jobferry.done("export", "--all", "-o", "out.zip", "--data", ready)
    line = ("export", "--all", "-o", "-", "--data", ready)
    piped = subprocess.run(
        [*PROGRAM, *line],
        cwd=jobferry.folder,
        env=jobferry.around(line),
        capture_output=True,
        check=True,
    )
    assert piped.stdout == (jobferry.folder / "out.zip").read_bytes()
    assert piped.stderr.startswith(b"digest: ")


def test_an_export_is_shown_before_it_is_made(jobferry: Program, package: Path, ready: str) -> None:
    jobferry.done("import", package, "--data", ready)
    shown = jobferry.done("export", "orders", "--dry-run", "--data", ready).out
    assert "would export 2 objects" in shown
    assert "script clean  used by job orders at nodes[0].properties" in shown
    assert "connection dwh  used by" in shown
    variable = job("reader", node("load", statementOrScript="STATEMENT", statement="SELECT ${region}"))
    jobferry.done("job", "create", "-", "--data", ready, send=text(variable))
    lines = jobferry.done("export", "reader", "--dry-run", "--data", ready).out.splitlines()
    (used,) = [line for line in lines if "used by job reader" in line]
    assert used.endswith("used by job reader")
    told = jobferry.done("export", "--query", "RDER", "--jobs-only", "--dry-run", "--data", ready, "--json")
    assert [one["name"] for one in told.json["objects"]] == ["orders"]
    chinese = jobferry.done("export", "orders", "--dry-run", "--data", ready, "--language", "zh").out
    assert "随同导出" in chinese
    assert list(jobferry.folder.glob("*.zip")) == [package]


def test_a_package_waits_in_the_download_center(jobferry: Program, package: Path, ready: str) -> None:
    jobferry.done("import", package, "--data", ready)
    made = jobferry.done("export", "orders", "--background", "--data", ready, "--json").json
    assert (made["status"], made["available"], made["subject"]) == ("SUCCESSFUL", True, "orders")
    shown = jobferry.done("download", "list", "--data", ready)
    assert "kept here" in shown.out
    assert jobferry.done("download", "list", "--search", "nowhere", "--data", ready, "--json").json == []
    jobferry.done("download", "get", made["id"], "-o", "got.zip", "--data", ready)
    assert made["digest"] in jobferry.done("inspect", "got.zip").out
    assert made["digest"] in jobferry.done("download", "show", made["id"], "--data", ready).out
    failed = jobferry("export", "ghost", "--background", "--data", ready)
    assert (failed.code, "the job ghost does not exist" in failed.err) == (4, True)
    failures = jobferry.done("download", "list", "--status", "failed", "--data", ready, "--json").json
    assert "ghost" in failures[0]["reason"]
    stored = jobferry.done("export", "--all", "--into", "obs://out/here", "--data", ready, "--json").json
    assert stored["place"].startswith("obs://out/here/default_")
    jobferry.done("download", "delete", made["id"], "--yes", "--data", ready)
    gone = jobferry("download", "get", made["id"], "-o", "again.zip", "--data", ready)
    assert (gone.code, "there is no download" in gone.err) == (4, True)
    assert not (jobferry.folder / "again.zip").exists()


def test_what_was_never_submitted_is_named(jobferry: Program, package: Path, ready: str) -> None:
    jobferry.done("import", package, "--target", "saved", "--data", ready)
    draft = SCRIPT | {"name": "live"}
    (jobferry.folder / "live.zip").write_bytes(zipped({"live.script": text(draft)}))
    jobferry.done("import", "live.zip", "--data", ready)
    ended = jobferry.done("export", "--all", "--state", "submitted", "-o", "out.zip", "--data", ready)
    assert "left out, because they were never submitted:" in ended.out
    assert "orders" in ended.out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_messages_come_in_both_languages(jobferry: Program, package: Path, language: str) -> None:
    ended = jobferry("check", package, "--data", "here", "--language", language)
    assert ended.code == 3
    assert ("引用的数据连接 dwh 不存在" in ended.out) == (language == "zh")
    assert ("计划：" in ended.out or "计划: " in ended.out) == (language == "zh")


def test_a_batch_task_package_is_generated_from_a_list_of_names(
    jobferry: Program, package: Path, ready: str
) -> None:
    jobferry.done("import", package, "--data", ready)
    (jobferry.folder / "names.txt").write_text("orders\nghost\n", encoding="utf-8")
    refused = jobferry("batch-package", "create", "--names", "names.txt", "--data", ready)
    assert refused.code == 8
    assert "jobferry setting set --platform batch_exports=true" in refused.err
    jobferry.done("setting", "set", "--platform", "batch_exports=true", "--data", ready)
    some = jobferry("batch-package", "create", "--names", "names.txt", "--data", ready)
    assert (some.code, "matched 1, failed 1" in some.out, "  ghost" in some.out) == (4, True, True)
    assert "no task package was generated yet" in jobferry.done("batch-package", "show", "--data", ready).out
    (jobferry.folder / "names.txt").write_text("orders\n", encoding="utf-8")
    made = jobferry.done("batch-package", "create", "--names", "names.txt", "--data", ready, "--json").json
    status = jobferry.done("batch-package", "show", "--data", ready, "--json").json
    assert (status["names"], status["last"]["id"]) == (["orders"], made["task_id"])
    jobferry.done("batch-package", "get", "-o", "tasks.zip", "--data", ready)
    with zipfile.ZipFile(jobferry.folder / "tasks.zip") as archive:
        assert archive.namelist() == ["manifest.json", "orders/clean.script", "orders/orders.job"]


def test_packages_are_compared_with_each_other_and_with_a_workspace(jobferry: Program) -> None:
    changed = {**JOB, "directory": "/ods", "description": "nightly"}
    for name, jobs in (("old.zip", [JOB]), ("new.zip", [changed, {**JOB, "name": "more"}])):
        entries = {f"jobs/{one['name']}.job": text(one) for one in jobs}
        (jobferry.folder / name).write_bytes(zipped(entries))
    assert jobferry.done("diff", "old.zip", "old.zip").out == "1 the same\n"
    ended = jobferry("diff", "old.zip", "new.zip")
    assert (ended.code, "+ job more: added (/dw)" in ended.out) == (10, True), ended
    assert '> job orders: moved, changed (/dw → /ods)\n    description\n      + "nightly"\n' in ended.out
    told = jobferry("diff", "old.zip", "new.zip", "--json").json
    assert [(one["name"], one["changes"]) for one in told["objects"]] == [
        ("more", ["added"]),
        ("orders", ["moved", "changed"]),
    ]
    jobferry.done("job", "create", "-", "--draft", "--data", "here", send=text(JOB))
    assert jobferry.done("diff", "old.zip", "--data", "here", "--json").json == {"objects": [], "same": 1}
    assert jobferry("diff", "new.zip", "--data", "here", "--language", "zh").out.endswith(
        "1 新增, 1 移动, 1 修改, 0 相同\n"
    )
