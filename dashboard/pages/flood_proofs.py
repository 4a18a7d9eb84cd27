"""The proofs of the flood page's figures: the last readings of every station they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import wording
from dashboard.pages import water
from dashboard.pages.marks import link
from dashboard.pages.own_proof import Make, OwnProof
from dashboard.pages.reading import Glass
from dashboard.wall.water import StationNow, distance_words, rise_words

RISING_M: Final = 0.005  # less than half a centimetre an hour is the gauge's own noise
_HEADS: Final = ("站", "水位 m", "1 小时涨落", "24 小时雨量 mm", "观测", "")
_NUMBERS: Final = (1, 2, 3)
_GAUGE: Final = ("gauge",)


def rising(stations: Sequence[StationNow]) -> list[StationNow]:
    """The stations that are heard and rise, the fastest first."""
    found = [s for s in stations if not s.silent and (s.rise_m or 0) >= RISING_M]
    return sorted(found, key=lambda s: -(s.rise_m or 0))


def wettest(stations: Sequence[StationNow]) -> StationNow | None:
    """The station that is heard with the most rain in 24 hours."""
    heard = [s for s in stations if not s.silent]
    return max(heard, key=lambda s: s.rain_24h_mm or 0, default=None)


def nearest(glass: Glass) -> OwnProof:
    """The station nearest to its warning level: all stations in the order of what is left."""
    stations = water.stations(glass)
    top = stations[0] if stations else None
    return OwnProof(
        title="最近警戒" if top is None else f"最近警戒 · {top.name}",
        shown=wording.NONE if top is None else f"{wording.fixed(top.level_m, 2)} m",
        heads=_HEADS,
        rows=_rows(glass, stations),
        numbers=_NUMBERS,
        meaning="各站最近一次观测的水位，与当日有效的警戒水位（没有的用最低一级）相比，"
        "余量最小的一站；照 1 小时涨幅推算的时间仅供参考",
        caption=("各站最近一次观测", "余量小的在前"),
        platforms=_GAUGE,
    )


def rising_stations(glass: Glass) -> OwnProof:
    """How many stations rise: those that do, the fastest first."""
    found = rising(water.stations(glass))
    return OwnProof(
        title="正在上涨",
        shown=f"{len(found)} 站",
        heads=_HEADS,
        rows=_rows(glass, found),
        numbers=_NUMBERS,
        meaning="按时报到的站中，1 小时涨幅不小于 0.5 厘米的",
        caption=(f"上涨的 {len(found)} 站", "涨得快的在前"),
        platforms=_GAUGE,
    )


def rain(glass: Glass) -> OwnProof:
    """The most rain in 24 hours: all stations that are heard, the wettest first."""
    stations = [s for s in water.stations(glass) if not s.silent]
    most = wettest(stations)
    return OwnProof(
        title="24 小时雨量最大" if most is None else f"24 小时雨量最大 · {most.name}",
        shown=wording.NONE if most is None else f"{wording.fixed(most.rain_24h_mm, 1)} mm",
        heads=_HEADS,
        rows=_rows(glass, sorted(stations, key=lambda s: -(s.rain_24h_mm or 0))),
        numbers=_NUMBERS,
        meaning="按时报到的站，最近 24 小时雨量最大的一站",
        caption=("各站最近 24 小时", "雨量大的在前"),
        platforms=_GAUGE,
    )


PROOFS: Final[Mapping[str, Make]] = {
    "nearest": nearest,
    "rising": rising_stations,
    "rain": rain,
}


def _rows(glass: Glass, stations: Sequence[StationNow]) -> list[list[Any]]:
    today = glass.today
    return [
        [
            link(station.name, f"/flood?station={station.code}", "underlined"),
            wording.fixed(station.level_m, 2),
            rise_words(station.rise_m),
            wording.fixed(station.rain_24h_mm, 1),
            wording.moment(station.observed_at, today),
            "停更" if station.silent else distance_words(station),
        ]
        for station in stations
    ]
