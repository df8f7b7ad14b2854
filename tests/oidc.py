"""A small OpenID provider on loopback, with keys of its own, that can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from joserfc import jws, jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "jobferry", "a secret of the client"
KEYS = [RSAKey.generate_key(2048, {"kid": kid}) for kid in ("first", "second")]


def comes_back(address: str) -> dict[str, str]:
    """What the provider sends back with a browser that opens this address."""
    answer = httpx.get(address, trust_env=False)
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


class OpenIdProvider:
    """``claims`` are those of whoever signs in next; ``changed`` replaces claims of the token, whatever they
    should be; ``told`` is the issuer that discovery names, ``ways`` are those in which the client may say its
    secret. ``is_garbled``: what it answers is no object. ``raw`` replaces the token's claims, as JSON, and
    ``keys`` the set of its keys; ``asked`` counts requests by path."""

    def __init__(self, port: int) -> None:
        self.issuer = self.told = f"http://127.0.0.1:{port}"
        self.claims: dict[str, Any] = {"sub": "s-1", "preferred_username": "ming", "groups": []}
        self.changed: dict[str, Any] = {}
        self.key = KEYS[0]
        self.is_signed = True
        self.is_down = self.is_garbled = False
        self.ways: list[str] | None = None
        self.ends_sessions = True
        self.codes: dict[str, dict[str, str]] = {}
        self.raw = ""
        self.keys: dict[str, Any] | None = None
        self.asked: Counter[str] = Counter()

    def discovery(self) -> dict[str, Any]:
        more: dict[str, Any] = {"end_session_endpoint": f"{self.issuer}/end"} if self.ends_sessions else {}
        if self.ways is not None:
            more["token_endpoint_auth_methods_supported"] = self.ways
        return {
            "issuer": self.told,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **more,
        }

    def token(self, form: dict[str, str]) -> dict[str, str] | None:
        asked = self.codes.pop(form["code"], None)
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        told = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if asked is None or (told, form["redirect_uri"]) != (asked["code_challenge"], asked["redirect_uri"]):
            return None
        fixed = {
            "iss": self.issuer,
            "aud": CLIENT,
            "exp": int(time.time()) + 300,
            "nonce": asked["nonce"],
        }
        claims = {
            key: value for key, value in (self.claims | fixed | self.changed).items() if value is not None
        }
        if self.raw:
            return {
                "id_token": jws.serialize_compact({"alg": "RS256", "kid": self.key.kid}, self.raw, self.key)
            }
        if self.is_signed:
            return {"id_token": jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)}
        parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
        return {
            "id_token": ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        }


class _Exchange(BaseHTTPRequestHandler):
    provider: OpenIdProvider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        self.provider.asked[parts.path] += 1
        if self.provider.is_down:
            self._answer(503, {})
        elif self.provider.is_garbled:
            self._answer(200, [])
        elif parts.path == "/.well-known/openid-configuration":
            self._answer(200, self.provider.discovery())
        elif parts.path == "/keys":
            self._answer(200, self.provider.keys or {"keys": [self.provider.key.as_dict(private=False)]})
        elif parts.path == "/end":
            self._answer(200, {"signed_out": asked["client_id"]})
        elif "state" not in asked:
            self._answer(404, {})
        else:
            code = f"code-{len(self.provider.codes) + 1}-{asked['state'][:8]}"
            self.provider.codes[code] = asked
            self.send_response(302)
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()

    def do_POST(self) -> None:
        self.provider.asked[self.path] += 1
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        tokens = self.provider.token(form) if self._is_known(form) and not self.provider.is_down else None
        self._answer(200 if tokens else 400, tokens or {"error": "invalid_grant"})

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""

    def _is_known(self, form: dict[str, str]) -> bool:
        if self.provider.ways == ["client_secret_post"]:
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {wanted}"

    def _answer(self, status: int, body: Any) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@contextmanager
def provider_running() -> Iterator[OpenIdProvider]:
    """A provider, as long as the block lasts."""
    handler = type("Exchange", (_Exchange,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.provider = OpenIdProvider(server.server_port)  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield handler.provider  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()
