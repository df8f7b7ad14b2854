"""Mappings: names, beginnings of paths and URLs, directories, and what they do inside texts."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from builders import Load, job, node, script, stored, target
from jobferry.model.document.edits import edited
from jobferry.model.document.sql import MAX_STATEMENT_LETTERS, MAX_TEXT_LETTERS, MAX_TEXT_PLACES
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.import_context import ImportItem, context
from jobferry.model.transfer.mapping import Mapping, mapping_of, matched
from jobferry.model.transfer.policy import ImportOptions, ObjectRule

JOB, SCRIPT, RESOURCE = ObjectKind.JOB, ObjectKind.SCRIPT, ObjectKind.RESOURCE
LAKE = {"obs://lake-test": "obs://lake", "obs://lake-test/raw": "obs://raw"}


def arrived(load: Load, view: Any = None, **sections: dict[str, str]) -> tuple[ImportItem, dict[str, Any]]:
    """The one object of a load, and what its document says then."""
    from jobferry.model.document.text import parse

    mapping = mapping_of({name.replace("_", "-"): pairs for name, pairs in sections.items()})
    (arrival,) = load.context(view, mapping=mapping).items
    return arrival, parse(edited(load.text_of(arrival.entry), arrival.edits))


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("obs://lake-test", "obs://lake"),
        ("obs://lake-test/a", "obs://lake/a"),
        ("obs://lake-test/raw/a", "obs://raw/a"),
        ("obs://lake-test/rawest", "obs://lake/rawest"),
        ("obs://lake-test-2/a", "obs://lake-test-2/a"),
        ("obs://lake-test?x=1", "obs://lake?x=1"),
    ],
)
def test_the_longest_beginning_wins_and_it_ends_at_a_border(name: str, local: str) -> None:
    assert Mapping({NeedKind.PATH: LAKE}).local(NeedKind.PATH, name) == local


@pytest.mark.parametrize(
    ("directory", "local"),
    [("/dw/test", "/dw"), ("/dw/test/ods", "/dw/ods"), ("/dw/tests", "/dw/tests"), ("/x", "/x")],
)
def test_a_directory_is_mapped_with_all_below_it(directory: str, local: str) -> None:
    assert Mapping(directories={"/dw/test": "/dw"}).place(directory) == local
    assert Mapping(directories={"/dw/test": "/"}).place("/dw/test") == "/"


@pytest.mark.parametrize("key", ["/a/b", "/a/b/", "/a", "/", "obs://x/y?", "/a/bc", "b"])
@pytest.mark.parametrize("name", ["/a/b/c", "/a/b", "/a/bc/d", "obs://x/y?z", "obs://x/y"])
def test_a_very_long_path_is_mapped_by_its_beginnings_too(name: str, key: str) -> None:
    def ending(length: int) -> bool:
        return matched(NeedKind.PATH, name + "/" + "z" * length, {key: "q"}) is not None

    assert ending(5_000) is ending(1)


def test_a_path_of_very_many_borders_is_mapped() -> None:
    """Looking up each of its beginnings would copy terabytes."""
    name = "/" * 3_000_000
    assert matched(NeedKind.PATH, name, {"/a": "q", "/": "x", "//": "y"}) == "//"


def test_one_mapping_goes_over_another() -> None:
    over = mapping_of({"queue": {"a": "b"}, "parameter": {"x": "1"}})
    both = over.over(mapping_of({"queue": {"a": "c", "d": "e"}, "time-zone": {"UTC": "GMT+8"}}))
    assert dict(both.sections()) == {
        "queue": {"a": "b", "d": "e"},
        "parameter": {"x": "1"},
        "time-zone": {"UTC": "GMT+8"},
    }


def test_only_new_objects_go_where_their_directory_is_mapped_to() -> None:
    load = Load().job("orders", directory="/test/ods", uid="u")
    arrival, document = arrived(load, directory={"/test": "/prod"})
    assert (arrival.directory, document["directory"]) == ("/prod/ods", "/prod/ods")
    there = target(stored(JOB, job("orders", directory="/mine"), uid="u"))
    assert arrived(load, there, directory={"/test": "/prod"})[0].directory == "/mine"


def test_parameters_and_zones_of_a_mapping_are_values() -> None:
    cron = {"expression": "0 0 1 * * ?", "expressionTimeZone": "UTC"}
    document = job(
        "orders", params=[{"name": "env", "value": "test"}], schedule={"type": "CRON", "cron": cron}
    )
    load = Load().add(JOB, document)
    _, made = arrived(load, parameter={"env": "prod"}, time_zone={"UTC": "GMT+8"})
    assert made["params"][0]["value"] == "prod"
    assert made["schedule"]["cron"]["expressionTimeZone"] == "GMT+8"


def test_databases_in_sql_are_mapped_where_they_are_databases() -> None:
    sql = """-- dw is the database
