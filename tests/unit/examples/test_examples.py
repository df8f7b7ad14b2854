"""The example workspace is what it says it is: whole, consistent, and two names short of production."""

import ast
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
import yaml

EXAMPLES = Path(__file__).parents[3] / "examples"
TREE = EXAMPLES / "warehouse"
NAME = re.compile(r"[A-Za-z0-9\u4e00-\u9fff_.\-]{1,128}")
RESOURCE_NAME = re.compile(r"[A-Za-z0-9\u4e00-\u9fff_\-]{1,32}")
SEGMENT = re.compile(r"[A-Za-z0-9\u4e00-\u9fff_\-]{1,64}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_\-]+)\}")
ENV_CALL = re.compile(r'Env\.get\("([^"]+)"\)')
NESTING = {"DLFSubJob": "jobName", "ForEachJob": "subJobName"}
NODE_TYPES = """
    CDMJob DLFSubJob DLISpark DLISQL DWSSQL DataQualityMonitor Dummy ForEachJob
    HiveSQL MRSSpark OBSManager Python RESTAPI SMN Shell
"""

Document = dict[str, Any]
Reference = tuple[str, str]


def _no_doubled_keys(pairs: list[tuple[str, Any]]) -> Document:
    doubled = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    assert not doubled, doubled
    return dict(pairs)


def _read(path: Path) -> Document:
    document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_no_doubled_keys)
    assert isinstance(document, dict), path
    return document


def _folder(folder: str, suffix: str) -> dict[str, Document]:
    paths = sorted((TREE / folder).glob("*" + suffix))
    return {path.name.removesuffix(suffix): _read(path) for path in paths}


def _yaml(name: str) -> Document:
    loaded = yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


JOBS = _folder("jobs", ".job")
SCRIPTS = _folder("scripts", ".script")
RESOURCES = _folder("resources", ".resource")
CDMS = {(path.parent.name, path.stem): _read(path) for path in sorted((TREE / "cdms").glob("*/*.json"))}
TEST, PRODUCTION, MAPPING = (
    _yaml(name) for name in ("test-platform.yaml", "production-platform.yaml", "production-mapping.yaml")
)
FILES = sorted(path for path in TREE.rglob("*") if path.is_file())


def properties(node: Document) -> dict[str, str]:
    return {each["name"]: each["value"] for each in node["properties"]}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def nested_jobs(job: Document) -> set[str]:
    found = set()
    for node in job["nodes"]:
        key = NESTING.get(node["type"])
        if key:
            found.add(properties(node)[key])
    return found


def upstream_jobs(job: Document) -> set[str]:
    return set(job["schedule"].get("cron", {}).get("dependJobs", {}).get("jobs", []))


def resource_names(node: Document) -> set[str]:
    values = properties(node)
    named = {values[key] for key in ("resourcePath", "dependFiles") if key in values}
    return {name for name in named if not name.startswith("obs://")}


def node_references(node: Document) -> Iterator[Reference]:
    values = properties(node)
    kinds = {
        "connectionName": "connection",
        "queueName": "queue",
        "agentName": "agent",
        "resourceGroup": "resource-group",
        "monitorName": "quality-monitor",
        "clusterName": "queue" if node["type"] == "DLISpark" else "cluster",
    }
    yield from ((kind, values[key]) for key, kind in kinds.items() if key in values)
    if "eventTrigger" in node:
        yield "stream", node["eventTrigger"]["channel"]


def outside_references() -> set[Reference]:
    """Everything that the tree refers to and does not bring along."""
    found: set[Reference] = set()
    for job in JOBS.values():
        found.update({("user", job["basicConfig"]["owner"]), ("user", job["basicConfig"]["executeUser"])})
        if "event" in job["schedule"]:
            found.add(("stream", job["schedule"]["event"]["channel"]))
        for node in job["nodes"]:
            found.update(node_references(node))
        own = {param["name"] for param in job["params"]}
        for text in texts(job):
            found.update(("variable", name) for name in set(PLACEHOLDER.findall(text)) - own)
            found.update(("variable", name) for name in ENV_CALL.findall(text))
    for script in SCRIPTS.values():
        found.add(("connection", script["connectionName"]))
        if "queueName" in script:
            found.add(("queue", script["queueName"]))
    return found


def platform_things(platform: Document) -> set[Reference]:
    things = {(kind, name) for kind, names in platform["inventory"].items() for name in names}
    things |= {("connection", each["name"]) for each in platform["connections"]}
    things |= {("variable", each["name"]) for each in platform["variables"]}
    return things | {("user", name) for name in platform["users"]}


