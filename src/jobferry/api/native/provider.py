"""Signing in by an OpenID provider: a browser or a command begins, goes there, and comes back with a code."""

from __future__ import annotations

from msgspec import Struct

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Body, Calls, Cookied, Threads
from jobferry.api.native.call import JsonOnly, Unsigned
from jobferry.api.native.sessions import SessionAnswer

api = Calls("/api", tag="people", threads=Threads.EXTERNAL)


class NewProviderSignIn(Body):
    """Where the provider is to send the browser back to."""

    redirect: str


class EndedProviderSignIn(Body):
    """What was kept since the beginning, and what the provider sent back."""

    pending: str
    code: str
    state: str


class SignInMethodsAnswer(Struct, frozen=True):
    """How a browser may sign in here."""

    password: bool
    provider: bool


class ProviderSignInAnswer(Struct, frozen=True):
    """Where the browser goes now, and what only it keeps until it is back: ``pending``."""

    address: str
    pending: str


class ProviderSignOutAnswer(Struct, frozen=True):
    """Where the browser signs out of the provider, too; empty where that is not offered."""

    address: str


@api.get("/session/methods")
def show_sign_in_methods(call: Unsigned) -> SignInMethodsAnswer:
    """Whether one signs in here by password, by the provider, or by either."""
    return SignInMethodsAnswer(call.platform.signing.takes_passwords, call.platform.provider.is_offered)


@api.post("/session/provider", status=201, body_limit=BodyLimit.ANONYMOUS)
def begin_provider_sign_in(call: JsonOnly, body: NewProviderSignIn) -> ProviderSignInAnswer:
    """Begins to sign in by the provider: gives the address to open."""
    return ProviderSignInAnswer(*call.platform.provider.begin(body.redirect))


@api.post("/session/provider/end", status=201, body_limit=BodyLimit.ANONYMOUS)
def end_provider_sign_in(call: JsonOnly, body: EndedProviderSignIn) -> Cookied[SessionAnswer]:
    """Signs a browser in that comes back from the provider: sets its cookie, and tells the CSRF token."""
    begun = call.platform.provider.end(body.pending, body.code, body.state, call.origin)
    return Cookied(SessionAnswer(begun.user.name, begun.csrf_token), begun.secret)


@api.get("/session/provider/sign-out")
def show_provider_sign_out(call: Unsigned) -> ProviderSignOutAnswer:
    """Where a browser whose session here has ended signs out of the provider, too."""
    return ProviderSignOutAnswer(call.platform.provider.end_address())
