"""What is seldom asked: nothing of a kind, what somebody else began, documents of odd shapes."""

from __future__ import annotations

import io
import json
import zipfile
from urllib.parse import unquote

import pytest

from builders import job, script
from cases import every_case
from contract.editing.conftest import QUIET, Crew, packed

REVIEWED = pytest.mark.parametrize("crew", [{"review": "all"}], indirect=True)


def imports(crew: Crew, by: str, package: bytes, **options: object) -> str:
    """The id of an import that was checked and waits."""
    handed = crew.http[by].post("/api/packages", params={"name": "p.zip"}, content=package).json()["id"]
    made = crew.done(by, "POST", "imports", {"package": {"id": handed}, "options": options})
    crew.done(by, "GET", f"imports/{made['id']}", params={"wait": 60})
    return str(made["id"])


def test_lists_of_what_somebody_else_did_are_empty_for_who_sees_only_their_own(crew: Crew) -> None:
    imports(crew, "head", packed(job("orders", QUIET)))
    crew.imported("head", packed(job("bills", QUIET)))
    other = crew.user("head")
    with every_case() as case:
        for where, key in (("imports", "by"), ("receipts", "imported_by")):
            with case(where):
                assert crew.done("anne", "GET", where, params={key: other})["total"] == 0
                assert crew.done("head", "GET", where, params={key: other})["total"] > 0


