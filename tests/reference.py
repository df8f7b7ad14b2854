"""The tables of ``settings.md`` and of body limits in ``api.md`` (in ``docs/reference``): read by a test, and
filled by ``make reference``.

The page of findings is made by ``findings.page``, and filled by the same command.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Upload
from jobferry.api.decoding import Bound, plain
from jobferry.api.factory.calls import CALLS as FACTORY
from jobferry.api.native.calls import CALLS as NATIVE
from jobferry.model.platform_settings import PLATFORM_SETTINGS, SIZES
from jobferry.model.rights import MATRIX
from jobferry.model.setting import Setting, SettingType
from jobferry.model.settings import SETTINGS

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "settings.md"
API_PAGE = PAGE.with_name("api.md")
_VALUES = {
    SettingType.FLAG: "`true`, `false`",
    SettingType.ZONE: "`Asia/Shanghai`, `GMT+8`, …",
    SettingType.NAMES: "patterns",
    SettingType.KINDS: "kinds, separated by commas",
    SettingType.DIRECTORY: "a directory",
    SettingType.PLACE: "`obs://bucket/folder`",
    SettingType.TAG: "a tag, `off`",
    SettingType.HOUR: "0 to 23",
    SettingType.BACKUPS: "`/folder`, `obs://bucket/folder`",
}
_HEAD = "| key | values | default | meaning | set by | acts |\n|---|---|---|---|---|---|\n"


def generated(page: str) -> str:
    """The page with both tables as the settings are."""
    page = _filled(page, "workspace", _HEAD + "".join(map(_row, SETTINGS.values())))
    return _filled(page, "platform", _HEAD + "".join(map(_row, PLATFORM_SETTINGS.values())))


def with_body_limits(page: str) -> str:
    """Fill in the table of the limits of bodies."""
    bound = [one for one in map(Bound, (*NATIVE, *FACTORY)) if one.body is not None]
    rows = []
    for limit in BodyLimit:
        calls = [one for one in bound if one.declared.body_limit is limit and plain(one.body) is not Upload]
        listed = ", ".join(f"`{one.declared.method} {one.declared.path}`" for one in calls)
        told = "every other call with a body" if limit is BodyLimit.USUAL else listed
        rows.append(f"| {limit // 1024:,} KiB | {told} |\n")
    return _filled(page, "bodies", "| at most | calls |\n|---|---|\n" + "".join(rows))


def environment_names() -> list[str]:
    """The environment variables that give a platform setting."""
    return [f"JOBFERRY_{setting.key.upper()}" for setting in SIZES]


def _row(setting: Setting) -> str:
    default = f"`{setting.default}`" if setting.default else setting.follows
    roles = _listed(sorted(MATRIX[setting.edit]))
    cells = (f"`{setting.key}`", _values(setting), default, setting.meaning, roles, setting.acts.value)
    return f"| {' | '.join(cells)} |\n"


def _values(setting: Setting) -> str:
    if setting.type is SettingType.CHOICE:
        return ", ".join(f"`{choice}`" for choice in setting.choices)
    if setting.type is SettingType.COUNT:
        return f"1 to {setting.most:,}"
    if setting.words:
        return ", ".join(f"`{word}`" for word in setting.words) + ", or names and patterns"
    return _VALUES[setting.type]


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _filled(page: str, name: str, table: str) -> str:
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    before, _, rest = page.partition(begin)
    return before + begin + table + end + rest.partition(end)[2]


if __name__ == "__main__":
    from findings import page as findings

    findings.PAGE.write_text(findings.generated(findings.PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    API_PAGE.write_text(with_body_limits(API_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    PAGE.write_text(generated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
