"""What a mapping changes, place by place."""

from __future__ import annotations

from typing import Any

from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import line_limit, show_rest, subject

_INSTANTS = 5


def show_schedules(out: Out, schedules: list[dict[str, Any]]) -> None:
    """Prints what becomes of each schedule, and its next instants before and after."""
    if schedules:
        out.line(out.say("schedules in another time zone, with their next times (UTC):"), "bold")
    for one in schedules:
        out.line(
            f"  {subject('job', one['example'], out.say)} ({one['jobs']}): {one['zone']} → {one['there']}"
        )
        for expression, instants in ((one["expression"], one["before"]), (one["made"], one["after"])):
            told = ", ".join(instants[:_INSTANTS]) if instants is not None else "?"
            out.line(f"    {expression or '-'}: {told}")


def show_hits(out: Out, hits: list[dict[str, Any]], lines: int | None) -> None:
    """Prints each place that the mapping changes."""
    if not hits:
        return
    limit = line_limit(out, lines)
    out.line(out.say("the mapping changes:"), "bold")
    for hit in hits[:limit]:
        place = hit["path"] + (":" + str(hit["line"]) if hit["line"] else "")
        named = subject(hit["object_kind"], hit["object"], out.say)
        out.line(f"  {named} {place}: {hit['kind']} {hit['from']} → {hit['to']}")
    if limit is not None and len(hits) > limit:
        show_rest(out, len(hits) - limit, "  ")
