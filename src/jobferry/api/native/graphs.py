"""Graphs of who uses which, around a job and in a directory; and when jobs run next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from jobferry.api.bodies import BodyLimit, LongList
from jobferry.api.calls import Body, Calls, QueryGroup
from jobferry.api.native.call import Placed
from jobferry.model.graph import MOST_HOPS, MOST_NODES, Direction, Graph
from jobferry.model.kinds import NeedKind
from jobferry.model.names import ROOT
from jobferry.model.next_runs import MOST_RUNS, JobRuns
from jobferry.model.uses import TextState

if TYPE_CHECKING:
    from jobferry.services.neighbourhood import Around

api = Calls("/api/workspaces/{workspace}", tag="references")

Hops = Annotated[int, Meta(ge=0, le=MOST_HOPS)]
Most = Annotated[int, Meta(ge=1, le=MOST_NODES)]
RunCount = Annotated[int, Meta(ge=1, le=MOST_RUNS)]


class GraphReach(QueryGroup):
    """How far a graph reaches; ``kind`` names the kinds that it shows and goes on through, or all."""

    direction: Direction = Direction.BOTH
    most: Most = MOST_NODES
    kind: tuple[NeedKind, ...] = ()
    state: TextState = TextState.DRAFT

    def around(self, hops: int) -> Around:
        """The same in the engine's words."""
        from jobferry.services.neighbourhood import Around

        return Around(hops, self.direction, self.most, frozenset(self.kind), self.state)


class JobNames(Body):
    """Up to 200 jobs by name, and how many runs of each."""

    names: LongList[str]
    count: RunCount = 5


class JobRunsList(Struct, frozen=True):
    """The next runs of jobs, in the order in which they were named."""

    items: list[JobRuns]


@api.get("/jobs/{name:path}/neighbourhood")
def show_neighbourhood(call: Placed, name: str, reach: GraphReach, hops: Hops = 1) -> Graph:
    """What a job uses and waits for (`up`), and what uses it or waits for it (`down`), for so many hops.

    At most `most` things, nearest first; how many were left out at which hop is told.
    """
    return call.platform.neighbourhoods.of_job(call.grant, name, reach.around(hops))


@api.get("/directories/job/graph")
def show_directory_graph(call: Placed, reach: GraphReach, directory: str = ROOT, hops: Hops = 0) -> Graph:
    """The jobs in a directory and below it, and who of them uses which; with `hops`, also what is around."""
    return call.platform.neighbourhoods.of_directory(call.grant, directory, reach.around(hops))


@api.get("/jobs/{name:path}/next-runs")
def show_next_runs(call: Placed, name: str, count: RunCount = 5) -> JobRuns:
    """When a job runs next by the schedule of its live version, if it is started and not held."""
    return call.platform.run_times.of_job(call.grant, name, count)


@api.post("/next-runs", body_limit=BodyLimit.NAMES)
def list_next_runs(call: Placed, body: JobNames) -> JobRunsList:
    """The same of several jobs at once."""
    return JobRunsList(call.platform.run_times.of_jobs(call.grant, body.names, body.count))
