"""Every station's takeover drawn once beforehand, so that the first alarm does not pay for it.

Where the words of a station's map stand is searched once for a room, and outlines, plans and
limits are read from their files: half a second of work that an alarm would have to wait for. It is
done a little after the first window of a profile came, station after station with a rest between.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog

from cases.alarm import FLOOD, RAISED, Alarm
from cases.awaiting import required
from config import clock
from dashboard.gate import caller
from dashboard.source import Data, data
from dashboard.wall import overlay
from dashboard.wall.asking import Asking
from dashboard.wall.card import Feed
from dashboard.wall.choosing import Chosen, Sound
from dashboard.wall.standing import region
from dashboard.wall.standings import published, seen_of
from layouts.wall import WallProfile

log = structlog.get_logger()
FIRST_S, REST_S = 6.0, 0.3  # the window's own first picture goes before
_begun: set[str] = set()


def begin(profile: WallProfile) -> None:
    """Rehearse a profile beside everything else, once in the life of a process."""
    if profile.key not in _begun:
        _begun.add(profile.key)
        threading.Thread(target=_run, args=(profile,), name="rehearsal", daemon=True).start()


def _run(profile: WallProfile) -> None:
    time.sleep(FIRST_S)
    try:
        rehearse(data(), profile, lambda: time.sleep(REST_S))
    except Exception as error:  # noqa: BLE001 - without it the first alarm is slower, no more
        log.warning("not_rehearsed", profile=profile.key, error=str(error))


def rehearse(source: Data, profile: WallProfile, rest: Callable[[], None]) -> int:
    """Draw what a raised alarm of each station would show; how many were drawn."""
    now = clock.local()
    with caller.asking(caller.SCREEN):
        generation = published(source)
        ask = None if generation is None else Asking(source, now, generation)
        stations = source.thresholds.stations
        for one in stations:
            alarm = _raised(one.code, clock.now())
            chosen = Chosen(alarm, None, 1, Sound())
            facts = region(seen_of(source, alarm, chosen, ask, now), chosen)
            feed = Feed("fresh", now, demo=False)
            overlay.changes(profile, facts, feed, now)
            rest()
    return len(stations)


def _raised(station: str, now: datetime) -> Alarm:
    """An alarm that stands in no store."""
    return Alarm(
        id=0, kind=FLOOD, subject=station, rank=3, state=RAISED, drill=False, first_at=now,
        observed_at=now, raised_at=now, acknowledged_at=None, acknowledged_by=None,
        cleared_at=None, until=None, value=None, value_at=None, threshold=None,
        limit_name="warning", version=1, awaited=required(FLOOD, station, 3),
    )  # fmt: skip
