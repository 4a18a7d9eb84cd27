"""What the wall says about water and weather: stations, the nearest one's curve, rain, warnings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dashboard import wording
from dashboard.panels import (
    district_map,
    level_curve,
    nearest_level,
    other_stations,
    rain,
    ribbon,
    scene,
    warnings,
)
from dashboard.theme import RANK_WORDS
from dashboard.wall.asking import Asking, Row
from dashboard.wall.water import (
    Limits,
    StationNow,
    by_urgency,
    distance_words,
    over_warning,
    rank_of,
    state_words,
)

CURVE = timedelta(hours=24)
STEP_MIN = 15
PAST = timedelta(
    hours=72
)  # a reading older than this says nothing about now; until then a rank stays


def stations(ask: Asking) -> list[StationNow]:
    """Every configured station with its latest reading, in the order of the configuration."""
    return ask.once("stations", lambda: _stations(ask))


def _stations(ask: Asking) -> list[StationNow]:
    rows = {row["station"]: row for row in ask.rows("gauge_latest", {"as_of": ask.as_of})}
    limit = ask.platforms["gauge"].stale_after if "gauge" in ask.platforms else CURVE
    return [
        _station(one.code, one.name, rows.get(one.code), ask, limit)
        for one in ask.thresholds.stations
    ]


def _station(
    code: str, name: str, row: Row | None, ask: Asking, stale_after: timedelta
) -> StationNow:
    levels = ask.thresholds.levels_at(code, ask.today)
    limits = (
        Limits(levels.patrol, levels.warning, levels.guarantee, levels.record)
        if levels
        else Limits()
    )
    found: Row = row or {}
    level, at = found.get("level_m"), found.get("observed_at")
    silent = at is None or ask.now - at > stale_after
    margin = ask.thresholds.near_margin(ask.thresholds.station(code))
    past = at is None or ask.now - at > PAST
    return StationNow(
        code=code,
        name=name,
        level_m=level,
        observed_at=at,
        rise_m=found.get("rise_1h_m"),
        limits=limits,
        rank=None if past else rank_of(level, limits, margin),
        rain_1h_mm=found.get("rain_1h_mm"),
        rain_24h_mm=found.get("rain_24h_mm"),
        silent=silent,
        age=ask.minute - at if silent and at is not None else None,
    )


def station_places(ask: Asking) -> tuple[district_map.StationPlace, ...]:
    """The stations with their places in degrees."""
    places = {one.code: (one.lng, one.lat) for one in ask.thresholds.stations}
    return tuple(district_map.StationPlace(one, places[one.code]) for one in stations(ask))


def nearest(ask: Asking) -> nearest_level.Facts:
    """The most urgent station, and how many stand over 警戒."""
    every = stations(ask)
    known = [one for one in by_urgency(every) if one.level_m is not None]
    return nearest_level.Facts(
        station=known[0] if known else None,
        over=over_warning(every),
        stations=len(every),
    )


def others(ask: Asking) -> other_stations.Facts:
    """All stations but the one shown large."""
    return other_stations.Facts(tuple(by_urgency(stations(ask))[1:]))


def curve(ask: Asking) -> level_curve.Facts:
    """The most urgent station's level over 24 hours, in steps of a quarter of an hour."""
    station = nearest(ask).station
    if station is None or station.observed_at is None:
        return level_curve.Facts(None, "", Limits(), (), ())
    until = station.observed_at
    rows = ask.rows(
        "gauge_series",
        {
            "station": station.code,
            "since": until - CURVE,
            "until": until,
            "step_min": STEP_MIN,
        },
    )
    datum = next((one.datum for one in ask.thresholds.stations if one.code == station.code), "")
    return level_curve.Facts(
        station=station.name,
        datum=datum,
        limits=station.limits,
        times=tuple(row["observed_at"] for row in rows),
        levels=tuple(row["level_m"] for row in rows),
        rank=station.rank,
    )


def wet(ask: Asking) -> rain.Facts:
    """Rain and air of the weather office, hour by hour, and the wettest station."""
    now = _weather(ask)
    until = now.get("observed_at") or ask.now
    top = until.replace(minute=0, second=0, microsecond=0)
    hours = [top - timedelta(hours=k) for k in range(23, -1, -1)]
    rows = ask.rows("weather_hours", {"since": hours[0] - timedelta(hours=1), "until": until})
    fallen: dict[datetime, float] = {}
    for row in rows:
        if row["rain_1h_mm"] is not None:
            fallen[row["hour_at"]] = max(fallen.get(row["hour_at"], 0.0), row["rain_1h_mm"])
    wettest = max(
        (one for one in stations(ask) if one.rain_24h_mm is not None),
        key=lambda one: one.rain_24h_mm or 0.0,
        default=None,
    )
    return rain.Facts(
        rain_1h=now.get("rain_1h_mm"),
        rain_24h=now.get("rain_24h_mm"),
        next_low=now.get("next_6h_low_mm"),
        next_high=now.get("next_6h_high_mm"),
        hours=tuple(hours),
        bars=tuple(fallen.get(hour) for hour in hours),
        wettest=wettest.name if wettest else None,
        wettest_mm=wettest.rain_24h_mm if wettest else None,
        temp_c=now.get("temp_c"),
        humidity=now.get("humidity_pct"),
        wind_ms=now.get("wind_ms"),
        wind_dir=now.get("wind_dir"),
        sky=now.get("sky"),
    )


def _weather(ask: Asking) -> dict[str, Any]:
    rows = ask.rows("weather_now")
    return rows[0] if rows else {}


def day(ask: Asking) -> scene.Facts:
    """The day and the weather's latest reading; the scene's title is the picture's to say."""
    now = _weather(ask)
    return scene.Facts("", ask.today, now.get("sky"), now.get("temp_c"), now.get("observed_at"))


def warned(ask: Asking) -> warnings.Facts:
    """Weather warnings in force, and stations over 警戒."""
    every = stations(ask)
    rows = ask.rows("weather_warnings", {"as_of": ask.as_of})
    found = [
        warnings.Warning(row["kind"], row["rank"], _since(row, ask))
        for row in rows
        if row["rank"] in RANK_WORDS and (row["ends_at"] is None or row["ends_at"] > ask.now)
    ]
    return warnings.Facts(tuple(found), over_warning(every), len(every))


def _since(row: Row, ask: Asking) -> str:
    return f"{wording.moment(row['issued_at'], ask.today)} 发布"


def gravest(ask: Asking) -> ribbon.Facts:
    """The highest rank in force; water goes before weather at equal rank."""
    water = [one for one in by_urgency(stations(ask)) if one.rank is not None]
    weather = warned(ask).warnings
    total = len(water) + len(weather)
    if water and (not weather or (water[0].rank or 9) <= weather[0].rank):
        top = water[0]
        return ribbon.Facts(
            rank=top.rank,
            what=state_words(top),
            where=f"{top.name} {wording.fixed(top.level_m, 2)} m",
            figure=f"停更 {wording.age(top.age)}" if top.silent else distance_words(top),
            others=total - 1,
        )
    if weather:
        first = weather[0]
        return ribbon.Facts(first.rank, f"{first.kind}预警", first.since, "", total - 1)
    silent = sum(1 for one in stations(ask) if one.silent)
    heard = "各站水位均低于设防" if not silent else f"{silent} 站无新读数，其余低于设防"
    return ribbon.Facts(None, "", calm=(heard, "无生效气象预警"))
