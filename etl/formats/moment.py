"""Dates and times as people and exports write them, brought to one ISO shape of local time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Asia/Shanghai")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # day 0 of Excel's 1900 system
_LOOSE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(上午|下午|中午)?\s*(\d{1,2})\s*(?:[时点]整?|[:\uff1a时点]\s*(\d{1,2})\s*分?"
    r"(?:[:\uff1a]?\s*(\d{1,2})(?:\.(\d{1,6})\d*)?)?秒?)\s*([AaPp][Mm])?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?|\d{9}(?:\d{3})?")
_UTC: Final = ("Z", "UTC", "GMT")


def iso(value: str) -> str | None:
    """A loosely written date or time as ISO local time of Shanghai; None when it is none.

    A date without a clock is midnight; 24:00 is the next midnight; a time with a zone is
    converted; a bare five-digit number is Excel's day count, 8 or 14 digits are a date run
    together, 10 or 13 (9 or 12 before September 2001) are seconds or milliseconds since 1970.
    """
    if len(value) == 19 and value[4] == "-" and value[13] == ":":  # what most platforms send
        try:
            return datetime.fromisoformat(value).isoformat()
        except ValueError:
            pass
    value = value.strip()
    match = _LOOSE.fullmatch(value)
    if match is None:
        return _digits(value)
    year, month, day, half, hour, minute, second, fraction, meridiem, zone = match.groups()
    try:
        moment = datetime(int(year), int(month), int(day)) + timedelta(
            hours=_hour(hour, minute, second, half or meridiem),
            minutes=_below(minute, 60),
            seconds=_below(second, 60),
            microseconds=int((fraction or "0").ljust(6, "0")),
        )
        if zone:
            offset = "+00:00" if zone in _UTC else zone
            aware = datetime.fromisoformat(moment.isoformat() + offset)
            moment = aware.astimezone(_ZONE).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat()


def _hour(hour: str | None, minute: str | None, second: str | None, half: str | None) -> int:
    """The hour of the day; 24 only as the midnight that ends it."""
    found = int(hour or 0)
    if half is not None:
        if not 1 <= found <= 12 and half in ("AM", "PM", "am", "pm"):
            raise ValueError(found)
        is_late = half in ("下午", "中午", "PM", "pm", "Pm", "pM")
        if is_late and found < 12:
            # 中午 is said of 11 as well as of 1
            found += 0 if half == "中午" and found >= 10 else 12
        elif not is_late and found == 12:
            found = 0
    if found > 24 or (found == 24 and (int(minute or 0) or int(second or 0))):
        raise ValueError(found)
    return found


def _below(value: str | None, limit: int) -> int:
    found = int(value or 0)
    if found >= limit:
        raise ValueError(found)
    return found


def by_shapes(value: str, shapes: list[str]) -> str | None:
    """A time in the first of the given strptime shapes that fits, as ISO; None when none does."""
    for shape in shapes:
        try:
            return datetime.strptime(value, shape).isoformat()
        except ValueError:
            continue
    return None


def _digits(value: str) -> str | None:
    """A time in nothing but digits; how many there are says what they count."""
    compact = _COMPACT.fullmatch(value)
    try:
        if compact is not None:
            return datetime(*(int(part or 0) for part in compact.groups())).isoformat()  # type: ignore[arg-type]
        if _SERIAL.fullmatch(value):
            return (_EXCEL_EPOCH + timedelta(seconds=round(float(value) * 86400))).isoformat()
        if _EPOCH.fullmatch(value):
            size = 1000 if len(value) > 10 else 1
            whole, rest = divmod(int(value), size)
            moment = datetime.fromtimestamp(whole, _ZONE).replace(tzinfo=None)
            return (moment + timedelta(milliseconds=rest)).isoformat()
    except (ValueError, OverflowError):
        return None
    return None
