"""Questions that several subjects ask alike, each answered in the facts of a shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from config.periods import elapsed, parse
from dashboard import wording
from dashboard.panels.shapes import columns, figure, flow, ranked, rates, table
from dashboard.panels.shapes.figure import Figure
from dashboard.panels.shapes.table import Cell, Column
from dashboard.wall.asking import Asking, Row
from dashboard.wall.content_hotline import WEEK, month
from dashboard.wall.map_places import short_name
from warehouse.read import MetricAnswer, Point

LISTED = 40  # rows fetched of a list; a card shows as many as it has room for
DAYS, MONTHS, WINDOW = 30, 11, 7


@dataclass(frozen=True, slots=True)
class Subject:
    """How a subject's matters are counted: its key in queries, its metrics, its unit."""

    key: str
    received: str
    closed: str = ""
    open: str = ""
    unit: str = "件"
    verb: str = "办结"


def today(ask: Asking, one: Subject) -> Figure:
    """What came today, against the same day a week ago up to the same time."""
    answer = ask.metric(one.received, ask.today, ask.today)
    until = (answer.as_of or ask.now) - WEEK
    day = {"first": until.date(), "last": until.date(), "as_of": until}
    before = ask.rows("matter_flow", {"subject": one.key, **day})
    then = int(before[0]["received"]) if before else None
    now = int(answer.value or 0)
    moved = wording.arrow(None if then is None else now - then)
    shown = wording.NONE if then is None else f"{then} {one.unit}　{moved}"
    weekday = wording.weekday(until.date())
    below = []
    if one.closed:
        below.append(f"今日{one.verb} {ask.count(one.closed, ask.today, ask.today)}")
    if one.open:
        below.append(f"在办 {ask.count(one.open, ask.today, ask.today)}")
    return Figure(
        wording.count(now), one.unit, ((f"上{weekday}同时段", shown),), ("　".join(below),)
    )


def month_count(ask: Asking, metric: str, unit: str, below: Sequence[str] = ()) -> Figure:
    """This month's count against the like days of last month."""
    now, before = month(ask)
    count = ask.count(metric, now.first, now.last)
    then = ask.count(metric, before.first, before.last)
    said = f"{wording.count(then)} {unit}　{wording.arrow(count - then)}"
    return Figure(wording.count(count), unit, (("上月同期", said),), tuple(below), "本月")


def month_rate(ask: Asking, metric: str, names: tuple[str, str], unit: str = "件") -> Figure:
    """This month's rate with its pair, against the like days of last month."""
    now, before = month(ask)
    return figure.rate(
        ask.pair(metric, now.first, now.last),
        ask.pair(metric, before.first, before.last),
        names=names,
        unit=unit,
        basis="本月",
    )


def month_rates(
    ask: Asking, wanted: Sequence[tuple[str, str]], unit: str = "件", basis: str = "本月"
) -> rates.Facts:
    """Several rates of this month with their targets."""
    now, _ = month(ask)
    return span_rates(ask, wanted, now.first, now.last, unit, basis)


def year_rates(ask: Asking, wanted: Sequence[tuple[str, str]], unit: str = "件") -> rates.Facts:
    """Several rates of this year so far, where a month has too few cases."""
    year = this_year(ask)
    return span_rates(ask, wanted, year[0], year[1], unit, "本年至今")


def span_rates(
    ask: Asking,
    wanted: Sequence[tuple[str, str]],
    first: date,
    last: date,
    unit: str,
    basis: str,
) -> rates.Facts:
    """Several rates over the days from first to last."""
    targets = ask.thresholds.targets
    found = [(key, name, *ask.pair(key, first, last)) for key, name in wanted]
    return rates.Facts(
        tuple(rates.Rate(name, num, den, targets.get(key), unit) for key, name, num, den in found),
        basis,
    )


def this_year(ask: Asking) -> tuple[date, date]:
    """The first and last day of this year so far."""
    year = elapsed(parse(f"{ask.today.year}-ytd", ask.today), ask.today)
    return year.first, year.last


def by(
    ask: Asking,
    metric: str,
    dimension: str,
    *,
    level: int | None = None,
    unit: str = "件",
    compared: bool = True,
    year: bool = False,
) -> ranked.Facts:
    """A count by class, place or unit, the largest first; this month, or this year so far."""
    more: dict[str, Any] = {"by": dimension} | ({} if level is None else {"level": level})
    now, before = month(ask)
    first, last = this_year(ask) if year else (now.first, now.last)
    answer = ask.metric(metric, first, last, **more)
    then: dict[str, int] | None = None
    if compared and not year:
        earlier = ask.metric(metric, before.first, before.last, **more)
        if earlier.value:
            then = {str(point.key): int(point.value or 0) for point in earlier.series}
    total = int(answer.value or 0)
    basis = f"{'本年' if year else '本月'} {wording.count(total)} {unit}"
    nothing = "本年没有" if year else "本月没有"
    return ranked.Facts(bars(answer, then), total, unit, basis, nothing=nothing)


def bars(answer: MetricAnswer, then: dict[str, int] | None = None) -> tuple[ranked.Bar, ...]:
    """The points of a series as bars, the largest first; what has no place or class last."""
    points = sorted(
        answer.series, key=lambda point: (_is_unknown(point), -(point.value or 0), str(point.key))
    )
    return tuple(
        ranked.Bar(
            name_of(point),
            int(point.value or 0),
            None if then is None else then.get(str(point.key), 0),
        )
        for point in points
    )


def name_of(point: Point) -> str:
    """A point's label as the wall writes it: places without 社区 or 村."""
    return short_name(str(point.label).strip())


