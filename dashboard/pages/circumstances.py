"""What stands around every page at a moment: snapshot, lamps, first load, alarms, the day.

Looked at again as soon as the pointer or the case store's file changed, and at least each quarter
of a second. Callers within one minute, with the same snapshot and the same lamps, share the first
look, so that they share what is drawn from it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from cases import alarms, flood_response, health
from cases.health import LoadProgress, PlatformState
from config import clock
from dashboard import standstill
from dashboard.pieces import Later, Piece
from dashboard.source import Data

_LONGEST_S: Final = 0.25
_REMEMBERED: Final = 8


@dataclass(frozen=True, slots=True)
class Circumstances:
    """One look: the same for everybody, whatever their rights."""

    now: datetime
    generation: Any
    states: Sequence[PlatformState]
    loading: Sequence[LoadProgress] | None
    why: str  # why figures stand still, one of standstill.CAUSES
    alarms: int
    response: int  # the newest decision on the flood response
    site: Hashable  # the files of the site as they are loaded
    told: dict[Later, Piece] = field(default_factory=dict, compare=False)  # open places, filled

    @property
    def mark(self) -> list[Any]:
        """What makes an open page worth drawing anew."""
        return [
            None if self.generation is None else self.generation.number,
            [one.state for one in self.states],
            str(self.now.date()),
            None if self.loading is None else [[one.phase, one.done] for one in self.loading],
            self.why,
        ]

    @property
    def stand(self) -> Hashable:
        """What many answers have in common that changes now and then: snapshot, lamps, day."""
        number = None if self.generation is None else self.generation.number
        return (self.now.date(), number, self.why, tuple(one.state for one in self.states))

    @property
    def key(self) -> Hashable:
        """What makes a page another one; how long its words are true is noticed by drawing it."""
        generation = self.generation
        return (
            self.now.date(),
            generation and (generation.number, generation.published_at, generation.trouble),
            tuple((one.key, one.state, one.last_success is None) for one in self.states),
            tuple((one.key, one.phase, one.done) for one in self.loading or ()),
            self.why,
            self.alarms,
            self.response,
            self.site,
        )


class Lookout:
    """The circumstances of one source of data, looked at as seldom as nobody can tell.

    `latest` is the last look itself, for what is told without being drawn anew.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: tuple[Any, float, Circumstances] | None = None
        self.latest: Circumstances | None = None
        self._first: OrderedDict[Hashable, Circumstances] = OrderedDict()

    def known(self, data: Data) -> Circumstances | None:
        """What was seen last, while it cannot have changed."""
        last = self._last
        fresh = last is not None and time.monotonic() < last[1] and last[0] == _stamp(data)
        return last[2] if fresh and last is not None else None

    def look(self, data: Data) -> Circumstances:
        """The circumstances now; reads the case store, so it is asked in a thread."""
        with self._lock:
            known = self.known(data)
            if known is not None:
                return known
            stamp, until = _stamp(data), time.monotonic() + _LONGEST_S
            seen = _seen(data)
            moment = (seen.now.replace(second=0, microsecond=0), seen.key)
            first = self._first.setdefault(moment, seen)
            self._first.move_to_end(moment)
            while len(self._first) > _REMEMBERED:
                self._first.popitem(last=False)
            self.latest, self._last = seen, (stamp, until, first)
            return first


_lookouts: WeakKeyDictionary[Data, Lookout] = WeakKeyDictionary()


def lookout(data: Data) -> Lookout:
    """The one that looks at a source of data."""
    return _lookouts.setdefault(data, Lookout())


def _seen(data: Data) -> Circumstances:
    now, generation = clock.local(), data.reader.current()
    return Circumstances(
        now=now,
        generation=generation,
        states=health.states(data.store, data.platforms, clock.now()),
        loading=health.first_load(data.store, data.platforms),
        why=standstill.cause(data.store, generation),
        alarms=alarms.version(data.store),
        response=flood_response.version(data.store),
        site=data.edition,
    )


def _stamp(data: Data) -> Hashable:
    """What changes with the minute, the snapshot's pointer, each write to a store in a file."""
    var = data.store.var
    files = (var / "serving" / "CURRENT.json", var / "cases.sqlite3-wal", var / "cases.sqlite3")
    minute = clock.local().replace(second=0, microsecond=0)
    return (minute, *(_of(file) for file in files))


def _of(file: Path) -> Hashable:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino, stat.st_size
