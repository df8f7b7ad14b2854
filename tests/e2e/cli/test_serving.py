"""A platform that is served: commands find it, and everything that keeps it from starting is said."""

import fcntl
import json
import os
import signal
import socket
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TextIO

import httpx
import pytest

from .conftest import Program


def test_a_served_platform_is_found_by_its_folder_and_by_its_address(
    jobferry: Program, serve: Callable[..., str], package: Path
) -> None:
    url = serve("there", "--name", "test")
    assert httpx.get(f"{url}/healthz").json() == {"status": "ok"}
    jobferry.done("connection", "create", "dwh", "--type", "DWS", "--set", "clusterName=d", "--data", "there")
    assert "2 created" in jobferry.done("import", package, "--data", "there").out
    token = jobferry.done("credentials", "--data", "there", "--json").json["token"]
    listed = jobferry.done(
        "job", "list", "--server", url, "--json", environment={"JOBFERRY_TOKEN": token}
    ).json
    assert [job["name"] for job in listed] == ["orders"]
    jobferry.done("export", "--all", "-o", "out.zip", "--data", "there")
    assert jobferry.done("inspect", "out.zip", "--json").json["source"]["platform_name"] == "test"


def test_a_reload_ends_no_platform(jobferry: Program) -> None:
    process = jobferry.start("serve", "--data", "here", "--port", "0")
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    for _ in range(3):
        os.kill(process.pid, signal.SIGHUP)
        assert httpx.get(f"{url}/healthz").json() == {"status": "ok"}
    process.terminate()
    process.communicate()


def test_login_is_kept_for_later_calls(jobferry: Program, serve: Callable[..., str]) -> None:
    url = serve("here")
    token = jobferry.done("credentials", "--data", "here", "--json").json["token"]
    jobferry.done("workspace", "create", "sales", "--data", "here")
    refused = jobferry("login", url, "--stdin", send=b"jf_wrong\n")
    assert refused.code == 8
    assert jobferry("job", "list", "--server", url).code == 8
    jobferry.done("login", url, "--stdin", send=token.encode() + b"\n")
    file = jobferry.folder / "home" / ".config" / "jobferry" / "login.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for where in ((), ("--server", url), ("--server", url + "/")):
        assert "sales" in jobferry.done("workspace", "list", *where).out
    assert jobferry("login", url).code == 2
    jobferry.done("logout")
    assert not file.exists()
    jobferry.done("init")
    assert "sales" not in jobferry.done("workspace", "list").out


def test_who_signs_in_without_encryption_elsewhere_is_warned(
    jobferry: Program, serve: Callable[..., str]
) -> None:
    url = serve("here")
    token = jobferry.done("credentials", "--data", "here", "--json").json["token"]
    warned = "travels to http://0.0.0.0"
    assert warned not in jobferry.done("login", url, "--stdin", send=token.encode()).err
    elsewhere = url.replace("127.0.0.1", "0.0.0.0")  # noqa: S104 - this machine, too
    assert warned in jobferry.done("login", elsewhere, "--stdin", send=token.encode()).err


def test_the_environment_leads_where_nothing_is_said(jobferry: Program, serve: Callable[..., str]) -> None:
    url = serve("here")
    token = jobferry.done("credentials", "--data", "here", "--json").json["token"]
    jobferry.done("workspace", "create", "sales", environment={"JOBFERRY_DATA": "here"})
    served = {"JOBFERRY_SERVER": url, "JOBFERRY_TOKEN": token, "JOBFERRY_WORKSPACE": "sales"}
    assert jobferry.done("workspace", "show", environment=served).out.startswith("sales\n")
    jobferry.done("init", "other", environment=served)
    assert "sales" not in jobferry.done("workspace", "list", "--data", "other", environment=served).out
    both = jobferry("job", "list", environment=served | {"JOBFERRY_DATA": "here"})
    assert both.code == 2
    assert "JOBFERRY_SERVER and JOBFERRY_DATA name two platforms" in both.err
    assert jobferry("job", "list", "--data", "here", "--server", url).code == 2


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_ends_well(jobferry: Program, sign: signal.Signals) -> None:
    process = jobferry.start("serve", "--port", "0", "--data", "here", "--json")
    assert process.stdout is not None
    told = "".join(iter(process.stdout.readline, "}\n")) + "}"
    assert json.loads(told)["url"].startswith("http://127.0.0.1:")
    process.send_signal(sign)
    _, err = process.communicate()
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert not (jobferry.folder / "here" / "address.json").exists()
    jobferry.done("job", "list", "--data", "here")


