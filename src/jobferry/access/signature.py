"""Verifies the request signature of the official SDKs, ``SDK-HMAC-SHA256``.

Everything is compared as bytes, as it was on the wire. What the scheme itself leaves open is documented
behaviour, not a choice of ours: ``%2F`` and ``/`` in a path sign alike, and a header that the client did not
list is not protected. Where the scheme leaves room, the strict reading is taken:

* a signed header that is sent twice is refused, since two readers could take different values;
* ``+`` in a query is a space, exactly as the API reads it, so that what is signed is what is done;
* ``X-Sdk-Content-Sha256`` has to be the body's true digest, or ``UNSIGNED-PAYLOAD`` and itself signed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from jobferry.errors import ErrorCode, Unauthenticated
from jobferry.sentences import sentence

ALGORITHM = "SDK-HMAC-SHA256"
CLOCK_WINDOW_MS = 15 * 60 * 1000
"""How far a request's date may be from this server's clock, either way; the edge itself is allowed."""

_DATE = "x-sdk-date"
_CONTENT_DIGEST = "x-sdk-content-sha256"
_UNSIGNED = b"UNSIGNED-PAYLOAD"
_EMPTY_DIGEST = hashlib.sha256(b"").hexdigest().encode()
_DATE_FORM = re.compile(rb"\d{8}T\d{6}Z")
_AUTHORIZATION_FORM = re.compile(
    rf"{ALGORITHM} +Access=([^\s,]+), *SignedHeaders=([a-z0-9_.;-]+), *Signature=([0-9a-f]{{64}})"
)
_RETRY_HINT = "sign the request with the official SDK, or use a token (`jobferry credentials` shows both)"


@dataclass(frozen=True, slots=True, repr=False)
class SignedRequest:
    """A request as it came over the wire.

    ``raw_path`` and ``raw_query`` are undecoded, without the ``?``; ``headers`` may hold a name several
    times, in any case. It has no ``repr``: headers carry tokens.
    """

    method: str
    raw_path: bytes
    raw_query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: str) -> bytes | None:
        """The trimmed value of a header; None if it was not sent.

        Raises:
            Unauthenticated: it was sent more than once.
        """
        wanted = name.lower().encode("latin-1")
        values = [value.strip() for key, value in self.headers if key.lower() == wanted]
        if len(values) > 1:
            raise refusal(
                sentence("the header {name} was sent {count:time}", name=name, count=len(values)),
                "send it once",
            )
        return values[0] if values else None


class Authorization(NamedTuple):
    """The parts of a signed request's ``Authorization`` header."""

    access_key: str
    signed_headers: tuple[str, ...]
    signature: str


def refusal(message: str, hint: str, *, subject: str = "") -> Unauthenticated:
    """The one error of this room, ready to be raised."""
    return Unauthenticated(ErrorCode.NOT_SIGNED_IN, message, subject=subject, hint=hint)


def mismatch() -> Unauthenticated:
    """Said alike for an unknown access key and a wrong signature, so that keys cannot be guessed."""
    return refusal(
        "the access key is unknown, or the signature does not match the request",
        "check access key and secret key; a proxy that changes Host or User-Agent breaks signatures",
    )


def parse_authorization(header: str) -> Authorization:
    """Takes a signed request's ``Authorization`` header apart.

    Raises:
        Unauthenticated: another algorithm, or not of the documented form.
    """
    algorithm, space, _ = header.partition(" ")
    if algorithm != ALGORITHM:
        # without a scheme it may be a bare token: that is not repeated
        asked = sentence(
            "the Authorization header asks for {algorithm}, which is not supported",
            algorithm=repr(algorithm[:40]),
        )
        raise refusal(
            asked if space else "the Authorization header names no scheme",
            sentence("sign with {algorithm}, or send Authorization: Bearer …", algorithm=ALGORITHM),
        )
    found = _AUTHORIZATION_FORM.fullmatch(header)
    if found is None:
        raise refusal(
            "the Authorization header is malformed",
            sentence(
                "its form is: {algorithm} Access=…, SignedHeaders=…;…, Signature=… (64 lower-case "
                "hex digits)",
                algorithm=ALGORITHM,
            ),
        )
    access_key, listed, signature = found.groups()
    return Authorization(access_key, tuple(listed.split(";")), signature)


