"""What the command line itself says, in English and Chinese; findings come from the message catalogue."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[..., str]
"""Takes an English sentence with {places} and what goes there; gives it in the language spoken."""

CHINESE = {
    "plan": "计划",
    "create": "新建",
    "overwrite": "覆盖",
    "unchanged": "未变",
    "skip": "跳过",
    "blocked": "受阻",
    "created": "已新建",
    "overwritten": "已覆盖",
    "skipped": "已跳过",
    "held": "挂起",
    "restore": "恢复",
    "remove": "移除",
    "restored": "已恢复",
    "removed": "已移除",
    "taken back in the workspace {workspace} (receipt {id})": (
        "已在工作空间 {workspace} 撤销导入（回执 {id}）"
    ),
    "taken back by {receipt}": "已被 {receipt} 撤销",
    "nothing will be taken back: something was touched since": "不会撤销：导入之后有对象被改动",
    "failed": "失败",
    "job": "作业",
    "script": "脚本",
    "resource": "资源",
    "cdm": "CDM 作业",
    "package": "包",
    "same digest": "摘要相同",
    "exists; duplicate policy is skip": "已存在；同名策略为跳过",
    "submits v{number}": "提交为 v{number}",
    "takes the lock from {user}": "从 {user} 处接管锁",
    "waits for {things}": "等待 {things}",
    "… and {count} more ({how} shows all)": "…… 另有 {count} 条（{how} 查看全部）",
    "and {count} more": "另有 {count} 个",
    "nothing to do": "无事可做",
    "nothing will be imported: with outcome package, one blocked object keeps all out": (
        "不会导入任何对象：整包导入时，一个对象受阻则全部不导入"
    ),
    "keeps objects out": "受阻",
    "lands, but cannot start yet": "可导入，但暂不能启动",
    "worth knowing": "提示",
    "to map what is missing, fill this in and give it with --mapping FILE:": (
        "如需映射缺失项，请填写以下内容并用 --mapping 文件 传入："
    ),
    "what is missing here, with what is most like it; look at each line before you use it": (
        "本地缺失的名称及最相近的候选；使用前请逐行核对"
    ),
    "nothing of this kind is here": "本地没有该类对象",
    "or": "或",
    "{count} added to the inventory": "已加入清单 {count} 项",
    "id here": "本地标识",
    "schedules in another time zone, with their next times (UTC):": "更换时区的调度及其后续触发时间（UTC）：",
    "the mapping changes:": "映射将更改：",
    "digest": "摘要",
    "layout": "布局",
    "from": "来源",
    "{platform}, workspace {workspace}": "{platform}，工作空间 {workspace}",
    "contents": "内容",
    "needs": "依赖",
    "objects": "对象",
    "needs nothing from outside": "不依赖外部对象",
    "imported into the workspace {workspace} (receipt {id})": "已导入工作空间 {workspace}（回执 {id}）",
    "nothing was imported into the workspace {workspace} (receipt {id})": (
        "未向工作空间 {workspace} 导入任何对象（回执 {id}）"
    ),
    "nothing had to be changed in the workspace {workspace} (receipt {id})": (
        "工作空间 {workspace} 无需更改（回执 {id}）"
    ),
    "this was a dry run; nothing was changed": "仅试运行，未做任何更改",
    "wrote {file}": "已写入 {file}",
    "this plan was applied already": "该计划此前已执行",
    "{count} left out, because they were never submitted:": "{count} 个从未提交，未导出：",
    "would export {count} objects, {size} unpacked": "将导出 {count} 个对象，解压后 {size}",
    "chosen": "已选择",
    "comes along": "随同导出",
    "needed where it arrives": "目标环境需具备",
    "left out, never submitted": "从未提交，未导出",
    "used by {object} at {path}": "被 {object} 引用，位置 {path}",
    "name": "名称",
    "state": "状态",
    "live": "线上版本",
    "directory": "目录",
    "type": "类型",
    "value": "值",
    "kind": "种类",
    "description": "描述",
    "when": "时间",
    "outcome": "结果",
    "incomplete": "不完整",
    "locked by": "锁定人",
    "since": "起始时间",
    "unlocked": "已解锁",
    "review": "审批",
    "asked by": "申请人",
    "decided by": "审批人",
    "approvers": "审批人",
    "asks to": "申请",
    "version": "版本",
    "submit": "提交",
    "delete": "删除",
    "pending": "待审批",
    "approved": "已通过",
    "rejected": "已驳回",
    "withdrawn": "已撤回",
    "waits for review {id}": "等待审批 {id}",
    "deleted": "已删除",
    "free": "未锁定",
    "locked": "已锁定",
    "by": "操作人",
    "tag": "标签",
    "nothing here": "没有内容",
    "receipt": "回执",
    "workspace": "工作空间",
    "setting": "设置项",
    "set by": "可由谁设置",
    "meaning": "含义",
    "role": "角色",
    "roles": "角色",
    "directories": "目录",
    "for": "适用于",
    "good for": "可用于",
    "access key": "访问密钥",
    "used": "上次使用",
    "expires": "到期时间",
    "good until": "有效至",
    "disabled": "已停用",
    "without password": "无密码",
    "who": "操作人",
    "action": "操作",
    "about": "操作对象",
    "detail": "详情",
    "notice": "通知",
    "new": "未读",
    "message": "消息",
}


def words(language: str) -> Say:
    """How to say things in a language; what has no translation stays English."""

    def say(sentence: str, **places: object) -> str:
        chosen = CHINESE.get(sentence, sentence) if language == "zh" else sentence
        return chosen.format(**places) if places else chosen

    return say
