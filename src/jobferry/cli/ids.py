"""Ids by their beginning: of receipts, imports, downloads, tasks, reviews, releases and notices."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from jobferry.cli.call import Call
from jobferry.cli.session import platform
from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.names import nearest_names
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.cli.client import Client, PageStruct

P = ParamSpec("P")
T = TypeVar("T")
Ids = Callable[["Client"], Sequence[str]]
"""The ids among which a beginning is looked for, the newest first."""
SHORT = 8
"""Letters of an id that lists show."""
_BEGINNING = re.compile("[0-9a-f]{1,31}")
_NAMED = 5
_NEAR = 0.8
_TELLING = 4
"""Letters below which one beginning is like any other."""


def short(id_: str) -> str:
    """An id as a list shows it."""
    return id_[:SHORT]


def whole_id(there: Client, said: str, ids: Ids) -> str:
    """The one id that begins like this; what is like none stays as it is, and is not found later.

    Raises:
        InvalidRequest: several begin so.
        NotFound: none begins so, but one begins much like it.
    """
    if not _BEGINNING.fullmatch(said):
        return said
    known = ids(there)
    fitting = [id_ for id_ in known if id_.startswith(said)]
    if len(fitting) > 1:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("{count} ids begin with {beginning}", count=len(fitting), beginning=said),
            subject=said,
            hint=sentence("write more of it: {ids}", ids=fitting[:_NAMED]),
        )
    if not fitting:
        _refuse_near(said, known, ids)
    return fitting[0] if fitting else said


def _refuse_near(said: str, known: Sequence[str], ids: Ids) -> None:
    """Raises: NotFound: an id that is there begins much like this one, so that this one is a slip."""
    near = nearest_names(said, {id_[: len(said)] for id_ in known}, 2, _NEAR)
    if near and len(said) >= _TELLING:
        raise NotFound(
            _CODES[ids],
            sentence("no id here begins with {beginning}", beginning=said),
            subject=said,
            hint=sentence("did you mean {names}?", names=sorted(near)),
        )


def ask_about(
    call: Call,
    said: str,
    ids: Ids,
    run: Callable[Concatenate[Any, str, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """What a function of the API answers about the thing whose id begins like this.

    Raises:
        InvalidRequest: several begin so.
        JobferryError: there is none, or the platform refuses.
    """
    with platform(call) as there:
        ask: Any = there.ask
        answer: T = ask(run, whole_id(there, said, ids), *args, **kwargs)
        return answer


def ask_whole(
    call: Call,
    said: str,
    ids: Ids,
    run: Callable[Concatenate[Any, str, P], PageStruct],
    *args: P.args,
    **kwargs: P.kwargs,
) -> PageStruct:
    """A list of the thing whose id begins like this, as one page with all its items.

    Raises:
        InvalidRequest: several begin so.
        JobferryError: there is none, or the platform refuses.
    """
    with platform(call) as there:
        return there.newest(sys.maxsize, run, whole_id(there, said, ids), *args, **kwargs)


def import_to_undo(there: Client, said: str, *, last: bool) -> str:
    """The receipt of the import that is meant: by the beginning of its id, or the last.

    Raises:
        InvalidRequest: none or both are said, or several begin so.
        NotFound: there is no import that was not taken back.
    """
    if last == bool(said):
        raise _unnamed("name the receipt of an import, or give --last")
    if said:
        return whole_id(there, said, receipts)
    from jobferry.api.native.receipts import ReceiptQuery, list_receipts

    for receipt in there.all(list_receipts, ReceiptQuery()):
        if receipt.undoes is None and receipt.undone_by is None:
            return receipt.id
    raise NotFound(
        ErrorCode.RECEIPT_MISSING,
        "there is no import here that can be undone",
        subject="--last",
        hint="`jobferry receipt list` shows them",
    )


def receipt_to_show(there: Client, said: str, *, last: bool) -> str:
    """The receipt that is meant: by the beginning of its id, or the newest.

    Raises:
        InvalidRequest: none or both are said, or several begin so.
        NotFound: nothing was imported here yet, or one begins much like it.
    """
    if last == bool(said):
        raise _unnamed("name a receipt, or give --last")
    if said:
        return whole_id(there, said, receipts)
    from jobferry.api.native.receipts import ReceiptQuery, list_receipts

    found = there.ask(list_receipts, ReceiptQuery(), limit=1).items
    if not found:
        raise NotFound(
            ErrorCode.RECEIPT_MISSING,
            "nothing was imported into this workspace yet",
            subject="--last",
            hint="`jobferry import PACKAGE` brings a package in",
        )
    return found[0].id


def _unnamed(message: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.MISSING_VALUE, message, subject="RECEIPT", hint="`jobferry receipt list` shows them"
    )


def receipts(there: Client) -> list[str]:
    """The receipts of the workspace."""
    from jobferry.api.native.receipts import ReceiptQuery, list_receipts

    return [receipt.id for receipt in there.all(list_receipts, ReceiptQuery())]


def imports(there: Client) -> list[str]:
    """The imports of the workspace, of every origin."""
    from jobferry.api.native.imports import ImportQuery, list_imports

    return [made.id for made in there.all(list_imports, ImportQuery())]


def downloads(there: Client) -> list[str]:
    """The records of the download center."""
    from jobferry.api.native.downloads import DownloadQuery, list_downloads

    return [record.id for record in there.all(list_downloads, DownloadQuery())]


def reviews(there: Client) -> list[str]:
    """The reviews of the workspace."""
    from jobferry.api.native.reviews import SaidReviews, list_reviews

    return [review.id for review in there.all(list_reviews, SaidReviews())]


def releases(there: Client) -> list[str]:
    """The releases of the workspace."""
    from jobferry.api.native.releases import list_releases
    from jobferry.api.native.reviews import SaidReviews

    return [release.id for release in there.all(list_releases, SaidReviews())]


def tasks(there: Client) -> list[str]:
    """The tasks of the workspace."""
    from jobferry.api.native.tasks import TaskQuery, list_tasks

    return [task.id for task in there.all(list_tasks, TaskQuery())]


def notices(there: Client) -> list[str]:
    """The caller's notices."""
    from jobferry.api.native.notices import NoticeQuery, list_notices

    return [notice.id for notice in there.all(list_notices, NoticeQuery())]


_CODES: dict[Ids, ErrorCode] = {
    receipts: ErrorCode.RECEIPT_MISSING,
    imports: ErrorCode.IMPORT_MISSING,
    downloads: ErrorCode.DOWNLOAD_MISSING,
    reviews: ErrorCode.REVIEW_MISSING,
    releases: ErrorCode.REVIEW_MISSING,
    tasks: ErrorCode.TASK_MISSING,
    notices: ErrorCode.NOTICE_MISSING,
}
