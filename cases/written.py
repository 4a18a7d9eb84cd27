"""What is asked of the case store ten times a second and changes once an hour.

SQLite tells by a number whether any other connection has written (`PRAGMA data_version`), for a
seventieth of what the smallest question costs. PostgreSQL has none and is asked each time.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from cases.store import Store

T = TypeVar("T")


class UntilWritten(Generic[T]):
    """An answer of a store that stands until somebody has written; safe to use from many threads.

    It looks through a connection of its own, which never writes.
    """

    def __init__(self, store: Store, ask: Callable[[Store], T]) -> None:
        self.store = store
        self._ask = ask
        self._lock = threading.Lock()
        self._looking: Any = None
        self._known: tuple[int | None, T] | None = None

    def answer(self) -> T:
        """What the store says now."""
        if not self.store.is_sqlite:
            return self._ask(self.store)
        with self._lock:
            written = self._written()  # before asking: what is written meanwhile is asked again
            if written is None or self._known is None or self._known[0] != written:
                self._known = written, self._ask(self.store)
            return self._known[1]

    def _written(self) -> int | None:
        """Another number after each write; None when it cannot be had, and asking says why."""
        try:
            if self._looking is None:
                self._looking = self.store.engine.raw_connection()
            return int(self._looking.cursor().execute("PRAGMA data_version").fetchone()[0])
        except (sqlite3.Error, SQLAlchemyError):
            self._looking = None
            return None
