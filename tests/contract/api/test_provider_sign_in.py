"""Signing in by an OpenID provider, over HTTP on both sides."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract.api.doors import Door, opened
from jobferry.errors import InvalidRequest
from oidc import CLIENT, KEYS, SECRET, OpenIdProvider, comes_back, provider_running
from people import store_of

BACK = "https://jobferry.example/sign-in"
LOOPBACK = "http://127.0.0.1:9/"
ROLES = (
    "platform team=operations; data=dev:developer; data=dev:operator; data=gone:operator;"
    "heads=dev:administrator"
)


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with provider_running() as running:
        yield running


@pytest.fixture
def door(provider: OpenIdProvider, tmp_path: Path) -> Iterator[Door]:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    chosen: dict[str, Any] = {
        "oidc_issuer": provider.issuer,
        "oidc_client": CLIENT,
        "oidc_secret_file": str(secret),
        "oidc_redirect": BACK,
        "oidc_roles": ROLES,
        "local_sign_in": "off",
    }
    with opened(tmp_path / "platform", **chosen) as running:
        running.workspace("dev")
        yield running


def begun(door: Door, redirect: str = BACK) -> dict[str, str]:
    made = httpx.post(f"{door.http.base_url}/api/session/provider", json={"redirect": redirect})
    assert made.status_code == 201, made.text
    answer: dict[str, str] = made.json()
    return answer


def ended(door: Door, pending: str, back: dict[str, str]) -> httpx.Response:
    return httpx.post(f"{door.http.base_url}/api/session/provider/end", json={"pending": pending, **back})


def signed_in(door: Door, provider: OpenIdProvider, **claims: Any) -> httpx.Response:
    provider.claims |= claims
    begin = begun(door)
    return ended(door, begin["pending"], comes_back(begin["address"]))


def names(door: Door) -> list[str]:
    return [user["name"] for user in door.http.get("/api/users").json()["items"]]


def me(door: Door, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = httpx.get(f"{door.http.base_url}/api/me", cookies=answer.cookies).json()
    return told


def roles(door: Door, answer: httpx.Response) -> dict[str, list[str]]:
    return {place["name"]: sorted(place["roles"]) for place in me(door, answer)["workspaces"]}


def actions(door: Door, user: str) -> list[str]:
    rows = door.http.get("/api/audit", params={"actor": user}).json()["items"]
    return sorted(row["action"] for row in rows)


def test_another_e_mail_makes_no_second_user(door: Door, provider: OpenIdProvider) -> None:
    assert me(door, signed_in(door, provider, email="ming@one.example"))["name"] == "ming"
    again = signed_in(door, provider, email="ming@two.example", preferred_username="ming.li")
    assert me(door, again)["name"] == "ming"
    assert names(door) == ["administrator", "ming"]
    assert actions(door, "ming") == ["sign-in", "sign-in", "user-create"]


def test_a_name_that_is_taken_stays_with_whom_it_belongs_to(door: Door, provider: OpenIdProvider) -> None:
    told = me(door, signed_in(door, provider, preferred_username="Administrator"))
    assert (told["name"], told["operations"]) == ("Administrator-2", False)


def test_roles_are_those_of_the_groups_at_each_sign_in(door: Door, provider: OpenIdProvider) -> None:
    first = signed_in(door, provider, groups=["data", "platform team", "other"])
    assert me(door, first)["operations"] is True
    assert {"developer", "operator"} <= set(roles(door, first)["dev"])
    second = signed_in(door, provider, groups=["heads"])
    assert (me(door, second)["operations"], roles(door, second)) == (False, {"dev": ["administrator"]})
    provider.claims.pop("groups")
    assert roles(door, signed_in(door, provider)) == {}
    told = actions(door, "ming")
    assert {"operations-give", "operations-take", "member-save", "member-remove"} <= set(told)


def test_a_user_who_is_switched_off_stays_out(door: Door, provider: OpenIdProvider) -> None:
    signed_in(door, provider)
    door.http.patch("/api/users/ming", json={"disabled": True}).raise_for_status()
    answer = signed_in(door, provider, groups=["platform team"])
    assert (answer.status_code, "switched off" in answer.text) == (401, True)
    assert "operations-give" not in actions(door, "ming")


def expired(provider: OpenIdProvider) -> None:
    provider.changed = {"exp": 1}


def for_another_client(provider: OpenIdProvider) -> None:
    provider.changed = {"aud": "somebody"}


def for_two_clients(provider: OpenIdProvider) -> None:
    provider.changed = {"aud": ["somebody", CLIENT], "azp": "somebody"}


def of_another_issuer(provider: OpenIdProvider) -> None:
    provider.changed = {"iss": "https://other.example"}


def with_an_old_nonce(provider: OpenIdProvider) -> None:
    provider.changed = {"nonce": "seen-before"}


def without_a_nonce(provider: OpenIdProvider) -> None:
    provider.changed = {"nonce": None}


def for_two_clients_without_azp(provider: OpenIdProvider) -> None:
    provider.changed = {"aud": [CLIENT, "somebody"]}


def for_one_client_by_another(provider: OpenIdProvider) -> None:
    provider.changed = {"azp": "somebody"}


def for_a_party_that_is_no_text(provider: OpenIdProvider) -> None:
    provider.changed = {"aud": [CLIENT, "somebody"], "azp": [CLIENT]}


def expired_ten_minutes_ago(provider: OpenIdProvider) -> None:
    provider.changed = {"exp": int(time.time()) - 600}


def that_ends_by_text(provider: OpenIdProvider) -> None:
    provider.changed = {"exp": "never"}


def with_numbers_as_groups(provider: OpenIdProvider) -> None:
    provider.changed = {"groups": [1, 2]}


def with_a_number_as_subject(provider: OpenIdProvider) -> None:
    provider.changed = {"sub": 5}


def with_claims_nested_without_end(provider: OpenIdProvider) -> None:
    provider.raw = '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"


def with_a_list_of_claims(provider: OpenIdProvider) -> None:
    provider.raw = "[]"


def with_keys_that_are_none(provider: OpenIdProvider) -> None:
    provider.keys = {"keys": 5}


def with_a_key_without_its_numbers(provider: OpenIdProvider) -> None:
    provider.keys = {"keys": [{"kty": "RSA", "kid": "first"}]}


def with_a_key_of_numbers(provider: OpenIdProvider) -> None:
    provider.keys = {"keys": [{"kty": 5, "kid": 5}]}


def too_much(provider: OpenIdProvider) -> None:
    provider.keys = {"keys": [], "more": "x" * 2_000_000}


def unsigned(provider: OpenIdProvider) -> None:
    provider.is_signed = False


def down(provider: OpenIdProvider) -> None:
    provider.is_down = True


@pytest.mark.parametrize(
    "fault",
    [
        expired,
        for_another_client,
        for_two_clients,
        for_two_clients_without_azp,
        for_one_client_by_another,
        for_a_party_that_is_no_text,
        expired_ten_minutes_ago,
        that_ends_by_text,
        with_numbers_as_groups,
        with_a_number_as_subject,
        with_claims_nested_without_end,
        with_a_list_of_claims,
        with_keys_that_are_none,
        with_a_key_without_its_numbers,
        with_a_key_of_numbers,
        too_much,
        of_another_issuer,
        with_an_old_nonce,
        without_a_nonce,
        unsigned,
        down,
    ],
)
def test_what_the_provider_should_not_send_signs_nobody_in(
    door: Door, provider: OpenIdProvider, fault: Callable[[OpenIdProvider], None]
) -> None:
    begin = begun(door)
    back = comes_back(begin["address"])
    fault(provider)
    answer = ended(door, begin["pending"], back)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not-signed-in")
    assert answer.json()["error"]["hint"]
    assert names(door) == ["administrator"]


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "somebody"], "azp": CLIENT},
        {"azp": CLIENT},
        {"exp": -30},
    ],
)
def test_a_token_for_this_client_with_clocks_that_differ_by_seconds_is_taken(
    door: Door, provider: OpenIdProvider, changed: dict[str, Any]
) -> None:
    if "exp" in changed:
        changed = {"exp": int(time.time()) + changed["exp"]}
    provider.changed = changed
    assert me(door, signed_in(door, provider))["name"] == "ming"


def test_a_token_ends_after_the_days_of_the_setting(provider: OpenIdProvider, tmp_path: Path) -> None:
    chosen: dict[str, Any] = {
        "oidc_issuer": provider.issuer,
        "oidc_client": CLIENT,
        "oidc_secret": SECRET,
        "oidc_redirect": BACK,
        "oidc_confirm_days": 2,
    }
    with opened(tmp_path / "platform", **chosen) as running:
        signed_in(running, provider)
        made = running.http.post("/api/users/ming/tokens", json={"name": "t"}).json()
        token = {"X-Auth-Token": made["token"]}
        address = f"{running.http.base_url}/api/me"
        confirmed(running, days_ago=1.9)
        assert httpx.get(address, headers=token).status_code == 200
        confirmed(running, days_ago=2.1)
        refusal = httpx.get(address, headers=token)
        assert (refusal.status_code, refusal.json()["error"]["code"]) == (401, "not-signed-in")
        assert "has not confirmed the user ming for 2 days" in refusal.text
        users = {
            user["name"]: user["signed_in_at"] for user in running.http.get("/api/users").json()["items"]
        }
        assert (users["administrator"], users["ming"] > 0) == (0, True)
        signed_in(running, provider)
        assert httpx.get(address, headers=token).status_code == 200


def confirmed(door: Door, *, days_ago: float) -> None:
    """Move the last sign-in of ming by the provider into the past."""
    with store_of(door.platform).write() as uow:
        user = uow.people.user_named("ming")
        assert user is not None
        at = time.time_ns() // 1_000_000 - int(days_ago * 24 * 60 * 60 * 1000)
        uow.people.note_sign_in(user.id, at=at, by_provider=True)
        uow.commit()


def test_another_state_or_pending_text_and_a_code_that_was_used_sign_nobody_in(
    door: Door, provider: OpenIdProvider
) -> None:
    begin, other = begun(door), begun(door)
    back = comes_back(begin["address"])
    for pending, state in (
        (other["pending"], back["state"]),
        (begin["pending"], ""),
        ("nothing", back["state"]),
    ):
        assert ended(door, pending, back | {"state": state}).status_code == 401
    assert ended(door, begin["pending"], back).status_code == 201
    assert ended(door, begin["pending"], back).status_code == 401


def test_new_keys_of_the_provider_are_fetched(door: Door, provider: OpenIdProvider) -> None:
    assert signed_in(door, provider).status_code == 201
    provider.key = KEYS[1]
    assert signed_in(door, provider).status_code == 201


def test_discovery_for_another_issuer_is_refused(door: Door, provider: OpenIdProvider) -> None:
    provider.told = "https://other.example"
    made = httpx.post(f"{door.http.base_url}/api/session/provider", json={"redirect": BACK})
    assert (made.status_code, "https://other.example" in made.text) == (401, True)


def test_browsers_are_sent_back_only_to_the_console_or_this_machine(door: Door) -> None:
    assert begun(door, LOOPBACK)["address"]
    address = f"{door.http.base_url}/api/session/provider"
    assert httpx.post(address, json={"redirect": "https://evil.example/"}).status_code == 400


def test_passwords_are_off_and_the_machine_itself_still_works(door: Door) -> None:
    methods = door.http.get("/api/session/methods").json()
    assert methods == {"password": False, "provider": True}
    door.http.post("/api/users", json={"name": "lin", "password": "a good long password"}).raise_for_status()
    body = {"name": "lin", "password": "a good long password"}
    refused = httpx.post(f"{door.http.base_url}/api/session", json=body)
    assert (refused.status_code, "switched off" in refused.text) == (401, True)
    link = door.platform.users.first_password_link("administrator")
    first = {"link": link, "password": "a good long password"}
    assert httpx.post(f"{door.http.base_url}/api/session/first", json=first).status_code == 401
    assert door.platform.users.first_password_link("administrator")  # nobody has chosen one
    by_folder = {"X-Auth-Token": door.platform.folder_token}
    assert httpx.get(f"{door.http.base_url}/api/me", headers=by_folder).json()["operations"] is True


def test_signing_out_of_the_provider_is_told_where_it_is_offered(
    door: Door, provider: OpenIdProvider
) -> None:
    told = door.http.get("/api/session/provider/sign-out").json()["address"]
    assert told.startswith(f"{provider.issuer}/end?client_id={CLIENT}")


def test_without_a_provider_only_passwords_are_taken(tmp_path: Path) -> None:
    with opened(tmp_path / "platform", local_sign_in="off") as running:
        assert running.http.get("/api/session/methods").json() == {"password": True, "provider": False}
        made = running.http.post("/api/session/provider", json={"redirect": LOOPBACK})
        assert (made.status_code, "no sign-in provider" in made.text) == (400, True)


def test_the_secret_may_be_given_itself_and_groups_by_another_claim(
    provider: OpenIdProvider, tmp_path: Path
) -> None:
    chosen: dict[str, Any] = {
        "oidc_issuer": provider.issuer,
        "oidc_client": CLIENT,
        "oidc_secret": SECRET,
        "oidc_redirect": BACK,
        "oidc_groups": "teams",
        "oidc_roles": "platform=operations",
    }
    with opened(tmp_path / "platform", **chosen) as running:
        assert me(running, signed_in(running, provider, teams="platform"))["operations"] is True


def test_the_secret_goes_into_the_form_where_the_provider_takes_it_there_alone(
    door: Door, provider: OpenIdProvider
) -> None:
    provider.ways = ["client_secret_post"]
    assert me(door, signed_in(door, provider))["name"] == "ming"


def test_a_secret_that_cannot_be_read_signs_nobody_in_and_its_file_is_named(
    door: Door, provider: OpenIdProvider, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    for spoil, reason in ((lambda: secret.write_bytes(b"\xff"), "it is damaged"), (secret.unlink, "No such")):
        begin = begun(door)
        back = comes_back(begin["address"])
        spoil()
        answer = ended(door, begin["pending"], back).json()["error"]
        assert (answer["code"], answer["subject"]) == ("files-failed", str(secret))
        assert f"{secret} cannot be read: {reason}" in answer["message"]
    assert names(door) == ["administrator"]


def refused(door: Door) -> str:
    made = httpx.post(f"{door.http.base_url}/api/session/provider", json={"redirect": BACK})
    assert (made.status_code, made.json()["error"]["code"]) == (401, "not-signed-in")
    return str(made.json()["error"]["message"])


def test_a_provider_that_answers_something_else_is_told(door: Door, provider: OpenIdProvider) -> None:
    provider.is_garbled = True
    assert f"{provider.issuer} does not answer as it should: Expected `object`" in refused(door)


@pytest.mark.parametrize(
    ("issuer", "reason"),
    [
        ("http://accounts.example", "http://accounts.example/.well-known/openid-configuration is not https"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1 does not answer as it should: "),
        ("https://accounts.example:port", "does not answer as it should: Invalid port: 'port'"),
    ],
)
def test_a_provider_that_nobody_can_ask_is_told(tmp_path: Path, issuer: str, reason: str) -> None:
    chosen: dict[str, Any] = {"oidc_issuer": issuer, "oidc_client": CLIENT, "oidc_redirect": BACK}
    with opened(tmp_path / "platform", **chosen) as running:
        assert reason in refused(running)


def test_a_group_that_would_make_owners_keeps_a_platform_from_starting(tmp_path: Path) -> None:
    roles = "data=dev:developer; owners=dev:owner"
    with pytest.raises(InvalidRequest) as caught, opened(tmp_path / "platform", oidc_roles=roles):
        raise AssertionError
    assert caught.value.message == "JOBFERRY_OIDC_ROLES makes owners of the group owners"
    assert "administrator" in caught.value.hint


def test_roles_that_cannot_be_read_keep_a_platform_from_starting(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest) as caught, opened(tmp_path / "platform", oidc_roles="data=dev:king"):
        raise AssertionError
    assert caught.value.message == "JOBFERRY_OIDC_ROLES cannot be read: data=dev:king"
