"""Directories: one level of the tree, and what becomes of paths when one moves."""

from __future__ import annotations

import pytest

from jobferry.model.directories import DirectoryCount, above, depth, fault_of, level_of, lies_in, moved
from jobferry.model.names import Limits

PATHS = {"/dw", "/dw/ods", "/dw/ods/数据", "/empty", "/dwh"}
NUMBERS = {"/": 1, "/dw": 2, "/dw/ods": 3, "/dw/ods/数据": 4, "/unlisted/deep": 5}


def everywhere(_: str) -> bool:
    return True


def test_a_level_counts_objects_here_and_below_and_directories() -> None:
    level = level_of("/", PATHS, NUMBERS, everywhere)
    assert level.parent == DirectoryCount("/", 1, 15, 4)
    assert level.children == [
        DirectoryCount("/dw", 2, 9, 1),
        DirectoryCount("/dwh", 0, 0, 0),
        DirectoryCount("/empty", 0, 0, 0),
        DirectoryCount("/unlisted", 0, 5, 1),
    ]
    below = level_of("/dw", PATHS, NUMBERS, everywhere)
    assert below.parent == DirectoryCount("/dw", 2, 9, 1)
    assert below.children == [DirectoryCount("/dw/ods", 3, 7, 1)]
    assert level_of("/empty", PATHS, NUMBERS, everywhere).children == []


def test_only_directories_that_lead_to_where_the_caller_works_are_shown_and_only_these_count() -> None:
    level = level_of("/", PATHS, NUMBERS, lambda path: lies_in(path, "/dw/ods"))
    assert level.parent == DirectoryCount("/", 0, 7, 1)
    assert level.children == [DirectoryCount("/dw", 0, 7, 1)]


@pytest.mark.parametrize(
    ("path", "directory", "is_in"),
    [
        ("/dw", "/dw", True),
        ("/dw/ods", "/dw", True),
        ("/dwh", "/dw", False),
        ("/dw", "/dw/ods", False),
        ("/a", "/", True),
        ("/", "/", True),
    ],
)
def test_a_path_lies_in_a_directory_or_not(path: str, directory: str, is_in: bool) -> None:
    assert lies_in(path, directory) is is_in


def test_paths_follow_their_directory() -> None:
    assert moved("/dw", "/dw", "/lake/raw") == "/lake/raw"
    assert moved("/dw/ods/数据", "/dw", "/lake/raw") == "/lake/raw/ods/数据"
    assert (above("/dw/ods"), above("/dw"), above("/")) == ("/dw", "/", "/")
    assert (depth("/"), depth("/a/b/c")) == (0, 3)


def test_a_directory_has_a_legal_name_a_depth_and_is_not_the_root() -> None:
    assert fault_of("/a/b", Limits(directory_depth=2)) == ""
    assert fault_of("/", Limits()) == "is the root"
    assert "3 levels deep" in fault_of("/a/b/c", Limits(directory_depth=2))
    assert "'b c'" in fault_of("/a/b c", Limits())
