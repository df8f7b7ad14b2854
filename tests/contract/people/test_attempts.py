"""Wrong passwords are counted in the database: for all servers together, by digests, in bounded rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from jobferry.access.chain import Chain
from jobferry.access.sealing import Sealer
from jobferry.errors import TooManyAttempts
from jobferry.services.people.attempts import Attempts
from jobferry.services.runtime import Runtime
from jobferry.store import Store
from jobferry.store.attempts import attempts as table

from .conftest import Crowd

MINUTE = 60_000
WINDOW = 5 * MINUTE


def counting(crowd: Crowd, store: Store | None = None, **limits: int) -> Attempts:
    """What one server counts with."""
    runtime = Runtime(store or crowd.store, lambda: crowd.now, crowd.runtime.new_id, Chain(bytes(32)))
    return Attempts(runtime, lambda: crowd.sealer, **limits)


def waits(attempts: Attempts, name: str, origin: str, now: int) -> int:
    """Seconds to wait; 0 when the attempt counts."""
    try:
        attempts.begin(name, origin, now)
    except TooManyAttempts as error:
        return error.seconds
    return 0


def rows(crowd: Crowd) -> list[tuple[str, str, int]]:
    with crowd.store.read() as snapshot:
        return [tuple(row) for row in snapshot.attempts._connection.execute(sa.select(table))]


def test_a_name_is_tried_so_often_within_the_window(crowd: Crowd) -> None:
    attempts = counting(crowd, per_name=3, per_network=100)
    assert [waits(attempts, "anne", f"10.0.0.{one}", one * 1000) for one in range(3)] == [0, 0, 0]
    assert waits(attempts, "anne", "10.0.0.9", 10_000) == (WINDOW - 10_000) // 1000
    assert waits(attempts, "ANNE", "10.0.0.9", 10_000) > 0
    assert waits(attempts, "bert", "10.0.0.9", 10_000) == 0
    assert waits(attempts, "anne", "10.0.0.9", WINDOW) == 0
    assert waits(attempts, "anne", "10.0.0.9", WINDOW) == 1


def test_a_network_tries_so_many_names(crowd: Crowd) -> None:
    attempts = counting(crowd, per_name=100, per_network=3)
    origins = ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:1"]
    assert [waits(attempts, f"user{one}", origin, 0) for one, origin in enumerate(origins)] == [0, 0, 0]
    assert waits(attempts, "another", "2001:db8::3", 0) == WINDOW // 1000
    assert waits(attempts, "another", "2001:db8:0:1::3", 0) == 0


def test_an_attempt_that_succeeds_does_not_count(crowd: Crowd) -> None:
    attempts = counting(crowd, per_name=1, per_network=1)
    for now in range(5):
        attempts.take_back(attempts.begin("anne", "10.0.0.1", now))
    attempts.begin("anne", "10.0.0.1", 9)
    assert waits(attempts, "anne", "10.0.0.1", 9) > 0


def test_what_is_refused_for_its_number_is_not_written_and_does_not_prolong_the_wait(crowd: Crowd) -> None:
    attempts = counting(crowd, per_name=1, per_network=100)
    attempts.begin("anne", "", 0)
    before = rows(crowd)
    for now in range(1, WINDOW, MINUTE):
        assert waits(attempts, "anne", "", now) > 0
    assert rows(crowd) == before
    assert waits(attempts, "anne", "", WINDOW) == 0


def test_servers_count_together_and_one_that_starts_again_goes_on(crowd: Crowd, address: str) -> None:
    other = Store(address)
    try:
        first, second = (counting(crowd, store, per_name=4) for store in (crowd.store, other))
        assert [waits(one, "anne", "10.0.0.1", 0) for one in (first, second, first, second)] == [0] * 4
        assert [waits(one, "anne", "10.0.0.1", 0) for one in (first, second)] == [WINDOW // 1000] * 2
        assert waits(counting(crowd, per_name=4), "anne", "10.0.0.1", 0) == WINDOW // 1000
    finally:
        other.close()


class Between:
    """A store in which another attempt is counted between the look and the writing of one."""

    def __init__(self, store: Store, between: Callable[[], object]) -> None:
        self._store, self._between = store, between
        self.server, self.read = store.server, store.read

    def write(self, **how: Any) -> Any:
        self._between()
        return self._store.write(**how)


def test_of_two_attempts_at_once_only_one_is_the_last(crowd: Crowd) -> None:
    attempts = counting(crowd)
    for _ in range(9):
        attempts.begin("anne", "10.0.0.1", 0)
    late = counting(crowd, Between(crowd.store, lambda: attempts.begin("anne", "10.0.0.2", 0)))  # type: ignore[arg-type]
    assert waits(late, "anne", "10.0.0.3", 0) == WINDOW // 1000
    assert len(rows(crowd)) == 20


def test_names_and_networks_are_not_readable(crowd: Crowd) -> None:
    counting(crowd).begin("my secret password", "203.0.113.77", 0)
    ((_, name, _), (_, network, _)) = rows(crowd)
    assert {len(name), len(network)} == {64}
    assert name != network
    assert Sealer(b"1" * 32).digest("name anne") != crowd.sealer.digest("name anne")


def test_old_attempts_and_those_that_are_too_many_are_forgotten(crowd: Crowd) -> None:
    attempts = counting(crowd, kept=10)
    for now in range(30):
        attempts.begin(f"user{now}", f"10.0.0.{now}", now)
    assert sorted({at for _, _, at in rows(crowd)}) == [25, 26, 27, 28, 29]
    attempts.begin("anne", "10.1.0.1", WINDOW + 27)
    assert sorted({at for _, _, at in rows(crowd)}) == [28, 29, WINDOW + 27]
    crowd.now = 3 * WINDOW
    crowd.signing.end_old_sessions()
    assert rows(crowd) == []
