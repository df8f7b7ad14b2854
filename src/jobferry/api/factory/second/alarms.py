"""Alarm notifications: without an engine nothing runs, so nothing was ever sent."""

from __future__ import annotations

from fastapi import Depends, Request, Response

from jobferry.api.factory.call import factory_call
from jobferry.api.late import LateRouter
from jobferry.api.wire import LATEST, answer, query_number

router = LateRouter(prefix="/v2/{project_id}/factory")


@router.get("/alarm-info", dependencies=[Depends(factory_call)])
def list_alarms(request: Request) -> Response:
    """The notifications of a span of time (``start_time``, ``end_time``, in ms): there are none."""
    for name in ("start_time", "end_time", "offset"):
        query_number(request, name, 0, high=LATEST)
    query_number(request, "limit", 100, low=1, high=1000)
    return answer({"total": 0, "alarm_info": []})
