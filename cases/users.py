"""Who may enter: names, roles, passwords (argon2id).

At most two passwords are hashed at the same time, and one of those who acknowledge an alarm, so
that guessing cannot eat the machine; an unknown name takes as long as a known one.
"""

from __future__ import annotations

import json
import re
import secrets
import string
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from cases import sessions
from cases.errors import NotAllowed, NotKnown
from cases.guesses import guessable
from cases.schema import users
from cases.store import Store, real_now

ROLES = ("leader", "seat", "unit", "wall", "admin", "auditor")
NARROW = ("seat", "unit")  # roles that have units and villages of their own
SHORTEST = 10
LONGEST = 128
REMEMBERED = 5
SEAT_STAYS = "is a seat, which acknowledges alarms by a password of its own"
OUTSIDE_SEAT = "logs in at the provider; a seat acknowledges alarms by its own password"
PASSWORD_AGE = timedelta(days=90)
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
_HASHING = threading.BoundedSemaphore(2)
# whoever acknowledges an alarm never waits behind those who log in
CONFIRMING = threading.BoundedSemaphore(1)
_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"


@dataclass(frozen=True, slots=True)
class User:
    """One account."""

    id: int
    name: str
    role: str
    password_at: datetime
    created_at: datetime
    disabled_at: datetime | None
    units: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    must_change: bool = False
    has_factor: bool = False
    login_by: str = "own"

    def password_expired(self, now: datetime | None = None) -> bool:
        """Whether the password must be changed first; never where it is not used."""
        old = (now or real_now()) - self.password_at > PASSWORD_AGE
        return self.role != "wall" and self.login_by == "own" and (old or self.must_change)


def add(
    store: Store,
    name: str,
    role: str,
    password: str,
    *,
    units: Sequence[str] = (),
    villages: Sequence[str] = (),
    one_time: bool = False,
) -> User:
    """A new account; NotAllowed names what is wrong with name, role, units or password."""
    if not _NAME.fullmatch(name):
        raise NotAllowed(
            name or "(empty)",
            "cannot be a user name",
            "2 to 32 of a-z, 0-9, dot, line and underline, first a letter",
        )
    _check_role(role)
    check_own(role, units, villages)
    check_password(name, password)
    now = real_now()
    row = {
        "name": name,
        "role": role,
        "password_hash": _hash(password),
        "password_at": now,
        "former_hashes": "[]",
        "created_at": now,
        "units": json.dumps(list(units), ensure_ascii=False),
        "villages": json.dumps(list(villages), ensure_ascii=False),
        "must_change": one_time,
    }
    try:
        with store.writing() as connection:
            connection.execute(insert(users).values(**row))
    except IntegrityError:
        raise NotAllowed(name, "is taken", "another name, or: user password NAME") from None
    return find(store, name)


def authenticate(
    store: Store, name: str, password: str, lane: threading.BoundedSemaphore = _HASHING
) -> User | None:
    """The account that this password opens, or None; takes the same time for any name."""
    with store.reading() as connection:
        row = connection.execute(select(users).where(users.c.name == name)).first()
    good = _verify(_unknown_hash() if row is None else row.password_hash, password, lane)
    if row is None or not good or row.disabled_at is not None or row.login_by != "own":
        return None
    return _user(row)


def find(store: Store, name: str) -> User:
    """The account of this name; NotKnown lists the names there are."""
    with store.reading() as connection:
        return _user(_row(connection, name))


def everyone(store: Store) -> Sequence[User]:
    """All accounts by name."""
    with store.reading() as connection:
        return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]


def set_password(store: Store, name: str, password: str, *, one_time: bool = False) -> None:
    """A new password, not one of the last five; ends all sessions of the account.

    One that somebody else knows is good for one login, at which it must be changed.
    """
    check_password(name, password)
    with store.reading() as connection:
        row = _row(connection, name)
    former = [row.password_hash, *json.loads(row.former_hashes)][:REMEMBERED]
    if any(_verify(old, password) for old in former):
        raise NotAllowed(name, "had this password before", f"not one of the last {REMEMBERED}")
    values = {
        "password_hash": _hash(password),
        "password_at": real_now(),
        "former_hashes": json.dumps(former),
        "must_change": one_time,
    }
    _change(store, name, values)