def _is_unknown(point: Point) -> bool:
    return str(point.key) == "unknown"


def stock(ask: Asking, metric: str, dimension: str, unit: str = "件") -> ranked.Facts:
    """What is open now by class, place or unit."""
    answer = ask.metric(metric, ask.today, ask.today, by=dimension)
    total = int(answer.value or 0)
    basis = f"现在 {wording.count(total)} {unit}"
    return ranked.Facts(bars(answer), total, unit, basis, nothing="现在没有")


def days(ask: Asking, metric: str) -> columns.Facts:
    """Thirty finished days with their seven-day mean, and the running day."""
    first = ask.today - timedelta(days=DAYS + WINDOW - 1)
    series = ask.metric(metric, first, ask.today, by="day").series
    counts = {str(point.key): int(point.value or 0) for point in series}
    every = [first + timedelta(days=k) for k in range((ask.today - first).days)]
    values = [counts.get(day.isoformat(), 0) for day in every]
    means = [
        sum(values[i - WINDOW + 1 : i + 1]) / WINDOW if i >= WINDOW - 1 else None
        for i in range(len(values))
    ]
    return columns.Facts(
        tuple(wording.day(day) for day in every[-DAYS:]),
        tuple(values[-DAYS:]),
        counts.get(ask.today.isoformat(), 0),
        mean=tuple(means[-DAYS:]),
        mean_name="白线 7 日均",
        basis="30 日",
    )


def months(ask: Asking, metric: str, unit: str) -> columns.Facts:
    """Eleven finished months and the running one."""
    starts = [ask.today.replace(day=1)]
    for _ in range(MONTHS):
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    starts.reverse()
    series = ask.metric(metric, starts[0], ask.today, by="month").series
    counts = {str(point.key): int(point.value or 0) for point in series}
    values = [counts.get(f"{one:%Y-%m}", 0) for one in starts]
    return columns.Facts(
        tuple(f"{one.month}月" for one in starts[:-1]),
        tuple(values[:-1]),
        values[-1],
        running_label="本月",
        basis=f"12 个月 · {unit}",
    )


def balance(ask: Asking, subject: str, unit: str = "件") -> flow.Facts:
    """Today's stock and flow of a subject."""
    day = {"first": ask.today, "last": ask.today, "as_of": ask.as_of}
    rows = ask.rows("matter_flow", {"subject": subject, **day})
    row: Row = rows[0] if rows else {}
    one = flow.Flow(
        opening=number(row, "opening"),
        received=number(row, "received"),
        closed=number(row, "closed"),
        dropped=number(row, "withdrawn"),
        still_open=number(row, "open"),
        overdue=number(row, "overdue"),
    )
    return flow.Facts((one,), "今日", unit)


def number(row: Row, name: str) -> int:
    """A whole number of a row; 0 for none."""
    return int(row.get(name) or 0)


def open_rows(ask: Asking, subject: str) -> list[Row]:
    """What is open of a subject with the least time left, composed of codes."""
    return ask.rows("matter_open", {"subject": subject, "as_of": ask.as_of, "limit": LISTED})


def open_list(ask: Asking, subject: str, *, unit: str = "件", undated: str = "未定") -> table.Facts:
    """The open matters as a table: time left, class, place, unit, state."""
    rows = open_rows(ask, subject)
    total = int(rows[0]["total"]) if rows else 0
    heads = (
        Column("时限", 5.0),
        Column("类别", 8.0),
        Column("村居", 2.9),
        Column("状态", 5.2, right=True),
    )
    return table.Facts(
        heads,
        tuple(_open_row(ask, row, undated) for row in rows),
        total,
        unit,
        "按剩余时间",
        nothing="当前没有在办",
    )


def _open_row(ask: Asking, row: Row, undated: str) -> tuple[Cell, ...]:
    place = row["community_name"]
    return (
        left(ask, row, undated),
        Cell(ranked.short(row["class_name"] or "未分类")),
        Cell(short_name(place) if place else "未定", "muted"),
        Cell((row["state"] or "在办")[:6]),
    )


def left(ask: Asking, row: Row, undated: str = "未定") -> Cell:
    """The time left of a matter: an inverse pill once it is over."""
    due = row["due_at"]
    if due is None:
        return Cell(undated, "muted")
    span = due - ask.minute
    return Cell(wording.remaining(span), "pill" if span < timedelta(0) else "strong")


def stages(ask: Asking, query: str) -> table.Facts:
    """How long each stage of this month's closed matters took."""
    now, _ = month(ask)
    rows = ask.rows(query, {"first": now.first, "last": now.last})
    heads = (
        Column("环节", 4.0),
        Column("件数", 4.0, right=True),
        Column("中位", 5.0, right=True),
        Column("九成不超", 6.0, right=True),
    )
    shown = tuple(
        (
            Cell(row["stage"], "strong"),
            Cell(wording.count(row["cases"]), "muted"),
            Cell(minutes(row["median_min"]), "strong"),
            Cell(minutes(row["p90_min"])),
        )
        for row in rows
    )
    return table.Facts(heads, shown, len(shown), "个环节", "本月结案", nothing="本月没有结案")


def minutes(value: float | None) -> str:
    """A length of time in one unit: 35 分, 4.2 时, 2.2 天."""
    if value is None:
        return wording.NONE
    if value < 90:
        return f"{wording.fixed(value)} 分"
    if value < 36 * 60:
        return f"{wording.fixed(value / 60, 1)} 时"
    return f"{wording.fixed(value / 1440, 1)} 天"
