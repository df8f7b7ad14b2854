"""Which changes a workspace export is about, as the command line says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jobferry.cli.options import moment
from jobferry.errors import ErrorCode, InvalidRequest


def extents_said(
    *, full: bool, since_last: bool, span: tuple[str | None, str | None], receipt: Path | None
) -> list[dict[str, Any]]:
    """Every extent that was said, as the API takes it; only one makes sense.

    Raises:
        InvalidRequest: a time is none, an end is said without a beginning, or the receipt is no JSON.
        NotFound: the receipt's file cannot be read.
    """
    since, until = span
    said: list[dict[str, Any]] = []
    if full:
        said.append({"kind": "full"})
    if since_last:
        said.append({"kind": "last"})
    if since is not None:
        ends = {"until": moment(until, "--to")} if until else {}
        said.append({"kind": "range", "since": moment(since, "--from") or 0, **ends})
    elif until is not None:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "--to says where a range ends, and no --from where it begins",
            subject="--to",
        )
    if receipt is not None:
        said.append({"kind": "receipt", "receipt": _read(receipt)})
    return said


def _read(file: Path) -> Any:
    from jobferry.cli.sources import json_value, text_of

    try:
        found = json_value(text_of(file))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InvalidRequest(
            ErrorCode.RECEIPT_UNFIT,
            f"the file {file} is no receipt",
            subject=str(file),
            hint="write one where the package was imported: jobferry receipts show ID -o FILE",
        )
    return found
