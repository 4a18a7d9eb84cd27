"""What every station reached over some days, its highest level and its rain, with their proofs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from config import periods
from dashboard import wording
from dashboard.pages import own_proof, water
from dashboard.pages.marks import door, link
from dashboard.pages.own_proof import Make, OwnProof
from dashboard.pages.reading import Glass
from dashboard.wall.water import StationNow, rise_words

Row = Mapping[str, Any]
_GAUGE: Final = ("gauge",)
_ONE: Final = ("日期", "最高 m", "最低 m", "末次 m", "雨量 mm", "读数")
_TWO: Final = ("", "最高水位 m", "到达", "雨量合计 mm")
_NOW: Final = (
    "站", "水位 m", "警戒 m", "距警戒 m", "近 1 小时", "雨量 1 时 mm", "24 时 mm", "观测",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extreme:
    """What a station reached over some days: its highest level with its day, and the rain."""

    high_m: float | None = None
    on: str = ""
    rain_mm: float | None = None


def extremes(glass: Glass) -> Mapping[str, Extreme]:
    """What every station reached over the page's days."""
    return {station: _extreme(rows) for station, rows in _days(glass).items()}


def _days(glass: Glass) -> Mapping[str, list[Row]]:
    """The days of every station, oldest first."""
    span = glass.want.span
    days: dict[str, list[Row]] = defaultdict(list)
    for row in glass.query("gauge_day", first=span.first, last=span.last):
        days[str(row["station"])].append(row)
    return days


def _extreme(rows: Sequence[Row]) -> Extreme:
    known = [row for row in rows if row["high_m"] is not None]
    top = max(known, key=lambda row: row["high_m"], default=None)
    rain = [row["rain_day_mm"] for row in rows if row["rain_day_mm"] is not None]
    return Extreme(
        None if top is None else top["high_m"],
        "" if top is None else _short(top["on_day"]),
        sum(rain) if rain else None,
    )


def _short(day: date) -> str:
    return f"{day.month}.{day.day}"


def difference(values: Sequence[float | None], digits: int) -> str:
    """First minus second as they are shown: +0.31, −1.2, 0; nothing where a side is missing."""
    first, second = values
    if first is None or second is None:
        return ""
    by = float(wording.fixed(first, digits)) - float(wording.fixed(second, digits))
    shown = wording.fixed(abs(by), digits)
    if float(shown) == 0:
        return "0"
    return f"{'+' if by > 0 else '−'}{shown}"


def to_warning(station: StationNow) -> float | None:
    """Metres that are left to the warning level; negative above it."""
    if station.level_m is None or station.limits.warning is None:
        return None
    return station.limits.warning - station.level_m


def href(glass: Glass, station: str) -> str:
    """The days behind what a station reached over the days of a glass."""
    return own_proof.href(glass, f"reached/{station}:{_told(glass)}")


def apart(glass: Glass, second: Glass, station: str) -> str:
    """What a station reached over the days of two, held against each other."""
    return own_proof.href(glass, f"apart/{station}:{_told(glass)}:{_told(second)}")


def two(glass: Glass, first: str, second: str) -> str:
    """How two stations stand now, and what their differences are made of."""
    return own_proof.href(glass, f"two/{first}:{second}")


def _told(glass: Glass) -> str:
    span = glass.want.span
    return f"{span.first}..{span.last}"


def _over(glass: Glass, told: str) -> Glass | None:
    """The page over the days of an address; None where it tells none."""
    span = glass.want.span
    try:
        asked = periods.parse(told, span.today)
    except ValueError:
        return None
    cut = replace(span, period=asked, first=asked.first, last=min(asked.last, span.today))
    return replace(glass, want=replace(glass.want, span=cut))


def _named(glass: Glass, code: str) -> str:
    """The station's name; empty for none of the street's."""
    return next((s.name for s in water.stations(glass) if s.code == code), "")


def _reached(glass: Glass) -> OwnProof | None:
    """What one station reached: day by day, of which the highest and the sum are taken."""
    code, _, told = own_proof.chosen(glass).partition(":")
    there, name = _over(glass, told), _named(glass, code)
    if there is None or not name:
        return None
    rows = _days(there).get(code, [])
    found = _extreme(rows)
    return OwnProof(
        title=f"{name} · 最高水位与雨量",
        shown=f"{wording.fixed(found.high_m, 2)} m，{wording.fixed(found.rain_mm, 1)} mm",
        heads=_ONE,
        rows=[
            [
                wording.day(row["on_day"]),
                wording.fixed(row["high_m"], 2),
                wording.fixed(row["low_m"], 2),
                wording.fixed(row["level_m"], 2),
                wording.fixed(row["rain_day_mm"], 1),
                wording.count(row["readings"]),
            ]
            for row in rows
        ],
        numbers=(1, 2, 3, 4, 5),
        meaning="各日最高水位中最高的一个及其日期；雨量为各日之和；"
        "日按观测时间以 0 时为界，只算通过校验的读数",
        caption=(f"{len(rows)} 天", "逐日"),
        days=(there.want.span.first, there.want.span.last),
        platforms=_GAUGE,
    )


def _apart(glass: Glass) -> OwnProof | None:
    """One station over two periods: both sides, each with its days."""
    code, _, told = own_proof.chosen(glass).partition(":")
    first, _, second = told.partition(":")
    name = _named(glass, code)
    sides = [side for days in (first, second) if (side := _over(glass, days)) is not None]
    if len(sides) < 2 or not name:
        return None
    found = [extremes(side).get(code, Extreme()) for side in sides]
    high = difference([one.high_m for one in found], 2)
    return OwnProof(
        title=f"{name} · 两段之差",
        shown=f"{high} m" if high else wording.NONE,
        heads=_TWO,
        rows=[
            [
                _told(side).replace("..", " 至 "),
                door(wording.fixed(one.high_m, 2), href(side, code), about="最高水位"),
                one.on,
                door(wording.fixed(one.rain_mm, 1), href(side, code), about="雨量"),
            ]
            for side, one in zip(sides, found, strict=True)
        ],
        numbers=(1, 3),
        meaning="差 = 前者 − 后者，按显示的位数相减；雨量之差同理",
        caption=("两段", "点数看逐日"),
        platforms=_GAUGE,
    )


def _two(glass: Glass) -> OwnProof | None:
    """Two stations as they stand now, by their last readings."""
    first, _, second = own_proof.chosen(glass).partition(":")
    known = {station.code: station for station in water.stations(glass)}
    both = [known[code] for code in (first, second) if code in known]
    if len(both) < 2:
        return None
    today = glass.today
    return OwnProof(
        title=" 与 ".join(station.name for station in both),
        shown=" 与 ".join(f"{wording.fixed(station.level_m, 2)} m" for station in both),
        heads=_NOW,
        rows=[
            [
                link(station.name, f"/flood?station={station.code}", "underlined"),
                wording.fixed(station.level_m, 2),
                wording.fixed(station.limits.warning, 2),
                wording.fixed(to_warning(station), 2),
                rise_words(station.rise_m),
                wording.fixed(station.rain_1h_mm, 1),
                wording.fixed(station.rain_24h_mm, 1),
                wording.moment(station.observed_at, today),
            ]
            for station in both
        ],
        numbers=(1, 2, 3, 5, 6),
        meaning="各站最近一次观测；距警戒为当日有效的警戒水位减水位；差 = 前者 − 后者；"
        "各站基面不同，水位不互比",
        caption=("各站最近一次观测", ""),
        platforms=_GAUGE,
    )


PROOFS: Final[Mapping[str, Make]] = {"reached": _reached, "apart": _apart, "two": _two}
