"""Failed logins: at most ten in a quarter of an hour per account and per address, with back-off.

Nobody is locked out for good: the count runs out by itself, and an account's tries from a place
it has logged in from before are counted apart from those of strangers. All web workers share it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, text

from cases.schema import attempts
from cases.store import Store

MOST = 10
WINDOW_S = 15 * 60
FREE = 3  # tries before the waiting begins
LONGEST_WAIT_S = 60
_LOCK = 7_405_214  # any fixed number: PostgreSQL counts one try at a time


def take(
    store: Store, keys: Sequence[str], now: float | None = None, longest: float | None = None
) -> float:
    """Note one try under every key and give 0, or note nothing and give the seconds to wait.

    `longest` bounds the waiting where nobody may be kept out, not even for a while.
    """
    moment = time.time() if now is None else now
    with store.writing() as connection:
        if not store.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
        connection.execute(delete(attempts).where(attempts.c.at <= moment - WINDOW_S))
        wait = max(_wait(connection, key, moment, longest) for key in keys)
        if wait <= 0:
            connection.execute(insert(attempts), [{"key": key, "at": moment} for key in keys])
    return max(wait, 0)


def succeeded(store: Store, account: str, address: str) -> None:
    """A try went well: forget the account's failures and take this one off the address."""
    newest = select(func.max(attempts.c.id)).where(attempts.c.key == address).scalar_subquery()
    with store.writing() as connection:
        connection.execute(delete(attempts).where(attempts.c.key == account))
        connection.execute(delete(attempts).where(attempts.c.id == newest))


def forget(store: Store, key: str) -> None:
    """A try under a key went well: its failures count no more."""
    with store.writing() as connection:
        connection.execute(delete(attempts).where(attempts.c.key == key))


def _wait(connection: Connection, key: str, now: float, longest: float | None) -> float:
    tries, first, last = connection.execute(
        select(func.count(), func.min(attempts.c.at), func.max(attempts.c.at)).where(
            attempts.c.key == key
        )
    ).one()
    if tries >= MOST and longest is None:
        return float(first + WINDOW_S - now)
    if tries < FREE:
        return 0.0
    return float(last + min(2 ** (tries - FREE), longest or LONGEST_WAIT_S) - now)
