"""Who the caller is, and browsers that are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Body, Calls, Cookied
from jobferry.api.native.call import Call, InSession, JsonOnly, Visitor
from jobferry.model.rights import Action, Role

if TYPE_CHECKING:
    from jobferry.services.people.members import Place

api = Calls("/api", tag="people")


class NewSession(Body):
    """Who signs in, and by which password."""

    name: str
    password: str


class FirstPassword(Body):
    """The link that was given to somebody who has no password, and the password that they choose."""

    link: str
    password: str


class PasswordChange(Body):
    """One's own password, and the one that takes its place."""

    current: str
    new: str


class SessionAnswer(Struct, frozen=True):
    """A browser's session. ``csrf_token`` goes into X-CSRF-Token of every call that changes something."""

    name: str
    csrf_token: str


class EndedAnswer(Struct, frozen=True):
    """How many sessions were ended."""

    ended: int


class PlaceAnswer(Struct, frozen=True):
    """A workspace, and what the caller is and may do there."""

    id: str
    name: str
    roles: list[Role]
    actions: list[Action]


class MeAnswer(Struct, frozen=True):
    """Who the caller is, how far their token goes, and what they may do."""

    id: str
    name: str
    operations: bool
    read_only: bool
    actions: list[Action]
    workspaces: list[PlaceAnswer]


@api.post("/session", status=201, body_limit=BodyLimit.ANONYMOUS)
def sign_in(call: JsonOnly, body: NewSession) -> Cookied[SessionAnswer]:
    """Signs a browser in by name and password: sets its cookie, and tells the CSRF token to go with it."""
    begun = call.platform.signing.sign_in(body.name, body.password, call.origin)
    return Cookied(SessionAnswer(begun.user.name, begun.csrf_token), begun.secret)


@api.post("/session/first", status=201, body_limit=BodyLimit.ANONYMOUS)
def choose_first_password(call: JsonOnly, body: FirstPassword) -> Cookied[SessionAnswer]:
    """Gives the user of a link their first password, and signs their browser in. That uses the link up."""
    call.platform.signing.refuse_passwords_off()
    user = call.platform.users.set_first_password(body.link, body.password, call.origin)
    begun = call.platform.signing.sign_in(user.name, body.password, call.origin)
    return Cookied(SessionAnswer(begun.user.name, begun.csrf_token), begun.secret)


@api.get("/session")
def show_session(call: Visitor) -> SessionAnswer:
    """Who is signed in, and their session's CSRF token once more. Both are empty for nobody, the token also
    for who is not signed in by a cookie."""
    caller = call.caller()
    if caller is None or call.request is None:
        return SessionAnswer("", "")
    return SessionAnswer(caller.name, call.platform.signing.csrf_token(call.request))


@api.delete("/session")
def sign_out(call: InSession) -> Cookied[None]:
    """Ends this session."""
    call.platform.signing.sign_out(call.request, call.caller)
    return Cookied(None, "")


@api.delete("/sessions")
def sign_out_everywhere(call: Call) -> Cookied[EndedAnswer]:
    """Ends all sessions of the caller, this one too."""
    return Cookied(EndedAnswer(call.platform.signing.sign_out_everywhere(call.caller)), "")


@api.get("/me")
def show_me(call: Call) -> MeAnswer:
    """Who the caller is, and what they may do, on the platform and in each of their workspaces."""
    rights = call.platform.members.rights_of(call.caller)
    return MeAnswer(
        id=call.caller.user_id,
        name=call.caller.name,
        operations=bool(rights.actions),
        read_only=call.caller.scope.read_only,
        actions=list(rights.actions),
        workspaces=[_place(place) for place in rights.places],
    )


@api.put("/me/password")
def set_password(call: Call, body: PasswordChange) -> None:
    """Changes the caller's password and ends all their sessions."""
    call.platform.users.set_password(call.caller, body.current, body.new)


def _place(place: Place) -> PlaceAnswer:
    return PlaceAnswer(place.workspace.id, place.workspace.name, list(place.roles), list(place.actions))
