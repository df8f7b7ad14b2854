"""Details of audit rows in Chinese: by their form, and names as they are."""

from __future__ import annotations

import pytest

from jobferry.model.audit import AuditOutcome
from jobferry.model.messages import Language
from jobferry.model.messages.audit_details import detail_told

RECEIPT = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("action", "detail", "chinese"),
    [
        ("lock-take", "held by li", "原由 li 持有"),
        ("object-submit", "version 3", "版本 3"),
        ("object-submit", "version 3, not live", "版本 3，未上线"),
        ("object-edit", "renamed from orders", "原名称 orders"),
        ("object-edit", "moved from /ods", "原目录 /ods"),
        ("object-edit", "renamed from orders, moved from /", "原名称 orders，原目录 /"),
        ("directory-move", "to /dwd, 3 jobs", "移至 /dwd，3 个作业"),
        ("tag-import", "append: 2 of 5 jobs", "追加：5 个作业中 2 个有变化"),
        ("tag-export", "3 tags", "3 个标签"),
        ("inventory-add", "10 entries", "10 项"),
        ("asset-backup", "58 objects, 59241 bytes", "58 个对象，59241 字节"),
        ("asset-backup-restore", "58 objects", "58 个对象"),
        ("package-receive", "1200 bytes", "1200 字节"),
        ("export", "3 objects abcd", "3 个对象，摘要 abcd"),
        ("export", "2 connections abcd", "2 个数据连接，摘要 abcd"),
        ("review-approve", "3 by li: orders", "li 申请的 3 个对象：orders"),
        ("review-ask", "submit 3 of sales.zip", "提交 sales.zip 中的 3 个对象"),
        ("review-ask", "submit job orders +2", "提交作业 orders，另 2 个"),
        ("review-ask", "delete script clean", "删除脚本 clean"),
        ("release-create", "2: night", "2 个对象：night"),
        ("import", f"{RECEIPT}: 3 created, 1 overwritten", f"已新建 3 个，已覆盖 1 个，{RECEIPT}"),
        ("import-begin", f"{RECEIPT} import-job", f"导入作业，{RECEIPT}"),
        ("connection-import", "1 created, 2 skipped", "已新建 1 个，已跳过 2 个"),
        ("policy-save", "directories=1 users=2 roles=0", "1 个目录，2 个用户，0 个角色"),
        ("download-policy-save", "users=1 roles=2", "1 个用户，2 个角色"),
        ("sign-out", "sessions=2", "2 个会话"),
        ("sign-out", "this session", "当前会话"),
        ("sign-in", "count=3", "3 次"),
        ("sign-in", "unknown user", "未知用户"),
        ("review-withdraw", "import undone", "导入已撤销"),
        ("member-save", "administrator,developer", "管理员、开发者"),
        ("user-create", "operations", "平台运维"),
        (
            "audit-accept",
            "cut-back: ends at row 3, anchored at row 9: put back on purpose",
            "cut-back：止于第 3 行，锚点在第 9 行：put back on purpose",
        ),
    ],
)
def test_a_detail_is_told_in_chinese(action: str, detail: str, chinese: str) -> None:
    assert detail_told(action, AuditOutcome.DONE, detail, Language.CHINESE) == chinese
    assert detail_told(action, AuditOutcome.DONE, detail, Language.ENGLISH) == detail


@pytest.mark.parametrize(
    ("action", "detail"),
    [
        ("tag-put", "owner, version 3"),
        ("key-rotate", "created"),
        ("platform-setting-edit", "package_bytes"),
        ("import", "plan-changed"),
        ("import-check", RECEIPT),
        ("export", ""),
    ],
)
def test_names_ids_and_codes_stay(action: str, detail: str) -> None:
    assert detail_told(action, AuditOutcome.DONE, detail, Language.CHINESE) == detail


def test_the_code_of_an_error_is_told_as_one() -> None:
    told = detail_told("object-edit", AuditOutcome.FAILED, "locked", Language.CHINESE)
    assert told == "错误代码 locked"
