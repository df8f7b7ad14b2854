"""Who sent a request."""

from dataclasses import replace as replaced
from typing import Any

import pytest
from msgspec.structs import replace

from jobferry.access.callers import Identity, authenticate, csrf_token, means_of
from jobferry.access.sealing import Sealer, token_hash
from jobferry.access.signature import SignedRequest
from jobferry.errors import ErrorCode, Forbidden, StoreError, Unauthenticated
from jobferry.model.people import AccessKey, BrowserSession, Scope, Token, User
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
ANNE = User(id="u1", name="anne")
BERT = User(id="u2", name="bert")
BY_TOKEN = Identity(user=BERT, token_id="t1")
BY_KEY = Identity(user=ANNE, access_key=ACCESS_KEY)


@pytest.fixture
def people() -> PeopleDouble:
    """Anne has an access key, Bert a token."""
    double = PeopleDouble()
    key = AccessKey(access_key=ACCESS_KEY, sealed_secret=SEALER.seal(SECRET_KEY.encode()), user_id=ANNE.id)
    double.keys[ACCESS_KEY] = (key, User(id=ANNE.id, name=ANNE.name))
    token = Token(id="t1", user_id=BERT.id, name="laptop", hash=token_hash("jf_good"))
    double.known[token.hash] = (token, User(id=BERT.id, name=BERT.name))
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
    assert authenticate(plain(X_Auth_Token="jf_good"), people, SEALER, NOON) == BY_TOKEN
    assert authenticate(plain(Authorization="Bearer jf_good"), people, SEALER, NOON) == BY_TOKEN
    assert authenticate(plain(Authorization="bearer  jf_good"), people, SEALER, NOON) == BY_TOKEN


def test_a_token_says_how_far_it_goes(people: PeopleDouble) -> None:
    scope = Scope(read_only=True, workspaces=("w1",))
    token, user = people.known[token_hash("jf_good")]
    people.known[token.hash] = (replace(token, scope=scope, used_at=7), user)
    known = authenticate(plain(X_Auth_Token="jf_good"), people, SEALER, NOON)
    assert (known.scope, known.used_at) == (scope, 7)


def told(error: Unauthenticated) -> tuple[str, ...]:
    return (error.code, error.message, error.hint, error.subject)


def test_a_token_that_expired_or_whose_user_is_disabled_answers_like_an_unknown_one(
    people: PeopleDouble,
) -> None:
    unknown = told(refused(plain(X_Auth_Token="jf_bad"), people))
    token, user = people.known[token_hash("jf_good")]
    people.known[token.hash] = (replace(token, expires_at=NOON + 1), user)
    assert authenticate(plain(X_Auth_Token="jf_good"), people, SEALER, NOON) == BY_TOKEN
    for present in ((replace(token, expires_at=NOON), user), (token, replace(user, disabled=True))):
        people.known[token.hash] = present
        assert told(refused(plain(X_Auth_Token="jf_good"), people)) == unknown


def test_a_key_that_is_disabled_or_over_answers_like_an_unknown_one(people: PeopleDouble) -> None:
    key, user = people.keys.pop(ACCESS_KEY)
    unknown = told(refused(sdk_signed(), people))
    people.keys[ACCESS_KEY] = (replace(key, expires_at=NOON + 1), user)
    assert authenticate(sdk_signed(), people, SEALER, NOON) == BY_KEY
    for present in (
        (replace(key, disabled=True), user),
        (replace(key, expires_at=NOON), user),
        (key, replace(user, disabled=True)),
    ):
        people.keys[ACCESS_KEY] = present
        assert told(refused(sdk_signed(), people)) == unknown


def test_the_folders_own_token_is_the_oldest_enabled_operations_user(people: PeopleDouble) -> None:
    people.everybody = [
        replace(ANNE, operations=True, disabled=True, created_at=1),
        replace(BERT, operations=True, created_at=3),
        User(id="u3", name="carl", operations=True, created_at=2),
        User(id="u0", name="dora"),
    ]
    own = token_hash("jf_own")
    known = authenticate(plain(X_Auth_Token="jf_own"), people, SEALER, NOON, own)
    assert (known.user.name, known.by_folder) == ("carl", True)
    refused(plain(X_Auth_Token="jf_own"), people)


SECRET = "jf_secret"


