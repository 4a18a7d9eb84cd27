"""A small town in memory: the figures of the reference pictures, answered as a snapshot does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain, islice
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from cases.schema import alarm_events, alarm_shelves, alarms, case_view, marks, metadata
from config import clock
from config.platforms import Platform, load_platforms
from config.site import load_site
from config.thresholds import load_thresholds
from dashboard.gate.caller import Caller
from dashboard.pages.app import PAGES
from warehouse.errors import GenerationGone, UnknownParameter
from warehouse.generation import Generation, SourceState
from warehouse.metric import load_metrics
from warehouse.read import EVERY, ColumnInfo, Matter, MetricAnswer, MetricQuery, Point, Rows, Sift

NOW = datetime(2026, 9, 30, 9, 44)
AS_OF = datetime(2026, 9, 30, 9, 31)
GENERATION = 48217
MONTHS = {
    "centre": [(8, 8), (6, 6), (8, 8), (9, 9), (9, 9), (10, 10), (9, 11), (5, 14), (1, 15)],
    "unit": [
        (13, 13),
        (10, 10),
        (15, 15),
        (17, 17),
        (16, 16),
        (18, 18),
        (17, 17),
        (19, 19),
        (14, 18),
    ],
}
PLACES = {
    "centre": "9/12 8/11 7/10 5/8 6/8 5/7 5/7 4/6 5/6 4/5 3/5 4/5",
    "unit": "20/20 17/18 16/16 11/12 12/12 11/11 11/11 9/10 9/9 8/8 8/8 7/8",
}
TYPES = {
    "centre": {"02": "11/14", "07": "9/13", "03": "10/16", "01": "7/8", "06": "7/9", "13": "8/11",
               "04": "4/6", "10": "5/9", "99": "4/4"},
    "unit": {"02": "34/34", "07": "17/18", "03": "15/15", "01": "22/22", "06": "18/19",
             "13": "12/12", "04": "9/9", "10": "3/3", "99": "9/11"},
}  # fmt: skip
LINKS = {
    "centre": {"警调": "15/18", "诉调": "9/14", "访调": "12/21", "专调": "9/12", "": "20/25"},
    "unit": {"警调": "45/46", "诉调": "18/19", "访调": "16/17", "专调": "15/15", "": "45/46"},
}
UNITS = {
    "派出所": "34/35", "司法所": "31/31", "信访办": "17/18", "洪蓝法庭": "16/17", "妇联": "8/8",
    "社保中心": "7/7", "民政办": "4/4", "建管中心": "6/7", "物业办": "9/9", "农服中心": "4/4",
    "拆迁办": "2/2", "教管会": "1/1",
}  # fmt: skip
FLOWS = {"centre": (6, 93, 71, 3, 25), "unit": (3, 145, 142, 2, 4)}
BEFORE = {"centre": (62, 96), "unit": (121, 131)}


def _counts(text: str) -> tuple[int, int]:
    num, den = text.split("/")
    return int(num), int(den)


def _spread(pairs: dict[str, tuple[int, int]], *, closed: bool) -> list[str]:
    """One key a case, each as often as the closed (or open) cases of that key."""
    return list(
        chain.from_iterable(
            [key] * (num if closed else den - num) for key, (num, den) in pairs.items()
        )
    )


def mediation_cases() -> list[dict[str, Any]]:
    """90 and 143 cases whose months, places, types, linkages and units give the pictures' sums."""
    site = load_site()
    codes = [community.code for community in site.communities]
    cases: list[dict[str, Any]] = []
    for line, months in MONTHS.items():
        kinds = {
            "community": dict(zip(codes, map(_counts, PLACES[line].split()), strict=True)),
            "class_path": {key: _counts(text) for key, text in TYPES[line].items()},
            "link_kind": {key: _counts(text) for key, text in LINKS[line].items()},
            "unit": {key: _counts(text) for key, text in UNITS.items()}
            if line == "unit"
            else {"矛调中心": (65, 90)},
        }
        for closed in (True, False):
            days = [
                date(2026, month, 2 + index % 26)
                for month, (num, den) in enumerate(months, start=1)
                for index in range(num if closed else den - num)
            ]
            drawn = {name: _spread(pairs, closed=closed) for name, pairs in kinds.items()}
            for name in ("class_path", "link_kind", "unit"):
                drawn[name] = _mixed(drawn[name], name)
            for index, day in enumerate(days):
                cases.append(
                    _case(line, day, closed, {name: keys[index] for name, keys in drawn.items()})
                )
    _due_days([case for case in cases if not case["num"]])
    for number, case in enumerate(sorted(cases, key=lambda c: c["accepted_at"]), start=1):
        case["key"] = case["case_no"] = f"MT-{number:04d}"
    return cases


