"""What names people, sealed: one AES-GCM blob per row, with a key file of its own.

The warehouse never holds these columns. A keyed hash tells that two rows are about the same
person without saying who. Every opened row is the caller's to audit.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from cases.errors import NotKnown, VaultLocked
from cases.schema import vault
from cases.store import Store
from config import clock
from config.environment import ensure_secret

KEY_FILE = "vault.key"
HASH_FILE = "hash.key"
_NONCE = 12
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
    cipher, digest_key = AESGCM(_key(KEY_FILE)), _key(HASH_FILE)
    kept_on = (received or clock.today()).isoformat()
    for batch in _batches(rows):
        values = []
        for key, columns in batch.items():
            plain = _JSON.encode(dict(columns)).encode()
            name = _address(source, fact, key)
            digest = hmac.digest(digest_key, name + plain, "sha256").hex()
            nonce = os.urandom(_NONCE)
            sealed = nonce + cipher.encrypt(nonce, plain, name)
            values.append((source, fact, key, digest, sealed, kept_on))
        with store.writing() as connection:
            _insert(connection, values)


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
    query = select(vault.c.sealed).where(
        vault.c.source == source, vault.c.fact == fact, vault.c.key == key
    )
    with store.reading() as connection:
        sealed = connection.scalar(query)
    if sealed is None:
        raise NotKnown("kept row", f"{source}/{fact}/{key}")
    try:
        plain = AESGCM(_key(KEY_FILE)).decrypt(
            sealed[:_NONCE], sealed[_NONCE:], _address(source, fact, key)
        )
    except InvalidTag:
        raise VaultLocked(f"{source}/{fact}/{key}", f"does not open with {KEY_FILE}") from None
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
    return hmac.digest(_key(HASH_FILE), text.encode(), "sha256").hex()


def _address(source: str, fact: str, key: str) -> bytes:
    return f"{len(source)}:{source}{len(fact)}:{fact}{key}".encode()


def _batches(
    rows: Iterable[tuple[str, Mapping[str, str | None]]],
) -> Iterator[dict[str, Mapping[str, str | None]]]:
    """Batches by key; of one key the last row of a batch counts."""
    source = iter(rows)
    while batch := dict(islice(source, _BATCH)):
        yield batch


def _key(name: str) -> bytes:
    return _derived(name, os.environ.get("HONGLAN_VAR"))


@lru_cache(maxsize=8)
def _derived(name: str, _var: str | None) -> bytes:
    """32 bytes from the key file's text; read once per process and state folder."""
    text = ensure_secret(name)
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raw = b""
    return raw if len(raw) == 32 else hashlib.sha256(text.encode()).digest()
