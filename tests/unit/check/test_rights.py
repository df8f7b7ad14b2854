"""What the importing user may not do by hand, their import does not do either."""

from __future__ import annotations

import pytest

from builders import Load, grant, job, resource, script, stored, target
from jobferry.check.runner import check
from jobferry.model.kinds import ObjectKind
from jobferry.model.messages import Language, say
from jobferry.model.rights import Role
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.policy import Duplicates
from jobferry.plan.build import build

RIGHTS = ("not-allowed-create", "not-allowed-overwrite", "directory-not-allowed")


def judged(load: Load, *there: object, **fields: object) -> list[tuple[str, str, str]]:
    view = target(*there, **fields)  # type: ignore[arg-type]
    found = check(load.context(view, duplicates=Duplicates.OVERWRITE))
    assert all(one.severity is Severity.BLOCK for one in found if one.code in RIGHTS)
    return [(one.code, one.kind, one.name) for one in found if one.code in RIGHTS]


def everything() -> Load:
    return Load().job("new").job("old", retries=1).script("new").script("old", content="2").resource("new")


THERE = (stored(ObjectKind.JOB, job("old")), stored(ObjectKind.SCRIPT, script("old"), id_=2))


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMINISTRATOR, Role.DEVELOPER])
def test_builders_create_and_overwrite(role: Role) -> None:
    assert judged(everything(), *THERE, grant=grant(role)) == []


def test_an_operator_overwrites_but_creates_no_job() -> None:
    assert judged(everything(), *THERE, grant=grant(Role.OPERATOR)) == [("not-allowed-create", "job", "new")]


def test_who_lacks_every_right_gets_a_finding_for_each_object() -> None:
    assert judged(everything(), *THERE, grant=grant(Role.DEPLOYER)) == [
        ("not-allowed-create", "job", "new"),
        ("not-allowed-overwrite", "job", "old"),
        ("not-allowed-create", "resource", "new"),
        ("not-allowed-create", "script", "new"),
        ("not-allowed-overwrite", "script", "old"),
    ]


def test_what_stays_as_it_is_needs_no_right() -> None:
    load = Load().job("old").script("old")
    assert judged(load, *THERE, grant=grant(Role.DEPLOYER)) == []


@pytest.mark.parametrize(
    ("directories", "blocked"),
    [(None, []), (("/a",), ["b", "root"]), ((), ["a", "b", "root"]), (("/",), [])],
)
def test_new_jobs_land_only_where_a_policy_lets_them(
    directories: tuple[str, ...] | None, blocked: list[str]
) -> None:
    load = Load().job("a", directory="/a/x").job("b", directory="/b").job("root")
    found = judged(load, grant=grant(Role.DEVELOPER, directories=directories))
    assert found == [("directory-not-allowed", "job", name) for name in blocked]


def test_a_chosen_directory_counts_not_the_one_in_the_package() -> None:
    load = Load().job("a", directory="/b")
    view = target(grant=grant(Role.DEVELOPER, directories=("/mine",)))
    codes = {one.code for one in check(load.context(view, directory="/mine"))}
    assert "directory-not-allowed" not in codes


def test_an_object_is_not_overwritten_where_it_lies_out_of_reach() -> None:
    there = stored(ObjectKind.JOB, job("a", directory="/b"))
    load = Load().job("a", directory="/a", retries=1)
    found = judged(load, there, grant=grant(Role.DEVELOPER, directories=("/a",)))
    assert found == [("directory-not-allowed", "job", "a")]


def test_an_object_is_not_moved_out_of_a_directory_that_is_kept_from_the_user() -> None:
    """Where the source has moved it goes along with it: both places have to be theirs."""
    there = stored(ObjectKind.JOB, job("a", directory="/kept"), id_=7)
    moved = Load().job("a", directory="/mine")
    for directories, kept in ((("/mine",), ["/kept"]), (("/kept",), ["/mine"]), (("/kept", "/mine"), [])):
        rights = grant(Role.DEVELOPER, directories=directories)
        view = target(there, grant=rights, landed_places={7: "/kept"})
        found = check(moved.context(view, duplicates=Duplicates.OVERWRITE))
        assert [one.args["directory"] for one in found if one.code in RIGHTS] == kept


def test_resources_lie_in_no_directory() -> None:
    load = Load().add(ObjectKind.RESOURCE, resource("r"))
    assert judged(load, grant=grant(Role.DEVELOPER, directories=())) == []


@pytest.mark.parametrize(
    ("administrators", "who"),
    [
        (("zhao", "qian"), {Language.ENGLISH: "zhao, qian", Language.CHINESE: "zhao、qian"}),
        ((), {Language.ENGLISH: "operations", Language.CHINESE: "平台运维"}),
    ],
)
def test_the_remedy_names_who_could_allow_it(
    administrators: tuple[str, ...], who: dict[Language, str]
) -> None:
    view = target(grant=grant(Role.OPERATOR, administrators=administrators, directories=()))
    found = [one for one in check(Load().job("new").context(view)) if one.code in RIGHTS]
    assert {one.code for one in found} == {"not-allowed-create", "directory-not-allowed"}
    for language in Language:
        assert all(who[language] in say(one, language).remedy for one in found)
        assert all("lin" in say(one, language).message for one in found)
    assert "developer" in say(_named(found, "not-allowed-create")).remedy


def test_a_blocked_object_takes_only_itself_along() -> None:
    view = target(*THERE, grant=grant(Role.OPERATOR))
    context = everything().context(view, duplicates=Duplicates.OVERWRITE)
    plan = build(context, check(context))
    leading = {(type(step).__name__, step.kind.value, step.name) for step, _ in plan.objects()}
    assert leading == {
        ("Block", "job", "new"),
        ("Overwrite", "job", "old"),
        ("Create", "script", "new"),
        ("Overwrite", "script", "old"),
        ("Create", "resource", "new"),
    }


def _named(found: list[Finding], code: str) -> Finding:
    return next(one for one in found if one.code == code)
