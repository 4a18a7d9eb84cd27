"""What the wall says about disputes and open matters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from config.periods import elapsed, parse
from dashboard.panels import district_map, mediation_lines, open_matters
from dashboard.wall.asking import Asking, Row
from dashboard.wall.content_hotline import month
from dashboard.wall.content_water import station_places
from dashboard.wall.map_places import short_name
from dashboard.wall.terrain import load_terrain
from warehouse.read import MetricAnswer

SHOWN = 20  # matters fetched; a card shows as many as it has room for
UNITS = {"centre": "件次", "unit": "起"}
RATE = "mediation_completion_rate"
KEPT_UNTIL = 9  # the public pair of the two lines is that of January to September


def mediation(ask: Asking) -> mediation_lines.Facts:
    """Both lines: from October on those of January to September, with the year so far beside."""
    year = elapsed(parse(f"{ask.today.year}-ytd", ask.today), ask.today)
    so_far = _lines(ask, year.first, year.last)
    later = ask.today.month > KEPT_UNTIL
    last = date(ask.today.year, KEPT_UNTIL, 30) if later else year.last
    shown = _lines(ask, year.first, last) if later else so_far
    lines = [
        mediation_lines.Line(
            name=name,
            closed=closed,
            accepted=accepted,
            unit=UNITS.get(key, "件"),
            so_far=so_far[key][1:] if later and key in so_far else None,
        )
        for key, (name, closed, accepted) in shown.items()
    ]
    site = ask.site
    return mediation_lines.Facts(
        lines=tuple(lines),
        period="本年1—9月" if later else "本年至今",
        rotating=site.rotating_on(ask.today.weekday()),
        resident=sum(1 for unit in site.units if unit.kind == "resident"),
    )


def _lines(ask: Asking, first: date, last: date) -> dict[str, tuple[str, int, int]]:
    series = ask.metric(RATE, first, last).series
    return {p.key: (p.label, p.numerator or 0, p.denominator or 0) for p in series}


def matters(ask: Asking) -> open_matters.Facts:
    """Open orders and disputes with the least time left, composed of codes."""
    rows = ask.rows("open_matters", {"limit": SHOWN, "as_of": ask.as_of})
    disputes = ask.metric("mediation_open", ask.today, ask.today)
    disputed = sum(int(point.value or 0) for point in disputes.series) or int(disputes.value or 0)
    return open_matters.Facts(
        matters=tuple(_matter(row, ask.minute, _sources(ask)) for row in rows),
        hotline=ask.count("hotline_open", ask.today, ask.today),
        disputes=disputed,
    )


def _sources(ask: Asking) -> Mapping[str, str]:
    return {key: platform.short for key, platform in ask.platforms.items()}


def _matter(row: Row, now: datetime, sources: Mapping[str, str]) -> open_matters.Matter:
    due = row["due_at"]
    place = row["community_name"]
    kind = row["kind"] or "未分类"
    dispute = row["platform"] == "mediation"
    return open_matters.Matter(
        left=None if due is None else due - now,
        kind=f"{kind}纠纷" if dispute and not kind.endswith("纠纷") else kind,
        place=short_name(place) if place else "未定到村",
        unit=row["unit"] or "未派单",
        source=sources.get(row["platform"], row["platform"]),
        state=row["state"] or "在办",
        dispute=dispute,
    )


def district(ask: Asking) -> district_map.Facts:
    """Hotline orders of the month by community, and the stations with their levels."""
    now, _ = month(ask)
    answer = ask.metric("hotline_received", now.first, now.last, by="community")
    return counted_map(ask, answer, "本月热线", "件", stations=station_places(ask))


def counted_map(
    ask: Asking,
    answer: MetricAnswer,
    what: str,
    unit: str,
    stations: tuple[district_map.StationPlace, ...] = (),
) -> district_map.Facts:
    """The street with a count by community, and stations where water is part of the picture."""
    counts = {point.key: int(point.value or 0) for point in answer.series}
    site = ask.site
    placed = tuple(
        district_map.CommunityCount(one.code, one.name, counts.get(one.code, 0))
        for one in site.communities
    )
    return district_map.Facts(
        terrain=load_terrain(site),
        counts=placed,
        stations=stations,
        unplaced=int(answer.value or 0) - sum(one.count for one in placed),
        schematic=site.outlines_schematic,
        bands=ask.thresholds.bands,
        what=what,
        unit=unit,
    )


def waters(ask: Asking) -> district_map.Facts:
    """The street with its waters and stations, and no count."""
    site = ask.site
    return district_map.Facts(
        terrain=load_terrain(site),
        counts=(),
        stations=station_places(ask),
        unplaced=0,
        schematic=site.outlines_schematic,
        what="",
    )
