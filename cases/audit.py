"""The audit trail: every row carries a keyed hash over itself and the row before.

Editing, removing or reordering rows breaks the chain. Cutting off its end is found by the notes
that lie outside the database, in HONGLAN_VAR/audit/heads.jsonl.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text

from cases.errors import ChainBroken
from cases.schema import audit
from cases.store import Store, real_now
from config.environment import ensure_secret

KEY_FILE = "audit.key"
_NOTE_EVERY_S = 60
_LOCK = 7_405_213  # any fixed number: one chain, one appender at a time on PostgreSQL


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which thing, from where, with which outcome."""

    event: str
    subject: str = ""
    who: str = "-"
    role: str = "-"
    address: str = "-"
    outcome: str = "ok"
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the trail."""

    seq: int
    at: datetime
    who: str
    role: str
    address: str
    event: str
    subject: str
    outcome: str
    detail: str
    digest: str


def record(store: Store, entry: Entry) -> int:
    """Append one entry in a transaction of its own; gives its number."""
    with store.writing() as connection:
        seq, digest = append(connection, entry)
    note_head(store, seq, digest)
    return seq


def append(connection: Connection, entry: Entry) -> tuple[int, str]:
    """Append one entry within the caller's transaction; gives its number and hash."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
    last = connection.execute(
        select(audit.c.seq, audit.c.digest).order_by(audit.c.seq.desc()).limit(1)
    ).first()
    fields = asdict(entry) | {
        "seq": 1 if last is None else last.seq + 1,
        "at": real_now().replace(microsecond=0),
        "subject": _line(entry.subject, 200),
        "who": _line(entry.who, 64),
        "address": _line(entry.address, 64),
        "detail": json.dumps(entry.detail or {}, ensure_ascii=False, sort_keys=True),
    }
    fields["digest"] = _digest("" if last is None else last.digest, fields)
    connection.execute(insert(audit).values(**fields))
    return fields["seq"], fields["digest"]


def verify(store: Store) -> int:
    """The number of rows of an unbroken trail; ChainBroken names the first bad row."""
    previous, expected = "", 1
    notes = {note["seq"]: note["digest"] for note in _notes(store.var)}
    with store.reading() as connection:
        for found in connection.execute(select(audit).order_by(audit.c.seq)):
            row = dict(found._mapping)
            if row["seq"] != expected:
                raise ChainBroken(expected, "is missing")
            if not hmac.compare_digest(_digest(previous, row), row["digest"]):
                raise ChainBroken(expected, "was changed after it was written")
            if notes.get(expected, row["digest"]) != row["digest"]:
                raise ChainBroken(expected, "is not the row that was noted outside the database")
            previous, expected = row["digest"], expected + 1
    if notes and max(notes) >= expected:
        raise ChainBroken(expected, f"and those up to {max(notes)} were cut off")
    return expected - 1


def recent(store: Store, limit: int = 100) -> Sequence[Row]:
    """The newest rows first."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    with store.reading() as connection:
        return [Row(**row._mapping) for row in connection.execute(query)]


def find(
    store: Store,
    limit: int,
    *,
    event: str | None = None,
    who: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Sequence[Row]:
    """The newest rows that fit all that is given."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    if event is not None:
        query = query.where(audit.c.event == event)
    if who is not None:
        query = query.where(audit.c.who == who)
    if since is not None:
        query = query.where(audit.c.at >= since)
    if until is not None:
        query = query.where(audit.c.at < until)
    with store.reading() as connection:
        return [Row(**row._mapping) for row in connection.execute(query)]


def note_head(store: Store, seq: int, digest: str) -> None:
    """Note number and hash of the newest row outside the database, at most once a minute."""
    path = store.var / "audit" / "heads.jsonl"
    with suppress(OSError):
        if time.time() - path.stat().st_mtime < _NOTE_EVERY_S:
            return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = json.dumps({"at": real_now().isoformat(), "seq": seq, "digest": digest}) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(line)


def _notes(var: Path) -> Iterator[dict[str, Any]]:
    path = var / "audit" / "heads.jsonl"
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _digest(previous: str, fields: Mapping[str, Any]) -> str:
    names = ("seq", "who", "role", "address", "event", "subject", "outcome", "detail")
    content = [previous, fields["at"].isoformat(), *(fields[name] for name in names)]
    message = json.dumps(content, ensure_ascii=False).encode()
    return hmac.new(ensure_secret(KEY_FILE).encode(), message, hashlib.sha256).hexdigest()


def _line(value: str, limit: int) -> str:
    """One line of printable text, cut to length: what a visitor typed never breaks a log."""
    return "".join(char if char.isprintable() else "·" for char in value)[:limit]
