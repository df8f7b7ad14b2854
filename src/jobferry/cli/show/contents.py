"""What a package holds and needs, as lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import line_limit, show_rest, subject


def show_contents(out: Out, package: dict[str, Any], lines: int | None) -> None:
    """Prints digest, origin, objects and needs."""
    say = out.say
    show_origin(out, package)
    _listed(out, "contents", [subject(one["kind"], one["name"], say) for one in package["objects"]], lines)
    needs = [
        subject(
            one["kind"], f"{one['workspace']}/{one['name']}" if one.get("workspace") else one["name"], say
        )
        for one in package["needs"]
    ]
    if needs:
        _listed(out, "needs", needs, lines)
    else:
        out.line(say("needs nothing from outside"))


def show_origin(out: Out, package: dict[str, Any]) -> None:
    """Prints how to recognise a package, and where it comes from."""
    say = out.say
    out.line(f"{say('digest')}: {package['digest']}", "bold")
    out.line(f"{say('layout')}: {package['layout']}; {len(package['objects'])} {say('objects')}")
    source = package.get("source")
    if source:
        place = say(
            "{platform}, workspace {workspace}",
            platform=source["platform_name"],
            workspace=source["workspace"],
        )
        out.line(f"{say('from')}: {place}")


def _listed(out: Out, heading: str, texts: Iterable[str], lines: int | None) -> None:
    found = list(texts)
    limit = line_limit(out, lines)
    out.line(f"{out.say(heading)}:")
    for text in found[:limit]:
        out.line(f"  {text}")
    if limit is not None and len(found) > limit:
        show_rest(out, len(found) - limit, "  ")
