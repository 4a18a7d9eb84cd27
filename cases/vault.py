"""What names people, sealed: one AES-GCM blob per row, with a key file of its own.

The warehouse never holds these columns. A keyed hash tells that two rows are about the same
person without saying who. Every opened row is the caller's to audit.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from cases import sealing
from cases.errors import NotKnown
from cases.schema import vault
from cases.store import Store
from config import clock

KEY_FILE = "vault.key"
HASH_FILE = "hash.key"
_BATCH = 5_000
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def put(
    store: Store,
    source: str,
    fact: str,
    rows: Iterable[tuple[str, Mapping[str, str | None]]],
    received: date | None = None,
) -> None:
    """Seal personal columns by the row's key; the same content again changes nothing.

    They are kept from the day they were received, whenever they are read.
    """
    kept_on = (received or clock.today()).isoformat()
    for batch in _batches(rows):
        key = sealing.key_of(KEY_FILE)
        values = _sealed(key, source, fact, batch, kept_on)
        with store.writing() as connection:
            changed = sealing.key_of(KEY_FILE)
            if changed != key:  # it was changed meanwhile; nothing is written under the old one
                values = _sealed(changed, source, fact, batch, kept_on)
            _insert(connection, values)


def _sealed(
    key: bytes, source: str, fact: str, batch: Mapping[str, Mapping[str, str | None]], kept_on: str
) -> list[tuple[Any, ...]]:
    cipher, digest_key, values = AESGCM(key), _hash_key(), []
    for name, columns in batch.items():
        plain = _JSON.encode(dict(columns)).encode()
        place = address(source, fact, name)
        digest = hmac.digest(digest_key, place + plain, "sha256").hex()
        nonce = os.urandom(sealing.NONCE)
        sealed = nonce + cipher.encrypt(nonce, plain, place)
        values.append((source, fact, name, digest, sealed, kept_on))
    return values


def _insert(connection: Connection, values: list[tuple[Any, ...]]) -> None:
    """Many rows straight through the driver: a history is a million rows."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(vault)
    excluded = statement.excluded
    changed = statement.on_conflict_do_update(
        index_elements=["source", "fact", "key"],
        set_={name: excluded[name] for name in ("digest", "sealed", "kept_on")},
        # what was received later counts; the same again on a later day is kept from that day
        where=or_(
            vault.c.kept_on < excluded.kept_on,
            and_(vault.c.digest != excluded.digest, vault.c.kept_on == excluded.kept_on),
        ),
    ).compile(dialect=connection.dialect)
    names = [column.name for column in vault.columns]
    if changed.positional:
        connection.exec_driver_sql(str(changed), values)
    else:
        connection.exec_driver_sql(
            str(changed), [dict(zip(names, row, strict=True)) for row in values]
        )


def reveal(store: Store, source: str, fact: str, key: str) -> dict[str, str | None]:
    """The personal columns of one row; NotKnown when nothing is kept under this key."""
    with store.reading() as connection:
        return opened(connection, source, fact, key)


def opened(connection: Connection, source: str, fact: str, key: str) -> dict[str, str | None]:
    """The personal columns of one row within the caller's transaction."""
    query = select(vault.c.sealed).where(
        vault.c.source == source, vault.c.fact == fact, vault.c.key == key
    )
    sealed = connection.scalar(query)
    if sealed is None:
        raise NotKnown("kept row", f"{source}/{fact}/{key}")
    plain = sealing.unseal(KEY_FILE, sealed, address(source, fact, key))
    found: dict[str, str | None] = json.loads(plain)
    return found


def count(store: Store) -> int:
    """How many rows are kept."""
    with store.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(vault)) or 0)


def forget(store: Store, source: str, fact: str, keys: Iterable[str]) -> None:
    """Remove kept rows for good, as retention or a person's request demands."""
    with store.writing() as connection:
        for key in keys:
            connection.execute(
                delete(vault).where(
                    vault.c.source == source, vault.c.fact == fact, vault.c.key == key
                )
            )


def expire(store: Store, sources: Collection[str], before: date) -> int:
    """Remove for good what was kept of these sources before a day; how many rows."""
    with store.writing() as connection:
        gone = connection.execute(
            delete(vault).where(
                vault.c.source.in_(list(sources)), vault.c.kept_on < before.isoformat()
            )
        )
        return gone.rowcount


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 of a personal text: equal for equal texts, of no use without the key."""
    return hmac.digest(_hash_key(), text.encode(), "sha256").hex()


def address(source: str, fact: str, key: str) -> bytes:
    """What binds a sealed row to its place, so that none opens under another's key."""
    return f"{len(source)}:{source}{len(fact)}:{fact}{key}".encode()


def _batches(
    rows: Iterable[tuple[str, Mapping[str, str | None]]],
) -> Iterator[dict[str, Mapping[str, str | None]]]:
    """Batches by key; of one key the last row of a batch counts."""
    source = iter(rows)
    while batch := dict(islice(source, _BATCH)):
        yield batch


def _hash_key() -> bytes:
    return _hash_key_of(os.environ.get("HONGLAN_VAR"))


@lru_cache(maxsize=8)
def _hash_key_of(_var: str | None) -> bytes:
    """Read once per process and state folder: it is asked for every row and never changes."""
    return sealing.key_of(HASH_FILE)
