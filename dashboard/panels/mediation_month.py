"""Cases by month of acceptance for each line: closed solid, open outlined, last year a tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import twin
from dashboard.pages.marks import attrs, door, link

TITLE = "逐月完结/受理"
READS = ("mediation_completion_rate",)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one line; `year_ago` is what the same month accepted a year before."""

    label: str
    closed: int
    accepted: int
    year_ago: int | None = None
    running: bool = False
    href: str | None = None
    inside: bool = True
    changed: str = ""
    pick: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Months:
    """The months of one line."""

    name: str
    unit: str
    months: Sequence[Month]
    note: str = ""
    percent: bool = False


def view(data: Sequence[Months]) -> Any:
    """One band of bars for each line; each band has its own true zero and says its unit."""
    plot = html.Div(
        [_band(line, 1 + 2 * n) for n, line in enumerate(data)], className="month-bands"
    )
    heads = ["月份", *(head for line in data for head in _heads(line))]
    return twin.charted(plot, _lines(data), heads=heads)


def _heads(line: Months) -> tuple[str, str]:
    of = f"{line.name} " if line.name else ""
    return f"{of}完结/受理（{line.unit}）", f"{of}去年同月"


def _lines(data: Sequence[Months]) -> list[twin.Line]:
    """The months as rows, both lines beside each other; the name chooses the month."""
    lines = []
    for index, month in enumerate(data[0].months if data else ()):
        figures: list[Any] = []
        for line in data:
            told = line.months[index]
            shown = f"{told.closed}/{told.accepted}"
            figures.append(link(shown, told.href, "row-button") if told.href else shown)
            figures.append(wording.NONE if told.year_ago is None else str(told.year_ago))
        lines.append(twin.Line(month.label, figures, data[0].months[index].pick))
    return lines


def _band(line: Months, column: int) -> Any:
    tops = [max(month.accepted, month.year_ago or 0) for month in line.months]
    scale = max([*tops, 1])
    told: Any = [html.B(line.name), f" {line.unit}{line.note}{_changes(line)}"]
    said = told if line.name else _changes(line).removeprefix(" · ")
    return html.Div(
        [
            html.P(said, className="band-title") if said else None,
            html.Div(
                [_bar(month, scale, line.percent, column) for month in line.months],
                className="month-bars",
            ),
        ],
        className="month-band",
    )


def _changes(line: Months) -> str:
    return "".join(f" · 竖线：{month.changed}" for month in line.months if month.changed)


def _pick(month: Month) -> Any:
    """What a click on a bar does: the month alone, or the period that it was chosen from."""
    if month.pick is None:
        return None
    return html.A(
        href=month.pick,
        className="month-pick chosen" if month.chosen else "month-pick",
        title=f"{month.label}：{'不再只看' if month.chosen else '只看'}这一段",
        tabIndex="-1",  # the way of the keyboard is the table
        **attrs({"data-go": "1", "aria-hidden": "true"}),
    )


def _bar(month: Month, scale: int, percent: bool, column: int) -> Any:
    height = 100 * month.accepted / scale
    done = 100 * month.closed / month.accepted if month.accepted else 0
    box = "month-all running" if month.running else "month-all"
    shown: Any = wording.NONE if percent else "0"
    if month.accepted:
        fraction = [html.B(wording.count(month.closed)), f"/{wording.count(month.accepted)}"]
        if percent:
            fraction = [html.B(wording.percent(month.closed, month.accepted))]
        shown = door(fraction, month.href, about=f"{month.label}完结率")
    ago = []
    if month.year_ago is not None:
        ago = [
            html.Span(
                className="month-ago",
                style={"bottom": f"{100 * month.year_ago / scale:.2f}%"},
                **twin.of(column + 1),
            )
        ]
    top = max(height, 100 * (month.year_ago or 0) / scale)
    return html.Div(
        [
            html.Div(
                [
                    _pick(month),
                    html.Div(
                        html.Div(className="month-done", style={"height": f"{done:.2f}%"}),
                        className=box if month.accepted else "month-none",
                        style={"height": f"{height:.2f}%"},
                        **twin.of(column),
                    ),
                    *ago,
                    html.Span(shown, className="month-value", style={"bottom": f"{top:.2f}%"}),
                ],
                className="month-plot",
            ),
            html.Span(month.label, className="month-label"),
        ],
        className="month"
        + ("" if month.inside else " outside")
        + (" changed" if month.changed else ""),
        title=month.changed or None,
    )
