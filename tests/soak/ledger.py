"""What a data folder must hold after each kill: what was there, what an open import may make of it."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

from sqlalchemy import text

from crashing.lives import Served
from crashing.outlook import landed
from crashing.parcels import Texts, digest, things, unpacked
from crashing.state import Books, State, address_of, books_of, engine, is_sound, state_of, strays
from crashing.trail import faults

_TWO_DAYS_S = 2 * 24 * 60 * 60


class Half(Exception):
    """A state that is neither the old one nor the new one."""


class Lost(Exception):
    """An import that was accepted and neither finished nor reported, or an object that vanished."""


class Unclean(Exception):
    """Anything else that a kill must not leave: a held slot, a stray file, a broken database."""


class Ledger:
    """Keeps account of one folder. At most one import is open at a time."""

    def __init__(self, folder: Path, editions: dict[str, int]) -> None:
        self.folder = folder
        self.editions, self.scripts = editions, 0
        self._state = state_of(address_of(folder))
        self._workspace_id = str(next(iter(self._state.objects))[0])
        self._known = set(self._books().tasks)
        self._hope: tuple[State, dict[str, int], int] | None = None
        self._accepted: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether an import may still come of what was begun."""
        return self._hope is not None

    def begin(self, texts: Texts, editions: dict[str, int], scripts: int) -> None:
        """An import of these texts is about to begin."""
        self._hope = landed(self._state, texts, self._workspace_id), editions, scripts

    def accept(self, task_id: str) -> None:
        """The import was accepted under this id."""
        self._accepted = task_id

    def look_at_rest(self) -> None:
        """Right after a kill, with nobody running: the old state, or the new one.

        Raises:
            Half, Lost: it is neither, or what was accepted is not known.
        """
        found, books = state_of(address_of(self.folder)), self._books()
        self._compare(found, books)
        if books.loose:
            raise Half(f"{books.loose} rows refer to nothing")
        if self._accepted is not None and self._accepted not in books.tasks:
            raise Lost(f"the task {self._accepted} was accepted and is not known")
        self._close_reported(books)

    def look_served(self, running: Served) -> None:
        """In a platform that has started again: everything has ended, and nothing is left.

        Raises:
            Half, Lost, Unclean: something does not hold.
        """
        tasks = sorted(set(self._books().tasks) - self._known)
        ended = {task: running.ended(task) for task in tasks}
        books, found = self._books(), state_of(address_of(self.folder))
        successful = [task for task, told in ended.items() if told["status"] == "SUCCESSFUL"]
        self._compare(found, books)
        unwritten = [task for task in successful if task not in books.receipts]
        unwanted = [task for task in ended if task not in successful and task in books.receipts]
        if unwritten or unwanted or (self._accepted is not None and self._accepted not in books.tasks):
            raise Lost(f"no receipt: {unwritten}; a receipt of what failed: {unwanted}; {ended}")
        failed = [told for told in ended.values() if told["status"] != "SUCCESSFUL"]
        if not all(told["message"].startswith("interrupted") for told in failed):
            raise Unclean(f"carried on and failed: {failed}")
        if books.slots or books.loose:
            raise Unclean(f"slots {books.slots}, {books.loose} rows that refer to nothing")
        self._settle(books)
        self._look_at_texts(running)
        self._look_at_files(running)

    def age(self) -> None:
        """Everything looks two days old, checked imports too, so that whatever is to be swept is swept."""
        moment = time.time() - _TWO_DAYS_S
        for folder in ("packages", "objects"):
            for path in (self.folder / folder).rglob("*"):
                os.utime(path, (moment, moment))
        with engine(address_of(self.folder)).begin() as connection:
            aged = text("UPDATE imports SET checked_at = checked_at - :ms, created_at = created_at - :ms")
            connection.execute(aged, {"ms": _TWO_DAYS_S * 1000})

    def _compare(self, found: State, books: Books) -> None:
        """The new state with its receipt and its row in the audit, or the old one without."""
        written = books.receipts.keys() - self._known
        if len(written) > 1:
            raise Half(f"several receipts for one import: {written}")
        if written and self._hope is not None:
            self._state, self.editions, self.scripts = self._hope
        lines = sum(books.receipts[task] for task in written)
        if found != self._state or (written and lines != len(found.objects)):
            raise Half(f"receipts {written} with {lines} lines\n{found.told_from(self._state)}")
        if wrong := faults(self.folder, books):
            raise Half(f"the audit: {wrong}")

    def _settle(self, books: Books) -> None:
        self._known, self._hope, self._accepted = set(books.tasks), None, None

    def _close_reported(self, books: Books) -> None:
        """A command that started meanwhile reports an open import, and then it is over."""
        new = set(books.tasks) - self._known
        if all(books.tasks[task] != "RUNNING" for task in new) and not books.slots:
            self._settle(books)

    def _look_at_texts(self, running: Served) -> None:
        texts = {digest(text) for text in things(self.editions, self.scripts).values()}
        found = {digest(text) for text in unpacked(running.export()).values()}
        if found != texts:
            raise Lost(f"{len(texts - found)} texts are gone, {len(found - texts)} were never there")

    def _look_at_files(self, running: Served) -> None:
        mine = running.send(b"swept when the next one comes")
        allowed = {"address.json", f"packages/{mine}.zip", f"packages/{mine}.name"}
        if strays(self.folder) - allowed:
            raise Unclean(f"stray files: {sorted(strays(self.folder) - allowed)}")
        for path in (self.folder / "objects").rglob("*.zip"):
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
                if package.testzip() is not None:
                    raise Half(f"half an object: {path}")
            path.unlink()
        if not is_sound(self.folder):
            raise Unclean("SQLite finds its files broken")

    def _books(self) -> Books:
        return books_of(address_of(self.folder), address_of(self.folder, "tasks.db"))
