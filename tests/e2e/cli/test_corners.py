"""What the command line says where little or nothing is: lists that end, things that are refused in part."""

from __future__ import annotations

import json
from platform import node as node_name
from secrets import token_hex

import pytest

from builders import job, node
from cases import every_case
from jobferry.access.sealing import token_hash
from jobferry.model.people import Token
from people import caller_named, store_of

from .conftest import SCRIPT, Program, text, zipped
from .lines import Lines, written

QUIET = node("n", "Dummy")


@pytest.fixture
def orders(run: Lines) -> Lines:
    """A workspace with the job orders, made and locked by lin."""
    written(run.folder, "orders.job", job("orders", QUIET))
    run("job create orders.job", who="lin")
    return run


def test_of_locks_those_of_others_are_named_and_the_rest_released(orders: Lines) -> None:
    run = orders
    written(run.folder, "bills.job", job("bills", QUIET))
    run("job create bills.job", who="chen")
    run("setting set lock_policy=hard")
    refused = run("lock release orders", who="chen", code=5)
    assert "orders" in refused.err and run.people["lin"] in refused.err and ": " in refused.err
    part = run("lock release orders bills", who="chen", code=9)
    assert (part.out, "orders" in part.err, "bills" in part.err) == ("bills: unlocked\n", True, False)
    told = run("lock release orders --json", who="chen", code=5)
    assert (told.json["refused"][0]["name"], told.err) == ("orders", "")


def test_a_member_is_taken_out(run: Lines) -> None:
    wu = run.people["wu"]
    assert run(f"member remove {wu}").out == f"{wu}\n"
    assert wu not in run("member list -q").out.split()


def test_an_id_of_a_list_is_told_by_its_beginning(orders: Lines) -> None:
    run = orders
    run("setting set review=all")
    written(run.folder, "bills.job", job("bills", QUIET))
    run(f"job create bills.job --approver {run.people['zhao']}", who="lin")
    (review,) = run.json("review list --state pending")
    assert run.json(f"review show {review['id'][:8]}")["id"] == review["id"]
    run("export orders -o p.zip")
    run("import p.zip --duplicates overwrite --target saved", who="lin")
    notice = run.json("notice list", who="lin")[0]["id"]
    run(f"notice read {notice[:8]}", who="lin")
    assert notice not in [one["id"] for one in run.json("notice list --unread", who="lin")]
    (task,) = [one for one in run.json("task list") if one["kind"] == "import"]
    assert run.json(f"task show {task['id'][:8]}")["id"] == task["id"]
    run(f"review withdraw {review['id'][:8]}", who="lin")
    run("setting set review= mode=enterprise")
    run("job submit orders", who="lin")
    made = run.json(f"release create one --all --approver {run.people['zhao']}", who="lin")
    assert run.json(f"release show {made['id'][:8]}")["id"] == made["id"]


def test_an_editor_changes_a_draft_or_nothing(orders: Lines) -> None:
    run = orders
    before = run("job show orders --document").out
    same = run("job edit orders", who="lin", screen={"VISUAL": "true"})
    assert (same.out, same.err) == ("", "nothing was changed\n")
    run("job edit orders --draft", who="lin", screen={"VISUAL": """sed -i 's/"n"/"first"/' """})
    after = run("job show orders --document").out
    assert after == before.replace('"n"', '"first"')


def test_lines_of_an_answer_have_a_style_on_a_terminal_and_no_letter_of_it_is_read_as_one(
    orders: Lines,
) -> None:
    shown = orders("job show orders", screen={"FORCE_COLOR": "1", "TERM": "xterm"}).out
    assert shown.startswith("\x1b[1morders  (job, BATCH)\x1b[0m\n")


def test_a_package_leaves_on_stdout_and_what_is_told_stands_beside_it(orders: Lines) -> None:
    run = orders
    told = run("export orders -o -")
    digest = told.err.removeprefix("digest: ").strip()
    assert told.out.startswith("PK")
    (run.folder / "p.zip").write_bytes(told.out.encode(errors="surrogateescape"))
    assert run.json("inspect p.zip")["digest"] == digest


def test_an_undo_is_bound_to_the_plan_that_was_shown(orders: Lines) -> None:
    """Between the plan and the answer, a colleague changes what the import made."""
    run, place = orders, f"/api/workspaces/{orders.workspace}/objects/job"
    written(run.folder, "bills.json", job("bills", QUIET))
    run("job create bills.json")
    run("export bills -o bills.zip")
    run("job delete bills --yes")
    run("import bills.zip --yes")

    def change() -> None:
        changed = job("bills", QUIET, description="changed")
        run.door.http.put(f"{place}/bills", json=changed, params={"take_lock": True}).raise_for_status()

    refused = run("undo --last --rest", screen={}, send="y\n", code=5, before_answer=change)
    assert "changed" in refused.err
    assert run.door.http.get(f"{place}/bills").status_code == 200


