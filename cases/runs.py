"""Every run of a platform's feed, kept so that a person can see what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from cases.schema import runs
from cases.store import Store
from config import clock


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what it read, what became of the rows, how it ended."""

    id: int
    key: str
    kind: str
    started_at: datetime
    finished_at: datetime | None
    ok: bool | None
    rows_in: int
    loaded: int
    unchanged: int
    quarantined: int
    error: str | None


def start(store: Store, key: str, kind: str) -> int:
    """Note that a run began; the number is what `finish` wants."""
    row = {"key": key, "kind": kind, "started_at": clock.now()}
    with store.writing() as connection:
        made = connection.execute(insert(runs).values(**row)).inserted_primary_key
        assert made is not None
        return int(made[0])


def finish(  # noqa: PLR0913 - every count has a name at the call
    store: Store,
    run_id: int,
    *,
    ok: bool,
    rows_in: int = 0,
    loaded: int = 0,
    unchanged: int = 0,
    quarantined: int = 0,
    error: str | None = None,
) -> None:
    """Note how a run ended."""
    row = {
        "finished_at": clock.now(),
        "ok": ok,
        "rows_in": rows_in,
        "loaded": loaded,
        "unchanged": unchanged,
        "quarantined": quarantined,
        "error": error,
    }
    with store.writing() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(**row))


def recent(store: Store, key: str | None = None, limit: int = 20) -> Sequence[Run]:
    """The newest runs first, of one platform or of all."""
    query = select(runs).order_by(runs.c.id.desc()).limit(limit)
    if key is not None:
        query = query.where(runs.c.key == key)
    with store.reading() as connection:
        return [Run(**row._mapping) for row in connection.execute(query)]
