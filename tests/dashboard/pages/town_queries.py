"""The named queries of the small town, answered by hand; each is called by its query's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from config.thresholds import load_thresholds
from tests.dashboard.pages.town_cases import FLOWS, NOW

Orders = Sequence[dict[str, Any]]
Params = dict[str, Any]
Rows = Iterator[dict[str, Any]]


def mediation_flow(_orders: Orders, _params: Params) -> Rows:
    for line, (opening, accepted, closed, withdrawn, still) in FLOWS.items():
        yield {"line": line, "opening": opening, "accepted": accepted, "closed": closed,
               "withdrawn": withdrawn, "open": still}  # fmt: skip


def camera_list(_orders: Orders, _params: Params) -> Rows:
    for number in range(20):
        code = f"32011700500{1 + number % 2}"
        yield {"platform": "camera_street", "camera_no": f"C{number}", "name": f"路口{number}",
               "owner": "公安分局" if number % 4 else "交警大队", "industry": "治安",
               "community": code, "community_name": f"社区{code[-1]}",
               "state": "离线" if number < 3 else "在线",
               "changed_at": NOW - timedelta(days=3 - number)}  # fmt: skip


def matter_flow(orders: Orders, params: Params) -> Rows:
    first, last = params["first"], params["last"]
    rows = [row for row in orders if row["received_at"].date() <= last]
    ended = [row for row in rows if row["closed_at"] and row["closed_at"].date() <= last]
    early = [row for row in ended if row["closed_at"].date() < first]
    before = [row for row in rows if row["received_at"].date() < first]
    yield {"opening": len(before) - len(early), "received": len(rows) - len(before),
           "closed": len(ended) - len(early), "withdrawn": 0,
           "open": len(rows) - len(ended)}  # fmt: skip


def map_cameras(_orders: Orders, _params: Params) -> Rows:
    yield {
        "source": "camera_street", "number": "32011700001320000001", "name": "村口01",
        "community": "320117005001", "unit": "综治中心", "state": "在线", "changed_at": NOW,
        "lng": 119.0, "lat": 31.54,
    }  # fmt: skip


def map_forces(_orders: Orders, _params: Params) -> Rows:
    yield {
        "layer": "team", "source": "flood_supplies", "number": "PL01", "name": "排涝一队",
        "community": "320117005001", "state": "待命", "members": 18, "pumps": 4,
        "items": None, "short": None, "lng": 119.0, "lat": 31.54,
    }  # fmt: skip


def matter_links(orders: Orders, params: Params) -> Rows:
    row = next(r for r in orders if r["key"] != params["key"])
    for key, confidence, rule in (
        (row["key"], 1.0, "来源单号"),
        ("LD1", 0.7, "同网格同类三日内"),
    ):
        yield {"source": row["source"], "key": key, "platform": "hotline_12345",
               "platform_name": "热线", "rule": rule, "confidence": confidence,
               "opened_at": row["received_at"], "state": "办理中"}  # fmt: skip


def gauge_latest(_orders: Orders, _params: Params) -> Rows:
    for index, station in enumerate(load_thresholds().stations):
        levels = station.levels[-1]
        limit = levels.warning or 10.0
        level = limit + (0.01 if index == 0 else -0.3 - 0.22 * index)
        yield {
            "station": station.code, "name": station.name, "river": station.river,
            "observed_at": NOW - timedelta(minutes=4), "level_m": round(level, 2),
            "rise_1h_m": 0.06 if index == 0 else 0.01 * (index % 3 - 1), "rain_1h_mm": 1.5,
            "rain_24h_mm": 12.5 + index, "patrol": levels.patrol, "warning": levels.warning,
            "guarantee": levels.guarantee, "record": levels.record,
            "to_warning_m": round(limit - level, 2), "datum": station.datum,
            "community": station.community, "lng": station.lng, "lat": station.lat,
        }  # fmt: skip


def gauge_day(_orders: Orders, params: Params) -> Rows:
    """Each station 0.5 m over its patrol level on the first day, 1 mm of rain a day."""
    days = (params["last"] - params["first"]).days + 1
    for station in load_thresholds().stations:
        for n in range(days):
            high = (station.levels[0].patrol or 8.0) + (0.5 if not n else 0.0)
            high -= 0.2 * (params["first"].month == 7)
            yield {
                "station": station.code, "on_day": params["first"] + timedelta(days=n),
                "high_m": high, "low_m": high - 0.1, "level_m": high, "rain_day_mm": 1.0,
                "readings": 288,
            }  # fmt: skip


def gauge_series(_orders: Orders, params: Params) -> Rows:
    at, end = params["since"], params["until"]
    step = timedelta(minutes=params["step_min"])
    while at <= end:
        share = (at - params["since"]) / max(end - params["since"], step)
        level = 9.9 + 0.5 * share**3
        yield {"observed_at": at, "level_m": round(level, 3), "rain_mm": 0.5 * (at.hour % 5)}
        at += step


def weather_now(_orders: Orders, _params: Params) -> Rows:
    yield {"station": "W1", "observed_at": NOW - timedelta(minutes=9), "temp_c": 22.4,
           "humidity_pct": 81.0, "wind_ms": 3.4, "wind_dir": "东南", "sky": "小雨",
           "rain_1h_mm": 1.5, "rain_24h_mm": 18.0, "next_6h_low_mm": 10.0,
           "next_6h_high_mm": 25.0}  # fmt: skip


def weather_warnings(_orders: Orders, _params: Params) -> Rows:
    yield {"warning_no": "A1", "kind": "暴雨", "level": "蓝",
           "issued_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=11),
           "state": "生效", "summary": "未来 12 小时雨量可达 50 毫米"}  # fmt: skip