def _mixed(keys: list[str], name: str) -> list[str]:
    step = {"class_path": 7, "link_kind": 11, "unit": 13}[name]
    return [key for _, key in sorted(enumerate(keys), key=lambda one: (one[0] * step) % 97)]


def _case(line: str, day: date, closed: bool, keys: dict[str, str]) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 9, 10)
    return {
        "source": "demo:mediation",
        "line": line,
        "on_day": day,
        "num": 1 if closed else 0,
        "den": 1,
        "excluded_reason": None,
        "accepted_at": at,
        "closed_at": at + timedelta(days=9) if closed else None,
        "due_at": at + timedelta(days=30),
        "state": "完结" if closed else "调解中",
        "parties": "赵*、钱**",
        "grid": None,
        "value": None,
        **keys,
    }


def _due_days(open_cases: list[dict[str, Any]]) -> None:
    """Three of the centre overdue, five and one due within two workdays, the rest later."""
    plan = {
        "centre": [(-12, "")] + [(-7, ""), (-3, "")] + [(0.5, "")] * 5 + [(20, "")] * 17,
        "unit": [(0.5, "")] + [(22, "")] * 3,
    }
    for line, dues in plan.items():
        cases = [case for case in open_cases if case["line"] == line]
        for case, (days, _) in zip(cases, dues, strict=True):
            case["due_at"] = NOW + timedelta(days=days)


def hotline_orders() -> list[dict[str, Any]]:
    """About nine orders a day over 21 months, closed in some days, a few overdue."""
    site = load_site()
    leaves = [c.code for c in site.hotline_classes if len(c.code) == 6]
    units = [unit.name for unit in site.units if unit.kind == "handling"]
    orders: list[dict[str, Any]] = []
    day, number = date(2025, 1, 1), 0
    while day <= NOW.date():
        for index in range(6 + (day.toordinal() * 7) % 6 + (3 if day.weekday() == 0 else 0)):
            number += 1
            at = datetime(day.year, day.month, day.day, 8 + (index * 5 + day.day) % 11, 13)
            if at > NOW:
                continue
            orders.append(_order(number, at, site, leaves, units))
        day += timedelta(days=1)
    return orders


def _order(
    number: int, at: datetime, site: Any, leaves: list[str], units: list[str]
) -> dict[str, Any]:
    takes = 1 + (number * 13) % 6 + (9 if number % 29 == 0 else 0)
    closed = at + timedelta(days=takes)
    code = leaves[(number * number) % len(leaves)]
    return {
        "key": f"NJ{at:%Y%m%d}{number:06d}",
        "source": "demo:hotline_12345",
        "received_at": at,
        "closed_at": closed if closed <= NOW else None,
        "due_at": at + timedelta(days=7),
        "on_hour": at.hour,
        "community": site.communities[(number * 5) % 12].code,
        "grid": None,
        "unit": units[(number * 3) % len(units)],
        "class_path": f"{code[:2]}/{code[:4]}/{code}",
        "title": "<img src=x onerror=alert(1)> 路灯不亮" if number % 50 == 0 else "路灯不亮",
        "state": "已办结" if closed <= NOW else "办理中",
        "line": None,
        "satisfied": number % 11 != 0,
        "excluded_reason": "并单" if number % 41 == 0 else None,
    }


