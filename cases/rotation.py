"""A new key for the vault: every row sealed anew, in pieces, while everything goes on.

`vault.key.next` is the new key until all rows lie under it; then it becomes `vault.key` and the
former one `vault.key.old`, until what others sealed meanwhile is done too. Both steps are one
rename; a run that died anywhere is simply started again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_, update

from cases import audit, sealing
from cases.errors import VaultLocked
from cases.schema import vault
from cases.store import Store
from cases.vault import KEY_FILE, address
from config import failpoint
from config.environment import ensure_secret

PIECE = 500
_PLACE = (vault.c.source, vault.c.fact, vault.c.key)


@dataclass(frozen=True, slots=True)
class Rotated:
    """What one run did."""

    sealed: int
    seen: int


def rotate(store: Store) -> Rotated:
    """Give the vault a new key, or finish what an earlier run began."""
    key, coming, gone = (
        sealing.file_of(KEY_FILE + tail) for tail in ("", sealing.NEXT, sealing.OLD)
    )
    ensure_secret(KEY_FILE)
    sealed = seen = 0
    if not gone.exists():
        ensure_secret(KEY_FILE + sealing.NEXT)
        failpoint.reach("rotate.next")
        sealed, seen = _pass(store, KEY_FILE + sealing.NEXT, KEY_FILE)
        os.link(key, gone)
        _settle(key)
        failpoint.reach("rotate.kept")
        coming.replace(key)
        _settle(key)
        failpoint.reach("rotate.swapped")
    elif coming.exists():  # died between keeping the former key and the swap
        coming.replace(key)
        _settle(key)
    while True:  # rows that were sealed under the former key while the first pass went on
        late, seen = _pass(store, KEY_FILE, KEY_FILE + sealing.OLD)
        sealed += late
        if not late:
            break
    gone.unlink()
    _settle(key)
    entry = audit.Entry("vault_rotate", KEY_FILE, "shell", "shell", detail={"rows": seen})
    audit.record(store, entry)
    return Rotated(sealed, seen)


def _pass(store: Store, to: str, former: str) -> tuple[int, int]:
    """Seal every row anew that does not lie under a key yet; how many, and how many there are."""
    sealed = seen = 0
    new, old = sealing.key_of(to), sealing.key_of(former)
    for piece in _pieces(store):
        changes = [(row, again) for row in piece if (again := _again(row, new, old)) is not None]
        seen += len(piece)
        if not changes:
            continue
        with store.writing() as connection:
            for row, again in changes:
                same = (*(column == row[n] for n, column in enumerate(_PLACE)),
                        vault.c.sealed == row.sealed)  # fmt: skip
                connection.execute(update(vault).where(*same).values(sealed=again))
        sealed += len(changes)
        failpoint.reach("rotate.piece")
    return sealed, seen


def _pieces(store: Store) -> Iterator[list[Any]]:
    last: tuple[str, ...] = ("", "", "")
    while True:
        query = (
            select(*_PLACE, vault.c.sealed)
            .where(tuple_(*_PLACE) > tuple_(*last))
            .order_by(*_PLACE)
            .limit(PIECE)
        )
        with store.reading() as connection:
            piece = list(connection.execute(query))
        if not piece:
            return
        yield piece
        last = tuple(piece[-1][:3])


def _again(row: Any, new: bytes, old: bytes) -> bytes | None:
    """The row under the new key; None when it lies there already."""
    place = address(row.source, row.fact, row.key)
    if sealing.opened(new, row.sealed, place) is not None:
        return None
    plain = sealing.opened(old, row.sealed, place)
    if plain is None:
        where = f"{row.source}/{row.fact}/{row.key}"
        raise VaultLocked(where, "opens with neither key; restore the key file of its day first")
    return sealing.seal(KEY_FILE, plain, place, new)


def _settle(key: Any) -> None:
    """Names in the folder of keys are on disk before anything goes on."""
    folder = os.open(key.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
