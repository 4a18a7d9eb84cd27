"""A new screen shows a code for five minutes; whoever may types it in, and the screen is known.

A code belongs to the key pair of the browser that shows it: somebody who reads the code from the
wall gains nothing by it.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.exc import IntegrityError

from cases import attempts, devices
from cases.errors import NotAllowed, NotKnown
from cases.schema import devices as device_table
from cases.schema import pairings
from cases.store import Store, real_now

LIFE: Final = timedelta(minutes=5)
MOST: Final = 10  # codes that may wait at a time
LENGTH: Final = 8
ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another from far
NAME_LENGTH: Final = 40
UNKNOWN: Final = "code that waits: type the one that the screen shows now, within five minutes"


@dataclass(frozen=True, slots=True)
class Pending:
    """A code that waits, and until when."""

    code: str
    until: datetime
    address: str
    agent: str

    @property
    def seconds(self) -> int:
        """How long it is still good."""
        return max(0, int((self.until - real_now()).total_seconds()))


def begin(store: Store, public_key: bytes, address: str, agent: str) -> Pending | float:
    """The code of this browser, a new one where it has none; else how many seconds to wait."""
    held = base64.b64encode(public_key).decode()
    now = real_now()
    with store.writing() as connection:
        connection.execute(delete(pairings).where(pairings.c.expires_at <= now))
        row = connection.execute(select(pairings).where(pairings.c.public_key == held)).first()
        if row is not None:
            return Pending(row.code, row.expires_at, row.address, row.agent)
        first, many = connection.execute(
            select(func.min(pairings.c.expires_at), func.count()).select_from(pairings)
        ).one()
    if many >= MOST:
        return max(1.0, float((first - now).total_seconds()))
    wait = attempts.take(store, (f"pair:{address}",))
    if wait:
        return wait
    made = Pending(_code(), now + LIFE, address[:64], agent[:200])
    row_values = {
        "public_key": held,
        "code": made.code,
        "expires_at": made.until,
        "address": made.address,
        "agent": made.agent,
    }
    try:
        with store.writing() as connection:
            connection.execute(insert(pairings).values(**row_values))
    except IntegrityError:  # two windows of one browser at the same moment
        return 1.0
    return made


def waiting(store: Store) -> list[Pending]:
    """The codes that wait now, oldest first."""
    query = select(pairings).where(pairings.c.expires_at > real_now())
    with store.reading() as connection:
        rows = connection.execute(query.order_by(pairings.c.expires_at)).all()
    return [Pending(row.code, row.expires_at, row.address, row.agent) for row in rows]


def approve(  # noqa: PLR0913 - the record of a screen
    store: Store,
    typed: str,
    name: str,
    by: str,
    profile: str = "",
    output: int | None = None,
    scenes: Sequence[str] = (),
    addresses: Sequence[str] = (),
) -> devices.Device:
    """Make the browser that shows this code a screen of the wall.

    NotKnown for a code that does not wait, NotAllowed for a name that is empty or taken, or after
    too many wrong codes.
    """
    called = name.strip()
    if not 0 < len(called) <= NAME_LENGTH:
        raise NotAllowed(called or "(empty)", "names no screen", f"1 to {NAME_LENGTH} characters")
    code = "".join(each for each in typed.upper() if each.isalnum())
    guesses = f"pair-code:{by}"
    wait = attempts.take(store, (guesses,))
    if wait:
        raise NotAllowed(code, "comes after too many wrong codes", f"in {wait:.0f} s")
    with store.writing() as connection:
        wanted = (pairings.c.code == code, pairings.c.expires_at > real_now())
        row = connection.execute(select(pairings).where(*wanted)).first()
        if row is None:
            raise NotKnown(UNKNOWN, code)
        same = device_table.c.name == called, device_table.c.revoked_at.is_(None)
        if connection.scalar(select(exists().where(*same))):
            raise NotAllowed(called, "is the name of another screen", "another name")
        connection.execute(delete(pairings).where(pairings.c.code == code))
        number = devices.add(
            connection, called, row.public_key, by, profile, output, scenes, addresses
        )
    attempts.forget(store, guesses)
    made = devices.by_id(store, number)
    assert made is not None
    return made


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