def verify(request: SignedRequest, secret: bytes, now: int) -> None:
    """Checks that the holder of ``secret`` signed this request, about ``now`` (ms since 1970, UTC).

    Raises:
        Unauthenticated: the reason is in its message, what to do about it in its hint.
    """
    parsed = parse_authorization((request.header("authorization") or b"").decode("latin-1"))
    date = _signed_date(request, parsed.signed_headers, now)
    signed = [(name, _signed_value(request, name)) for name in parsed.signed_headers]
    matches = False
    for payload in _payload_digests(request, parsed.signed_headers):
        canonical = _canonical_request(request, signed, payload)
        matches |= hmac.compare_digest(_signature(secret, date, canonical), parsed.signature)
    if not matches:
        raise mismatch()


def _signed_date(request: SignedRequest, listed: tuple[str, ...], now: int) -> bytes:
    date = request.header("X-Sdk-Date")
    if date is None:
        raise refusal("the request has no X-Sdk-Date header", _RETRY_HINT)
    if _DATE not in listed:
        raise refusal("X-Sdk-Date is not among the signed headers", "list x-sdk-date in SignedHeaders")
    skew = _milliseconds(date) - now
    if abs(skew) > CLOCK_WINDOW_MS:
        raise refusal(
            sentence(
                "X-Sdk-Date is {skew} ahead of this server's clock; {window:minute is/minutes are} allowed"
                if skew > 0
                else "X-Sdk-Date is {skew} behind this server's clock; "
                "{window:minute is/minutes are} allowed",
                skew=_spoken(abs(skew)),
                window=CLOCK_WINDOW_MS // 60_000,
            ),
            "set the clock of the computer that signs (UTC), and sign each request anew",
        )
    return date


def _milliseconds(date: bytes) -> int:
    try:
        if _DATE_FORM.fullmatch(date) is None:
            raise ValueError
        when = datetime.strptime(date.decode("ascii"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise refusal("X-Sdk-Date is malformed", "its form is 20261231T235959Z, in UTC") from None
    return int(when.timestamp()) * 1000


def _spoken(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def _signed_value(request: SignedRequest, name: str) -> bytes:
    value = request.header(name)
    if value is None:
        raise refusal(
            sentence("the signed header {name} did not arrive", name=name),
            "send every header that SignedHeaders lists; a proxy may have taken it out",
            subject=name,
        )
    return value


def _payload_digests(request: SignedRequest, listed: tuple[str, ...]) -> tuple[bytes, ...]:
    """What the client may have signed for the body.

    With an empty body and ``UNSIGNED-PAYLOAD`` the SDKs differ: Python's signs the empty digest, Go's the
    header; both say the same of the body, so both are good.
    """
    digest = hashlib.sha256(request.body).hexdigest().encode()
    claimed = request.header("X-Sdk-Content-Sha256")
    if claimed is None:
        return (digest,)
    if claimed != _UNSIGNED:
        if not hmac.compare_digest(claimed.lower(), digest):
            raise refusal("X-Sdk-Content-Sha256 is not the digest of the body", _RETRY_HINT)
        return (claimed, digest)
    if not request.body:
        return (_EMPTY_DIGEST, _UNSIGNED)
    if _CONTENT_DIGEST not in listed:
        raise refusal(
            "X-Sdk-Content-Sha256 is UNSIGNED-PAYLOAD and not signed itself",
            "list x-sdk-content-sha256 in SignedHeaders, or sign the body's digest",
        )
    return (_UNSIGNED,)


def _canonical_request(request: SignedRequest, signed: list[tuple[str, bytes]], payload: bytes) -> bytes:
    lines = [
        request.method.upper().encode(),
        _canonical_path(request.raw_path),
        _canonical_query(request.raw_query),
        b"".join(b"%s:%s\n" % (name.encode(), value) for name, value in signed),
        ";".join(name for name, _ in signed).encode(),
        payload,
    ]
    return b"\n".join(lines)


def _canonical_path(raw_path: bytes) -> bytes:
    path = b"/".join(_encoded(part) for part in unquote_to_bytes(raw_path).split(b"/"))
    return path if path.endswith(b"/") else path + b"/"


def _canonical_query(raw_query: bytes) -> bytes:
    pairs = (pair.partition(b"=") for pair in raw_query.replace(b"+", b" ").split(b"&") if pair)
    decoded = sorted((unquote_to_bytes(key), unquote_to_bytes(value)) for key, _, value in pairs)
    return b"&".join(b"%s=%s" % (_encoded(key), _encoded(value)) for key, value in decoded)


def _encoded(part: bytes) -> bytes:
    return quote(part, safe="").encode()


def _signature(secret: bytes, date: bytes, canonical: bytes) -> str:
    digest = hashlib.sha256(canonical).hexdigest().encode()
    to_sign = b"%s\n%s\n%s" % (ALGORITHM.encode(), date, digest)
    return hmac.new(secret, to_sign, hashlib.sha256).hexdigest()
