"""Work on two threads whose results come in order, with little of it in hand at any time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

BATCH_BYTES = 512 * 1024
_BATCH_ITEMS = 256
_THREADS = 2
_WINDOW_BYTES = 4 * 1024 * 1024
_WINDOW_BATCHES = 5


class Batch(list[Item]):
    """Items that one thread works on in one go, and how many bytes they are."""

    size: int = 0


def batches(items: Iterable[Item], size_of: Callable[[Item], int]) -> Iterator[Batch[Item]]:
    """The items in order, in batches of about half a mebibyte."""
    batch = Batch[Item]()
    for item in items:
        batch.append(item)
        batch.size += size_of(item)
        if batch.size >= BATCH_BYTES or len(batch) >= _BATCH_ITEMS:
            yield batch
            batch = Batch[Item]()
    if batch:
        yield batch


def worked(work: Callable[[Batch[Item]], Result], todo: Iterable[Batch[Item]]) -> Iterator[Result]:
    """The result of every batch, in order. At most five batches are in hand, and about 4 MiB of bytes.

    The batches are made on the caller's thread. A single batch is worked on there too.
    """
    todo = iter(todo)
    start = list(islice(todo, 2))
    if len(start) < 2:
        yield from map(work, start)
        return
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="package")
    try:
        yield from _windowed(pool, work, chain(start, todo))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _windowed(
    pool: ThreadPoolExecutor, work: Callable[[Batch[Item]], Result], todo: Iterator[Batch[Item]]
) -> Iterator[Result]:
    in_hand: deque[tuple[Future[Result], int]] = deque()
    held = 0
    for batch in todo:
        in_hand.append((pool.submit(work, batch), batch.size))
        held += batch.size
        while in_hand and (len(in_hand) >= _WINDOW_BATCHES or held > _WINDOW_BYTES):
            done, size = in_hand.popleft()
            held -= size
            yield done.result()
    while in_hand:
        yield in_hand.popleft()[0].result()
