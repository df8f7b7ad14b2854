"""What is said about objects that are gone at their source, and about names that they keep or free."""

from __future__ import annotations

ENGLISH = {
    "deletion-not-confirmed": (
        "is gone at its source, and stays here",
        "to have it deleted here too: --apply-deletions (API: apply_deletions)",
    ),
    "deletion-not-stopped": (
        "is gone at its source, and {state} here",
        "stop it first",
    ),
    "deletion-locked": (
        "is gone at its source, and locked here by {holder} since {since}",
        "ask {holder} to release it",
    ),
    "deletion-edited": (
        "is gone at its source, and was edited here by {by} since it last came from there",
        "look at it before it goes; what was edited is kept for the undo",
    ),
    "deletion-needed": (
        "is gone at its source, and the {user_kind} {user} here refers to it",
        "change that one first",
    ),
    "deletion-not-allowed": (
        "is gone at its source, and {user} may not delete it in {directory}",
        "ask {who} for the role {roles}, or let somebody who has it import",
    ),
    "deletion-in-review": (
        "is gone at its source, and deleting it here takes a review or a release",
        "delete it by hand, which asks for that",
    ),
    "deletion-held-back": (
        "stays here because an object of the package fails",
        "mend that one, or import with outcome job",
    ),
    "name-not-freed": (
        "stays out because the {kind} {need} here keeps that name",
        "see why that one stays as it is",
    ),
}

CHINESE = {
    "deletion-not-confirmed": (
        "来源处已删除，本地保留",
        "如需在本地一并删除：--apply-deletions（API：apply_deletions）",
    ),
    "deletion-not-stopped": (
        "来源处已删除，本地状态为 {state}",
        "请先停止",
    ),
    "deletion-locked": (
        "来源处已删除，本地自 {since} 起被 {holder} 锁定",
        "请 {holder} 解锁",
    ),
    "deletion-edited": (
        "来源处已删除，而本地在上次导入之后被 {by} 修改过",
        "删除前请先查看；修改内容保留，可撤销",
    ),
    "deletion-needed": (
        "来源处已删除，但本地的 {user_kind} {user} 仍引用它",
        "请先修改引用方",
    ),
    "deletion-not-allowed": (
        "来源处已删除，但 {user} 无权删除 {directory} 中的该对象",
        "向 {who} 申请角色 {roles}，或由有该角色的人导入",
    ),
    "deletion-in-review": (
        "来源处已删除，在本地删除需要审批或发布",
        "请手工删除并提交审批",
    ),
    "deletion-held-back": (
        "因包中有对象失败而保留在本地",
        "修复该对象，或以 outcome=job 导入",
    ),
    "name-not-freed": (
        "未导入：本地的 {kind} {need} 仍占用该名称",
        "请查看该对象为何未变",
    ),
}
