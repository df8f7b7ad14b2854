"""A resource whose file is not on the target is reported, and its file is looked for without ado."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from builders import resource
from jobferry.errors import ErrorCode, FilesError
from jobferry.files.ports import ObjectPath, ObjectStorage
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.policy import ImportOptions
from jobferry.services.importing.preview import MOST_LOOKED_FOR, MOST_MS, FileSight
from processes import packed

from .conftest import Site


def findings(site: Site, *resources: dict[str, Any], **options: Any) -> dict[tuple[str, str], Severity]:
    """What a check says of files, by code and resource."""
    limits = site.running.stored.limits()
    package = packed(resources, "resource")
    received = site.running.imports.receive(site.caller, "p.zip", iter([package]), limits)
    seen = site.running.imports.preview(site.grant, received, ImportOptions(**options))
    return {(one.code, one.name or one.args["names"]): one.severity for one in seen.findings}


def test_a_file_that_is_not_there_is_told_and_the_resource_lands(site: Callable[[str], Site]) -> None:
    here = site("here")
    bucket = here.running.home.folder / "objects" / "jars"
    bucket.mkdir(parents=True)
    (bucket / "there.jar").write_bytes(b"PK")
    package = [
        resource("good", location="obs://jars/there.jar"),
        resource("bad", location="obs://jars/gone.jar"),
        resource("half", location="obs://jars/there.jar", dependFiles=["obs://jars/gone.txt"]),
        resource("strange", location="obs://elsewhere/a.jar"),
        resource("odd", location="obs://jars/../x.jar"),
    ]
    missing = {("resource-file-missing", name): Severity.WARN for name in ("bad", "half")}
    assert findings(here, *package) == missing
    done = here.land(packed(package, "resource"))
    assert done.message == "5 created"
    assert sorted(one.args["location"] for one in here.reported(done)) == [
        "obs://jars/gone.jar",
        "obs://jars/gone.txt",
    ]
    assert findings(here, *package) == {}  # they are here by now


def test_what_nobody_could_look_for_remains_to_be_seen_to(site: Callable[[str], Site]) -> None:
    here = site("here")
    (here.running.home.folder / "objects" / "jars").mkdir(parents=True)
    here.running.workspaces.set(here.grant, {"profile": "easydata", "default_directory": "/in"})
    package = [resource("bad", location="obs://jars/gone.jar"), resource("odd", location="obs://no/a.jar")]
    assert findings(here, *package) == {
        ("resource-file-missing", "bad"): Severity.WARN,
        ("remains-resource-files", "odd"): Severity.WARN,
    }
    here.running.stored.change(here.caller, {"object_imports": "false"})
    assert findings(here, *package) == {("remains-resource-files", "bad, odd"): Severity.WARN}


class Watched:
    """Object storage that has nothing, counts who asks, and may be out of order."""

    def __init__(self, *, broken: bool = False) -> None:
        self.asked: list[str] = []
        self._broken = broken

    def has(self, path: ObjectPath) -> bool:
        self.asked.append(str(path))
        if self._broken:
            raise FilesError(ErrorCode.FILES_FAILED, "the service does not answer in time")
        return False


def sight(storage: Any, now: Callable[[], int] = lambda: 0) -> FileSight:
    def give() -> ObjectStorage:
        kept: ObjectStorage = storage
        return kept

    return FileSight(give, now)


def test_many_files_are_looked_for_once_each_and_only_so_many() -> None:
    storage = Watched()
    seen = sight(storage)
    for _ in range(2):
        answers = [seen.has(f"obs://b/{number}") for number in range(5_000)]
    assert answers == [False] * MOST_LOOKED_FOR + [None] * (5_000 - MOST_LOOKED_FOR)
    assert len(storage.asked) == len(set(storage.asked)) == MOST_LOOKED_FOR


def test_a_service_that_fails_is_not_asked_again_and_a_slow_one_not_for_long() -> None:
    broken = Watched(broken=True)
    seen = sight(broken)
    assert [seen.has(f"obs://b/{number}") for number in range(9)] == [None] * 9
    assert len(broken.asked) == 1
    slow, times = Watched(), iter(range(0, 10**9, MOST_MS // 3))
    seen = sight(slow, times.__next__)
    assert [seen.has(f"obs://b/{number}") for number in range(9)] == [False] * 3 + [None] * 6
