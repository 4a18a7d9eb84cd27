"""A count by day, week or month, with its mean and the running part drawn apart."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import zip_longest
from typing import Any

from config import workdays
from dashboard import wording
from dashboard.pages.reading import Glass
from dashboard.pages.state import STEPS, months_to, week_of
from dashboard.pages.subject import beside
from dashboard.pages.subject.beside import Beside
from dashboard.pages.subject.part import Part
from dashboard.panels import day_bars, paired_bars

_WINDOWS = {"day": 7, "week": 4, "month": 0}
_LEADS = {"day": timedelta(days=6), "week": timedelta(weeks=3), "month": timedelta(0)}
_MEANS = {"day": "7 日均值", "week": "4 周均值", "month": ""}


def part(area: str, metric: str, title: str, unit: str = "件", *, rare: bool = False) -> Part:
    """The trend of a metric that adds up; the step follows from the length unless chosen.

    What is rare (a few a month) is drawn by month unless a step is chosen.
    """
    return Part(
        area,
        title,
        partial(_view, metric=metric, unit=unit, rare=rare),
        (metric,),
        basis=partial(_basis, unit),
        aside=partial(_key, rare),
        beside=Beside(partial(paired, metric=metric, unit=unit, rare=rare)),
    )


def paired(
    glass: Glass,
    second: Glass,
    *,
    metric: str,
    unit: str = "件",
    rare: bool = False,
    line: str | None = None,
) -> Any:
    """The course of two, step by step from their first days."""
    step = "week" if rare and not glass.want.step else _step(glass, rare)
    both = [_course(one, metric, step, unit, line) for one in (glass, second)]
    steps = [
        paired_bars.Step((one or two)[0], one and one[1], two and two[1])
        for one, two in zip_longest(*both)
    ]
    return paired_bars.view(paired_bars.Paired(steps, beside.short(glass), unit))


def _course(
    glass: Glass, metric: str, step: str, unit: str, line: str | None
) -> list[tuple[str, paired_bars.Side]]:
    span, found = glass.want.span, []
    for point in glass.metric(metric, span.first, span.last, step, line=line).series:
        start, stop = bounds(str(point.key), step)
        start, stop = max(start, span.first), min(stop, span.last)
        said = wording.day(start) if start == stop else f"{wording.day(start)}—{wording.day(stop)}"
        value = point.value or 0
        href = glass.doors.to(metric, start, stop, line=line)
        side = paired_bars.Side(f"{said} {wording.count(value)} {unit}", value, href)
        found.append((_short(start, step), side))
    return found


def _basis(unit: str, glass: Glass) -> str:
    return f"{unit} · 末段未完，虚框另画" if glass.want.span.running else unit


def _step(glass: Glass, rare: bool) -> str:
    if glass.want.step:
        return glass.want.step
    if rare:
        return "month"
    days = (glass.want.span.last - glass.want.span.first).days
    if days <= 62:
        return "day"
    return "week" if days <= 190 else "month"


def _key(rare: bool, glass: Glass) -> Any:
    step = _step(glass, rare)
    words = [(name, glass.state.but(step=key).href, key == step) for key, name in STEPS.items()]
    return day_bars.key(day_bars.Bars([], "", mean_name=_MEANS[step]), words)


def _view(glass: Glass, *, metric: str, unit: str, rare: bool) -> Any:
    return day_bars.view(bars(glass, metric, unit, _step(glass, rare)))


def bars(glass: Glass, metric: str, unit: str, step: str) -> day_bars.Bars:
    """The bars of a metric over the period, with some days before it for comparison."""
    span = glass.want.span
    first, window = _first(glass, step), _WINDOWS[step]
    series = glass.metric(metric, first - _LEADS[step], span.last, step).series
    counts = [int(point.value or 0) for point in series]
    ago = _months_ago(glass, metric, first) if step == "month" else {}
    drawn = []
    for index, point in enumerate(series):
        start, stop = bounds(str(point.key), step)
        if stop < first:
            continue
        part_ = counts[max(0, index - window + 1) : index + 1]
        stop = min(stop, span.last)
        running = span.running and stop == span.last
        said = wording.day(start) if start == stop else f"{wording.day(start)}—{wording.day(stop)}"
        drawn.append(
            day_bars.Bar(
                label=_short(start, step),
                when=said,
                said=f"{said} {counts[index]} {unit}" + ("（未完）" if running else ""),
                count=counts[index],
                ago=ago.get(str(point.key)[:7]),
                mean=sum(part_) / window if window and len(part_) == window else None,
                running=running,
                off=step == "day" and not workdays.is_workday(start),
                href=glass.doors.to(metric, max(start, first), stop),
                pick=glass.state.days(span, max(start, first), stop).href,
                chosen=glass.state.has_days(span, max(start, first), stop),
            )
        )
    every = max(1, -(-len(drawn) // 12))
    note = f"本期自{wording.day(span.first)}起，之前的供对照" if first < span.first else ""
    return day_bars.Bars(drawn, unit, every, "横线为去年同月" if ago else note)


def _first(glass: Glass, step: str) -> date:
    span = glass.want.span
    if step == "month":
        return min(span.first.replace(day=1), months_to(span.last, 12))
    if step == "week":
        return min(week_of(span.first), week_of(span.last - timedelta(weeks=12)))
    return min(span.first, span.last - timedelta(days=29))


def bounds(key: str, step: str) -> tuple[date, date]:
    """First and last day of a point of a time series."""
    if step == "week" and "W" in key:
        monday = date.fromisocalendar(int(key[:4]), int(key.split("W")[1]), 1)
        return monday, monday + timedelta(days=6)
    if step == "month":
        first = date(int(key[:4]), int(key[5:7]), 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    day = date.fromisoformat(key[:10])
    return day, day + timedelta(days=6 if step == "week" else 0)


def _short(day: date, step: str) -> str:
    return f"{day.month}月" if step == "month" else f"{day.month}.{day.day}"


def _months_ago(glass: Glass, metric: str, first: date) -> dict[str, int]:
    last = glass.want.span.last
    end = date(last.year - 1, last.month, 28) + timedelta(days=4)
    back = glass.metric(
        metric, first.replace(year=first.year - 1), end - timedelta(days=end.day), "month"
    )
    return {f"{int(str(p.key)[:4]) + 1}{str(p.key)[4:7]}": int(p.value or 0) for p in back.series}
