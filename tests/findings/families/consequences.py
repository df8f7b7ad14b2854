"""What follows from other findings

These stand in the plan, at the object that stays out. Leaving out a CDM definition leaves nobody else out.
"""

from __future__ import annotations

from findings.example import Case, Example, File, job, node, script
from jobferry.model.transfer.policy import Outcome


def _needing(name: str, script_name: str, *, sound: bool) -> tuple[File, ...]:
    document = {"name": script_name, "type": "Shell" if sound else "", "content": "echo"}
    return (job({"name": name, "nodes": [node(scriptName=script_name)]}), script(document))


def _alone_using(*, sound: bool) -> tuple[File, ...]:
    broken = {} if sound else {"basicConfig": {"priority": 9}}
    used = script({"name": "only-used-left-out", "type": "Shell", "content": "echo"})
    return (job({"name": "its-user", "nodes": [node(scriptName="only-used-left-out")], **broken}), used)


def _beside(*, sound: bool) -> Case:
    broken = {} if sound else {"basicConfig": {"priority": 9}}
    files = (job({"name": "package-held-back"}), job({"name": "the-other", **broken}))
    return Case(files=files, options={"outcome": Outcome.PACKAGE})


RIGHTLESS = "whose user may write nothing has nothing that could follow"

EXAMPLES = (
    Example(
        code="needed-left-out",
        meaning="An object of the package that this one needs is left out; the finding says why. Where that "
        "one is new, this is *missing*; where it is here and was to be overwritten, it blocks.",
        alone=RIGHTLESS,
        fails=Case(files=_needing("needed-left-out", "it-is-broken", sound=False)),
        passes=Case(files=_needing("needed-left-out", "it-is-broken", sound=True)),
    ),
    Example(
        code="only-used-left-out",
        meaning="A script, resource or CDM definition that only objects left out use.",
        alone=RIGHTLESS,
        fails=Case(files=_alone_using(sound=False)),
        passes=Case(files=_alone_using(sound=True)),
    ),
    Example(
        code="package-held-back",
        meaning="Outcome `package`: another object fails.",
        fails=_beside(sound=False),
        passes=_beside(sound=True),
        alone="with `outcome=package` nothing else follows from anything",
    ),
)
