"""The ways to sign in, as both descriptions name them."""

from __future__ import annotations

from typing import Any

from jobferry.services.people.sign_in import COOKIE

_SCHEMES: dict[str, dict[str, str]] = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Auth-Token",
        "description": "An API token.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The same token.",
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "A request signed with a key pair, SDK-HMAC-SHA256, as the official SDKs do it.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "A browser's session; over https the cookie is called __Host-"
        f"{COOKIE}. A call that changes something carries X-CSRF-Token as well.",
    },
}


def secure(document: dict[str, Any]) -> None:
    """Names the ways to sign in: any one of them does, except for calls that say otherwise themselves."""
    document.setdefault("components", {})["securitySchemes"] = _SCHEMES
    document["security"] = [{name: []} for name in _SCHEMES]
