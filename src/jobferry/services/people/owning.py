"""Rights that belong to no workspace: to what is the caller's own, and to what is the whole platform's."""

from __future__ import annotations

from jobferry.errors import ErrorCode, Forbidden
from jobferry.model.audit import AuditOutcome
from jobferry.model.grant import Grant
from jobferry.model.people import Caller, Scope
from jobferry.model.rights import Action
from jobferry.services.granting import NOWHERE, platform_grant
from jobferry.services.ground import Ground


def everywhere(caller: Caller) -> Grant:
    """A caller as what they do to the whole platform is recorded; it allows nothing."""
    return Grant(caller=caller, workspace=NOWHERE, roles=frozenset())


def allow_everywhere(
    ground: Ground, caller: Caller, action: Action, *, kind: str = "", subject: str = ""
) -> None:
    """Lets those pass who may do this to the whole platform.

    Raises:
        Forbidden: the caller may not, or their token is good for less (``not-allowed``).
    """
    with ground.store.read() as snapshot:
        grant = platform_grant(snapshot, caller)
    ground.allow(grant, action, kind=kind, subject=subject)


def allow_own(ground: Ground, caller: Caller, owner: str, *, looking: bool, kind: str) -> None:
    """Lets users see to what is theirs, and operations to what is anybody's.

    What signs in to more than the caller's own token must not be made with that token.

    Raises:
        Forbidden: it is somebody else's, or the caller's token is good for less (``not-allowed``).
    """
    if caller.name != owner:
        allow_everywhere(ground, caller, Action.USER_EDIT, kind=kind, subject=owner)
    elif not looking and caller.scope != Scope():
        action, outcome = Action.USER_EDIT.value, AuditOutcome.REFUSED
        ground.note(ground.event(everywhere(caller), action, kind=kind, subject=owner, outcome=outcome))
        raise Forbidden(
            ErrorCode.NOT_ALLOWED,
            f"this token is good for less than all that {owner} may do, so it cannot change credentials",
            subject=owner,
            hint="sign in with a password, or with a token that is not limited",
        )
