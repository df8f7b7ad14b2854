"""The fuzzer's targets hold for every seed and for some mutations; ``make fuzz`` goes on from here."""

from __future__ import annotations

import random

import pytest

from .seeds import SEEDS, mutated
from .targets import TARGETS

MUTATIONS = 1_000


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_passes(name: str) -> None:
    seeds = list(SEEDS[name]())
    assert len(seeds) >= 4
    for seed in seeds:
        TARGETS[name](seed)


@pytest.mark.parametrize("name", TARGETS)
def test_mutations_of_the_seeds_pass(name: str) -> None:
    seeds = list(SEEDS[name]())
    rnd = random.Random(name)  # noqa: S311
    for number in range(MUTATIONS):
        data = mutated(rnd.choice(seeds), seeds, rnd)
        try:
            TARGETS[name](data)
        except Exception as error:
            raise AssertionError(f"mutation {number} of {name}: {data!r}") from error
