"""水情雨情: every gauge's week against its limits, rain, and the chart of the distances."""

from __future__ import annotations

from dashboard.reports import phrase
from dashboard.reports.content import Cell, Chart, Column, Paragraph, Series, Table
from dashboard.reports.draft import Draft
from dashboard.reports.figures import Flood, Gauge
from dashboard.reports.overall import distance

_SILENT_NAMED = 3


def full_name(gauge: Gauge) -> str:
    """石臼湖蛇山站; the water's name is not said twice (胭脂河口站 on 胭脂河)."""
    return gauge.name if gauge.name.startswith(gauge.river) else gauge.river + gauge.name


def room(gauge: Gauge) -> float | None:
    """The week's highest level above (+) or below (−) the warning level."""
    if gauge.highest is None or gauge.warning is None:
        return None
    return gauge.highest - gauge.warning


def gauge_blocks(draft: Draft) -> tuple[Paragraph | Table | Chart, ...]:
    """The paragraph, the table and the chart of the gauges."""
    flood = draft.figures.flood
    near = sorted(
        (gauge for gauge in flood.gauges if room(gauge) is not None),
        key=lambda gauge: -(room(gauge) or 0),
    )
    if not near:
        return (draft.paragraph("gauges", [draft.say("flood.none")], "gauge_over_warning"),)
    table = _table(draft, flood)
    chart = _reach(draft, near)
    said = [_highest(draft, near, table.number, chart.number), _was_over(draft, near), _rain(draft)]
    if flood.cold is not None and flood.warm is not None:
        cold, warm = phrase.plain(flood.cold, 1), phrase.plain(flood.warm, 1)
        said.append(draft.say("flood.temperature", cold=cold, warm=warm))
    silent = silent_gauges(draft)
    if silent:
        said.append(draft.say("flood.missing", stations=silent))
    return (draft.paragraph("gauges", said, "gauge_over_warning"), table, chart)


def silent_gauges(draft: Draft) -> str:
    """The gauges that gave no level all week: the first few by name, the rest by number."""
    silent = [full_name(gauge) for gauge in draft.figures.flood.gauges if gauge.highest is None]
    named = phrase.listed(silent[:_SILENT_NAMED])
    return named if len(silent) <= _SILENT_NAMED else f"{named}等{len(silent)}个站点"


def _highest(draft: Draft, near: list[Gauge], table: int, chart: int) -> str:
    top = near[0]
    assert top.highest is not None
    assert top.warning is not None
    return draft.say(
        "flood.highest",
        count=str(len(near)),
        station=full_name(top),
        at=phrase.at(top.highest_at),
        level=phrase.plain(top.highest, 2),
        distance=distance(draft, top.highest, top.warning),
        table=str(table),
        chart=str(chart),
    )


def _was_over(draft: Draft, near: list[Gauge]) -> str:
    over = [
        full_name(gauge) for gauge in near if (room(gauge) or 0) >= 0 and room(gauge) is not None
    ]
    return draft.say("flood.was_over", stations=phrase.listed(over)) if over else ""


def _rain(draft: Draft) -> str:
    rains = [(g.rain, full_name(g)) for g in draft.figures.flood.gauges if g.rain is not None]
    if not rains:
        return ""
    most, station = max(rains)
    if most <= 0:
        return draft.say("flood.rain_none")
    mean = sum(rain for rain, _ in rains) / len(rains)
    words = {"mean": phrase.plain(mean, 1), "most": phrase.plain(most, 1), "station": station}
    return draft.say("flood.rain", **words)


def _moved(gauge: Gauge) -> Cell:
    if gauge.last is None or gauge.start is None:
        return Cell(phrase.NONE)
    moved = phrase.number_cell(gauge.last - gauge.start, 2)
    return Cell(f"+{moved.text}" if (moved.number or 0) > 0 else moved.text, moved.number)


def _room_cell(gauge: Gauge) -> Cell:
    space = room(gauge)
    if space is None:
        return Cell(phrase.NONE)
    cell = phrase.number_cell(space, 2)
    return Cell(f"+{cell.text}" if space > 0 else cell.text, cell.number)


def _table(draft: Draft, flood: Flood) -> Table:
    rows = [
        (
            Cell(full_name(gauge)),
            phrase.number_cell(gauge.highest, 2),
            Cell(phrase.day_hour(gauge.highest_at)),
            phrase.number_cell(gauge.lowest, 2),
            phrase.number_cell(gauge.last, 2),
            _moved(gauge),
            phrase.number_cell(gauge.warning, 2),
            phrase.number_cell(gauge.guarantee, 2),
            _room_cell(gauge),
            phrase.number_cell(gauge.rain, 1),
        )
        for gauge in flood.gauges
    ]
    columns = (
        Column("站点", "left", 2.05),
        Column("周最高", decimals=2, width=0.95),
        Column("出现时间", "right", 1.3),
        Column("周最低", decimals=2, width=0.95),
        Column("期末", decimals=2, width=0.8),
        Column("涨落", decimals=2, width=0.85),
        Column("警戒", decimals=2, width=0.8),
        Column("保证", decimals=2, width=0.8),
        Column("距警戒", decimals=2, width=0.95),
        Column("雨量", decimals=1, width=0.8),
    )
    return draft.table("gauges", columns, rows, ("gauge_over_warning",), datum=flood.datum)


def _reach(draft: Draft, near: list[Gauge]) -> Chart:
    series = Series(
        name="周最高水位距警戒",
        labels=tuple(full_name(gauge) for gauge in near),
        values=tuple(round(room(gauge) or 0.0, 2) for gauge in near),
        strong=0,
    )
    words = {"unit": "米", "decimals": "2"}
    return draft.chart("gauges", "reach", (series,), ("gauge_over_warning",), **words)