@REVIEWED
def test_of_reviews_one_asked_for_those_of_others_are_none(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/job", job("orders", QUIET), params={"approver": crew.user("head")})
    mine = {"tab": "mine", "asked_by": crew.user("anne")}
    assert crew.done("anne", "GET", "reviews", params=mine)["total"] == 1
    assert crew.done("bert", "GET", "reviews", params=mine)["total"] == 0


def test_a_draft_without_a_directory_stays_where_it_is(crew: Crew) -> None:
    crew.made("anne", "orders", directory="/dw")
    plain = job("orders", QUIET, description="new")
    plain.pop("directory", None)
    crew.done("anne", "PUT", "objects/job/orders", plain, params={"submit": False})
    document = crew.done("anne", "GET", "documents/job/orders")
    assert (document["directory"], document["description"]) == ("/dw", "new")


def test_a_script_is_renamed_by_a_rename_and_not_by_what_is_saved(crew: Crew) -> None:
    crew.made("anne", "clean", "script")
    refused = crew.refused("anne", "PUT", "objects/script/clean", script("tidy"))
    assert (refused["code"], refused["hint"]) == (
        "invalid-name",
        "keep the name in the document, or rename the script",
    )


def test_a_draft_has_no_references_of_what_is_live(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/job", job("orders", QUIET), params={"submit": False})
    refused = crew.refused("anne", "GET", "references/job/orders", params={"state": "live"})
    assert refused["status"] == "404"
    assert "orders" in refused["message"]


def test_several_names_that_nothing_has_are_told_together(crew: Crew) -> None:
    refused = crew.refused("head", "POST", "exports", {"names": ["moon", "sun"]})
    assert refused["code"] == "job-missing"
    assert "not in this workspace (job): moon, sun" in refused["message"]


def test_a_thing_of_the_inventory_has_a_name(crew: Crew) -> None:
    for name in ("", " ", "q" * 257):
        body = {"items": [{"kind": "queue", "name": name}]}
        refused = crew.refused("head", "POST", "inventory", body)
        assert "a name in the inventory has 1 to 256 characters" in refused["message"]
    assert crew.done("head", "GET", "inventory")["items"] == []


def test_where_nothing_is_nothing_is_exported(crew: Crew) -> None:
    for what, code in (("connections", "connection-missing"), ("variables", "variable-missing")):
        refused = crew.refused("head", "POST", f"{what}/export")
        assert (refused["code"], refused["hint"]) == (code, "export another workspace")


def test_a_variable_that_is_here_stays_where_duplicates_fail(crew: Crew) -> None:
    crew.done("head", "PUT", "variables/zone", {"value": "east", "type": "constant"})
    package = crew.ask("head", "POST", "variables/export").content
    handed = crew.http["head"].post("/api/packages", params={"name": "v.zip"}, content=package).json()["id"]
    crew.done("head", "PUT", "variables/zone", {"value": "west", "type": "constant"})
    body = {"package": {"id": handed}, "duplicates": "fail"}
    arrived = crew.done("head", "POST", "variables/import", body)
    (item,) = arrived["items"]
    assert (arrived["applied"], item["outcome"]) == (False, "blocked")
    assert "zone exists; duplicate policy is fail" in item["reason"]
    assert crew.done("head", "GET", "variables")["items"][0]["value"] == "west"


def test_of_a_tag_file_with_many_faults_the_first_hundred_are_told(crew: Crew) -> None:
    lines = "".join(f"nobody{number},1\n" for number in range(102))
    refused = crew.refused("head", "POST", "tag-file", f"job,x\n{lines}".encode())
    assert refused["code"] == "tag-file-refused"
    assert "line 101: " in refused["message"]
    assert "line 102: " not in refused["message"]
    assert "and 2 more" in refused["message"]


def test_names_that_do_not_fit_into_a_header_are_counted(crew: Crew) -> None:
    names = [f"{'长' * 100}{number:02}" for number in range(40)]
    crew.imported("head", packed(*(job(name, QUIET) for name in names)), target_status="saved")
    crew.made("anne", "orders")
    answer = crew.ask("head", "POST", "exports", {"state": "submitted"})
    told = json.loads(unquote(answer.headers["X-Jobferry-Left-Out"]))
    assert 1 < len(told) < 40
    assert told[-1] == f"… ({40 - len(told) + 1} more)"


def test_one_object_of_an_import_is_compared_with_what_is_here(crew: Crew) -> None:
    crew.made("anne", "orders", description="here")
    crew.made("anne", "same")
    came = packed(job("orders", QUIET, description="there"), job("same", QUIET))
    place = f"imports/{imports(crew, 'head', came, duplicates='overwrite')}/objects/job"
    changed = crew.done("head", "GET", f"{place}/orders/diff")
    (sides,) = changed["sides"]
    assert (sides["path"], sides["here"]["value"], sides["package"]["value"]) == (
        "description",
        "here",
        "there",
    )
    assert crew.done("head", "GET", f"{place}/same/diff")["sides"] == []
    refused = crew.refused("head", "GET", f"{place}/moon/diff")
    assert "the package holds no job moon" in refused["message"]


def test_a_package_that_was_swept_is_handed_in_anew(crew: Crew) -> None:
    made = imports(crew, "head", packed(job("orders", QUIET)))
    seen = crew.done("head", "GET", f"imports/{made}")
    parts = crew.door.platform.parts
    with parts.runtime.store.read() as snapshot:
        record = snapshot.imports.by_id(made)
    assert record is not None
    parts.received.discard(record.package_id)
    with every_case() as case:
        for method, where, body in (
            ("POST", "apply", {"plan_digest": seen["plan_digest"]}),
            ("PUT", "options", {"duplicates": "skip"}),
        ):
            with case(where):
                refused = crew.refused("head", method, f"imports/{made}/{where}", body)
                assert refused["message"] == "what the check of p.zip found is gone with its package"
                assert "upload the package again" in refused["hint"]


def test_a_need_for_a_job_elsewhere_is_answered_with_the_workspaces_that_are_seen(crew: Crew) -> None:
    document = job("orders", QUIET)
    document["schedule"]["cron"]["dependJobs"] = {
        "otherWorkSpaceJobs": [{"jobName": "daily", "workSpace": "moon"}]
    }
    made = imports(crew, "head", packed(document))
    needs = crew.done("head", "GET", f"imports/{made}/needs")["items"]
    assert {one["kind"] for one in needs} >= {"workspace"}
    (need,) = [one for one in needs if one["kind"] == "workspace"]
    assert crew.place in need["candidates"]
    assert "default" not in need["candidates"]


@REVIEWED
def test_a_stored_package_of_an_import_that_is_refused_is_not_kept(crew: Crew) -> None:
    bucket = crew.door.folder / "objects" / crew.place
    bucket.mkdir(parents=True)
    (bucket / "p.zip").write_bytes(packed(job("orders", QUIET)))
    kept = sorted((crew.door.folder / "packages").rglob("*"))
    body = {"package": {"path": f"obs://{crew.place}/p.zip"}, "apply": True}
    body["options"] = {"approvers": [crew.user("nobody")]}
    assert crew.refused("head", "POST", "imports", body)["status"] in ("400", "404", "409")
    assert sorted((crew.door.folder / "packages").rglob("*")) == kept


@pytest.mark.parametrize("body", [b"[]", b"{", b"1"])
def test_what_is_no_job_at_all_is_refused_at_the_second_door_too(crew: Crew, body: bytes) -> None:
    second = crew.door.factory.replace("/v1/", "/v2/") + "/factory/jobs"
    answer = crew.http["anne"].post(second, content=body)
    assert answer.status_code == 400
    assert answer.json()["error_code"].startswith("DLF.")


@pytest.mark.parametrize("body", [b"[]", b"{", b"1"])
def test_what_is_no_script_at_all_is_refused_where_a_name_would_be_added(crew: Crew, body: bytes) -> None:
    crew.made("anne", "clean", "script")
    answer = crew.http["anne"].put(f"{crew.door.factory}/scripts/clean", content=body)
    assert answer.status_code == 400
    assert answer.json()["error_code"].startswith("DLF.")


def test_a_job_of_this_workspace_that_names_it_is_used_once(crew: Crew) -> None:
    crew.made("anne", "first")
    document = job("second", QUIET)
    document["schedule"]["cron"]["dependJobs"] = {
        "otherWorkSpaceJobs": [{"jobName": "first", "workSpace": crew.place}]
    }
    crew.done("anne", "POST", "objects/job", document)
    found = crew.done("anne", "GET", "uses/job/first")
    assert [(one["workspace"], one["name"]) for one in found["items"]] == [(crew.place, "second")]


def test_a_tag_that_is_locked_already_stays_so_without_a_row_in_the_audit(crew: Crew) -> None:
    crew.done("head", "PUT", "tags/red")
    with every_case() as case:
        for method, action, locked in (("PUT", "tag-lock", True), ("DELETE", "tag-unlock", False)):
            with case(method):
                for _ in range(2):
                    crew.done("head", method, "tag-locks/red")
                (tag,) = crew.done("head", "GET", "tags")["items"]
                assert tag["locked"] is locked
                assert crew.done("head", "GET", "audit", params={"action": action})["total"] == 1


def test_a_preview_of_an_export_that_is_not_there_is_told(crew: Crew) -> None:
    with every_case() as case:
        for pages in ("objects", "needs", "left-out", "deletions"):
            with case(pages):
                refused = crew.refused("head", "GET", f"export-previews/nobody/{pages}")
                assert (refused["status"], refused["code"]) == ("404", "preview-missing")


def test_a_connection_that_is_in_a_package_twice_keeps_all_out(crew: Crew) -> None:
    body = {"name": "dwh", "type": "DWS", "config": {"clusterName": "c"}}
    crew.done("head", "POST", "connections", body)
    package = crew.ask("head", "POST", "connections/export").content
    handed = crew.http["head"].post("/api/packages", params={"name": "c.zip"}, content=twice(package))
    arrived = crew.done("head", "POST", "connections/import", {"package": {"id": handed.json()["id"]}})
    assert [(one["outcome"], one["reason"]) for one in arrived["items"]] == [
        ("blocked", "is in the package twice")
    ]


def twice(package: bytes) -> bytes:
    """A package whose every connection is there once more, in a file of another name; without a manifest."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        for path in (path for path in old.namelist() if "connection" in path):
            new.writestr(path, old.read(path))
            new.writestr(path.replace("dwh", "dwh2"), old.read(path))
    return made.getvalue()


def test_an_import_keeps_the_locked_tag_of_the_job_that_it_would_overwrite(crew: Crew) -> None:
    for name in ("orders", "bills"):
        crew.made("anne", name)
        crew.done("anne", "PUT", f"jobs/{name}/tags", {"tags": ["red"]})
    crew.done("anne", "PUT", "jobs/bills/tags", {"tags": []})
    crew.done("head", "PUT", "tag-locks/red")
    came = packed(*(job(name, QUIET, description="new") for name in ("orders", "bills")))
    receipt = crew.imported("head", came, duplicates="overwrite")
    assert {line["name"]: line["outcome"] for line in receipt["lines"]} == {
        "bills": "overwritten",
        "orders": "blocked",
    }
    assert [found["code"] for found in receipt["reported"] if found["severity"] == "block"] == [
        "tag-locked-here"
    ]
