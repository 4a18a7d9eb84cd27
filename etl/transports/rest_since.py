"""Asking only for what changed: by update time with some overlap, or by version number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from etl.formats.cell import text
from etl.formats.moment import iso

KINDS: Final = ("time", "version")
Mark = str | int  # an ISO time, or a version: for one platform always the same of the two
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_EPOCHS: Final = {"epoch": 1, "epoch_ms": 1000}
_EVER: Final = "2000-01-01T00:00:00"
_LONGEST: Final = 18  # digits of a version or an epoch; more is neither


class Since:
    """How one platform tells what changed."""

    def __init__(self, options: Mapping[str, Any], overlap: timedelta | int) -> None:
        self._param = options["since_param"]
        self._field = options["cursor_field"]
        self._shape = options["since_format"]
        self._overlap = overlap
        self.is_asked = bool(self._param)
        self._is_version = options["since_kind"] == "version"
        first = str(options["first_since"])
        self._first: Mark = int(first or 0) if self._is_version else iso(first) or _EVER

    def start(self, cursor: str | None) -> Mark:
        """Where to begin: before the cursor by the overlap."""
        if cursor is None:
            return self._first
        if isinstance(self._overlap, int):
            return max(0, int(cursor) - self._overlap)
        return (datetime.fromisoformat(cursor) - self._overlap).isoformat()

    def params(self, mark: Mark) -> dict[str, Any]:
        """How to ask for what changed since a mark."""
        if not self._param:
            return {}
        if isinstance(mark, int) or not self._shape:
            return {self._param: mark}
        at = datetime.fromisoformat(mark)
        if self._shape in _EPOCHS:
            seconds = at.replace(tzinfo=_ZONE).timestamp()
            return {self._param: int(seconds * _EPOCHS[self._shape])}
        return {self._param: at.strftime(self._shape)}

    def marks(self, records: list[Any]) -> list[Mark]:
        """The marks of the records that have a readable one."""
        if not self._field:
            return []
        found = (self._mark(text(r.get(self._field))) for r in records if isinstance(r, dict))
        return [mark for mark in found if mark is not None]

    def _mark(self, said: str | None) -> Mark | None:
        if said is None:
            return None
        if not (self._is_version or self._shape in _EPOCHS):
            return iso(said)
        if not (said.isascii() and said.isdecimal() and len(said) <= _LONGEST):
            return None
        if self._is_version:
            return int(said)
        try:
            at = datetime.fromtimestamp(int(said) / _EPOCHS[self._shape], _ZONE)
        except (OverflowError, ValueError, OSError):
            return None
        return at.replace(tzinfo=None).isoformat()


class Reach:
    """How far the answers have brought us, and when that may be kept as the cursor.

    Sorted answers may be gone on with from the middle. Others are only whole at their end, so
    their cursor waits: after a break everything is asked for again.
    """

    def __init__(self, now: datetime, *, waits: bool) -> None:
        self._now = now.isoformat()
        self._waits = waits
        self._held: Mark | None = None
        self.is_sorted = False

    def after(self, marks: list[Mark], records: int, *, more: bool) -> str | None:
        """The cursor that may be kept with this page, or None."""
        reached = max(marks, default=None)
        if isinstance(reached, str):
            # a record dated ahead of our clock must not make us skip what comes before that date
            reached = min(reached, self._now)
        self.is_sorted = (
            not self._waits
            and self._held is None
            and len(marks) == records
            and marks == sorted(marks)
        )
        if self.is_sorted:
            return None if reached is None else str(reached)
        known = [mark for mark in (self._held, reached) if mark is not None]
        self._held = max(known, default=None)
        return None if more or self._held is None else str(self._held)


def unusable(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each setting about what changed that cannot be used, and what is allowed."""
    kind, first = options["since_kind"], str(options["first_since"])
    if kind not in KINDS:
        yield "since_kind", " | ".join(KINDS)
    if options["since_param"] and not options["cursor_field"]:
        yield (
            "cursor_field",
            "the field with the update time or version, since since_param is given",
        )
    if kind == "version" and not (first or "0").isdecimal():
        yield "first_since", "a number, since since_kind is version"
    if kind == "time" and first and iso(first) is None:
        yield "first_since", 'a time such as "2026-01-01T00:00:00"'
    shape = str(options["since_format"])
    if shape and shape not in _EPOCHS and "%" not in shape:
        yield "since_format", 'epoch | epoch_ms | a shape such as "%Y-%m-%d %H:%M:%S"'
