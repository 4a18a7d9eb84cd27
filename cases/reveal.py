"""Open one kept row for a person who said why: read and written into the trail in one transaction.

Who may ask is the gate's policy; how often is held here, since all web workers share the count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from cases import audit, vault
from cases.errors import NotAllowed
from cases.schema import audit as trail
from cases.store import Store, real_now

MOST_AN_HOUR = 30
SHORTEST_REASON, LONGEST_REASON = 4, 200
EVENT = "reveal"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which row somebody wants opened, and why."""

    source: str
    fact: str
    key: str
    reason: str
    who: str
    role: str
    address: str


def reveal(store: Store, wish: Wish) -> dict[str, str | None]:
    """The personal columns of one row; without its row in the trail nothing is shown.

    The thirty-first within an hour is refused, and the trail notes that somebody opens many.
    """
    reason = " ".join(wish.reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        allowed = f"{SHORTEST_REASON} to {LONGEST_REASON} characters"
        raise NotAllowed(wish.key, "needs a reason", allowed)
    subject = f"{wish.source}/{wish.fact}/{wish.key}"
    since = real_now() - timedelta(hours=1)
    with store.writing() as connection:
        opened = connection.scalar(
            select(func.count())
            .select_from(trail)
            .where(
                trail.c.event == EVENT,
                trail.c.who == wish.who,
                trail.c.outcome == "ok",
                trail.c.at > since,
            )
        )
        too_many = int(opened or 0) >= MOST_AN_HOUR
        found = {} if too_many else vault.opened(connection, wish.source, wish.fact, wish.key)
        outcome = "notice" if too_many else "ok"
        detail = {"reason": reason, "columns": sorted(found)}
        entry = audit.Entry(EVENT, subject, wish.who, wish.role, wish.address, outcome, detail)
        seq, digest = audit.append(connection, entry)
    audit.note_head(store, seq, digest)
    if too_many:
        raise NotAllowed(wish.who, "opened too many", f"{MOST_AN_HOUR} an hour")
    return found
