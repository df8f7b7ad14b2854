"""A job that is *plain*: every field with a rule has the shape and the range it should have, as in most jobs.

Such a job is opened in one go, and has been judged by that as far as types can say.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from jobferry.model.document.node import Node


class PlainCron(msgspec.Struct, gc=False, rename="camel"):
    """When a job runs by the clock."""

    start_time: str | None = None
    end_time: str | None = None
    expression_time_zone: str | None = None
    expression: str | None = None


class PlainEvent(msgspec.Struct, gc=False):
    """What event starts a job."""

    concurrent: Annotated[int, Meta(ge=0, le=128)] | None = None


class PlainSchedule(msgspec.Struct, gc=False):
    """What starts a job."""

    type: Literal["EXECUTE_ONCE", "CRON", "EVENT", ""] | None = None
    cron: PlainCron | None = None
    event: PlainEvent | None = None


class PlainParameter(msgspec.Struct, gc=False):
    """A parameter of a job."""

    name: str
    value: Any = None


class PlainBasic(msgspec.Struct, gc=False, rename="camel"):
    """The basic configuration of a job."""

    owner: Annotated[str, Meta(max_length=128)] | None = None
    execute_user: str | None = None
    priority: Annotated[int, Meta(ge=0, le=2)] | None = None
    instance_timeout: Annotated[int, Meta(ge=0, le=1440)] | None = None
    custom_fields: Any = None


class PlainJob(msgspec.Struct, gc=False, rename="camel"):
    """A job, as far as it is judged."""

    name: str
    directory: str | None = None
    process_type: Literal["BATCH", "REAL_TIME", ""] | None = None
    description: Annotated[str, Meta(max_length=255)] | None = None
    nodes: list[Node] = []
    schedule: PlainSchedule | None = None
    params: list[PlainParameter] = []
    basic_config: PlainBasic | None = None


msgspec.convert({"name": "n"}, PlainJob)  # two threads must not ask for the first time at once


def plain_job(document: dict[str, Any]) -> PlainJob | None:
    """The job, if it is plain."""
    try:
        return msgspec.convert(document, PlainJob)
    except msgspec.ValidationError:
        return None
