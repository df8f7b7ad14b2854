"""What is typed becomes what the API takes, or is refused with a way out."""

from pathlib import Path

import pytest

from jobferry.cli import options
from jobferry.errors import ErrorCode, InvalidRequest


def test_a_map_names_kind_and_both_names() -> None:
    assert options.mapping(["connection:dwh_test=dwh_prod", "queue:a=b", "connection:x=y"], None) == {
        "connection": {"dwh_test": "dwh_prod", "x": "y"},
        "queue": {"a": "b"},
    }


def test_what_stands_after_the_first_equals_sign_is_the_local_name() -> None:
    found = options.mapping(["path:obs://in/a=obs://out/b?x=1", "cdm:cluster/job=other/job"], None)
    assert found == {"path": {"obs://in/a": "obs://out/b?x=1"}, "cdm": {"cluster/job": "other/job"}}


@pytest.mark.parametrize(
    "text", ["", "connection", "connection:", "connection:a", "connection:a=", "connection:=b", "a=b", ":a=b"]
)
def test_a_map_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        options.mapping([text], None)
    assert refused.value.code is ErrorCode.INVALID_VALUE
    assert refused.value.hint


def test_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InvalidRequest) as refused:
        options.mapping(["conection:a=b"], None)
    assert "'conection'" in refused.value.message
    assert "connection, workspace, queue" in refused.value.hint


def test_a_thing_is_mapped_once() -> None:
    with pytest.raises(InvalidRequest, match="names queue:a twice"):
        options.mapping(["queue:a=b", "queue:a=c"], None)


def test_pairs_keep_equals_signs_and_empty_values() -> None:
    assert options.pairs(["day=${x}=1", "none="], "--param") == {"day": "${x}=1", "none": ""}


@pytest.mark.parametrize("texts", [["day"], ["=1"], ["day=1", "day=2"]])
def test_pairs_that_say_nothing_or_two_things_are_refused(texts: list[str]) -> None:
    with pytest.raises(InvalidRequest, match="--param"):
        options.pairs(texts, "--param")


def test_parameters_of_one_job() -> None:
    found = options.job_parameters(["ods_orders:day=2026-01-01", "ods_orders:to=a:b", "日报:day=1"])
    assert found == {"ods_orders": {"day": "2026-01-01", "to": "a:b"}, "日报": {"day": "1"}}


@pytest.mark.parametrize("text", ["day=1", "job:day", ":day=1", "job:=1"])
def test_parameters_of_no_job_are_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="--job-param"):
        options.job_parameters([text])


def test_only_what_was_said_is_sent() -> None:
    assert options.said(duplicates=None, params={}, directory="", outcome="job") == {
        "directory": "",
        "outcome": "job",
    }


def test_rules_are_a_list_of_known_keys(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("- {name: 'ods_*', duplicates: skip}\n")
    assert options.rules(file) == [{"name": "ods_*", "duplicates": "skip"}]
    assert options.rules(None) == []
    for content, told in (("{a: b}", "not a list"), ("- a", "rule 1"), ("- {colour: red}", "colour")):
        file.write_text(content)
        with pytest.raises(InvalidRequest, match=told):
            options.rules(file)


def test_a_time_is_told_in_milliseconds() -> None:
    assert options.moment("1970-01-02T00:00Z", "--since") == 86_400_000
    assert options.moment("", "--since") == 0


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="the value 'yesterday' of --since is not a time") as refused:
        options.moment("yesterday", "--since")
    assert refused.value.hint


@pytest.mark.parametrize("text", ["dwh", "connection", "connection:"])
def test_a_thing_without_a_name_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidRequest, match="--hold") as refused:
        options.things([text], "--hold")
    assert "KIND:NAME, such as connection:dwh_test" in refused.value.message + refused.value.hint


def test_a_kind_in_a_mapping_file_holds_names(tmp_path: Path) -> None:
    file = tmp_path / "names.yaml"
    file.write_text("connection: dwh\n")
    with pytest.raises(InvalidRequest, match="connection holds no names"):
        options.mapping_file(file)
