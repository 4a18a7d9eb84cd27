"""Files that an office sends at its hours: one a slot, the first with the whole history."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path

import structlog

from config import clock
from demo.stage import Stage
from demo.town import keep

Slot = Callable[[datetime], datetime]
Past = Callable[[datetime], tuple[str, bytes]]
Make = Callable[[datetime, datetime | None], tuple[str, bytes]]
HEAVY = asyncio.Lock()  # one long history at a time, so that who asks meanwhile is answered
PROGRESS = "progress.json"  # a new town forgets it: demo/town.py
_log = structlog.get_logger("demo.drops")


def daily(hour: int, minute: int) -> Slot:
    """Every day at this time."""

    def last(now: datetime) -> datetime:
        slot = datetime.combine(now.date(), time(hour, minute))
        return slot if slot <= now else slot - timedelta(days=1)

    return last


def weekly(weekday: int, hour: int, minute: int) -> Slot:
    """Every week on this weekday (0 = Monday) at this time."""

    def last(now: datetime) -> datetime:
        day = now.date() - timedelta(days=(now.weekday() - weekday) % 7)
        slot = datetime.combine(day, time(hour, minute))
        return slot if slot <= now else slot - timedelta(days=7)

    return last


def drop(stage: Stage, now: datetime, slot: Slot, make: Make) -> Path | None:
    """Drop the next file when it is due; the path, or None when it is not yet time.

    `make` is given the moment and when the last file was made (None: there was none); it says the
    file's name and its bytes.
    """
    state = stage.var / PROGRESS
    last = _last(state)
    if last is not None and slot(now) <= last <= now:
        return None
    path = put(stage, *make(now, last if last is None else min(last, now)))
    keep(state, {"last": now.isoformat()})
    return path


def put(stage: Stage, name: str, payload: bytes) -> Path:
    """One file into the inbox, whole at once."""
    path = stage.inbox / name
    part = path.with_name(path.name + ".part")
    part.write_bytes(payload)
    part.replace(path)
    return path


async def drop_for_ever(stage: Stage, slot: Slot, make: Make) -> None:
    """Drop each file when it is due."""
    while True:
        async with HEAVY:
            path = await asyncio.to_thread(drop, stage, clock.local(), slot, make)
        if path is not None:
            _log.info("dropped", platform=stage.platform.key, file=path.name)
        await asyncio.sleep(5)


def _last(state: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(state.read_text(encoding="utf-8"))["last"])
    except FileNotFoundError:
        return None


class Reached:
    """How far a feed has come, kept in its folder."""

    def __init__(self, state: Path, at: datetime) -> None:
        self._state, self.at = state, at

    def reach(self, now: datetime) -> None:
        """Everything until now is sent; a clock that was set back begins there."""
        self.at = now
        keep(self._state, {"last": now.isoformat()})


def once(stage: Stage, now: datetime, make: Past) -> Reached:
    """How far a sending feed has come; at its very first start its past is dropped as one file."""
    state = stage.var / PROGRESS
    last = _last(state)
    reached = Reached(state, min(last or now, now))
    if last is None:
        put(stage, *make(now))
        reached.reach(now)
    return reached


async def begun(stage: Stage, make: Past) -> Reached:
    """The same while nobody else writes a history."""
    async with HEAVY:
        return await asyncio.to_thread(once, stage, clock.local(), make)
