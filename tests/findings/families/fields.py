"""Fields

What a document's fields break; the path says where. Also on save. Of one document the first 100 are told.
"""

from __future__ import annotations

from typing import Any

from findings.example import Case, Example, File, job, node, resource, script

CRON: dict[str, Any] = {
    "type": "CRON",
    "cron": {"expression": "0 0 1 * * ?", "startTime": "2026-01-01T00:00:00+08"},
}


def _zoned(zone: str) -> dict[str, Any]:
    return CRON | {"cron": CRON["cron"] | {"expressionTimeZone": zone}}


def case(file: File, **settings: str) -> Case:
    return Case(files=(file,), settings=settings)


def doc(name: str, *nodes: Any, **fields: Any) -> File:
    return job({"name": name, **({"nodes": list(nodes)} if nodes else {}), **fields})


def _job(code: str, meaning: str, fails: dict[str, Any], passes: dict[str, Any]) -> Example:
    return Example(
        code=code, meaning=meaning, fails=case(doc(code, **fails)), passes=case(doc(code, **passes))
    )


def _script(code: str, meaning: str, fails: dict[str, Any], passes: dict[str, Any]) -> Example:
    kept = {"name": code, "type": "Shell", "content": "echo"}
    return Example(
        code=code, meaning=meaning, fails=case(script(kept | fails)), passes=case(script(kept | passes))
    )


def _nodes(code: str, meaning: str, fails: list[Any], passes: list[Any]) -> Example:
    return _job(code, meaning, {"nodes": fails}, {"nodes": passes})


