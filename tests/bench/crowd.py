"""A crowded workspace: small things beside the same with a tenth of the jobs (a big run: a hundredth)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from bench import driving, fleet
from bench.goals import goal_of
from bench.measure import seconds, timed
from bench.report import Row, Table
from bench.scene import Scene
from bench.served import served
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.model.kinds import JobType, ObjectKind
from jobferry.services.workspaces import DEFAULT_WORKSPACE
from people import entered

TITLE = "A crowded workspace"
_OFTEN, _SELDOM = 9, 3
_PAGE = 100
_TEN = 10


def measure(scene: Scene) -> list[Table]:
    """Every small thing in both workspaces; the smaller one first."""
    small, large = scene.small, scene.large
    heads = (f"{small:,} jobs, s", f"{large:,} jobs, s", "ratio")
    about = "Medians; use cases in a running platform, calls of both APIs over HTTP to a served one."
    table = Table(TITLE, heads, about)
    found = {count: _Crowd(scene, count).measured() for count in (small, large)}
    for name, before in found[small].items():
        after = found[large][name]
        figures = (seconds(before), seconds(after), f"{after / before:.1f}")
        table.add(Row(name, figures, after / before, goal_of("crowd/ratio", scene.count)))
    return [table]


class _Crowd:
    """One workspace, and packages of ten jobs from the platform that all its jobs came from."""

    def __init__(self, scene: Scene, count: int) -> None:
        self._scene = scene
        self._count = count
        self._last_page = max(count - _PAGE, 0)
        self._ten = [fleet.job_name(number) for number in range(_TEN)]

    def measured(self) -> dict[str, float]:
        """Seconds of each small thing."""
        packages = self._packages()
        folder = self._scene.target(self._count)
        with driving.opened(folder) as running:
            reads = self._reads(running)
        calls = self._calls(folder)
        with driving.opened(folder) as running:
            return reads | calls | self._trips(running, packages)

    def _reads(self, running: RunningPlatform) -> dict[str, float]:
        grant, objects = entered(running), running.objects

        def page(offset: int = 0, **more: str) -> Callable[[], object]:
            return lambda: objects.page(grant, ObjectKind.JOB, offset=offset, limit=_PAGE, **more)

        return {
            "list, first page": _often(page()),
            "list, page in the middle": _often(page(self._last_page // 2)),
            "list, last page": _often(page(self._last_page)),
            "list by type, first page": _often(page(subtype=JobType.BATCH)),
            "list by type, none found": _often(page(subtype=JobType.REAL_TIME)),
            "search a name, one found": _often(page(name_part=fleet.job_name(self._count - 1))),
            "search a name, none found": _often(page(name_part="nobody")),
            "search a name, nearly all found": _often(page(name_part="JOB")),
            "show a job": _often(lambda: objects.show(grant, ObjectKind.JOB, fleet.job_name(1))),
        }

    def _calls(self, folder: Path) -> dict[str, float]:
        with served(folder) as platform:
            client = platform.client()

            def get(*more: str, **query: Any) -> None:
                client.get("v1", platform.project_id, "jobs", *more, **query)

            def own(**query: Any) -> None:
                client.get("api", "workspaces", DEFAULT_WORKSPACE, "objects", "job", limit=_PAGE, **query)

            name = fleet.job_name(1)
            found = {
                "own API: list, first page": _often(own),
                "own API: list, last page": _often(lambda: own(offset=self._last_page)),
                "Factory: list, first page": _often(lambda: get(limit=_PAGE)),
                "Factory: list, last page": _often(lambda: get(limit=_PAGE, offset=self._last_page)),
                "Factory: list by tag, ten found": _often(lambda: get(tags=fleet.TAG)),
                "Factory: list by tag, none found": _often(lambda: get(tags="nobody")),
                "Factory: show a job": _often(lambda: get(name)),
                "Factory: show with dependents": _often(lambda: get(name, dependencies="true")),
            }
            client.close()
            return found

    def _trips(self, running: RunningPlatform, packages: dict[str, list[Path]]) -> dict[str, float]:
        grant = entered(running)

        def save(number: int) -> None:
            (_, text), name = fleet.job(1, self._count, mark=f"saved {number}"), fleet.job_name(1)
            running.objects.update(grant, ObjectKind.JOB, name, text, submit=True)

        def imports(listed: Iterable[Path]) -> float:
            return timed(driving.import_, [(running, package) for package in listed]).seconds

        def created() -> Iterator[tuple[()]]:
            for number in range(_OFTEN):
                _, text = fleet.job(self._count * 2 + number, self._count)
                running.objects.create(grant, ObjectKind.JOB, text, submit=True)
                yield ()

        def search() -> None:
            running.objects.page(grant, ObjectKind.JOB, offset=0, limit=_PAGE, name_part="nobody")

        new, changed = packages["new"], packages["changed"]
        return {
            "save a job": timed(save, [(number,) for number in range(_OFTEN)]).seconds,
            "search a name, a job was added before": timed(search, created()).seconds,
            "export ten jobs": _often(lambda: driving.export(running, self._ten)),
            "check ten new jobs": _often(lambda: driving.preview(running, new[0])),
            "check ten changed jobs": _often(lambda: driving.preview(running, changed[0])),
            "import ten new jobs": imports(new),
            "import ten changed jobs": imports(changed),
            "import ten unchanged jobs": imports([changed[-1]] * _OFTEN),
        }

    def _packages(self) -> dict[str, list[Path]]:
        """Exports of ten jobs at a time, new ones and changed ones, each different from the others."""
        made: dict[str, list[Path]] = {"new": [], "changed": []}
        scene = self._scene
        with driving.opened(scene.copy(scene.source(self._count))) as source:
            for turn in range(_SELDOM):
                first = self._count + turn * _TEN
                for name, numbers in (("new", range(first, first + _TEN)), ("changed", range(_TEN))):
                    jobs = fleet.some_jobs(numbers, self._count, mark=f"{name} {turn}")
                    driving.import_(source, scene.zipped(name, jobs))
                    names = [fleet.job_name(number) for number in numbers]
                    made[name].append(driving.export_to(scene.place(f"{name}.zip"), source, names))
        return made


def _often(work: Callable[[], object]) -> float:
    return timed(work, [()] * _OFTEN).seconds
