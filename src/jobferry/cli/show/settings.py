"""A table of settings."""

from __future__ import annotations

from typing import Any

from jobferry.cli.call import Call


def settings_table(call: Call, items: list[dict[str, Any]]) -> None:
    """Key, value, where it comes from, who may set it; then what each means."""
    if call.json:
        call.out.value(items)
        return
    rows = [
        (one["key"], one["value"] or one["follows"], one["source"], ", ".join(one["set_by"]), one["meaning"])
        for one in items
    ]
    call.out.table(("setting", "value", "from", "set by", "meaning"), rows)
