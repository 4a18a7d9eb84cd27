"""Logins that are half done: the password was right, or the identity provider is being asked.

A browser holds a random id, we its hash; each is good once and for minutes.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from cases.schema import half_logins
from cases.store import Store, real_now


def begin(
    store: Store, kind: str, seconds: int, user_id: int | None, detail: Mapping[str, Any]
) -> str:
    """A new one; the returned id goes into the browser's cookie."""
    half_id, now = secrets.token_urlsafe(32), real_now()
    row = {
        "id_hash": _hash(half_id),
        "kind": kind,
        "user_id": user_id,
        "detail": json.dumps(detail, ensure_ascii=False),
        "expires_at": now + timedelta(seconds=seconds),
    }
    with store.writing() as connection:
        connection.execute(delete(half_logins).where(half_logins.c.expires_at < now))
        connection.execute(insert(half_logins).values(**row))
    return half_id


def find(store: Store, kind: str, half_id: str) -> dict[str, Any] | None:
    """What was noted of a half-done login that is still good, with whose it is as `user_id`."""
    query = select(half_logins).where(
        half_logins.c.id_hash == _hash(half_id),
        half_logins.c.kind == kind,
        half_logins.c.expires_at > real_now(),
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
    return None if row is None else {**json.loads(row.detail), "user_id": row.user_id}


def take(store: Store, kind: str, half_id: str) -> dict[str, Any] | None:
    """The same, and it is over; of two who come with it one gets nothing."""
    found = find(store, kind, half_id)
    with store.writing() as connection:
        gone = connection.execute(
            delete(half_logins).where(
                half_logins.c.id_hash == _hash(half_id), half_logins.c.kind == kind
            )
        )
    return found if gone.rowcount == 1 else None


def _hash(half_id: str) -> str:
    return hashlib.sha256(half_id.encode()).hexdigest()
