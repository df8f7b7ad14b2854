"""Sign-in by a provider as a use case: a provider that is handed in says what its token would."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from cases import every_case
from contract.people.test_signing import by_cookie, by_token
from jobferry.errors import (
    Conflict,
    ErrorCode,
    InvalidRequest,
    JobferryError,
    TooManyAttempts,
    Unauthenticated,
)
from jobferry.model.group_roles import parse_group_roles
from jobferry.model.people import NoticeCode
from jobferry.oidc.pending import Pending
from jobferry.services.people.attempts import Attempts
from jobferry.services.people.provider_sign_in import (
    CODES_PER_NETWORK,
    CODES_PER_SIGN_IN,
    PENDING_MS,
    ProviderSettings,
    ProviderSignIn,
)
from jobferry.services.people.sign_in import DAY_MS, SigningIn, SignInRules, Started
from jobferry.services.runtime import Runtime
from jobferry.store import Store

from .conftest import GOOD, NOON, Crowd
from .test_known_rights import signed

BACK = "https://jobferry.example/sign-in"
ROLES = "team=operations; data=first:developer; heads=first:administrator"


class FakeProvider:
    """Return the claims of the test; count how often a code is exchanged."""

    issuer = "https://issuer.example"

    def __init__(self) -> None:
        self.said: dict[str, Any] = {"sub": "s-1", "preferred_username": "ming"}
        self.exchanged = 0
        self.state = ""

    def begin(self, redirect: str, expires_at: int) -> tuple[str, Pending]:
        self.state = secrets.token_hex(8)
        return "https://issuer.example/authorize", Pending(
            self.state, "nonce", "verifier", redirect, expires_at
        )

    def claims(self, code: str, _pending: Pending, _now: int) -> dict[str, Any]:
        self.exchanged += 1
        if code == "wrong":
            raise Unauthenticated(ErrorCode.NOT_SIGNED_IN, "the code is wrong")
        return self.said


class Entrance:
    """One server with a provider over the crowd's database."""

    def __init__(self, crowd: Crowd, days: int = 30, store: Store | None = None) -> None:
        self.crowd, self.provider = crowd, FakeProvider()
        runtime = Runtime(store or crowd.store, lambda: crowd.now, crowd.runtime.new_id, crowd.runtime.chain)
        sealer = lambda: crowd.sealer  # noqa: E731
        self.settings = ProviderSettings(
            redirect=BACK, confirm_ms=days * DAY_MS, rules=parse_group_roles(ROLES)
        )
        self.signing = SigningIn(
            runtime,
            sealer,
            crowd.passwords,
            Attempts(runtime, sealer),
            folder_token="jf_folder",
            rules=SignInRules(confirm_ms=self.settings.confirm_ms),
        )
        self.door = ProviderSignIn(
            runtime,
            sealer,
            self.signing,
            self.provider,  # type: ignore[arg-type]
            self.settings,
        )

    def begin(self) -> tuple[str, str]:
        _, sealed = self.door.begin(BACK)
        return sealed, self.provider.state

    def end(
        self, code: str = "right", origin: str = "10.0.0.1", begun: tuple[str, str] | None = None
    ) -> Started:
        sealed, state = begun or self.begin()
        return self.door.end(sealed, code, state, origin)

    def sign_in(self, **claims: Any) -> Started:
        self.provider.said |= claims
        return self.end()

    def is_in(self, token: str) -> bool:
        try:
            self.signing.authenticate(by_token(token), "10.0.0.7")
        except Unauthenticated:
            return False
        return True


@pytest.fixture
def entrance(crowd: Crowd) -> Entrance:
    return Entrance(crowd)


def roles(crowd: Crowd, name: str) -> list[str]:
    with crowd.store.read() as snapshot:
        user = snapshot.people.user_named(name)
        assert user is not None
        return sorted(role for one in snapshot.members.of_user(user.id) for role in one.roles)


