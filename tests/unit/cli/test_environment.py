"""Variables of the environment: an unknown one and a wrong form are refused in our words."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobferry.bootstrap.settings import ObjectStoreSettings, PlatformSettings
from jobferry.cli.environment import PLATFORM, refuse_unknown
from jobferry.cli.hosting import platform_settings
from jobferry.errors import InvalidRequest
from jobferry.model.object_stores import STORE_SETTINGS

MIB = 1024 * 1024


def test_the_names_are_those_of_the_settings() -> None:
    assert [name.lower() for name in PLATFORM] == sorted(PlatformSettings.model_fields.keys() - {"stores"})
    assert sorted(ObjectStoreSettings.model_fields) == list(STORE_SETTINGS)


@pytest.mark.parametrize(
    ("name", "value", "said", "hint"),
    [
        ("JOBFERRY_OBJECT", "s3", "there is no setting JOBFERRY_OBJECT", "JOBFERRY_OBJECTS?"),
        ("JOBFERRY_SERVR", "http://x", "there is no setting JOBFERRY_SERVR", "JOBFERRY_SERVER?"),
        ("JOBFERRY_Q", "1", "there is no setting JOBFERRY_Q", "settings.md"),
        ("JOBFERRY_LANGUAGE", "fr", "is 'fr'", "en or zh"),
        ("JOBFERRY_STORES", "{}", "there is no setting JOBFERRY_STORES", ""),
        ("JOBFERRY_STORES_COLD_REGON", "r", "JOBFERRY_STORES_COLD_REGON", "JOBFERRY_STORES_COLD_REGION?"),
        ("JOBFERRY_STORE_NORTH_COLD_BUCKETS", "r", "JOBFERRY_STORE_", "JOBFERRY_STORES_NORTH_COLD_BUCKETS?"),
        ("JOBFERRY_STORES_DEFAULT_REGION", "r", "JOBFERRY_STORES_DEFAULT_REGION", ""),
    ],
)
def test_what_there_is_not_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str, hint: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidRequest, match=said) as refused:
        refuse_unknown()
    assert (refused.value.subject, hint in refused.value.hint) == (name, True)


def test_two_keys_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBFERRY_KEY", "ab" * 32)
    monkeypatch.setenv("JOBFERRY_KEY_FILE", "/run/keys/jobferry")
    with pytest.raises(InvalidRequest, match="JOBFERRY_KEY and JOBFERRY_KEY_FILE name two keys") as refused:
        platform_settings()
    assert refused.value.subject == "JOBFERRY_KEY"


@pytest.mark.parametrize(
    ("name", "value", "said", "hint"),
    [
        ("READERS", "two", "is 'two', which is not a whole number", "correct JOBFERRY_READERS"),
        ("TASKS", "some", "is 'some', which is neither true nor false", "correct JOBFERRY_TASKS"),
        ("READERS", "200", "is '200', which is too large", "its limit is 64"),
        ("PATIENCE", "0", "is '0', which is too small", "its limit is 0.0"),
        ("PATIENCE", "soon", "is 'soon', which is not a number", "correct JOBFERRY_PATIENCE"),
        ("LOG_LEVEL", "loud", "is 'loud', which is not a value that it takes", "'debug'"),
        ("PACKAGE_BYTES", "1 GB", "is '1 GB', which is not a size", "64 MiB"),
        ("PACKAGE_BYTES", "0", "is '0', which is too small", "its limit is 0"),
        ("OBJECTS", "s4", "is 's4', which is neither s3 nor a folder", "./s4"),
        ("OBJECTS", "s3", "is s3, and no service is named", "JOBFERRY_OBJECTS_ENDPOINT"),
        ("OBJECTS_BUCKETS", "hot", "and JOBFERRY_OBJECTS is not s3", "unset it"),
        ("STORES_COLD_ADDRESSING", "dns", "which is not a value that it takes", "'auto'"),
        ("STORES_COLD_REGION", "r", "the object store cold has no endpoint", "JOBFERRY_STORES_COLD_ENDPOINT"),
        (
            "PACKAGES",
            "s3://bucket/../a",
            "which is neither a folder nor s3://bucket/folder",
            "JOBFERRY_PACKAGES",
        ),
        ("PACKAGES", "s3://bucket/a", "and no service is named", "JOBFERRY_OBJECTS_ENDPOINT"),
        ("TRUSTED_PROXIES", "10.0.0.300", "is not a list of addresses", "JOBFERRY_TRUSTED_PROXIES"),
        ("TRUSTED_PROXIES", "10.0.0.1, 10.0.0.5/8", "is not a list of addresses", "TRUSTED_PROXIES"),
        ("TRUSTED_PROXIES", "10.0.0.1,,::1", "is not a list of addresses", "TRUSTED_PROXIES"),
        ("PLATFORM_NAME", "a\nb", "which has characters that cannot be shown", "JOBFERRY_PLATFORM_NAME"),
        ("PLATFORM_NAME", "a" * 129, "which is too long", "its limit is 128"),
    ],
)
def test_a_wrong_form_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str, hint: str
) -> None:
    monkeypatch.setenv(f"JOBFERRY_{name}", value)
    with pytest.raises(InvalidRequest) as refused:
        platform_settings()
    assert (said in refused.value.message, hint in refused.value.hint) == (True, True), refused.value


@pytest.mark.parametrize(
    ("endpoint", "is_refused"),
    [
        ("http://10.0.0.7:9000", True),
        ("10.0.0.7", True),
        ("http://[::1]:9000", True),
        ("https://s3.example", False),
        ("minio:9000", False),
        ("", False),
    ],
)
def test_no_bucket_has_a_name_below_a_number(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, is_refused: bool
) -> None:
    monkeypatch.setenv("JOBFERRY_OBJECTS_ADDRESSING", "host")
    monkeypatch.setenv("JOBFERRY_OBJECTS_ENDPOINT", endpoint)
    if is_refused:
        with pytest.raises(InvalidRequest) as refused:
            platform_settings()
        assert refused.value.subject == "JOBFERRY_OBJECTS_ADDRESSING"
    else:
        assert platform_settings().objects_addressing == "host"


@pytest.mark.parametrize(
    ("value", "size"), [("64 MiB", 64 * MIB), ("1G", 1024 * MIB), ("1 kib", 1024), ("4096", 4096)]
)
def test_sizes_have_units(monkeypatch: pytest.MonkeyPatch, value: str, size: int) -> None:
    monkeypatch.setenv("JOBFERRY_PACKAGE_BYTES", value)
    assert platform_settings().package_bytes == size


def test_a_folder_of_objects_exists_or_has_a_slash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "store").mkdir()
    for folder in ("store", "./new", "new/objects"):
        monkeypatch.setenv("JOBFERRY_OBJECTS", folder)
        assert platform_settings().objects == folder


COLD = {
    "ENDPOINT": "https://s3.cold.example",
    "BUCKETS": "cold, colder",
    "ACCESS_KEY": "a",
    "SECRET_KEY": "s",
}


def given(monkeypatch: pytest.MonkeyPatch, store: str, **said: str) -> None:
    for name, value in {**COLD, **said}.items():
        monkeypatch.setenv(f"JOBFERRY_STORES_{store}_{name}", value)


def test_stores_can_be_given_by_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "NORTH_COLD")
    given(monkeypatch, "SOUTH", BUCKETS="south", SECRET_KEY_FILE="/etc/s", SECRET_KEY="")
    refuse_unknown()
    stores = platform_settings().stores
    assert sorted(stores) == ["north-cold", "south"]
    assert (stores["north-cold"].secret_key.get_secret_value(), stores["south"].buckets) == ("s", "south")


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ({"BUCKETS": ""}, "the object store cold has no buckets", "set buckets below [stores.cold]"),
        ({"BUCKETS": "a b"}, "stores.cold.buckets has 'a b', which is no bucket's name", "with commas"),
        ({"BUCKETS": "cold,cold"}, "the bucket cold is named twice", "once"),
        ({"SECRET_KEY_FILE": "/etc/s"}, "cold has secret_key and secret_key_file", "one of them"),
        (
            {"ADDRESSING": "host", "ENDPOINT": "10.0.0.7"},
            "stores.cold.addressing is host, and the object service has a number",
            "stores.cold.endpoint",
        ),
    ],
)
def test_a_store_that_cannot_be_meant_is_told(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str], message: str, hint: str
) -> None:
    given(monkeypatch, "COLD", **said)
    with pytest.raises(InvalidRequest) as refused:
        platform_settings()
    assert (message in refused.value.message, hint in refused.value.hint) == (True, True), refused.value


def test_a_bucket_is_in_one_store_only(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "COLD")
    given(monkeypatch, "OTHER", BUCKETS="other,colder")
    with pytest.raises(InvalidRequest, match="the bucket colder is in two object stores, cold and other"):
        platform_settings()
    monkeypatch.setenv("JOBFERRY_STORES_OTHER_BUCKETS", "other")
    monkeypatch.setenv("JOBFERRY_OBJECTS", "s3")
    monkeypatch.setenv("JOBFERRY_OBJECTS_ENDPOINT", "https://s3.example")
    assert platform_settings().stores.keys() == {"cold", "other"}
    monkeypatch.setenv("JOBFERRY_OBJECTS_BUCKETS", "hot,cold")
    with pytest.raises(InvalidRequest, match="the bucket cold is in two object stores, default and cold"):
        platform_settings()


def test_packages_in_a_bucket_of_a_named_store_need_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "COLD")
    monkeypatch.setenv("JOBFERRY_PACKAGES", "s3://cold/site")
    assert platform_settings().packages == "s3://cold/site"
    monkeypatch.setenv("JOBFERRY_PACKAGES", "s3://hot/site")
    with pytest.raises(InvalidRequest, match="and no service is named"):
        platform_settings()


@pytest.mark.parametrize("value", ["", "*", "10.0.0.1", "10.0.0.0/8, ::1,fd00::/8"])
def test_proxies_are_addresses_networks_or_all(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("JOBFERRY_TRUSTED_PROXIES", value)
    assert platform_settings().trusted_proxies == value
