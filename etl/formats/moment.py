"""Dates and times as people and exports write them, brought to one ISO shape of local time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Asia/Shanghai")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # day 0 of Excel's 1900 system
_LOOSE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:\uff1a时]\s*(\d{1,2})\s*分?(?:[:\uff1a]?\s*(\d{1,2})(?:\.(\d{1,6})\d*)?)?秒?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?"
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")


def iso(value: str) -> str | None:
    """A loosely written date or time as ISO local time of Shanghai; None when it is none.

    A date without a clock is midnight; 24:00 is the next midnight; a time with a zone is
    converted; a bare five-digit number is Excel's day count.
    """
    if len(value) == 19 and value[4] == "-" and value[13] == ":":  # what most platforms send
        try:
            return datetime.fromisoformat(value).isoformat()
        except ValueError:
            pass
    match = _LOOSE.fullmatch(value.strip())
    if match is None:
        return _serial(value.strip())
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    midnight_after = hour == "24" and int(minute) == 0 and int(second or 0) == 0
    try:
        moment = datetime(
            int(year),
            int(month),
            int(day),
            0 if midnight_after else int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")),
        )
        if midnight_after:
            moment += timedelta(days=1)
        if zone:
            aware = datetime.fromisoformat(moment.isoformat() + zone)
            moment = aware.astimezone(_ZONE).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat()


def by_shapes(value: str, shapes: list[str]) -> str | None:
    """A time in the first of the given strptime shapes that fits, as ISO; None when none does."""
    for shape in shapes:
        try:
            return datetime.strptime(value, shape).isoformat()
        except ValueError:
            continue
    return None


def _serial(value: str) -> str | None:
    if _SERIAL.fullmatch(value) is None:
        return None
    return (_EXCEL_EPOCH + timedelta(seconds=round(float(value) * 86400))).isoformat()
