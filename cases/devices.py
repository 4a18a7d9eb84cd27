"""The wall's own screens: each holds a key pair that never leaves its browser.

A screen proves itself by signing a challenge and gets a random key for its cookie. The key is good
for the wall alone, runs out by no clock and is changed whenever the screen loads: when the next one
is used for the first time, those before it are over a minute later. So a cookie copied to another
machine is worth nothing after the screen's next load, and whoever comes with it is noted.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, update

from cases import audit, half_logins
from cases.errors import NotAllowed, NotKnown
from cases.schema import device_keys, devices
from cases.store import Store, real_now

GRACE: Final = timedelta(seconds=60)  # for the other windows of a screen that loads
SEEN_EVERY: Final = timedelta(seconds=60)
NOTED_EVERY: Final = timedelta(hours=1)
KEPT: Final = timedelta(days=90)  # for so long a copy of an old key is noted when it comes
FORGOTTEN: Final = timedelta(days=7)  # a window that is no more, as one of four outputs
PROOF: Final = b"honglan-wall\n"  # what is signed begins with this, so that it serves nothing else
_CHALLENGE_S: Final = 60
_POINT, _HALF = 65, 32  # bytes of a public key on P-256, and of each half of a signature
_FOUND: Final = (  # put together once: it is asked with each request of a screen
    select(devices, device_keys.c.used_at, device_keys.c.over_at, device_keys.c.issued_at)
    .join(devices, devices.c.id == device_keys.c.device_id)
    .where(device_keys.c.id_hash == bindparam("key"))
)


@dataclass(frozen=True, slots=True)
class Window:
    """How one window of a screen is: what it said of itself last, and when."""

    said: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """One screen as its record has it."""

    id: int
    name: str
    profile: str
    output: int | None
    scenes: tuple[str, ...]
    addresses: tuple[str, ...]
    paired_at: datetime
    paired_by: str
    seen_at: datetime | None
    seen_from: str
    agent: str
    revoked_at: datetime | None
    copied_at: datetime | None  # somebody came with a key that was over
    windows: Mapping[int, Window]  # by output; 0 is a window that shows the whole
    health_at: datetime | None


def point(text: str) -> bytes:
    """A public key from base64; NotAllowed unless it is a point of P-256."""
    try:
        raw = base64.b64decode(text, validate=True)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        raise NotAllowed("public key", "is no key", "an uncompressed point of P-256") from None
    if len(raw) != _POINT:
        raise NotAllowed("public key", "is no key", "an uncompressed point of P-256")
    return raw


def challenge(store: Store, device_id: int) -> str:
    """Something to sign, good once and for a minute."""
    return half_logins.begin(store, "device", _CHALLENGE_S, None, {"device": device_id})


def enter(
    store: Store, device_id: int, asked: str, signature: bytes, address: str, agent: str
) -> str:
    """The screen's next key, for a signature of the challenge; NotAllowed otherwise."""
    found = half_logins.take(store, "device", asked)
    device = by_id(store, device_id)
    if found is None or found["device"] != device_id or device is None:
        raise NotAllowed("screen", "is not known, or took longer than a minute")
    _demand_open(device, address)
    with store.reading() as connection:
        held = connection.scalar(select(devices.c.public_key).where(devices.c.id == device_id))
    if not _is_signed(point(held or ""), PROOF + asked.encode(), signature):
        raise NotAllowed(device.name, "did not sign with its own key")
    now = real_now()
    with store.writing() as connection:
        connection.execute(
            update(devices)
            .where(devices.c.id == device_id)
            .values(agent=agent[:200], seen_at=now, seen_from=address[:64])
        )
        return _issue(connection, device_id, now)


def renew(store: Store, key: str) -> str | None:
    """Another key for a screen that loads; None when its own is so new that it will do."""
    now = real_now()
    with store.writing() as connection:
        row = connection.execute(
            select(device_keys).where(device_keys.c.id_hash == _hash(key))
        ).first()
        if row is None or row.issued_at > now - GRACE:
            return None
        return _issue(connection, row.device_id, now)


def find(store: Store, key: str, address: str) -> Device | None:
    """The screen whose key this is, while it is good: not withdrawn, over, or out of place."""
    now = real_now()
    with store.reading() as connection:
        row = connection.execute(_FOUND, {"key": _hash(key)}).first()
    if row is None:
        return None
    device = _device(row)
    if row.over_at is not None and row.over_at <= now:
        _note_copy(store, device, address, now)
        return None
    if not _is_open(device, address):
        return None
    if row.used_at is None:
        _first_use(store, row, now)
    if device.seen_at is None or abs(now - device.seen_at) > SEEN_EVERY:
        with store.writing() as connection:
            connection.execute(
                update(devices)
                .where(devices.c.id == device.id)
                .values(seen_at=now, seen_from=address[:64])
            )
    return device


def every(store: Store) -> list[Device]:
    """All screens, withdrawn ones last, by name."""
    with store.reading() as connection:
        found = [_device(row) for row in connection.execute(select(devices))]
    return sorted(found, key=lambda one: (one.revoked_at is not None, one.name))


def by_id(store: Store, device_id: int) -> Device | None:
    """One screen by its number."""
    with store.reading() as connection:
        row = connection.execute(select(devices).where(devices.c.id == device_id)).first()
    return None if row is None else _device(row)


