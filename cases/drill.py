"""演练: an alarm of a station that never was, marked as such wherever it is shown, with an end.

It stands beside the real alarm of the station and disturbs it in nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cases import alarms, audit, raising
from cases.alarm import FLOOD, Alarm
from cases.alarm_rows import audited, changing, one_line
from cases.errors import NotAllowed, NotKnown
from cases.flood import limits
from cases.raising import Facts
from cases.schema import local
from cases.store import Store
from config.thresholds import load_thresholds

LONGEST: Final = timedelta(hours=4)
NOTE: Final = "演练"


def start(
    store: Store, station: str, limit: str, lasts: timedelta, by: str, now: datetime
) -> Alarm:
    """Raise a drill; NotKnown for a station or a limit that there is none of."""
    thresholds = load_thresholds()
    codes = {each.code: each.name for each in thresholds.stations}
    code = next((c for c, name in codes.items() if station in (c, name)), None)
    if code is None:
        raise NotKnown("station", station, [f"{c} {name}" for c, name in codes.items()])
    if not by.strip():
        raise NotAllowed(NOTE, "须署名", "操作人姓名")
    if not timedelta(minutes=1) <= lasts <= LONGEST:
        raise NotAllowed(NOTE, "时长不合适", "1 到 240 分钟")
    levels = thresholds.levels_at(code, local(now).date())
    margin = thresholds.near_margin(thresholds.station(code))
    known = {} if levels is None else limits(levels, margin)
    if limit not in known:
        raise NotKnown("limit", limit, known)
    facts = Facts(
        kind=FLOOD,
        subject=code,
        now=now,
        observed_at=now,
        received_at=now,
        rank=thresholds.alarms.rank(FLOOD, limit),
        limit_name=limit,
        threshold=known[limit],
        value=round(known[limit] + 0.08, 3),
        note=f"{NOTE}，{one_line(by, 64)}",
    )
    with changing(store) as connection:
        if raising.current(connection, FLOOD, code, drill=True) is not None:
            raise NotAllowed(codes[code], "已有演练在进行", "等它结束，或另选一站")
        number = raising.start(connection, facts, is_raised=True, drill_until=now + lasts)
        minutes = str(round(lasts.total_seconds() / 60))
        detail = {"station": code, "limit": limit, "minutes": minutes}
        head = audited(connection, "alarm.drill", str(number), by, detail)
    audit.note_head(store, *head)
    return alarms.alarm(store, number)
