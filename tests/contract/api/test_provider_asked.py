"""How often the OpenID provider is asked, and for how long: counted at the provider."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from jobferry.errors import Unauthenticated
from jobferry.oidc.provider import Provider
from oidc import CLIENT, OpenIdProvider, provider_running

DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def running() -> Iterator[OpenIdProvider]:
    with provider_running() as provider:
        yield provider


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def refused(provider: Provider) -> str:
    with pytest.raises(Unauthenticated) as caught:
        provider.discovery()
    return f"{caught.value.message.format()} {caught.value.hint}"


def at_once(provider: Provider, times: int) -> list[str]:
    """Ask for the discovery in so many threads; how each ended."""
    start, ends = threading.Barrier(times), []

    def ask() -> None:
        start.wait()
        try:
            provider.discovery()
            ends.append("well")
        except Unauthenticated:
            ends.append("refused")

    threads = [threading.Thread(target=ask) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.mark.parametrize(("is_down", "end"), [(False, "well"), (True, "refused")])
def test_many_at_once_make_one_discovery_request(running: OpenIdProvider, is_down: bool, end: str) -> None:
    running.is_down = is_down
    provider = Provider(running.issuer, CLIENT, str, patience=5)
    assert at_once(provider, 20) == [end] * 20
    assert running.asked[DISCOVERY] == 1


def test_a_failure_is_remembered_for_five_seconds_and_a_success_for_an_hour(running: OpenIdProvider) -> None:
    clock = Clock()
    provider = Provider(running.issuer, CLIENT, str, patience=5, clock=clock)
    running.is_down = True
    first = refused(provider)
    running.is_down = False
    clock.now += 4.9
    assert refused(provider) == first
    assert running.asked[DISCOVERY] == 1
    clock.now += 0.2
    assert provider.discovery().issuer == running.issuer
    clock.now += 3599
    provider.begin("https://x.example", 1)
    assert running.asked[DISCOVERY] == 2
    clock.now += 2
    provider.discovery()
    assert running.asked[DISCOVERY] == 3


def test_beginning_and_signing_out_ask_nothing_once_the_discovery_is_known(running: OpenIdProvider) -> None:
    provider = Provider(running.issuer, CLIENT, str, patience=5)
    for _ in range(50):
        provider.begin("https://x.example", 1)
        provider.end_address("https://x.example")
    assert running.asked == {DISCOVERY: 1}


def test_a_provider_that_accepts_and_says_nothing_ends_the_call() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        provider = Provider(f"http://127.0.0.1:{silent.getsockname()[1]}", CLIENT, str, patience=0.2)
        assert "timed out" in refused(provider)


def test_a_provider_that_sends_a_byte_now_and_then_ends_the_call() -> None:
    """Each byte comes within the limit of one step; the clock says that the call as a whole has lasted."""
    clock = Clock()
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as slow:

        def dribble() -> None:
            connection, _ = slow.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                while not over.wait(0.01):
                    clock.now += 1
                    try:
                        connection.sendall(b" ")
                    except OSError:
                        return

        thread = threading.Thread(target=dribble)
        thread.start()
        try:
            provider = Provider(
                f"http://127.0.0.1:{slow.getsockname()[1]}", CLIENT, str, patience=5, clock=clock
            )
            assert "timed out" in refused(provider)
            assert clock.now < 1100
        finally:
            over.set()
            thread.join()