def browsing(people: PeopleDouble, **changed: Any) -> BrowserSession:
    """Bert has a session."""
    csrf_hash = token_hash(csrf_token(SECRET))
    session = BrowserSession(
        hash=token_hash(SECRET), csrf_hash=csrf_hash, user_id=BERT.id, expires_at=NOON + 1
    )
    session = replace(session, **changed)
    people.sessions[session.hash] = (session, BERT)
    return session


def asked(method: str = "GET", **headers: str) -> SignedRequest:
    return replaced(plain(Cookie=f"a=b; jobferry_session={SECRET}", **headers), method=method)


def test_a_session(people: PeopleDouble) -> None:
    session = browsing(people)
    assert authenticate(asked(), people, SEALER, NOON) == Identity(user=BERT, session=session)
    https = plain(Cookie=f"jobferry_session=other; __Host-jobferry_session={SECRET}")
    assert authenticate(https, people, SEALER, NOON).user == BERT


def test_a_session_changes_nothing_without_its_csrf_token(people: PeopleDouble) -> None:
    browsing(people)
    for headers in (
        {},
        {"X_CSRF_Token": ""},
        {"X_CSRF_Token": csrf_token("other")},
        {"X_CSRF_Token": SECRET},
    ):
        for method in ("POST", "PUT", "PATCH", "DELETE", "MOON"):
            with pytest.raises(Forbidden) as caught:
                authenticate(asked(method, **headers), people, SEALER, NOON)
            assert SECRET not in caught.value.message + caught.value.hint
    good = asked("POST", X_CSRF_Token=csrf_token(SECRET))
    assert authenticate(good, people, SEALER, NOON).user == BERT


def test_a_session_that_is_over_answers_like_one_that_never_was(people: PeopleDouble) -> None:
    never = told(refused(asked(), people))
    browsing(people, expires_at=NOON)
    assert told(refused(asked(), people)) == never
    session = browsing(people)
    people.sessions[session.hash] = (session, replace(BERT, disabled=True))
    assert told(refused(asked(), people)) == never


def test_what_a_request_wants_to_sign_in_with() -> None:
    assert means_of(plain(X_Auth_Token="x")) == means_of(plain(Authorization="Bearer x")) == "token"
    assert means_of(plain(Authorization="SDK-HMAC-SHA256 x")) == "signature"
    assert means_of(asked()) == "session"
    assert means_of(plain(Host="x", X_Auth_Token="", Cookie="jobferry_session=")) == ""


def test_a_signature(people: PeopleDouble) -> None:
    assert authenticate(sdk_signed(), people, SEALER, NOON) == BY_KEY


def test_the_token_decides_over_a_signature(people: PeopleDouble) -> None:
    signed = sdk_signed()
    assert authenticate(with_header(signed, "x-auth-token", "jf_good"), people, SEALER, NOON) == BY_TOKEN
    assert "token" in refused(with_header(signed, "x-auth-token", "jf_bad"), people).message


def test_an_empty_token_is_none(people: PeopleDouble) -> None:
    assert authenticate(with_header(sdk_signed(), "x-auth-token", ""), people, SEALER, NOON) == BY_KEY


@pytest.mark.parametrize("header", ["X_Auth_Token", "Authorization"])
def test_an_unknown_token(people: PeopleDouble, header: str) -> None:
    for token in ("jf_bad", "密"):
        error = refused(plain(**{header: f"Bearer {token}" if header == "Authorization" else token}), people)
        assert error.message == "the token is not known here, or has expired"
        assert token not in error.message + error.hint
        assert "jobferry token list" in error.hint


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
    assert "jobferry token list" in error.hint


def test_two_tokens_are_not_chosen_from(people: PeopleDouble) -> None:
    request = plain(X_Auth_Token="jf_good")
    doubled = SignedRequest("GET", b"/", b"", (*request.headers, (b"X-Auth-Token", b"jf_bad")), b"")
    assert "2 times" in refused(doubled, people).message


def test_another_scheme(people: PeopleDouble) -> None:
    assert "not supported" in refused(plain(Authorization="Digest x"), people).message


def test_a_data_folder_with_another_key_says_so(people: PeopleDouble) -> None:
    with pytest.raises(StoreError, match="data folder's key"):
        authenticate(sdk_signed(), people, Sealer(bytes(range(32))), NOON)
