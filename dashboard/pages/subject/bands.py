"""Units or places in bands by a rate, with their intervals; few cases are listed, never ranked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from dashboard import wording
from dashboard.pages import frame
from dashboard.pages.reading import Glass, by_key, pair_of
from dashboard.pages.state import UNKNOWN
from dashboard.pages.subject import beside, level
from dashboard.pages.subject.beside import Beside
from dashboard.pages.subject.part import Part
from dashboard.panels import mediation_unit as bands
from dashboard.panels import two_lines

LIMITS = (0.95, 0.85)
_SHOWN = 16


def part(
    area: str,
    metric: str,
    title: str,
    *,
    by: str = "unit",
    what: str,
    limits: Sequence[float] = LIMITS,
    unit: str = "件",
) -> Part:
    """A rate by unit or by community; `what` names the rate in the words below."""
    return Part(
        area,
        title,
        partial(_view, metric=metric, by=by, what=what, limits=limits, unit=unit),
        (metric,),
        basis="档内按机构顺序，不排名" if by == "unit" else "档内按地名顺序，不排名",
        aside=partial(_sum, metric),
        beside=Beside(
            beside.split(metric, by), ("community", "grid") if by == "community" else (by,)
        ),
    )


def _sum(metric: str, glass: Glass) -> str:
    return wording.ratio(*pair_of(glass.now_of(metric)))


def _view(
    glass: Glass, *, metric: str, by: str, what: str, limits: Sequence[float], unit: str
) -> Any:
    span = glass.want.span
    names, over, chosen = _names(glass, by)
    at = level.places(glass).by if by == "community" else by
    points = by_key(glass.now_of(metric, at, **over).series)
    found = {key for key, point in points.items() if pair_of(point)[1]}
    if not found:
        return frame.empty("本期没有可计的件", "放宽时段或筛选再看。")
    order = [key for key in names if key in found]
    order += sorted(found - set(order))
    shown = sorted(order, key=lambda key: -pair_of(points[key])[1])[:_SHOWN]
    units = []
    for key in order:
        if key not in shown:
            continue
        num, den = pair_of(points[key])
        label = names.get(key) or UNKNOWN.get(at, "") if key == "unknown" else names.get(key)
        units.append(
            bands.Unit(
                name=(label or str(points[key].label)).removesuffix("网格"),
                closed=int(num),
                accepted=int(den),
                href=glass.doors.to(metric, span.first, span.last, **{at: key}),
                narrow=glass.state.toggled(at, key).href if key != "unknown" else None,
                chosen=key == chosen,
            )
        )
    rest = len(order) - len(units)
    note = f"另有 {rest} 个件数更少，未列。" if rest > 0 else ""
    small = glass.data.thresholds.small_n
    if all(one.accepted < small for one in units):
        return _bars(units, f"各处都不足 {small} {unit}，只写分数，不分档。{note}", what, unit)
    return bands.view(bands.Units(units, limits, small, what=what, unit=unit, note=note))


def _bars(units: Sequence[bands.Unit], note: str, what: str, unit: str) -> Any:
    """Few cases everywhere: the fractions as bars on one scale."""
    rows = [
        two_lines.Row(
            one.name, [two_lines.Cell(one.closed, one.accepted, one.href)], one.narrow, one.chosen
        )
        for one in units
    ]
    return two_lines.view(two_lines.Split([f"{what} · {unit}"], rows, note, what=what))


def _names(glass: Glass, by: str) -> tuple[dict[str, str], dict[str, Any], str | None]:
    """The names in their order, the filters to put over the page's, the chosen one."""
    if by == "unit":
        names = {unit.name: unit.name for unit in glass.data.site.units}
        return names, {"unit": None}, glass.want.filters.get("unit")
    asked = level.places(glass)
    listed = dict(glass.want.options.get(asked.by, {}))
    return listed, level.place_filters(asked), asked.chosen
