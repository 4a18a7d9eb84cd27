"""What a person left in of a case table: words, filters, order and columns, behind a view id.

The address has the id alone. What comes from a browser is taken word by word: a column that the
table has not, a test that does not exist, a value of the wrong form are as if they were not said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from cases import views
from config import clock
from config.site import Site
from dashboard.gate import caller
from dashboard.pages.deadlines import DUE, FACTS, STOCKS
from dashboard.pages.state import LINES
from warehouse.read import Filter, Sift

LONGEST: Final = 100
_MOST: Final = 20
_TEXT: Final = {
    "contains": "contains",
    "notContains": "not_contains",
    "equals": "equals",
    "notEqual": "not_equals",
    "startsWith": "starts",
    "endsWith": "ends",
}
_ORDER: Final = {
    "equals": "equals",
    "notEqual": "not_equals",
    "lessThan": "less",
    "lessThanOrEqual": "at_most",
    "greaterThan": "more",
    "greaterThanOrEqual": "at_least",
    "inRange": "between",
}
_EMPTY: Final = {"blank": "blank", "notBlank": "filled"}
NUMBERS: Final = ("integer", "double")
MOMENTS: Final = ("timestamp", "date")
_DAY: Final = timedelta(days=1) - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class TableView:
    """A view's content; `filters` and `sort` in the grid's own words."""

    words: str = ""
    full: bool = False
    everywhere: bool = False
    filters: Mapping[str, Any] | None = None
    sort: tuple[str, str] | None = None
    columns: tuple[str, ...] = ()
    due: str = ""  # of a stock: what is over its deadline, or near it

    @property
    def body(self) -> dict[str, Any]:
        """What is kept."""
        return asdict(self)


ALL: Final = TableView()  # nothing is left out, in the table's own order


def parsed(body: Any) -> TableView:
    """A view from what was kept or sent; anything in it may be wrong."""
    given = body if isinstance(body, Mapping) else {}
    words, filters, sort = given.get("words"), given.get("filters"), given.get("sort")
    columns = given.get("columns")
    return TableView(
        words=words.strip()[:LONGEST] if isinstance(words, str) else "",
        full=given.get("full") is True,
        everywhere=given.get("everywhere") is True,
        filters=dict(filters) if isinstance(filters, Mapping) and filters else None,
        sort=_sort(sort),
        columns=tuple(c for c in columns if isinstance(c, str))
        if isinstance(columns, (list, tuple))
        else (),
        due=near if (near := given.get("due")) in DUE else "",
    )


def opened(store: Any, view_id: str, metric: str) -> TableView:
    """The view of an address; one that is gone or of another table leaves everything in."""
    found = views.find(store, view_id) if view_id else None
    return parsed(found.body) if found is not None and found.metric == metric else ALL


def kept(store: Any, metric: str, view: TableView, name: str = "") -> str:
    """Keep a view for the one who asks and give its id."""
    now = clock.now()
    return views.keep(store, caller.current().name, metric, view.body, now, name)


def sort_word(view: TableView, columns: Sequence[str]) -> str | None:
    """The order as the warehouse reads it."""
    if view.sort is None or view.sort[0] not in columns:
        return None
    return f"-{view.sort[0]}" if view.sort[1] == "desc" else view.sort[0]


def sift(
    site: Site,
    view: TableView,
    types: Mapping[str, str],
    stock: tuple[str, date] | None = None,
) -> Sift:
    """A view as the warehouse reads it; `types` are the table's columns with their types.

    `stock` is the metric with the last day asked about: what is due is judged at its end, or now.
    """
    found = [
        each
        for column, model in list((view.filters or {}).items())[:_MOST]
        if column in types and isinstance(model, Mapping)
        for each in _filter(site, column, types[column], model)
    ]
    if (
        view.due
        and stock
        and (rule := FACTS.get(STOCKS.get(stock[0], "")))
        and rule.column in types
    ):
        ends = datetime.combine(stock[1], time.max)
        found += rule.filters(view.due, min(clock.local().replace(tzinfo=None), ends))
    places = [one.code for one in site.communities if view.words and view.words in one.name]
    grids = [one.code for one in site.grids if view.words and view.words in one.name]
    return Sift(view.words, view.full, tuple(found), tuple(places), tuple(grids))


def site_names(site: Site, column: str) -> dict[str, str]:
    """What stands on the screen for the codes of a column; empty for one that shows its values."""
    if column == "community":
        return {one.code: one.name for one in site.communities}
    if column == "grid":
        return {one.code: one.name for one in site.grids}
    if column == "line":
        return dict(LINES)
    return {}


def _filter(site: Site, column: str, kind: str, model: Mapping[str, Any]) -> list[Filter]:
    test, value = model.get("type"), model.get("filter")
    if test in _EMPTY:
        return [Filter(column, _EMPTY[str(test)])]
    if kind in MOMENTS:
        return _moment(column, str(test), model)
    if kind in NUMBERS:
        return _number(column, str(test), model)
    if test not in _TEXT or not isinstance(value, str) or not value:
        return []
    value, test = value[:LONGEST], _TEXT[test]
    names = {True: "是", False: "否"} if kind == "boolean" else site_names(site, column)
    if names:
        codes = tuple(code for code, text in names.items() if _holds(test, text, value))
        return [Filter(column, "among", codes)]
    return [Filter(column, test, (value,))]


def _holds(test: str, text: str, value: str) -> bool:
    return {
        "contains": value in text,
        "not_contains": value not in text,
        "equals": text == value,
        "not_equals": text != value,
        "starts": text.startswith(value),
        "ends": text.endswith(value),
    }[test]


def _number(column: str, test: str, model: Mapping[str, Any]) -> list[Filter]:
    values = [model.get("filter")] + ([model.get("filterTo")] if test == "inRange" else [])
    if test not in _ORDER or not all(_is_number(each) for each in values):
        return []
    return [Filter(column, _ORDER[test], tuple(values))]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15


def _moment(column: str, test: str, model: Mapping[str, Any]) -> list[Filter]:
    first, last = _day(model.get("dateFrom")), _day(model.get("dateTo"))
    if test not in _ORDER or first is None or (test == "inRange" and last is None):
        return []
    if test in ("equals", "inRange"):
        return [
            Filter(
                column,
                "between",
                (first, (first if last is None or test == "equals" else last) + _DAY),
            )
        ]
    if test == "greaterThan":
        return [Filter(column, "more", (first + _DAY,))]
    return [Filter(column, "less", (first,))] if test == "lessThan" else []


def _day(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _sort(given: Any) -> tuple[str, str] | None:
    pair = given if isinstance(given, (list, tuple)) else ()
    if len(pair) != 2 or not all(isinstance(each, str) for each in pair):
        return None
    return (pair[0], pair[1]) if pair[1] in ("asc", "desc") else None
