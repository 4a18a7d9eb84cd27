"""The published generations a reader has open, and what it reads while the newest is not to be had.

The pointer may be gone or unreadable and the files it names may be missing, half-copied or damaged:
then the last generation that opens is read on, says so in `Generation.trouble`, and the newest is
tried again every two seconds, since a copy may still be coming in. Nothing here is locked: the
reader asks one at a time.
"""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from warehouse import generation
from warehouse.errors import GenerationGone, NoSnapshot, QueryFailed
from warehouse.snapshot import Snapshot

AGAIN_S = 2.0
_OLDER_OPEN = 1
_OLDER_MEMORY = "64MB"  # for the few second requests of pages that were opened before a publish


class Opened:
    """The newest generation that can be read and one or two older ones."""

    def __init__(self, var: Path, limits: dict[str, Any]) -> None:
        self._var, self._limits = var, limits
        self.trouble = ""  # why the newest is not read; see generation.TROUBLES
        self._current: Snapshot | None = None
        self._older: dict[int, Snapshot] = {}
        self._damaged: set[int] = set()  # that opened and then could not be read
        self._stamp: tuple[int, int] | None = None
        self._again_at = 0.0
        self._refused: str | None = None  # nothing at all could be opened

    def close(self) -> None:
        """Close what is open; a query still running ends first."""
        for snapshot in (self._current, *self._older.values()):
            if snapshot is not None:
                snapshot.retire()
        self._current, self._older, self._stamp = None, {}, None

    def newest(self) -> Snapshot:
        """The generation the pointer names, or the last one that can be read."""
        stamp = self._looked()
        current = self._current
        if current is not None and current.spoiled:
            if current.spoiled == "damaged":
                self._damaged.add(current.number)
            current.retire()
            current = self._current = None
        is_settled = stamp == self._stamp and current is not None
        if is_settled and (not self.trouble or time.monotonic() < self._again_at):
            assert current is not None
            return current
        is_early = time.monotonic() < self._again_at
        if self._refused is not None and stamp == self._stamp and is_early:
            raise QueryFailed("snapshot", self._refused)
        self._stamp, self._again_at = stamp, time.monotonic() + AGAIN_S
        found, self.trouble = self._sought()
        if current is not None and found is not current:
            current.retire()  # with it goes what it held in memory
        self._current = found
        return found

    def kept(self, number: int) -> Snapshot:
        """A generation by its number; GenerationGone when it is kept no longer."""
        current = self.newest()
        if current.number == number:
            return current
        found = self._older.get(number)
        if found is not None and (found.spoiled or not found.is_there()):
            self._older.pop(number).retire()
            found = None
        if found is None:
            try:
                found = Snapshot(self._var, number, **{**self._limits, "memory": _OLDER_MEMORY})
            except (duckdb.Error, OSError):
                raise GenerationGone(number) from None
            self._older[number] = found
            while len(self._older) > _OLDER_OPEN:
                self._older.pop(next(iter(self._older))).retire()
        return found

    def _looked(self) -> tuple[int, int] | None:
        """By what the pointer is known again; None when it is not there."""
        try:
            stat = (generation.folder(self._var) / generation.POINTER).stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino

    def _sought(self) -> tuple[Snapshot, str]:
        """What is to be read now, and why it is not the newest, if it is not."""
        self._refused = None
        pointer = generation.read_pointer(self._var)
        if pointer is None:
            there = (generation.folder(self._var) / generation.POINTER).exists()
            trouble = "pointer_unreadable" if there else "pointer_missing"
            if self._current is not None:
                return self._current, trouble
            found = self._first_that_opens(reversed(generation.kept(self._var)))
            if found is None:
                raise NoSnapshot
            return found, trouble
        number = pointer["generation"]
        older = [n for n in reversed(generation.kept(self._var)) if n < number]
        found = self._first_that_opens([number, *older])
        if found is None and self._current is not None:
            return self._current, "generation_unreadable"
        if found is None:
            self._refused = f"neither generation {number} nor an older one can be opened"
            raise QueryFailed("snapshot", self._refused)
        return found, "" if found.number == number else "generation_unreadable"

    def _first_that_opens(self, numbers: Iterable[int]) -> Snapshot | None:
        for number in numbers:
            if self._current is not None and self._current.number == number:
                return self._current
            if number in self._damaged:
                continue
            try:
                return Snapshot(self._var, number, **self._limits)
            except (duckdb.Error, OSError, KeyError):
                continue
        return None
