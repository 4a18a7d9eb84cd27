"""Open what is kept of one case for a person who said why, with its row in the trail.

Both happen in one transaction. The steps of a case, such as the handlers of an enforcement, are
kept in rows of their own and opened with it.

Who may ask is the gate's policy; how often is held here, since all web workers share the count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, func, select

from cases import audit, vault
from cases.errors import NotAllowed, NotKnown
from cases.schema import audit as trail
from cases.store import Store, real_now

MOST_AN_HOUR = 30
SHORTEST_REASON, LONGEST_REASON = 4, 200
EVENT = "reveal"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which case somebody wants opened, and why; `places` are fact and key of its kept rows."""

    source: str
    places: Sequence[tuple[str, str]]
    reason: str
    who: str
    role: str
    address: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The personal columns of one row of a case."""

    fact: str
    key: str
    columns: Mapping[str, str | None]


def reveal(store: Store, wish: Wish) -> list[Kept]:
    """What is kept of a case, row by row; without its row in the trail nothing is shown.

    The thirty-first within an hour is refused, and the trail notes that somebody opens many.
    """
    reason = " ".join(wish.reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        allowed = f"{SHORTEST_REASON} to {LONGEST_REASON} characters"
        raise NotAllowed(wish.places[0][1], "needs a reason", allowed)
    subject = "/".join((wish.source, *wish.places[0]))
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
        found = [] if too_many else _opened(connection, wish)
        outcome = "notice" if too_many else "ok"
        detail = {
            "reason": reason,
            "columns": sorted({name for each in found for name in each.columns}),
            "rows": len(found),
        }
        entry = audit.Entry(EVENT, subject, wish.who, wish.role, wish.address, outcome, detail)
        seq, digest = audit.append(connection, entry)
    audit.note_head(store, seq, digest)
    if too_many:
        raise NotAllowed(wish.who, "opened too many", f"{MOST_AN_HOUR} an hour")
    return found


def _opened(connection: Connection, wish: Wish) -> list[Kept]:
    """The rows of a case of which something is kept; NotKnown when nothing is."""
    found = []
    for fact, key in wish.places:
        with suppress(NotKnown):
            found.append(Kept(fact, key, vault.opened(connection, wish.source, fact, key)))
    if not found:
        raise NotKnown("kept row", "/".join((wish.source, *wish.places[0])))
    return found
