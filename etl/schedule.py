"""The clock of the ETL: when each turn comes. Nothing is stored here; the truth about what was done
is in the runs of the case store, from which the first turns after a start are computed.

A turn never runs twice at once: a tick that finds it still running goes by.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from config import clock

_SHORTEST: Final = timedelta(seconds=1)
_log = structlog.get_logger("etl.schedule")
logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # what matters is told below


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
        self._scheduler.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MISSED)

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


def _real_now() -> datetime:
    """Turns are counted in real time, whatever the town's clock says."""
    return datetime.fromtimestamp(time.time(), clock.ZONE)


def _tell(event: object) -> None:
    name = getattr(event, "job_id", "?")
    error = getattr(event, "exception", None)
    if error is None:
        _log.info("turn_missed", turn=name)
    else:
        _log.error("turn_failed", turn=name, reason=f"{type(error).__name__}: {error}")
