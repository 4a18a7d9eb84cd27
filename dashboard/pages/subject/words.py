"""The values a filter may take, as the site and the platform's own rows name them.

Where a platform brings its own words (departments, causes, kinds of change), the page offers those
that its main figure has seen within two years; asked once a generation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from config import clock
from dashboard.pages.watched import noted
from warehouse.errors import WarehouseError
from warehouse.read import MetricQuery

_BACK = timedelta(days=731)
_LEVELS = (1, 2, 3)


def tree(nodes: Sequence[Any]) -> dict[str, str]:
    """The names of a class tree by path: 050203 is 05/0502/050203, 20102 is 201/20102."""
    return dict(_tree(tuple(nodes)))


@lru_cache(maxsize=16)
def _tree(nodes: tuple[Any, ...]) -> Mapping[str, str]:
    codes = sorted({node.code for node in nodes}, key=len)
    return {
        "/".join(code for code in codes if node.code.startswith(code)): node.name for node in nodes
    }


def units(data: Any, metric: str) -> dict[str, str]:
    """The site's units in their order, then whoever else handles what the metric counts."""
    listed = {unit.name: unit.name for unit in data.site.units}
    return {**listed, **_seen(data, metric, "unit")}


def classes(data: Any, metric: str) -> dict[str, str]:
    """The class paths the platform itself uses, each called by its last word."""
    return _seen(data, metric, "class")


def _seen(data: Any, metric: str, by: str) -> dict[str, str]:
    generation = data.reader.current()
    if generation is None:
        return {}
    return dict(_asked(data.reader, generation.number, metric, by, clock.local().date()))


@lru_cache(maxsize=64)
def _asked(reader: Any, number: int, metric: str, by: str, today: date) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for level in _LEVELS if by == "class" else (None,):
        query = MetricQuery(today - _BACK, today, by=by, level=level)
        try:
            series = reader.metric(metric, query, generation=number).series
        except WarehouseError as error:  # a filter without words is no reason to draw no page
            noted(error)
            return found
        for point in series:
            key = str(point.key)
            if key and key != "unknown":
                found.setdefault(key, str(point.label))
    return dict(sorted(found.items()))
