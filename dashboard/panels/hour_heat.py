"""When people call: counts by weekday and hour as shaded cells, zero is visibly zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages import twin
from dashboard.pages.marks import attrs

TITLE = "来电时段"
READS = ("hotline_received",)
_DAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Hours:
    """Counts by (weekday, hour), 0 = Monday; what has no hour stands apart."""

    cells: Mapping[tuple[int, int], int]
    unknown: int = 0
    note: str = ""


def view(data: Hours) -> Any:
    """Seven rows of 24 cells; every cell says its figure, the fullest are written."""
    most = max([*data.cells.values(), 1])
    busiest = sorted(data.cells.values(), reverse=True)[:3]
    floor = min(busiest) if busiest else 0
    rows = [
        twin.heads(
            [html.Span("日"), *[html.Span(f"{h}" if h % 3 == 0 else "") for h in range(24)]],
            "heat-row heat-head",
        )
    ]
    for day in range(7):
        cells = [
            _cell(day, hour, data.cells.get((day, hour), 0), most, floor) for hour in range(24)
        ]
        rows.append(twin.row([html.Span(f"周{_DAYS[day]}"), *cells], "heat-row"))
    told = data.note + (f"；{data.unknown} 件没有时刻，未列入" if data.unknown else "")
    shades = [html.Span(className=f"heat h{step}") for step in range(5)]
    foot = html.Div(
        [html.Span(told), html.Span(["0", *shades, str(most)], className="heat-key")],
        className="heat-foot",
    )
    return [twin.table(rows, "heat-map"), foot]


def _cell(day: int, hour: int, count: int, most: int, floor: int) -> Any:
    step = 0 if not count else 1 + min(3, int(4 * (count - 1) / max(most - 1, 1)))
    shown = str(count) if count and count >= floor and most >= 3 else ""
    said = f"周{_DAYS[day]} {hour}—{hour + 1} 时 {count} 件"
    return html.Span(shown, className=f"heat h{step}", title=said, **attrs({"aria-label": said}))
