"""Raw files that are not what was received: noted when found, shown until mended or acknowledged.

Figures may be right all the same (rows come back from the last snapshot), but a rebuild would lack
them, so a person has to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update

from cases.schema import damage as table
from cases.schema import local, utc
from cases.store import Store, put
from config.clock import ZONE

REPAIRED: Final = "repaired"
ACKNOWLEDGED: Final = "acknowledged"


@dataclass(frozen=True, slots=True)
class Damage:
    """One raw file: what is wrong with it, and how many of its rows could be saved."""

    key: str
    path: str
    found_at: datetime
    reason: str
    rescued: int
    settled_at: datetime | None = None
    settled: str | None = None
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """As `etl status --json` gives it."""
        at = self.found_at.replace(tzinfo=ZONE).isoformat()
        return {name: asdict(self)[name] for name in ("path", "reason", "rescued")} | {
            "found_at": at
        }


def note(store: Store, found: Damage) -> bool:
    """Keep what was found; True when it is news. What was acknowledged is not raised again."""
    same = (table.c.key == found.key) & (table.c.path == found.path)
    with store.writing() as connection:
        before = connection.execute(select(table).where(same)).first()
        if before is not None and before.settled != REPAIRED:
            return False
        row = asdict(found) | {"found_at": utc(found.found_at), "settled_at": None, "settled": None}
        key = {"key": row.pop("key"), "path": row.pop("path")}
        put(connection, table, key, row)
    return True


def still(store: Store, key: str | None = None) -> Sequence[Damage]:
    """What is neither mended nor acknowledged, the oldest first."""
    query = select(table).where(table.c.settled.is_(None)).order_by(table.c.found_at, table.c.path)
    if key is not None:
        query = query.where(table.c.key == key)
    with store.reading() as connection:
        return [
            Damage(**{**row._mapping, "found_at": local(row.found_at)})
            for row in connection.execute(query)
        ]


def counts(store: Store) -> dict[str, int]:
    """How many files of each platform are neither mended nor acknowledged, where any."""
    query = select(table.c.key, func.count()).where(table.c.settled.is_(None)).group_by(table.c.key)
    with store.reading() as connection:
        return {key: int(number) for key, number in connection.execute(query)}


def unmended(store: Store, key: str) -> list[str]:
    """The paths that were found damaged and not whole again since, acknowledged or not."""
    query = select(table.c.path).where(table.c.key == key, _not_repaired())
    with store.reading() as connection:
        return list(connection.scalars(query))


def repaired(store: Store, key: str, path: str, at: datetime) -> None:
    """The file is whole again."""
    words = (
        update(table)
        .where(table.c.key == key, table.c.path == path, _not_repaired())
        .values(settled=REPAIRED, settled_at=utc(at))
    )
    with store.writing() as connection:
        connection.execute(words)


def acknowledge(store: Store, key: str, at: datetime, words: str) -> int:
    """Somebody has seen all that is damaged of a platform and lets it be; how many files."""
    settle = (
        update(table)
        .where(table.c.key == key, table.c.settled.is_(None))
        .values(settled=ACKNOWLEDGED, settled_at=utc(at), note=words[:200])
    )
    with store.writing() as connection:
        return connection.execute(settle).rowcount


def _not_repaired() -> Any:
    return func.coalesce(table.c.settled, "") != REPAIRED
