"""Whose turn it is to watch: one process at a time, decided by the store.

Who has the turn renews it at each look. One that was killed renews it no more, and the next process
that asks after the lapse takes it. Counted in real time, as signs of life are.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, delete, select

from cases.schema import marks
from cases.store import Store, put, real_now

LAPSE: Final = timedelta(seconds=15)  # three looks of five seconds
_NAME: Final = "watching"


class Turn:
    """One process's claim to the watch."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.name = f"{os.getpid()}.{secrets.token_hex(4)}"  # numbers of processes come again

    def is_mine(self) -> bool:
        """Take or renew the turn; False while another process has it."""
        with self._store.reading() as connection:
            if not self._may(connection):
                return False
        with self._store.writing() as connection:
            if not self._may(connection):  # another one was quicker
                return False
            put(connection, marks, {"name": _NAME}, {"value": self.name, "at": real_now()})
        return True

    def give_back(self) -> None:
        """Let the next one have it at once; nothing where it is another's."""
        query = delete(marks).where(marks.c.name == _NAME, marks.c.value == self.name)
        with self._store.writing() as connection:
            connection.execute(query)

    def _may(self, connection: Connection) -> bool:
        query = select(marks.c.value, marks.c.at).where(marks.c.name == _NAME)
        row = connection.execute(query).first()
        if row is None or row.value == self.name:
            return True
        return bool(abs(real_now() - row.at) > LAPSE)  # one from the future: the clock was put back
