"""Who reads an answer: in which language, and whether a console names its pages where a shell has commands."""

from __future__ import annotations

import re
from typing import NamedTuple

from jobferry.model.messages import Language, Nouns, Wording, phrase, told
from jobferry.model.messages.easydata import in_manual_nouns
from jobferry.model.transfer.policy import Profile

_COMMAND = re.compile(r"`jobferry ([^`]+)`")
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
        """A sentence of ours, or a constant, as this reader is told it."""
        return self._paged(told(text, self.language, self._nouns))

    def phrase(self, code: str, args: dict[str, str]) -> Wording:
        """A finding or a notice, likewise."""
        message, remedy = phrase(code, args, self.language, self._nouns)
        return Wording(message, self._paged(remedy))

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
