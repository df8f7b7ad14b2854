"""What an export would take along, and what it would leave as a need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import line_limit, show_rest, subject


def show_leaving(out: Out, found: dict[str, Any], lines: int | None) -> None:
    """Prints what is chosen, what comes along through which reference, and what is needed there."""
    say, chosen = out.say, found["chosen"]
    objects = found["objects"]
    mebibytes = f"{found['bytes'] / 1024 / 1024:.1f} MiB"
    out.line(say("would export {count} objects, {size} unpacked", count=len(objects), size=mebibytes), "bold")
    _listed(out, "chosen", [_object(out, one) for one in objects[:chosen]], lines)
    _listed(out, "comes along", [_object(out, one) for one in objects[chosen:]], lines)
    _listed(out, "needed where it arrives", [_object(out, one) for one in found["needs"]], lines)
    gone = [subject(one["kind"], one["name"], say) for one in found["deletions"]]
    _listed(out, "gone here", gone, lines)
    if found["note"]:
        out.line(found["note"])
    _listed(out, "left out, never submitted", found["left_out"], lines)


def _object(out: Out, one: dict[str, Any]) -> str:
    name = f"{one['workspace']}/{one['name']}" if one.get("workspace") else one["name"]
    text = subject(one["kind"], name, out.say)
    if one.get("version"):
        text += f" v{one['version']}"
    if one["through"] is None:
        return text
    use = one["through"]
    by = subject(use["kind"], use["name"], out.say)
    if not use["path"]:  # somewhere in the text, as environment variables are
        return text + "  " + out.say("used by {object}", object=by)
    return text + "  " + out.say("used by {object} at {path}", object=by, path=use["path"])


def _listed(out: Out, heading: str, texts: Sequence[str], lines: int | None) -> None:
    if not texts:
        return
    limit = line_limit(out, lines)
    out.line(f"{out.say(heading)}:")
    for text in texts[:limit]:
        out.line(f"  {text}")
    if limit is not None and len(texts) > limit:
        show_rest(out, len(texts) - limit, "  ")