def test_a_server_that_was_killed_leaves_a_folder_that_works(jobferry: Program, package: Path) -> None:
    process = jobferry.start_alone("serve", "--port", "0", "--data", "here")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://")
    process.kill()
    process.communicate()
    assert (jobferry.folder / "here" / "address.json").exists()
    assert jobferry.done("job", "list", "--data", "here", "--json").json == []


def test_a_port_in_use_is_said_before_anything_is_made(jobferry: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = jobferry("serve", "--port", str(port), "--data", "new")
    assert ended.code == 5
    assert f"port {port} of 127.0.0.1 cannot be used" in ended.err
    assert not (jobferry.folder / "new").exists()


@pytest.mark.sqlite
def test_without_postgresql_somebody_has_to_do_the_tasks(jobferry: Program) -> None:
    refused = jobferry("serve", "--data", "here", "--port", "0", "--no-tasks")
    assert refused.code == 2
    assert "does the background tasks itself" in refused.err


def test_an_address_of_another_machine_is_refused(jobferry: Program) -> None:
    ended = jobferry("serve", "--host", "192.0.2.1", "--port", "0", "--data", "here")
    assert ended.code == 2
    assert "192.0.2.1" in ended.err


def test_an_address_that_others_reach_is_warned_about(jobferry: Program) -> None:
    host = "0.0.0.0"  # noqa: S104
    process = jobferry.start("serve", "--host", host, "--port", "0", "--data", "here", "--name", "other")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    assert "serves the platform" in process.stderr.readline()
    assert "warning: 0.0.0.0 can be reached from other machines" in process.stderr.readline()
    assert "is called" in (told := process.stderr.readline()) and "other" not in told
    jobferry.done("job", "list", "--data", "here")
    process.terminate()
    process.communicate()


def test_a_folder_is_served_once(jobferry: Program, serve: Callable[..., str]) -> None:
    serve("here")
    ended = jobferry("serve", "--port", "0", "--data", "here")
    assert ended.code == 5
    assert "another process runs a platform in" in ended.err


@pytest.mark.parametrize("address", [None, {"url": "http://127.0.0.1:9", "token": "t"}])
def test_a_folder_that_somebody_holds_and_does_not_serve_is_busy(
    jobferry: Program, address: dict[str, str] | None
) -> None:
    """What says where it is served may be left over from a server that was killed."""
    if address is not None:
        (jobferry.folder / "here" / "address.json").write_text(json.dumps(address))
    with (jobferry.folder / "here" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = jobferry("job", "list", "--data", "here", environment={"JOBFERRY_PATIENCE": "0.5"})
    assert ended.code == 5
    assert "another process runs a platform in" in ended.err


class Held:
    """A data folder that somebody else holds. Whoever asks for its address waits until they are let go."""

    def __init__(self, folder: Path) -> None:
        self._address = folder / "address.json"
        self._lock = (folder / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        os.mkfifo(self._address)

    def asked(self) -> TextIO:
        """Returns once somebody found the folder held and asks who has it; they wait for an answer."""
        return self._address.open("w")

    def free(self) -> None:
        self._lock.close()
        self._address.unlink()


def test_a_folder_that_is_about_to_be_free_is_waited_for(jobferry: Program) -> None:
    held = Held(jobferry.folder / "here")
    waiting = jobferry.start("job", "list", "--data", "here", "--json")
    with held.asked():
        held.free()
    out, err = waiting.communicate()
    assert (waiting.returncode, json.loads(out)) == (0, []), err


@pytest.mark.sqlite
def test_a_folder_of_a_newer_program_is_left_alone(jobferry: Program) -> None:
    database = jobferry.folder / "here" / "platform.db"
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("UPDATE jobferry_revision SET version_num = '9999'")
    for command in (("job", "list"), ("serve", "--port", "0")):
        ended = jobferry(*command, "--data", "here")
        assert ended.code == 5, ended
        assert "newer" in ended.err
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("SELECT version_num FROM jobferry_revision").fetchall() == [("9999",)]


def test_a_server_that_is_not_there_is_unreachable(jobferry: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    ended = jobferry(
        "job", "list", "--server", f"http://127.0.0.1:{port}", environment={"JOBFERRY_TOKEN": "x"}
    )
    assert ended.code == 6
    assert "cannot be reached" in ended.err


def test_no_credentials_where_no_platform_was(jobferry: Program) -> None:
    ended = jobferry("credentials", "--data", "nowhere")
    assert ended.code == 4
    assert "nowhere" in ended.err
    assert not (jobferry.folder / "nowhere").exists()


def test_credentials_are_for_their_owner_only(jobferry: Program) -> None:
    found = jobferry.done("credentials", "--data", "here", "--json").json
    assert sorted(found) == ["access_key", "project_id", "secret_key", "token"]
    plain = jobferry.done("credentials", "--data", "here").out
    assert f"token: {found['token']}" in plain
    assert stat.S_IMODE((jobferry.folder / "here" / "credentials.json").stat().st_mode) == 0o600


def test_nothing_of_a_call_stays_behind(jobferry: Program, tmp_path: Path) -> None:
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    jobferry.done("job", "list", "--data", "here", environment={"TMPDIR": str(scratch)})
    assert list(scratch.iterdir()) == []


def test_a_long_scratch_path_does_no_harm(jobferry: Program, tmp_path: Path) -> None:
    scratch = tmp_path / ("long" * 30)
    scratch.mkdir()
    jobferry.done("job", "list", "--data", "here", environment={"TMPDIR": str(scratch)})


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_call_that_is_told_to_stop_ends_so(jobferry: Program, sign: signal.Signals, code: int) -> None:
    held = Held(jobferry.folder / "here")
    waiting = jobferry.start("job", "list", "--data", "here")
    with held.asked():
        waiting.send_signal(sign)
        _, err = waiting.communicate()
    held.free()
    assert waiting.returncode == code
    assert err == ""


def test_a_settings_file_says_where_to_listen_and_setting_list_where_from(jobferry: Program) -> None:
    folder = jobferry.folder / "there"
    folder.mkdir(mode=0o700)
    file = folder / "jobferry.toml"
    file.write_text('host = "127.0.0.2"\nport = 0\nplatform_name = "north"\npackage_bytes = "2MiB"\n')
    process = jobferry.start("serve", "--data", "there")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://127.0.0.2:")
    told = jobferry.done("setting", "list", "--source", "--json", "--data", "there").json
    found = {one["key"]: (one["value"], one["source"], one["origin"]) for one in told}
    assert found["host"] == ("127.0.0.2", "file", str(file))
    assert found["platform_name"] == ("north", "file", str(file))
    assert found["patience"] == ("10.0", "default", "")
    sizes = jobferry.done("setting", "list", "--platform", "--json", "--data", "there").json
    held = {one["key"]: (one["value"], one["source"]) for one in sizes}
    assert held["package_bytes"] == ("2097152", "file")
    process.terminate()
    process.communicate()
    other = jobferry.folder / "other.toml"
    other.write_text("patience = 3\n")
    line = ("setting", "list", "--source", "--config", other, "--data", "there")
    assert str(other) in jobferry.done(*line).out
    both = jobferry("job", "list", "--server", "http://127.0.0.1:1", "--config", other)
    assert (both.code, "--config" in both.err) == (2, True)
    other.write_text("pateince = 3\n")
    wrong = jobferry("serve", "--config", other, "--data", "there")
    assert (wrong.code, "did you mean patience?" in wrong.err) == (2, True)