def test_a_browser_is_sent_only_to_the_registered_address_or_this_machine(entrance: Entrance) -> None:
    for redirect in (BACK, "http://127.0.0.1:5/", "http://localhost/x", "http://[::1]:9/"):
        assert entrance.door.begin(redirect)[0]
    with every_case() as case:
        for redirect in (
            "",
            f"{BACK}.evil.example",
            f"{BACK}/../x",
            f"{BACK}?next=https://evil.example",
            BACK.upper(),
            "https://jobferry.example/",
            "https://jobferry.example.evil.example/sign-in",
            "https://127.0.0.1/",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1@evil.example/",
        ):
            with case(redirect), pytest.raises(InvalidRequest, match="may not be sent back"):
                entrance.door.begin(redirect)


def test_a_sign_in_ends_within_ten_minutes(crowd: Crowd, entrance: Entrance) -> None:
    begun = entrance.begin()
    crowd.now += PENDING_MS - 1
    assert entrance.end(begun=begun).user.name == "ming"
    begun = entrance.begin()
    crowd.now += PENDING_MS
    with pytest.raises(Unauthenticated, match="took too long"):
        entrance.end(begun=begun)
    assert entrance.provider.exchanged == 1


def test_the_last_user_with_operations_keeps_it_whatever_the_groups(crowd: Crowd, entrance: Entrance) -> None:
    ming = entrance.sign_in(groups=["team"]).user
    crowd.users.change(crowd.root, "root", operations=False)
    with pytest.raises(Conflict) as caught:
        entrance.sign_in(groups=[])
    assert caught.value.code == "last-operations"
    with crowd.store.read() as snapshot:
        kept = snapshot.people.user(ming.id)
        assert kept is not None
        assert kept.operations


@pytest.mark.parametrize(("groups", "left"), [(["data"], ["developer", "owner"]), ([], ["owner"])])
def test_an_owner_stays_the_owner_whatever_the_groups(
    crowd: Crowd, entrance: Entrance, groups: list[str], left: list[str]
) -> None:
    entrance.sign_in(groups=["data"])
    crowd.members.transfer(crowd.grant(crowd.anne), "ming")
    entrance.sign_in(groups=groups)
    assert roles(crowd, "ming") == left


ODD: dict[str, dict[str, Any]] = {
    "a number": {"groups": 5},
    "true": {"groups": True},
    "null": {"groups": None},
    "an object": {"groups": {"data": True}},
    "numbers in a list": {"groups": ["data", 5]},
    "a list in a list": {"groups": [["data"]]},
    "too many": {"groups": ["data"] * 5_001},
    "a number as the user's name": {"preferred_username": 5},
    "a list as the e-mail": {"email": ["a@b.example"]},
    "a number as the subject": {"sub": 5},
    "an empty subject": {"sub": ""},
    "no subject": {"sub": None},
    "a subject with a zero byte": {"sub": "s\x00"},
    "half a character as the subject": {"sub": "\ud800"},
}


def test_claims_of_unexpected_types_are_refused_with_the_claims_name(crowd: Crowd) -> None:
    with every_case() as case:
        for number, (name, said) in enumerate(ODD.items()):
            entrance = Entrance(crowd)
            entrance.provider.said |= said
            with case(name):
                with pytest.raises(Unauthenticated) as caught:
                    entrance.end(origin=f"10.0.1.{number}")
                assert caught.value.hint
                assert caught.value.subject in {"groups", "sub"}
    assert [user.name for user in crowd.users.page(crowd.root)[1]] == ["anne", "root"]


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ({"groups": "data"}, ["developer"]),
        ({"groups": ["data"] * 5_000}, ["developer"]),
        (
            {"groups": ["data", "heads"], "email": None, "preferred_username": "ming"},
            ["administrator", "developer"],
        ),
        ({}, []),
    ],
)
def test_groups_are_one_name_a_list_or_absent(
    crowd: Crowd, entrance: Entrance, said: dict[str, Any], given: list[str]
) -> None:
    entrance.sign_in(**said)
    assert roles(crowd, "ming") == given


def refused(call: Callable[[], object]) -> str:
    try:
        call()
    except JobferryError as error:
        return error.code.value
    return ""


