"""变了什么: which counts and rates moved against the same number of days, and by how much."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from config import periods
from dashboard import wording
from dashboard.pages.home_rules import (
    Count,
    Rate,
    Rules,
    lead_of,
    rate_lead,
    rate_worth_saying,
    size,
    worth_saying,
)
from dashboard.pages.reading import Glass, by_key, pair_of
from dashboard.pages.state import week_of
from dashboard.panels.eight_weeks import Line
from dashboard.panels.sentences import Block, Door, Said

RECEIVED = "hotline_received"
RATES = (
    ("hotline_on_time_rate", "热线按时办结率"),
    ("hotline_resolution_rate", "热线解决率"),
    ("hotline_satisfaction_rate", "热线满意率"),
    ("grid_on_time_rate", "网格按期处置率"),
    ("urban_on_time_closure_rate", "城管按期结案率"),
    ("linkage_on_time_rate", "联动按期办结率"),
    ("hazard_on_time_rate", "隐患按期整改率"),
    ("land_cleared_rate", "违建销号率"),
    ("enforcement_on_time_rate", "执法按期决定率"),
    ("camera_online_rate", "摄像机在线率"),
    ("service_good_rate", "政务好评率"),
)
COUNTS = (  # the metric, its name, its unit, the platform behind it
    ("grid_reported", "网格上报", "件", "grid_event"),
    ("urban_reported", "城管上报", "件", "urban_case"),
    ("linkage_received", "联动派单", "件", "linkage"),
    ("hazard_found", "排查隐患", "处", "safety_hazard"),
    ("whistle_blown", "吹哨", "次", "whistle"),
    ("land_clue", "疑似违建图斑", "处", "land_watch"),
    ("enforcement_filed", "执法立案", "件", "enforcement"),
    ("petition_registered", "信访登记", "件", "petition"),
    ("police_calls", "110 非警务警情", "件", "police_110"),
    ("service_accepted", "政务办件", "件", "gov_service"),
)
METRICS = (
    RECEIVED,
    "mediation_completion_rate",
    "mediation_accepted",
    *(metric for metric, _ in RATES),
    *(metric for metric, *_ in COUNTS),
)
Scored = tuple[float, Said]
_MINUTES = 100_000  # a denominator beyond this counts minutes
_FLOOR = 0.6  # rates are drawn from here; the panel says so


def block(glass: Glass, word: str, rules: Rules) -> Block:
    """At most four sentences over all subjects, what stands out most first.

    A count stands out by how far it left what chance would do to it, a rate by its points weighed
    with its cases; of the hotline the whole comes before its parts.
    """
    scored = [
        *_whole(glass, word, rules),
        *_parts(glass, word, rules, by="class", most=2),
        *_parts(glass, word, rules, by="community", most=1),
        *_counts(glass, word, rules),
        *_rates(glass, word, rules),
        *_mediation(glass, rules),
    ]
    scored.sort(key=lambda one: -one[0])
    return Block(
        [said for _, said in scored[: rules.most]],
        "与上期同样天数相比，没有达到提示线的变化。",
    )


def score(count: Count) -> float:
    """How far a change leaves what chance would do to a count of this size."""
    return abs(count.now - count.before) / math.sqrt(count.now + count.before + 1)


def _whole(glass: Glass, word: str, rules: Rules) -> list[Scored]:
    span = glass.want.span
    now = glass.now_of(RECEIVED).value or 0
    before = glass.metric(RECEIVED, span.previous.first, span.previous.last).value or 0
    count = Count("热线", now, before, _same_windows(glass))
    if not worth_saying(count, rules):
        return []
    return [_counted(glass, word, RECEIVED, count, "受理 ")]


def _counts(glass: Glass, word: str, rules: Rules) -> list[Scored]:
    """The whole of every other subject."""
    span = glass.want.span
    found = []
    for metric, name, unit, platform in COUNTS:
        if not glass.shows([platform]):
            continue
        now = glass.now_of(metric).value or 0
        before = glass.metric(metric, span.previous.first, span.previous.last).value or 0
        count = Count(name, now, before, unit=unit)
        if worth_saying(count, rules):
            found.append(_counted(glass, word, metric, count, " "))
    return found


def _counted(glass: Glass, word: str, metric: str, count: Count, verb: str) -> Scored:
    span = glass.want.span
    href = glass.doors.to(metric, span.first, span.last)
    days = (span.first, span.last)
    both = glass.doors.change(metric, days, span.previous)
    told: list[str | Door] = [
        f"{word}{verb}",
        Door(wording.count(count.now), href),
        f" {count.unit}，",
        Door(_versus(count), both),
        "。",
    ]
    return score(count), Said([lead_of(count)], told)


def _versus(count: Count) -> str:
    few = min(count.now, count.before) < wording.SMALL_N
    moved = (
        wording.difference_words(count.now, count.before, count.unit)
        if few
        else wording.change_words(count.now, count.before)
    )
    return f"上期同样天数 {wording.count(count.before)} {count.unit}，{moved}"


def _same_windows(glass: Glass) -> list[float]:
    """The same elapsed days of the eight periods before this one."""
    span = glass.want.span
    if span.period.kind not in ("week", "week-fri", "month", "month-26th"):
        return []
    length = span.last - span.first
    starts = [
        periods.parse(periods.step(span.period, -back), span.today).first
        for back in range(8, 0, -1)
    ]
    series = glass.metric(RECEIVED, starts[0], span.first, "day").series
    by_day = {str(point.key)[:10]: point.value or 0 for point in series}
    return [
        sum(by_day.get(str(start + timedelta(days=n)), 0) for n in range(length.days + 1))
        for start in starts
    ]


def _parts(glass: Glass, word: str, rules: Rules, *, by: str, most: int) -> list[Scored]:
    """Classes of the second level, or communities, whose count moved enough."""
    span = glass.want.span
    extra: dict[str, Any] = {"level": 2} if by == "class" else {}
    now = by_key(glass.now_of(RECEIVED, by, **extra).series)
    before = by_key(
        glass.metric(RECEIVED, span.previous.first, span.previous.last, by, **extra).series
    )
    counts = []
    for key in {**now, **before}:
        if not key or key == "unknown":
            continue
        point = now.get(key) or before[key]
        name = glass.data.site.community_name(key) if by == "community" else _class(glass, point)
        counts.append((key, Count(name, pair_of(now.get(key))[0], pair_of(before.get(key))[0])))
    worth = [(key, count) for key, count in counts if worth_saying(count, rules)]
    worth.sort(key=lambda one: -size(one[1]))
    return [_part(glass, word, by, key, count) for key, count in worth[:most]]


def _class(glass: Glass, point: Any) -> str:
    code = str(point.key).split("/")[-1]
    return glass.want.options.get("class", {}).get(code) or str(point.label)


def _part(glass: Glass, word: str, by: str, key: str, count: Count) -> Scored:
    span = glass.want.span
    href = glass.doors.to(RECEIVED, span.first, span.last, **{by: key})
    told: list[str | Door] = [
        f"{word} ",
        Door(wording.count(count.now), href),
        f" 件，{_versus(count)}",
    ]
    if by == "class" and count.now >= wording.SMALL_N:
        top = glass.now_of(RECEIVED, "community", **{"class": key}).series
        places = [p for p in top if p.key and p.key != "unknown" and p.value]
        if places:
            most = max(places, key=lambda p: p.value or 0)
            name = glass.data.site.community_name(str(most.key))
            told.append(f"；其中{name} {wording.count(most.value)} 件最多")
    return score(count), Said([f"热线{lead_of(count)}"], [*told, "。"])


def _rates(glass: Glass, word: str, rules: Rules) -> list[Scored]:
    span = glass.want.span
    said = []
    for metric, name in RATES:
        if not glass.shows(glass.data.reader.definitions()[metric].platforms):
            continue
        now = pair_of(glass.now_of(metric))
        before = pair_of(_rate_then(glass, metric))
        rate = Rate(name, now, before)
        if rate_worth_saying(rate, rules):
            href = glass.doors.to(metric, span.first, span.last)
            both = glass.doors.change(metric, (span.first, span.last), span.previous)
            told: list[str | Door] = [
                f"{word} ",
                Door(wording.ratio(*now), href),
                f" = {wording.rate(*now)}；",
                Door(f"上期同样天数 {wording.ratio(*before)} = {wording.rate(*before)}", both),
                "。",
            ]
            said.append((rate_score(rate), Said([rate_lead(rate)], told)))
    return said


def _rate_then(glass: Glass, metric: str) -> Any:
    """The rate of the period before; a cohort as old as this one is now."""
    period = glass.want.span.previous
    if glass.data.reader.definitions()[metric].is_cohort:
        return glass.before(metric, period)[0]
    return glass.metric(metric, period.first, period.last)


def rate_score(rate: Rate) -> float:
    """How many deviations a rate moved, given its cases; minutes of cameras count as days."""
    cases = min(rate.now[1], rate.before[1])
    cases = cases / 1440 if cases > _MINUTES else cases
    moved = abs(wording.points(rate.now, rate.before) or 0) / 100
    share = min(max(rate.before[0] / rate.before[1], 0.02), 0.98)
    return moved / math.sqrt(2 * share * (1 - share) / cases)


def _mediation(glass: Glass, rules: Rules) -> list[Scored]:
    """The completion rate since New Year against the same days of last year, line by line."""
    today = glass.want.span.today
    period = periods.parse(f"{today.year}-ytd", today)
    year = periods.last_year(period, today)
    told: list[str | Door] = []
    moves, until, scores = [], "", [0.0]
    for line, name in (("centre", "中心牵头"), ("unit", "单位")):
        now = pair_of(glass.metric("mediation_completion_rate", period.first, today, line=line))
        answer, known_by = glass.before("mediation_completion_rate", year, last=today, line=line)
        before = pair_of(answer)
        until = f"去年的完结计至{wording.full_day(known_by.date())}"
        rate = Rate(name, now, before)
        if not rate_worth_saying(rate, rules):
            continue
        moves.append(wording.points(now, before) or 0)
        scores.append(rate_score(rate))
        href = glass.doors.to("mediation_completion_rate", period.first, today, line=line)
        told += [
            f"{'；' if told else '今年累计'}{name} ",
            Door(wording.ratio(*now), href),
            f" = {wording.rate(*now)}，较去年同期{wording.points_words(now, before)}",
        ]
    if not moves:
        return []
    way = "提高" if min(moves) > 0 else "降低" if max(moves) < 0 else "有升有降"
    said = Said([f"矛盾纠纷完结率{way}。"], [*told, f"（{until}）。"])
    return [(max(scores), said)]


def weeks(glass: Glass) -> list[Line]:
    """Eight finished weeks: hotline received, its on-time rate, both mediation lines."""
    monday = week_of(glass.want.span.today)
    first, last = monday - timedelta(weeks=8), monday - timedelta(days=1)
    begin = monday - timedelta(weeks=1)
    lines = []
    for metric, name, line in (
        (RECEIVED, "热线受理", None),
        ("mediation_accepted", "矛调中心受理", "centre"),
        ("mediation_accepted", "矛调单位受理", "unit"),
    ):
        values = [p.value for p in glass.metric(metric, first, last, "week", line=line).series]
        mean = sum(value or 0 for value in values) / max(len(values), 1)
        unit = {"centre": "件次", "unit": "起"}.get(line or "", "件")
        lines.append(
            Line(
                name=name,
                values=values,
                shown=f"{wording.count(values[-1] if values else None)} {unit}",
                told=f"均值 {wording.fixed(mean, 1)}",
                href=glass.doors.to(metric, begin, last, line=line),
            )
        )
    metric = "hotline_on_time_rate"
    points = glass.metric(metric, first, last, "week").series
    pair = pair_of(points[-1] if points else None)
    lines.insert(
        1,
        Line(
            name="按时办结率",
            values=[p.value for p in points],
            shown=wording.rate(*pair),
            told=f"{wording.ratio(*pair)}，自 {_FLOOR * 100:.0f} % 起",
            href=glass.doors.to(metric, begin, last),
            floor=_FLOOR,
        ),
    )
    return lines


def week_names(glass: Glass) -> list[str]:
    """第 32 周（8月3日起）, one for each of the eight."""
    monday = week_of(glass.want.span.today)
    begins = [monday - timedelta(weeks=back) for back in range(8, 0, -1)]
    return [f"第 {day.isocalendar().week} 周（{wording.day(day)}起）" for day in begins]


def weeks_words(glass: Glass) -> str:
    """第 32—39 周，完整周."""
    monday = week_of(glass.want.span.today)
    last = (monday - timedelta(days=1)).isocalendar().week
    first = (monday - timedelta(weeks=8)).isocalendar().week
    return f"第 {first}—{last} 周，完整周"
