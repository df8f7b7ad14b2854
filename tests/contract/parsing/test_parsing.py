"""Both ways to read texts keep the same promises; those of processes besides."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

from builders import job, node, written
from jobferry.model.document.facts import FactRules
from jobferry.model.kinds import ObjectKind
from jobferry.parsing.here import InProcessParser
from jobferry.parsing.ports import Parser, Read, Text
from jobferry.parsing.processes import ParserProcesses
from watching import Watch

KILLED = """
import logging, os, signal, sys
from jobferry.events import LOGGER
from jobferry.model.document.facts import FactRules
from jobferry.model.kinds import ObjectKind
from jobferry.parsing.ports import Text
from jobferry.parsing.processes import ParserProcesses

def pages():
    for number in range(100):
        yield [Text(ObjectKind.JOB, b'{"name":"j"}')] * 5_000
        if number == 6:
            os.kill(os.getpid(), signal.SIGKILL)

logging.basicConfig(stream=sys.stdout, format="%(message)s")
logging.getLogger(LOGGER).setLevel(logging.DEBUG)
list(ParserProcesses(3, worth=1).read(pages(), FactRules()))
"""
"""A platform that is killed while three processes read for it; it tells its events."""
PAGES = [
    [Text(ObjectKind.JOB, written(job(f"job_{page}_{n}", node("a", "Shell")))) for n in range(20)]
    for page in range(30)
]
READING = FactRules()


def names(pages: list[list[Read]]) -> list[str]:
    return [read.facts.name for page in pages for read in page if read.facts is not None]


EXPECTED = [f"job_{page}_{n}" for page in range(30) for n in range(20)]


@pytest.fixture(params=["here", "processes", "none allowed", "one"])
def readers(request: pytest.FixtureRequest) -> Parser:
    most = {"processes": 3, "none allowed": 0, "one": 1}
    return InProcessParser() if request.param == "here" else ParserProcesses(most[request.param], worth=1)


def test_pages_are_read_in_order(readers: Parser) -> None:
    assert names(list(readers.read(PAGES, READING))) == EXPECTED


def test_nothing_is_read_of_nothing(readers: Parser) -> None:
    assert list(readers.read([], READING)) == []
    assert list(readers.read([[], []], READING)) == [[], []]


def test_what_the_pages_raise_comes_after_all_before_it(readers: Parser) -> None:
    def pages() -> Iterator[list[Text]]:
        yield from PAGES[:7]
        raise ValueError("the eighth page is broken")

    found: list[list[Read]] = []
    with pytest.raises(ValueError, match="eighth"):
        found.extend(readers.read(pages(), READING))
    assert names(found) == EXPECTED[: 7 * 20]


def test_processes_are_gone_when_all_is_read(watch: Watch) -> None:
    readers = ParserProcesses(2, worth=1)
    for _ in range(2):
        assert names(list(readers.read(PAGES, READING))) == EXPECTED
    assert len(watch.started) == 4
    assert not watch.alive


def test_processes_are_gone_when_nobody_wants_the_rest(watch: Watch) -> None:
    reads = ParserProcesses(2, worth=1).read(PAGES, READING)
    next(reads)
    assert len(watch.alive) == 2
    reads.close()
    assert not watch.alive


def test_a_small_package_starts_no_process(watch: Watch) -> None:
    weight = sum(len(one.text) for page in PAGES for one in page)
    assert names(list(ParserProcesses(2, worth=weight).read(PAGES, READING))) == EXPECTED
    assert not watch.started
    assert names(list(ParserProcesses(2, worth=weight // 2).read(PAGES, READING))) == EXPECTED
    assert len(watch.started) == 2


def test_two_packages_at_once_share_the_processes(watch: Watch) -> None:
    readers = ParserProcesses(2, worth=1)
    first = readers.read(PAGES, READING)
    next(first)
    assert names(list(readers.read(PAGES, READING))) == EXPECTED
    assert len(watch.started) == 2
    first.close()
    assert names(list(readers.read(PAGES, READING))) == EXPECTED
    assert len(watch.started) == 4


@pytest.mark.parametrize("victims", [(0,), (0, 1)])
def test_what_a_killed_process_had_to_read_is_read_here(watch: Watch, victims: tuple[int, ...]) -> None:
    reads = ParserProcesses(2, worth=1).read(PAGES, READING)
    found = list(islice(reads, 3))
    for victim in victims:
        watch.send(signal.SIGKILL, victim)
    found += reads
    assert names(found) == EXPECTED
    assert set(watch.gone) == {watch.started[victim] for victim in victims}
    assert not watch.alive


def test_a_process_that_stood_still_goes_on(watch: Watch) -> None:
    reads = ParserProcesses(1, worth=1).read(PAGES, READING)
    found = list(islice(reads, 3))
    watch.send(signal.SIGSTOP, 0)
    watch.send(signal.SIGCONT, 0)
    found += reads
    assert names(found) == EXPECTED
    assert not watch.gone


def test_a_process_that_stands_still_ends_with_the_others(watch: Watch) -> None:
    reads = ParserProcesses(2, worth=1).read(PAGES, READING)
    next(reads)
    watch.send(signal.SIGSTOP, 1)
    reads.close()
    assert not watch.alive


def test_what_interrupts_a_terminal_does_not_reach_a_process(watch: Watch) -> None:
    reads = ParserProcesses(1, worth=1).read(PAGES, READING)
    next(reads)
    assert os.getpgid(watch.started[0]) != os.getpgid(0)
    reads.close()


def test_a_process_is_told_nothing_but_where_to_find_its_program(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOBFERRY_DATABASE", "postgresql://somebody:their-password@there/db")
    monkeypatch.setenv("PGPASSWORD", "their-password")
    reads = ParserProcesses(1, worth=1).read(PAGES, READING)
    next(reads)
    assert b"password" not in Path(f"/proc/{watch.started[0]}/environ").read_bytes()
    reads.close()


@pytest.mark.parametrize("program", ["/nowhere/python", sys.executable + "-none", "/bin/false"])
def test_where_no_process_can_be_started_all_is_read_here(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(sys, "executable", program)
    assert names(list(ParserProcesses(2, worth=1).read(PAGES, READING))) == EXPECTED
    assert not watch.alive


def test_none_outlives_a_platform_that_is_killed() -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, check=False)
    assert ended.returncode == -signal.SIGKILL
    started = [json.loads(line)["process"] for line in ended.stdout.splitlines()]
    assert len(started) == 3
    for process in started:
        with suppress(ProcessLookupError):
            handle = os.pidfd_open(process)
            select.select([handle], [], [])
            os.close(handle)
