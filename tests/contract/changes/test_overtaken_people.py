"""Whoever is overtaken while changing users, members or credentials is refused or sees the new state."""

from __future__ import annotations

from typing import Any

import pytest

from jobferry.access.callers import COOKIE
from jobferry.access.signature import SignedRequest
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.errors import Unauthenticated
from jobferry.model.people import Caller, Scope
from jobferry.model.rights import Role
from people import enrol, entered, store_of

from .conftest import Act, Place, Race, judge


def joined(place: Place, here: RunningPlatform) -> Any:
    place.kept = place.granted("anne", Role.DEVELOPER).caller.name


def left(place: Place, here: RunningPlatform) -> Any:
    return here.members.remove(place.grant, place.kept)


def policy(name: str) -> Act:
    return lambda place, here: here.policies.save(place.grant, name, ["/d"], [place.kept], [])


def user(place: Place, here: RunningPlatform) -> Any:
    return here.users.create(place.caller, f"user-{place.name}", password="correct horse battery")


def reset(place: Place, here: RunningPlatform) -> Any:
    return here.users.reset_password(place.caller, f"user-{place.name}", "another horse battery")


def operations(name: str, *, given: bool) -> Act:
    """Gives or takes the operations role; the name may end with that of the place."""
    return lambda place, here: here.users.change(
        place.caller, name.format(place=place.name) or place.caller.name, operations=given
    )


def signed_in(place: Place, here: RunningPlatform) -> Any:
    """A session with the request that would end it."""
    user(place, here)
    begun = here.signing.sign_in(f"user-{place.name}", "correct horse battery")
    headers = ((b"cookie", f"{COOKIE}={begun.secret}".encode()), (b"x-csrf-token", begun.csrf_token.encode()))
    request = SignedRequest("DELETE", b"/", b"", headers, b"")
    place.kept = (request, here.signing.authenticate(request))


def is_signed_out(place: Place) -> bool:
    try:
        place.running.signing.authenticate(place.kept[0])
    except Unauthenticated:
        return True
    return False


def own_password(place: Place, here: RunningPlatform) -> Any:
    name = f"user-{place.name}"
    with store_of(here).read() as snapshot:
        found = snapshot.people.user_named(name)
    assert found is not None
    caller = Caller(user_id=found.id, name=name, operations=False, scope=Scope())
    return here.users.set_password(caller, "correct horse battery", "own horse battery staple")


def owner_of(place: Place, here: RunningPlatform) -> Any:
    """An owner without the operations role, and two who could be it next."""
    place.kept = place.granted("owner", Role.DEVELOPER)
    here.members.transfer(place.grant, place.kept.caller.name)
    place.kept = entered(here, place.name, place.kept.caller)
    enrol(here, f"bert-{place.name}")
    enrol(here, f"cora-{place.name}")


def handed_over(heir: str) -> Act:
    return lambda place, here: here.members.transfer(place.kept, f"{heir}-{place.name}")


def owner(place: Place) -> str:
    members = place.running.members.page(place.grant)[1]
    return next(one.user_name for one in members if Role.OWNER in one.roles)


def token(place: Place, here: RunningPlatform) -> Any:
    return here.credentials.create_token(place.caller, place.caller.name, place.name)


def revoked(place: Place, here: RunningPlatform) -> Any:
    return here.credentials.revoke_token(place.caller, place.caller.name, place.name)


def key(place: Place, here: RunningPlatform) -> Any:
    enrol(here, f"user-{place.name}")
    place.kept = here.credentials.create_key(place.caller, f"user-{place.name}").made


def key_removed(place: Place, here: RunningPlatform) -> Any:
    return here.credentials.remove_key(place.caller, f"user-{place.name}", place.kept.access_key)


def key_rotated(place: Place, here: RunningPlatform) -> Any:
    return here.credentials.rotate_key(place.caller, f"user-{place.name}", place.kept.access_key)


def platform_setting(**values: str) -> Act:
    return lambda place, here: here.stored.change(place.caller, values)


RACES = [
    Race("member-remove", "member-remove", left, left, "member-missing", joined),
    Race(
        "member-owns",
        "member-remove",
        left,
        lambda place, here: here.members.transfer(place.grant, place.kept),
        "one-owner",
        joined,
        lambda place: owner(place) == place.kept,
    ),
    Race(
        "transfer",
        "owner-transfer",
        handed_over("cora"),
        handed_over("bert"),
        "target-changed",
        owner_of,
        lambda place: owner(place).startswith("bert"),
    ),
    Race(
        "transfer-disabled",
        "owner-transfer",
        handed_over("cora"),
        lambda place, here: here.users.change(place.caller, f"cora-{place.name}", disabled=True),
        "one-owner",
        owner_of,
    ),
    Race("policy-member", "policy-save", policy("one"), left, "member-missing", joined),
    Race("policy-single", "policy-save", policy("one"), policy("two"), "in-another-policy", joined),
    Race(
        "policy-remove",
        "policy-remove",
        lambda place, here: here.policies.remove(place.grant, "one"),
        lambda place, here: here.policies.remove(place.grant, "one"),
        "policy-missing",
        lambda place, here: (joined(place, here), policy("one")(place, here)),
    ),
    Race("user-create", "user-create", user, user, "name-taken"),
    Race("password-reset", "password-reset", reset, own_password, "target-changed", user),
    Race("password-set", "password-set", own_password, reset, "target-changed", user),
    Race("token-create", "token-create", token, token, "name-taken"),
    Race("token-revoke", "token-revoke", revoked, revoked, "token-missing", token),
    Race("key-remove", "key-remove", key_removed, key_removed, "key-missing", key),
    Race(
        "key-disable",
        "key-disable",
        lambda place, here: here.credentials.disable_key(
            place.caller, f"user-{place.name}", place.kept.access_key
        ),
        key_removed,
        "key-missing",
        key,
    ),
    Race(
        "last-operations",
        "operations-take",
        operations("", given=False),
        operations("user-{place}", given=False),
        "last-operations",
        lambda place, here: (user(place, here), operations("user-{place}", given=True)(place, here)),
    ),
    Race(
        "sign-out",
        "sign-out",
        lambda place, here: here.signing.sign_out(*place.kept),
        lambda place, here: here.signing.sign_out_everywhere(place.kept[1]),
        "",
        signed_in,
        is_signed_out,
    ),
    Race("key-rotate", "key-rotate", key_rotated, key_removed, "key-missing", key),
    Race(
        "platform-set",
        "platform-setting-edit",
        platform_setting(task_days="3"),
        platform_setting(receipt_days="4"),
        holds=lambda place: (
            (place.running.stored.values().task_days, place.running.stored.values().receipt_days) == (3, 4)
        ),
    ),
]


@pytest.mark.parametrize("race", RACES, ids=[race.name for race in RACES])
def test_the_late_one_is_refused_or_sees_what_is_there(raced: RunningPlatform, race: Race) -> None:
    judge(raced, race)
