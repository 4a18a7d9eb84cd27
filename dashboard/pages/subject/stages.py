"""How far the matters of a period have come, and at which step the open ones stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from dashboard.pages import frame
from dashboard.pages.reading import Glass
from dashboard.pages.subject.part import Part
from dashboard.panels import ranked

_READ = 20_000


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: reached when its column is filled, and holds none of the values in `but`."""

    name: str
    column: str = ""
    but: tuple[str, ...] = ()

    def reached(self, row: Mapping[str, Any]) -> bool:
        """Whether a row has come so far."""
        value = row.get(self.column) if self.column else True
        return value not in (None, "", False) and value not in self.but


def funnel(area: str, metric: str, title: str, stages: Sequence[Stage], unit: str) -> Part:
    """The matters of the period by the steps they have come to; each step holds the one before."""
    return Part(
        area,
        title,
        partial(_funnel, metric=metric, stages=stages, unit=unit),
        (metric,),
        basis="本期发现的，到现在走到哪一步",
    )


def _funnel(glass: Glass, *, metric: str, stages: Sequence[Stage], unit: str) -> Any:
    span = glass.want.span
    left = list(glass.rows(metric, span.first, span.last, limit=_READ).rows)
    if not left:
        return frame.empty("本期没有", "放宽时段或筛选再看。")
    whole, rows = len(left), []
    for stage in stages:
        left = [row for row in left if stage.reached(row)]
        first = stage is stages[0]
        rows.append(
            ranked.Row(
                name=stage.name,
                count=len(left),
                href=glass.doors.to(metric, span.first, span.last) if first else None,
                share=len(left) / whole,
            )
        )
    return ranked.view(ranked.Ranked(rows, "占疑似", whole, unit=unit))


def standing(
    area: str, metric: str, title: str, column: str, order: Sequence[str], unit: str = "件"
) -> Part:
    """The open matters by a column, such as the step they stand at, in a fixed order."""
    return Part(
        area,
        title,
        partial(_standing, metric=metric, column=column, order=order, unit=unit),
        (metric,),
        basis="期末在办",
    )


def _standing(glass: Glass, *, metric: str, column: str, order: Sequence[str], unit: str) -> Any:
    span = glass.want.span
    found = glass.rows(metric, span.first, span.last, limit=_READ)
    counts: dict[str, int] = {}
    for row in found.rows:
        name = str(row.get(column) or "未说明")
        counts[name] = counts.get(name, 0) + 1
    if not counts:
        return frame.empty("没有在办的", "放宽筛选再看。")
    names = [name for name in order if name in counts]
    names += sorted(set(counts) - set(names), key=lambda name: -counts[name])
    whole = len(found.rows)
    rows = [ranked.Row(name, counts[name], share=counts[name] / whole) for name in names]
    note = f"合计 {found.total} {unit}"
    return ranked.view(ranked.Ranked(rows, "占在办", whole, note, unit=unit))