def test_an_undo_is_one_value(orders: Lines) -> None:
    run = orders
    (run.folder / "p.zip").write_bytes(zipped({"jobs/bills.job": text(job("bills", QUIET))}))
    run("import p.zip")
    told = run.json("undo --last")
    assert [(step["name"], step["verdict"]) for step in told["undo"]["steps"]] == [("bills", "remove")]
    assert (told["undo"]["findings"], told["receipt"]["counts"]) == ([], {"removed": 1})


def test_a_check_that_was_only_made_is_shown_with_what_it_found(orders: Lines) -> None:
    run = orders
    content = zipped({"jobs/orders.job": text(job("orders", QUIET))})
    uploaded = run.door.http.post("/api/packages?name=c.zip", content=content)
    place = f"/api/workspaces/{run.workspace}/imports"
    made = run.door.http.post(place, json={"package": {"id": uploaded.json()["id"]}}).json()
    run.door.ended(made["task_id"])
    shown = run(f"import-record show {made['id']}").out
    assert "plan: 1 skip" in shown


def test_a_job_is_shown_with_its_parameters(run: Lines) -> None:
    document = job("orders", QUIET)
    document["params"] = [{"name": "day", "value": "${today}", "type": "variable"}]
    written(run.folder, "orders.job", document)
    run("job create orders.job --draft")
    shown = run("job show orders").out
    assert "parameters\n  day = ${today}\n" in shown
    assert "versions" not in shown


def test_two_packages_with_the_same_words_differ_in_how_they_are_written(run: Lines) -> None:
    document = job("orders", QUIET)
    (run.folder / "a.zip").write_bytes(zipped({"jobs/orders.job": text(document)}))
    (run.folder / "b.zip").write_bytes(zipped({"jobs/orders.job": json.dumps(document).encode()}))
    (run.folder / "c.zip").write_bytes(zipped({"jobs/orders.job": b"{"}))
    assert "    only written otherwise\n" in run("diff a.zip b.zip", code=10).out
    assert "    cannot be read as a document\n" in run("diff a.zip c.zip", code=10).out


def test_more_users_than_are_shown_are_counted(run: Lines) -> None:
    place = f"/api/workspaces/{run.workspace}"
    (run.folder / "clean.script").write_bytes(text({"name": "clean", "type": "Shell", "content": "ls"}))
    run("script create clean.script")
    entries = {
        f"jobs/j{number}.job": text(job(f"j{number}", node("n", "Shell", scriptName="clean")))
        for number in range(101)
    }
    (run.folder / "p.zip").write_bytes(zipped(entries))
    run("import p.zip --target saved --missing hold")
    found = run.door.http.get(f"{place}/uses/script/clean", params={"limit": 1}).json()["total"]
    assert "  and 1 more\n" in run("script show clean").out, found


def test_two_platforms_of_one_name_are_named_by_their_ids(run: Lines) -> None:
    place = f"/api/workspaces/{run.workspace}/routes"
    for platform in ("p1", "p2"):
        body = {"options": {"duplicates": "skip"}, "platform_name": "north"}
        assert run.door.http.put(f"{place}/{platform}/dw", json=body).status_code == 200
    refused = run("route show north/dw", code=4)
    assert "2 platforms are called north" in refused.err
    assert "name it by its id: p1, p2" in refused.err


def test_an_export_since_the_last_names_what_is_gone_and_what_was_never_submitted(orders: Lines) -> None:
    run = orders
    run("setting set change_management=true")
    written(run.folder, "bills.job", job("bills", QUIET))
    run("job create bills.job")
    run("export --full -o a.zip")
    run("export --full --state submitted -o a.zip")
    run("job delete bills --yes")
    written(run.folder, "late.job", job("late", QUIET))
    run("job create late.job --draft")
    told = run("export --since-last --dry-run").out
    assert "gone here:\n  job bills\n" in told
    assert "left out, never submitted:\n  job late\n" in run("export --all --state submitted --dry-run").out


