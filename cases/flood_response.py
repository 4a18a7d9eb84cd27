"""防汛应急响应: which level is in force, as the flood headquarters decided and somebody wrote down.

A response is no warning: it is started, changed and ended by decision, never by a water level. The
product proposes a level and writes down what was decided, with the paper it rests on, by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, insert, select

from cases import audit
from cases.alarm_rows import one_line
from cases.audit import Entry
from cases.errors import NotAllowed
from cases.schema import flood_responses, utc
from cases.store import Store

ENDED: Final = 0
LEVELS: Final = (1, 2, 3, 4, ENDED)
SHORTEST, LONGEST = 4, 100  # characters of what a decision rests on


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: the level from then on (0: no response any more), on what paper, by whom."""

    at: datetime
    level: int
    basis: str
    by_name: str

    @property
    def is_on(self) -> bool:
        """Whether a response is in force by it."""
        return self.level != ENDED


def version(store: Store) -> int:
    """Another number after each decision."""
    with store.reading() as connection:
        return connection.scalar(select(func.max(flood_responses.c.id))) or 0


def latest(store: Store) -> Decision | None:
    """What holds; None where nobody has ever written a decision down."""
    return next(iter(recent(store, 1)), None)


def recent(store: Store, limit: int = 20) -> list[Decision]:
    """The last decisions, the newest first."""
    c = flood_responses.c
    query = select(c.at, c.level, c.basis, c.by_name).order_by(c.id.desc()).limit(limit)
    with store.reading() as connection:
        return [Decision(*row) for row in connection.execute(query)]


def decide(store: Store, level: int, basis: str, now: datetime, who: Entry) -> Decision:
    """Write a decision down with its row of the trail; what holds already is refused.

    `who` says name, role and address; what was done is filled in here.
    """
    said = one_line(basis, LONGEST + 1)
    if level not in LEVELS:
        raise NotAllowed("应急响应", "没有这个级别", "Ⅰ至Ⅳ级、终止")
    if not SHORTEST <= len(said) <= LONGEST:
        raise NotAllowed("应急响应", "请写明依据", f"文号或通知，{SHORTEST} 至 {LONGEST} 字")
    made = Decision(utc(now), level, said, who.who)
    newest = select(flood_responses.c.level).order_by(flood_responses.c.id.desc()).limit(1)
    with store.writing() as connection:
        if (connection.scalar(newest) or ENDED) == level:
            raise NotAllowed("应急响应", "现在就是这样", "另一级别")
        row = {"at": made.at, "level": level, "basis": said, "by_name": made.by_name}
        connection.execute(insert(flood_responses).values(**row))
        detail = {"level": level, "basis": said}
        head = audit.append(connection, replace(who, event="flood_response", detail=detail))
    audit.note_head(store, *head)
    return made
