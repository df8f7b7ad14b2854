"""Tables at 80 columns: long names lose their middle, a Chinese letter counts two; ``--json`` has all."""

from __future__ import annotations

import pytest

from builders import job, node
from jobferry.cli.show.out import width

from .lines import Lines

LONG = "daily_orders_of_all_regions_with_returns_and_complaints_by_courier_and_shop_since_2019"
CHINESE = "每日全国各区域订单与退货明细汇总作业按门店与快递公司统计含投诉及赔付情况_历史数据补录"
WIDE = "/warehouse/of_everything/and_more_of_it/layer_of_details/by_subject/orders_and_returns"
LISTS = (
    "job list",
    "job list --columns name,type,state,live,directory,held,tags,changed,created",
    "script list",
    "connection list",
    "inventory list",
    "variable list",
    "member list",
    "user list",
    "policy list",
    "download-policy list",
    "route list",
    "setting list",
    "setting list --platform",
    "workspace list",
    "tag list",
    "lock list",
    "directory list",
    "version list " + LONG,
    "uses connection:" + LONG,
    "download list",
    "receipt list",
    "import-record list",
    "task list",
    "notice list",
    "token list",
    "key list",
    "audit list",
    "change list",
    "review list",
    "release list",
    "release waiting",
)


@pytest.fixture
def long_named(run: Lines, monkeypatch: pytest.MonkeyPatch) -> Lines:
    monkeypatch.setenv("COLUMNS", "80")
    http, here = run.door.http, f"/api/workspaces/{run.workspace}"
    made = [
        http.patch(f"{here}/settings", json={"change_management": "true"}),
        http.post(f"{here}/connections", json={"name": LONG, "type": "DWS", "config": {"clusterName": "c"}}),
        http.post(f"{here}/inventory", json={"items": [{"kind": "queue", "name": CHINESE}]}),
        http.put(f"{here}/variables/{LONG[:64]}", json={"value": CHINESE * 3, "type": "variable"}),
        http.put(
            f"{here}/directory-policies/{LONG[:60]}", json={"directories": [WIDE], "users": ["administrator"]}
        ),
        http.put(
            f"{here}/download-policies/{LONG[:60]}", json={"roles": ["operator", "developer", "deployer"]}
        ),
        http.put(f"{here}/routes/{LONG}/{LONG}", json={"options": {"params": {"day": "1"}}}),
    ]
    for name in (LONG, CHINESE):
        document = job(name, node("n", "DWSSQL", connectionName=LONG), directory=WIDE)
        made.append(http.post(f"{here}/objects/job", json=document))
    made.append(http.post(f"{here}/exports", json={"names": [LONG]}))
    assert [answer.text for answer in made if answer.status_code >= 300] == []
    run(f"tag set {LONG} {LONG[:40]}")
    run(f"export {LONG} -o {LONG}.zip")
    run(f"import {LONG}.zip --yes")
    return run


def test_no_line_of_a_table_is_wider_than_80_columns(long_named: Lines) -> None:
    wide = []
    for line in LISTS:
        for language in ("en", "zh"):
            ended = long_named(f"{line} --language {language}")
            lines = ended.out.splitlines()[line.startswith("uses") :]  # a sentence stands above that table
            wide += [f"{line} ({language}): {one}" for one in lines if width(one) > 80]
    assert wide == []


def test_json_and_quiet_have_names_whole(long_named: Lines) -> None:
    assert LONG not in long_named("job list").out
    assert [one["name"] for one in long_named.json("job list")] == [LONG, CHINESE]
    assert long_named("job list -q").out.splitlines() == [LONG, CHINESE]