def crons() -> Iterator[Document]:
    for job in JOBS.values():
        if "cron" in job["schedule"]:
            yield job["schedule"]["cron"]
        yield from (node["cronTrigger"] for node in job["nodes"] if "cronTrigger" in node)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_is_plain_readable_json_under_its_own_name(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    document = _read(path)
    assert text == json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    assert document["name"] == path.name.removesuffix(path.suffix)


def test_the_tree_holds_nothing_but_the_package_layout() -> None:
    kinds = (
        r"jobs/[^/]+\.job",
        r"scripts/[^/]+\.script",
        r"resources/[^/]+\.resource",
        r"cdms/[^/]+/[^/]+\.json",
    )
    allowed = re.compile("|".join(kinds))
    assert [path for path in FILES if not allowed.fullmatch(path.relative_to(TREE).as_posix())] == []


def test_names_and_directories_obey_the_rules() -> None:
    for name, document in {**JOBS, **SCRIPTS}.items():
        assert NAME.fullmatch(name), name
        assert len(document["description"]) <= 255, name
    for name, document in RESOURCES.items():
        assert RESOURCE_NAME.fullmatch(name), name
        assert len(document["desc"]) <= 255, name
    for document in [*JOBS.values(), *SCRIPTS.values(), *RESOURCES.values()]:
        first, *segments = document["directory"].split("/")
        assert first == ""
        assert 1 <= len(segments) <= 4
        assert all(SEGMENT.fullmatch(segment) for segment in segments), document["directory"]


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS.keys())
def test_nodes_are_well_formed_and_make_a_graph(job: Document) -> None:
    names = [node["name"] for node in job["nodes"]]
    assert len(set(names)) == len(names)
    assert all(NAME.fullmatch(name) for name in names)
    for node in job["nodes"]:
        assert set(node["preNodeName"]) <= set(names)
        assert {each["preNodeName"] for each in node.get("conditions", [])} <= set(node["preNodeName"])
        keys = [each["name"] for each in node["properties"]]
        assert len(set(keys)) == len(keys)
        assert all(isinstance(each["value"], str) for each in node["properties"])
        assert all(each["value"] == "" for each in node["properties"] if each.get("value_is_sensitive"))
        assert 1 <= node["pollingInterval"] <= 60
        assert 5 <= node["maxExecutionTime"] <= 1440
        assert 0 <= node["retryTimes"] <= 5
        assert 5 <= node["retryInterval"] <= 120
        assert node["failPolicy"] in {"FAIL", "IGNORE", "SUSPEND", "FAIL_CHILD"}
    TopologicalSorter({node["name"]: node["preNodeName"] for node in job["nodes"]}).prepare()
    places = [(node["location"]["x"], node["location"]["y"]) for node in job["nodes"]]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS.keys())
def test_job_settings_stay_inside_the_documented_values(job: Document) -> None:
    assert job["processType"] in {"BATCH", "REAL_TIME"}
    assert job["schedule"]["type"] in {"CRON", "EXECUTE_ONCE", "EVENT"}
    assert ("cron" in job["schedule"]) == (job["schedule"]["type"] == "CRON")
    assert ("event" in job["schedule"]) == (job["schedule"]["type"] == "EVENT")
    assert job["basicConfig"]["priority"] in {0, 1, 2}
    timeout = job["basicConfig"]["instanceTimeout"]
    assert timeout == 0 or 5 <= timeout <= 1440
    params = {param["name"]: param for param in job["params"]}
    assert len(params) == len(job["params"])
    for name, param in params.items():
        assert re.fullmatch(r"[A-Za-z0-9_\-]{1,64}", name)
        assert param["type"] in {"variable", "constants"}
        assert len(param["value"]) <= 1024
    for masked in job.get("maskedParams", []):
        assert params[masked]["value"] == ""


def test_every_cron_is_in_form_and_names_its_zone() -> None:
    for cron in crons():
        second, minute, hour, day, month, week = cron["expression"].split(" ")
        assert (second, month) == ("0", "*")
        assert re.fullmatch(r"[0-9,*/\-]+", minute)
        assert re.fullmatch(r"[0-9,*/\-]+", hour)
        assert re.fullmatch(r"[0-9,*?/LWC\-]+", day)
        assert re.fullmatch(r"[0-9,*?/LC#\-]+", week)
        assert "?" in (day, week)
        assert cron["expressionTimeZone"] in {"Asia/Shanghai", "GMT+8"}
        for moment in (cron["startTime"], ({"endTime": cron["startTime"]} | cron)["endTime"]):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08", moment)


def test_jobs_refer_to_jobs_of_the_tree_and_never_in_a_circle() -> None:
    graph = {name: nested_jobs(job) | upstream_jobs(job) for name, job in JOBS.items()}
    assert set().union(*graph.values()) <= set(JOBS)
    TopologicalSorter(graph).prepare()
    edges = [(above, below) for below, reached in graph.items() for above in reached]
    assert any(below < above for above, below in edges), "some sort before what they wait for"
    assert any(below > above for above, below in edges), "and some after"


