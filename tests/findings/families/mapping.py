"""The mapping

Does the mapping do what it seems to say? Warnings, which keep nothing out.
"""

from __future__ import annotations

from findings.example import Case, Example, job, node, script


def mapped(name: str, pairs: dict[str, str], *queues: str, here: tuple[str, ...] = ()) -> Case:
    """A job whose nodes name queues, some of which are mapped."""
    nodes = [node(name=f"n{number}", queueName=queue) for number, queue in enumerate(queues)]
    return Case(
        files=(job({"name": name, "nodes": nodes}),),
        inventory={"queue": (*queues, *here)},
        mapping={"queue": pairs},
    )


def told(name: str, type_: str, content: str, local: str) -> Case:
    """A script that names a database which is mapped."""
    return Case(
        files=(script({"name": name, "type": type_, "content": content}),),
        mapping={"database": {name.replace("-", "_"): local}},
    )


_KIND = mapped("mapping-target-kind", {"mt_1": "a_connection"}, "mt_1")
_WRITTEN = "select * from {0}.orders"
_LONG = f"-- {'x' * 2**20}\n"

EXAMPLES = (
    Example(
        code="mapping-unused",
        meaning="A mapping speaks of a name that nothing in the package has.",
        fails=mapped("mapping-unused", {"mu_9": "mu_1"}, "mu_1"),
        passes=mapped("mapping-unused", {"mu_1": "mu_2"}, "mu_1", here=("mu_2",)),
    ),
    Example(
        code="mapping-chained",
        meaning="What a name is mapped to is mapped itself. Each name is mapped once: the chain is "
        "not followed.",
        fails=mapped("mapping-chained", {"mc_1": "mc_2", "mc_2": "mc_3"}, "mc_1", "mc_2", here=("mc_3",)),
        passes=mapped("mapping-chained", {"mc_1": "mc_3"}, "mc_1", "mc_2", here=("mc_3",)),
    ),
    Example(
        code="mapping-merges",
        meaning="Two names of the package become the same, so that no mapping can tell them apart "
        "on the way back.",
        fails=mapped("mapping-merges", {"mm_1": "mm_2"}, "mm_1", "mm_2"),
        passes=mapped("mapping-merges", {"mm_1": "mm_3"}, "mm_1", "mm_2", here=("mm_3",)),
    ),
    Example(
        code="mapping-target-missing",
        meaning="A name is mapped to something that does not exist here; what refers to it is found "
        "missing as well.",
        fails=mapped("mapping-target-missing", {"mn_1": "mn_9"}, "mn_1"),
        passes=mapped("mapping-target-missing", {"mn_1": "mn_2"}, "mn_1", here=("mn_2",)),
        answer={"queue": {"mn_1": "mn_1"}},
    ),
    Example(
        code="mapping-target-kind",
        meaning="A name is mapped to something that exists here as a thing of another kind only.",
        fails=Case(
            files=_KIND.files, inventory=_KIND.inventory, mapping=_KIND.mapping, connections=("a_connection",)
        ),
        passes=mapped("mapping-target-kind", {"mt_1": "mt_2"}, "mt_1", here=("mt_2",)),
        answer={"queue": {"mt_1": "mt_1"}},
    ),
    Example(
        code="text-unparsed",
        meaning="SQL that cannot be read seems to name a mapped database; it was left alone.",
        fails=told("text-unparsed", "HiveSQL", "sel ect from text_unparsed.orders from from;", "prod_1"),
        passes=told("text-unparsed", "HiveSQL", _WRITTEN.format("text_unparsed"), "prod_1"),
    ),
    Example(
        code="text-case",
        meaning="A mapped database is written in other letters; it was left alone.",
        fails=told("text-case", "HiveSQL", _WRITTEN.format("TEXT_CASE"), "prod_2"),
        passes=told("text-case", "HiveSQL", _WRITTEN.format("text_case"), "prod_2"),
    ),
    Example(
        code="text-needs-quotes",
        meaning="A mapped database stands without quotes that its new name needs; it was left alone.",
        fails=told("text-needs-quotes", "HiveSQL", _WRITTEN.format("text_needs_quotes"), "prod-3"),
        passes=told("text-needs-quotes", "HiveSQL", _WRITTEN.format("text_needs_quotes"), "prod_3"),
    ),
    Example(
        code="text-not-sql",
        meaning="A text that is not SQL seems to name a mapped database; it was left alone.",
        fails=told("text-not-sql", "Shell", "echo text_not_sql.orders", "prod_4"),
        passes=told("text-not-sql", "HiveSQL", _WRITTEN.format("text_not_sql"), "prod_4"),
    ),
    Example(
        code="text-too-large",
        meaning="A text, a statement or all texts together are over a limit of mapping; it was left alone.",
        fails=told("text-too-large", "HiveSQL", f"{_LONG}{_WRITTEN.format('text_too_large')}", "prod_5"),
        passes=told("text-too-large", "HiveSQL", _WRITTEN.format("text_too_large"), "prod_5"),
    ),
)
