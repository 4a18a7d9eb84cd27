"""A rate by month as bars: what counts solid, the rest outlined, a year ago as a tick."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages.reading import Glass, pair_of
from dashboard.pages.state import months_to
from dashboard.pages.subject.part import Part
from dashboard.panels import mediation_month

_COUNT = 12


def part(
    area: str,
    metric: str,
    title: str,
    *,
    done: str,
    left: str,
    unit: str = "件",
    percent: bool = False,
) -> Part:
    """Twelve months of a rate up to the end of the period; `percent` where n/m has no room."""
    return Part(
        area,
        title,
        partial(_view, metric=metric, unit=unit, percent=percent),
        (metric,),
        basis=unit,
        aside=partial(_key, done, left),
    )


def _key(done: str, left: str, _glass: Glass) -> Any:
    return html.Span(
        [
            html.Span(className="key done"),
            done,
            html.Span(className="key open"),
            left,
            html.Span(className="key tick"),
            "去年同月",
        ],
        className="keys",
    )


def _view(glass: Glass, *, metric: str, unit: str, percent: bool) -> Any:
    line = mediation_month.Months("", unit, months(glass, metric), percent=percent)
    return mediation_month.view([line])


def months(glass: Glass, metric: str) -> list[mediation_month.Month]:
    """The months with both parts and the denominator of the same month a year before."""
    span = glass.want.span
    first = months_to(span.last, _COUNT)
    end = date(span.last.year - 1, span.last.month, 28) + timedelta(days=4)
    back = date(first.year - 1, first.month, 1)
    ago = glass.metric(metric, back, end - timedelta(days=end.day), "month")
    before = {str(p.key)[:7]: int(p.denominator or 0) for p in ago.series}
    found = []
    for point in glass.metric(metric, first, span.last, "month").series:
        year, month = int(str(point.key)[:4]), int(str(point.key)[5:7])
        start = date(year, month, 1)
        stop = min((start + timedelta(days=31)).replace(day=1) - timedelta(days=1), span.last)
        running = span.running and stop == span.last
        num, den = pair_of(point)
        found.append(
            mediation_month.Month(
                label=f"至{stop.day}日" if running else f"{month}月",
                closed=int(num),
                accepted=int(den),
                year_ago=before.get(f"{year - 1}-{month:02d}"),
                running=running,
                href=glass.doors.to(metric, start, stop),
                inside=stop >= span.first,
                pick=glass.state.days(span, start, stop).href,
                chosen=glass.state.has_days(span, start, stop),
                changed=changed(glass, metric, start, stop),
            )
        )
    return found


def changed(glass: Glass, metric: str, start: date, stop: date) -> str:
    """What a definition that changed within a month says of itself; the first version is none."""
    definition = glass.data.reader.definitions()[metric]
    if definition.version <= 1 or not start <= definition.changed <= stop:
        return ""
    day = wording.day(definition.changed)
    return f"{day}起用口径第 {definition.version} 版，此前已按新口径重算"