def test_all_scripts_are_there_and_used_with_the_same_type_and_place() -> None:
    used = set()
    for job in JOBS.values():
        for node in job["nodes"]:
            values = properties(node)
            assert ("statement" in values) == (values.get("statementOrScript") == "STATEMENT")
            if "scriptName" in values:
                script = SCRIPTS[values["scriptName"]]
                assert node["type"].upper() == script["type"].upper()
                assert values["connectionName"] == script["connectionName"]
                assert values.get("queueName") == script.get("queueName")
                used.add(script["name"])
    assert used == set(SCRIPTS)


def test_what_a_script_asks_for_is_given_by_every_job_that_runs_it() -> None:
    variables = {each["name"] for each in TEST["variables"]}
    for job in JOBS.values():
        own = {param["name"] for param in job["params"]}
        for node in job["nodes"]:
            values = properties(node)
            if "scriptName" in values:
                arguments = {line.split("=", 1)[0] for line in values.get("scriptArgs", "").splitlines()}
                asked = set(PLACEHOLDER.findall(SCRIPTS[values["scriptName"]]["content"]))
                assert asked <= arguments | variables, (job["name"], node["name"])
                assert arguments <= asked, (job["name"], node["name"])
                assert arguments <= own


def test_parameters_handed_to_another_job_exist_there() -> None:
    for job in JOBS.values():
        for node in job["nodes"]:
            values = properties(node)
            key = NESTING.get(node["type"])
            if key:
                given = values.get("subJobParams") or values.get("jobParams") or ""
                names = {line.split("=", 1)[0] for line in given.splitlines()}
                assert names <= {param["name"] for param in JOBS[values[key]]["params"]}


def test_all_resources_are_there_and_used() -> None:
    used = set().union(*(resource_names(node) for job in JOBS.values() for node in job["nodes"]))
    assert used == set(RESOURCES)
    assert {each["type"] for each in RESOURCES.values()} >= {"jar", "pyFile", "file"}


def test_all_cdm_definitions_are_there_and_used() -> None:
    nodes = [properties(node) for job in JOBS.values() for node in job["nodes"] if node["type"] == "CDMJob"]
    assert {(node["clusterName"], node["jobName"]) for node in nodes} == set(CDMS)
    assert len(CDMS) == 1


def test_everything_else_that_is_named_is_on_the_test_platform() -> None:
    assert outside_references() - platform_things(TEST) == set()


def test_production_lacks_exactly_what_the_mapping_answers() -> None:
    missing = outside_references() - platform_things(PRODUCTION)
    assert missing == {("connection", "dwh_test"), ("queue", "etl_test")}
    answered = {(kind, old) for kind, pairs in MAPPING.items() for old in pairs}
    assert answered == missing
    answers = {(kind, new) for kind, pairs in MAPPING.items() for new in pairs.values()}
    assert answers <= platform_things(PRODUCTION)
    assert answers.isdisjoint(platform_things(TEST))


@pytest.mark.parametrize("platform", [TEST, PRODUCTION], ids=["test", "production"])
def test_platform_files_are_in_form_and_hold_no_secret(platform: Document) -> None:
    assert set(platform) == {"connections", "inventory", "variables", "users"}
    for connection in platform["connections"]:
        assert set(connection) == {"name", "type", "config"}
        assert not {"password", "kmsKey"} & set(connection["config"])
        assert connection["config"].get("agentName", "agent_gateway") in platform["inventory"]["agent"]
    for variable in platform["variables"]:
        assert set(variable) == {"name", "type", "value"}
        assert variable["type"] in {"variable", "constant"}
        assert isinstance(variable["value"], str)


def test_the_workspace_shows_a_bit_of_everything() -> None:
    types = {node["type"] for job in JOBS.values() for node in job["nodes"]}
    assert types == set(NODE_TYPES.split())
    assert {job["schedule"]["type"] for job in JOBS.values()} == {"CRON", "EXECUTE_ONCE", "EVENT"}
    assert {cron.get("intervalType") for cron in crons()} >= {"hours", "days", "months"}
    assert [name for name, job in JOBS.items() if job["processType"] == "REAL_TIME"] == ["ods_web_clicks"]
    assert sum(bool(CHINESE.search(name)) for name in JOBS) >= 4
    assert sum(bool(CHINESE.search(name)) for name in SCRIPTS) >= 3
    directories = {job["directory"] for job in JOBS.values()}
    assert sum(bool(CHINESE.search(directory)) for directory in directories) >= 2
    nodes = [node for job in JOBS.values() for node in job["nodes"]]
    assert sum("conditions" in node for node in nodes) >= 4
    assert sum(each.get("value_is_sensitive", False) for node in nodes for each in node["properties"]) >= 3


def test_python_and_shell_scripts_at_least_parse() -> None:
    bash = shutil.which("bash")
    for name, script in SCRIPTS.items():
        if script["type"] == "PYTHON":
            ast.parse(script["content"], filename=name)
        elif script["type"] == "Shell" and bash:
            subprocess.run([bash, "-n"], input=script["content"].encode(), check=True)


def test_the_readme_names_every_job() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in JOBS if f"`{name}`" not in readme] == []