insert into dw.orders select dw.x, '${day}', "dw"
from ${src}.dw join `dw`.lines as dw on 1 = 1;
use dw;
select dwh.a from dwh.dw where b = 'dw.orders'
"""
    load = Load().script("clean", content=sql, type="HiveSQL")
    arrival, made = arrived(load, database={"dw": "dw_prod"})
    assert made["content"] == (
        sql.replace("into dw.", "into dw_prod.").replace("`dw`", "`dw_prod`").replace("use dw", "use dw_prod")
    )
    assert [(hit.path, hit.line, hit.former, hit.local) for hit in arrival.replacements] == [
        ("content", line, "dw", "dw_prod") for line in (2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("content", "type_", "local", "reason"),
    [
        ("sel ect from dw.orders from from;", "HiveSQL", "prod", "text-unparsed"),
        ("msck repair table dw.orders", "HiveSQL", "prod", "text-unparsed"),
        ("select * from DW.orders", "HiveSQL", "prod", "text-case"),
        ("select * from dw.orders", "HiveSQL", "dw-prod", "text-needs-quotes"),
        ("hive -e 'select * from dw.orders'", "Shell", "prod", "text-not-sql"),
    ],
)
def test_what_may_be_meant_is_left_alone_and_told(content: str, type_: str, local: str, reason: str) -> None:
    load = Load().script("clean", content=content, type=type_)
    arrival, made = arrived(load, database={"dw": local})
    assert made["content"] == content
    assert [one.reason for one in arrival.not_replaced] == [reason]


def test_one_broken_statement_leaves_the_others_readable() -> None:
    load = Load().script("clean", content="sel dw.x from from; select * from dw.orders", type="HiveSQL")
    _, made = arrived(load, database={"dw": "prod"})
    assert made["content"] == "sel dw.x from from; select * from prod.orders"


def test_a_statement_over_its_limit_is_left_alone_and_the_others_are_mapped() -> None:
    long = "select dw.a, '" + "x" * MAX_STATEMENT_LETTERS + "' from dw.orders"
    load = Load().script("clean", content=f"select 1;\n{long};\nuse dw;", type="HiveSQL")
    arrival, made = arrived(load, database={"dw": "prod"})
    assert made["content"] == f"select 1;\n{long};\nuse prod;"
    assert [(one.reason, one.name, one.line) for one in arrival.not_replaced] == [("text-too-large", "dw", 2)]


def test_a_text_over_its_limit_keeps_its_databases_and_its_paths_are_mapped() -> None:
    content = "-- " + "x" * MAX_TEXT_LETTERS + "\nselect * from dw.a join DW.b on 1 = 1; -- obs://lake-test/a"
    load = Load().script("clean", content=content, type="HiveSQL")
    arrival, made = arrived(load, database={"dw": "prod"}, path=LAKE)
    assert made["content"] == content.replace("obs://lake-test/a", "obs://lake/a")
    assert [(one.reason, one.name, one.line) for one in arrival.not_replaced] == [("text-too-large", "dw", 2)]


@pytest.mark.parametrize(
    ("type_", "piece"),
    [
        ("HiveSQL", "select * from dw.a;\n"),
        ("HiveSQL", "sel ect dw.a from;\n"),
        ("Shell", "dw.a\n"),
        ("Shell", "obs://lake-test/a\n"),
    ],
)
def test_a_text_of_too_many_places_is_left_alone_as_a_whole(type_: str, piece: str) -> None:
    load = Load().script("clean", content=piece * (MAX_TEXT_PLACES + 1), type=type_)
    arrival, made = arrived(load, database={"dw": "prod"}, path=LAKE)
    assert made["content"] == piece * (MAX_TEXT_PLACES + 1)
    assert [(one.reason, one.line) for one in arrival.not_replaced] == [("text-too-large", 1)]
    assert arrival.replacements == ()


def test_the_texts_of_an_import_share_what_may_be_looked_through() -> None:
    """A small package's texts may hold a million letters of SQL together; a larger one's 32 for each byte."""
    content = "select * from dw.a; -- " + "x" * 600_000
    load = Load().script("a", content=content, type="HiveSQL").script("b", content=content, type="HiveSQL")
    options = ImportOptions(mapping=Mapping({NeedKind.DATABASE: {"dw": "prod"}}))
    small = context(load.contents(), target(), options, load.text_of)
    assert [[one.reason for one in each.not_replaced] for each in small.items] == [[], ["text-too-large"]]
    grown = msgspec.structs.replace(load.contents(), package_bytes=100_000)
    large = context(grown, target(), options, load.text_of)
    assert [len(each.replacements) for each in large.items] == [1, 1]


def test_sql_that_makes_the_parser_stumble_cannot_be_read() -> None:
    load = Load().script("clean", content="select map(1) from dw.a", type="HiveSQL")
    arrival, _ = arrived(load, database={"dw": "prod"})
    assert [one.reason for one in arrival.not_replaced] == ["text-unparsed"]


def test_lines_of_many_places_are_counted_once() -> None:
    load = Load().script("clean", content="\n".join(["use dw;"] * 5_000), type="HiveSQL")
    arrival, _ = arrived(load, database={"dw": "prod"})
    assert [hit.line for hit in arrival.replacements] == list(range(1, 5_001))


def test_paths_and_urls_are_mapped_wherever_they_stand_in_texts() -> None:
    run = node(
        "run", "Shell", statement="cp obs://lake-test/a /tmp; curl https://api.test/v1?x=obs://lake-test"
    )
    spark = node(
        "go", "MRSSpark", arguments="--in obs://lake-test/raw,obs://lake-test2", url="https://api.test/v1"
    )
    load = Load().job("orders", run, spark, logPath="obs://lake-test/log")
    arrival, made = arrived(load, path=LAKE, url={"https://api.test": "https://api"})
    assert (
        made["nodes"][0]["properties"][0]["value"] == "cp obs://lake/a /tmp; curl https://api/v1?x=obs://lake"
    )
    values = [one["value"] for one in made["nodes"][1]["properties"]]
    assert values == ["--in obs://raw,obs://lake-test2", "https://api/v1"]
    assert made["logPath"] == "obs://lake/log"
    assert {hit.kind for hit in arrival.replacements} == {NeedKind.PATH, NeedKind.URL}


def test_a_resource_moves_with_its_path() -> None:
    load = Load().resource("lookup", location="obs://lake-test/lookup.jar")
    _, made = arrived(load, path=LAKE)
    assert made["location"] == "obs://lake/lookup.jar"


def test_what_a_resource_depends_on_moves_too() -> None:
    load = Load().resource(
        "lookup", dependFiles=["obs://lake-test/a.py"], dependPackages=[{"location": "obs://lake-test/b.jar"}]
    )
    _arrival, made = arrived(load, path=LAKE)
    assert made["dependFiles"] == ["obs://lake/a.py"]
    assert made["dependPackages"] == [{"location": "obs://lake/b.jar"}]


def test_sensitive_values_are_not_looked_through() -> None:
    secret = {"name": "password", "value": "obs://lake-test", "value_is_sensitive": True}
    load = Load().job("orders", {**node("run", "Shell"), "properties": [secret]})
    arrival, made = arrived(load, path=LAKE)
    assert made["nodes"][0]["properties"] == [secret]
    assert not arrival.replacements


def test_a_name_takes_its_place_and_is_told() -> None:
    load = Load().job("orders", node("load", connectionName="dwh_test"))
    arrival, made = arrived(load, connection={"dwh_test": "dwh_prod"})
    assert made["nodes"][0]["properties"][0]["value"] == "dwh_prod"
    assert [(hit.former, hit.local, hit.line) for hit in arrival.replacements] == [
        ("dwh_test", "dwh_prod", 0)
    ]


def test_the_first_rule_that_fits_decides_for_an_object() -> None:
    rules = (
        ObjectRule(kind=SCRIPT, mapping=mapping_of({"connection": {"c": "for_scripts"}})),
        ObjectRule(name="ods_*", mapping=mapping_of({"connection": {"c": "for_ods"}})),
        ObjectRule(tag="hourly", mapping=mapping_of({"connection": {"c": "for_hourly"}})),
        ObjectRule(directory="/dw", tag="daily", mapping=mapping_of({"connection": {"c": "for_daily"}})),
    )
    uses = node("load", connectionName="c")
    daily: dict[str, Any] = {"basicConfig": {"tags": ["daily"]}}
    load = Load().job("ods_a", uses, directory="/dw", **daily).job("dws_a", uses, directory="/dw/x", **daily)
    load.job("dws_b", uses, directory="/dwx", **daily).add(SCRIPT, script("ods_a", connectionName="c"))
    context = load.context(rules=rules, mapping=mapping_of({"connection": {"c": "for_all"}}))
    used = {arrival.key: arrival.references[0].name for arrival in context.items}
    assert used == {
        (JOB, "ods_a"): "for_ods",
        (JOB, "dws_a"): "for_daily",
        (JOB, "dws_b"): "for_all",
        (SCRIPT, "ods_a"): "for_scripts",
    }


def test_a_function_of_a_database_is_mapped_with_it() -> None:
    load = Load().script("clean", content="select dw.rounded(a), dw.b from t as dw", type="HiveSQL")
    _, made = arrived(load, database={"dw": "prod"})
    assert made["content"] == "select prod.rounded(a), dw.b from t as dw"


def test_who_runs_a_job_is_looked_for_as_it_will_be() -> None:
    (item,) = Load().job(basicConfig={"executeUser": "lin"}).context(execute_user="etl").items
    assert [one.name for one in item.references if one.kind is NeedKind.USER] == ["etl"]


def test_texts_of_a_cdm_definition_are_left_alone() -> None:
    model = {"name": "c/orders", "sql": "select * from dw.orders"}
    arrival, made = arrived(Load().add(ObjectKind.CDM, model), database={"dw": "prod"})
    assert (made, arrival.replacements) == (model, ())
