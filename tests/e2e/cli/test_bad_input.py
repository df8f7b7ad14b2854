"""Every bad input ends with its exit code and a message that names the thing; nothing is changed."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from .conftest import JOB, SCRIPT, Ended, Program, text, zipped

GOOD = zipped({"jobs/orders.job": text(JOB), "scripts/clean.script": text(SCRIPT)})
NO_ZIP = b"this is no zip at all"
AZKABAN = b"# nightly\ntype=command\ncommand=echo hello\ndependencies=first\n"


def _is_untouched(jobferry: Program, data: Path) -> bool:
    kept = (jobferry.done(what, "list", "--data", data, "--json").json for what in ("job", "receipt"))
    return not any(kept)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (NO_ZIP, "zip"),
        (b"", "zip"),
        (GOOD[: len(GOOD) // 2], "zip"),
        (GOOD[:-10], "cut short"),
        (zipped({"readme.txt": b"hello", "src/main.py": b"pass"}), "no job"),
        (zipped({}), ""),
        (zipped({"../../etc/x.job": b"{}"}), "etc/x.job"),
    ],
    ids=["no zip", "no bytes", "half", "cut", "nothing known", "empty", "path"],
)
def test_a_package_that_is_none_is_refused(jobferry: Program, served: Path, data: bytes, said: str) -> None:
    (jobferry.folder / "bad.zip").write_bytes(data)
    _is_refused(jobferry("import", "bad.zip", "--data", served), said)
    assert _is_untouched(jobferry, served)


@pytest.mark.parametrize("command", ["inspect", "diff", "check"])
def test_every_command_refuses_a_package_that_is_none(jobferry: Program, served: Path, command: str) -> None:
    (jobferry.folder / "bad.zip").write_bytes(NO_ZIP)
    (jobferry.folder / "good.zip").write_bytes(GOOD)
    where = {"inspect": (), "diff": ("good.zip",)}.get(command, ("--data", served))
    _is_refused(jobferry(command, "bad.zip", *where), "zip")


def _is_refused(ended: Ended, said: str) -> None:
    assert ended.code == 7, ended
    assert ended.err.startswith("error: ")
    assert said in ended.err
    assert "hint: " in ended.err


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("jobs/nightly.job", AZKABAN, "a properties file with key=value lines, as Azkaban writes them"),
        ("jobs/broken.job", b'{\n  "name": "broken",\n  "nodes": [}\n', "line 3, column 13"),
        ("jobs/list.job", b"[]", "holds"),
        ("scripts/x.script", b'{"name": "\xff"}', "UTF-8"),
    ],
)
def test_a_document_that_cannot_be_read_stays_out(
    jobferry: Program, path: str, data: bytes, said: str
) -> None:
    (jobferry.folder / "p.zip").write_bytes(zipped({path: data}))
    for command in (("check", "p.zip", "--data", "here"), ("import", "p.zip", "--data", "here")):
        ended = jobferry(*command)
        assert ended.code == 3, ended
        assert said in ended.out
        assert path in ended.out
    assert jobferry.done("job", "list", "--data", "here", "--json").json == []
    inspected = jobferry.done("inspect", "p.zip")
    assert said in inspected.out


def test_a_package_that_is_too_large_is_refused(jobferry: Program, package: Path) -> None:
    limit = {"JOBFERRY_PACKAGE_BYTES": "100"}
    ended = jobferry("import", package, "--data", "here", environment=limit)
    assert ended.code == 7
    assert "100" in ended.err
    unpacked = {"JOBFERRY_UNPACKED_BYTES": "100"}
    ended = jobferry("check", package, "--data", "here", environment=unpacked)
    assert ended.code == 7
    assert jobferry.done("job", "list", "--data", "here", "--json").json == []


@pytest.mark.parametrize("path", ["obs://nowhere/p.zip", "obs://bucket/none.zip"])
def test_a_missing_object_or_bucket_is_named(jobferry: Program, path: str) -> None:
    objects = jobferry.folder / "here" / "objects" / "bucket"
    objects.mkdir(parents=True)
    ended = jobferry("import", path, "--data", "here")
    assert ended.code == 4, ended
    assert path.removeprefix("obs://").split("/")[0] in ended.err


def test_a_package_in_object_storage_is_imported(jobferry: Program, package: Path, ready: str) -> None:
    objects = jobferry.folder / "here" / "objects" / "bucket"
    objects.mkdir(parents=True, exist_ok=True)
    (objects / "p.zip").write_bytes(package.read_bytes())
    assert "2 created" in jobferry.done("import", "obs://bucket/p.zip", "--data", ready).out


@pytest.mark.parametrize("command", ["import", "check", "inspect"])
def test_a_path_that_cannot_be_read_is_named(jobferry: Program, command: str) -> None:
    where = () if command == "inspect" else ("--data", "here")
    ended = jobferry(command, "none.zip", *where)
    assert ended.code == 4
    assert ended.err.startswith("error: there is no file none.zip\n")
    (jobferry.folder / "empty").mkdir()
    ended = jobferry(command, "empty", *where)
    assert ended.code == 2
    assert "empty" in ended.err
    ended = jobferry(command, "none.zip/inside", *where)
    assert ended.code == 4


@pytest.mark.parametrize(("command", "code"), [("import", 4), ("inspect", 6)])
def test_a_file_that_cannot_be_read_is_named(jobferry: Program, command: str, code: int) -> None:
    ended = jobferry(command, "/proc/self/mem", *(("--data", "here") if command == "import" else ()))
    assert ended.code == code
    assert "cannot be read" in ended.err


def test_an_export_leaves_no_half_file(jobferry: Program, package: Path, ready: str) -> None:
    ended = jobferry("export", "nobody", "-o", "out.zip", "--data", ready)
    assert ended.code == 4
    assert "nobody" in ended.err
    before = set(jobferry.folder.iterdir())
    ended = jobferry("export", "--all", "-o", "none/out.zip", "--data", ready)
    assert ended.code == 6
    assert "none/out.zip cannot be written" in ended.err
    ended = jobferry("export", "--all", "-o", "home", "--data", ready)
    assert ended.code in (2, 6)
    assert set(jobferry.folder.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "p.zip", "--duplicates", "replace"), "--duplicates"),
        (("import", "p.zip", "--map", "connection=a"), "connection=a"),
        (("import", "p.zip", "--map", "conection:a=b"), "conection"),
        (("import", "p.zip", "--mapping", "list.yaml"), "list.yaml"),
        (("import", "p.zip", "--mapping", "broken.yaml"), "line 3, column"),
        (("import", "p.zip", "--mapping", "broken.json"), "broken.json"),
        (("import", "p.zip", "--mapping", "numbers.yaml"), "numbers.yaml"),
        (("check", "p.zip", "--time-zone", "Mars/Olympus"), "Mars/Olympus"),
        (("check", "p.zip", "--param", "day"), "day"),
        (("check", "p.zip", "--directory", "/a//b\\c?"), "directory"),
        (("check", "p.zip", "--lines", "-1"), "--lines"),
        (("export",), "--all"),
        (("export", "a", "--all", "-o", "x.zip"), "--all"),
        (("export", "--all"), "-o"),
        (("export", "--all", "-o", "-", "--json"), "--json"),
        (("export", "--all", "-o", "x.zip", "--state", "old"), "--state"),
        (("diff", "p.zip", "obs://a/b"), "one package alone"),
        (("diff", "p.zip", "p.zip", "--everything"), "--everything"),
        (("inspect",), "PACKAGE"),
        (("connection", "create", "x"), "--type"),
        (("connection", "create", "x", "--type", "Oracle"), "Oracle"),
        (("connection", "create", "x", "--type", "DWS"), "cluster"),
        (("inventory", "add", "planet", "x"), "planet"),
        (("inventory", "add"), "KIND"),
        (("setting", "set", "duplicates=never"), "never"),
        (("setting", "set", "colour=blue"), "colour"),
        (("workspace", "create", "a b"), "a b"),
        (("variable", "set", "a b", "1"), "a b"),
        (("job", "list", "--server", "nowhere"), "nowhere"),
        (("frobnicate",), "frobnicate"),
        (("job", "list", "--colour"), "--colour"),
        (("job", "list", "--language", "fr"), "--language"),
    ],
)
def test_bad_values_are_named(jobferry: Program, served: Path, arguments: Sequence[str], said: str) -> None:
    folder = jobferry.folder
    (folder / "p.zip").write_bytes(GOOD)
    (folder / "list.yaml").write_text("- a\n")
    (folder / "broken.yaml").write_text("connection:\n  a: [b\n")
    (folder / "broken.json").write_text('{"connection": }')
    (folder / "numbers.yaml").write_text("queue:\n  a: 1\n")
    where = () if "--server" in arguments or arguments[0] == "inspect" else ("--data", served)
    ended = jobferry(*arguments, *where)
    assert ended.code == 2, ended
    assert ended.err.startswith("error: ")
    assert said in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("job", "list", "-w", "nowhere"),
        ("export", "--all", "-o", "x.zip", "-w", "nowhere"),
        ("import", "p.zip", "-w", "nowhere"),
        ("workspace", "show", "nowhere"),
        ("job", "show", "nowhere"),
        ("job", "delete", "nowhere"),
        ("job", "start", "nowhere"),
        ("job", "show", ".."),
        ("receipt", "show", "nowhere"),
        ("connection", "delete", "nowhere"),
        ("inventory", "remove", "queue", "nowhere"),
        ("variable", "delete", "nowhere"),
        ("job", "create", "nowhere.job"),
    ],
)
def test_what_is_not_there_is_named(jobferry: Program, served: Path, arguments: Sequence[str]) -> None:
    (jobferry.folder / "p.zip").write_bytes(GOOD)
    ended = jobferry(*arguments, "--data", served)
    assert ended.code == 4, ended
    assert "nowhere" in ended.err or ".." in ended.err


def test_with_json_an_error_is_one_value_too(jobferry: Program) -> None:
    ended = jobferry("job", "show", "nobody", "--data", "here", "--json")
    assert ended.code == 4
    error = json.loads(ended.out)["error"]
    assert error["code"] == "job-missing"
    assert error["subject"] == "nobody"
    ended = jobferry("import", "--json")
    assert ended.code == 2
    assert json.loads(ended.out)["error"]["code"] == "invalid-value"


def test_a_job_document_that_is_wrong_says_where(jobferry: Program) -> None:
    ended = jobferry("job", "create", "-", "--data", "here", send=b'{"name": "x",\n "nodes": ]')
    assert ended.code == 2
    assert "line 2" in ended.err
    assert jobferry.done("job", "list", "--data", "here", "--json").json == []


def test_another_digest_than_expected_is_refused(jobferry: Program, package: Path, ready: str) -> None:
    ended = jobferry("import", package, "--expect-digest", "0" * 64, "--data", ready)
    assert ended.code == 7
    assert "0" * 64 in ended.err


def test_duplicates_fail_when_told_to(jobferry: Program, package: Path, ready: str) -> None:
    jobferry.done("import", package, "--data", ready)
    changed = {"jobs/orders.job": text(JOB | {"description": "new"}), "clean.script": text(SCRIPT)}
    (jobferry.folder / "new.zip").write_bytes(zipped(changed))
    ended = jobferry("import", "new.zip", "--duplicates", "fail", "--data", ready)
    assert ended.code == 3
    assert "exists here already" in ended.out
    skipped = jobferry.done("import", "new.zip", "--data", ready)
    assert "1 unchanged, 1 skip (1 with other content)" in skipped.out
    written = jobferry.done("import", "new.zip", "--duplicates", "overwrite", "--data", ready)
    assert "~ overwrite  job orders" in written.out
    assert "submits v2" in written.out


FORGED = "dwh\nimported into the workspace default (receipt 0)\t\x1b[2K\u202e"


def test_no_name_in_a_package_makes_a_line_of_its_own(jobferry: Program) -> None:
    node = JOB["nodes"][0] | {"properties": [{"name": "connectionName", "value": FORGED}]}
    forged, plain = JOB | {"nodes": [node]}, JOB | {"nodes": []}
    kept_out = JOB | {"name": "kept_out", "nodes": [node | {"name": FORGED}]}
    jobs = {"jobs/orders.job": text(forged), "jobs/kept_out.job": text(kept_out)}
    (jobferry.folder / "forged.zip").write_bytes(zipped(jobs))
    (jobferry.folder / "plain.zip").write_bytes(zipped({"jobs/orders.job": text(plain)}))
    here = ("--data", "here")
    calls = [
        ("inspect", "forged.zip"),
        ("diff", "forged.zip", "plain.zip"),
        ("check", "forged.zip", *here),
        ("check", "forged.zip", "--report", "report.csv", *here),
        ("check", "forged.zip", "--report", "report.txt", *here),
        ("plan", "forged.zip", "--missing", "hold", "-o", "plan.json", *here),
        ("import", "forged.zip", "--missing", "hold", *here),
        ("receipt", "list", *here),
        ("diff", "plain.zip", *here),
        ("export", "--all", "--dry-run", *here),
        ("job", "show", "orders", *here),
    ]
    for arguments in calls:
        ended = jobferry(*arguments)
        assert ended.code in (0, 3, 9, 10), (arguments, ended)
        if arguments[:2] != ("job", "show"):
            assert all(line.isprintable() for line in (ended.out + ended.err).split("\n")), arguments
            assert "\nimported into the workspace default (receipt 0)" not in ended.out, arguments
    reports = [(jobferry.folder / f"report.{kind}").read_text("utf-8-sig") for kind in ("csv", "txt")]
    assert all(line.isprintable() for report in reports for line in report.splitlines())
