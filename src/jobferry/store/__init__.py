"""The database. Its classes are its interface: who only names them as types, imports them as types only.

Two ways in: :meth:`Store.read` is one consistent look, :meth:`Store.write` one transaction that is
forgotten unless :meth:`UnitOfWork.commit` was called. A :class:`UnitOfWork` is a :class:`Snapshot` that can
also write, and so is each of its families. Methods that take or give many rows do so in bulk: nothing here is
meant to be called once per object of a large package.
"""

from __future__ import annotations

from jobferry.store.contents import Contents
from jobferry.store.members import Members
from jobferry.store.objects import Objects
from jobferry.store.people import People
from jobferry.store.store import Snapshot, Store, UnitOfWork
from jobferry.store.tasklog import TaskLog

__all__ = ["Contents", "Members", "Objects", "People", "Snapshot", "Store", "TaskLog", "UnitOfWork"]
