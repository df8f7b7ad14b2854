"""What the command line itself says, in English and Chinese; findings come from the message catalogue."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[..., str]
"""Takes an English sentence with {places} and what goes there; gives it in the language spoken."""

CHINESE = {
    "all is as it was written: {rows:,} rows, {texts:,} texts, {files:,} files": (
        "全部与写入时一致：{rows:,} 行，{texts:,} 段文本，{files:,} 个文件"
    ),
    "the audit is whole: {count:,} rows": "审计完整：{count:,} 行",
    "replaced {file}, which was there before": "已替换原有的 {file}",
    "nothing vouches for this backup: anyone who could write the file may have made it": (
        "无法确认该备份的来源：任何能写入该文件的人都可能伪造它"
    ),
    "not authenticated: the backup has no MAC, as those of older versions": (
        "未经认证：该备份没有消息认证码（旧版本的备份都没有）"
    ),
    "the backup is authenticated by the platform's key": "备份已通过平台密钥的认证",
    "the audit was not verified: that takes the key (--with-key or --key-file)": (
        "未校验审计：需要密钥（--with-key 或 --key-file）"
    ),
    "copied and compared: {rows:,} rows in {tables:,} tables": "已复制并比对：{tables:,} 张表，{rows:,} 行",
    "the platform {name} as it was at {at}: {rows:,} rows, {files:,} files": (
        "平台 {name} 在 {at} 的状态：{rows:,} 行，{files:,} 个文件"
    ),
    "restored into {folder}": "已恢复到 {folder}",
    "start the platform without JOBFERRY_DATABASE from now on": "此后启动平台时不要再设置 JOBFERRY_DATABASE",
    "start the platform with JOBFERRY_DATABASE set to it from now on": (
        "此后启动平台时请将 JOBFERRY_DATABASE 设为该数据库"
    ),
    "the key is not in it: keep a copy of {file} elsewhere": "其中不含密钥：请在别处保存 {file} 的副本",
    "the key is not in the backup: put the platform's file key into {folder} before you start it": (
        "备份中没有密钥：启动前请将该平台的 key 文件放入 {folder}"
    ),
    "passphrase": "口令",
    "path": "路径",
    "url": "URL",
    "topic": "主题",
    "variable": "环境变量",
    "user": "用户",
    "drs-task": "DRS 任务",
    "tics-instance": "TICS 实例",
    "roma-instance": "ROMA 实例",
    "sync-task": "离线同步任务",
    "quality-monitor": "质量监控",
    "graph": "图",
    "stream": "通道",
    "resource-group": "资源组",
    "cluster": "集群",
    "agent": "代理",
    (
        "credentials.json, which the first start left in the data folder, is removed; what it held"
        " stays good until it is revoked (`jobferry token list`, `jobferry key list`)"
    ): (
        "首次启动留在数据目录中的 credentials.json 已删除；其中的凭据在吊销之前仍然有效（`jobferry"
        " token list`、`jobferry key list`）"
    ),
    "That was it. To look around: cd {place}, then jobferry job list --data production": (
        "演示结束。要继续查看：cd {place}，然后 jobferry job list --data production"
    ),
    "To open both platforms in a browser:": "在浏览器中打开两个平台：",
    "That was it. To keep both platforms and look around: jobferry demo --keep DIR": (
        "演示结束。要保留两个平台继续查看：jobferry demo --keep DIR"
    ),
    "choose a password for {user}, within an hour: {url}/welcome#link={link}": (
        "请在一小时内为 {user} 设置密码：{url}/welcome#link={link}"
    ),
    "no console: it is not built; make console builds it": "没有控制台：尚未构建；请执行 make console",
    "credentials: {file} (jobferry credentials --data {folder})": (
        "凭据：{file}（jobferry credentials --data {folder}）"
    ),
    "this platform is called {name} since its first start": "该平台自首次启动起名为 {name}",
    "warning: {host} can be reached from other machines, and nothing is encrypted": (
        "警告：其他机器可以访问 {host}，且传输未加密"
    ),
    "profile": "预设",
    "the audit is not the one of the line that was kept: rows up to it were removed or replaced": (
        "审计与保存的那一行不符：该行之前的记录被删除或替换"
    ),
    "all rows up to the line that was kept are the same": "保存的那一行之前的所有记录均未改变",
    "Jobferry {version} serves the platform {name} from {folder}, {database}": (
        "Jobferry {version} 正在提供平台 {name}，数据目录 {folder}，{database}"
    ),
    "well": "正常",
    "warning": "警告",
    "error": "错误",
    "default": "缺省",
    "constant": "常量",
    "{count} objects": "{count} 个对象",
    "task-package": "批量任务包",
    "selection": "所选对象",
    "everything": "全部",
    "{count} workspaces": "{count} 个工作空间",
    "reading": "只读",
    "failed": "失败",
    "done": "完成",
    "anchor-altered": "锚点被篡改",
    "anchor-missing": "锚点丢失",
    "cut-back": "被截短",
    "emptied": "被清空",
    "end-altered": "终点被篡改",
    "start-altered": "起点被篡改",
    "misplaced": "位置不对",
    "altered": "被篡改",
    "{count} marked as read": "已将 {count} 条标为已读",
    "the audit is whole from here on; its last row is row {last}": "审计自此视为完整；最后一行是第 {last} 行",
    (
        "If you put back an older copy on purpose, accept that: jobferry audit accept --reason TEXT."
        " If not, somebody has tampered with the platform's files: keep them, and look who could."
    ): (
        "如果是有意恢复了较早的副本，请接受现状：jobferry audit accept --reason TEXT。否则说明"
        "有人改动过平台文件：请保留这些文件，并查明谁能接触它们。"
    ),
    (
        "the audit's anchor (anchor.json beside the key) is not what was written: rows after row"
        " {last} may be missing"
    ): ("审计锚点（密钥旁的 anchor.json）与写入时不一致：第 {last} 行之后的内容可能缺失"),
    "the audit's anchor (anchor.json beside the key) is gone: rows after row {last} may be missing": (
        "审计锚点（密钥旁的 anchor.json）已丢失：第 {last} 行之后的内容可能缺失"
    ),
    (
        "the audit was cut back: its anchor stands at row {anchored}, and what was written from"
        " row {number} on, if not before, is gone"
    ): ("审计已被截短：锚点位于第 {anchored} 行，自第 {number} 行起（甚至更早）写入的内容已丢失"),
    (
        "the audit was emptied: its anchor stands at row {anchored}, and what was written up to there is gone"
    ): ("审计已被清空：锚点位于第 {anchored} 行，此前写入的内容均已丢失"),
    "row {number} is not as it was written: {breach}": "第 {number} 行与写入时不一致：{breach}",
    "all {count} rows are as they were written; the last is row {last}": (
        "全部 {count} 行均与写入时一致；最后一行是第 {last} 行"
    ),
    "warning: what signs in travels to {url} unencrypted": "警告：登录信息将以明文发往 {url}",
    "the token {name} of {user} could not be revoked: {error}": "{user} 的令牌 {name} 未能吊销：{error}",
    "password (empty for none)": "密码（留空则不设）",
    "{count} sessions ended": "已结束 {count} 个会话",
    "the password is changed": "密码已修改",
    "used by": "引用者",
    "versions": "版本",
    "checking": "检查中",
    "applying": "写入中",
    "refused": "已拒绝",
    "discarded": "已放弃",
    "factory": "Factory API",
    "cli": "命令行",
    "console": "控制台",
    "api": "API",
    "upload": "上传",
    "generate": "生成任务包",
    "differences": "比较差异",
    "{what}: {phase}": "{what}：{phase}",
    "the platform at {place} has not answered for {silent} s; waiting, Ctrl-C stops this command": (
        "{place} 上的平台已有 {silent} 秒未应答；仍在等待，按 Ctrl-C 停止此命令"
    ),
    "{count} connections created": "已创建 {count} 个数据连接",
    "{count} errors; `jobferry check` tells them": "{count} 个错误；详情见 `jobferry check`",
    "parameters": "参数",
    "with a newer version": "另有更新的版本",
    "nothing was changed": "没有修改",
    "{path} is now {to} ({count} objects)": "{path} 已变为 {to}（{count} 个对象）",
    "{name} is now {to}": "{name} 已变为 {to}",
    "nodes": "节点",
    "with those below": "含下级",
    "schedule": "调度",
    "next runs": "接下来的运行",
    "waits for": "依赖",
    "uses": "引用",
    "owner": "责任人",
    "database": "数据库",
    "queue": "队列",
    "location": "位置",
    "connection": "数据连接",
    "tags": "标签",
    "changed by": "修改人",
    "created by": "创建人",
    "started": "已启动",
    "{count} still say {name}: `jobferry uses {kind}:{name}`": (
        "仍有 {count} 个对象引用 {name}：`jobferry uses {kind}:{name}`"
    ),
    "plan: {sum}": "计划：{sum}",
    "{count} {state}": "{state} {count} 个",
    ", ": "、",
    "({count} with other content)": "（{count} 个内容不同）",
    "see {findings}": "见 {findings}",
    "it gets the tag {tag}": "将打上标签 {tag}",
    "blocked:": "受阻：",
    "held until this is there:": "挂起，直至具备：",
    "worth knowing:": "提示：",
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
    "job": "作业",
    "script": "脚本",
    "resource": "资源",
    "cdm": "CDM 作业",
    "package": "包",
    "submits v{number}": "提交为 v{number}",
    "v{number} after a review": "审批后提交为 v{number}",
    "v{number} with a release": "发布后上线 v{number}",
    "what it submits waits for review {id} ({state})": "提交内容等待审批 {id}（{state}）",
    "takes the lock from {user}": "从 {user} 处接管锁",
    "waits for {things}": "等待 {things}",
    "puts {files}": "写入文件 {files}",
    "… and {count} more ({how} shows all)": "…… 另有 {count} 条（{how} 查看全部）",
    "and {count} more": "另有 {count} 个",
    "nothing to do": "无事可做",
    "nothing will be imported: with outcome package, one blocked object keeps all out": (
        "不会导入任何对象：整包导入时，一个对象受阻则全部不导入"
    ),
    "no engine is attached to this platform: the state is kept, nothing runs": (
        "本平台未接入执行引擎：仅记录调度状态，不会实际运行"
    ),
    "what is missing here; a line without # is a guess by name and type, so look at it": (
        "本地缺失的名称；未加 # 的行按名称和类型推测，请核对"
    ),
    "nothing of this kind is here": "本地没有该类对象",
    "or": "或",
    "{count} added to the inventory": "已加入清单 {count} 项",
    "id here": "本地标识",
    "everything (accepted)": "全部存在（已确认）",
    "{kind}: everything (accepted)": "{kind}：全部存在（已确认）",
    "schedules in another time zone, with their next times (UTC):": (
        "更换时区的调度及其后续触发时间（UTC）："
    ),
    "the mapping changes:": "映射将更改：",
    "digest": "摘要",
    "{heading}:": "{heading}：",
    "{name} ({path})": "{name}（{path}）",
    "{names} {message} ({code})": "{names} {message}（{code}）",
    "{names}: {message} ({code})": "{names}：{message}（{code}）",
    "{names} and {count} more": "{names}，另有 {count} 个",
    "digest: {digest}": "摘要：{digest}",
    "layout: {layout}; {count} objects": "布局：{layout}；{count} 个对象",
    "from": "来源",
    "from: {platform}, workspace {workspace}": "来源：{platform}，工作空间 {workspace}",
    "contents": "内容",
    "needs": "依赖",
    "objects": "对象",
    "needs nothing from outside": "不依赖外部对象",
    "added": "新增",
    "renamed": "重命名",
    "moved": "移动",
    "changed": "修改",
    "the same": "相同",
    "was {name}": "原名 {name}",
    "cannot be read as a document": "无法按文档解析",
    "only written otherwise": "仅书写方式不同",
    "too long to compare line by line": "内容过长，未逐行比较",
    "imported into the workspace {workspace} (receipt {id})": ("已导入工作空间 {workspace}（回执 {id}）"),
    "nothing was imported into the workspace {workspace} (receipt {id})": (
        "未向工作空间 {workspace} 导入任何对象（回执 {id}）"
    ),
    "nothing had to be changed in the workspace {workspace} (receipt {id})": (
        "工作空间 {workspace} 无需更改（回执 {id}）"
    ),
    "this was a dry run; nothing was changed": "仅试运行，未做任何更改",
    "wrote {file}": "已写入 {file}",
    "wrote {file}: {count} objects": "已写入 {file}：{count} 个对象",
    "this plan was applied already": "该计划此前已执行",
    "{count} left out, because they were never submitted:": "{count} 个从未提交，未导出：",
    "would export {count} objects, {size} unpacked": "将导出 {count} 个对象，解压后 {size}",
    "download": "下载",
    "file": "文件",
    "size": "大小",
    "place": "位置",
    "running": "进行中",
    "successful": "成功",
    "cancelled": "已取消",
    "import": "导入",
    "check": "检查",
    "undo": "撤销导入",
    "export": "导出",
    "connections-import": "导入数据连接",
    "asset-backup": "资产备份",
    "backup": "备份",
    "being taken": "正在进行",
    "last good": "上次成功",
    "last failed": "上次失败",
    "daily backups are on; the next: {when}": "每日备份已开启；下一次：{when}",
    "daily backups are off": "每日备份未开启",
    "environment variables: {count}": "环境变量：{count} 个",
    "this backup has nothing but environment variables, and they stay": "该备份只有环境变量，保持不变",
    "you may not change environment variables here, so they stay": "您无权修改此处的环境变量，因此保持不变",
    "received": "已接收",
    "read": "读取",
    "checked": "已检查",
    "planned": "计划",
    "staged": "暂存",
    "applied": "已写入",
    "selected": "选择对象",
    "packed": "打包",
    "task": "任务",
    "begun": "开始时间",
    "ended": "结束时间",
    "phase": "阶段",
    "kept here": "可下载",
    "delete {download} and its package?": "删除 {download} 及其导出包？",
    "matched {matched}, failed {failed}": "匹配成功 {matched} 个，失败 {failed} 个",
    "nothing was generated; these are no live jobs here:": ("未生成任务包；以下名称没有对应的线上任务："),
    "generation finished, ready to export": "任务包已生成，可导出",
    "no task package was generated yet": "尚未生成任务包",
    "what was generated before can be exported:": "可导出上一次生成的任务包：",
    "names": "任务名称",
    "chosen": "已选择",
    "comes along": "随同导出",
    "needed where it arrives": "目标环境需具备",
    "left out, never submitted": "从未提交，未导出",
    "done as {act}": "操作：{act}",
    "used by {object}": "被 {object} 引用",
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
    "connections": "个数据连接",
    "variables": "个环境变量",
    "nothing was changed: one that fails keeps all out": "未做任何更改：有一项失败，则全部不导入",
    "locked by": "锁定人",
    "since": "起始时间",
    "unlocked": "已解锁",
    "undone": "已撤销",
    "draft": "开发态",
    "note": "备注",
    "review": "审批",
    "asked by": "申请人",
    "can be approved by: {names}": "可由以下成员批准：{names}",
    "last sign-in": "上次登录",
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
    "{count} deletions": "{count} 项删除",
    "gone here": "此处已删除",
    "change": "变更",
    "before": "变更前",
    "submitted": "提交",
    "change management is off here: nothing is recorded now": ("此工作空间未启用变更管理：当前不记录变更"),
    "free": "未锁定",
    "locked": "已锁定",
    "by": "操作人",
    "tag": "标签",
    "nothing here": "没有内容",
    "nothing": "无",
    "base": "上次导入",
    "here": "本地",
    "package-newer": "包较新",
    "target-edited": "本地已修改",
    "both-edited": "双方均已修改",
    "differs": "不同",
    "gone at its source, and still here: {thing}": "来源处已删除，本地仍在：{thing}",
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
    "{changed} of {jobs} jobs have other tags now": "{jobs} 个作业中有 {changed} 个的标签已改动",
    "route": "路线",
    "platform": "平台",
    "mapped": "映射数",
    "rules": "规则数",
    "saved as the route {name}": "已保存为路线 {name}",
    "goes by the route {name}, saved by {user} (--no-route goes without)": (
        "使用 {user} 保存的路线 {name}（--no-route 不使用）"
    ),
    "there is a route {name}; it was not used": "已有路线 {name}，本次未使用",
    "the plan goes by the route {name}": "该计划使用路线 {name}",
    "notice": "通知",
    "new": "未读",
    "message": "消息",
    "carry this plan out?": "执行该计划吗？",
    "delete the {kind} {name}?": "删除{kind} {name} 吗？",
    "nothing was done": "未做任何更改",
    "made the platform {name} in {folder}": "已在 {folder} 中创建平台 {name}",
    "the platform {name} is in {folder} already": "{folder} 中已有平台 {name}",
    "policy": "目录策略",
    "token": "令牌",
    "after {names}": "在 {names} 之后",
    "runs": "调用",
    "in": "状态",
    "draft, live": "开发态、线上版本",
    "up": "上游",
    "down": "下游",
    "both": "双向",
    "missing": "缺失",
    "unknown": "未知",
    "upstream": "上游依赖",
    "nested": "子作业",
    "stopped": "已停止",
    "scheduling": "调度中",
    "paused": "已暂停",
    "starting": "启动中",
    "normal": "正常",
    "exception": "异常",
    "stopping": "停止中",
    "not shown: {count} of {total} jobs": "未显示：{total} 个作业中的 {count} 个",
    "not shown: {count} ({direction}, hop {hop})": "未显示：{count} 个（{direction}，第 {hop} 跳）",
    "{name}: {connections} connections, {things} things of the inventory, {variables} variables": (
        "{name}：{connections} 个数据连接，清单中 {things} 项，{variables} 个变量"
    ),
    "Bring the warehouse of 26 jobs into the platform test.": "把含 26 个作业的数仓导入平台 test。",
    "Pack the whole workspace.": "导出整个工作空间。",
    "Look into the package; this needs no platform.": "查看包的内容，不需要平台。",
    "Ask production what it thinks. Two things have other names there. Nothing is written.": (
        "让 production 检查：有两样东西在那里名称不同。检查不写入任何内容。"
    ),
    "Say what stands for what, and import.": "给出名称的对应关系，然后导入。",
    "Import once more: all is there already, so nothing is done.": "再导入一次：内容都已存在，什么也不做。",
}


def words(language: str) -> Say:
    """How to say things in a language; what has no translation stays English."""

    def say(sentence: str, **places: object) -> str:
        chosen = CHINESE.get(sentence, sentence) if language == "zh" else sentence
        return chosen.format(**places) if places else chosen

    return say
