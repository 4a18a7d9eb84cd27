"""A count by class at the level looked at, against the compared period."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.reading import Glass, by_key, pair_of
from dashboard.pages.subject import beside, level
from dashboard.pages.subject.beside import Beside
from dashboard.pages.subject.part import Part
from dashboard.panels import ranked

_SHOWN = 12


def part(area: str, metric: str, title: str, unit: str = "件") -> Part:
    """The classes of a metric that adds up, the most frequent first."""
    return Part(
        area,
        title,
        partial(_view, metric=metric, unit=unit),
        (metric,),
        basis=level.trail,
        beside=Beside(beside.split(metric, "class"), ("class",)),
    )


def _view(glass: Glass, *, metric: str, unit: str) -> Any:
    return ranked.view(rows(glass, metric, unit))


def rows(glass: Glass, metric: str, unit: str = "件") -> ranked.Ranked:
    """One row a class; the name sets a filter, the figure opens its proof."""
    span, names = glass.want.span, glass.want.options["class"]
    asked = level.classes(glass)
    over = {"class": asked.inside}
    versus = span.versus(glass.want.versus)
    now = by_key(glass.now_of(metric, "class", **over).series)
    before = by_key(glass.metric(metric, versus.first, versus.last, "class", **over).series)
    found = []
    for key, point in sorted(now.items(), key=lambda one: -(one[1].value or 0)):
        named = bool(key) and key != asked.inside and key in names
        href = glass.doors.to(metric, span.first, span.last, **{"class": key}) if key else None
        found.append(
            ranked.Row(
                name=names.get(key) or point.label or "未分类",
                count=int(point.value or 0),
                before=int(pair_of(before.get(key))[0]) if before else None,
                narrow=glass.state.toggled("class", key).href if named else None,
                href=href,
                deeper=named and level.has_below(names, key),
                chosen=bool(key) and key == asked.chosen,
            )
        )
    word = "上期" if glass.want.versus == "previous" else "去年同期"
    counted = [row for row in found if row.count or row.chosen]
    total = sum(row.count for row in counted)
    rest = sum(row.count for row in counted[_SHOWN:])
    note = f"合计 {total} {unit}" + (f"，其中未列的 {rest} {unit}" if rest else "")
    return ranked.Ranked(counted[:_SHOWN], word, total, note, unit=unit)