@cache
def platforms() -> Mapping[str, Platform]:
    """The platforms of the product's own configuration, read once."""
    return load_platforms()


@dataclass(eq=False)
class Town:
    """A reader over rows in memory; every answer is recomputed from the rows it gives."""

    mediation: list[dict[str, Any]] = field(default_factory=mediation_cases)
    hotline: list[dict[str, Any]] = field(default_factory=hotline_orders)
    number: int = GENERATION
    kept: tuple[int, ...] = (GENERATION, GENERATION - 1)

    def current(self) -> Any:
        """The published generation."""
        sources = tuple(
            SourceState(platform.source, key, own=True, demo=True, last_success_at=AS_OF)
            for key, platform in platforms().items()
        )
        return Generation(self.number, NOW - timedelta(seconds=15), sources)

    def definitions(self) -> Any:
        """The definitions as the product has them."""
        return load_metrics()

    def metric(
        self, metric_id: str, query: MetricQuery, generation: int | None = None
    ) -> MetricAnswer:
        """A metric over the rows of memory."""
        self._pinned(generation)
        definition = self.definitions()[metric_id]
        rows = self._rows(metric_id, query)
        series = tuple(self._series(definition, rows, query)) if query.by else ()
        both = "line" in rows[0] if rows else False
        value, num, den = _value(definition, [row for row in rows if not row["excluded_reason"]])
        if definition.lines and query.line is None and both:
            value = None
        excluded: dict[str, int] = {}
        for row in rows:
            if row["excluded_reason"]:
                excluded[row["excluded_reason"]] = excluded.get(row["excluded_reason"], 0) + 1
        return MetricAnswer(
            id=metric_id,
            version=definition.version,
            name=definition.name,
            unit=definition.unit,
            basis=definition.basis,
            first=query.first,
            last=query.last,
            value=value,
            numerator=num,
            denominator=den,
            excluded=excluded,
            as_of=AS_OF,
            generation=self.number,
            series=series,
        )

    def rows(self, metric_id: str, query: MetricQuery, limit: int = 100, offset: int = 0,
             sort: str | None = None, wall: bool = False, only: str | None = None,
             generation: int | None = None, sift: Sift = EVERY) -> Rows:  # fmt: skip
        """The rows behind a metric; of a sift only the words, which stand in the title."""
        self._pinned(generation)
        found = [
            row
            for row in self._rows(metric_id, query)
            if not sift.words or sift.words in str(row.get("title"))
        ]
        counted = [row for row in found if not row["excluded_reason"]]
        chosen = {
            None: found,
            "numerator": [row for row in counted if row["num"]],
            "not_numerator": [row for row in counted if not row["num"]],
            "excluded": [row for row in found if row["excluded_reason"]],
        }[only]
        if sort:
            name = sort.lstrip("-")
            chosen = sorted(
                chosen, key=lambda r: str(r.get(name) or ""), reverse=sort.startswith("-")
            )
        names = list(dict.fromkeys(chain.from_iterable(found[:1]))) or ["key"]
        columns = tuple(ColumnInfo(name=name, label=name, type="text", unit="") for name in names)
        return Rows(
            columns=columns,
            rows=[dict(row) for row in chosen[offset : offset + limit]],
            total=len(chosen),
            numerator=sum(row["num"] or 0 for row in counted),
            denominator=sum(row["den"] or 0 for row in counted),
        )

    def query(
        self, name: str, params: dict[str, Any] | None = None, generation: int | None = None
    ) -> pa.Table:
        """A named query answered by hand."""
        self._pinned(generation)
        make = getattr(self, f"_q_{name}", self._q_matter_flow)
        return pa.Table.from_pylist(list(make(params or {})))

    def case(self, source: str, key: str, generation: int | None = None) -> Matter | None:
        """One order of the hotline with two steps."""
        row = next(
            (row for row in self.hotline if (row["source"], row["key"]) == (source, key)), None
        )
        if row is None:
            return None
        columns = [
            ColumnInfo(name, label, kind, "")
            for name, label, kind in (
                ("key", "工单编号", "text"),
                ("title", "标题", "text"),
                ("received_at", "受理时间", "timestamp"),
                ("due_at", "应办结时间", "timestamp"),
                ("closed_at", "办结时间", "timestamp"),
                ("community_code", "社区编码", "text"),
                ("unit", "承办单位", "text"),
                ("state", "工单状态", "text"),
            )
        ]
        return Matter(
            source, key, "hotline_order", columns, {**row, "community_code": row["community"]}
        )

    def _pinned(self, generation: int | None) -> None:
        if generation is not None and generation not in self.kept:
            raise GenerationGone(generation)

    def _rows(self, metric_id: str, query: MetricQuery) -> list[dict[str, Any]]:
        make: Callable[[MetricQuery], Iterator[dict[str, Any]]] | None = getattr(
            self, f"_m_{metric_id}", None
        )
        if metric_id not in self.definitions():
            raise UnknownParameter("metric", metric_id, self.definitions())
        rows = list(make(query) if make else self._like_the_hotline(metric_id, query))
        for name in ("community", "unit", "line"):
            wanted = getattr(query, name)
            if wanted is not None:
                rows = [row for row in rows if row.get(name) == wanted]
        if query.class_path:
            rows = [row for row in rows if str(row["class_path"]).startswith(query.class_path)]
        return rows

    def _series(
        self, definition: Any, rows: list[dict[str, Any]], query: MetricQuery
    ) -> Iterator[Point]:
        groups: dict[str, list[dict[str, Any]]] = {}
        for key in _keys(query):
            groups[key] = []
        for row in rows:
            if not row["excluded_reason"]:
                groups.setdefault(_key(row, query), []).append(row)
        for key, members in groups.items():
            value, num, den = _value(definition, members)
            yield Point(key=key, label=_label(key), value=value, numerator=num, denominator=den)

    def _like_the_hotline(self, metric_id: str, query: MetricQuery) -> Iterator[dict[str, Any]]:
        """A metric of another subject, over the orders of the hotline: enough to draw its page."""
        definition = self.definitions()[metric_id]
        make = {
            "stock": self._m_hotline_open,
            "level": self._m_hotline_open,
            "rate": self._m_hotline_satisfaction_rate,
            "median": self._m_hotline_handling_days,
        }.get(definition.kind, self._m_hotline_received)
        lines = [key for key, _ in definition.lines] or [None]
        for index, row in enumerate(make(query)):
            yield {**row, "line": lines[index % len(lines)]}

    def _m_mediation_completion_rate(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        if query.last.year == 2025:
            yield from self._year_before(query)
        yield from (row for row in self.mediation if query.first <= row["on_day"] <= query.last)
        if (query.first, query.last) == (date(2026, 1, 1), date(2026, 9, 30)):
            sample = {"centre": ["并案", "撤回", "撤回"], "unit": ["并案", "撤回"]}
            for line, reasons in sample.items():
                first = next(row for row in self.mediation if row["line"] == line)
                for index, reason in enumerate(reasons):
                    key = f"MT-9{line[0]}{index}"
                    yield {**first, "key": key, "excluded_reason": reason, "num": None, "den": None}

    def _year_before(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for line, (num, den) in BEFORE.items():
            model = next(row for row in self.mediation if row["line"] == line)
            for index in range(den):
                day = date(2025, 1 + index % 9, 5)
                if query.first <= day <= query.last:
                    yield {
                        **model,
                        "on_day": day,
                        "num": int(index < num),
                        "key": f"A{line}{index}",
                    }

    def _m_mediation_accepted(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        rows = self._m_mediation_completion_rate(query)
        yield from ({**row, "num": row["den"]} for row in rows)

    def _m_mediation_closed(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        rows = self._m_mediation_completion_rate(query)
        yield from ({**row, "den": 1} for row in rows if row["num"])

    def _m_mediation_success_rate(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        yield from self._m_mediation_closed(query)

    def _m_mediation_days(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        yield from ({**row, "value": 9.0} for row in self._m_mediation_closed(query))

    def _m_mediation_open(self, _query: MetricQuery) -> Iterator[dict[str, Any]]:
        yield from ({**row, "num": 1, "den": 1} for row in self.mediation if not row["num"])

    def _orders(self, query: MetricQuery, column: str) -> Iterator[tuple[dict[str, Any], date]]:
        for row in self.hotline:
            at = row[column]
            if at is not None and query.first <= at.date() <= query.last:
                yield row, at.date()

    def _m_hotline_received(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for row, day in self._orders(query, "received_at"):
            yield {**row, "on_day": day, "num": 1, "den": 1, "value": None}

    def _m_hotline_closed(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for row, day in self._orders(query, "closed_at"):
            yield {**row, "on_day": day, "num": 1, "den": 1, "value": None}

    def _m_hotline_on_time_rate(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for row, day in self._orders(query, "due_at"):
            if row["due_at"] <= NOW:
                done = row["closed_at"] is not None and row["closed_at"] <= row["due_at"]
                yield {**row, "on_day": day, "num": int(done), "den": 1, "value": None}

    def _m_hotline_satisfaction_rate(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for row, day in self._orders(query, "closed_at"):
            yield {**row, "on_day": day, "num": int(row["satisfied"]), "den": 1, "value": None}

    _m_hotline_response_rate = _m_hotline_satisfaction_rate
    _m_hotline_resolution_rate = _m_hotline_satisfaction_rate

    def _m_hotline_repeat_rate(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for index, row in enumerate(self._m_hotline_received(query)):
            yield {**row, "num": int(index % 12 == 0)}

    def _m_hotline_handling_days(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for row, day in self._orders(query, "closed_at"):
            days = (row["closed_at"] - row["received_at"]) / timedelta(days=1)
            yield {**row, "on_day": day, "num": 1, "den": 1, "value": days}

    _m_hotline_handling_workdays = _m_hotline_handling_days

    def _m_hotline_open(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        end = min(datetime(query.last.year, query.last.month, query.last.day, 23, 59), NOW)
        for row in self.hotline:
            begun, done = row["received_at"] <= end, row["closed_at"]
            if begun and (done is None or done > end):
                yield {**row, "on_day": end.date(), "num": 1, "den": 1, "value": None}

    def _m_hotline_overdue(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        end = min(datetime(query.last.year, query.last.month, query.last.day, 23, 59), NOW)
        yield from (row for row in self._m_hotline_open(query) if row["due_at"] < end)

    def _m_gauge_over_warning(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for station in islice(load_thresholds().stations, 1):
            yield {
                "key": station.code, "source": "demo:gauge", "on_day": query.last, "num": 1,
                "den": 1, "value": None, "community": station.community, "grid": None, "unit": None,
                "class_path": None, "line": None, "excluded_reason": None,
            }  # fmt: skip

    def _m_platform_fresh(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for key in platforms():
            yield {
                "key": key, "source": key, "on_day": query.last, "num": 1, "den": 1, "value": None,
                "community": None, "grid": None, "unit": None, "class_path": None, "line": None,
                "excluded_reason": None,
            }  # fmt: skip

    def _q_mediation_flow(self, _params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for line, (opening, accepted, closed, withdrawn, still) in FLOWS.items():
            yield {"line": line, "opening": opening, "accepted": accepted, "closed": closed,
                   "withdrawn": withdrawn, "open": still}  # fmt: skip

    def _q_camera_list(self, _params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for number in range(20):
            code = f"32011700500{1 + number % 2}"
            yield {"platform": "camera_street", "camera_no": f"C{number}", "name": f"路口{number}",
                   "owner": "公安分局" if number % 4 else "交警大队", "industry": "治安",
                   "community": code, "community_name": f"社区{code[-1]}",
                   "state": "离线" if number < 3 else "在线",
                   "changed_at": NOW - timedelta(days=3 - number)}  # fmt: skip

    def _q_matter_flow(self, params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        first, last = params["first"], params["last"]
        rows = [row for row in self.hotline if row["received_at"].date() <= last]
        ended = [row for row in rows if row["closed_at"] and row["closed_at"].date() <= last]
        early = [row for row in ended if row["closed_at"].date() < first]
        before = [row for row in rows if row["received_at"].date() < first]
        yield {"opening": len(before) - len(early), "received": len(rows) - len(before),
               "closed": len(ended) - len(early), "withdrawn": 0,
               "open": len(rows) - len(ended)}  # fmt: skip

    def _q_map_cameras(self, _params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield {
            "source": "camera_street", "number": "32011700001320000001", "name": "村口01",
            "community": "320117005001", "unit": "综治中心", "state": "在线", "changed_at": NOW,
            "lng": 119.0, "lat": 31.54,
        }  # fmt: skip

    def _q_map_forces(self, _params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield {
            "layer": "team", "source": "flood_supplies", "number": "PL01", "name": "排涝一队",
            "community": "320117005001", "state": "待命", "members": 18, "pumps": 4,
            "items": None, "short": None, "lng": 119.0, "lat": 31.54,
        }  # fmt: skip

    def _q_matter_links(self, params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        row = next(r for r in self.hotline if r["key"] != params["key"])
        for key, confidence, rule in (
            (row["key"], 1.0, "来源单号"),
            ("LD1", 0.7, "同网格同类三日内"),
        ):
            yield {"source": row["source"], "key": key, "platform": "hotline_12345",
                   "platform_name": "热线", "rule": rule, "confidence": confidence,
                   "opened_at": row["received_at"], "state": "办理中"}  # fmt: skip

    def _q_gauge_latest(self, _params: dict[str, Any]) -> Iterator[dict[str, Any]]:
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

    def _q_gauge_day(self, params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Each station 0.5 m over its patrol level on the first day, 1 mm of rain a day."""
        days = (params["last"] - params["first"]).days + 1
        for station in load_thresholds().stations:
            for n in range(days):
                high = (station.levels[0].patrol or 8.0) + (0.5 if not n else 0.0)
                yield {
                    "station": station.code, "on_day": params["first"] + timedelta(days=n),
                    "high_m": high - 0.2 * (params["first"].month == 7), "rain_day_mm": 1.0,
                }  # fmt: skip

    def _q_gauge_series(self, params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        at, end = params["since"], params["until"]
        step = timedelta(minutes=params["step_min"])
        while at <= end:
            share = (at - params["since"]) / max(end - params["since"], step)
            level = 9.9 + 0.5 * share**3
            yield {"observed_at": at, "level_m": round(level, 3), "rain_mm": 0.5 * (at.hour % 5)}
            at += step

    def _q_weather_now(self, _params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"station": "W1", "observed_at": NOW - timedelta(minutes=9), "temp_c": 22.4,
               "humidity_pct": 81.0, "wind_ms": 3.4, "wind_dir": "东南", "sky": "小雨",
               "rain_1h_mm": 1.5, "rain_24h_mm": 18.0, "next_6h_low_mm": 10.0,
               "next_6h_high_mm": 25.0}  # fmt: skip

    def _q_weather_warnings(self, _params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"warning_no": "A1", "kind": "暴雨", "level": "蓝",
               "issued_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=11),
               "state": "生效", "summary": "未来 12 小时雨量可达 50 毫米"}  # fmt: skip


def _value(definition: Any, rows: list[dict[str, Any]]) -> tuple[Any, Any, Any]:
    if definition.kind == "median":
        values = sorted(row["value"] for row in rows if row.get("value") is not None)
        if not values:
            return None, None, 0
        middle = len(values) // 2
        value = values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
        return value, None, len(values)
    num = sum(row["num"] or 0 for row in rows)
    den = sum(row["den"] or 0 for row in rows)
    if definition.kind == "rate":
        return (num / den if den else None), num, den
    return num, num, den


def _keys(query: MetricQuery) -> Iterator[str]:
    """The keys of a time series without gaps."""
    day = query.first
    while day <= query.last and query.by in ("day", "week", "month"):
        yield _key({"on_day": day}, query)
        day += timedelta(days=1)


def _key(row: dict[str, Any], query: MetricQuery) -> str:
    day = row["on_day"]
    if query.by == "day":
        return str(day)
    if query.by == "week":
        return f"{day.isocalendar().year}-W{day.isocalendar().week:02d}"
    if query.by == "month":
        return f"{day:%Y-%m}"
    if query.by == "hour":
        return f"{day}T{row['on_hour']:02d}"
    if query.by == "class":
        depth = query.level or len((query.class_path or "").split("/")) + bool(query.class_path)
        return "/".join(str(row["class_path"]).split("/")[: max(depth, 1)])
    return str(row.get(query.by or "") or "")


def _label(key: str) -> str:
    return key


class Store:
    """The case store as far as pages ask: every platform arrived, one 13 minutes ago; views."""

    def __init__(self) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        metadata.create_all(
            self.engine, tables=[case_view, alarms, alarm_events, alarm_shelves, marks]
        )

    def reading(self) -> Any:
        """A connection that reads."""
        return self.engine.connect()

    def writing(self) -> Any:
        """A transaction."""
        return self.engine.begin()


@pytest.fixture
def town() -> Town:
    """The town of the reference pictures."""
    return Town()


def platform_states(age: timedelta = timedelta(minutes=13), state: str = "fresh") -> list[Any]:
    """Every platform of the configuration with one age and one lamp."""
    return [
        SimpleNamespace(
            key=key,
            name=platform.name,
            short=platform.short,
            state=state,
            last_success=NOW - age,
            age_s=int(age.total_seconds()),
            limit_s=int(platform.stale_after.total_seconds()),
            rows_today=7,
            quarantined=0,
            hint="",
            owner=platform.owner,
        )
        for key, platform in platforms().items()
    ]


def town_data(reader: Town) -> Any:
    """What pages are given: reader, platforms, site, thresholds, store."""
    return SimpleNamespace(
        reader=reader,
        store=Store(),
        platforms=platforms(),
        site=load_site(),
        thresholds=load_thresholds(),
    )


def _fails(_glass: Any, area: str, error: Exception) -> Any:
    raise AssertionError(f"the panel {area} could not be drawn") from error


@pytest.fixture
def served(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The pages' rendering over the town, with a frozen clock and a leader looking."""
    from dashboard.pages import reading, render  # after the fixtures, it imports dash

    data = town_data(town)
    monkeypatch.setattr(render, "source_data", lambda: data)
    monkeypatch.setattr(reading, "unexpected", _fails)  # in tests a fault of ours is one
    monkeypatch.setattr(render.health, "states", lambda *_: platform_states())
    monkeypatch.setattr(render.health, "first_load", lambda *_: None)
    leader = Caller("李**", "leader", "-")
    monkeypatch.setattr(render.caller, "current", lambda: leader)
    with clock.frozen(NOW):
        yield SimpleNamespace(town=town, data=data, render=render, pages=PAGES)


def _texts(node: Any) -> Iterator[str]:
    if node is None:
        return
    if isinstance(node, (list, tuple)):
        for child in node:
            yield from _texts(child)
    elif hasattr(node, "to_plotly_json"):
        yield from _texts(getattr(node, "children", None))
    else:
        yield str(node)


def _nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, (list, tuple)):
        for child in node:
            yield from _nodes(child)
    elif hasattr(node, "to_plotly_json"):
        yield node
        yield from _nodes(getattr(node, "children", None))


@pytest.fixture
def words() -> Callable[[Any], str]:
    """All text of a component tree, one after the other."""
    return lambda node: "".join(_texts(node))


@pytest.fixture
def nodes() -> Callable[[Any], list[Any]]:
    """All components of a tree."""
    return lambda node: list(_nodes(node))
