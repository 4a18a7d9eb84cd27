"""Mediation by month, unit, linkage, place and type: both lines on one scale, never added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from dash import html

from dashboard import wording
from dashboard.pages import case_address, own_proof
from dashboard.pages.marks import link, pair
from dashboard.pages.own_proof import Make, OwnProof, Side
from dashboard.pages.reading import Glass, by_key, pair_of
from dashboard.pages.state import LINES, UNKNOWN, months_to
from dashboard.pages.subject import level
from dashboard.pages.subject.months import changed
from dashboard.panels import mediation_month, mediation_unit, two_lines
from layouts.page import load_page

RATE = "mediation_completion_rate"
_ROWS = 12
_MOST = 20_000  # rows of one period; a street has a few hundred
UNITS = {"centre": "件次", "unit": "起"}
_LISTED: Final = 200
_LINKS: Final = ("警调", "诉调", "访调", "专调")
_ALONE: Final = "未联动"
_EACH: Final = {"community": "处", "grid": "处", "class": "类"}


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
    found = {line: _linked(glass, line) for line in lines}
    kinds = [*_LINKS, ""]
    kinds += sorted({kind for own in found.values() for kind in own} - set(kinds))
    shown = [
        two_lines.Row(
            kind or _ALONE, [_cell(glass, line, kind, found[line].get(kind, [])) for line in lines]
        )
        for kind in kinds
    ]
    note = "警调连派出所，诉调连法庭，访调连信访办，专调连行业部门。"
    return two_lines.Split(_heads(lines), shown, note)


def _linked(glass: Glass, line: str) -> dict[str, list[Mapping[str, Any]]]:
    """The counted rows of a line by linkage."""
    span = glass.want.span
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in glass.rows(RATE, span.first, span.last, limit=_MOST, over={"line": line}).rows:
        if not row["excluded_reason"]:
            found.setdefault(row.get("link_kind") or "", []).append(row)
    return found


def _closed(rows: Sequence[Mapping[str, Any]]) -> int:
    return int(sum(row["num"] or 0 for row in rows))


def _cell(glass: Glass, line: str, kind: str, rows: Sequence[Mapping[str, Any]]) -> two_lines.Cell:
    href = own_proof.href(glass, f"link/{line}:{kind}") if rows else None
    return two_lines.Cell(_closed(rows), len(rows), href)


def _link_proof(glass: Glass) -> OwnProof | None:
    """The cases of one linkage; linkage is no filter of a metric, so its rows are its proof."""
    line, _, kind = own_proof.chosen(glass).partition(":")
    if line not in LINES:
        return None
    found = _linked(glass, line)
    rows = sorted(found.get(kind, []), key=lambda row: row["num"] or 0)
    done, whole = _closed(rows), len(rows)
    every = pair_of(glass.now_of(RATE, line=line))
    gap = abs(sum(len(own) for own in found.values()) - int(every[1]))
    small = wording.is_small(whole)
    rest = f"，先列 {_LISTED} {UNITS[line]}" if whole > _LISTED else ""
    return OwnProof(
        title=f"{LINES[line]} · {kind or _ALONE}",
        shown=wording.ratio(done, whole),
        heads=("编号", "社区（村）", "承办", "受理", "完结"),
        rows=[_link_row(glass, row) for row in rows[:_LISTED]],
        meaning="调解完结率的行按联动方式分；一件只有一种联动方式，没有记的列在未联动",
        verdict=f"各联动方式合计与完结率的分母差 {gap}，待核"
        if gap
        else "✓ 各联动方式合计等于分母",
        holds=not gap,
        numbers=(),
        caption=(f"这些{UNITS[line]}", f"未完结的在前{rest}"),
        sides=(Side("已完结", done, None), Side("受理（不含剔除）", whole, None)),
        share="件数不足 10，只写分数" if small else wording.rate(done, whole),
        rests_on=(RATE,),
    )


def _link_row(glass: Glass, row: Mapping[str, Any]) -> list[Any]:
    number = str(row["key"])
    accepted, closed = row.get("accepted_at"), row.get("closed_at")
    return [
        link(number, case_address.href(str(row["source"]), number), "underlined case-no"),
        str(glass.data.site.community_name(row.get("community"))),
        row.get("unit") or UNKNOWN["unit"],
        wording.full_day(accepted.date()) if accepted else wording.NONE,
        (wording.full_day(closed.date()) if closed else "已完结") if row["num"] else "在办",
    ]


def _heads(lines: list[str]) -> list[str]:
    short = {"centre": "中心牵头", "unit": "单位"}
    return [f"{short[line]} · {UNITS[line]}" for line in lines]


def place_title(glass: Glass) -> str:
    """Whose places the panel of places shows."""
    if level.places(glass).by == "grid":
        return f"{glass.want.name_of('community')}各网格"
    return "社区（村）"


def places(glass: Glass, lines: list[str]) -> two_lines.Split:
    """Both lines by community, or by grid inside the one gone into, the largest first."""
    return split(glass, lines, level.places(glass).by)


def split(glass: Glass, lines: list[str], by: str) -> two_lines.Split:
    """Both lines by place or by type, the largest first, the many small ones added up."""
    span = glass.want.span
    found = _parts(glass, lines, by)
    rows = []
    for key in found.shown:
        cells = []
        for line in lines:
            num, den = pair_of(found.series[line].get(key))
            over = {**found.over, by: key, "line": line}
            href = glass.doors.to(RATE, span.first, span.last, **over)
            cells.append(two_lines.Cell(int(num), int(den), href if key else None))
        narrow = glass.state.toggled(by, key).href if key in found.names else None
        rows.append(two_lines.Row(found.name(key), cells, narrow, chosen=key == found.chosen))
    if found.rest:
        cells = [
            two_lines.Cell(*found.sum(line), own_proof.href(glass, f"rest/{by}:{line}"))
            for line in lines
        ]
        rows.append(two_lines.Row(f"其余 {len(found.rest)} {_EACH[by]}", cells))
    return two_lines.Split(_heads(lines), rows)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of both lines by a dimension: those that are shown, and the rest."""

    by: str
    over: Mapping[str, str | None]
    chosen: str | None
    names: Mapping[str, str]
    series: Mapping[str, Mapping[str, Any]]
    shown: Sequence[str]
    rest: Sequence[str]

    def name(self, key: str) -> str:
        """How a part is called."""
        label = next((own[key].label for own in self.series.values() if key in own), None)
        known = UNKNOWN[self.by] if key == "unknown" else label
        return str(self.names.get(key) or known or UNKNOWN[self.by])

    def sum(self, line: str) -> tuple[int, int]:
        """What the rest of a line adds up to."""
        pairs = [pair_of(self.series[line].get(key)) for key in self.rest]
        return int(sum(pair[0] for pair in pairs)), int(sum(pair[1] for pair in pairs))


