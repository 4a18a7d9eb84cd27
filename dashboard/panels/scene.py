"""Which scene is shown, the day, and the weather with the time of its reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dashboard import wording
from dashboard.wall.parts import Room, View, line, text

TITLE = ""
READS = ("weather_now",)
LEAST = (8.5, 2.8)


@dataclass(frozen=True, slots=True)
class Facts:
    """The scene's title, today, and the latest weather (None = nothing has arrived)."""

    scene: str
    today: date
    sky: str | None
    temp_c: float | None
    observed_at: datetime | None


def view(facts: Facts, room: Room) -> View:
    """Two lines: scene and day above, weather below; narrow rooms drop the weather."""
    day = f"{wording.day(facts.today)} {wording.weekday(facts.today)}"
    wide = room.width >= 20
    if not wide:
        return View(
            body=[line(text(facts.scene, "strong"), cls="first"), line(text(day), cls="below")]
        )
    first = [text(facts.scene, "strong"), text(day)]
    weather = [text(facts.sky or "天气"), text(_degrees(facts.temp_c))]
    if facts.observed_at is not None:
        stamp = wording.moment(facts.observed_at, facts.today)
        weather.append(text(f"气象 {stamp}", "muted"))
    else:
        weather = [text("气象未到", "muted")]
    return View(body=[line(*first, cls="first"), line(*weather, cls="below")])


def _degrees(temp: float | None) -> str:
    return wording.NONE if temp is None else f"{wording.fixed(temp, 0)} ℃"
