"""Variables of the environment: an unknown one and a wrong form are refused in our words."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobferry.bootstrap.settings import PlatformSettings
from jobferry.cli.environment import PLATFORM, refuse_unknown
from jobferry.cli.hosting import platform_settings
from jobferry.errors import InvalidRequest

MIB = 1024 * 1024


def test_the_names_are_those_of_the_settings() -> None:
    assert [name.lower() for name in PLATFORM] == sorted(PlatformSettings.model_fields)


@pytest.mark.parametrize(
    ("name", "value", "said", "hint"),
    [
        ("JOBFERRY_OBJECT", "s3", "there is no setting JOBFERRY_OBJECT", "JOBFERRY_OBJECTS?"),
        ("JOBFERRY_SERVR", "http://x", "there is no setting JOBFERRY_SERVR", "JOBFERRY_SERVER?"),
        ("JOBFERRY_Q", "1", "there is no setting JOBFERRY_Q", "settings.md"),
        ("JOBFERRY_LANGUAGE", "fr", "is 'fr'", "en or zh"),
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
        (
            "PACKAGES",
            "s3://bucket/../a",
            "which is neither a folder nor s3://bucket/folder",
            "JOBFERRY_PACKAGES",
        ),
        ("PACKAGES", "s3://bucket/a", "and no service is named", "JOBFERRY_OBJECTS_ENDPOINT"),
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
