"""The alarms that are on, as programs read them: no case, no person behind a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from cases import alarms
from cases.alarm import Alarm
from config import clock
from config.clock import ZONE
from dashboard.api.answers import ApiJson, asked
from dashboard.gate import caller
from dashboard.source import data

routes = APIRouter(include_in_schema=False)


@routes.get("/api/v1/alarms")
def on(request: Request) -> Response:
    """What is on, the worst first; names of staff only for those who read the whole street."""
    asked(request, ())
    names = not caller.current().right.is_narrow
    found = alarms.open_alarms(data().store, clock.now())
    return ApiJson(
        {
            "alarms": [to_json(one, names=names) for one in found],
            "version": alarms.version(data().store),
        }
    )


def to_json(alarm: Alarm, *, names: bool) -> dict[str, Any]:
    """One alarm with times in +08:00; `level` is the rank, 1 to 4."""
    told = {
        "id": alarm.id,
        "kind": alarm.kind,
        "subject": alarm.subject,
        "level": alarm.rank,
        "pending_level": alarm.pending_rank,
        "state": alarm.state,
        "raised_at": _time(alarm.raised_at),
        "observed_at": _time(alarm.observed_at),
        "acknowledged_at": _time(alarm.acknowledged_at),
        "missing_posts": list(alarm.missing),
        "wants_team": alarm.wants_team,
        "value": alarm.value,
        "value_at": _time(alarm.value_at),
        "threshold": alarm.threshold,
        "limit": alarm.limit_name,
        "drill": alarm.drill,
        "shelved_until": _time(alarm.shelved_until),
    }
    if names:
        told |= {
            "acknowledged_by": alarm.acknowledged_by,
            "shelved_by": alarm.shelved_by or None,
            "shelved_reason": alarm.shelved_reason or None,
        }
    return told


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(ZONE).isoformat()
