"""Documents made from what is said on the command line: a job from nodes, a script from a file of text."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from jobferry.cli.options import pairs
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.sentences import sentence


def written(document: Mapping[str, Any]) -> bytes:
    """A document that is made here, with a value a line."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def job_nodes(nodes: Iterable[str], after: Iterable[str]) -> list[dict[str, Any]]:
    """Nodes said as ``NAME=TYPE[,PROPERTY=VALUE…]``, and ``NAME=BEFORE[,BEFORE…]`` for their order.

    Raises:
        InvalidRequest: one does not look so, is named twice, or is not there.
    """
    before = {name: said.split(",") for name, said in pairs(after, "--after").items()}
    found: list[dict[str, Any]] = []
    for name, said in pairs(nodes, "--node").items():
        kind, _, rest = said.partition(",")
        properties = pairs(filter(None, rest.split(",")), "--node")
        found.append(
            {
                "name": name,
                "type": kind,
                "preNodeName": before.pop(name, []),
                "properties": [{"name": key, "value": value} for key, value in properties.items()],
            }
        )
    if before:
        name = next(iter(before))
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("--after names {name}, which no --node does", name=name),
            subject="--after",
            hint=sentence("write --node {name}=TYPE as well", name=name),
        )
    return found


def schedule(cron: str) -> dict[str, Any]:
    """What starts a job: a cron expression from today on, or else somebody."""
    if not cron:
        return {"type": "EXECUTE_ONCE"}
    start = time.strftime("%Y-%m-%dT00:00:00+00", time.gmtime())
    return {"type": "CRON", "cron": {"expression": cron, "startTime": start}}
