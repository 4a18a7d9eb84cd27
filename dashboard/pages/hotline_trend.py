"""The hotline trend by day, week or month, with its mean and the running part drawn apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from config import workdays
from dashboard import wording
from dashboard.pages.reading import Glass
from dashboard.pages.state import STEPS, months_to, week_of
from dashboard.panels import day_bars

RECEIVED = "hotline_received"
FEEDS = ("hotline_12345",)


def _step(glass: Glass) -> str:
    if glass.want.step:
        return glass.want.step
    days = (glass.want.span.last - glass.want.span.first).days
    if days <= 62:
        return "day"
    return "week" if days <= 190 else "month"


def trend_panel(glass: Glass) -> Any:
    """The trend with its steps; the step follows from the length unless one is chosen."""
    step = _step(glass)
    words = [(name, glass.state.but(step=key).href, key == step) for key, name in STEPS.items()]
    mean = {"day": "7 日均值", "week": "4 周均值", "month": ""}[step]
    empty = day_bars.Bars([], "件", mean_name=mean)
    return glass.panel(
        "trend",
        day_bars.TITLE,
        lambda: day_bars.view(_trend(glass, step)),
        FEEDS,
        show_time=False,
        basis="件 · 末段未完，虚框另画" if glass.want.span.running else "件",
        aside=day_bars.key(empty, words),
    )


def _trend(glass: Glass, step: str) -> day_bars.Bars:
    span = glass.want.span
    first = _trend_first(glass, step)
    window = {"day": 7, "week": 4, "month": 0}[step]
    lead = {"day": timedelta(days=6), "week": timedelta(weeks=3), "month": timedelta(0)}[step]
    series = glass.metric(RECEIVED, first - lead, span.last, step).series
    counts = [int(point.value or 0) for point in series]
    ago = _months_ago(glass, first) if step == "month" else {}
    bars = []
    for index, point in enumerate(series):
        start, stop = bounds(str(point.key), step)
        if stop < first:
            continue
        part = counts[max(0, index - window + 1) : index + 1]
        stop = min(stop, span.last)
        running = span.running and stop == span.last
        said = wording.day(start) if start == stop else f"{wording.day(start)}—{wording.day(stop)}"
        bars.append(
            day_bars.Bar(
                label=_short(start, step),
                said=f"{said} {counts[index]} 件" + ("（未完）" if running else ""),
                count=counts[index],
                ago=ago.get(str(point.key)[:7]),
                mean=sum(part) / window if window and len(part) == window else None,
                running=running,
                off=step == "day" and not workdays.is_workday(start),
                href=glass.doors.to(RECEIVED, max(start, first), stop),
            )
        )
    every = max(1, -(-len(bars) // 12))
    note = ""
    if first < span.first:
        note = f"本期自{wording.day(span.first)}起，之前的供对照"
    if ago:
        note = "横线为去年同月"
    return day_bars.Bars(bars, "件", every, note)


def _trend_first(glass: Glass, step: str) -> date:
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


def _months_ago(glass: Glass, first: date) -> dict[str, int]:
    last = glass.want.span.last
    end = date(last.year - 1, last.month, 28) + timedelta(days=4)
    back = glass.metric(
        RECEIVED, first.replace(year=first.year - 1), end - timedelta(days=end.day), "month"
    )
    return {f"{int(str(p.key)[:4]) + 1}{str(p.key)[4:7]}": int(p.value or 0) for p in back.series}
