"""What a held object waits for, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable

from jobferry.model.kinds import NeedKind
from jobferry.model.messages import Language
from jobferry.model.transfer.plan_view import waited

_SENTENCES = {
    Language.ENGLISH: ("held: it cannot start until this is here: {things}", ", "),
    Language.CHINESE: ("已导入但挂起，以下内容就绪前不能启动：{things}", "、"),
}
_ELSEWHERE = {
    Language.ENGLISH: " of the workspace {workspace}",
    Language.CHINESE: "（工作空间 {workspace}）",
}
_CHINESE_KINDS = {
    NeedKind.JOB: "作业",
    NeedKind.SCRIPT: "脚本",
    NeedKind.RESOURCE: "资源",
    NeedKind.CDM: "CDM 作业",
    NeedKind.CONNECTION: "数据连接",
    NeedKind.WORKSPACE: "工作空间",
    NeedKind.QUEUE: "队列",
    NeedKind.AGENT: "代理",
    NeedKind.CLUSTER: "集群",
    NeedKind.RESOURCE_GROUP: "资源组",
    NeedKind.STREAM: "通道",
    NeedKind.GRAPH: "图",
    NeedKind.QUALITY_MONITOR: "质量监控",
    NeedKind.SYNC_TASK: "离线同步任务",
    NeedKind.ROMA_INSTANCE: "ROMA 实例",
    NeedKind.TICS_INSTANCE: "TICS 实例",
    NeedKind.DRS_TASK: "DRS 任务",
}
"""Kinds that an object may be held for."""


def told_waiting(missing: Iterable[str], language: Language) -> str:
    """That an object is held, and for what."""
    sentence, between = _SENTENCES[language]
    return sentence.format(things=between.join(_thing(entry, language) for entry in missing))


def _thing(entry: str, language: Language) -> str:
    kind, name, workspace = waited(entry)
    if language is Language.CHINESE:
        kind = _CHINESE_KINDS.get(NeedKind(kind), kind)
    place = _ELSEWHERE[language].format(workspace=workspace) if workspace else ""
    return f"{kind} {name}{place}"
