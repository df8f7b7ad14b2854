"""Requests as the official SDK's own signer makes them, and people who may have sent them."""

from dataclasses import replace
from typing import Any, Never
from urllib.parse import quote

from jobferry.access.signature import SignedRequest
from jobferry.model.people import AccessKey, BrowserSession, Token, User
from jobferry.store import People

ACCESS_KEY = "AKTEST"
SECRET_KEY = "SKTEST"
NOON = 1_795_262_400_000  # 2026-11-21T12:00:00Z
NOON_TEXT = "20261121T120000Z"


class PeopleDouble(People):
    """Who can sign in, in memory."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[Token, User]] = {}
        self.keys: dict[str, tuple[AccessKey, User]] = {}
        self.sessions: dict[str, tuple[BrowserSession, User]] = {}
        self.everybody: list[User] = []

    def token(self, token_hash: str) -> tuple[Token, User] | None:
        return self.known.get(token_hash)

    def access_key(self, access_key: str) -> tuple[AccessKey, User] | None:
        return self.keys.get(access_key)

    def session(self, session_hash: str) -> tuple[BrowserSession, User] | None:
        return self.sessions.get(session_hash)

    def users(self) -> list[User]:
        return self.everybody

    def _unasked(self, *_: object, **__: object) -> Never:
        raise AssertionError("who signs in is found by what the request carries")

    user = user_named = tokens = access_keys = _unasked


def headers_of(pairs: dict[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in pairs.items())


def sdk_signed(
    method: str = "GET",
    path: str = "/v1/projA/jobs",
    query: list[tuple[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    *,
    secret: str = SECRET_KEY,
    access_key: str = ACCESS_KEY,
) -> SignedRequest:
    """One request signed by the SDK's own signer. ``path`` is decoded, as in the SDK's resource path."""
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.sdk_request import SdkRequest
    from huaweicloudsdkcore.signer.signer import Signer

    raw_path = quote(path, safe="/~")
    request = SdkRequest(
        method=method,
        schema="http",
        host="127.0.0.1:8080",
        resource_path=raw_path,
        query_params=query or [],
        header_params={"Host": "127.0.0.1:8080", "X-Sdk-Date": NOON_TEXT, **(headers or {})},
        body=body,
    )
    Signer(BasicCredentials(access_key, secret, "projA")).sign(request)
    _, _, raw_query = request.uri.partition("?")
    wire = tuple(
        (name.lower().encode(), value.encode("latin-1")) for name, value in request.header_params.items()
    )
    return SignedRequest(method, raw_path.encode(), raw_query.encode(), wire, body)


def with_header(request: SignedRequest, name: str, value: str | None) -> SignedRequest:
    """The request with one header replaced, or taken out."""
    kept = tuple(pair for pair in request.headers if pair[0] != name.encode())
    return replace(request, headers=kept if value is None else (*kept, (name.encode(), value.encode())))
