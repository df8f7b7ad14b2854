"""Users, credentials, members, audit and notices from the command line."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from .conftest import Program

GOOD = b"correct horse battery\n"


@pytest.mark.sqlite
def test_the_first_credentials_go_when_others_are_made_and_the_folder_still_works(
    jobferry: Program, serve: Callable[..., str]
) -> None:
    first = jobferry.done("credentials", "--data", "here", "--json").json
    made = jobferry.done("token", "create", "laptop", "--days", "7", "--data", "here")
    assert made.out.startswith("jf_")
    assert "credentials.json" in made.err
    assert not (jobferry.folder / "here" / "credentials.json").exists()
    gone = jobferry("credentials", "--data", "here")
    assert gone.code == 4
    assert "not in" in gone.err
    assert "jobferry token create" in gone.err
    assert jobferry.done("job", "list", "--data", "here", "--json").json == []
    url = serve("here")
    address = jobferry.folder / "here" / "address.json"
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    jobferry.done("token", "delete", "first", "--yes", "--data", "here")
    for token, code in ((first["token"], 8), (made.out.strip(), 0)):
        assert jobferry("user", "me", "--server", url, environment={"JOBFERRY_TOKEN": token}).code == code
    own = json.loads(address.read_text())["token"]
    database = (jobferry.folder / "here" / "platform.db").read_bytes()
    assert own.encode() not in database
    listed = jobferry.done("token", "list", "--data", "here", "--json").json
    assert [one["name"] for one in listed] == ["laptop"]


def test_the_token_of_a_process_ends_with_it(jobferry: Program, serve: Callable[..., str]) -> None:
    process = jobferry.start("serve", "--port", "0", "--data", "here")
    assert process.stdout is not None
    process.stdout.readline()
    own = json.loads((jobferry.folder / "here" / "address.json").read_text())["token"]
    process.terminate()
    process.communicate()
    url = serve("here")
    assert jobferry("job", "list", "--server", url, environment={"JOBFERRY_TOKEN": own}).code == 8


def test_keys_are_rotated_and_disabled(jobferry: Program) -> None:
    made = jobferry.done("key", "create", "--data", "here", "--json").json
    assert made["credentials_file_removed"] is True
    assert made["project_id"]
    newer = jobferry.done("key", "rotate", made["access_key"], "--grace", "0", "--data", "here")
    assert "secret_key: " in newer.out
    shown = {one["access_key"]: one for one in jobferry.done("key", "list", "--data", "here", "--json").json}
    assert shown[made["access_key"]]["disabled"] is True
    assert len(shown) == 3
    jobferry.done("key", "delete", made["access_key"], "--yes", "--data", "here")
    assert jobferry("key", "disable", made["access_key"], "--data", "here").code == 4


def test_somebody_signs_in_by_password_and_works_as_a_member(
    jobferry: Program, serve: Callable[..., str]
) -> None:
    url = serve("here")
    data = ("--data", "here")
    jobferry.done("user", "create", "anne", "--stdin", *data, send=GOOD)
    jobferry.done("member", "add", "anne", "viewer", *data)
    assert jobferry("login", url, "--user", "anne", "--stdin", send=b"wrong password\n").code == 8
    said = jobferry.done("login", url, "--user", "anne", "--stdin", "--json", send=GOOD).json
    file = Path(said["file"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    me = jobferry.done("user", "me", "--json").json
    assert (me["name"], me["workspaces"][0]["roles"]) == ("anne", ["viewer"])
    assert jobferry("user", "list").code == 8
    assert jobferry("audit", "list").code == 8
    jobferry.done("user", "password", "--stdin", send=GOOD + b"another good one\n")
    assert jobferry("user", "password", "--stdin", send=GOOD + GOOD).code == 8
    again = jobferry.done("login", url, "--user", "anne", "--stdin", "--json", send=b"another good one\n")
    assert again.json["token"] == f"{said['token']} 2"
    assert jobferry.done("logout", "--json").json == {"forgotten": True, "revoked": True}
    left = jobferry.done("token", "list", "--user", "anne", *data, "--json").json
    assert [one["name"] for one in left] == [said["token"]]
    jobferry.done("user", "disable", "anne", *data)
    assert jobferry("login", url, "--user", "anne", "--stdin", send=b"another good one\n").code == 8


def test_members_policies_and_their_mistakes(jobferry: Program) -> None:
    data = ("--data", "here")
    jobferry.done("user", "create", "bert", *data)
    assert jobferry("member", "add", "bert", "king", *data).code == 2
    assert jobferry("member", "add", "nobody", "viewer", *data).code == 4
    jobferry.done("member", "add", "bert", "developer", "deployer", *data)
    jobferry.done("policy", "set", "team", "--directory", "/dw", "--user", "bert", *data)
    assert jobferry("policy", "set", "two", "--directory", "/", "--user", "bert", *data).code == 5
    assert "/dw" in jobferry.done("policy", "list", *data).out
    jobferry.done("policy", "delete", "team", "--yes", *data)
    jobferry.done("download-policy", "set", "team", "--user", "bert", "--role", "operator", *data)
    assert "bert, operator" in jobferry.done("download-policy", "list", *data).out
    assert jobferry("download-policy", "set", "team", "--role", "owner", *data).code == 2
    jobferry.done("download-policy", "delete", "team", "--yes", *data)
    assert jobferry("download-policy", "delete", "team", "--yes", *data).code == 4
    jobferry.done("member", "transfer", "bert", *data)
    assert jobferry("member", "remove", "bert", *data).code == 5
    members = jobferry.done("member", "list", *data, "--json").json
    assert members[0] == {"user": "administrator", "roles": ["administrator"]}
    assert jobferry("user", "disable", "administrator", *data).code == 5


@pytest.mark.sqlite
def test_the_audit_is_listed_and_an_altered_row_is_found(jobferry: Program) -> None:
    data = ("--data", "here")
    jobferry.done("user", "create", "carl", *data)
    rows = jobferry.done("audit", "list", "--all", "--action", "user-create", *data, "--json").json
    assert [(one["actor"], one["subject"]) for one in rows] == [("administrator", "carl")]
    assert jobferry.done("audit", "list", "--all", "--until", "2001-01-01", *data, "--json").json == []
    assert jobferry("audit", "list", "--since", "yesterday", *data).code == 2
    assert "as they were written" in jobferry.done("audit", "verify", *data).out
    with closing(sqlite3.connect(jobferry.folder / "here" / "platform.db")) as database, database:
        database.execute("UPDATE audit SET subject = 'dora' WHERE subject = 'carl'")
    broken = jobferry("audit", "verify", *data, "--json")
    assert broken.code == 11
    assert broken.json["fault"] == {"number": rows[0]["number"], "breach": "altered"}


def test_the_end_of_an_import_is_a_notice(jobferry: Program, ready: str, package: Path) -> None:
    jobferry.done("import", package, "--data", ready)
    (notice,) = jobferry.done("notice", "list", "--unread", "--data", ready, "--json").json
    assert notice["code"] == "import-finished"
    assert "2 created" in notice["message"]
    jobferry.done("notice", "read", notice["id"], "--data", ready)
    assert jobferry.done("notice", "list", "--unread", "--data", ready, "--json").json == []


def test_a_proxy_is_believed_where_a_setting_says_so(jobferry: Program, serve: Callable[..., str]) -> None:
    jobferry.done("user", "create", "anne", "--stdin", "--data", "here", send=GOOD)
    jobferry.environment["JOBFERRY_TRUSTED_PROXIES"] = "127.0.0.1,10.0.0.0/8"
    url = serve("here")
    said = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    body = {"name": "anne", "password": GOOD.decode().strip()}
    begun = httpx.post(f"{url}/api/session", json=body, headers=said, trust_env=False)
    cookie = begun.headers["Set-Cookie"]
    assert cookie.startswith("__Host-jobferry_session=")
    assert "Secure" in cookie
    sent = {"Cookie": cookie.partition(";")[0]}
    assert httpx.get(f"{url}/api/me", headers=sent, trust_env=False).json()["name"] == "anne"
    (row,) = jobferry.done("audit", "list", "--all", "--action", "sign-in", "--data", "here", "--json").json
    assert (row["actor"], row["origin"]) == ("anne", "192.0.2.7")
