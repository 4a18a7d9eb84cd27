"""GET /api/v1/metrics, one metric, and the rows behind it."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from config import clock
from config.periods import elapsed, parse
from dashboard.api import sifted
from dashboard.api.answers import ApiJson, asked, day, number, wrong_value
from dashboard.gate.refusal import Refused
from dashboard.pages import view as views
from dashboard.source import data
from warehouse.read import EVERY, MetricQuery

FILTERS = ("level", "source", "community", "grid", "unit", "class", "line")
_METRIC = frozenset({"from", "to", "by", *FILTERS, "generation"})
_ROWS = frozenset({"from", "to", *FILTERS, "generation", "limit", "offset", "sort", "only", "view"})
ONLY = ("numerator", "not_numerator", "excluded")
LONGEST_PAGE = 1000

routes = APIRouter(prefix="/api/v1/metrics", include_in_schema=False)


@routes.get("")
def metrics(request: Request) -> Response:
    """Every metric with its definition."""
    asked(request, ())
    found = data().reader.definitions()
    return ApiJson({"metrics": [_definition(found[name]) for name in sorted(found)]})


@routes.get("/{metric_id}")
def metric(metric_id: str, request: Request) -> Response:
    """One metric over a span of days, in all or by a dimension."""
    given = asked(request, _METRIC)
    demand_known(metric_id)
    query = query_of(given, given.get("by"))
    answer = data().reader.metric(metric_id, query, generation=_generation(given))
    return ApiJson(answer.to_json())


@routes.get("/{metric_id}/rows")
def rows(metric_id: str, request: Request) -> Response:
    """The cases behind a metric, personal columns masked; what is left in by a view's id."""
    return _rows(metric_id, asked(request, _ROWS), sifted.NOTHING)


@routes.post("/{metric_id}/rows")
async def rows_sifted(metric_id: str, request: Request) -> Response:
    """The same with search words and filters in the body."""
    given, wanted = asked(request, _ROWS - {"view"}), await sifted.of_body(request)
    return await asyncio.to_thread(_rows, metric_id, given, wanted)


def _rows(metric_id: str, given: dict[str, str], wanted: sifted.Wanted) -> Response:
    demand_known(metric_id)
    only = given.get("only")
    if only is not None and only not in ONLY:
        raise wrong_value("only", only, f"可用：{'、'.join(ONLY)}")
    reader, generation, query = data().reader, _generation(given), query_of(given, None)
    view = views.opened(data().store, given.get("view", ""), metric_id)
    sift = EVERY
    if wanted != sifted.NOTHING or view != views.ALL:
        shape = reader.rows(metric_id, query, limit=0, generation=generation).columns
        types = {column.name: column.type for column in shape}
        sift, everywhere = sifted.sift_of(wanted, view, types, data().site, (metric_id, query.last))
        is_spell = reader.definitions()[metric_id].is_spell
        query = sifted.reach(query, everywhere=everywhere, is_spell=is_spell)
    found = reader.rows(
        metric_id,
        query,
        limit=number(given, "limit", 1, LONGEST_PAGE, 100),
        offset=number(given, "offset", 0, 10**9, 0),
        sort=given.get("sort"),
        only=only,
        generation=generation,
        sift=sift,
    )
    return ApiJson(
        {
            "rows": found.rows,
            "total": found.total,
            "more": found.more,
            "numerator": found.numerator,
            "denominator": found.denominator,
            "columns": [_plain_fields(column) for column in found.columns],
        }
    )


def demand_known(metric_id: str) -> None:
    """Refused for a metric that does not exist."""
    known = data().reader.definitions()
    if metric_id not in known:
        raise Refused(404, f"没有指标 {metric_id}", f"可用：{'、'.join(sorted(known))}")


def query_of(given: dict[str, str], by: str | None) -> MetricQuery:
    """The question that the parameters put."""
    first, last = _span(given)
    level = given.get("level")
    if level is not None and by != "class":
        raise Refused(400, "参数 level 只与 by=class 同用", "加上 by=class", "bad_parameter")
    return MetricQuery(
        first,
        last,
        by=by,
        level=number(given, "level", 1, 3, None),
        source=given.get("source"),
        community=given.get("community"),
        grid=given.get("grid"),
        unit=given.get("unit"),
        class_path=given.get("class"),
        line=given.get("line"),
    )


def _span(given: dict[str, str]) -> tuple[date, date]:
    """The asked days, both inclusive; without them this month so far."""
    today = clock.today()
    first, last = day(given, "from"), day(given, "to")
    if first is None and last is None:
        month = elapsed(parse("", today), today)
        return month.first, month.last
    last = last or today
    first = first or last.replace(day=1)
    if first > last:
        raise Refused(400, "from 晚于 to", "from 不晚于 to,两日都计入", "bad_parameter")
    return first, last


def _generation(given: dict[str, str]) -> int | None:
    found: int | None = number(given, "generation", 1, 10**11, None)
    return found


def _definition(definition: Any) -> Any:
    return definition.to_json() if hasattr(definition, "to_json") else _plain_fields(definition)


def _plain_fields(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
