"""Errors, hints and settings in the language of who asks, and pages instead of commands for a console."""

from __future__ import annotations

from typing import Any

import pytest

ENGLISH = ("the job nobody does not exist in this workspace", "check the name and the workspace")
CHINESE = ("该工作空间没有作业 nobody", "请检查名称和工作空间")
PLACE = "/api/workspaces/default/objects/job/nobody"


@pytest.mark.parametrize(
    ("query", "headers", "told"),
    [
        ("", {}, ENGLISH),
        ("?language=zh", {}, CHINESE),
        ("?language=zh-CN", {"X-Language": "en"}, CHINESE),
        ("?language=fr", {"X-Language": "zh"}, ENGLISH),
        ("", {"X-Language": "zh-cn", "Accept-Language": "en"}, CHINESE),
        ("", {"Accept-Language": "en;q=0.4, zh-CN;q=0.9"}, CHINESE),
        ("", {"Accept-Language": "zh;q=0.4, en"}, ENGLISH),
    ],
)
def test_an_error_is_told_in_the_language_of_who_asks(
    door: Any, query: str, headers: dict[str, str], told: tuple[str, str]
) -> None:
    error = door.http.get(f"{PLACE}{query}", headers=headers).json()["error"]
    assert (error["message"], error["hint"]) == told


def test_what_is_wrong_with_a_call_is_told_in_chinese(door: Any) -> None:
    error = door.http.get("/api/tasks", params={"limit": "many", "foo": "1", "language": "zh"}).json()[
        "error"
    ]
    assert {fault["message"] for fault in error["errors"]} == {
        "limit 的值为 'many'；应为整数，范围 1 到 1000",
        "foo：没有该参数",
    }


def test_settings_are_explained_in_chinese(door: Any) -> None:
    settings = door.http.get("/api/settings", params={"language": "zh"}).json()
    meanings = {setting["key"]: setting["meaning"] for setting in settings}
    assert meanings["audit_days"] == "审计的保留天数。"


def test_a_console_is_told_of_a_page(door: Any) -> None:
    path = "/api/receipts/nobody"
    assert door.http.get(path).json()["error"]["hint"] == "see `jobferry receipt list`"
    told = door.http.get(path, headers={"X-Client": "console"}).json()["error"]["hint"]
    assert told == "See “Imports”"


def test_documented_sentences_stay_english(door: Any) -> None:
    answer = door.http.get(f"{door.factory}/jobs/nobody", headers={"X-Language": "zh"}).json()
    assert answer["error_msg"] == "The job does not exist."
    assert answer["hint"] == "该工作空间没有作业 nobody; 请检查名称和工作空间"
