"""API tokens for other programs: one role, one name, kept only as a hash."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from cases.errors import NotAllowed, NotKnown
from cases.schema import tokens
from cases.store import Store, real_now
from cases.users import ROLES, check_own

PREFIX = "hl_"
_USED_EVERY = timedelta(minutes=1)
_FOUND = select(tokens).where(tokens.c.token_hash == bindparam("token"))


@dataclass(frozen=True, slots=True)
class Token:
    """One token, without its secret."""

    id: int
    name: str
    role: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    units: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()


def create(
    store: Store,
    role: str,
    name: str | None = None,
    *,
    units: Sequence[str] = (),
    villages: Sequence[str] = (),
) -> str:
    """A new token; the returned text is shown once and kept nowhere."""
    if role not in ROLES:
        raise NotAllowed(role or "(empty)", "is no role", ", ".join(ROLES))
    check_own(role, units, villages)
    token = PREFIX + secrets.token_urlsafe(32)
    called = (name or f"{role}-{secrets.token_hex(3)}")[:64]
    row = {
        "name": called,
        "role": role,
        "token_hash": _hash(token),
        "created_at": real_now(),
        "units": json.dumps(list(units), ensure_ascii=False),
        "villages": json.dumps(list(villages), ensure_ascii=False),
    }
    try:
        with store.writing() as connection:
            connection.execute(insert(tokens).values(**row))
    except IntegrityError:
        raise NotAllowed(called, "is the name of another token", "another name") from None
    return token


def find(store: Store, token: str) -> Token | None:
    """The token of this text unless revoked; notes its use once a minute."""
    with store.reading() as connection:
        row = connection.execute(_FOUND, {"token": _hash(token)}).first()
    if row is None or row.revoked_at is not None:
        return None
    now = real_now()
    if row.used_at is None or now - row.used_at > _USED_EVERY:
        with store.writing() as connection:
            connection.execute(update(tokens).where(tokens.c.id == row.id).values(used_at=now))
    return _token(row)


def every(store: Store) -> Sequence[Token]:
    """All tokens, revoked ones too, by name."""
    with store.reading() as connection:
        return [_token(row) for row in connection.execute(select(tokens).order_by(tokens.c.name))]


def revoke(store: Store, name: str) -> None:
    """Make a token worthless at once; NotKnown lists the names there are."""
    with store.writing() as connection:
        changed = connection.execute(
            update(tokens).where(tokens.c.name == name).values(revoked_at=real_now())
        )
        if changed.rowcount == 0:
            raise NotKnown("token", name, connection.scalars(select(tokens.c.name)))


def _token(row: Any) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        role=row.role,
        created_at=row.created_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        units=tuple(json.loads(row.units)),
        villages=tuple(json.loads(row.villages)),
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
