"""What import options say: each part of a condition alone, and with the other one."""

from __future__ import annotations

import pytest

from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.mapping import Mapping
from jobferry.model.transfer.policy import Duplicates, ImportOptions, ObjectRule, Policy

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT
PARAMETERS = Mapping(parameters={"day": "1"})
NAMES = Mapping(names={NeedKind.QUEUE: {"a": "b"}})


@pytest.mark.parametrize(
    ("options", "kind", "name", "confirmed"),
    [
        ({}, JOB, "x", False),
        ({"delete": {JOB: ("x",)}}, JOB, "x", True),
        ({"delete": {JOB: ("x",)}}, JOB, "y", False),
        ({"delete": {JOB: ("x",)}}, SCRIPT, "x", False),
        ({"delete": {JOB: ("x",), SCRIPT: ("y",)}}, SCRIPT, "x", False),
        ({"delete": {JOB: ("x",), SCRIPT: ("y",)}}, SCRIPT, "y", True),
        ({"apply_deletions": True}, SCRIPT, "x", True),
        ({"apply_deletions": True, "delete": {JOB: ("y",)}}, SCRIPT, "x", True),
    ],
)
def test_a_deletion_is_confirmed_by_kind_and_name_or_with_all(
    options: dict[str, object], kind: ObjectKind, name: str, confirmed: bool
) -> None:
    assert ImportOptions(**options).confirms(kind, name) is confirmed  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "true"),
    [
        ({}, ""),
        ({"apply_deletions": True}, "deletes"),
        ({"delete": {JOB: ("x",)}}, "deletes"),
        ({"delete": {JOB: ()}}, ""),
        ({"params": {"day": "1"}}, "rewrites sets_parameters"),
        ({"job_params": {"orders": {"day": "1"}}}, "rewrites sets_parameters"),
        ({"mapping": PARAMETERS}, "rewrites sets_parameters"),
        ({"rules": (ObjectRule(mapping=PARAMETERS),)}, "rewrites sets_parameters"),
        ({"rules": (ObjectRule(), ObjectRule(mapping=PARAMETERS))}, "rewrites sets_parameters"),
        ({"rules": (ObjectRule(mapping=NAMES),)}, "rewrites"),
        ({"mapping": NAMES}, "rewrites renames"),
        ({"mapping": Mapping(names={NeedKind.JOB: {"a": "b"}})}, "rewrites renames"),
        ({"mapping": Mapping(zones={"a": "b"})}, "rewrites"),
        ({"execute_user": "lin"}, "rewrites renames"),
        ({"execute_user": ""}, "rewrites renames"),
        ({"time_zone": "UTC"}, "rewrites"),
        ({"approvers": ("zhao",)}, ""),
        ({"hold": {NeedKind.QUEUE: ("a",)}}, ""),
    ],
)
def test_each_option_alone_says_what_an_import_does(options: dict[str, object], true: str) -> None:
    said = ImportOptions(**options)  # type: ignore[arg-type]
    names = ("deletes", "rewrites", "sets_parameters", "renames")
    assert {name for name in names if getattr(said, name)} == set(true.split())


@pytest.mark.parametrize(
    ("options", "policy", "copies"),
    [
        ({}, Duplicates.SKIP, False),
        ({}, Duplicates.COPY, True),
        ({"duplicates": Duplicates.COPY}, Duplicates.SKIP, True),
        ({"duplicates": Duplicates.SKIP}, Duplicates.COPY, False),
        ({"rules": (ObjectRule(), ObjectRule(duplicates=Duplicates.COPY))}, Duplicates.SKIP, True),
        ({"rules": (ObjectRule(duplicates=Duplicates.SKIP),)}, Duplicates.SKIP, False),
    ],
)
def test_an_import_makes_copies_by_its_option_a_rule_or_the_workspace(
    options: dict[str, object], policy: Duplicates, copies: bool
) -> None:
    said = ImportOptions(**options)  # type: ignore[arg-type]
    assert said.copies(Policy(duplicates=policy)) is copies
