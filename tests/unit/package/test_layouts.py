"""Paths: where objects go, and what is read back from them."""

from __future__ import annotations

import pytest

from jobferry.model.kinds import ObjectKind
from jobferry.model.package import Layout
from jobferry.package.layouts import Place, classify, file_digest, file_path, layout_of, path_of

JOB, SCRIPT, RESOURCE, CDM = ObjectKind.JOB, ObjectKind.SCRIPT, ObjectKind.RESOURCE, ObjectKind.CDM
ODD_NAMES = [
    "..",
    ".",
    "...",
    "a/b",
    "../../etc/passwd",
    "a\\b",
    "C:",
    "a\0b",
    "100%",
    "a~b",
    "",
    "%",
    "%41",
    "a:b?*",
]


@pytest.mark.parametrize(
    ("layout", "kind", "name", "owner", "path"),
    [
        (Layout.FACTORY, JOB, "orders", "", "jobs/orders.job"),
        (Layout.FACTORY, SCRIPT, "经营日报", "", "scripts/经营日报.script"),
        (Layout.FACTORY, RESOURCE, "lib", "", "resources/lib.resource"),
        (Layout.FACTORY, CDM, "main/load", "", "cdms/main/load.json"),
        (Layout.FACTORY_BATCH, JOB, "orders", "orders", "jobs/orders/orders.job"),
        (Layout.FACTORY_BATCH, SCRIPT, "clean", "orders", "jobs/orders/clean.script"),
        (Layout.FACTORY_BATCH, CDM, "main/load", "orders", "jobs/orders/cdms/main/load.json"),
        (Layout.TASK, JOB, "orders", "orders", "orders/orders.job"),
        (Layout.TASK, RESOURCE, "lib", "orders", "orders/lib.resource"),
        (Layout.TASK, CDM, "main/load", "orders", "orders/cdms/main/load.json"),
        (Layout.FACTORY, JOB, ".hidden", "", "jobs/.hidden.job"),
        (Layout.FACTORY, JOB, "..", "", "jobs/%2E%2E.job"),
        (Layout.TASK, JOB, "..", "..", "%2E%2E/%2E%2E.job"),
        (Layout.FACTORY, SCRIPT, "a/b", "", "scripts/a%2Fb.script"),
        (Layout.FACTORY, CDM, "main/a/b", "", "cdms/main/a%2Fb.json"),
    ],
)
def test_where_objects_lie(layout: Layout, kind: ObjectKind, name: str, owner: str, path: str) -> None:
    assert path_of(layout, kind, name, owner) == path
    assert classify(path) == Place(kind, name, owner)
    assert layout_of([path]) is layout


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_make_no_folders_and_come_back(layout: Layout, name: str) -> None:
    owner = name or "owner"
    path = path_of(layout, SCRIPT, name, owner)
    ordinary = path_of(layout, SCRIPT, "name", "owner")
    assert path.count("/") == ordinary.count("/")
    assert not any(part.strip(".") == "" for part in path.split("/"))
    assert classify(path) == Place(SCRIPT, name, "" if layout is Layout.FACTORY else owner)


def test_different_names_have_different_paths() -> None:
    names = [*ODD_NAMES, "%2E", "a%2Fb", "a b", "A", "a", "x" * 300, "x" * 301, "月" * 128, "月" * 127 + "日"]
    for layout in Layout:
        assert len({path_of(layout, JOB, name, "owner") for name in names}) == len(names)


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("kind", ObjectKind)
@pytest.mark.parametrize("letter", ["x", "é", "月", "💩", "/"])
def test_a_long_path_is_shortened_between_letters(layout: Layout, kind: ObjectKind, letter: str) -> None:
    for length in (*range(20, 70), 90, 128, 400):
        name = letter * length if kind is not CDM else f"{'c' * length}/{letter * length}"
        path = path_of(layout, kind, name, letter * length)
        assert len(path.encode()) <= 200
        assert path.endswith(path_of(layout, kind, "a/b", "o").rpartition(".")[2])
        place = classify(path)
        assert place is not None
        assert place.kind is kind


def test_a_path_of_200_bytes_stays_whole() -> None:
    name = "x" * (200 - len("jobs/.job"))
    assert path_of(Layout.FACTORY, JOB, name) == f"jobs/{name}.job"
    shortened = path_of(Layout.FACTORY, JOB, name + "y")
    assert len(shortened) == 200
    assert shortened[-17:-16] == "~"


def test_all_beside_a_long_job_lies_in_one_folder() -> None:
    owner = "月" * 40
    folders = {
        path_of(Layout.FACTORY_BATCH, kind, name, owner).split("/")[1]
        for kind, name in ((JOB, owner), (SCRIPT, "s"), (RESOURCE, "月" * 32), (CDM, "c/j"))
    }
    assert len(folders) == 1


def test_layouts_with_owners_need_one() -> None:
    with pytest.raises(ValueError, match="beside a job"):
        path_of(Layout.TASK, SCRIPT, "clean")


@pytest.mark.parametrize(
    "path",
    ["manifest.json", "readme.txt", "jobs/a.jobs", "cdms/a.json", "a/b.json", "jobs/", "job", "x/cdms/.json"],
)
def test_what_is_no_object(path: str) -> None:
    assert classify(path) is None


def test_objects_are_found_at_any_depth() -> None:
    assert classify("export/2026/jobs/a.job") == Place(JOB, "a")
    assert classify("a.job") == Place(JOB, "a")
    assert classify("x/y/z.script") == Place(SCRIPT, "z", "y")


def test_the_layout_is_what_most_paths_fit() -> None:
    assert layout_of([]) is Layout.FACTORY
    assert layout_of(["a.job"]) is Layout.FACTORY
    assert layout_of(["jobs/a/a.job", "jobs/b/b.job", "readme"]) is Layout.FACTORY_BATCH
    assert layout_of(["a/a.job", "a/b.script", "jobs/jobs.job"]) is Layout.TASK


def test_resource_files() -> None:
    digest = "0" * 64
    assert file_digest(file_path(digest)) == digest
    assert not file_digest("files/" + "0" * 63)
    assert not file_digest("x/files/" + digest)