EXAMPLES = (
    Example(
        code="name-missing",
        meaning="No name, or an empty one.",
        fails=case(resource({"name": "", "type": "jar", "location": "obs://b/a.jar"}, uid="")),
        passes=case(resource({"name": "named", "type": "jar", "location": "obs://b/a.jar"})),
    ),
    Example(
        code="name-illegal",
        meaning="A name with other characters than allowed, or too long: letters, digits, Chinese "
        "letters, `_`, `-`, `.`; "
        "128 (resources 32, without `.`; parameters 64, without Chinese and `.`; nodes also `/ < >`). "
        "In a package of folders, also the folder's name.",
        fails=case(doc("name illegal")),
        passes=case(doc("名称-合法_1.0")),
    ),
    _nodes(
        "field-missing",
        "A required value is absent: a node's or resource's `type`, a property's name, a resource's "
        "`location`.",
        [{"name": "n"}],
        [{"name": "n", "type": "Dummy"}],
    ),
    _job(
        "field-type",
        "A value of another type than is read there. Numbers may be texts.",
        {"nodes": [node() | {"retryTimes": "often"}]},
        {"nodes": [node() | {"retryTimes": "3"}]},
    ),
    _job(
        "field-too-long",
        "Longer than allowed: description 255, owner 128, parameter value 1,024, `customFields` 2,048, "
        "location 1,023, `dependFiles` 10,240.",
        {"params": [{"name": "p", "value": "v" * 1025}]},
        {"params": [{"name": "p", "value": "v" * 1024}]},
    ),
    _job(
        "field-range",
        "A number outside its range: `pollingInterval` 1–60, `maxExecutionTime` 5–1440, `retryTimes` 0–5, "
        "`retryInterval` 5–120 or 0, `priority` 0–2, `instanceTimeout` 5–1440 or 0, `concurrent` "
        "1–128 or 0.",
        {"basicConfig": {"priority": 3}},
        {"basicConfig": {"priority": 2}},
    ),
    _job(
        "field-value",
        "None of the words that the service documents for `processType`, `schedule.type`, `eventType`, "
        "`dependPeriod`, `dependFailPolicy`, `readPolicy`, `failPolicy`, a parameter's or resource's `type`; "
        "warns or blocks by `undocumented`, and is refused on save.",
        {"processType": "SOMETIMES"},
        {"processType": "BATCH"},
    ),
    _nodes(
        "word-former",
        "`failPolicy` is `EXIT`, `EXIT_CHILD` or `CONTINUE`, as the service's reference of 2021 had it: "
        "today's words are `FAIL`, `FAIL_CHILD` and `IGNORE`. Warns or blocks by `undocumented`, "
        "and is refused on save.",
        [node() | {"failPolicy": "EXIT"}],
        [node() | {"failPolicy": "FAIL"}],
    ),
    _job(
        "value-required",
        "What the service documents as required is absent or empty: `schedule.type`, `expression` and "
        "`startTime` of a `cron` or `cronTrigger`, `channel` of a DIS event, `expression` of a condition; a "
        "script's `content` is absent. Warns or blocks by `undocumented`, and is refused on save.",
        {"schedule": CRON | {"cron": CRON["cron"] | {"startTime": ""}}},
        {"schedule": {"type": "CRON"}},
    ),
    Example(
        code="schedule-missing",
        meaning="A job without `schedule`, unless what is here has one that stays. Warns or blocks by "
        "`undocumented`, and is refused on save.",
        fails=case(doc("schedule-missing", schedule=None)),
        passes=case(doc("schedule-missing", schedule={"type": "EXECUTE_ONCE"})),
    ),
    Example(
        code="zone-unknown",
        meaning="`expressionTimeZone` names no time zone, and the import relabels nothing. Warns or "
        "blocks by `undocumented`, and is refused on save.",
        fails=case(doc("zone-unknown", schedule=_zoned("Mars/Base"))),
        passes=case(doc("zone-unknown", schedule=_zoned("UTC"))),
        answer={"time-zone": {"Mars/Base": "UTC"}},
    ),
    _job(
        "time-illegal",
        "`startTime` or `endTime` is no instant (`2026-10-22T23:59:59+08`).",
        {"schedule": CRON | {"cron": CRON["cron"] | {"startTime": "yesterday"}}},
        {"schedule": CRON},
    ),
    _script("type-missing", "A script without type.", {"type": ""}, {}),
    _script(
        "content-too-large",
        "A script of more than 4 MiB.",
        {"content": "x" * (4 * 1024 * 1024 + 1)},
        {"content": "x" * 1024},
    ),
    _job(
        "directory-illegal",
        "Deeper than 10 levels, or a part that is not 1–64 letters, digits, Chinese letters, `_`, `-`; "
        "also where a mapping makes it so.",
        {"directory": "/dw/no spaces"},
        {"directory": "/dw/spaces"},
    ),
    Example(
        code="too-many-nodes",
        meaning="More nodes than `max_nodes`.",
        fails=case(doc("too-many-nodes", *(node(name=f"n{number}") for number in range(201)))),
        passes=case(doc("too-many-nodes", node())),
    ),
    _nodes("node-doubled", "Two nodes of one name.", [node(), node()], [node(), node(name="m")]),
    _nodes(
        "predecessor-unknown",
        "`preNodeName` names no node of this job.",
        [node() | {"preNodeName": ["ghost"]}],
        [node(), node(name="m") | {"preNodeName": ["n"]}],
    ),
    _nodes(
        "nodes-cyclic",
        "Nodes wait for each other in a circle, which is named.",
        [node() | {"preNodeName": ["m"]}, node(name="m") | {"preNodeName": ["n"]}],
        [node(), node(name="m") | {"preNodeName": ["n"]}],
    ),
    Example(
        code="mrs-queue-unset",
        meaning="A node on MRS names no queue, and `mrs_queue_mandatory` holds.",
        fails=case(doc("mrs-queue-unset", node("MRSSpark")), mrs_queue_mandatory="true"),
        passes=case(doc("mrs-queue-unset", node("MRSSpark"))),
    ),
    _job(
        "cron-illegal",
        "Not six or seven fields, seconds that are not 0, or a number, range, step, name or letter that "
        "cannot stand in its field: minutes 0–59, hours 0–23, day 1–31 (`L`, `W`, `C`), month 1–12 or "
        "`JAN`–`DEC`, weekday 1–7 or `SUN`–`SAT` (`L`, `C`, `#`), year 1970–2099; `?` for day, weekday and "
        "year alone.",
        {"schedule": CRON | {"cron": CRON["cron"] | {"expression": "0 0 25 * * ?"}}},
        {"schedule": CRON},
    ),
    _job(
        "cron-monthly",
        "The month is not `*`, the only one that the service documents. Never refused.",
        {"schedule": CRON | {"cron": CRON["cron"] | {"expression": "0 0 1 1 JAN ?"}}},
        {"schedule": CRON},
    ),
    Example(
        code="dws-address-missing",
        meaning="A DWS connection with neither cluster nor address and port.",
        fails=Case(saved=({"name": "dwh", "type": "DWS", "config": {}},)),
        passes=Case(saved=({"name": "dwh", "type": "DWS", "config": {"clusterName": "c"}},)),
        alone="on save only: connections do not travel",
    ),
)
