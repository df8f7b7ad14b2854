"""The calls behind commands that import: hand a package in, check it, apply its plan, wait for its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobferry.cli import sources
from jobferry.cli.call import Call
from jobferry.cli.problems import BORDER_DOWN, EXIT_CODES, Refused
from jobferry.cli.show.progress import progress
from jobferry.errors import ErrorCode, JobferryError

if TYPE_CHECKING:
    from jobferry.cli.client import Api

OBJECT_SCHEME = "obs://"
_CONFLICT = 409
_DIFFERENCES = 5_000
"""Objects whose differences are asked for at once."""


def handed_in(api: Api, package: str) -> dict[str, str]:
    """The package as calls name it: on the platform's shelf, or in its object storage."""
    return _handed_in(api, package)[0]


def _handed_in(api: Api, package: str) -> tuple[dict[str, str], int]:
    """The same with its size in bytes; that of an object is not known here."""
    if package.startswith(OBJECT_SCHEME):
        return {"path": package}, 0
    path = Path(package)
    from jobferry.cli.client import at

    with progress("upload"), sources.package_stream(path) as stream:
        shelved = api.send("POST", at("packages"), stream, name=sources.package_name(path))
    return {"id": shelved["id"]}, shelved["size"]


@contextmanager
def checked(api: Api, call: Call, package: str, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An import that is checked and waits; it is let go of unless it was applied in between."""
    from jobferry.cli.client import at

    place = at("workspaces", call.workspace_name, "imports")
    reference, size = _handed_in(api, package)
    with progress("check"):
        made: dict[str, Any] = api.post(place, {"package": reference, "options": options})
    made["size"] = size
    try:
        yield made
    finally:
        if "applied" not in made:
            with suppress(Refused, JobferryError):  # it goes by itself after a day
                api.post(f"{place}/{made['id']}/discard")


def differences(api: Api, call: Call, made: dict[str, Any]) -> list[dict[str, Any]]:
    """What would change, object by object, of all that is here and that a checked import is about."""
    from jobferry.cli.client import at

    place = at("workspaces", call.workspace_name, "imports", made["id"], "differences")
    items: list[dict[str, Any]] = []
    total = 1
    with progress("differences") as shown:
        while len(items) < total:
            page = api.get(place, offset=len(items), limit=_DIFFERENCES)
            items, total = items + page["items"], page["total"] if page["items"] else 0
            shown.note(len(items), total or None)
    return items


def applied(api: Api, call: Call, made: dict[str, Any]) -> dict[str, Any]:
    """Carries out the plan of a checked import, waits for its end, and gives the receipt.

    Raises:
        Refused: it ended without one; its last words say why.
    """
    from jobferry.cli.client import at

    place = at("workspaces", call.workspace_name, "imports", made["id"], "apply")
    receipt = ended(api, api.post(place, {"plan_digest": made["plan_digest"]})["task_id"])
    made["applied"] = True
    return receipt


def ended(api: Api, task_id: str) -> dict[str, Any]:
    """The receipt of a task, once it is over.

    Raises:
        Refused: it ended without one; its last words say why.
    """
    from jobferry.cli.client import at

    task: dict[str, Any] = {"id": task_id, "status": "RUNNING"}
    with progress("import") as shown:
        while task["status"] == "RUNNING":
            task = api.get(at("tasks", task_id), wait=api.patience)
            shown.note(task["done"], task["total"] or None)
    if not task.get("receipt_id"):
        raise _ended_early(task)
    receipt: dict[str, Any] = api.get(at("receipts", task["receipt_id"]))
    return receipt


def _ended_early(task: dict[str, Any]) -> Refused:
    code = task.get("code") or ErrorCode.TARGET_MOVED.value
    told = {
        "code": code,
        "message": task["message"] or "the import ended without a word",
        "subject": task["name"],
        "hint": "import again once that is mended"
        if EXIT_CODES.get(code) == BORDER_DOWN
        else "check again, then import again",
    }
    return Refused(_CONFLICT, told)
