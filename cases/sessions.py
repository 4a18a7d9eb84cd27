"""Sessions of people and screens: random, kept only as a hash, ended at once from here.

Time-outs are real time. Only keys and pointer count as activity, so a page that refreshes itself
does not keep its session alive; a wall's screen has nobody at it and never falls idle.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, exists, insert, or_, select, update

from cases.schema import sessions, users
from cases.store import Store, real_now

IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=12)
WALL_LIFE = timedelta(days=400)
ASLEEP_FOR = timedelta(days=3)  # a desk that only fell idle still counts and sounds
KNOWN_FOR = timedelta(days=90)
DESK_FOR = timedelta(days=14)  # where a seat has logged in, alarms are acknowledged by name
_TOUCH_EVERY = timedelta(seconds=20)
# asked with each request and by each open socket: putting it together takes longer than asking it
_FOUND = (
    select(
        sessions,
        users.c.name,
        users.c.role.label("role_now"),
        users.c.password_at,
        users.c.units,
        users.c.villages,
        users.c.must_change,
        users.c.login_by,
        users.c.totp_sealed.is_not(None).label("has_factor"),
    )
    .join(users, users.c.id == sessions.c.user_id)
    .where(
        sessions.c.id_hash == bindparam("id"),
        sessions.c.revoked_at.is_(None),
        users.c.disabled_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Session:
    """A valid session and whose it is."""

    id_hash: str
    user_id: int
    name: str
    role: str
    password_at: datetime
    created_at: datetime
    active_at: datetime
    expires_at: datetime
    units: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    must_change: bool = False
    has_factor: bool = False
    login_by: str = "own"


def start(store: Store, user_id: int, role: str, address: str = "", agent: str = "") -> str:
    """A new session; the returned id goes into the cookie and is kept nowhere else."""
    session_id = secrets.token_urlsafe(32)
    now = real_now()
    row = {
        "id_hash": _hash(session_id),
        "user_id": user_id,
        "role": role,
        "created_at": now,
        "active_at": now,
        "expires_at": now + (WALL_LIFE if role == "wall" else LIFE),
        "address": address[:64],
        "agent": agent[:200],
    }
    with store.writing() as connection:
        connection.execute(delete(sessions).where(sessions.c.expires_at < now - KNOWN_FOR))
        connection.execute(insert(sessions).values(**row))
    return session_id


def find(store: Store, session_id: str, now: datetime | None = None) -> Session | None:
    """The session of this id while it is valid: not ended, idle, over, or of another role."""
    moment = now or real_now()
    with store.reading() as connection:
        row = connection.execute(_FOUND, {"id": _hash(session_id)}).first()
    if row is None or row.role_now != row.role or moment >= row.expires_at:
        return None
    if row.role != "wall" and moment - row.active_at > IDLE:
        return None
    return Session(
        id_hash=row.id_hash,
        user_id=row.user_id,
        name=row.name,
        role=row.role,
        password_at=row.password_at,
        created_at=row.created_at,
        active_at=row.active_at,
        expires_at=row.expires_at,
        units=tuple(json.loads(row.units)),
        villages=tuple(json.loads(row.villages)),
        must_change=row.must_change,
        has_factor=bool(row.has_factor),
        login_by=row.login_by,
    )


def was(store: Store, session_id: str, now: datetime | None = None) -> tuple[str, int]:
    """Role and owner of a session that is valid, or fell idle or came to its end within three days.

    Nobody's is one that somebody ended, of a shut account or of another role by now: a desk that
    only fell asleep may go on counting and sounding, and nothing else (dashboard/gate/locked.py).
    """
    query = (
        select(
            sessions.c.role,
            sessions.c.user_id,
            sessions.c.active_at,
            users.c.role.label("role_now"),
        )
        .join(users, users.c.id == sessions.c.user_id)
        .where(
            sessions.c.id_hash == _hash(session_id),
            sessions.c.revoked_at.is_(None),
            users.c.disabled_at.is_(None),
        )
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None or row.role_now != row.role:
        return "", 0
    asleep = (now or real_now()) - row.active_at
    return (str(row.role), int(row.user_id)) if asleep <= ASLEEP_FOR else ("", 0)


def still(store: Store, user_id: int, since: datetime) -> str:
    """The role of an account that is open and has had its password since a moment, or nothing."""
    query = select(users.c.role).where(
        users.c.id == user_id, users.c.disabled_at.is_(None), users.c.password_at <= since
    )
    with store.reading() as connection:
        return str(connection.scalar(query) or "")


def seat_place(store: Store, address: str, now: datetime | None = None) -> bool:
    """Whether somebody who is a seat now has logged in from this address within 14 days."""
    query = select(
        exists().where(
            sessions.c.user_id == users.c.id,
            users.c.role == "seat",
            users.c.disabled_at.is_(None),
            sessions.c.role == "seat",
            sessions.c.address == address[:64],
            sessions.c.created_at > (now or real_now()) - DESK_FOR,
        )
    )
    with store.reading() as connection:
        return bool(connection.scalar(query))


def touch(store: Store, session: Session) -> None:
    """Somebody used keys or pointer; written at most every 20 seconds."""
    now = real_now()
    if now - session.active_at < _TOUCH_EVERY:
        return
    with store.writing() as connection:
        connection.execute(
            update(sessions)
            .where(sessions.c.id_hash == session.id_hash, sessions.c.revoked_at.is_(None))
            .values(active_at=now)
        )


def end(store: Store, session_id: str) -> None:
    """End one session, as a logout does."""
    with store.writing() as connection:
        connection.execute(
            update(sessions)
            .where(sessions.c.id_hash == _hash(session_id), sessions.c.revoked_at.is_(None))
            .values(revoked_at=real_now())
        )


def end_all(connection: Connection, user_id: int) -> None:
    """End every session of an account within the caller's transaction."""
    connection.execute(
        update(sessions)
        .where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None))
        .values(revoked_at=real_now())
    )


