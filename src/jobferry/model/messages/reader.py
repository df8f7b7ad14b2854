"""Who reads an answer: in which language, and whether a console names its pages where a shell has commands."""

from __future__ import annotations

import re
from typing import NamedTuple

from jobferry.model.messages import Language, Wording, phrase, told

_COMMAND = re.compile(r"`jobferry ([^`]+)`")
_DEVELOPMENT = ("Develop Job", "作业开发")
_SCRIPTS = ("Develop Script", "脚本开发")
_IMPORTS = ("Imports", "导入")
_DOWNLOADS = ("Download Center", "下载中心")
_REVIEWS = ("Reviews and Releases", "审批与发布")
_CONFIGURATION = ("Configuration", "配置")
_PLATFORM = ("Platform", "平台")

PAGES = {
    "job": _DEVELOPMENT,
    "version": _DEVELOPMENT,
    "lock": _DEVELOPMENT,
    "export": _DEVELOPMENT,
    "script": _SCRIPTS,
    "change": ("Changes", "变更"),
    "download": _DOWNLOADS,
    "batch-package": _DOWNLOADS,
    "asset-backup": _CONFIGURATION,
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
    "inventory": ("Inventory", "清单"),
    "variable": ("Variables", "环境变量"),
    "setting": _CONFIGURATION,
    "tag": _CONFIGURATION,
    "member": _CONFIGURATION,
    "policy": _CONFIGURATION,
    "download-policy": _CONFIGURATION,
    "setting set --platform": _PLATFORM,
    "workspace": _PLATFORM,
    "user": _PLATFORM,
    "token": _PLATFORM,
    "key": _PLATFORM,
    "audit": _PLATFORM,
    "credentials": _PLATFORM,
    "init": _PLATFORM,
    "serve": _PLATFORM,
}
"""Where a console does what a command does, in English and Chinese: by the command's first words."""


class Reader(NamedTuple):
    """In which language somebody reads, and whether in a console."""

    language: Language = Language.ENGLISH
    is_console: bool = False

    def told(self, text: str) -> str:
        """A sentence of ours, or a constant, as this reader is told it."""
        return self._paged(told(text, self.language))

    def phrase(self, code: str, args: dict[str, str]) -> Wording:
        """A finding or a notice, likewise."""
        message, remedy = phrase(code, args, self.language)
        return Wording(message, self._paged(remedy))

    def _paged(self, text: str) -> str:
        return _COMMAND.sub(self._page, text) if self.is_console else text

    def _page(self, command: re.Match[str]) -> str:
        pages = [page for words, page in PAGES.items() if f"{command[1]} ".startswith(f"{words} ")]
        return f"“{pages[-1][self.language is Language.CHINESE]}”" if pages else command[0]
