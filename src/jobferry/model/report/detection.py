"""The detection report: why a package, or some of it, did not pass; one row a category, with all names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain

import msgspec

from jobferry.model.messages import Language, say
from jobferry.model.printable import printable
from jobferry.model.transfer.finding import CONSEQUENCES, Finding, Severity
from jobferry.model.transfer.finding_group import FindingGroup, FoundGroups, Place


class Category(StrEnum):
    """Why something did not pass, in the order in which a report tells it."""

    PACKAGE = "package"
    NAME = "name"
    QUALITY_MONITOR = "quality-monitor"
    SYNC_TASK = "sync-task"
    NESTED_JOB = "nested-job"
    RESOURCE_GROUP = "resource-group"
    UPSTREAM = "upstream"
    ELSEWHERE = "elsewhere"
    QUEUE = "queue"
    CONNECTION = "connection"
    LIBRARY = "library"
    SURROUNDINGS = "surroundings"
    TEXT = "text"
    CONTENT = "content"
    IDENTITY = "identity"
    STANDING = "standing"
    RIGHTS = "rights"
    QUOTA = "quota"
    MAPPING = "mapping"
    SCHEDULE = "schedule"
    REMAINS = "remains"
    """What is left to do here after the import; it keeps nothing out."""
    FOLLOWS = "follows"
    """What is out only because something else is; a report does not tell it."""


CATEGORIES: dict[Category, tuple[str, ...]] = {
    Category.PACKAGE: ("name-doubled", "twin-names", "legacy-name-encoding", "unknown-entry"),
    Category.NAME: ("name-illegal", "name-missing"),
    Category.QUALITY_MONITOR: ("quality-monitor-missing",),
    Category.SYNC_TASK: ("sync-task-missing",),
    Category.NESTED_JOB: ("nested-job-missing",),
    Category.RESOURCE_GROUP: ("resource-group-missing",),
    Category.UPSTREAM: ("upstream-job-missing",),
    Category.ELSEWHERE: ("workspace-missing", "upstream-elsewhere-missing", "upstream-elsewhere-refused"),
    Category.QUEUE: ("queue-missing",),
    Category.CONNECTION: ("connection-missing",),
    Category.LIBRARY: (
        "script-missing",
        "resource-missing",
        "cdm-missing",
        "file-absent",
        "file-place-missing",
        "resource-file-missing",
    ),
    Category.SURROUNDINGS: (
        "agent-missing",
        "cluster-missing",
        "stream-missing",
        "graph-missing",
        "roma-instance-missing",
        "tics-instance-missing",
        "drs-task-missing",
        "inventory-unknown",
        "user-missing",
        "variable-missing",
        "connection-incomplete",
        "variable-incomplete",
    ),
    Category.TEXT: (
        "json-broken",
        "json-constant",
        "not-an-object",
        "not-json",
        "doubled-key",
        "not-utf8",
        "lone-surrogate",
        "number-too-long",
        "too-many-values",
        "too-deep",
    ),
    Category.CONTENT: (
        "field-missing",
        "field-type",
        "field-too-long",
        "field-range",
        "field-value",
        "word-former",
        "value-required",
        "schedule-missing",
        "zone-unknown",
        "time-illegal",
        "type-missing",
        "content-too-large",
        "directory-illegal",
        "too-many-nodes",
        "node-doubled",
        "predecessor-unknown",
        "nodes-cyclic",
        "mrs-queue-unset",
        "cron-illegal",
        "cron-monthly",
        "dws-address-missing",
        "tag-illegal",
    ),
    Category.IDENTITY: ("identity-conflict", "already-exists", "type-differs", "renamed-in-use"),
    Category.STANDING: (
        "target-not-stopped",
        "target-edited",
        "both-edited",
        "locked-by-another",
        "locks-overridden",
        "review-pending",
        "deletion-not-confirmed",
        "deletion-unknown",
        "deletion-not-stopped",
        "deletion-locked",
        "deletion-edited",
        "deletion-needed",
        "deletion-in-review",
        "touched-since",
        "locked-since",
        "tag-locked-since",
        "deleted-since",
        "name-taken-since",
        "needed-here",
        "tag-locked",
        "tag-locked-here",
    ),
    Category.RIGHTS: (
        "not-allowed-create",
        "not-allowed-overwrite",
        "not-allowed-publish",
        "deletion-not-allowed",
        "directory-not-allowed",
        "approvers-missing",
    ),
    Category.QUOTA: ("quota-reached", "tags-too-many"),
    Category.MAPPING: (
        "connection-type-differs",
        "mapping-unused",
        "mapping-chained",
        "mapping-merges",
        "mapping-target-missing",
        "mapping-target-kind",
        "text-unparsed",
        "text-case",
        "text-needs-quotes",
        "text-not-sql",
        "text-too-large",
    ),
    Category.SCHEDULE: (
        "waits-in-circle",
        "time-zone-differs",
        "schedule-not-convertible",
        "schedule-ended",
        "parameter-unknown",
        "override-unknown",
    ),
    Category.REMAINS: (
        "remains-quality-monitors",
        "remains-sync-tasks",
        "remains-resource-groups",
        "remains-table-data",
        "remains-passwords",
        "remains-resource-files",
        "remains-sensitive-values",
    ),
    Category.FOLLOWS: CONSEQUENCES,
}
"""The codes of each category."""

_OF_CODE = {code: category for category, codes in CATEGORIES.items() for code in codes}


def category_of(finding: Finding) -> Category:
    """A finding's category.

    A thing that nobody has inventoried counts as missing, and only the name of a whole object is a name.
    """
    if finding.code == "inventory-unknown":
        return _OF_CODE.get(f"{finding.need_kind}-missing", Category.SURROUNDINGS)
    category = _OF_CODE[finding.code]
    return Category.CONTENT if category is Category.NAME and finding.path not in ("", "name") else category


HEADINGS = {
    Language.ENGLISH: ("reason", "items"),
    Language.CHINESE: ("未通过原因", "未通过项"),
}

REASONS = {
    Language.ENGLISH: {
        Category.PACKAGE: "package that cannot be read, or was not made by an export",
        Category.NAME: "names that are not allowed",
        Category.QUALITY_MONITOR: "quality monitors that are referred to and do not exist",
        Category.SYNC_TASK: "sync tasks that are referred to and do not exist",
        Category.NESTED_JOB: "tasks that nested-flow or AI 2.0 nodes run and that do not exist",
        Category.RESOURCE_GROUP: "resource groups that are referred to and do not exist",
        Category.UPSTREAM: "upstream tasks that do not exist",
        Category.ELSEWHERE: "projects or tasks of other projects that cannot be waited for",
        Category.QUEUE: "queues that are referred to and do not exist",
        Category.CONNECTION: "connections that are referred to and do not exist",
        Category.LIBRARY: "scripts, resources or CDM definitions that are referred to and do not exist",
        Category.SURROUNDINGS: "clusters, agents, streams and the like that are referred to and do not exist",
        Category.TEXT: "documents that cannot be read",
        Category.CONTENT: "documents with illegal content",
        Category.IDENTITY: "objects that collide with others here",
        Category.STANDING: "objects here that must not be overwritten now",
        Category.RIGHTS: "objects that the importing user has no right to",
        Category.QUOTA: "objects beyond a limit of the workspace",
        Category.MAPPING: "mappings that do not fit",
        Category.SCHEDULE: "schedules or parameters that do not fit",
        Category.REMAINS: "things to configure here after the import",
        Category.FOLLOWS: "objects that stay out because others do",
    },
    Language.CHINESE: {
        Category.PACKAGE: "任务包无法读取，或不是由导出生成",
        Category.NAME: "名称不合法",
        Category.QUALITY_MONITOR: "不存在的引用质量监控",
        Category.SYNC_TASK: "不存在的引用离线同步任务",
        Category.NESTED_JOB: "不存在的嵌套流或AI 2.0任务引用的任务",
        Category.RESOURCE_GROUP: "不存在的引用资源组",
        Category.UPSTREAM: "不存在的上游依赖任务",
        Category.ELSEWHERE: "不存在或不允许的跨项目依赖的项目或任务",
        Category.QUEUE: "不存在的引用队列",
        Category.CONNECTION: "不存在的引用数据连接",
        Category.LIBRARY: "不存在的引用脚本、资源或CDM作业",
        Category.SURROUNDINGS: "不存在的引用集群、代理、通道等",
        Category.TEXT: "无法读取的文件内容",
        Category.CONTENT: "内容不合法",
        Category.IDENTITY: "与本地对象冲突",
        Category.STANDING: "本地对象当前不可覆盖",
        Category.RIGHTS: "导入用户无权操作的对象",
        Category.QUOTA: "超出工作空间上限的对象",
        Category.MAPPING: "映射不符",
        Category.SCHEDULE: "调度或参数不符",
        Category.REMAINS: "导入后仍需在本地配置的内容",
        Category.FOLLOWS: "因其他对象未通过而未导入",
    },
}


_CELL = 30_000
"""Letters in a cell: spreadsheet programs cut one off at 32,767."""
_DETAILS = 10
"""So many details of an item are shown on a page."""
_FORMULAS = ("=", "+", "-", "@")


class DetectedItem(msgspec.Struct, frozen=True):
    """What did not pass: a missing thing with the objects that need it, or an object with what is wrong.
    ``count`` is how many details it has."""

    name: str
    details: tuple[str, ...]
    count: int


class DetectedRow(msgspec.Struct, frozen=True):
    """One reason with everything that it is the reason of."""

    category: Category
    reason: str
    items: tuple[DetectedItem, ...]


def detection(found: FoundGroups, language: Language) -> list[DetectedRow]:
    """The rows of what keeps objects out; none where everything passes.

    What is out only because of other objects is not told: it passes once they do.
    """
    items: dict[Category, dict[str, set[str]]] = {}
    for group, places in zip(found.groups, found.places, strict=True):
        if group.severity is Severity.BLOCK and group.code not in CONSEQUENCES:
            for category, name, details in _told(group, places, language):
                items.setdefault(category, {}).setdefault(name, set()).update(details)
    return [_row(category, items[category], language) for category in Category if category in items]


def refused_package(name: str, reason: str, language: Language) -> list[DetectedRow]:
    """The only row of a package that cannot be read."""
    return [_row(Category.PACKAGE, {name: {reason}}, language)]


def page_of(rows: Iterable[DetectedRow], offset: int, limit: int) -> tuple[int, list[DetectedRow]]:
    """How many items the rows have together, and the rows with those of one page; of an item, the first
    details."""
    page: list[DetectedRow] = []
    total = 0
    for row in rows:
        items = row.items[max(offset - total, 0) : max(offset + limit - total, 0)]
        if items:
            page.append(DetectedRow(row.category, row.reason, tuple(map(_shortened, items))))
        total += len(row.items)
    return total, page


def _shortened(item: DetectedItem) -> DetectedItem:
    return DetectedItem(item.name, item.details[:_DETAILS], item.count)


def as_csv(rows: Iterable[DetectedRow], language: Language) -> bytes:
    """Two columns, in UTF-8 with a byte order mark, without which spreadsheet programs garble Chinese."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(HEADINGS[language])
    for row in rows:
        for cell in _cells(row, language):
            sheet.writerow((row.reason, cell))
    return text.getvalue().encode("utf-8-sig")


