"""Files that an office sends at its hours: one a slot, the first with the whole history."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path

import structlog

from config import clock
from demo.scenario import DAMAGED, LATE
from demo.stage import Stage
from demo.town import keep

Slot = Callable[[datetime], datetime]
Past = Callable[[datetime], tuple[str, bytes]]
Make = Callable[[datetime, datetime | None], tuple[str, bytes]]
HEAVY = asyncio.Lock()  # one long history at a time, so that who asks meanwhile is answered
PROGRESS = "progress.json"  # a new town forgets it: demo/town.py
OWED = "owed"  # files that are to be sent again, by when
SENT_AGAIN = timedelta(minutes=40)
_log = structlog.get_logger("demo.drops")


def daily(hour: int, minute: int) -> Slot:
    """Every day at this time."""

    def last(now: datetime) -> datetime:
        slot = datetime.combine(now.date(), time(hour, minute))
        return slot if slot <= now else slot - timedelta(days=1)

    return last


def spaced(span: timedelta) -> Slot:
    """So long after the one before."""
    return lambda now: now - span + timedelta(microseconds=1)


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
    last = last if last is None else min(last, now)
    name, payload = make(now, last)
    path = send(stage, now, name, payload)
    if stage.dirt(now).hits(LATE, name):
        put(stage, *make(now - timedelta(days=1), last))
    keep(state, {"last": now.isoformat()})
    return path


def send(stage: Stage, now: datetime, name: str, payload: bytes) -> Path:
    """One file into the inbox; one that breaks off on its way is sent whole a little later."""
    if not stage.dirt(now).hits(DAMAGED, name):
        return put(stage, name, payload)
    (stage.var / OWED).mkdir(exist_ok=True, mode=0o700)
    (stage.var / OWED / f"{now + SENT_AGAIN:%Y%m%dT%H%M%S} 重发{name}").write_bytes(payload)
    return put(stage, name, payload[: len(payload) // 2])


def send_again(stage: Stage, now: datetime) -> None:
    """The whole files whose first ones broke off, as they become due."""
    for owed in sorted((stage.var / OWED).glob("* *")):
        due, _, name = owed.name.partition(" ")
        if datetime.fromisoformat(due) <= now:
            put(stage, name, owed.read_bytes())
            owed.unlink()


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
        path = None
        if not stage.is_gone:
            async with HEAVY:
                path = await asyncio.to_thread(drop, stage, clock.local(), slot, make)
            send_again(stage, clock.local())
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
