"""A value of a database as text, the same from each: local times in ISO, bytes in hex."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from typing import Any

from config.clock import ZONE


def as_text(value: Any) -> str | None:
    """One value; NULL stays None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        local = value.astimezone(ZONE).replace(tzinfo=None) if value.tzinfo else value
        return local.isoformat()
    if isinstance(value, date | clock_time):
        return value.isoformat()
    if isinstance(value, timedelta):  # MariaDB's TIME
        return _span(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex().upper()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def _span(value: timedelta) -> str:
    minus, seconds = ("-", -value) if value < timedelta(0) else ("", value)
    whole = seconds // timedelta(seconds=1)
    rest = f".{seconds.microseconds:06d}" if seconds.microseconds else ""
    return f"{minus}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{rest}"
