"""The second factor: codes that change every 30 seconds (RFC 6238), and codes for a lost telephone.

The secret lies sealed under a key of its own. A code is good once: the step it belongs to is noted
in the same transaction, so that whoever looked over a shoulder comes too late.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import struct
import time
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, select, update

from cases import sealing
from cases.errors import NotKnown
from cases.schema import users
from cases.store import Store

KEY_FILE = "factor.key"
STEP_S = 30
DRIFT = 1  # steps that a telephone's clock may be off, to either side
CODES = 10
_BITS = 160


def new_secret() -> str:
    """A secret as telephones take it: base32 without padding."""
    return base64.b32encode(secrets.token_bytes(_BITS // 8)).decode()


def address(name: str, site: str, secret: str) -> str:
    """What the QR code says to an authenticator application."""
    label = quote(f"{site}:{name}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(site)}&digits=6&period={STEP_S}"


def code(secret: str, step: int) -> str:
    """The six digits of a step."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def step_of(secret: str, given: str, now: float, last: int) -> int | None:
    """The step whose code this is, within the drift and after the last one used."""
    current = int(now // STEP_S)
    for step in (current, *(current + n * way for n in range(1, DRIFT + 1) for way in (-1, 1))):
        if hmac.compare_digest(code(secret, step), given) and step > last:
            return step
    return None


def enrol(store: Store, name: str, secret: str, given: str, now: float | None = None) -> list[str]:
    """Take the factor into use if the code fits; gives the codes for a lost telephone, else none.

    The codes are shown once; only their hashes are kept.
    """
    step = step_of(secret, _digits(given), time.time() if now is None else now, 0)
    if step is None:
        return []
    spare = ["-".join(secrets.token_hex(5)[n : n + 5] for n in (0, 5)) for _ in range(CODES)]
    values = {
        "totp_sealed": sealing.seal(KEY_FILE, secret.encode(), name.encode()),
        "totp_step": step,
        "recovery": json.dumps([_hash(each) for each in spare]),
    }
    with store.writing() as connection:
        connection.execute(update(users).where(users.c.name == name).values(**values))
    return spare


def confirm(store: Store, name: str, given: str, now: float | None = None) -> str:
    """ "code" or "recovery" when what was given opens, and uses it up; else an empty text."""
    moment = time.time() if now is None else now
    with store.writing() as connection:
        row = _row(connection, name)
        if row.totp_sealed is None:
            return ""
        secret = sealing.unseal(KEY_FILE, row.totp_sealed, name.encode()).decode()
        step = step_of(secret, _digits(given), moment, row.totp_step)
        if step is not None:
            _set(connection, row.id, {"totp_step": step})
            return "code"
        spare = json.loads(row.recovery)
        used = _hash(given.strip().lower())
        if used not in spare:
            return ""
        spare.remove(used)
        _set(connection, row.id, {"recovery": json.dumps(spare)})
        return "recovery"


def drop(store: Store, name: str) -> None:
    """Take the factor away; the next login asks to enrol anew."""
    with store.writing() as connection:
        row = _row(connection, name)
        _set(connection, row.id, {"totp_sealed": None, "totp_step": 0, "recovery": "[]"})


def spare_left(store: Store, name: str) -> int:
    """How many codes for a lost telephone are left."""
    with store.reading() as connection:
        return len(json.loads(_row(connection, name).recovery))


def _row(connection: Connection, name: str) -> Any:
    row = connection.execute(select(users).where(users.c.name == name)).first()
    if row is None:
        raise NotKnown("user", name)
    return row


def _set(connection: Connection, user_id: int, values: dict[str, Any]) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(**values))


def _digits(given: str) -> str:
    return "".join(char for char in given if char in "0123456789")[:6].ljust(6, "x")


def _hash(spare: str) -> str:
    return hashlib.sha256(spare.replace("-", "").encode()).hexdigest()
