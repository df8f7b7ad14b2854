"""Credentials and sealed secrets."""

import string
from collections.abc import Callable

import pytest

from jobferry.access.sealing import Sealer, new_access_key, new_secret_key, new_token, token_hash
from jobferry.errors import ErrorCode, StoreError

KEY = bytes(range(32))


def test_what_is_sealed_can_be_opened() -> None:
    sealer = Sealer(KEY)
    for clear in (b"", b"secret", "密码".encode(), bytes(1000)):
        sealed = sealer.seal(clear)
        assert sealer.unseal(sealed) == clear
        assert Sealer(KEY).unseal(sealed) == clear
        assert not clear or clear not in sealed


def test_sealing_twice_does_not_show_that_it_is_the_same() -> None:
    sealer = Sealer(KEY)
    assert sealer.seal(b"x") != sealer.seal(b"x")


def test_another_key_does_not_open_it() -> None:
    sealed = Sealer(KEY).seal(b"secret")
    with pytest.raises(StoreError, match="cannot be opened with this data folder's key") as caught:
        Sealer(bytes(32)).unseal(sealed)
    assert caught.value.code is ErrorCode.STORE_FAILED
    assert "restore" in caught.value.hint


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda sealed: sealed[:1],
        lambda sealed: sealed[:13],
        lambda sealed: sealed[:-1],
        lambda sealed: b"\x02" + sealed[1:],
        lambda sealed: sealed[:5] + bytes([sealed[5] ^ 1]) + sealed[6:],
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
    ],
)
def test_altered_bytes_are_not_opened(spoil: Callable[[bytes], bytes]) -> None:
    sealer = Sealer(KEY)
    with pytest.raises(StoreError):
        sealer.unseal(spoil(sealer.seal(b"secret")))


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused_at_once(length: int) -> None:
    with pytest.raises(StoreError, match=f"{length} bytes"):
        Sealer(bytes(length))


def test_credentials_have_their_form_and_are_new_each_time() -> None:
    access_key, secret_key, token = new_access_key(), new_secret_key(), new_token()
    assert len(access_key) == 20
    assert set(access_key) <= set(string.ascii_uppercase + string.digits)
    assert len(secret_key) == 40
    assert secret_key.isalnum()
    assert token.startswith("jf_")
    assert len(token) == 46
    assert len({new_token() for _ in range(50)}) == 50


def test_only_the_hash_of_a_token_is_kept() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert len(token_hash("\udc80")) == 64