def test_wrong_codes_are_not_passed_on_without_end(crowd: Crowd, entrance: Entrance) -> None:
    begun = entrance.begin()
    for _ in range(30):
        assert refused(lambda: entrance.end("wrong", begun=begun))
    assert entrance.provider.exchanged == CODES_PER_SIGN_IN
    for _ in range(60):
        assert refused(lambda: entrance.end("wrong"))
    assert entrance.provider.exchanged == CODES_PER_NETWORK
    with pytest.raises(TooManyAttempts, match="too many failed sign-ins"):
        entrance.end()
    other = Entrance(crowd)
    assert refused(other.end) == "too-many-attempts"  # another server counts along
    assert entrance.end(origin="10.9.9.9").user.name == "ming"
    assert crowd.signing.sign_in("anne", GOOD, "10.0.0.1")  # passwords are counted apart
    crowd.now += 5 * 60 * 1000
    assert entrance.end().user.name == "ming"


def test_sign_ins_that_succeed_are_not_counted(entrance: Entrance) -> None:
    for _ in range(2 * CODES_PER_NETWORK):
        entrance.end()


def test_a_refused_sign_in_is_logged_with_its_reason(
    entrance: Entrance, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "jobferry"):
        assert refused(lambda: entrance.end("wrong"))
        assert refused(lambda: entrance.sign_in(groups=5))
    said = [str(record.__dict__) + record.getMessage() for record in caplog.records]
    assert sum("sign-in-refused" in one for one in said) == 2
    assert "the code is wrong" in said[0]
    assert "claim groups cannot be used" in said[1]


def test_a_refused_sign_in_is_in_the_audit(crowd: Crowd, entrance: Entrance) -> None:
    refused(lambda: entrance.end("wrong"))
    (row,) = crowd.audit(action="sign-in")
    assert (row.event.kind, row.event.outcome.value, row.event.detail) == ("oidc", "refused", "count=1")


def test_what_a_provider_has_not_confirmed_for_thirty_days_signs_nobody_in(
    crowd: Crowd, entrance: Entrance
) -> None:
    ming = entrance.sign_in()
    caller = entrance.signing.authenticate(by_cookie(ming.secret))
    token = crowd.credentials.create_token(caller, "ming", "t", days=365).secret
    key = crowd.credentials.create_key(caller, "ming")
    by_hand = crowd.credentials.create_token(crowd.anne, "anne", "t", days=365).secret
    crowd.now = NOON + 30 * DAY_MS - 1
    assert entrance.is_in(token)
    crowd.now += 1
    with every_case() as case:
        for name, request in {
            "token": by_token(token),
            "signature": signed(key.made.access_key, key.secret, crowd.now),
        }.items():
            with case(name), pytest.raises(Unauthenticated) as caught:
                entrance.signing.authenticate(request)
            assert "has not confirmed the user ming for 30 days" in caught.value.message.format()
            assert "sign in to the console by the provider" in caught.value.hint
    assert entrance.is_in(by_hand)
    assert entrance.signing.authenticate(by_token("jf_folder")).name == "root"
    entrance.sign_in()
    assert entrance.is_in(token)
    assert entrance.signing.authenticate(signed(key.made.access_key, key.secret, crowd.now)).name == "ming"


def test_a_session_and_a_password_end_with_the_confirmation_too(crowd: Crowd) -> None:
    entrance = Entrance(crowd, days=1)
    secret = entrance.sign_in().secret
    crowd.users.reset_password(crowd.root, "ming", GOOD)
    secret = entrance.sign_in().secret
    for hour in range(24):
        crowd.now = NOON + hour * DAY_MS // 24
        entrance.signing.authenticate(by_cookie(secret))
        entrance.signing.write_down()
    crowd.now = NOON + DAY_MS
    with pytest.raises(Unauthenticated, match="has not confirmed"):
        entrance.signing.authenticate(by_cookie(secret))
    with pytest.raises(Unauthenticated, match="has not confirmed"):
        entrance.signing.sign_in("ming", GOOD, "10.0.0.1")
    with pytest.raises(Unauthenticated, match="is wrong"):
        entrance.signing.sign_in("ming", "another password", "10.0.0.1")
    assert entrance.signing.sign_in("anne", GOOD, "10.0.0.1").user.name == "anne"