def as_text(rows: Iterable[DetectedRow], language: Language) -> str:
    """The same for a terminal: a line a reason, and below it a line an item."""
    lines: list[str] = []
    for row in rows:
        lines.append(row.reason)
        lines += (f"  {_written(item, language)}" for item in row.items)
    return "".join(f"{line}\n" for line in lines)


def _told(
    group: FindingGroup, places: Sequence[Place], language: Language
) -> Iterator[tuple[Category, str, set[str]]]:
    """A missing thing with the objects that need it, or each object with what is wrong with it."""
    if group.need_name:
        for finding in map(group.at, places[:1]):
            workspace = group.args.get("workspace", "")
            need = f"{workspace}/{group.need_name}" if workspace else group.need_name
            yield category_of(finding), need, {place.name for place in places}
        return
    for finding in map(group.at, places):
        category = category_of(finding)
        if category is Category.NAME:
            yield category, finding.name or finding.args.get("name", ""), set()
        else:
            said = " ".join(filter(None, (finding.path, say(finding, language).message)))
            yield category, finding.name, {said}


def _row(category: Category, items: dict[str, set[str]], language: Language) -> DetectedRow:
    told = tuple(DetectedItem(name, tuple(sorted(items[name])), len(items[name])) for name in sorted(items))
    return DetectedRow(category, REASONS[language][category], told)


def _written(item: DetectedItem, language: Language) -> str:
    if not item.details:
        return printable(item.name)
    if language is Language.CHINESE:
        return printable(f"{item.name}（{'、'.join(item.details)}）")
    return printable(f"{item.name} ({', '.join(item.details)})")


def _cells(row: DetectedRow, language: Language) -> Iterable[str]:
    """The items a line each; more than fits into a cell goes on in the next row."""
    cell = ""
    for item in chain.from_iterable(map(_parts, row.items)):
        line = _harmless(_written(item, language))[:_CELL]
        if cell and len(cell) + len(line) >= _CELL:
            yield cell
            cell = ""
        cell += f"\n{line}" if cell else line
    yield cell


def _parts(item: DetectedItem) -> Iterable[DetectedItem]:
    """The item with as many details at a time as a cell holds."""
    details: list[str] = []
    letters = len(item.name)
    for detail in map(printable, item.details):
        letters += len(detail) + 2
        if details and letters > _CELL:
            yield DetectedItem(item.name, tuple(details), len(details))
            details, letters = [], len(item.name) + len(detail) + 2
        details.append(detail)
    yield DetectedItem(item.name, tuple(details), len(details))


def _harmless(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
