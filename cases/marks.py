"""Single words that outlive a restart: how far something got, when it was last done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import select

from cases.schema import marks, utc
from cases.store import Store, put

_FACTS: Final = "facts"


def read(store: Store, name: str) -> str | None:
    """The word under a name, or None."""
    with store.reading() as connection:
        found = connection.scalar(select(marks.c.value).where(marks.c.name == name))
    return None if found is None else str(found)


def write(store: Store, name: str, value: str, at: datetime) -> None:
    """Keep a word under a name."""
    with store.writing() as connection:
        put(connection, marks, {"name": name}, {"value": value, "at": utc(at)})


def name_facts(store: Store, labels: Mapping[str, str], at: datetime) -> None:
    """Keep what people call the facts, as the platform modules declare it."""
    text = json.dumps(dict(labels), ensure_ascii=False, sort_keys=True)
    if read(store, _FACTS) != text:
        write(store, _FACTS, text, at)


def fact_names(store: Store) -> dict[str, str]:
    """What people call each fact; a fact that was never named is left out."""
    return dict(json.loads(read(store, _FACTS) or "{}"))
