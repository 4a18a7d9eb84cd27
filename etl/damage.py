"""Raw files that are not what was received: found, told, and tried again after they were put back.

Reading finds them; each night the days just closed are read back, and of the older ones a
thirtieth, so that a medium that rots is noticed within a month and not at the next rebuild.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Final

import structlog

from cases import damage
from cases.damage import Damage
from cases.store import Store
from config import clock
from etl.errors import Damaged
from etl.landing import Archive
from etl.manifest import Line

if TYPE_CHECKING:
    from etl.loader import Loader

ROUND: Final = 30  # days in which all of the archive is read back once
_log = structlog.get_logger("etl.damage")


def found(store: Store, key: str, line: Line, error: Damaged, rescued: int = 0) -> None:
    """Raise it: a row that pages, `etl status` and readiness show until it is settled."""
    is_new = damage.note(store, Damage(key, line.path, clock.local(), error.what, rescued))
    if is_new:
        _log.error("raw_damaged", platform=key, reason=error.what, rescued=rescued)


def verify(loader: Loader, key: str, closed: Collection[date], today: date) -> int:
    """Read back the days that were just closed and a part of the older ones; how many are bad."""
    due = today.toordinal() % ROUND
    lines = [
        line
        for line in loader.archive.in_force(key)
        if (day := date.fromisoformat(line.path[:10])) in closed
        or (day < today and day.toordinal() % ROUND == due)
    ]
    bad = 0
    for line in {each.path: each for each in lines}.values():
        try:
            loader.archive.verify(key, line)
        except Damaged as error:
            found(loader.store, key, line, error)
            bad += 1
    return bad


def put_back(archive: Archive, store: Store, key: str) -> list[Line]:
    """The deliveries of damaged files that are whole again; they are settled by this."""
    paths = set(damage.unmended(store, key))
    if not paths:
        return []
    whole: list[Line] = []
    for line in archive.in_force(key):
        if line.path not in paths:
            continue
        try:
            archive.verify(key, line)
        except Damaged:
            continue
        whole.append(line)
        damage.repaired(store, key, line.path, clock.now())
        _log.info("raw_mended", platform=key, file=line.path)
    return whole