def end_of(store: Store, user_id: int) -> int:
    """End every session of an account; how many there were."""
    with store.writing() as connection:
        ended = connection.execute(
            update(sessions)
            .where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None))
            .values(revoked_at=real_now())
        )
        return ended.rowcount


def end_one(store: Store, id_hash: str) -> str:
    """End one session by what is kept of its id; whose it was, or nothing."""
    with store.writing() as connection:
        connection.execute(
            update(sessions)
            .where(sessions.c.id_hash == id_hash, sessions.c.revoked_at.is_(None))
            .values(revoked_at=real_now())
        )
        name = select(users.c.name).join(sessions, sessions.c.user_id == users.c.id)
        return connection.scalar(name.where(sessions.c.id_hash == id_hash)) or ""


@dataclass(frozen=True, slots=True)
class Open:
    """A session as its owner and the administrator see it in a list."""

    id_hash: str
    user_id: int
    created_at: datetime
    active_at: datetime
    address: str
    agent: str


def open_ones(store: Store, user_id: int | None = None) -> list[Open]:
    """The sessions that are good now, newest first; of one account or of all."""
    now = real_now()
    query = select(sessions).where(
        sessions.c.revoked_at.is_(None),
        sessions.c.expires_at > now,
        or_(sessions.c.role == "wall", sessions.c.active_at > now - IDLE),
    )
    if user_id is not None:
        query = query.where(sessions.c.user_id == user_id)
    names = [each.name for each in fields(Open)]
    with store.reading() as connection:
        found = connection.execute(query.order_by(sessions.c.created_at.desc()))
        return [Open(*(getattr(row, name) for name in names)) for row in found]


def known_place(store: Store, name: str, address: str) -> bool:
    """Whether this account has logged in from this address within the last 90 days."""
    query = select(
        exists().where(
            sessions.c.user_id == users.c.id,
            users.c.name == name,
            sessions.c.address == address[:64],
            sessions.c.created_at > real_now() - KNOWN_FOR,
        )
    )
    with store.reading() as connection:
        return bool(connection.scalar(query))


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()