def test_things_of_every_kind_that_nothing_is_called_are_told(run: Lines) -> None:
    run("connection create dwh_prod --type HOST")
    with every_case() as case:
        for thing, hint in (
            ("connection:dwh_prd", "did you mean dwh_prod?"),
            ("connection:sea", "check the name and the workspace"),
            ("workspace:moon", "check the name and the workspace"),
        ):
            with case(thing):
                assert hint in run(f"uses {thing}", code=4).err


def test_what_has_no_name_or_place_is_refused_before_anything_is_asked(run: Lines) -> None:
    (run.folder / "list.yaml").write_text("region: [1]\n")
    (run.folder / "p.zip").write_bytes(zipped({"jobs/orders.job": text(job("orders", QUIET))}))
    (run.folder / "folder").mkdir()
    with every_case() as case:
        for line, said, hint in (
            ("tag export folder", "folder is a folder, not a file", "name a file in it"),
            ("init folder --data other", "DIR and --data name two folders", "name one of them only"),
            ("variable import p.zip --values list.yaml", "list.yaml", "write names with values in quotes"),
            ("setting set duplicat=skip", "duplicat", "did you mean duplicates?"),
        ):
            with case(line):
                refused = run(line, code=2).err
                assert said in refused
                assert hint in refused
    assert not (run.folder / "other").exists()


def test_who_may_not_load_connections_is_told_so_and_not_of_lines(run: Lines) -> None:
    written(run.folder, "tabs.json", '{\n\t"dwh": {"type": "Oracle"}\n}')
    refused = run("connection load tabs.json", who="wu", code=8)
    assert "line" not in refused.err
    assert "line 1, dwh: " in run("connection load tabs.json", code=2).err


def test_a_language_is_said_in_either_way(run: Lines) -> None:
    assert run("job lst --language=zh", code=2).err == run("job lst --language zh", code=2).err
    assert run("--language zh").out.startswith("用法")


def test_what_waits_for_a_login_that_cannot_be(run: Lines) -> None:
    url = f"http://127.0.0.1:{run.door.port}"
    assert "this is not a token" in run(f"login {url} --stdin", send="  \n", code=2).err
    assert "this is not a token" in run(f"login {url} --stdin", send="令牌\n", code=2).err


def test_who_signs_out_of_a_platform_that_is_gone_is_told_what_stays(run: Lines) -> None:
    folder = run.folder / ".config" / "jobferry"
    folder.mkdir(parents=True)
    known = {"url": "http://127.0.0.1:9", "token": "t", "user": "lin", "name": "laptop"}
    (folder / "login.json").write_text(json.dumps(known))
    ended = run("logout")
    assert ended.out == "signed out\n"
    assert "the token laptop of lin could not be revoked: " in ended.err
    assert [*folder.iterdir()] == []


def test_who_gives_no_answer_at_a_terminal_stops_what_was_begun(orders: Lines) -> None:
    ended = orders("job delete orders", screen={}, code=130)
    assert "orders" in ended.err
    assert orders("job list -q").out == "orders\n"


def test_a_name_of_tokens_that_are_all_taken_is_told_with_what_to_do(run: Lines) -> None:
    """As many tokens are called after this machine as a login tries names."""
    user, http = run.people["lin"], run.door.http
    assert http.put(f"/api/users/{user}/password", json={"new": "correct horse battery"}).is_success
    taken = [node_name(), *(f"{node_name()} {number}" for number in range(2, 100))]
    owner = caller_named(run.door.platform, user)
    with store_of(run.door.platform).write() as uow:
        for name in taken:
            hashed = token_hash(f"{user} {name}")
            uow.people.add_token(Token(id=token_hex(16), user_id=owner.user_id, name=name, hash=hashed))
        uow.commit()
    refused = run(
        f"login http://127.0.0.1:{run.door.port} --user {user} --stdin",
        send="correct horse battery\n",
        code=2,
    )
    assert "has 99 tokens for this machine" in refused.err
    assert "jobferry token delete NAME" in refused.err


def test_what_no_mapping_can_be_suggested_for_is_told_as_a_comment(run: Lines) -> None:
    needy = job("orders", node("n", "DWSSQL", connectionName="dwh", scriptName="s"))
    (run.folder / "p.zip").write_bytes(zipped({"jobs/orders.job": text(needy)}))
    run("check p.zip --suggest-mapping names.yaml", code=3)
    assert '#  "dwh": nothing of this kind is here\n' in (run.folder / "names.yaml").read_text()
    assert run("check p.zip --mapping names.yaml", code=3).out


