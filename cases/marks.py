"""Single words that outlive a restart: how far something got, when it was last done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from cases.schema import marks, utc
from cases.store import Store, put


def read(store: Store, name: str) -> str | None:
    """The word under a name, or None."""
    with store.reading() as connection:
        found = connection.scalar(select(marks.c.value).where(marks.c.name == name))
    return None if found is None else str(found)


def write(store: Store, name: str, value: str, at: datetime) -> None:
    """Keep a word under a name."""
    with store.writing() as connection:
        put(connection, marks, {"name": name}, {"value": value, "at": utc(at)})
