"""Search words and row filters of the API: in a body or behind a view's id, never in an address.

What is searched for may be a name, and addresses are written into logs and histories; so both
stand in the body of a POST: `{"words": "路灯", "full": false, "everywhere": false, "filters":
[{"column": "state", "test": "equals", "values": ["办理中"]}]}`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from fastapi import Request

from config.site import Site
from dashboard.api.answers import wrong_value
from dashboard.gate.refusal import Refused
from dashboard.pages import view as views
from dashboard.pages.view import LONGEST
from warehouse.read import (
    EVERY,
    ORDER_TESTS,
    TESTS,
    TEXT_TESTS,
    Filter,
    MetricQuery,
    Sift,
)

_FIELDS: Final = ("words", "full", "everywhere", "filters")
_FILTER: Final = ("column", "test", "values")
_MOST_FILTERS, _MOST_VALUES = 20, 100
_HISTORY: Final = timedelta(days=36_500)
_BARE: Final = ("blank", "filled")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a body asks for, its filters not yet held against the columns of the table."""

    words: str = ""
    full: bool = False
    everywhere: bool = False
    filters: tuple[Mapping[str, Any], ...] = ()


NOTHING: Final = Wanted()


async def of_body(request: Request) -> Wanted:
    """The wish of a POST; Refused where it is no JSON object of the known fields."""
    text = await request.body()
    try:
        body = json.loads(text or b"{}")
    except ValueError:
        raise Refused(400, "内容不是 JSON", "写成一个 JSON 对象", "bad_body") from None
    if not isinstance(body, dict):
        raise Refused(400, "内容不是 JSON 对象", f"可用：{'、'.join(_FIELDS)}", "bad_body")
    _only(body, _FIELDS)
    words, filters = body.get("words", ""), body.get("filters", [])
    if not isinstance(words, str) or len(words) > LONGEST:
        raise wrong_value("words", "…", f"至多 {LONGEST} 字的文字")
    for name in ("full", "everywhere"):
        if not isinstance(body.get(name, False), bool):
            raise wrong_value(name, body[name], "true 或 false")
    if not isinstance(filters, list) or len(filters) > _MOST_FILTERS:
        raise wrong_value("filters", "…", f"至多 {_MOST_FILTERS} 项的列表")
    for each in filters:
        if not isinstance(each, dict):
            raise wrong_value("filters", each, f"每项含 {'、'.join(_FILTER)}")
        _only(each, _FILTER)
    return Wanted(
        words.strip(), body.get("full", False), body.get("everywhere", False), tuple(filters)
    )


def _only(given: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for name in given:
        if name not in allowed:
            hint = f"可用：{'、'.join(allowed)}"
            raise Refused(400, f"未知参数 {str(name)[:40]}", hint, "unknown_parameter")


def sift_of(
    wanted: Wanted,
    view: views.TableView,
    types: Mapping[str, str],
    site: Site,
    stock: tuple[str, date],
) -> tuple[Sift, bool]:
    """What is left in, and whether the whole history is asked: a kept view, or the body's wish."""
    if wanted == NOTHING:
        found = EVERY if view == views.ALL else views.sift(site, view, types, stock)
        return found, view.everywhere
    named = views.sift(site, replace(views.ALL, words=wanted.words, full=wanted.full), types)
    filters = tuple(_filter(each, types) for each in wanted.filters)
    return replace(named, filters=filters), wanted.everywhere


def reach(query: MetricQuery, *, everywhere: bool, is_spell: bool) -> MetricQuery:
    """The question over its own days, or over the whole history."""
    if not everywhere or is_spell:
        return query
    return replace(query, first=query.last - _HISTORY)


def _filter(each: Mapping[str, Any], types: Mapping[str, str]) -> Filter:
    column, test = str(each.get("column", "")), str(each.get("test", ""))
    values = each.get("values", [])
    if column not in types:
        raise wrong_value("column", column, f"可用：{'、'.join(sorted(types))}")
    if test not in TESTS:
        raise wrong_value("test", test, f"可用：{'、'.join(TESTS)}")
    count = 0 if test in _BARE else 2 if test == "between" else None if test == "among" else 1
    if not isinstance(values, list) or len(values) > _MOST_VALUES:
        raise wrong_value("values", "…", f"至多 {_MOST_VALUES} 个值的列表")
    if count is not None and len(values) != count:
        raise wrong_value("values", f"{len(values)} 个", f"{test} 要 {count} 个值")
    kind = types[column]
    return Filter(column, test, tuple(_value(one, kind, test) for one in values))


def _value(value: Any, kind: str, test: str) -> Any:
    """A value in the column's own type; tests of texts compare with text."""
    text = isinstance(value, str) and len(value) <= LONGEST
    if test in TEXT_TESTS and test not in ("equals", "not_equals"):
        if text:
            return value
        raise wrong_value("values", value, "文字")
    if kind in views.MOMENTS:
        return _moment(value)
    if kind in views.NUMBERS:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15:
            return value
        raise wrong_value("values", value, "数")
    if kind == "boolean" and isinstance(value, bool):
        return value
    if text and kind != "boolean" and test not in ORDER_TESTS:
        return value
    raise wrong_value("values", value, "true 或 false" if kind == "boolean" else "文字")


def _moment(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
        if isinstance(value, str) and found.tzinfo is None and found.year < date.max.year:
            return found
    except ValueError:
        pass
    raise wrong_value("values", value, "写成 2026-11-23 或 2026-11-23T08:30:00")
