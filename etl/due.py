"""When a platform is due: by cadence, or at a time of day on every day or one weekday.

All pure. Cadences are counted on the steady clock by whoever calls; times of day and what was
missed are read off the site's clock, which may jump, so a last turn far in the future is no turn.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from config.platforms import WEEKDAYS, Platform

_DAY: Final = timedelta(days=1)
_SPREAD: Final = 0.1  # platforms of one cadence must not all ask in the same second
_WIDEST_S: Final = 30.0


def slot(platform: Platform, now: datetime) -> datetime | None:
    """The last moment up to now at which a platform with a time of day was to be asked."""
    if platform.at is None:
        return None
    moment = datetime.combine(now.date(), platform.at)
    back = 0 if platform.on is None else (now.weekday() - WEEKDAYS.index(platform.on)) % 7
    moment -= back * _DAY
    if moment > now:
        moment -= platform.every
    return moment


def is_due(platform: Platform, last: datetime | None, now: datetime) -> bool:
    """Whether a platform with a time of day is to be asked, by its last good turn.

    A turn a little ahead of now was made before the clock went back and counts; one more than a
    day ahead was made by a clock that was wrong.
    """
    moment = slot(platform, now)
    if moment is None:
        return False
    return last is None or last < moment or last > now + _DAY


def wait(last: datetime | None, last_ok: bool, every: timedelta, now: datetime) -> timedelta:
    """How long after a start the first question is due, by the last run that is on record."""
    if last is None or not last_ok:
        return timedelta(0)
    return max(timedelta(0), min(every, last + every - now))


def missed(platform: Platform, last: datetime, now: datetime) -> int:
    """How many turns went by since the last one, the one that is due now not counted."""
    moment = slot(platform, now)
    if moment is None:
        return max(0, (now - last) // platform.every - 1)
    return max(0, -((last - moment) // platform.every) - 1)


def pause(every: timedelta, dice: float) -> float:
    """Seconds until the next question: the cadence, a little earlier by a throw of 0 to 1."""
    seconds = every.total_seconds()
    return seconds - dice * min(_SPREAD * seconds, _WIDEST_S)
