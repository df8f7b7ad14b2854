"""What a detection report calls its columns and its reasons, in English and Chinese."""

from __future__ import annotations

from jobferry.model.report.category import Category
from jobferry.model.words import Language

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
        Category.NESTED_JOB: "jobs that nested-flow or AI 2.0 nodes run and that do not exist",
        Category.RESOURCE_GROUP: "resource groups that are referred to and do not exist",
        Category.UPSTREAM: "upstream jobs that do not exist",
        Category.ELSEWHERE: "workspaces or jobs of other workspaces that cannot be waited for",
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
