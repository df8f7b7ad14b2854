"""Passwords: what they may be, and that nobody can tell from the work whether there is one."""

import pytest

from jobferry.access.passwords import Argon2, Passwords
from jobferry.errors import ErrorCode, InvalidRequest
from unit.access.hashing import CountingHasher

GOOD = "correct horse battery"


def test_a_password_is_known_again_and_no_other() -> None:
    passwords = Passwords(CountingHasher())
    stored = passwords.hashed(GOOD)
    assert GOOD not in stored
    assert passwords.is_right(stored, GOOD)
    assert not passwords.is_right(stored, GOOD + "!")
    assert not passwords.is_right(stored, "")


@pytest.mark.parametrize("stored", ["", "h1:ab"])
def test_the_same_work_is_done_whether_or_not_there_is_a_password(stored: str) -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)
    passwords.is_right("", "warm")
    hasher.verified.clear()
    assert not passwords.is_right(stored, GOOD)
    assert len(hasher.verified) == 1
    assert hasher.verified[0].startswith("h")


def test_the_stand_in_for_a_missing_password_lets_nobody_in() -> None:
    hasher = CountingHasher(always=True)
    assert not Passwords(hasher).is_right("", GOOD)


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 1025, "密" * 342, "\ud800" * 342])
def test_passwords_that_are_too_short_or_too_long(password: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        Passwords(CountingHasher()).hashed(password)
    assert caught.value.code is ErrorCode.WEAK_PASSWORD
    assert not password or password not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("password", ["twelve chars", "x" * 1024, "密" * 341, "\ud800" * 12])
def test_passwords_at_the_limits(password: str) -> None:
    passwords = Passwords(CountingHasher())
    assert passwords.is_right(passwords.hashed(password), password)


def test_a_letter_that_two_keyboards_spell_in_two_ways_is_one() -> None:
    passwords = Passwords(CountingHasher())
    assert passwords.is_right(passwords.hashed("caf\u00e9 au lait, 2"), "cafe\u0301 au lait, 2")


def test_argon2_hashes_and_knows_again() -> None:
    passwords = Passwords(Argon2())
    stored = passwords.hashed(GOOD)
    assert stored.startswith("$argon2id$")
    assert passwords.is_right(stored, GOOD)
    assert not passwords.is_right(stored, GOOD + ".")
    assert not passwords.is_right("no hash at all", GOOD)
    assert not passwords.is_outdated(stored)
    assert passwords.is_outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$" + "A" * 43)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        (" " * 12, "repeats the same characters"),
        ("a" * 12, "repeats the same characters"),
        ("密" * 12, "repeats the same characters"),
        ("abababababab", "repeats the same characters"),
        ("\ud800" * 12, "repeats the same characters"),
        ("abcdefghijkl", "a row of characters"),
        ("administrator", "the name of the user or the platform"),
        ("Administrator1", "the name of the user or the platform"),
        ("production-2026", "the name of the user or the platform"),
        ("jobferry1234", "the name of the user or the platform"),
        ("Password1234", "one that many people use"),
        ("123456789012", "one that many people use"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_the_reason(password: str, reason: str) -> None:
    passwords = Passwords(CountingHasher())
    with pytest.raises(InvalidRequest) as caught:
        passwords.chosen(password, ["administrator", "production"])
    assert caught.value.code is ErrorCode.WEAK_PASSWORD
    assert reason in caught.value.message
    assert password not in caught.value.message + caught.value.hint
    assert passwords.is_right(passwords.hashed(password), password)


@pytest.mark.parametrize(
    "password", [GOOD, "夏天的风吹过稻田很凉快呀", "kT4-administrator-vq9", "x7!" + "correct horse" * 60]
)
def test_a_password_that_takes_many_guesses_is_taken(password: str) -> None:
    passwords = Passwords(CountingHasher())
    assert passwords.is_right(passwords.chosen(password, ["administrator", ""]), password)
