"""Once a day a platform's own count of each of the last days is held against what we hold.

Where we hold fewer rows the next poll reads those days again; what is still missing after that is
shown, for a person to ask the platform. Rows that lie in quarantine did come: they are named as
such and are neither missing nor read again. Only days that are over are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

import structlog

from cases import reconciliation, runs
from cases.reconciliation import DAYS, EQUAL, GAP, HELD, MISSING, SURPLUS, Day
from cases.store import Store
from config import clock
from config.platforms import Platform
from etl import registry
from etl.errors import EtlError
from etl.held import by_day as held_by_day
from etl.loader import Loader
from etl.transports.answer import transport, wrong_total
from warehouse.ledger import count_by_day

_HOLD_DAYS: Final = ("timestamp", "date")
FROM: Final = time(3)  # by then the platforms have closed the day before
_log = structlog.get_logger("etl.reconcile")


def check(platform: Platform) -> None:
    """ConfigError when the totals of a platform cannot be compared with anything."""
    if not platform.totals:
        return
    found = transport(platform.transport)
    if not hasattr(found, "totals"):
        raise wrong_total(platform, "table", dict(platform.totals), "no totals by this transport")
    declared = registry.tables([platform.key])[platform.key]
    table, on = str(platform.totals.get("table")), platform.totals.get("on")
    if table not in declared:
        raise wrong_total(platform, "table", table, ", ".join(declared))
    days = [name for name, each in declared[table].columns.items() if each.type in _HOLD_DAYS]
    if on not in days:
        raise wrong_total(platform, "on", on, ", ".join(days))
    found.check_totals(platform)


def is_due(platform: Platform, store: Store, now: datetime) -> bool:
    """Whether today's check of a platform is still to be made; not before its first whole poll."""
    if not platform.totals or runs.last_good(store, platform.key, "poll") is None:
        return False
    last = reconciliation.last_checked(store, platform.key)
    opened = datetime.combine(now.date(), FROM)
    opened = opened if now >= opened else opened - timedelta(days=1)
    return last is None or last < opened or last > now


def compare(loader: Loader, platform: Platform, *, again: bool = False) -> list[Day]:
    """Ask the platform and count what we hold; EtlError when it does not tell.

    `again`: after reading again, when a gap that is still there is no reason for another try.
    """
    now = clock.local()
    last = now.date() - timedelta(days=1)
    first = last - timedelta(days=DAYS - 1)
    theirs: Mapping[date, int] = transport(platform.transport).totals(platform, first, last)
    table, on = platform.totals["table"], platform.totals["on"]
    span = (platform.source, first, last)
    with loader.writing(platform.key) as warehouse:
        ours = warehouse.ledger(partial(count_by_day, fact=table, on=on, span=span))
        fact = (table, loader.tables[platform.key][table])
        aside = loader.var / "quarantine" / platform.key
        held = held_by_day(warehouse, aside, fact, on, span)
    found = [
        _day(platform.key, first + timedelta(days=n), (ours, theirs, held), now, again=again)
        for n in range(DAYS)
    ]
    reconciliation.keep(loader.store, found)
    lacking = sum(
        day.theirs - day.ours - day.quarantined for day in found if day.state in (GAP, MISSING)
    )
    if lacking:
        told = "read again" if not again else "missing although read again"
        _log.warning("totals_differ", platform=platform.key, rows=lacking, effect=told)
    return found


def daily(loader: Loader, platform: Platform) -> None:
    """Today's check as a run of its own: a platform that does not tell its totals is not down."""
    run = runs.start(loader.store, platform.key, "totals")
    try:
        found = compare(loader, platform)
    except EtlError as error:
        runs.finish(loader.store, run, ok=False, error=error.what, fault=error.fault)
        raise
    runs.finish(loader.store, run, ok=True, rows_in=sum(day.theirs for day in found))


def start(platform: Platform, store: Store, cursor: str | None) -> tuple[str | None, bool]:
    """Where a poll begins, and whether it reads again because of a gap."""
    if cursor is None or not platform.totals or not reconciliation.has_gap(store, platform.key):
        return cursor, False
    return earlier(cursor, clock.local() - timedelta(days=DAYS)), True


def finish(loader: Loader, platform: Platform) -> None:
    """After reading again: what is still missing is said so, and not read a third time."""
    reconciliation.was_read_again(loader.store, platform.key)
    try:
        compare(loader, platform, again=True)
    except EtlError as error:
        _log.warning("totals_not_told", platform=platform.key, reason=error.what)


def earlier(cursor: str, moment: datetime) -> str | None:
    """The cursor, or this moment as the cursor writes its times; a version has no days: all."""
    try:
        there = datetime.fromisoformat(cursor)
    except ValueError:
        return None
    if cursor.isdecimal():
        return None
    if there.tzinfo is not None:
        moment = moment.replace(tzinfo=clock.ZONE)
    between = cursor[10:11] or "T"
    return cursor if there <= moment else moment.isoformat(between, "seconds")


def _day(
    key: str,
    day: date,
    counts: tuple[Mapping[date, int], ...],
    now: datetime,
    *,
    again: bool,
) -> Day:
    """One day judged; what lies in quarantine came, so it is not missing and not read again."""
    mine, told, held = (each.get(day, 0) for each in counts)
    held = min(held, max(0, told - mine))
    if mine + held < told:
        state = MISSING if again else GAP
    else:
        state = SURPLUS if mine > told else HELD if held else EQUAL
    return Day(key, day, mine, told, now, state, held)
