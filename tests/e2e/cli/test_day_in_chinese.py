"""A person's day by the command line alone, in Chinese: nothing of it is said in English.

What stays in Latin letters are names, options, codes, commands, and what documents themselves say.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from builders import job, node, script

from .lines import Lines, written

NAMES = """
late_parcels late_parcels_daily parcels_nightly parcels_copy lake_dli lake_prod dwh clean orders
weekly find done load queue_a etl late sql late2 nightly out zip names yaml reports daily dw default
lin chen zhao wu place somebody release_one red parcel due arrived courier parcels SELECT FROM WHERE
region north guest type bad colour duplicates never nobody order nothing frobnicate route zone obs
bucket tests
"""
"""What this day gives names to, and words of the documents that it shows."""
TERMS = """
administrator owner developer deployer operator viewer operations first factory Oracle nodes
properties value connectionName content Jobferry ID JSON YAML UTC API SQL CRON DLI DLISQL DWS DWSSQL
Dummy HOST HTTP TOKEN N Ctrl zh en GMT saved submitted production BATCH STOPPED SCHEDULING NORMAL
PAUSED EXECUTE_ONCE v job script connection queue inventory tag
"""
"""Words of the trade, types and states as documents have them."""
_KNOWN = {word.lower() for word in (NAMES + TERMS).split()}
_QUOTED = re.compile(
    r"`[^`]*`|--?[a-z][a-z-]*|obs://\S*|/[\w/.-]*|[\w-]+(?:\.\w+)+|\b[0-9a-f]{8,64}\b|\bjf_\S+|\$\w+"
)
_CODE = re.compile(r"[（(][a-z]+(?:-[a-z]+)+[)）]")
_WORD = re.compile(r"[A-Za-z][A-Za-z_]+")
_VALUES = re.compile(r"是否想输入 [a-z]+|(?:可选值|其中之一|种类有|只能是)：.*|^\s*\w+=.*$")
"""What may be said, in the words of options and documents; a setting with its value."""


def english(text: str) -> list[str]:
    """Lines that hold words in Latin letters which are neither names nor terms, each with them."""
    found = []
    for line in text.splitlines():
        rest = _QUOTED.sub(" ", _CODE.sub(" ", _VALUES.sub("", line)))
        words = [word for word in _WORD.findall(rest) if word.lower() not in _KNOWN]
        words = [word for word in words if not re.match(r"place\d*|\w+place\d+", word)]
        if words:
            found.append(f"{' '.join(words)}  ←  {line.strip()}")
    return found


def test_english_is_found_and_names_are_none() -> None:
    assert english("作业 parcels_nightly 不存在（job-missing）：请用 `jobferry job list` --all /dw/x") == []
    assert english("the job is gone") != []
    assert english("已写入 orders.zip") == []
    assert english("状态 incomplete") != []


MAKE = """
connection create lake_dli --type DLI
connection list
script create late_parcels --type DLISQL --file late.sql --connection lake_dli --directory /reports
script show late_parcels
job create parcels_nightly \
    --node find=DLISQL,scriptName=late_parcels,connectionName=lake_dli \
    --node done=Dummy \
    --after done=find --cron "0 30 1 * * ?"
job show parcels_nightly
job start parcels_nightly
script edit late_parcels --text late2.sql --lock
version list late_parcels --script
version diff late_parcels 1 2 --script
uses script:late_parcels
uses connection:lake_dli
graph parcels_nightly
graph parcels_nightly --around
graph --directory /
script rename late_parcels late_parcels_daily --lock
script rename late_parcels_daily late_parcels --lock
job move parcels_nightly /reports/nightly --lock
directory list /reports
directory list
directory create /reports/weekly
job list
job list --columns name,state,live,changed,tags,directory
script list
resource list
cdm list
tag set parcels_nightly red
tag add late --job parcels_nightly
tag remove late --job parcels_nightly
tag list
lock list
lock release parcels_nightly
inventory add queue queue_a
inventory list
inventory accept cluster
variable set region north
variable list
member list
policy list
download-policy list
workspace list
"""
CARRY = """
export parcels_nightly -o out.zip
inspect out.zip
diff out.zip
job stop parcels_nightly
job delete parcels_nightly --yes
check out.zip
check orders.zip
check orders.zip --graph text
check orders.zip --suggest-mapping names.yaml
import orders.zip --yes
import orders.zip --missing hold --yes
job list --held
job show orders
job start orders
connection create lake_prod --type DWS --set clusterName=c
import orders.zip --map connection:dwh=lake_prod --duplicates overwrite --yes
plan orders.zip -o weekly.plan.json --map connection:dwh=lake_prod
plan orders.zip -o late.plan.json --map connection:dwh=lake_prod --diff --duplicates overwrite
apply weekly.plan.json
apply late.plan.json
import out.zip --yes --dry-run
import out.zip --yes --save-route
route list
receipt list
receipt show --last
import-record list
undo --last --dry-run
undo --last --yes
undo --last --yes
undo --last --yes
task list
download list
change list
notice list
notice read
audit verify
"""
RELEASE = """
setting set mode=enterprise
job submit weekly
release waiting
release list
review list
token create guest
token list
user me
user list
"""
WRONG = """
job show nobody
job show order
job list --sort colour
job list --limit 0
job list --colour
import nothing.zip
check out.zip --map colour:a=b
undo
receipt show 1234
connection create bad --type Oracle
setting set duplicates=never
tag set nobody red
directory delete /reports
notice read nothing
task show nothing
frobnicate
connection load nothing.yaml
"""


@pytest.fixture
def day(run: Lines) -> Lines:
    written(run.folder, "late.sql", "SELECT parcel, due FROM parcels WHERE arrived > due;\n")
    written(run.folder, "late2.sql", "SELECT parcel, due, courier FROM parcels WHERE arrived > due;\n")
    http, here = run.door.http, "/api/workspaces/from-elsewhere"
    if http.get(here).status_code == 404:
        run.door.workspace("from-elsewhere")
        for kind, document in (
            ("script", script("clean", connectionName="dwh")),
            ("job", job("orders", node("load", "DWSSQL", scriptName="clean", connectionName="dwh"))),
        ):
            made = http.post(f"{here}/objects/{kind}", json=document)
            assert made.status_code == 201, made.text
    package = http.post(f"{here}/exports", json={"names": ["orders"]}).content
    Path(run.folder, "orders.zip").write_bytes(package)
    made = http.post(f"/api/workspaces/{run.workspace}/objects/job", json=job("weekly", node("n", "Dummy")))
    assert made.status_code == 201
    return run


def test_a_day_is_told_in_chinese(day: Lines) -> None:
    said = []
    for line in filter(None, (MAKE + CARRY + RELEASE + WRONG).splitlines()):
        ended = day._run([*shlex.split(line), "--language", "zh"], day.token(""), "")
        assert "Traceback" not in ended.out + ended.err
        said += [f"{line}: {one}" for one in english(ended.out + ended.err)]
        assert ended.code in (0, 3, 9, 10) or line in WRONG + CARRY + RELEASE, (line, ended)
    assert said == []