def _parts(glass: Glass, lines: Sequence[str], by: str) -> _Parts:
    at = level.places(glass)
    if by in ("community", "grid"):
        over, chosen = level.place_filters(at), at.chosen
    else:
        over, chosen = {by: None}, glass.want.filters.get(by)  # it stands among its like
    series = {
        line: by_key(glass.now_of(RATE, by, **{**over, "line": line}).series) for line in lines
    }
    names = dict(glass.want.options.get(by, {}))
    if by == "grid":
        names = {key: name for key, name in names.items() if key.startswith(at.inside or "")}
    keys = list(names) if by != "class" else []
    keys += [key for line in lines for key in series[line] if key not in keys]

    def total(key: str) -> float:
        return sum(pair_of(series[line].get(key))[1] for line in lines)

    order = sorted(dict.fromkeys(keys), key=total, reverse=True)
    if by != "community":
        order = [key for key in order if total(key)]
    most = len(order) if len(order) <= _ROWS else _ROWS - 1
    return _Parts(by, over, chosen, names, series, order[:most], order[most:])


def _rest_proof(glass: Glass) -> OwnProof | None:
    """What the last row of a split adds up, part by part."""
    by, _, line = own_proof.chosen(glass).partition(":")
    if by not in _EACH or line not in LINES:
        return None
    lines = [glass.want.filters["line"]] if "line" in glass.want.filters else list(LINES)
    if line not in lines:
        return None
    span, found = glass.want.span, _parts(glass, lines, by)
    rows: list[list[Any]] = []
    for key in found.rest:
        over = {**found.over, by: key, "line": line}
        href = glass.doors.to(RATE, span.first, span.last, **over)
        num, den = pair_of(found.series[line].get(key))
        rows.append([found.name(key), pair(num, den, href, f"{found.name(key)}完结率")])
    num, den = found.sum(line)
    return OwnProof(
        title=f"{LINES[line]} · 其余 {len(found.rest)} {_EACH[by]}",
        shown=wording.ratio(num, den),
        heads=("", f"完结/受理 · {UNITS[line]}"),
        rows=[*rows, [html.B("合计"), html.B(wording.ratio(num, den))]],
        meaning="没有单列的各项相加，按受理合计从多到少",
        caption=("由这些相加", "点数字看各项的证据"),
        rests_on=(RATE,),
    )


PROOFS: Final[Mapping[str, Make]] = {"link": _link_proof, "rest": _rest_proof}
