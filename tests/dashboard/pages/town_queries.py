"""The named queries of the small town, answered by hand; each is called by its query's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from config.thresholds import load_thresholds
from tests.dashboard.pages.town_cases import FLOWS, NOW, mediation_cases

Orders = Sequence[dict[str, Any]]
Params = dict[str, Any]
Rows = Iterator[dict[str, Any]]


def mediation_flow(_orders: Orders, params: Params) -> Rows:
    """The balance of the pictures; within a choice that of the cases of memory alone."""
    if _chosen(params):
        for line in FLOWS:
            rows = [row for row in _within(mediation_cases(), params) if row["line"] == line]
            closed = sum(row["num"] for row in rows)
            yield {"line": line, "opening": 0, "accepted": len(rows), "closed": closed,
                   "withdrawn": 0, "open": len(rows) - closed}  # fmt: skip
        return
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


def _chosen(params: Params) -> dict[str, str]:
    names = {"community": "community", "unit": "unit", "class": "class_path", "grid": "grid"}
    return {column: params[name] for name, column in names.items() if name in params}


def _within(rows: Orders, params: Params) -> list[dict[str, Any]]:
    chosen = _chosen(params).items()
    return [row for row in rows if all(str(row.get(key)).startswith(one) for key, one in chosen)]


def matter_ended(orders: Orders, params: Params) -> Rows:
    """Orders that were closed in the period; of mediation as many dropped ones as balance."""
    first, last = params["first"], params["last"]
    found = [
        {**row, "reason": None, "ended_at": row["closed_at"]}
        for row in _within(orders, params)
        if row["closed_at"] and first <= row["closed_at"].date() <= last
    ]
    if params["withdrawn"]:
        found = []
        if params["subject"] == "mediation" and not _chosen(params):
            rows = [row for row in mediation_cases() if row["line"] == params["line"]]
            some = rows[: FLOWS[params["line"]][3]]
            found = [{**row, "reason": "并案", "ended_at": NOW} for row in some]
    for row in found[: params["limit"]]:
        yield {"source": row["source"], "number": row["key"], "class_name": row["class_path"],
               "community": row["community"], "unit": row["unit"], "total": len(found),
               "ended_at": row["ended_at"], "reason": row["reason"]}  # fmt: skip


def matter_flow(orders: Orders, params: Params) -> Rows:
    first, last = params["first"], params["last"]
    orders = _within(orders, params)
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
    yield {
        "layer": "store", "source": "flood_supplies", "number": "CK01", "name": "中心仓库",
        "community": "320117005001", "state": None, "members": None, "pumps": None,
        "items": 3, "short": 1, "lng": 119.01, "lat": 31.55,
    }  # fmt: skip


def team_states(_orders: Orders, _params: Params) -> Rows:
    for code, team, state, point in (
        ("QX02", "渔浦村圩堤抢险队", "作业", "渔浦圩口"),
        ("PL01", "排涝一队", "待命", None),
    ):
        yield {"team_code": code, "team": team, "kind": "排涝", "members": 18, "pumps": 4,
               "pump_m3h": 800.0, "state": state, "point": point, "community": "320117005001",
               "updated_at": NOW - timedelta(hours=2)}  # fmt: skip


def supply_stock(_orders: Orders, _params: Params) -> Rows:
    for code, store in (("CK01", "中心仓库"), ("CK02", "渔浦物资点")):
        for item, name, qty, quota in (
            ("A", "编织袋", 4800.0, 6000.0), ("B", "块石", 300.0, 300.0), ("C", "木桩", 90.0, 80.0),
        ):  # fmt: skip
            is_low = code == "CK01" or item != "A"
            yield {"store_code": code, "store": store, "community": "320117005001",
                   "item_code": item, "item": name, "qty": qty if is_low else quota,
                   "quota": quota, "measure": "条", "expires_on": NOW.date() - timedelta(days=1),
                   "checked_on": NOW.date(), "updated_at": NOW}  # fmt: skip


def pump_latest(_orders: Orders, _params: Params) -> Rows:
    for number, (kind, name, fault, running, minutes) in enumerate((
        ("pump", "渔浦圩泵站", None, 2, 4), ("pump", "苇荡圩泵站", "断电", 0, 4),
        ("pump", "春和排涝站", None, 0, 95), ("gate", "春和闸", None, 0, 4),
    )):  # fmt: skip
        yield {"kind": kind, "station": f"320117800{number + 1}", "name": name,
               "observed_at": NOW - timedelta(minutes=minutes), "inner_m": 9.1, "outer_m": 9.62,
               "running": running, "installed": 3, "flow_m3s": 1.5, "fault": fault}  # fmt: skip


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
