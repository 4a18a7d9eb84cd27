"""The figures of both mediation lines of a week; the lines are never added."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

from config import periods
from config.periods import Period
from dashboard.reports.collect_hotline import balanced, due_within, parts
from dashboard.reports.figures import (
    Count,
    Flow,
    Line,
    Matter,
    Mediation,
    Month,
    Pair,
    Part,
    Rate,
)
from dashboard.reports.reading import Reading, Span

LINES = ("centre", "unit")
RATE = "mediation_completion_rate"
LINKS = ("警调", "诉调", "访调", "专调")


def collect_mediation(reading: Reading, span: Span) -> Mediation:
    """Everything the issue says of mediation."""
    links = Counter(
        row["link_kind"]
        for line in LINES
        for row in reading.rows("mediation_accepted", span.now, line=line).rows
        if row.get("link_kind")
    )
    made, overdue = [], []
    for key in LINES:
        stock = reading.rows("mediation_open", span.now, line=key).rows
        late = [row for row in stock if row["due_at"] and row["due_at"] < span.until]
        made.append(_line(reading, span, key, stock, len(late)))
        overdue += [_matter(reading, row) for row in late]
    return Mediation(
        lines=tuple(made),
        links=tuple((kind, links[kind]) for kind in LINKS if links[kind]),
        overdue_list=tuple(overdue),
    )


def _line(
    reading: Reading, span: Span, key: str, stock: list[dict[str, Any]], overdue: int
) -> Line:
    accepted = reading.count("mediation_accepted", span, line=key)
    closed = reading.count("mediation_closed", span, line=key)
    year = _year(span.now)
    last = periods.last_year(year, span.now.last)
    then = periods.same_age(year.last, span.until, last)
    rate = Rate(
        reading.pair(RATE, year, line=key, known_by=span.until),
        Pair(),
        reading.pair(RATE, last, line=key, known_by=then),
    )
    return Line(
        key=key,
        accepted=accepted,
        closed=closed,
        flow=_flow(reading, span, key),
        year_rate=rate,
        success=reading.pair("mediation_success_rate", year, line=key),
        days=Count(reading.answer("mediation_days", span.now, line=key).value),
        months=_months(reading, year, key, span.until),
        types=_types(reading, span, key),
        due_next=due_within((row["due_at"] for row in stock), span),
        overdue=overdue,
    )


def _year(period: Period) -> Period:
    """From New Year to the end of the week."""
    first = date(period.last.year, 1, 1)
    return periods.parse(f"{first}..{period.last}", period.last)


def _months(reading: Reading, year: Period, key: str, until: datetime) -> tuple[Month, ...]:
    """The cases of the year by month of acceptance, closed ones as they stood at the week's end."""
    series = reading.answer(RATE, year, by="month", line=key, known_by=until).series
    return tuple(
        Month(f"{int(point.key[5:7])}月", point.denominator or 0, point.numerator or 0)
        for point in series
    )


def _flow(reading: Reading, span: Span, key: str) -> Flow | None:
    rows = reading.table("mediation_flow", first=span.now.first, last=span.now.last)
    row = next((row for row in rows if row["line"] == key), None)
    return None if row is None else balanced(row, "accepted")


def _types(reading: Reading, span: Span, key: str) -> tuple[Part, ...]:
    return parts(reading, "mediation_accepted", span, by="class", level=1, line=key)


def _matter(reading: Reading, row: dict[str, Any]) -> Matter:
    names = {each.code: each.name for each in reading.site.dispute_types}
    kind = names.get(row["class_path"], row["class_path"] or "—")
    return Matter(
        no=row["key"],
        kind=f"调处·{kind}",
        place=reading.site.community_name(row["community"]),
        unit=row["unit"] or "",
        due_at=row["due_at"],
    )
