"""A platform that does not answer: commands say so, and come to an end."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobferry.api.native.platform import show_platform
from jobferry.cli.problems import EXIT_CODES
from jobferry.cli.remote import RemoteClient, Silence, connect
from jobferry.errors import JobferryError

from .conftest import Program
from .test_crowded import Platform, opened

SHORT = Silence(asked=0.3, ended=2.0)


@pytest.fixture
def frozen(jobferry: Program) -> Iterator[Platform]:
    """A platform whose process stands still."""
    process = jobferry.start("serve", "--port", "0", "--data", "here")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://")
    process.send_signal(signal.SIGSTOP)
    yield opened(jobferry.folder / "here")
    process.send_signal(signal.SIGCONT)
    process.terminate()
    process.communicate()


@pytest.fixture
def api(frozen: Platform) -> Iterator[RemoteClient]:
    with connect(frozen.url, frozen.token, "en") as client:
        yield RemoteClient(client, frozen.url, patience=1, silence=SHORT)


def test_a_platform_that_stands_still_is_told_of_and_given_up(
    api: RemoteClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(JobferryError) as caught:
        api.ask(show_platform)
    assert EXIT_CODES[caught.value.code] == 6
    assert "has not answered for" in caught.value.message
    assert "look before you ask again" in caught.value.hint
    told = capsys.readouterr().err
    assert told.count("waiting, Ctrl-C stops this command") == 1


def test_a_command_says_that_it_waits_and_can_be_stopped(jobferry: Program, frozen: Platform) -> None:
    process = jobferry.start("job", "list", "--data", "here")
    assert process.stderr is not None
    assert "has not answered for 10 s; waiting" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "")


def test_a_platform_that_lives_may_take_its_time(served: Path) -> None:
    platform = opened(served)
    with connect(platform.url, platform.token, "en") as client:
        api = RemoteClient(client, platform.url, patience=1, silence=Silence(asked=1.0, ended=2.0))
        slow = api.hand_in(dripping(b"PK" * 100, seconds=4.0), "slow.zip")
    assert slow.size == 200


def dripping(body: bytes, *, seconds: float) -> Iterator[bytes]:
    """A body that takes so long."""
    for begin in range(0, len(body), 20):
        time.sleep(seconds * 20 / len(body))
        yield body[begin : begin + 20]
