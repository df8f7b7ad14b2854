"""Who uses what: the objects whose drafts or live versions have certain terms."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Subquery, and_, func, literal, or_, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.types import Integer

from jobferry.model.document.facts import IndexTerm
from jobferry.model.kinds import PLACED_KINDS
from jobferry.model.uses import TextState, UseFilter, UserRow, UseScope
from jobferry.store import bulk
from jobferry.store.index_terms import term_numbers
from jobferry.store.names import lies_in
from jobferry.store.schema import contents, objects, postings, versions

_TEXTS = postings.join(contents, contents.c.number == postings.c.content)
_DRAFTS = _TEXTS.join(objects, objects.c.digest == contents.c.digest)
_LIVE_VERSIONS = _TEXTS.join(versions, versions.c.digest == contents.c.digest).join(
    objects, (objects.c.id == versions.c.object_id) & (objects.c.live_version == versions.c.number)
)


class Uses:
    """Objects by what their texts refer to. No document is read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def users(self, wanted: UseFilter, *, offset: int, limit: int) -> tuple[int, list[UserRow]]:
        """How many objects match in all, and one page in order of kind, name and id."""
        found = self._found(wanted)
        if found is None:
            return 0, []
        page = select(*found.c, func.count().over()).order_by(found.c.kind, found.c.name, found.c.id)
        rows = bulk.rows(self._connection, page.offset(offset).limit(limit))
        users = [UserRow(object_id, bool(draft), bool(live)) for object_id, _, _, draft, live, _ in rows]
        return (rows[0][-1] if rows else self._count(found) if offset else 0), users

    def count(self, wanted: UseFilter) -> int:
        """How many objects match."""
        found = self._found(wanted)
        return 0 if found is None else self._count(found)

    def workspaces(self, terms: Iterable[IndexTerm]) -> list[str]:
        """The ids of workspaces with objects whose drafts or live versions have any of the terms."""
        numbers = term_numbers(self._connection, terms)
        if not numbers:
            return []
        here = bulk.among(self._connection, postings.c.term, numbers)
        wanted = select(objects.c.workspace_id)
        drafts = wanted.select_from(_DRAFTS).where(here)
        return sorted(self._connection.scalars(drafts.union(wanted.select_from(_LIVE_VERSIONS).where(here))))

    def _count(self, found: Subquery) -> int:
        return int(self._connection.scalar(select(func.count()).select_from(found)) or 0)

    def _found(self, wanted: UseFilter) -> Subquery | None:
        """Each user once, with the texts that use the thing; None where no text has a term."""
        numbers = {
            scope: numbers
            for scope in wanted.scopes
            if (numbers := term_numbers(self._connection, scope.terms))
        }
        if not numbers:
            return None
        every = sorted({number for listed in numbers.values() for number in listed})
        here = bulk.among(self._connection, postings.c.term, every)
        here &= or_(*(self._in_scope(scope, listed) for scope, listed in numbers.items()))
        if wanted.among:
            here &= bulk.among(self._connection, objects.c.id, wanted.among)
        differs = objects.c.live_digest != objects.c.digest
        columns = (objects.c.id, objects.c.kind, objects.c.name)
        drafts = select(*columns, literal(1).label("draft"), sql_cast(~differs, Integer).label("live"))
        lives = select(*columns, literal(0).label("draft"), literal(1).label("live"))
        both = union_all(
            drafts.select_from(_DRAFTS).where(here), lives.select_from(_LIVE_VERSIONS).where(here, differs)
        ).subquery("both")
        draft, live = func.max(both.c.draft), func.max(both.c.live)
        used = select(both.c.id, both.c.kind, both.c.name, draft.label("draft"), live.label("live"))
        used = used.group_by(both.c.id, both.c.kind, both.c.name)
        if wanted.state is not None:
            used = used.having((draft if wanted.state is TextState.DRAFT else live) == 1)
        return used.subquery("used")

    def _in_scope(self, scope: UseScope, numbers: list[int]) -> ColumnElement[bool]:
        # what is joined with nothing is no key of an index: SQLite would go through the whole workspace
        here = and_(
            objects.c.workspace_id.concat("") == scope.workspace_id,
            objects.c.kind.in_([kind.value for kind in scope.kinds]),
            bulk.among(self._connection, postings.c.term, numbers),
        )
        if scope.directories is not None:
            here &= or_(
                objects.c.kind.not_in([kind.value for kind in PLACED_KINDS]),
                *(lies_in(directory) for directory in scope.directories),
            )
        return here
