"""Several servers on one PostgreSQL database: one answers for another, and takes over what it leaves."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import pytest

import s3
from builders import job, node
from jobferry.model.task import TASK_FORMAT
from jobferry.store import tasklog
from jobferry.store.store import HISTORY
from postgres import PostgresServer, postgres_server
from processes import Served, packed
from sites import BUCKET, Site, stored_in


def package(tag: str, count: int) -> bytes:
    return packed(job(f"{tag}_{number}", node(f"n_{tag}")) for number in range(count))


Start = Callable[..., Served]


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def site(postgres: PostgresServer, tmp_path: Path) -> Site:
    return Site(tmp_path, postgres.database(), JOBFERRY_PACKAGES=str(tmp_path / "packages"))


@pytest.fixture
def start(site: Site) -> Iterator[Start]:
    with ExitStack() as stack:
        yield lambda name, *arguments: stack.enter_context(site.served(name, *arguments))


def begun(server: Served, place: str, count: int) -> str:
    """The id of an import that has just begun."""
    received = server.hand_in(package(place, count))
    assert received.status_code == 201, received.text
    answer = server.begin(received.json()["id"], place)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["task_id"])


def test_what_one_server_writes_the_other_one_answers_with(start: Start) -> None:
    first, second = start("a"), start("b")
    first.workspace("sales")
    assert second.land(package("o", 20), "sales")["message"] == "20 created"
    assert len(first.names("sales")) == 20
    assert first.http.delete("/api/workspaces/sales/objects/job/o_3").status_code in (200, 204)
    assert len(second.names("sales")) == 19
    handed_in = first.hand_in(package("p", 3)).json()["id"]
    task = second.begin(handed_in, "sales").json()["task_id"]
    assert first.ended(task)["message"] == "3 created"


def test_a_right_that_is_taken_away_on_one_server_is_gone_on_the_other(start: Start) -> None:
    first, second = start("a"), start("b")
    made = first.http.post("/api/users", json={"name": "lin"})
    assert made.status_code == 201, made.text
    token = first.http.post("/api/users/lin/tokens", json={"name": "t"}).json()["token"]
    asked = {"X-Auth-Token": token}
    assert second.http.get("/api/workspaces", headers=asked).status_code == 200
    assert first.http.patch("/api/users/lin", json={"disabled": True}).status_code == 200
    assert second.http.get("/api/workspaces", headers=asked).status_code == 401


def test_what_a_killed_and_a_frozen_server_leave_is_carried_on_once(start: Start, site: Site) -> None:
    first, second, third = start("a"), start("b"), start("c")
    for place in ("killed", "frozen"):
        third.workspace(place)
    tasks = {"killed": begun(first, "killed", 500), "frozen": begun(second, "frozen", 500)}
    first.process.kill()
    second.process.send_signal(signal.SIGSTOP)
    for place, task in tasks.items():
        assert third.ended(task)["status"] == "SUCCESSFUL"
        assert [one["id"] for one in third.receipts(place)] == [task]
        assert third.http.get(f"/api/workspaces/{place}/objects/job").json()["total"] == 500
    second.process.send_signal(signal.SIGCONT)
    assert second.process.wait() == 6  # it ends by itself, and says why
    with psycopg.connect(site.database) as connection:
        assert connection.execute("SELECT count(*) FROM servers").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM import_slots").fetchone() == (0,)
    assert third.land(package("after", 2), "frozen")["message"] == "2 created"


_CLOCK = """
CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz VOLATILE LANGUAGE sql
AS $$ SELECT pg_catalog.clock_timestamp() + interval '{}' $$
"""


def test_no_server_is_given_up_because_the_databases_clock_is_set(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    """A function of that name that is found first is the clock. One that dies afterwards is still missed."""
    database = f"{postgres.database()}&options=-csearch_path%3Dpublic,pg_catalog"
    site = Site(tmp_path, database, JOBFERRY_PACKAGES=str(tmp_path / "packages"))
    with ExitStack() as stack:
        first, second = (stack.enter_context(site.served(name)) for name in ("a", "b"))
        connection = stack.enter_context(psycopg.connect(site.database, autocommit=True))

        def words() -> list[tuple[str, int]]:
            return connection.execute("SELECT id, seen_at FROM servers").fetchall()

        first.workspace("sales")
        for jump in ("-1 hour", "1 hour"):
            connection.execute(_CLOCK.format(jump).encode())
            heard: dict[str, set[int]] = {}
            while min((len(said) for said in heard.values()), default=0) < 7:
                found = words()
                assert len(found) == 2
                for server, word in found:
                    heard.setdefault(server, set()).add(word)
                time.sleep(0.1)
            assert first.land(package(f"o{len(jump)}", 2), "sales")["message"] == "2 created"
        task = begun(first, "sales", 500)
        first.process.kill()
        assert second.ended(task)["status"] == "SUCCESSFUL"
        assert len(words()) == 1


def test_an_import_that_a_server_is_about_to_begin_is_left_to_it(start: Start, site: Site) -> None:
    first, second = start("a"), start("b")
    first.workspace("sales")
    first.land(package("o", 2), "sales")
    imports = "/api/workspaces/sales/imports"
    found = second.http.get(imports).json()["items"][0]["id"]

    def state(server: Served) -> str:
        return str(server.http.get(f"{imports}/{found}").json()["state"])

    with psycopg.connect(site.database, autocommit=True) as connection:
        connection.execute("UPDATE imports SET state = 'applying', task_id = 'to-come'")
        connection.execute(
            "INSERT INTO import_slots (workspace_id, task_id, holder, since, fence, server)"
            " SELECT workspace_id, task_id, created_by, 1, 1, server FROM imports"
        )
        assert (state(first), state(second)) == ("applying", "applying")
        connection.execute("DELETE FROM import_slots")
        assert (state(second), state(first)) == ("applying", "failed")
        connection.execute("UPDATE imports SET state = 'checking', server = 'gone'")
        assert state(second) == "failed"


def test_one_server_takes_the_daily_backup_and_another_one_what_a_killed_one_has_left(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    """The first upload of one stands still until its server is gone."""

    def hang_once(exchange: s3.Exchange) -> bool:
        if exchange.command == "PUT" and not held:
            held.append(exchange.path)
            return s3.hangs(exchange)
        return False

    held: list[str] = []
    with s3.serving("backups", access_key="archive-key") as service, ExitStack() as stack:
        service.faults = [hang_once]
        site = Site(
            tmp_path,
            postgres.database(),
            JOBFERRY_STORES_ARCHIVE_ENDPOINT=service.endpoint,
            JOBFERRY_STORES_ARCHIVE_BUCKETS="backups",
            JOBFERRY_STORES_ARCHIVE_ACCESS_KEY="archive-key",
            JOBFERRY_OBJECTS_PATIENCE="3600",
        )
        servers = {name: stack.enter_context(site.served(name)) for name in ("a", "b")}
        place = {"backup_place": "obs://backups/site"}
        assert servers["a"].http.patch("/api/settings", json=place).status_code == 200
        with psycopg.connect(site.database, autocommit=True) as connection:

            def told(what: str) -> list[str]:
                return [str(row[0]) for row in connection.execute(f"SELECT {what} FROM platform_backups")]

            while not held:
                time.sleep(0.1)
            (first,) = told("server")
            ids = {name: (tmp_path / name / "server").read_text().split()[0] for name in servers}
            (killed,) = [name for name, server in ids.items() if server == first]
            (other,) = servers.keys() - {killed}
            servers[killed].process.kill()
            while told("ended_at") == ["0"]:
                time.sleep(0.1)
            assert (told("server"), told("said"), told("attempts")) == ([ids[other]], [""], ["2"])
            assert [f"obs:/{key}" for key in service.objects] == told("path")


def test_a_server_that_stops_hands_over_at_once(start: Start) -> None:
    first, second = start("a"), start("b")
    first.workspace("sales")
    task = begun(first, "sales", 800)
    first.process.terminate()
    first.process.wait()
    assert second.ended(task)["status"] == "SUCCESSFUL"
    assert len(second.receipts("sales")) == 1


def test_a_server_that_only_answers_leaves_tasks_to_others(start: Start) -> None:
    answering = start("a", "--no-tasks")
    answering.workspace("sales")
    task = begun(answering, "sales", 20)
    assert answering.http.get(f"/api/tasks/{task}", params={"wait": 1}).json()["status"] == "RUNNING"
    start("b")
    assert answering.ended(task)["message"] == "20 created"


def test_a_command_beside_a_server_leaves_its_tasks_alone(start: Start, site: Site) -> None:
    first = start("a")
    first.workspace("sales")
    task = begun(first, "sales", 500)
    tool = site.program("tool")
    tool.found()
    listed = tool("workspace", "list")
    assert (listed.code, "sales" in listed.out) == (0, True)
    assert first.ended(task)["status"] == "SUCCESSFUL"


def test_wrong_passwords_are_counted_on_all_servers_together(start: Start) -> None:
    servers = start("a"), start("b")
    body = {"name": "lin", "password": "correct horse battery"}
    assert servers[0].http.post("/api/users", json=body).status_code == 201

    def tried(server: Served, password: str) -> int:
        answer = httpx.post(f"{server.url}/api/session", json={"name": "lin", "password": password})
        return answer.status_code

    assert [tried(server, "correct horse battery") for server in servers] == [201, 201]
    assert [tried(servers[number % 2], "wrong password") for number in range(10)] == [401] * 10
    assert [tried(server, "correct horse battery") for server in servers] == [429, 429]


def test_packages_and_downloads_lie_in_an_object_service(postgres: PostgresServer, tmp_path: Path) -> None:
    """Three servers share a database and a bucket, and no folder."""
    with s3.serving(BUCKET) as service, ExitStack() as stack:
        settings = stored_in(service) | {"JOBFERRY_OBJECTS_PATIENCE": "1"}
        site = Site(tmp_path, postgres.database(), **settings)
        first, second, third = (stack.enter_context(site.served(name)) for name in "abc")
        first.workspace("sales")
        handed_in = first.hand_in(package("o", 20)).json()["id"]
        imports = "/api/workspaces/sales/imports"
        checked = second.http.post(imports, json={"package": {"id": handed_in}}).json()
        assert second.ended(checked["task_id"])["status"] == "SUCCESSFUL"
        assert [one["id"] for one in third.http.get("/api/packages").json()["items"]] == [handed_in]
        seen = third.http.get(f"{imports}/{checked['id']}").json()
        assert (seen["state"], seen["plan_digest"] != "") == ("checked", True)
        wanted = {"plan_digest": seen["plan_digest"]}
        applied = second.http.post(f"{imports}/{checked['id']}/apply", json=wanted)
        assert second.ended(applied.json()["task_id"])["message"] == "20 created"
        assert [key for key in service.objects if "/packages/" in key] == []

        downloads = "/api/workspaces/sales/downloads"
        made = first.http.post(downloads, json={}).json()
        assert first.ended(made["task_id"])["status"] == "SUCCESSFUL"
        taken = third.http.get(f"{downloads}/{made['download_id']}/package")
        third.workspace("other")
        assert third.land(taken.content, "other")["message"] == "20 created"
        assert not any((tmp_path / "packages").glob("*"))

        service.faults = [s3.says(503, "SlowDown")]
        for refused in (
            first.hand_in(package("p", 1)),
            third.http.get(f"{downloads}/{made['download_id']}/package"),
            second.http.get("/readyz"),
        ):
            assert (refused.status_code, refused.json()["error"]["code"]) == (502, "files-failed")


def test_servers_of_another_schema_or_of_another_form_of_tasks_are_refused_before_they_migrate(
    start: Start, site: Site
) -> None:
    start("a")
    with psycopg.connect(site.database, autocommit=True) as connection:
        (own,) = connection.execute("SELECT DISTINCT version FROM servers").fetchone() or ("",)
    program, _, forms = own.partition("+")
    head, tasks, number = forms.split(".")
    assert (head, tasks, number) == (HISTORY.head, tasklog.HISTORY.head, str(TASK_FORMAT))
    others = (f"+9999.{tasks}.{number}", f"+{head}.9999.{number}", f"+{head}.{tasks}.0", "")
    for other in (program + forms for forms in others):
        with psycopg.connect(site.database, autocommit=True) as connection:
            connection.execute("DELETE FROM servers WHERE id = 'x'")
            connection.execute(
                "INSERT INTO servers SELECT 'x', 'h', %s, seen_at, seen_at + 3000 FROM servers LIMIT 1",
                (other,),
            )
        refused = site.program("v")("serve", "--port", "0")
        assert (refused.code, f"a server of version {other} runs on" in refused.err) == (5, True), refused


def test_another_version_or_key_is_refused_while_servers_run(start: Start, site: Site) -> None:
    start("a")
    other_key = site.program("k", JOBFERRY_KEY="77" * 32)("serve", "--port", "0")
    assert (other_key.code, "does not belong" in other_key.err) == (5, True)
    with psycopg.connect(site.database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO servers SELECT 'x', 'h', '9.9.9', seen_at, seen_at + 3000 FROM servers"
        )
    refused = site.program("v")("serve", "--port", "0")
    assert (refused.code, "a server of version 9.9.9 runs on this database" in refused.err) == (5, True)