def test_a_package_is_compared_as_it_would_be_mapped_and_what_is_broken_as_it_is(run: Lines) -> None:
    sql = {"connectionName": "dwh_prod", "database": "db", "scriptName": "s"}
    here = job("orders", node("n", "DWSSQL", **sql), description="here")
    plain = job("plain", QUIET)
    for document in (here, plain):
        written(run.folder, "a.job", document)
        run("job create a.job --draft")
    there = job("orders", node("n", "DWSSQL", **sql), description="there")
    entries = {
        "jobs/orders.job": text(there),
        "jobs/plain.job": json.dumps(plain).encode(),
        "jobs/broken.job": b"{",
    }
    (run.folder / "p.zip").write_bytes(zipped(entries))
    found = run.json("diff p.zip --map connection:dwh_prod=dwh_test", code=10)
    told = {one["name"]: one for one in found["objects"]}
    latter = {one["latter"] for one in told["orders"]["differences"]}
    assert latter == {"there", "dwh_test"}
    assert told["broken"]["changes"] == ["added"]
    assert "plain" not in told


def test_a_difference_of_texts_is_told_by_lines_and_what_is_not_there_as_nothing(run: Lines) -> None:
    clean = {"name": "clean", "type": "Shell", "content": "ls\npwd\n"}
    written(run.folder, "clean.script", clean)
    run("script create clean.script --draft")
    newer = clean | {"content": "ls\ncd /\n", "description": "newer"}
    (run.folder / "p.zip").write_bytes(zipped({"scripts/clean.script": text(newer)}))
    told = run("plan p.zip --diff --duplicates overwrite --target saved -o plan.json").out
    assert "      -pwd\n      +cd /\n" in told
    assert '  description\n    here: nothing\n    package: "newer"\n' in told


def stored(run: Lines, name: str, content: bytes) -> str:
    """A thing in the workspace's own bucket."""
    bucket = run.door.folder / "objects" / run.workspace
    bucket.mkdir(parents=True, exist_ok=True)
    (bucket / name).write_bytes(content)
    return f"obs://{run.workspace}/{name}"


def test_a_package_in_object_storage_is_looked_into_and_not_drawn(run: Lines) -> None:
    broken = job("orders", QUIET, basicConfig={"priority": 9})
    package = stored(run, "p.zip", zipped({"jobs/orders.job": text(broken)}))
    assert "1 errors; `jobferry check` tells them\n" in run(f"inspect {package}").out
    refused = run(f"check {package} --graph text", code=2).err
    assert "a graph is drawn only of a package file or folder" in refused
    assert "fetch the package, and check the file" in refused


def test_tags_come_out_of_object_storage(orders: Lines) -> None:
    table = stored(orders, "tags.csv", b"job,red\norders,1\n")
    orders("lock release orders", who="lin")
    assert orders(f"tag import {table}").out == "1 of 1 jobs have other tags now\n"
    assert orders.json("job list")[0]["tags"] == ["red"]


def test_what_was_renamed_is_compared_with_what_it_was(orders: Lines) -> None:
    run = orders
    run("export orders -o before.zip")
    run("job rename orders bills", who="lin")
    run("export bills -o after.zip")
    assert "job bills: renamed (was orders)\n" in run("diff before.zip after.zip", code=10).out


def test_a_token_is_listed_with_how_many_workspaces_it_is_for(run: Lines) -> None:
    run(f"token create narrow --only default --only {run.workspace} --read-only")
    (line,) = [line for line in run("token list").out.splitlines() if line.startswith("narrow")]
    assert "reading, 2 workspaces" in line


def test_an_export_of_a_time_before_changes_were_recorded_says_so(orders: Lines) -> None:
    run = orders
    run("setting set change_management=true")
    written(run.folder, "bills.job", job("bills", QUIET))
    run("job create bills.job")
    since = "--since 2001-01-01"
    for line in (f"export {since} -o p.zip", f"export {since} --dry-run"):
        assert "what was changed before is not in the package" in run(line).out


def test_lines_that_differ_are_shown_and_values_are_not_repeated(jobferry: Program) -> None:
    for name, content in (("a", "SELECT 1\nFROM a"), ("b", "SELECT 1\nFROM b")):
        entries = {"scripts/clean.script": text(SCRIPT | {"content": content})}
        (jobferry.folder / f"{name}.zip").write_bytes(zipped(entries))
    shown = jobferry.done("diff", "a.zip", "b.zip", code=10).out
    assert shown.splitlines() == [
        "~ script clean: changed",
        "    content",
        "      @@ -2 +2 @@",
        "      -FROM a",
        "      +FROM b",
        "1 changed, 0 the same",
    ]