def set_role(
    store: Store,
    name: str,
    role: str,
    units: Sequence[str] = (),
    villages: Sequence[str] = (),
) -> None:
    """Another role, with the units and villages that are its own; ends the account's sessions."""
    _check_role(role)
    check_own(role, units, villages)
    values = {
        "role": role,
        "units": json.dumps(list(units), ensure_ascii=False),
        "villages": json.dumps(list(villages), ensure_ascii=False),
    }
    if role == "seat" and find(store, name).login_by != "own":
        raise NotAllowed(name, OUTSIDE_SEAT, "first: user login NAME own")
    _change(store, name, values)


def disable(store: Store, name: str) -> None:
    """Shut an account and end its sessions; it stays in the list."""
    _change(store, name, {"disabled_at": real_now()})


def enable(store: Store, name: str) -> None:
    """Open a shut account again."""
    _change(store, name, {"disabled_at": None})


def check_password(name: str, password: str) -> None:
    """NotAllowed unless long enough, of three kinds, without the name and not easily guessed."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    used = sum(any(char in kind for char in password) for kind in kinds)
    used += any(char not in "".join(kinds) for char in password)
    rule = (
        f"{SHORTEST} to {LONGEST} characters, three of: small and capital letters, digits, others"
    )
    if not SHORTEST <= len(password) <= LONGEST or used < 3:
        raise NotAllowed(name, "this password is too weak", rule)
    if name.lower() in password.lower():
        raise NotAllowed(name, "the password must not contain the user name", rule)
    if guessable(password):
        raise NotAllowed(name, "this password is among those tried first", "a phrase of your own")


def generate_password() -> str:
    """Sixteen characters in four groups, none easily mistaken for another."""
    while True:
        alphabet = _LETTERS + _CAPITALS + _DIGITS
        groups = ["".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4)]
        text = "".join(groups)
        if all(set(text) & set(kind) for kind in (_LETTERS, _CAPITALS, _DIGITS)):
            return "-".join(groups)


def _change(store: Store, name: str, values: dict[str, Any]) -> None:
    with store.writing() as connection:
        row = _row(connection, name)
        connection.execute(update(users).where(users.c.id == row.id).values(**values))
        sessions.end_all(connection, row.id)


def check_own(role: str, units: Sequence[str], villages: Sequence[str]) -> None:
    """NotAllowed unless the role may have units and villages, and a unit's user has one."""
    own = [*units, *villages]
    if own and role not in NARROW:
        raise NotAllowed(role, "has no units or villages", f"only {' and '.join(NARROW)} have")
    if role == "unit" and not own:
        raise NotAllowed(role, "has neither unit nor village", "at least one of them")
    if any(not each.strip() or len(each) > 64 for each in own):
        raise NotAllowed(role, "has a unit or village without a name", "names as in site.toml")


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise NotAllowed(role or "(empty)", "is no role", ", ".join(ROLES))


def _row(connection: Connection, name: str) -> Any:
    row = connection.execute(select(users).where(users.c.name == name)).first()
    if row is None:
        raise NotKnown("user", name, connection.scalars(select(users.c.name)))
    return row


def _user(row: Any) -> User:
    return User(
        id=row.id,
        name=row.name,
        role=row.role,
        password_at=row.password_at,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        units=tuple(json.loads(row.units)),
        villages=tuple(json.loads(row.villages)),
        must_change=row.must_change,
        has_factor=row.totp_sealed is not None,
        login_by=row.login_by,
    )


def _hash(password: str) -> str:
    with _HASHING:
        return _HASHER.hash(password)


def _verify(hashed: str, password: str, lane: threading.BoundedSemaphore = _HASHING) -> bool:
    with lane:
        try:
            return _HASHER.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


@lru_cache(maxsize=1)
def _unknown_hash() -> str:
    return _hash(secrets.token_urlsafe(16))
