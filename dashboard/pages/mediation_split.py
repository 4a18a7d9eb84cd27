"""Mediation by month, unit, linkage, place and type: both lines on one scale, never added."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages.reading import Glass, by_key, pair_of
from dashboard.pages.state import LINES, UNKNOWN, months_to
from dashboard.pages.subject.months import changed
from dashboard.panels import mediation_month, mediation_unit, two_lines
from layouts.page import load_page

RATE = "mediation_completion_rate"
_ROWS = 12
_MOST = 20_000  # rows of one period; a street has a few hundred
UNITS = {"centre": "件次", "unit": "起"}


def month_key() -> Any:
    """What the marks of the monthly bars mean."""
    return html.Span(
        [
            html.Span(className="key done"),
            "已完结",
            html.Span(className="key open"),
            "在办",
            html.Span(className="key tick"),
            "去年同月受理",
        ],
        className="keys",
    )


def months(glass: Glass, name: str) -> mediation_month.Months:
    """One line by month of acceptance, with the same month a year ago."""
    span = glass.want.span
    whole_year = span.period.kind in ("ytd", "year")
    count = span.last.month if whole_year else 9
    first = months_to(span.last, count)
    now = glass.metric(RATE, first, span.last, "month", line=name)
    back = date(first.year - 1, first.month, 1)
    end = date(span.last.year - 1, span.last.month, 28) + timedelta(days=4)
    ago = glass.metric(RATE, back, end - timedelta(days=end.day), "month", line=name)
    accepted_ago = {str(p.key)[:7]: int(p.denominator or 0) for p in ago.series}
    months = []
    for point in now.series:
        year, month = int(str(point.key)[:4]), int(str(point.key)[5:7])
        start = date(year, month, 1)
        stop = min((start + timedelta(days=31)).replace(day=1) - timedelta(days=1), span.last)
        running = span.running and stop == span.last
        label = f"至{stop.day}日" if running else f"{month}月"
        num, den = pair_of(point)
        months.append(
            mediation_month.Month(
                label=label,
                closed=int(num),
                accepted=int(den),
                year_ago=accepted_ago.get(f"{year - 1}-{month:02d}"),
                running=running,
                href=glass.doors.to(RATE, start, stop, line=name),
                inside=stop >= span.first,
                pick=glass.state.days(span, start, stop).href,
                chosen=glass.state.has_days(span, start, stop),
                changed=changed(glass, RATE, start, stop),
            )
        )
    title = LINES[name] if name == "centre" else "单位"
    note = " · 按受理月份，近月的仍在办理期内" if name == "centre" else ""
    return mediation_month.Months(title, UNITS[name], months, note)


def units(glass: Glass) -> mediation_unit.Units:
    """The units of the unit line in the order of the institution list."""
    span = glass.want.span
    answer = glass.now_of(RATE, "unit", line="unit")
    points = by_key(answer.series)
    listed = [
        u.name for u in glass.data.site.units if u.kind in ("resident", "rotating", "on_call")
    ]
    names = listed + [name for name in points if name not in listed]
    units = []
    for name in names:
        num, den = pair_of(points.get(name))
        href = glass.doors.to(RATE, span.first, span.last, line="unit", unit=name) if den else None
        label = UNKNOWN["unit"] if name == "unknown" else name
        units.append(mediation_unit.Unit(label, int(num), int(den), href))
    bands = load_page("mediation").settings["unit_bands"]
    return mediation_unit.Units(units, bands, glass.data.thresholds.small_n)


def unit_sum(glass: Glass) -> str:
    """What the units of the panel add up to."""
    return wording.ratio(*pair_of(glass.now_of(RATE, line="unit")))


def links(glass: Glass, lines: list[str]) -> two_lines.Split:
    """Both lines by linkage, from the rows of the rate itself."""
    span = glass.want.span
    found: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        over = {"line": line}
        for row in glass.rows(RATE, span.first, span.last, limit=_MOST, over=over).rows:
            if row["excluded_reason"]:
                continue
            cell = found.setdefault((row.get("link_kind") or "", line), [0, 0])
            cell[0] += row["num"] or 0
            cell[1] += row["den"] or 0
    kinds = ["警调", "诉调", "访调", "专调", ""]
    kinds += sorted({kind for kind, _ in found} - set(kinds))
    shown = [
        two_lines.Row(kind or "未联动", [_cell(found.get((kind, line), [0, 0])) for line in lines])
        for kind in kinds
    ]
    note = "警调连派出所，诉调连法庭，访调连信访办，专调连行业部门。"
    return two_lines.Split(_heads(lines), shown, note)


def _cell(counts: list[int]) -> two_lines.Cell:
    return two_lines.Cell(counts[0], counts[1])


def _heads(lines: list[str]) -> list[str]:
    short = {"centre": "中心牵头", "unit": "单位"}
    return [f"{short[line]} · {UNITS[line]}" for line in lines]


def split(glass: Glass, lines: list[str], by: str, missing: str) -> two_lines.Split:
    """Both lines by community or by type, the largest first."""
    span = glass.want.span
    over = {by: None}  # the chosen one stands among its like
    chosen = glass.want.filters.get(by)
    series = {line: by_key(glass.now_of(RATE, by, line=line, **over).series) for line in lines}
    names = glass.want.options.get(by, {})
    keys = list(names) if by == "community" else []
    keys += [key for line in lines for key in series[line] if key not in keys]
    keys = list(dict.fromkeys(keys))

    def total(key: str) -> float:
        return sum(pair_of(series[line].get(key))[1] for line in lines)

    rows = []
    order = sorted(keys, key=total, reverse=True)
    if by == "class":
        order = [key for key in order if total(key)]
    shown = order if len(order) <= _ROWS else order[: _ROWS - 1]
    for key in shown:
        cells = []
        for line in lines:
            point = series[line].get(key)
            num, den = pair_of(point)
            href = glass.doors.to(RATE, span.first, span.last, line=line, **{by: key})
            cells.append(two_lines.Cell(int(num), int(den), href if key else None))
        label = next((series[li][key].label for li in lines if key in series[li]), None)
        name = names.get(key) or label or missing
        narrow = glass.state.toggled(by, key).href if key in names else None
        rows.append(two_lines.Row(name, cells, narrow, chosen=key == chosen))
    rest = [key for key in order if key not in shown]
    if rest:
        sums = [
            [sum(pair_of(series[line].get(key))[part] for key in rest) for part in (0, 1)]
            for line in lines
        ]
        cells = [two_lines.Cell(int(num), int(den)) for num, den in sums]
        rows.append(two_lines.Row(f"其余 {len(rest)} 类", cells))
    return two_lines.Split(_heads(lines), rows)
