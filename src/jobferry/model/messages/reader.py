"""Who reads an answer: in which language, and whether a console names its pages where a shell has commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from jobferry.model.messages import Language, Nouns, Wording, phrase, told
from jobferry.model.messages.easydata import in_manual_nouns
from jobferry.model.messages.english import ENGLISH
from jobferry.model.transfer.policy import Profile
from jobferry.sentences import Argument, Sentence, as_sentence

_COMMAND = re.compile(r"`jobferry ([^`]+)`")
_WORD = re.compile(r"[a-z]+(?=[ ,;]|: |$)")
_PLACE = re.compile(r"\{(\w+)")
_SETTING = re.compile(r"setting set (?:--platform )?(?P<key>[a-z_]+)=")
_JOBS = ("Develop Job", "作业开发")
_IMPORTS = ("Imports", "导入")
_DOWNLOADS = ("Download Center", "下载中心")
_REVIEWS = ("Reviews and Releases", "审批与发布")
_DEFAULTS = ("Default Configuration", "默认配置项")
_POLICIES = ("Policies", "权限策略")
_SETTINGS = ("Settings", "平台设置")
_ACCESS = ("My access", "我的凭证")

PAGES = {
    "job": _JOBS,
    "version": _JOBS,
    "lock": _JOBS,
    "export": _JOBS,
    "script": ("Develop Script", "脚本开发"),
    "change": ("Changes", "作业/脚本变更管理"),
    "download": _DOWNLOADS,
    "batch-package": ("Batch export tasks", "批量导出任务"),
    "asset-backup": ("Manage Backup", "备份管理"),
    "import": _IMPORTS,
    "check": _IMPORTS,
    "plan": _IMPORTS,
    "apply": _IMPORTS,
    "undo": _IMPORTS,
    "receipt": _IMPORTS,
    "route": _IMPORTS,
    "task": _IMPORTS,
    "review": _REVIEWS,
    "release": _REVIEWS,
    "connection": ("Data Connections", "数据连接"),
    "inventory": ("Inventory", "平台清单"),
    "variable": ("Variables", "环境变量"),
    "setting": _DEFAULTS,
    "tag": ("Job Tags", "作业标签"),
    "member": ("Members", "成员管理"),
    "policy": _POLICIES,
    "download-policy": _POLICIES,
    "setting set --platform": _SETTINGS,
    "workspace": ("Workspaces", "工作空间"),
    "user": ("Users", "用户"),
    "token": _ACCESS,
    "key": _ACCESS,
    "audit": ("Audit", "审计"),
}
"""The console's page for what a command does, by its first words: the names of its navigation, in English and
Chinese. What only a shell does has no page and stays a command."""


_EASYDATA_PAGES = {_JOBS: ("Task development", "任务开发"), PAGES["tag"]: ("Task tags", "任务标签")}
"""Where its navigation has another name in the manual of EasyData than another noun."""


class Reader(NamedTuple):
    """In which language somebody reads, whether in a console, and whether by EasyData's manual."""

    language: Language = Language.ENGLISH
    is_console: bool = False
    is_easydata: bool = False

    def inside(self, profile: str) -> Reader:
        """The same reader in a workspace of a profile: its console speaks as the manual does."""
        return self._replace(is_easydata=self.is_console and profile == Profile.EASYDATA)

    @property
    def _nouns(self) -> Nouns:
        return in_manual_nouns if self.is_easydata else str

    def told(self, text: str) -> str:
        """A sentence of ours, or a constant, as this reader is told it as part of something."""
        return self._paged(told(text, self.language, self._nouns))

    def whole(self, text: str) -> str:
        """The same where it stands for itself: in a console it then begins as sentences do."""
        whole = as_sentence(text)
        return self._begun(self.told(text), whole.template, whole.arguments)

    def phrase(self, code: str, args: dict[str, str]) -> Wording:
        """A finding, likewise: what is wrong is told of something, what to do stands for itself."""
        message, remedy = phrase(code, args, self.language, self._nouns)
        return Wording(message, self._begun(self._paged(remedy), ENGLISH[code][1], args))

    def notice(self, code: str, args: dict[str, str]) -> Wording:
        """A notice, of which both stand for themselves."""
        message, remedy = self.phrase(code, args)
        return Wording(self._begun(message, ENGLISH[code][0], args), remedy)

    def _begun(self, said: str, template: str, arguments: Mapping[str, Argument]) -> str:
        """What is said, with a capital if a console shows it and it begins with a word of ours."""
        is_capital = self.is_console and self.language is Language.ENGLISH
        return said[:1].upper() + said[1:] if is_capital and _is_word(template, arguments) else said

    def _paged(self, text: str) -> str:
        return _COMMAND.sub(self._page, text) if self.is_console else text

    def _page(self, command: re.Match[str]) -> str:
        pages = [page for words, page in PAGES.items() if f"{command[1]} ".startswith(f"{words} ")]
        if not pages:
            return command[0]
        setting = _SETTING.match(command[1])
        page = _EASYDATA_PAGES.get(pages[-1], pages[-1]) if self.is_easydata else pages[-1]
        place = self._nouns(page[self.language is Language.CHINESE])
        return f"“{place} > {setting['key']}”" if setting else f"“{place}”"


def _is_word(template: str, arguments: Mapping[str, Argument]) -> bool:
    """Whether a sentence begins with a word of ours, and not with a name, a key or a number."""
    place = _PLACE.match(template)
    if place is None:
        return _WORD.match(template) is not None
    first = arguments.get(place[1])
    return isinstance(first, Sentence) and _is_word(first.template, first.arguments)
