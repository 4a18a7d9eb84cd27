"""What a platform counts of a day against what we hold of it, as the daily check found it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update

from cases.schema import local
from cases.schema import reconciliation as table
from cases.store import Store, put
from config import clock
from config.clock import ZONE

DAYS: Final = 7  # compared, and read again where there is a gap
EQUAL: Final = "equal"
GAP: Final = "gap"  # we hold fewer: the next poll reads the last days again
MISSING: Final = "missing"  # fewer even after reading again: a person must ask the platform
HELD: Final = "held"  # fewer, and what is lacking lies in quarantine
SURPLUS: Final = "surplus"  # we hold more: the platform has taken rows back


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one platform."""

    key: str
    day: date
    ours: int
    theirs: int
    checked_at: datetime
    state: str
    quarantined: int = 0  # rows of this day that lie in quarantine, as far as they are lacking

    def to_json(self) -> dict[str, Any]:
        """As the API gives it."""
        at = self.checked_at.replace(tzinfo=ZONE).isoformat()
        return {**asdict(self), "day": self.day.isoformat(), "checked_at": at}


def keep(store: Store, days: Iterable[Day]) -> None:
    """Note what a check found; the newest check of a day is the one that counts."""
    with store.writing() as connection:
        for each in days:
            row = asdict(each)
            key = {"key": row.pop("key"), "day": row.pop("day").isoformat()}
            put(connection, table, key, row)


def last_checked(store: Store, key: str) -> datetime | None:
    """When a platform was checked last, local time."""
    query = select(func.max(table.c.checked_at)).where(table.c.key == key)
    with store.reading() as connection:
        moment = connection.scalar(query)
    return None if moment is None else local(moment)


def has_gap(store: Store, key: str) -> bool:
    """Whether the last days are to be read again."""
    query = select(table.c.day).where(table.c.key == key, table.c.state == GAP).limit(1)
    with store.reading() as connection:
        return connection.scalar(query) is not None


def was_read_again(store: Store, key: str) -> None:
    """The last days were read again: a gap that the next comparison still finds is missing."""
    words = update(table).where(table.c.key == key, table.c.state == GAP).values(state=MISSING)
    with store.writing() as connection:
        connection.execute(words)


def recent(store: Store, key: str | None = None, limit: int = 31) -> Sequence[Day]:
    """The newest days first, of one platform or of all."""
    query = select(table).order_by(table.c.day.desc(), table.c.key).limit(limit)
    if key is not None:
        query = query.where(table.c.key == key)
    with store.reading() as connection:
        return [
            Day(
                row.key, date.fromisoformat(row.day), row.ours, row.theirs,
                local(row.checked_at), row.state, row.quarantined,
            )
            for row in connection.execute(query)
        ]  # fmt: skip


def lacking(store: Store) -> dict[str, int]:
    """How many rows of the last days each platform counts that we do not have at all."""
    newest = (clock.local().date() - timedelta(days=DAYS)).isoformat()
    query = (
        select(table.c.key, func.sum(table.c.theirs - table.c.ours - table.c.quarantined))
        .where(table.c.state.in_((GAP, MISSING)), table.c.day >= newest)
        .group_by(table.c.key)
    )
    with store.reading() as connection:
        return {key: int(rows) for key, rows in connection.execute(query)}
