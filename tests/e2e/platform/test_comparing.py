"""What a package has otherwise than a workspace; layouts do not matter, directories that are not one's do."""

from collections.abc import Callable

from builders import job, node
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import ExportState
from jobferry.model.rights import Role
from people import member, policy

from .conftest import Site

JOB = ObjectKind.JOB
Changes = dict[str, tuple[str, ...]]


def changes(
    site: Site, package: bytes, *, everything: bool = False, state: ExportState = ExportState.DRAFT
) -> tuple[Changes, int]:
    """What differs, by name, and how many objects do not."""
    running, limits = site.running, site.running.stored.limits()
    received = running.imports.receive(site.caller, "package.zip", iter([package]), limits)
    with running.comparing.compare(site.grant, received, state, limits, everything=everything) as found:
        return {one.name: tuple(one.changes) for one in found}, found.same


def test_a_package_is_compared_with_what_is_here_now(site: Callable[[str], Site]) -> None:
    here = site("here")
    here.script("clean")
    for name in ("kept", "edited", "moved", "other", "spare"):
        here.save(JOB, job(name, node(scriptName="clean"), directory="/dw"))
    package = here.export("kept", "edited", "moved", "other")
    assert changes(here, package) == ({}, 5)
    here.change(JOB, job("edited", node(scriptName="clean", queueName="q"), directory="/dw"), submit=False)
    here.change(JOB, job("moved", node(scriptName="clean"), directory="/ods"))
    here.running.objects.delete(here.grant, JOB, "other")
    differing: Changes = {"edited": ("changed",), "moved": ("moved",), "other": ("added",)}
    assert changes(here, package) == (differing, 2)
    assert changes(here, package, everything=True) == (differing | {"spare": ("removed",)}, 2)
    del differing["edited"]
    assert changes(here, package, state=ExportState.SUBMITTED) == (differing, 3)


def test_a_secret_that_left_empty_is_the_same(site: Callable[[str], Site]) -> None:
    here = site("here")
    named = {"name": "password", "value": "s3cret", "value_is_sensitive": True}
    load = node()
    load["properties"].append(named)
    here.save(JOB, job("orders", load))
    package = here.export("orders")
    assert b"s3cret" not in package
    assert changes(here, package) == ({}, 1)


def test_the_layout_makes_no_difference(site: Callable[[str], Site]) -> None:
    here = site("here")
    here.script("clean")
    for name in ("a", "b"):
        here.save(JOB, job(name, node(scriptName="clean")))
    stream = here.running.exports.factory_batch(here.grant, ["a", "b"], depend=True, state=ExportState.DRAFT)
    assert changes(here, b"".join(stream.chunks)) == ({}, 3)


def test_nothing_is_told_of_directories_that_the_caller_may_not_enter(site: Callable[[str], Site]) -> None:
    here = site("here")
    here.save(JOB, job("open", directory="/dw"))
    here.save(JOB, job("closed", directory="/ods"))
    package = here.export("open", "closed")
    here.caller = member(here.running, "lin", Role.DEVELOPER)
    policy(here.running, "/dw", users=["lin"])
    assert changes(here, package, everything=True) == ({"closed": ("added",)}, 1)
