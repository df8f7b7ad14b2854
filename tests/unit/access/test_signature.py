"""The signature of the official SDKs: everything it signs is accepted, everything else is not."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobferry.access.signature import (
    CLOCK_WINDOW_MS,
    SignedRequest,
    _canonical_path,
    _canonical_query,
    parse_authorization,
    verify,
)
from jobferry.errors import ErrorCode, Unauthenticated
from unit.access.signing import NOON, SECRET_KEY, sdk_signed, with_header

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the SDK calls utcnow()

SECRET = SECRET_KEY.encode()


def refused(request: SignedRequest, now: int = NOON, secret: bytes = SECRET) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as caught:
        verify(request, secret, now)
    assert caught.value.code is ErrorCode.NOT_SIGNED_IN
    assert caught.value.hint
    return caught.value


def authorization(request: SignedRequest) -> str:
    value = request.header("authorization")
    assert value is not None
    return value.decode()


def test_the_worked_check_value_of_the_reference() -> None:
    raw = b"/v1/projA/jobs/%E4%BD%9C%E4%B8%9A%20a%2Fb.c%2Bd"
    assert _canonical_path(raw) == b"/v1/projA/jobs/%E4%BD%9C%E4%B8%9A%20a/b.c%2Bd/"
    request = sdk_signed(path="/v1/projA/jobs/作业 a/b.c+d")
    verify(request, SECRET, NOON)
    verify(replace(request, raw_path=raw), SECRET, NOON)


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        (b"", b""),
        (b"limit=10&jobName=%E4%B8%AD%20a%26b", b"jobName=%E4%B8%AD%20a%26b&limit=10"),
        (b"b=2&a=2&a=1&&c", b"a=1&a=2&b=2&c="),
        (b"a=x+y&b=%2B&c=~_.-", b"a=x%20y&b=%2B&c=~_.-"),
        (b"a=b%3Dc=d", b"a=b%3Dc%3Dd"),
    ],
)
def test_canonical_queries(raw: bytes, canonical: bytes) -> None:
    assert _canonical_query(raw) == canonical


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
VALUES = st.one_of(NAMES, st.integers(0, 99), st.booleans())


@given(
    name=NAMES.filter(lambda name: "%" not in name),
    query=st.lists(st.tuples(NAMES, VALUES), max_size=4, unique_by=lambda pair: pair[0]),
    body=st.binary(max_size=40),
    workspace=st.text("abc/ 中文%+", min_size=1, max_size=8).filter(str.strip),
)
def test_whatever_the_sdk_signs_is_accepted(
    name: str, query: list[tuple[str, object]], body: bytes, workspace: str
) -> None:
    request = sdk_signed("POST", f"/v1/p/jobs/{name}", query, {"workspace": workspace}, body)
    verify(request, SECRET, NOON)


def test_every_signed_part_counts() -> None:
    request = sdk_signed("POST", "/v1/p/jobs/a", [("x", "1")], {"workspace": "w"}, b'{"a": 1}')
    verify(request, SECRET, NOON)
    value = authorization(request)
    altered = [
        replace(request, method="PUT"),
        replace(request, raw_path=b"/v1/p/jobs/b"),
        replace(request, raw_query=b"x=2"),
        replace(request, raw_query=b"x=1&y=1"),
        replace(request, body=b'{"a": 2}'),
        replace(request, body=b""),
        with_header(request, "workspace", "v"),
        with_header(request, "host", "elsewhere"),
        with_header(request, "x-sdk-date", "20261121T120001Z"),
        with_header(request, "authorization", value[:-1] + ("0" if value[-1] != "0" else "1")),
    ]
    for one in altered:
        assert "signature does not match" in refused(one).message
    assert "signature does not match" in refused(request, secret=b"other").message


def test_a_space_and_an_escaped_plus_are_not_exchanged() -> None:
    request = sdk_signed(query=[("jobName", "a+b")])
    assert request.raw_query == b"jobName=a%2Bb"
    refused(replace(request, raw_query=b"jobName=a+b"))  # a door reads this as "a b"


def test_headers_that_were_not_signed_may_come_along() -> None:
    request = with_header(sdk_signed(), "x-project-id", "added-by-terraform")
    verify(with_header(request, "content-length", "0"), SECRET, NOON)


def test_only_the_date_has_to_be_signed() -> None:
    """Go clients leave out Host."""
    import hmac

    canonical = b"GET\n/v1/p/jobs/\n\nx-sdk-date:20261121T120000Z\n\nx-sdk-date\n"
    canonical += hashlib.sha256(b"").hexdigest().encode()
    to_sign = b"SDK-HMAC-SHA256\n20261121T120000Z\n" + hashlib.sha256(canonical).hexdigest().encode()
    signature = hmac.new(SECRET, to_sign, "sha256").hexdigest()
    value = f"SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature={signature}"
    headers = ((b"X-Sdk-Date", b"20261121T120000Z"), (b"Authorization", value.encode()))
    verify(SignedRequest("GET", b"/v1/p/jobs", b"", headers, b""), SECRET, NOON)


def test_header_names_are_read_in_any_case() -> None:
    request = sdk_signed(headers={"workspace": "w"})
    loud = tuple((name.upper(), b"  " + value + b" ") for name, value in request.headers)
    verify(replace(request, headers=loud), SECRET, NOON)


@pytest.mark.parametrize("side", [-1, 1])
def test_the_edges_of_the_clock_window(side: int) -> None:
    request = sdk_signed()
    verify(request, SECRET, NOON + side * CLOCK_WINDOW_MS)
    error = refused(request, NOON + side * (CLOCK_WINDOW_MS + 1000))
    assert "15 min 1 s" in error.message
    assert ("behind" if side > 0 else "ahead of") in error.message
    assert "clock" in error.hint


def test_a_great_skew_is_spelled_out() -> None:
    assert "8 h 2 s" in refused(sdk_signed(), NOON + (8 * 3600 + 2) * 1000).message


@pytest.mark.parametrize(
    "date",
    [
        "2026-11-21T12:00:00Z",
        "20261121T120000",
        "20261321T120000Z",
        "20261121T126000Z",
        "",
        "２0261121T120000Z",
    ],
)
def test_a_malformed_date(date: str) -> None:
    assert "malformed" in refused(with_header(sdk_signed(), "x-sdk-date", date)).message


def test_a_missing_date() -> None:
    assert "no X-Sdk-Date" in refused(with_header(sdk_signed(), "x-sdk-date", None)).message


def test_a_date_that_is_not_signed() -> None:
    request = sdk_signed()
    value = authorization(request).replace("host;x-sdk-date", "host")
    assert "not among the signed" in refused(with_header(request, "authorization", value)).message


def test_a_signed_header_that_did_not_arrive() -> None:
    error = refused(with_header(sdk_signed(headers={"workspace": "w"}), "workspace", None))
    assert "workspace did not arrive" in error.message
    assert error.subject == "workspace"


def test_a_signed_header_that_came_twice() -> None:
    request = sdk_signed(headers={"workspace": "w"})
    doubled = replace(request, headers=(*request.headers, (b"Workspace", b"v")))
    assert "2 times" in refused(doubled).message


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("SDK-HMAC-SM3 Access=a, SignedHeaders=b, Signature=c", "'SDK-HMAC-SM3'"),
        ("V11-HMAC-SHA256 Credential=a/b, SignedHeaders=b, Signature=c", "'V11-HMAC-SHA256'"),
        ("Basic dTpw", "'Basic'"),
        ("SDK-HMAC-SHA256", "malformed"),
        ("SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date", "malformed"),
        ("SDK-HMAC-SHA256 Access=, SignedHeaders=x-sdk-date, Signature=" + "0" * 64, "malformed"),
        ("SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date, Signature=" + "0" * 63, "malformed"),
        ("SDK-HMAC-SHA256 Access=a, SignedHeaders=X-Sdk-Date, Signature=" + "0" * 64, "malformed"),
        ("SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date, Signature=" + "0" * 64 + ", x", "malformed"),
    ],
)
def test_authorization_headers_that_are_refused(header: str, said: str) -> None:
    with pytest.raises(Unauthenticated, match=said):
        parse_authorization(header)
    assert said in refused(with_header(sdk_signed(), "authorization", header)).message


def test_a_bare_token_is_not_repeated_in_the_message() -> None:
    with pytest.raises(Unauthenticated) as caught:
        parse_authorization("jf_secret")
    assert "jf_secret" not in caught.value.message + caught.value.hint


def test_taking_an_authorization_header_apart() -> None:
    signature = "ab" * 32
    parsed = parse_authorization(
        f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature={signature}"
    )
    assert parsed == ("AK", ("host", "x-sdk-date"), signature)
    assert parse_authorization(f"SDK-HMAC-SHA256 Access=AK,SignedHeaders=a,Signature={signature}")[0] == "AK"


class TestPayload:
    """The rule about ``X-Sdk-Content-Sha256``."""

    BODY = b'{"name": 1}'

    def test_an_unsigned_payload_whose_header_is_signed(self) -> None:
        request = sdk_signed("POST", headers={"Content-Type": "multipart/form-data"}, body=self.BODY)
        assert request.header("x-sdk-content-sha256") == b"UNSIGNED-PAYLOAD"
        verify(request, SECRET, NOON)
        verify(replace(request, body=b"anything else"), SECRET, NOON)

    def test_an_unsigned_payload_with_an_empty_body(self) -> None:
        verify(sdk_signed("POST", headers={"Content-Type": "text/plain"}), SECRET, NOON)

    def test_the_header_added_on_the_way(self) -> None:
        request = sdk_signed("POST", body=self.BODY)
        error = refused(with_header(request, "x-sdk-content-sha256", "UNSIGNED-PAYLOAD"))
        assert "not signed itself" in error.message

    def test_the_header_taken_out_on_the_way(self) -> None:
        request = sdk_signed("POST", headers={"Content-Type": "text/plain"}, body=self.BODY)
        refused(with_header(request, "x-sdk-content-sha256", None))

    @pytest.mark.parametrize("spelled", [str.lower, str.upper])
    def test_a_true_digest(self, spelled: object) -> None:
        digest = hashlib.sha256(self.BODY).hexdigest()
        text = spelled(digest)  # type: ignore[operator]
        request = sdk_signed("POST", headers={"X-Sdk-Content-Sha256": text}, body=self.BODY)
        verify(request, SECRET, NOON)
        error = refused(replace(request, body=b"{}"))
        assert "not the digest" in error.message

    def test_a_true_digest_that_is_not_signed(self) -> None:
        digest = hashlib.sha256(self.BODY).hexdigest()
        request = with_header(sdk_signed("POST", body=self.BODY), "x-sdk-content-sha256", digest)
        verify(request, SECRET, NOON)


def test_a_request_does_not_show_its_tokens() -> None:
    assert "SDK-HMAC" not in repr(sdk_signed())
