"""What differs, path by path: as it last came in, as it is here, as the package has it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import subject

_LONGEST = 60


def show_differences(out: Out, differing: Iterable[dict[str, Any]]) -> None:
    """Prints objects with the paths at which they differ."""
    for one in differing:
        what = subject(one["kind"], one["name"], out.say)
        out.line(f"{what}: {out.say(one['change'])}", "bold")
        for sides in one["sides"]:
            out.line(f"  {sides['path']}")
            if sides["lines"]:
                out.quoted(sides["lines"], "      ")
                continue
            for name in ("base", "here", "package"):
                if sides[name] is not None:
                    out.line(f"    {out.say(name)}: {_value(out, sides[name])}")


def _value(out: Out, side: dict[str, Any]) -> str:
    if not side["there"]:
        return out.say("nothing")
    told = json.dumps(side["value"], ensure_ascii=False)
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"
