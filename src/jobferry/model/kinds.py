"""The kinds of things that documents are about or refer to."""

from __future__ import annotations

from enum import StrEnum

_WORDS = {
    "cdm": "CDM definition",
    "connection": "data connection",
    "resource-group": "resource group",
    "quality-monitor": "quality monitor",
    "sync-task": "synchronization task",
    "roma-instance": "ROMA instance",
    "tics-instance": "TICS instance",
    "drs-task": "DRS task",
    "variable": "environment variable",
    "url": "URL",
}
"""Kinds whose English word is not their code."""


class ObjectKind(StrEnum):
    """Things whose documents travel in packages."""

    JOB = "job"
    SCRIPT = "script"
    RESOURCE = "resource"
    CDM = "cdm"

    @property
    def words(self) -> str:
        """What it is called in sentences."""
        return _WORDS.get(self.value, self.value)


VERSIONED_KINDS = frozenset({ObjectKind.JOB, ObjectKind.SCRIPT})
"""Kinds that are submitted; resources and CDM definitions have only their one state."""

LOCKED_KINDS = frozenset({ObjectKind.JOB, ObjectKind.SCRIPT})
"""Kinds that only the holder of their lock may change."""

PLACED_KINDS = frozenset({ObjectKind.JOB, ObjectKind.SCRIPT})
"""Kinds that lie in directories which a policy may keep from somebody."""


class NeedKind(StrEnum):
    """Things that a document refers to by name."""

    JOB = "job"
    SCRIPT = "script"
    RESOURCE = "resource"
    CDM = "cdm"
    CONNECTION = "connection"
    WORKSPACE = "workspace"
    QUEUE = "queue"
    AGENT = "agent"
    CLUSTER = "cluster"
    RESOURCE_GROUP = "resource-group"
    STREAM = "stream"
    GRAPH = "graph"
    QUALITY_MONITOR = "quality-monitor"
    SYNC_TASK = "sync-task"
    ROMA_INSTANCE = "roma-instance"
    TICS_INSTANCE = "tics-instance"
    DRS_TASK = "drs-task"
    USER = "user"
    VARIABLE = "variable"
    DATABASE = "database"
    TOPIC = "topic"
    URL = "url"
    PATH = "path"

    @property
    def words(self) -> str:
        """What it is called in sentences."""
        return _WORDS.get(self.value, self.value)


def kind_in_words(kind: str) -> str:
    """What a kind is called in sentences; what is no kind stays as it is."""
    return _WORDS.get(kind, kind)


OBJECT_OF = {
    NeedKind.JOB: ObjectKind.JOB,
    NeedKind.SCRIPT: ObjectKind.SCRIPT,
    NeedKind.RESOURCE: ObjectKind.RESOURCE,
    NeedKind.CDM: ObjectKind.CDM,
}
"""What is referred to and is an object itself."""

INVENTORY_KINDS = (
    NeedKind.QUEUE,
    NeedKind.AGENT,
    NeedKind.CLUSTER,
    NeedKind.RESOURCE_GROUP,
    NeedKind.STREAM,
    NeedKind.GRAPH,
    NeedKind.QUALITY_MONITOR,
    NeedKind.SYNC_TASK,
    NeedKind.ROMA_INSTANCE,
    NeedKind.TICS_INSTANCE,
    NeedKind.DRS_TASK,
    NeedKind.USER,
)
"""Kinds that live outside Jobferry; the inventory says which of them this platform has."""

NEVER_MISSING_KINDS = frozenset({NeedKind.DATABASE, NeedKind.TOPIC, NeedKind.URL, NeedKind.PATH})
"""Kinds that can be mapped but that nobody here can vouch for."""

WARNED_KINDS = frozenset({NeedKind.USER, NeedKind.VARIABLE})
"""Kinds whose absence is a warning, never a block."""

FACTORY_REPLACEMENT_KINDS = {
    "DWS_CONNECTION": NeedKind.CONNECTION,
    "MRS_HIVE_CONNECTION": NeedKind.CONNECTION,
    "MRS_SPARK_CONNECTION": NeedKind.CONNECTION,
    "DIS_STREAM": NeedKind.STREAM,
    "CDM_CLUSTER": NeedKind.CLUSTER,
    "MRS_CLUSTER": NeedKind.CLUSTER,
    "GES_GRAPH": NeedKind.GRAPH,
    "ROMA_INSTANCE": NeedKind.ROMA_INSTANCE,
    "TICS_INSTANCE": NeedKind.TICS_INSTANCE,
    "DRS_TASK": NeedKind.DRS_TASK,
}
"""Replacement types of the Factory API's import call and what they are called here."""


class JobType(StrEnum):
    """How a job runs: on a schedule, or all the time."""

    BATCH = "BATCH"
    REAL_TIME = "REAL_TIME"


class Engine(StrEnum):
    """What runs the jobs that are scheduled; with none, states are kept and nothing runs."""

    NONE = "none"


class SchedulingState(StrEnum):
    """What the scheduler does with a job. Batch jobs know the first three."""

    STOPPED = "STOPPED"
    SCHEDULING = "SCHEDULING"
    PAUSED = "PAUSED"
    STARTING = "STARTING"
    NORMAL = "NORMAL"
    EXCEPTION = "EXCEPTION"
    STOPPING = "STOPPING"
