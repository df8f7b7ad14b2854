"""The details of audit rows in the reader's language. Rows are kept as they were written, in English: their seals are
made of that. Here a detail is recognized by its form; one that has none of these is a name, an id or a code, and the same in every language."""

from __future__ import annotations

import re
from collections.abc import Callable

from jobferry.model.audit import AuditOutcome
from jobferry.model.messages import Language, told
from jobferry.sentences import as_sentence

_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(form, re.DOTALL), chinese)
    for form, chinese in (
        (r"held by (?P<who>.+)", "原由 {who} 持有"),
        (r"not authenticated: (?P<name>.+)", "未经认证：{name}"),
        (r"version (?P<number>\d+), not live", "版本 {number}，未上线"),
        (r"version (?P<number>\d+)", "版本 {number}"),
        (r"renamed from (?P<name>.+), moved from (?P<directory>/.*)", "原名称 {name}，原目录 {directory}"),
        (r"renamed from (?P<name>.+)", "原名称 {name}"),
        (r"moved from (?P<directory>/.*)", "原目录 {directory}"),
        (r"to (?P<directory>/.*), (?P<count>\d+) (?P<word>[a-z]+)s", "移至 {directory}，{count} 个{word}"),
        (
            r"(?P<word>append|overwrite): (?P<changed>\d+) of (?P<count>\d+) jobs",
            "{word}：{count} 个作业中 {changed} 个有变化",
        ),
        (r"(?P<count>\d+) tags", "{count} 个标签"),
        (r"(?P<count>\d+) entries", "{count} 项"),
        (r"(?P<count>\d+) bytes", "{count} 字节"),
        (r"(?P<count>\d+) objects, (?P<bytes>\d+) bytes", "{count} 个对象，{bytes} 字节"),
        (r"(?P<count>\d+) objects", "{count} 个对象"),
        (r"(?P<count>\d+) objects (?P<digest>\w+)", "{count} 个对象，摘要 {digest}"),
        (r"(?P<count>\d+) (?P<word>connection|variable)s (?P<digest>\w+)", "{count} 个{word}，摘要 {digest}"),
        (r"(?P<count>\d+) by (?P<who>\S+): (?P<name>.*)", "{who} 申请的 {count} 个对象：{name}"),
        (r"submit (?P<count>\d+) of (?P<name>.+)", "提交 {name} 中的 {count} 个对象"),
        (r"(?P<count>\d+): (?P<name>.*)", "{count} 个对象：{name}"),
        (
            r"(?P<ask>submit|delete) (?P<word>[a-z]+) (?P<name>.+) \+(?P<more>\d+)",
            "{ask}{word} {name}，另 {more} 个",
        ),
        (r"(?P<ask>submit|delete) (?P<word>[a-z]+) (?P<name>.+)", "{ask}{word} {name}"),
        (r"(?P<id>[0-9a-f]{32}): (?P<counts>.+)", "{counts}，{id}"),
        (r"(?P<id>[0-9a-f]{32}) (?P<word>import-[a-z-]+)", "{word}，{id}"),
        (r"(?P<counts>\d+ [a-z]+(?:, \d+ [a-z]+)*)", "{counts}"),
        (
            r"directories=(?P<directories>\d+) users=(?P<users>\d+) roles=(?P<roles>\d+)",
            "{directories} 个目录，{users} 个用户，{roles} 个角色",
        ),
        (r"users=(?P<users>\d+) roles=(?P<roles>\d+)", "{users} 个用户，{roles} 个角色"),
        (r"sessions=(?P<count>\d+)", "{count} 个会话"),
        (r"count=(?P<count>\d+)", "{count} 次"),
        (
            r"(?P<breach>[a-z-]+): ends at row (?P<last>\d+), anchored at row (?P<anchored>\d+): (?P<reason>.+)",
            "{breach}：止于第 {last} 行，锚点在第 {anchored} 行：{reason}",
        ),
        (r"(?P<words>[a-z]+(?:,[a-z]+)*|this session|unknown user|import undone)", "{words}"),
    )
)
_CODE = re.compile(r"[a-z]+(-[a-z]+)*")
_NAMES = frozenset({"tag-put", "platform-setting-edit", "key-rotate"})
"""Actions whose details are names alone."""
_WORDS = {
    "append": "追加",
    "overwrite": "覆盖",
    "submit": "提交",
    "delete": "删除",
    "connection": "数据连接",
    "variable": "环境变量",
    "import-job": "导入作业",
    "import-workspace-job": "工作空间导入",
    "import-batch-package": "导入批量任务包",
    "import-package": "导入包",
    "oidc": "组织账号登录",
    "this session": "当前会话",
    "unknown user": "未知用户",
    "import undone": "导入已撤销",
    "released": "已释放",
}


def detail_told(action: str, outcome: AuditOutcome, detail: str, language: Language) -> str:
    """A row's detail as this reader is told it."""
    if language is Language.ENGLISH or action in _NAMES:
        return detail
    if outcome is AuditOutcome.FAILED and _CODE.fullmatch(detail):
        return f"错误代码 {detail}"
    for form, chinese in _FORMS:
        if found := form.fullmatch(detail):
            return chinese.format_map(
                {place: _PLACES.get(place, str)(text) for place, text in found.groupdict().items()}
            )
    return detail


def _word(text: str) -> str:
    return _WORDS.get(text) or told(as_sentence(text), Language.CHINESE)


def _words(text: str) -> str:
    return "、".join(map(_word, text.split(",")))


def _counts(text: str) -> str:
    counted = (part.partition(" ") for part in text.split(", "))
    return "，".join(f"{_word(outcome)} {count} 个" for count, _, outcome in counted)


_PLACES: dict[str, Callable[[str], str]] = {"word": _word, "ask": _word, "words": _words, "counts": _counts}
