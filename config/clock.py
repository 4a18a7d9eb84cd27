"""The one clock of all processes; tests set it, the demo town may shift and speed it.

Core, marts and screens use naive local time of Asia/Shanghai (`local`), JSON and the case
store the aware one (`now`). Real time-outs use `time.monotonic`, never this clock.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.environment import environment

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class _Shift:
    """The demo town's clock.json as last read."""

    stamp: int = -1
    real: datetime | None = None
    town: datetime | None = None
    speed: float = 1.0


_override: list[Callable[[], datetime]] = []
_shift = _Shift()


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    if _override:
        return _override[-1]().astimezone(ZONE)
    real = datetime.now(ZONE)
    shift = _town_shift()
    if shift is None or shift.real is None or shift.town is None:
        return real
    return shift.town + (real - shift.real) * shift.speed


def local() -> datetime:
    """The present moment as naive local time of Asia/Shanghai."""
    return now().replace(tzinfo=None)


def today() -> date:
    """The present day in Asia/Shanghai."""
    return now().date()


def speed() -> float:
    """How many times faster than real time this clock runs: 1 but in a demo town.

    One that stands still counts as 1: whoever asks waits in real time.
    """
    shift = None if _override else _town_shift()
    return 1.0 if shift is None else max(1.0, shift.speed)


@contextlib.contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at one moment (naive = local) for a test."""
    aware = moment.replace(tzinfo=ZONE) if moment.tzinfo is None else moment.astimezone(ZONE)
    with using(lambda: aware):
        yield


@contextlib.contextmanager
def using(source: Callable[[], datetime]) -> Iterator[None]:
    """Take the time from a function returning an aware datetime, for a test."""
    _override.append(source)
    try:
        yield
    finally:
        _override.remove(source)


def write_shift(var: Path, town: datetime, speed: float) -> None:
    """Let the demo town's time start at `town` (aware) now and run `speed` times as fast."""
    var.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        {"real": datetime.now(UTC).isoformat(), "town": town.isoformat(), "speed": speed}
    )
    part = var / "clock.json.part"
    part.write_text(text, encoding="utf-8")
    part.replace(var / "clock.json")


def _town_shift() -> _Shift | None:
    """The shift in force, or None: honoured only while every platform is a demo one."""
    path = environment().var / "clock.json"
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        return None
    if stamp != _shift.stamp:
        from config.platforms import load_platforms  # late: platforms read the same environment

        text = json.loads(path.read_text(encoding="utf-8"))
        _shift.stamp = stamp
        _shift.real = _shift.town = None
        if all(platform.demo for platform in load_platforms().values()):
            _shift.real = datetime.fromisoformat(text["real"])
            _shift.town = datetime.fromisoformat(text["town"]).astimezone(ZONE)
            _shift.speed = float(text["speed"])
    return _shift if _shift.real else None
