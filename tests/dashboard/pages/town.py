"""A small town in memory: the figures of the reference pictures, answered as a snapshot does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain, islice
from typing import Any

import pyarrow as pa

from config.platforms import Platform, load_platforms
from config.thresholds import load_thresholds
from dashboard.pages.deadlines import FACTS, STOCKS
from tests.dashboard.pages import town_queries
from tests.dashboard.pages.town_cases import (
    AS_OF,
    BEFORE,
    GENERATION,
    NOW,
    hotline_orders,
    mediation_cases,
    orders_judged,
    orders_on,
    orders_taken,
    within,
)
from warehouse.errors import GenerationGone, UnknownParameter
from warehouse.generation import Generation, SourceState
from warehouse.metric import load_metrics
from warehouse.read import (
    EVERY,
    ColumnInfo,
    Filter,
    Matter,
    MetricAnswer,
    MetricQuery,
    Point,
    Rows,
    Sift,
)


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
    numbered: tuple[str, ...] = ("key",)

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

    def ahead(self, wanted: Any, generation: int | None = None) -> None:
        """Rows in memory are not asked together; what is foreseen has to be a question at least."""
        self._pinned(generation)
        for metric_id, query in wanted:
            assert metric_id in self.definitions() and query.first <= query.last

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
        """The rows behind a metric; of a sift the words in the title, and filters of deadlines."""
        self._pinned(generation)
        found = [
            row
            for row in self._rows(metric_id, query)
            if (not sift.words or sift.words in str(row.get("title")))
            and all(_passes(row, each) for each in sift.filters)
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
            numbered=self.numbered,
        )

    def query(
        self, name: str, params: dict[str, Any] | None = None, generation: int | None = None
    ) -> pa.Table:
        """A named query answered by hand."""
        self._pinned(generation)
        make = getattr(town_queries, name, town_queries.matter_flow)
        return pa.Table.from_pylist(list(make(self.hotline, params or {})))

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
        lines = [key for key, _ in definition.lines]
        for index, row in enumerate(make(query)):
            own = {"line": lines[index % len(lines)]} if lines else {}
            yield {**row, **own, **_own_deadline(metric_id, index, row)}

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

    def _m_hotline_received(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        yield from within(query, orders_on("received_at"))

    def _m_hotline_closed(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        yield from within(query, orders_on("closed_at"))

    def _m_hotline_on_time_rate(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for row in within(query, orders_on("due_at")):
            if row["due_at"] <= NOW:
                done = row["closed_at"] is not None and row["closed_at"] <= row["due_at"]
                yield {**row, "num": int(done)}

    def _m_hotline_satisfaction_rate(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        yield from within(query, orders_judged())

    _m_hotline_response_rate = _m_hotline_satisfaction_rate
    _m_hotline_resolution_rate = _m_hotline_satisfaction_rate

    def _m_hotline_repeat_rate(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for index, row in enumerate(self._m_hotline_received(query)):
            yield {**row, "num": int(index % 12 == 0)}

    def _m_hotline_handling_days(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        yield from within(query, orders_taken())

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

    def _m_supplies_ready(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for row in town_queries.supply_stock((), {}):
            yield {
                "key": f"{row['store_code']}/{row['item_code']}", "source": "demo:flood_supplies",
                "on_day": query.last, "num": int(row["qty"] >= row["quota"]), "den": 1,
                "value": None, "community": row["community"], "grid": None, "unit": None,
                "class_path": row["item"], "line": None, "excluded_reason": None,
            }  # fmt: skip

    def _m_pump_sound_rate(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for row in town_queries.pump_latest((), {}):
            if row["kind"] == "pump":
                yield {
                    "key": f"{row['station']}/{query.last}", "source": "demo:pump_gate",
                    "on_day": query.last, "num": 288 if not row["fault"] else 144, "den": 288,
                    "value": None, "community": None, "grid": None, "unit": None,
                    "class_path": None, "line": None, "excluded_reason": None,
                }  # fmt: skip

    def _m_platform_fresh(self, query: MetricQuery) -> Iterator[dict[str, Any]]:
        for key in platforms():
            yield {
                "key": key, "source": key, "on_day": query.last, "num": 1, "den": 1, "value": None,
                "community": None, "grid": None, "unit": None, "class_path": None, "line": None,
                "excluded_reason": None,
            }  # fmt: skip


def _own_deadline(metric_id: str, index: int, row: dict[str, Any]) -> dict[str, Any]:
    """The deadline of an order as the rows of another subject have it; every third is eased."""
    rule = FACTS.get(STOCKS.get(metric_id, ""))
    if rule is None or not rule.column:
        return {}
    due, is_eased = row["due_at"], index % 3 == 0
    told: dict[str, Any] = {rule.column: due.date() if rule.column.endswith("_on") else due}
    if rule.within and index % 5 == 0:
        told |= {rule.column: None, rule.within[0]: due - timedelta(days=rule.within[1])}
    if rule.met:
        told[rule.met] = due if is_eased else None
    if rule.held:
        told["state"] = rule.held[0] if is_eased else row["state"]
    if rule.only:
        told["state"] = row["state"] if is_eased else rule.only[index % len(rule.only)]
    return told


def _passes(row: dict[str, Any], wanted: Filter) -> bool:
    """A filter of a deadline, answered for one row as the warehouse does."""
    value, told = row.get(wanted.column), wanted.values
    if value is None and wanted.within and row.get(wanted.within[0]):
        value = (row[wanted.within[0]] + timedelta(days=wanted.within[1])).date()
    if wanted.test == "blank":
        return value is None
    if wanted.test == "among":
        return value in told
    if wanted.test == "not_equals":
        return value != told[0]
    if wanted.test not in ("less", "at_least"):
        return True
    if value is None:
        return False
    if not isinstance(value, datetime):
        value = datetime.combine(value, datetime.min.time())
    return bool(value < told[0] if wanted.test == "less" else value >= told[0])


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