def test_what_is_remembered_of_a_user_ends_by_the_clock_and_is_revived_by_another_server(
    crowd: Crowd, opened: Callable[..., Store]
) -> None:
    here, there = Entrance(crowd, store=opened()), Entrance(crowd, store=opened())
    caller = here.signing.authenticate(by_cookie(here.sign_in().secret))
    token = crowd.credentials.create_token(caller, "ming", "t", days=365).secret
    assert (here.is_in(token), there.is_in(token)) == (True, True)
    crowd.now += 30 * DAY_MS
    assert (here.is_in(token), there.is_in(token)) == (False, False)
    there.sign_in()
    assert (here.is_in(token), there.is_in(token)) == (True, True)


def test_changes_of_a_user_keep_the_time_of_the_last_confirmation(crowd: Crowd, entrance: Entrance) -> None:
    entrance.sign_in()
    with crowd.store.read() as snapshot:
        former = snapshot.people.user_named("ming")
    assert former is not None
    crowd.now += DAY_MS
    entrance.sign_in()
    with crowd.store.write() as uow:
        uow.people.replace_user(former)
        uow.commit()
    with crowd.store.read() as snapshot:
        user = snapshot.people.user_named("ming")
    assert user is not None
    assert (user.signed_in_at, user.confirmed_at) == (NOON + DAY_MS, NOON + DAY_MS)


def test_a_sign_in_by_password_is_noted_and_confirms_nobody(crowd: Crowd) -> None:
    crowd.now += DAY_MS
    crowd.signing.sign_in("anne", GOOD, "10.0.0.1")
    (anne,) = [user for user in crowd.users.page(crowd.root)[1] if user.name == "anne"]
    assert (anne.signed_in_at, anne.confirmed_at) == (NOON + DAY_MS, 0)


def warned(crowd: Crowd, entrance: Entrance, name: str) -> list[str]:
    entrance.door.warn_unconfirmed()
    with crowd.store.read() as snapshot:
        user = snapshot.people.user_named(name)
        assert user is not None
        notices = snapshot.notices.page(user.id)[1]
    assert {one.code for one in notices} <= {NoticeCode.SIGN_IN_DUE}
    return [one.args["until"] for one in notices]


def test_users_with_tokens_or_keys_are_warned_once_seven_days_before(
    crowd: Crowd, entrance: Entrance
) -> None:
    entrance.sign_in(sub="n", preferred_username="without")
    caller = entrance.signing.authenticate(
        by_cookie(entrance.sign_in(sub="s", preferred_username="ming").secret)
    )
    crowd.credentials.create_token(caller, "ming", "t", days=90)
    crowd.now = NOON + 23 * DAY_MS - 1
    assert warned(crowd, entrance, "ming") == []
    crowd.now += 1
    assert warned(crowd, entrance, "ming") == ["2026-12-21 12:00:00 UTC"]
    crowd.now += DAY_MS
    assert len(warned(crowd, entrance, "ming")) == 1
    assert warned(crowd, entrance, "without") == []
    entrance.sign_in(sub="s")
    assert len(warned(crowd, entrance, "ming")) == 1
    crowd.now += 30 * DAY_MS - 1
    assert len(warned(crowd, entrance, "ming")) == 2
    assert warned(crowd, entrance, "anne") == []


def test_nobody_is_warned_of_what_has_ended_or_of_credentials_that_have(
    crowd: Crowd, entrance: Entrance
) -> None:
    caller = entrance.signing.authenticate(by_cookie(entrance.sign_in().secret))
    crowd.credentials.create_token(caller, "ming", "t", days=24)
    crowd.now = NOON + 25 * DAY_MS
    assert warned(crowd, entrance, "ming") == []
    entrance.sign_in()
    crowd.credentials.create_key(caller, "ming")
    crowd.now += 30 * DAY_MS
    assert warned(crowd, entrance, "ming") == []


@pytest.mark.parametrize(("days", "since"), [(30, 23), (8, 1), (7, 1), (2, 1)])
def test_nobody_is_warned_on_the_day_of_the_sign_in(crowd: Crowd, days: int, since: int) -> None:
    entrance = Entrance(crowd, days=days)
    caller = entrance.signing.authenticate(by_cookie(entrance.sign_in().secret))
    crowd.credentials.create_token(caller, "ming", "t")
    crowd.now = NOON + since * DAY_MS - 1
    assert warned(crowd, entrance, "ming") == []
    crowd.now += 1
    assert len(warned(crowd, entrance, "ming")) == 1
