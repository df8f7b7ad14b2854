"""Who sent a request."""

import pytest
from msgspec.structs import replace

from jobferry.access.callers import authenticate
from jobferry.access.sealing import Sealer, token_hash
from jobferry.access.signature import SignedRequest
from jobferry.errors import ErrorCode, StoreError, Unauthenticated
from jobferry.model.people import AccessKey, Caller, Scope, Token, User
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
    token = Token(id="t1", user_id=BERT.user_id, name="laptop", hash=token_hash("jf_good"))
    double.known[token.hash] = (token, User(id=BERT.user_id, name=BERT.name))
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


def test_a_caller_has_what_the_user_and_the_token_have(people: PeopleDouble) -> None:
    scope = Scope(read_only=True, workspaces=("w1",))
    token, user = people.known[token_hash("jf_good")]
    people.known[token.hash] = (replace(token, scope=scope), replace(user, operations=True))
    caller = authenticate(plain(X_Auth_Token="jf_good"), people, SEALER, NOON)
    assert caller == Caller(user_id="u2", name="bert", operations=True, scope=scope)


def test_a_token_is_good_until_it_expires(people: PeopleDouble) -> None:
    token, user = people.known[token_hash("jf_good")]
    people.known[token.hash] = (replace(token, expires_at=NOON + 1), user)
    assert authenticate(plain(X_Auth_Token="jf_good"), people, SEALER, NOON) == BERT
    people.known[token.hash] = (replace(token, expires_at=NOON), user)
    error = refused(plain(X_Auth_Token="jf_good"), people)
    assert error.message == "the token laptop has expired"
    assert error.hint


def test_a_disabled_user_cannot_come_in_by_any_way(people: PeopleDouble) -> None:
    for known in (people.known, people.keys):
        for name, (thing, user) in known.items():
            known[name] = (thing, replace(user, disabled=True))
    assert refused(plain(X_Auth_Token="jf_good"), people).message == "the user bert is disabled"
    assert refused(sdk_signed(), people).message == "the user anne is disabled"


def test_only_who_holds_its_secret_learns_that_a_key_is_disabled(people: PeopleDouble) -> None:
    key, user = people.keys[ACCESS_KEY]
    people.keys[ACCESS_KEY] = (replace(key, disabled=True), user)
    assert "is disabled" in refused(sdk_signed(), people).message
    assert "disabled" not in refused(sdk_signed(secret="other"), people).message


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
