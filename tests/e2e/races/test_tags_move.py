"""Tags that change while a file of tags is brought in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
import pytest

from builders import job, node
from jobferry.errors import Conflict, ErrorCode
from jobferry.model.kinds import ObjectKind
from jobferry.services.editing.tag_files import TagFiles

from .conftest import Site, Watched

FILE = b"job,red\na,1\n"


def files(there: Site, changes: int) -> TagFiles:
    """Before each of so many writes somebody else makes a tag."""
    own = there.running.parts
    store = Watched(own.runtime.store)
    make = there.running.tags.create
    store.hooks = {n: partial(make, there.grant, f"tag_{n}") for n in range(1, changes + 1)}
    return TagFiles(msgspec.structs.replace(own.runtime, store=store), own.storage)


@pytest.fixture
def there(site: Callable[[str], Site]) -> Site:
    made = site("there")
    made.save(ObjectKind.JOB, job("a", node("n", "Dummy")))
    return made


def test_a_file_is_judged_again_by_the_tags_that_are_there_by_now(there: Site) -> None:
    before = there.text(ObjectKind.JOB, "a")
    assert files(there, 2).bring(there.grant, FILE, overwrite=False).jobs == 1
    assert there.text(ObjectKind.JOB, "a") != before


def test_a_file_whose_tags_change_at_every_attempt_changes_nothing(there: Site) -> None:
    before = there.text(ObjectKind.JOB, "a")
    with pytest.raises(Conflict) as caught:
        files(there, 100).bring(there.grant, FILE, overwrite=False)
    assert caught.value.code is ErrorCode.TARGET_CHANGED
    assert there.text(ObjectKind.JOB, "a") == before