def by_public_key(store: Store, public_key: bytes) -> Device | None:
    """The screen that holds the other half of this key, unless it was withdrawn."""
    query = select(devices).where(
        devices.c.public_key == base64.b64encode(public_key).decode(),
        devices.c.revoked_at.is_(None),
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
    return None if row is None else _device(row)


def revoke(store: Store, name: str) -> Device:
    """Withdraw a screen; its keys and its open windows end at once. NotKnown lists the names."""
    wanted = devices.c.name == name, devices.c.revoked_at.is_(None)
    with store.writing() as connection:
        row = connection.execute(select(devices).where(*wanted)).first()
        if row is None:
            known = select(devices.c.name).where(devices.c.revoked_at.is_(None))
            raise NotKnown("screen", name, connection.scalars(known))
        connection.execute(update(devices).where(*wanted).values(revoked_at=real_now()))
    return _device(row)


def report(store: Store, device_id: int, output: int, said: Mapping[str, Any]) -> None:
    """How one window of a screen says that it is; each output has its own."""
    now = real_now()
    mine = devices.c.id == device_id
    with store.writing() as connection:
        row = connection.execute(select(devices.c.health, devices.c.health_at).where(mine)).first()
        known = {} if row is None else _windows(row.health, row.health_at)
        kept = {n: one for n, one in known.items() if now - one.at < FORGOTTEN}
        kept[output] = Window(said, now)
        told = {str(n): {"at": one.at.isoformat(), **one.said} for n, one in kept.items()}
        text = json.dumps(told, ensure_ascii=False)
        connection.execute(update(devices).where(mine).values(health=text, health_at=now))


def add(  # noqa: PLR0913 - the record of a screen
    connection: Connection,
    name: str,
    public_key: str,
    by: str,
    profile: str,
    output: int | None,
    scenes: Sequence[str],
    addresses: Sequence[str],
) -> int:
    """A new screen within the caller's transaction; its number."""
    row = {
        "name": name,
        "public_key": public_key,
        "profile": profile,
        "output": output,
        "scenes": json.dumps([*scenes]),
        "addresses": json.dumps([*addresses]),
        "paired_at": real_now(),
        "paired_by": by,
    }
    made = connection.execute(insert(devices).values(**row).returning(devices.c.id))
    return int(made.scalar_one())


def _issue(connection: Connection, device_id: int, now: datetime) -> str:
    connection.execute(delete(device_keys).where(device_keys.c.over_at < now - KEPT))
    key = secrets.token_urlsafe(32)
    row = {"id_hash": _hash(key), "device_id": device_id, "issued_at": now}
    connection.execute(insert(device_keys).values(**row))
    return key


def _first_use(store: Store, row: Row[Any], now: datetime) -> None:
    """From its first use on a key takes the place of those that were given out before it."""
    mine = device_keys.c.device_id == row.id
    with store.writing() as connection:
        connection.execute(
            update(device_keys)
            .where(mine, device_keys.c.issued_at == row.issued_at, device_keys.c.used_at.is_(None))
            .values(used_at=now)
        )
        connection.execute(
            update(device_keys)
            .where(mine, device_keys.c.issued_at < row.issued_at)
            .where(or_(device_keys.c.over_at.is_(None), device_keys.c.over_at > now + GRACE))
            .values(over_at=now + GRACE)
        )


def _note_copy(store: Store, device: Device, address: str, now: datetime) -> None:
    """A key that was over came back: a copy, or a window that slept; once an hour in the trail."""
    if device.copied_at is not None and now - device.copied_at < NOTED_EVERY:
        return
    entry = audit.Entry("screen_old_key", device.name, device.name, "wall", address, "refused")
    with store.writing() as connection:
        connection.execute(update(devices).where(devices.c.id == device.id).values(copied_at=now))
        head = audit.append(connection, entry)
    audit.note_head(store, *head)


def _is_open(device: Device, address: str) -> bool:
    is_in_place = not device.addresses or address in device.addresses
    return device.revoked_at is None and is_in_place


def _demand_open(device: Device, address: str) -> None:
    if not _is_open(device, address):
        allowed = ", ".join(device.addresses) if device.revoked_at is None else "none: withdrawn"
        raise NotAllowed(device.name, f"may not enter from {address}", allowed)


def _is_signed(public_key: bytes, text: bytes, signature: bytes) -> bool:
    if len(signature) != 2 * _HALF:
        return False
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    halves = (int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big"))
    try:
        key.verify(encode_dss_signature(*halves), text, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _device(row: Row[Any]) -> Device:
    return Device(
        id=row.id,
        name=row.name,
        profile=row.profile,
        output=row.output,
        scenes=tuple(json.loads(row.scenes)),
        addresses=tuple(json.loads(row.addresses)),
        paired_at=row.paired_at,
        paired_by=row.paired_by,
        seen_at=row.seen_at,
        seen_from=row.seen_from,
        agent=row.agent,
        revoked_at=row.revoked_at,
        copied_at=row.copied_at,
        windows=_windows(row.health, row.health_at),
        health_at=row.health_at,
    )


def _windows(text: str, at: datetime | None) -> dict[int, Window]:
    """What the windows of a screen said; a flat record is one that an older program kept."""
    told = json.loads(text)
    if not all(isinstance(one, dict) for one in told.values()):
        return {} if at is None else {0: Window(told, at)}
    return {
        int(n): Window(
            {k: v for k, v in one.items() if k != "at"}, datetime.fromisoformat(one["at"])
        )
        for n, one in told.items()
    }


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
