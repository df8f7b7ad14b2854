"""A client of an OpenID provider: discovery, authorization code with PKCE, and checked ID tokens.

Keys are fetched again when a token names one that is not known. Nothing is asked before somebody signs in.
One discovery request is made at a time, and its failure is remembered for some seconds.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from jobferry.errors import ErrorCode, JobferryError, Unauthenticated
from jobferry.oidc.pending import Pending
from jobferry.sentences import as_sentence, sentence

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key pair; never ``none``, and nothing that is signed by a shared secret."""
_DISCOVERY_SECONDS = 3600.0
_FAILURE_SECONDS = 5.0
"""How long a failed discovery is reported again without asking the provider."""
_MAX_BYTES = 1024 * 1024
"""Maximum size of a response of the provider; real ones have a few KiB."""
_LEEWAY_SECONDS = 60
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_UNUSABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What joserfc raises for tokens and keys that are damaged or have members of unexpected types."""

T = TypeVar("T")


class Discovery(msgspec.Struct, frozen=True):
    """What the provider says about itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str


class _Keys(msgspec.Struct, frozen=True):
    keys: tuple[dict[str, Any], ...]


class Provider:
    """One provider and the client that this platform is there."""

    def __init__(
        self,
        issuer: str,
        client: str,
        secret: Callable[[], str],
        *,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``patience`` is the deadline of each call in seconds; ``clock`` counts seconds."""
        self._issuer = issuer
        self._client = client
        self._secret = secret
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._found: tuple[float, Discovery] | None = None
        self._failed: tuple[float, JobferryError] | None = None
        self._keys: KeySet | None = None

    @property
    def issuer(self) -> str:
        """The address that every ID token has to name."""
        return self._issuer

    def discovery(self) -> Discovery:
        """What the provider says about itself, asked once an hour.

        Callers during a request wait for its outcome.

        Raises:
            Unauthenticated: it is down, or speaks for another issuer.
        """
        with self._lock:
            if self._found is not None and self._clock() - self._found[0] < _DISCOVERY_SECONDS:
                return self._found[1]
            if self._failed is not None and self._clock() - self._failed[0] < _FAILURE_SECONDS:
                raise _refused(self._failed[1].message, self._failed[1].hint)
            try:
                found = self._discover()
            except JobferryError as error:
                self._failed = (self._clock(), error)
                raise
            self._found = (self._clock(), found)
            return found

    def _discover(self) -> Discovery:
        found = self._asked("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration", Discovery)
        if found.issuer != self._issuer:
            raise _refused(
                sentence(
                    "the sign-in provider says that it is {told}, not {issuer}",
                    told=found.issuer,
                    issuer=self._issuer,
                ),
                "set JOBFERRY_OIDC_ISSUER to exactly what the provider's discovery names as its issuer",
            )
        return found

    def begin(self, redirect: str, expires_at: int) -> tuple[str, Pending]:
        """The address where somebody signs in, and what the end of it has to come with.

        Raises:
            Unauthenticated: the provider cannot be asked.
        """
        pending = Pending(
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(64),
            redirect,
            expires_at,
        )
        challenge = hashlib.sha256(pending.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": redirect,
            "scope": "openid profile email",
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return _with_query(self.discovery().authorization_endpoint, asked), pending

    def claims(self, code: str, pending: Pending, now: int) -> dict[str, Any]:
        """What the provider says of who has signed in, checked; ``now`` is in milliseconds since 1970.

        Raises:
            Unauthenticated: the provider cannot be asked, refuses the code, or gives a token that is not for
                this sign-in.
        """
        found = self.discovery()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": pending.redirect,
            "code_verifier": pending.verifier,
        }
        tokens = self._asked("POST", found.token_endpoint, _Tokens, **self._as_client(found, form))
        return self._checked(tokens.id_token, pending.nonce, now)

    def end_address(self, redirect: str) -> str:
        """Where a browser also signs out of the provider; empty where that is not offered.

        Raises:
            Unauthenticated: the provider cannot be asked.
        """
        end = self.discovery().end_session_endpoint
        asked = {"client_id": self._client, "post_logout_redirect_uri": redirect}
        return _with_query(end, {name: value for name, value in asked.items() if value}) if end else ""

    def _as_client(self, found: Discovery, form: dict[str, str]) -> dict[str, Any]:
        secret = self._secret()
        if secret and "client_secret_basic" in found.token_endpoint_auth_methods_supported:
            return {"data": form, "auth": (self._client, secret)}
        named = {"client_id": self._client, "client_secret": secret}
        return {"data": form | {name: value for name, value in named.items() if value}}

    def _checked(self, token: str, nonce: str, now: int) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            now=now // 1000,
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = self._verified(token)
            registry.validate(claims)
        except _UNUSABLE as error:
            raise _refused(
                sentence(
                    "the sign-in provider's token is refused: {reason}",
                    reason=getattr(error, "description", "") or str(error),
                ),
                "sign in again; if it is refused again, compare the client and the clocks of both sides",
            ) from None
        has_several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if has_several else self._client) != self._client:
            raise _refused("the sign-in provider's token was made for another client", "sign in again")
        return claims

    def _verified(self, token: str) -> dict[str, Any]:
        keys = self._keys
        if keys is not None:
            try:
                return jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
            except _UNUSABLE:
                pass  # the keys may have been changed
        found = self._asked("GET", self.discovery().jwks_uri, _Keys)
        self._keys = KeySet.import_key_set(msgspec.to_builtins(found))
        return jwt.decode(token, self._keys, algorithms=_ALGORITHMS).claims

    def _asked(self, method: str, address: str, kind: type[T], **more: Any) -> T:
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise _refused(
                sentence("the sign-in provider's address {address} is not https", address=address),
                "use an https address; plain http is for this machine alone",
            )
        try:
            return msgspec.json.decode(self._body(method, address, **more), type=kind)
        except httpx.HTTPStatusError as error:
            reason = sentence("HTTP {status}", status=error.response.status_code)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = as_sentence(str(error) or type(error).__name__)
        except (msgspec.MsgspecError, RecursionError) as error:
            reason = as_sentence(str(error))
        raise _refused(
            sentence(
                "the sign-in provider {issuer} does not answer as it should: {reason}",
                issuer=self._issuer,
                reason=reason,
            ),
            "try again later; operations can see whether the provider is up and its address right",
        )

    def _body(self, method: str, address: str, **more: Any) -> bytes:
        """Raises: httpx.HTTPError: the call failed, passed its deadline, or returned too much."""
        deadline = self._clock() + self._patience
        with httpx.stream(method, address, timeout=self._patience, **more) as answer:
            answer.raise_for_status()
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > _MAX_BYTES:
                    raise httpx.DecodingError(f"more than {_MAX_BYTES} bytes")
                if self._clock() > deadline:
                    raise httpx.ReadTimeout("timed out")
        return bytes(body)


def _with_query(address: str, asked: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _refused(message: str, hint: str) -> Unauthenticated:
    return Unauthenticated(ErrorCode.NOT_SIGNED_IN, message, hint=hint)
