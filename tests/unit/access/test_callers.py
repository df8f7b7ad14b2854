"""Who sent a request."""

import pytest

from jobferry.access.callers import authenticate
from jobferry.access.sealing import Sealer, token_hash
from jobferry.access.signature import SignedRequest
from jobferry.errors import ErrorCode, StoreError, Unauthenticated
from jobferry.model.people import Caller
from jobferry.model.records import AccessKey, User
from unit.access.signing import (
    ACCESS_KEY,
    NOON,
    SECRET_KEY,
    PeopleDouble,
    headers_of,
    sdk_signed,
    with_header,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the SDK calls utcnow()

SEALER = Sealer(bytes(32))
ANNE = Caller(user_id="u1", name="anne")
BERT = Caller(user_id="u2", name="bert")


@pytest.fixture
def people() -> PeopleDouble:
    """Anne has an access key, Bert a token."""
    double = PeopleDouble()
    key = AccessKey(
        access_key=ACCESS_KEY, sealed_secret=SEALER.seal(SECRET_KEY.encode()), user_id=ANNE.user_id
    )
    double.keys[ACCESS_KEY] = (key, User(id=ANNE.user_id, name=ANNE.name))
    double.tokens[token_hash("jf_good")] = User(id=BERT.user_id, name=BERT.name)
    return double


def plain(**headers: str) -> SignedRequest:
    pairs = {name.replace("_", "-"): value for name, value in headers.items()}
    return SignedRequest("GET", b"/", b"", headers_of(pairs), b"")


def refused(request: SignedRequest, people: PeopleDouble) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as caught:
        authenticate(request, people, SEALER, NOON)
    assert caught.value.code is ErrorCode.NOT_SIGNED_IN
    return caught.value


def test_a_token(people: PeopleDouble) -> None:
    assert authenticate(plain(X_Auth_Token="jf_good"), people, SEALER, NOON) == BERT
    assert authenticate(plain(Authorization="Bearer jf_good"), people, SEALER, NOON) == BERT
    assert authenticate(plain(Authorization="bearer  jf_good"), people, SEALER, NOON) == BERT


def test_a_signature(people: PeopleDouble) -> None:
    assert authenticate(sdk_signed(), people, SEALER, NOON) == ANNE


def test_the_token_decides_over_a_signature(people: PeopleDouble) -> None:
    signed = sdk_signed()
    assert authenticate(with_header(signed, "x-auth-token", "jf_good"), people, SEALER, NOON) == BERT
    assert "token" in refused(with_header(signed, "x-auth-token", "jf_bad"), people).message


def test_an_empty_token_is_none(people: PeopleDouble) -> None:
    assert authenticate(with_header(sdk_signed(), "x-auth-token", ""), people, SEALER, NOON) == ANNE


@pytest.mark.parametrize("header", ["X_Auth_Token", "Authorization"])
def test_an_unknown_token(people: PeopleDouble, header: str) -> None:
    for token in ("jf_bad", "密"):
        error = refused(plain(**{header: f"Bearer {token}" if header == "Authorization" else token}), people)
        assert error.message == "the token is not known here"
        assert token not in error.message + error.hint
        assert "jobferry credentials" in error.hint


def test_an_unknown_key_and_a_wrong_signature_cannot_be_told_apart(people: PeopleDouble) -> None:
    wrong = refused(sdk_signed(secret="other"), people)
    people.keys.clear()
    unknown = refused(sdk_signed(), people)
    assert (unknown.code, unknown.message, unknown.hint, unknown.subject) == (
        wrong.code,
        wrong.message,
        wrong.hint,
        wrong.subject,
    )


def test_an_unknown_key_hears_of_its_clock_like_a_known_one(people: PeopleDouble) -> None:
    for _ in range(2):
        with pytest.raises(Unauthenticated, match="behind this server's clock"):
            authenticate(sdk_signed(), people, SEALER, NOON + 3_600_000)
        people.keys.clear()


def test_nobody(people: PeopleDouble) -> None:
    error = refused(plain(Host="x"), people)
    assert "nobody is signed in" in error.message
    assert "jobferry credentials" in error.hint


def test_two_tokens_are_not_chosen_from(people: PeopleDouble) -> None:
    request = plain(X_Auth_Token="jf_good")
    doubled = SignedRequest("GET", b"/", b"", (*request.headers, (b"X-Auth-Token", b"jf_bad")), b"")
    assert "2 times" in refused(doubled, people).message


def test_another_scheme(people: PeopleDouble) -> None:
    assert "not supported" in refused(plain(Authorization="Digest x"), people).message


def test_a_data_folder_with_another_key_says_so(people: PeopleDouble) -> None:
    with pytest.raises(StoreError, match="data folder's key"):
        authenticate(sdk_signed(), people, Sealer(bytes(range(32))), NOON)
