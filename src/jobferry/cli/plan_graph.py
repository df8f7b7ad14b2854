"""The jobs of a package as a graph, coloured by what a plan makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jobferry.api.native import checks
from jobferry.api.native.report import StepQuery
from jobferry.cli import files
from jobferry.cli.files import OBJECT_SCHEME
from jobferry.cli.show.graph import Drawing, DrawnEdge, DrawnNode, Look
from jobferry.cli.words import Say
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.references import NESTED
from jobferry.model.graph import MOST_NODES
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.plan_view import Verdict

if TYPE_CHECKING:
    from jobferry.cli.client import Client
    from jobferry.model.document.references import Reference

_FIRST = (Verdict.BLOCKED, Verdict.HELD, Verdict.OVERWRITE, Verdict.CREATE, Verdict.SKIP)
"""Of many jobs those are drawn first that need a look; unchanged ones come last."""


def plan_drawing(api: Client, package: str, import_id: str, say: Say) -> Drawing:
    """Up to 200 jobs of a package, and who among them waits for which or runs it.

    Raises:
        InvalidRequest: the package lies in object storage; its references are read here.
        JobferryError: the package cannot be read, or the platform not be asked.
    """
    if package.startswith(OBJECT_SCHEME):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "a graph is drawn only of a package file or folder",
            hint="fetch the package, and check the file",
        )
    references = _references(Path(package))
    steps = api.all(checks.show_plan, import_id, StepQuery(kind=ObjectKind.JOB))
    verdicts = {step.name: step.verdict for step in steps if step.name in references}
    ranks = {verdict: rank for rank, verdict in enumerate(_FIRST)}
    names = sorted(verdicts, key=lambda name: ranks.get(verdicts[name], len(ranks)))[:MOST_NODES]
    numbers = {name: number for number, name in enumerate(names)}
    nodes = [DrawnNode(name, say(verdicts[name].value), Look(verdicts[name].value)) for name in names]
    left, total = len(verdicts) - len(names), len(verdicts)
    notes = [say("not shown: {count} of {total} jobs", count=left, total=total)] if left else []
    return Drawing(nodes, _edges(numbers, references, say), notes)


def _edges(
    numbers: dict[str, int], references: dict[str, tuple[Reference, ...]], say: Say
) -> list[DrawnEdge]:
    edges: dict[DrawnEdge, None] = {}
    for name, number in numbers.items():
        for reference in references[name]:
            other = numbers.get(reference.name)
            if reference.kind is not NeedKind.JOB or reference.workspace or other is None:
                continue
            nested = reference.role == NESTED
            edge = DrawnEdge(number, other, say("runs")) if nested else DrawnEdge(other, number)
            edges[edge] = None
    return list(edges)


def _references(package: Path) -> dict[str, tuple[Reference, ...]]:
    """What each job of a package refers to."""
    from jobferry.services.packages import inspect

    with files.package_file(package) as file:
        entries = inspect(file).contents.entries
    return {entry.info.name: entry.facts.references for entry in entries if entry.info.kind is ObjectKind.JOB}
