"""The settings file: what it may say, what wins over it, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobferry.cli.hosting import platform_settings
from jobferry.errors import InvalidRequest, NotFound
from jobferry.model.setting import Source

MIB = 1024 * 1024


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "jobferry.toml"


def told(file: Path, **options: object) -> dict[str, tuple[str, Source, str]]:
    given = {f"--{name}": value for name, value in options.items()}
    return {one.key: tuple(one[1:]) for one in platform_settings(file, None, given).told}  # type: ignore[misc]


def test_an_option_wins_over_the_environment_that_over_the_file_and_that_over_the_default(
    monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    file.write_text('host = "::1"\nport = 1\nconnections = 7\npackage_bytes = "10MiB"\n')
    monkeypatch.setenv("JOBFERRY_PORT", "2")
    monkeypatch.setenv("JOBFERRY_CONNECTIONS", "8")
    found = told(file, port=3, name="")
    assert found["port"] == ("3", Source.OPTION, "--port")
    assert found["connections"] == ("8", Source.ENVIRONMENT, "JOBFERRY_CONNECTIONS")
    assert found["host"] == ("::1", Source.FILE, str(file))
    assert found["package_bytes"] == (str(10 * MIB), Source.FILE, str(file))
    assert found["patience"] == ("10.0", Source.DEFAULT, "")
    assert told(file, name="north")["platform_name"] == ("north", Source.OPTION, "--name")


def test_values_have_the_forms_of_toml(file: Path) -> None:
    file.write_text(
        'readers = 2\npatience = 2.5\ntrusted_proxies = ["10.0.0.1", "10.1.0.0/16"]\nentries="9"\n'
    )
    settings = platform_settings(file)
    assert (settings.readers, settings.patience, settings.entries) == (2, 2.5, 9)
    assert settings.trusted_proxies == "10.0.0.1,10.1.0.0/16"


def test_no_secret_is_told(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    file.write_text('objects_secret_key = "abcdef"\ndatabase = "postgresql://u:p4ss@h/d?password=w0rd&x=1"\n')
    found = told(file)
    assert found["objects_secret_key"][0] == "***"
    assert found["database"][0] == "postgresql://u:***@h/d?password=***&x=1"
    file.write_text("")
    assert told(file)["objects_secret_key"][0] == ""


def test_stores_stand_in_tables_and_the_environment_wins_over_each_value(
    monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    file.write_text(
        "[stores.cold]\nendpoint = 'https://s3.cold.example'\nbuckets = ['cold', 'colder']\n"
        "secret_key = 'in clear'\n"
    )
    monkeypatch.setenv("JOBFERRY_STORES_COLD_SECRET_KEY", "from the environment")
    monkeypatch.setenv("JOBFERRY_STORES_COLD_ACCESS_KEY", "a")
    found = told(file)
    assert found["stores.cold.endpoint"] == ("https://s3.cold.example", Source.FILE, str(file))
    assert found["stores.cold.buckets"][0] == "cold,colder"
    assert found["stores.cold.addressing"] == ("auto", Source.DEFAULT, "")
    assert found["stores.cold.secret_key"] == ("***", Source.ENVIRONMENT, "JOBFERRY_STORES_COLD_SECRET_KEY")
    assert found["stores.cold.access_key"] == ("a", Source.ENVIRONMENT, "JOBFERRY_STORES_COLD_ACCESS_KEY")
    store = platform_settings(file).stores["cold"]
    assert store.secret_key.get_secret_value() == "from the environment"


def test_the_usual_file_may_be_missing_and_a_named_one_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: Path
) -> None:
    assert platform_settings(file).port == 8650
    with pytest.raises(NotFound, match="nowhere"):
        platform_settings(file, tmp_path / "nowhere.toml")
    other = tmp_path / "other.toml"
    other.write_text("port = 5\n")
    file.write_text("port = 4\n")
    assert platform_settings(file).port == 4
    assert platform_settings(file, other).port == 5
    monkeypatch.setenv("JOBFERRY_CONFIG", str(other))
    assert platform_settings(file).port == 5


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("port = \n", "cannot be used: line 1, column 8: this is not valid TOML", "port = 8650"),
        ("a = 'x", "is not valid TOML", "port = 8650"),
        ("prot = 1\n", "there is no setting prot", "did you mean port?"),
        ("HOST = '::1'\n", "there is no setting HOST", "did you mean host?"),
        ("wholly_else = 1\n", "there is no setting wholly_else", "settings.md"),
        ("stores = 1\n", "stores is no table of stores", "[stores.archive]"),
        ("[stores]\nendpoint = 'x'\n", "stores is no table of stores", "[stores.archive]"),
        ("[stores.Cold]\n", "no object store can be called 'Cold'", "small letters"),
        ("[stores.default]\n", "no object store can be called 'default'", "another name than default"),
        ("[stores.cold]\nendpiont = 'x'\n", "no setting stores.cold.endpiont", "stores.cold.endpoint?"),
        (
            "[stores.cold]\nbuckets = [1]\n",
            "stores.cold.buckets is neither a text nor a number",
            "key = value",
        ),
        (
            "[stores.cold]\naddressing = 'dns'\n",
            "stores.cold.addressing in FILE is 'dns', which is not a value that it takes",
            "'auto'",
        ),
        ("[objects]\nendpoint = ''\n", "objects is neither a text nor a number", "key = value"),
        ("port = [1]\n", "port is neither a text nor a number", "key = value"),
        ("port = true\n", "port in FILE is 'True', which is not a whole number", "correct port in FILE"),
        ("port = 1.5\n", "port in FILE is '1.5', which is not a whole number", "correct port in FILE"),
        ("port = 70000\n", "port in FILE is '70000', which is too large", "its limit is 65535"),
        ("host = ''\n", "host in FILE is '', which is empty", "correct host"),
        ("package_bytes = '1 GB'\n", "package_bytes in FILE is '1 GB', which is not a size", "64 MiB"),
    ],
)
def test_what_is_wrong_in_it_is_told_with_the_file(file: Path, text: str, said: str, hint: str) -> None:
    file.write_text(text)
    with pytest.raises(InvalidRequest) as refused:
        platform_settings(file)
    message = refused.value.message.replace(str(file), "FILE")
    assert (said in message, hint in refused.value.hint.replace(str(file), "FILE")) == (True, True), (
        message,
        refused.value.hint,
    )


def test_a_file_that_is_no_text_is_refused(file: Path) -> None:
    file.write_bytes(b"port = \xff")
    with pytest.raises(InvalidRequest, match="is not UTF-8"):
        platform_settings(file)
