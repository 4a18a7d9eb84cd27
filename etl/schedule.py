"""The clock of the ETL: when each lane's turn comes. Nothing is stored here; the truth about what
was done is in the runs of the case store, from which the first turns after a start are computed.

A lane never runs twice at once; a turn that was missed or cut short is noted, not repeated.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from config import clock

_SHORTEST: Final = timedelta(seconds=1)
_TOLD: Final = EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_MISSED
_WORDS: Final = {
    EVENT_JOB_ERROR: "turn_failed",
    EVENT_JOB_MAX_INSTANCES: "turn_skipped",
    EVENT_JOB_MISSED: "turn_missed",
}
_log = structlog.get_logger("etl.schedule")


class Schedule:
    """Turns at fixed intervals, in threads; local time is Asia/Shanghai."""

    def __init__(self, lanes: int) -> None:
        self._scheduler = BackgroundScheduler(
            timezone=clock.ZONE,
            executors={
                "default": ThreadPoolExecutor(max(4, lanes * 2)),
                "heavy": ThreadPoolExecutor(1),
            },
            job_defaults={"coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_listener(_tell, _TOLD)

    def every(
        self,
        name: str,
        interval: timedelta,
        work: Callable[[], None],
        *,
        first: timedelta = timedelta(0),
        heavy: bool = False,
    ) -> None:
        """A turn each interval; the first one after `first`."""
        interval = max(interval, _SHORTEST)
        self._scheduler.add_job(
            work,
            IntervalTrigger(seconds=interval.total_seconds(), timezone=clock.ZONE),
            id=name,
            name=name,
            executor="heavy" if heavy else "default",
            next_run_time=_real_now() + first,
            misfire_grace_time=max(1, int(0.8 * interval.total_seconds())),
        )

    def start(self) -> None:
        """Let the turns come."""
        self._scheduler.start()

    def stop(self) -> None:
        """No more turns; those under way are waited for."""
        self._scheduler.shutdown(wait=True)


def first_turn(
    last_started: datetime | None, last_ok: bool, every: timedelta, now: datetime
) -> timedelta:
    """How long after a start the first turn is due, by the last run that is on record."""
    if last_started is None or not last_ok:
        return timedelta(0)
    return max(timedelta(0), min(every, last_started + every - now))


def _real_now() -> datetime:
    """Turns are counted in real time, whatever the town's clock says."""
    return datetime.fromtimestamp(time.time(), clock.ZONE)


def _tell(event: object) -> None:
    code = getattr(event, "code", 0)
    name = getattr(event, "job_id", "?")
    error = getattr(event, "exception", None)
    if code == EVENT_JOB_ERROR:
        _log.error(_WORDS[code], turn=name, reason=f"{type(error).__name__}: {error}")
    else:
        _log.info(_WORDS[code], turn=name)
