"""Documents: what is read from a text, and how a text is changed without touching the rest."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from builders import job, node, resource, script, written
from jobferry.model.connections import connection_problems, secret_paths
from jobferry.model.document.edits import Drop, EditMisses, Put, edited, raw_at, respelled
from jobferry.model.document.facts import FactRules, Facts, facts_of
from jobferry.model.document.problems import pointer
from jobferry.model.document.references import VariableSyntax, job_references, spellings_of, variables_in
from jobferry.model.document.sensitive import DEFAULT_PATTERNS, compiled, emptied, kept, sensitive_places
from jobferry.model.document.text import UnusableText, parse, without_bom
from jobferry.model.document.times import is_zone, offsets, same_clock
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.names import Limits, ancestors, directory_fault, normal_directory


def test_numbers_that_floats_cannot_hold_are_read_without_loss_or_error() -> None:
    assert parse(b'{"a": 1e400, "b": 0.10, "c": 123456789012345678901234567890}') == {
        "a": "1e400",
        "b": "0.10",
        "c": 123456789012345678901234567890,
    }


@pytest.mark.parametrize(
    "text",
    [
        rb'{"a": "x\":", "b": 1}',
        rb'{"a": "\u0022:", "b": {"c": "\u003a"}}',
        rb'{"\u0061": 1, "b": 2}',
        b'{ "a" :\n1 , "b":[ {"a":1},{"a":1} ] }',
    ],
)
def test_texts_that_only_look_as_if_they_doubled_a_key_pass(text: bytes) -> None:
    assert parse(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [rb'{"a": 1, "\u0061": 2}', rb'{"x": [{"b": 1, "b": "\u0022:"}]}', b'{"a": {"b": 1, "c": 2, "b": 3}}'],
)
def test_a_doubled_key_is_found_however_it_is_spelled(text: bytes) -> None:
    with pytest.raises(UnusableText) as caught:
        parse(text)
    assert caught.value.problems[0].code == "doubled-key"


def test_broken_json_is_told_by_line_and_column() -> None:
    with pytest.raises(UnusableText) as caught:
        parse(b'{\n  "a": 1\n  "b": 2\n}')
    assert caught.value.problems[0].args | {"reason": ""} == {"line": "3", "column": "3", "reason": ""}


def test_two_hundred_levels_are_legal_and_one_more_is_not() -> None:
    def nested(levels: int) -> bytes:
        return b'{"a": ' * (levels - 1) + b"{}" + b"}" * (levels - 1)

    parse(nested(200))
    for text in (nested(202), b'["\\ud800", ' + b"[" * 100_000):
        with pytest.raises(UnusableText) as caught:
            parse(text)
        assert caught.value.problems[0].code == "too-deep"


def test_a_byte_order_mark_belongs_to_the_transport() -> None:
    assert without_bom(b"\xef\xbb\xbf{}") == b"{}"


def test_an_edit_leaves_every_other_value_byte_for_byte() -> None:
    text = b'{"keep": [1.0,  1E5, -0],\n "open": {"x": "\\u4e2d", "y" : 2.50}, "name": "a"}'
    made = edited(text, [Put(("open", "x"), "b"), Drop(("name",))])
    assert made == b'{"keep":[1.0,  1E5, -0],"open":{"x": "b", "y" : 2.50}}'
    kept = edited(text, [Put(("open", "x"), "b"), Put(("open", "\u4e2d"), 1)])
    assert kept == text.replace(b'"\\u4e2d"', b'"b"').replace(b"2.50}", '2.50,"\u4e2d":1}'.encode())


def test_pieces_of_a_string_are_replaced_and_all_other_letters_keep_their_spelling() -> None:
    written = rb'"a\u0041\"b \ud83d\ude00 c\/d\n"'
    assert bytes(respelled(written, [(0, 1, "x"), (4, 5, 'q"'), (7, 8, "")])) == (
        rb'"x\u0041\"b' + b'q\\"' + rb'\ud83d\ude00 \/d\n"'
    )


def test_edits_make_missing_objects_but_no_list_places() -> None:
    assert edited(b"{}", [Put(("a", "b"), 1)]) == b'{"a":{"b":1}}'
    assert edited(b'{"a":null}', [Put(("a", "b"), 1)]) == b'{"a":{"b":1}}'
    with pytest.raises(EditMisses):
        edited(b'{"a":[]}', [Put(("a", 0), 1)])
    for text in (b'{"a":"text"}', b'{"a":{}}'):
        with pytest.raises(EditMisses):
            edited(text, [Put(("a", 0), 1)])
    with pytest.raises(EditMisses):
        edited(b'{"a":"text"}', [Put(("a", "b"), 1)])


def test_places_of_a_list_go_and_lists_in_lists_are_edited() -> None:
    text = b'{"a":[1,[2,{"b":3}],4]}'
    assert edited(text, [Drop(("a", 0)), Put(("a", 1, 1, "b"), 5)]) == b'{"a":[[2,{"b":5}],4]}'


def test_no_edit_is_no_change() -> None:
    text = b'{ "a" : 1 }'
    assert edited(text, []) is text


def test_a_raw_value_is_found_and_put_back_as_it_was() -> None:
    value = raw_at(b'{"a": [0, {"b": 1.50}]}', ("a", 1, "b"))
    assert value is not None
    assert edited(b'{"z":0}', [Put(("z",), value)]) == b'{"z":1.50}'
    assert raw_at(b'{"a": 1}', ("a", "b")) is None


def test_pointers_read_like_paths() -> None:
    assert pointer(("nodes", 2, "properties", 0, "value")) == "nodes[2].properties[0].value"


def test_references_carry_the_place_where_they_stand() -> None:
    document = job("j", node("a", scriptName="s"), upstream=["up"])
    assert [(one.kind, one.name, one.path) for one in job_references(document)] == [
        (NeedKind.SCRIPT, "s", ("nodes", 0, "properties", 0, "value")),
        (NeedKind.JOB, "up", ("schedule", "cron", "dependJobs", "jobs", 0)),
    ]


def test_node_types_are_compared_loosely_and_unknown_ones_still_read() -> None:
    kinds = [one.kind for one in job_references(job("j", node("a", "cdm JOB", clusterName="k", jobName="m")))]
    assert kinds == [NeedKind.CLUSTER, NeedKind.CDM]
    assert [one.kind for one in job_references(job("j", node("a", "Brand New", queueName="q")))] == [
        NeedKind.QUEUE
    ]


def test_resources_are_named_or_are_paths() -> None:
    document = job(
        "j", node("a", "MRSSpark", resourcePath="lookup", dependFiles="one, two", other="obs://b/x")
    )
    assert [(one.kind, one.name) for one in job_references(document)] == [
        (NeedKind.RESOURCE, "lookup"),
        (NeedKind.RESOURCE, "one"),
        (NeedKind.RESOURCE, "two"),
        (NeedKind.PATH, "obs://b/x"),
    ]
    path = job("j", node("a", "MRSSpark", resourcePath="obs://b/lookup.jar"))
    assert [one.kind for one in job_references(path)] == [NeedKind.PATH]


@pytest.mark.parametrize("node_type", ["MRS Flink", "MRSFlink", "mrs flink", "MRSFlinkJob", "MRS Flink Job"])
def test_a_node_on_flink_names_its_cluster(node_type: str) -> None:
    document = job("j", node("a", node_type, clusterName="mrs_prod"))
    assert [(one.kind, one.name) for one in job_references(document)] == [(NeedKind.CLUSTER, "mrs_prod")]


@pytest.mark.parametrize(
    "names", [("Data Warehouse", "Database", "Queue"), ("dataWarehouse", "database", "queue")]
)
def test_a_node_on_hetu_engine_names_its_warehouse_database_and_queue(names: tuple[str, str, str]) -> None:
    values = dict(zip(names, ("hetu_wh", "sales", "etl"), strict=True))
    document = job("j", node("a", "MRS HetuEngine", clusterName="mrs_prod", **values))
    assert [(one.kind, one.name) for one in job_references(document)] == [
        (NeedKind.CLUSTER, "mrs_prod"),
        (NeedKind.CONNECTION, "hetu_wh"),
        (NeedKind.DATABASE, "sales"),
        (NeedKind.QUEUE, "etl"),
    ]
    other = job("j", node("a", "Shell", **values))
    assert NeedKind.CONNECTION not in {one.kind for one in job_references(other)}


def test_a_cdm_definition_that_stands_in_its_node_is_no_reference() -> None:
    inline = {"clusterName": "cdm", "jobName": "load", "cdmJson": '{"jobs": []}'}
    for values in (inline, inline | {"jobType": "newJob"}, {**inline, "cdmJson": "", "jobType": "newJob"}):
        found = job_references(job("j", node("a", "CDMJob", **values)))
        assert [one.kind for one in found] == [NeedKind.CLUSTER]
    found = job_references(job("j", node("a", "CDMJob", **inline, jobType="existsJob")))
    assert [one.kind for one in found] == [NeedKind.CLUSTER, NeedKind.CDM]


@pytest.mark.parametrize("key", ["dependPackages", "depend_packages"])
def test_what_a_resource_depends_on_is_a_reference_in_either_spelling(key: str) -> None:
    packages = [
        {"type": "jar", "location": "obs://deps/a.jar"},
        {"location": 7},
        {"type": "jar", "location": "files/x"},
    ]
    fields: dict[str, Any] = {key: packages}
    facts = facts_of(ObjectKind.RESOURCE, resource(**fields), FactRules())
    assert [(one.kind, one.name, one.path) for one in facts.references] == [
        (NeedKind.PATH, "obs://deps/a.jar", (key, 0, "location"))
    ]


def test_streams_of_events_are_references() -> None:
    document = job("j", schedule={"type": "EVENT", "event": {"eventType": "DIS", "channel": "clicks"}})
    assert [(one.kind, one.name) for one in job_references(document)] == [(NeedKind.STREAM, "clicks")]


@pytest.mark.parametrize(
    "nodes", [None, "x", [1], [{"properties": {}}], [{"name": None, "properties": [{"value": 1}]}]]
)
def test_shapes_that_nobody_promised_are_read_without_an_error(nodes: object) -> None:
    document = {"name": "j", "nodes": nodes, "schedule": nodes, "basicConfig": nodes, "params": nodes}
    facts_of(ObjectKind.JOB, document, FactRules(), text=written(document))


def test_variables_are_found_in_the_spelling_that_counts() -> None:
    text = b'${a} ${dlf.b} #{Env.get("c")} #{Env.get(\\"d\\")} $x'
    assert variables_in(text) == {("${}", "a"), ("${dlf.}", "b"), ("Env.get", "c"), ("Env.get", "d")}
    assert spellings_of(VariableSyntax.PLAIN) == ("${}", "Env.get")
    assert spellings_of(VariableSyntax.DLF) == ("${dlf.}", "Env.get")


def test_sensitive_are_marked_properties_masked_parameters_and_matching_names() -> None:
    document = job(
        "j",
        node("a", plain="1", Api_Secret="2"),
        params=[{"name": "p", "value": "3"}, {"name": "q", "value": ""}],
    )
    document["maskedParams"] = ["p", "q"]
    document["nodes"][0]["properties"].append({"name": "h", "value": "4", "value_is_sensitive": True})
    places = sensitive_places(document, compiled(DEFAULT_PATTERNS))
    assert [pointer(path) for path in places] == [
        "params[0].value",
        "params[1].value",
        "nodes[0].properties[1].value",
        "nodes[0].properties[2].value",
    ]
    assert len(emptied(document, places)) == 3


@pytest.mark.parametrize(
    "name",
    [
        *("apiKey", "API_KEY", "api-key", "x.api.key", "authKey", "auth_key", "pwd", "dbPwd", "PWD"),
        *("credential", "userCredentials", "passphrase", "access-key", "private-key", "dbPassword"),
    ],
)
def test_the_usual_spellings_of_secrets_are_sensitive(name: str) -> None:
    document = job("j", node("a", **{name: "1"}), params=[{"name": name, "value": "2"}])
    found = [pointer(path) for path in sensitive_places(document, compiled(DEFAULT_PATTERNS))]
    assert found == ["params[0].value", "nodes[0].properties[0].value"]


def test_facts_survive_being_stored() -> None:
    document = job("j", node("a", scriptName="s", queueName="q"), params=[{"name": "p", "value": "${x}"}])
    facts = facts_of(ObjectKind.JOB, document, FactRules(), text=written(document))
    assert msgspec.json.decode(msgspec.json.encode(facts), type=Facts) == facts


def test_another_reading_is_another_edition() -> None:
    edition = FactRules().facts_version(ObjectKind.JOB)
    assert FactRules().facts_version(ObjectKind.JOB) == edition
    assert FactRules().facts_version(ObjectKind.SCRIPT) != edition
    assert FactRules(limits=Limits(nodes=3)).facts_version(ObjectKind.JOB) != edition
    assert FactRules(patterns=("x",)).facts_version(ObjectKind.JOB) != edition


@pytest.mark.parametrize(
    ("kind", "document", "code"),
    [
        (ObjectKind.SCRIPT, {"name": "s", "content": ""}, "type-missing"),
        (ObjectKind.SCRIPT, {"name": "s", "type": "Shell"}, "value-required"),
        (ObjectKind.SCRIPT, script(description="x" * 256), "field-too-long"),
        (ObjectKind.SCRIPT, script(content="x" * (4 * 1024 * 1024 + 1)), "content-too-large"),
        (ObjectKind.RESOURCE, resource("x" * 33), "name-illegal"),
        (ObjectKind.RESOURCE, resource(type="exe"), "field-value"),
        (ObjectKind.RESOURCE, resource(location=""), "field-missing"),
        (ObjectKind.RESOURCE, resource(desc="x" * 256), "field-too-long"),
        (ObjectKind.RESOURCE, resource(dependFiles=["x" * 5_120, "y" * 5_121]), "field-too-long"),
    ],
)
def test_scripts_and_resources_have_their_rules(
    kind: ObjectKind, document: dict[str, Any], code: str
) -> None:
    assert [one.code for one in facts_of(kind, document, FactRules()).problems] == [code]


def test_a_connection_names_an_address_and_its_secrets_are_known() -> None:
    assert [one.code for one in connection_problems({"name": "c", "type": "DWS", "config": {}})] == [
        "dws-address-missing"
    ]
    assert connection_problems({"name": "c", "type": "DWS", "config": {"ip": "127.0.0.1", "port": "1"}}) == []


def test_secrets_of_a_connection_are_found_at_any_depth_and_by_the_patterns() -> None:
    config = {
        "userName": "u",
        "password": "p",
        "kmsKey": "",
        "more": [{"api_secret": {"id": "s"}}],
        "pin": "1",
    }
    document = {"name": "c", "type": "HOST", "config": config, "token": "t", "isPasswordSet": True}
    assert secret_paths(document) == [
        ("config", "password"),
        ("config", "kmsKey"),
        ("config", "more", 0, "api_secret", "id"),
        ("token",),
    ]
    assert ("config", "pin") in secret_paths(document, ("p?n",))


def test_an_empty_value_stays_as_it_was_written_where_the_target_has_none() -> None:
    incoming = job("j", params=[{"name": "password", "value": ""}])
    for value, takes in ((None, False), ("", False), ("filled", True)):
        there = job("j", params=[{"name": "password", "value": value}])
        assert bool(kept(incoming, [("params", 0, "value")], written(there), there)) is takes


@pytest.mark.parametrize(
    ("zone", "is_one"),
    [
        ("GMT+8", True),
        ("UTC+05:30", True),
        ("Asia/Shanghai", True),
        ("Mars/Base", False),
        ("", False),
        ("../etc", False),
    ],
)
def test_zones(zone: str, is_one: bool) -> None:
    assert is_zone(zone) is is_one


def test_zones_with_and_without_summer_time_are_different_clocks() -> None:
    assert same_clock("Asia/Shanghai", "GMT+8")
    assert not same_clock("Europe/Berlin", "GMT+1")


@pytest.mark.parametrize(
    ("zone", "minutes"), [("GMT-05:30", -330), ("UTC+05:30", 330), ("GMT-0930", -570), ("GMT-3", -180)]
)
def test_minutes_of_a_zone_lie_on_the_same_side_of_utc_as_its_hours(zone: str, minutes: int) -> None:
    assert offsets(zone) == (timedelta(minutes=minutes),) * 2


def test_directories_have_one_spelling_levels_and_limits() -> None:
    assert normal_directory("a//b/") == "/a/b"
    assert normal_directory("") == "/"
    assert ancestors("/a/b") == ["/a", "/a/b"]
    assert directory_fault("/报表/日报", Limits()) == ""
    assert "levels" in directory_fault("/a" * 11, Limits())
