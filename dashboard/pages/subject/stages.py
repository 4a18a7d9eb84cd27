"""How far the matters of a period have come, and at which step the open ones stand.

Both are a list of steps with the rows that belong to each; count and share of a step open one
proof, which has both sides of the share and the rows themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from dashboard import wording
from dashboard.pages import frame, own_proof
from dashboard.pages.case_address import href as case_href
from dashboard.pages.marks import link
from dashboard.pages.own_proof import OwnProof, Side
from dashboard.pages.reading import Glass
from dashboard.pages.rows import label, shown
from dashboard.pages.subject.part import Part
from dashboard.pages.view import TableView, kept
from dashboard.panels import ranked
from warehouse.read import Rows

_READ: Final = 20_000
_LISTED: Final = 60
_UNSAID: Final = "未说明"
_COLUMNS: Final = ("class_path", "community", "unit", "state")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: reached when its column is filled, and holds none of the values in `but`."""

    name: str
    column: str = ""
    but: tuple[str, ...] = ()

    def reached(self, row: Row) -> bool:
        """Whether a row has come so far."""
        value = row.get(self.column) if self.column else True
        return value not in (None, "", False) and value not in self.but


@dataclass(frozen=True, slots=True)
class Steps:
    """Rows of a metric by the steps that `split` tells; `filters` are those of the table behind."""

    area: str
    metric: str
    title: str
    whole: str
    unit: str
    split: Callable[[Sequence[Row]], list[tuple[str, list[Row]]]]
    filters: Callable[[str], Mapping[str, Any] | None]
    meaning: str


def funnel(area: str, metric: str, title: str, stages: Sequence[Stage], unit: str) -> Part:
    """The matters of the period by the steps they have come to; each step holds the one before."""
    return _part(
        Steps(
            area,
            metric,
            title,
            stages[0].name,
            unit,
            split=partial(_come_to, stages),
            filters=partial(_passed, stages),
            meaning="本期发现的，逐件看到现在走过哪几步；走到后一步的，前面各步都走过",
        ),
        basis="本期发现的，到现在走到哪一步",
    )


def standing(
    area: str, metric: str, title: str, column: str, order: Sequence[str], unit: str = "件"
) -> Part:
    """The open matters by a column, such as the step they stand at, in a fixed order."""
    return _part(
        Steps(
            area,
            metric,
            title,
            "在办",
            unit,
            split=partial(_stand_at, column, order),
            filters=partial(_at, column),
            meaning="期末在办的，逐件按平台给的状态分；各步相加等于在办",
        ),
        basis="期末在办",
    )


def _part(steps: Steps, basis: str) -> Part:
    return Part(
        steps.area,
        steps.title,
        partial(_view, steps=steps),
        (steps.metric,),
        basis=basis,
        proofs={steps.area: partial(_proof, steps=steps)},
    )


def _rows(glass: Glass, steps: Steps) -> Rows:
    span = glass.want.span
    return glass.rows(steps.metric, span.first, span.last, limit=_READ)


def _view(glass: Glass, *, steps: Steps) -> Any:
    found = _rows(glass, steps)
    whole = len(found.rows)
    if not whole:
        return frame.empty(f"本期没有{steps.whole}的", "放宽时段或筛选再看。")
    rows = [
        ranked.Row(
            name,
            len(own),
            href=own_proof.href(glass, f"{steps.area}/{name}"),
            share=_share(len(own), whole),
        )
        for name, own in steps.split(found.rows)
    ]
    note = f"合计 {wording.count(found.total)} {steps.unit}"
    if found.total > whole:
        note += f"，按前 {wording.count(whole)} {steps.unit}分"
    return ranked.view(ranked.Ranked(rows, f"占{steps.whole}", whole, note, unit=steps.unit))


def _proof(glass: Glass, *, steps: Steps) -> OwnProof:
    """One step: its rows against all of them, each side with the way to its own table."""
    found = _rows(glass, steps)
    split = dict(steps.split(found.rows))
    name = own_proof.chosen(glass)
    own = split.get(name, [])
    span = glass.want.span
    counted = glass.metric(steps.metric, span.first, span.last).value or 0
    gap = abs(int(counted) - found.total)
    names = [column.name for column in found.columns if column.name in _COLUMNS]
    told = {column.name: column.label for column in found.columns}
    note = f"先列 {_LISTED} {steps.unit}" if len(own) > _LISTED else "点编号看案件"
    return OwnProof(
        title=f"{steps.title} · {name}",
        shown=f"{wording.count(len(own))} {steps.unit}",
        heads=("编号", *(label(each, told[each]) for each in names)),
        rows=[
            [
                link(str(row["key"]), case_href(str(row["source"]), str(row["key"])), "underlined"),
                *(_cell(glass, each, row.get(each)) for each in names),
            ]
            for row in own[:_LISTED]
        ],
        numbers=(),
        meaning=steps.meaning,
        verdict=f"与指标重算差 {gap}，待核" if gap else "✓ 逐行重算相等",
        holds=not gap,
        caption=(f"{name}的 {wording.count(len(own))} {steps.unit}", note),
        sides=(
            Side(name, len(own), _table(glass, steps, name)),
            Side(steps.whole, len(found.rows), _table(glass, steps, "")),
        ),
        share=_share(len(own), len(found.rows)) if found.rows else "",
        rests_on=(steps.metric,),
    )


def _share(part: int, whole: int) -> str:
    return f"{wording.percent(part, whole, 0)} %"


def _cell(glass: Glass, name: str, value: Any) -> str:
    said = str(shown(glass, name, value))
    return said.rpartition(" › ")[2] if name == "class_path" else said


def _table(glass: Glass, steps: Steps, name: str) -> str | None:
    """The table of a side; none for rows that no filter of the table tells apart."""
    span = glass.want.span
    address = f"{glass.doors.to(steps.metric, span.first, span.last)}&rows=1"
    if not name:
        return address
    filters = steps.filters(name)
    if filters is None:
        return None
    if not filters:
        return address
    view = kept(glass.data.store, steps.metric, TableView(filters=filters))
    return f"{address}&view={view}"


def _come_to(stages: Sequence[Stage], rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    left, found = list(rows), []
    for stage in stages:
        left = [row for row in left if stage.reached(row)]
        found.append((stage.name, left))
    return found


def _passed(stages: Sequence[Stage], name: str) -> Mapping[str, Any] | None:
    filters: dict[str, Any] = {}
    for stage in stages:
        if stage.but:
            return None
        if stage.column:
            filters[stage.column] = {"filterType": "text", "type": "notBlank"}
        if stage.name == name:
            return filters
    return None


def _stand_at(
    column: str, order: Sequence[str], rows: Sequence[Row]
) -> list[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row.get(column) or _UNSAID), []).append(row)
    names = [name for name in order if name in found]
    names += sorted(set(found) - set(names), key=lambda name: -len(found[name]))
    return [(name, found[name]) for name in names]


def _at(column: str, name: str) -> Mapping[str, Any]:
    test = {"type": "blank"} if name == _UNSAID else {"type": "equals", "filter": name}
    return {column: {"filterType": "text", **test}}
