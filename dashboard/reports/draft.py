"""The issue while it is being written: its figures and words, and what was numbered so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dashboard.reports import phrase
from dashboard.reports.content import Cell, Chart, Column, Note, Paragraph, Series, Table
from dashboard.reports.figures import Figures
from layouts.report import ReportLayout


class Draft:
    """Numbers tables, charts and notes in the order they are asked for."""

    def __init__(self, figures: Figures, layout: ReportLayout) -> None:
        self.figures = figures
        self.layout = layout
        running = "" if figures.finished else "_running"
        self.this = layout.words[f"phrases.this{running}"]
        self.last = layout.words[f"phrases.last{running}"]
        self._cited: list[str] = []
        self._tables = 0
        self._charts = 0

    def say(self, key: str, **words: str) -> str:
        """A sentence of the layout; 本周 and 上周 are known to every one."""
        return self.layout.say(key, this=self.this, last=self.last, **words)

    def against(self, before: str, year: str = phrase.NONE) -> str:
        """，较上周下降12.0%，较去年同期下降7.0%; a change that is not known is left out."""
        bases = ((self.last, before), (self.layout.words["phrases.year"], year))
        return "".join(
            self.say("phrases.against", base=base, change=change)
            for base, change in bases
            if change != phrase.NONE
        )

    def cite(self, *metrics: str) -> tuple[int, ...]:
        """The note numbers of these metrics; each gets its number when first cited."""
        known = {basis.metric for basis in self.figures.bases}
        for metric in metrics:
            if metric in known and metric not in self._cited:
                self._cited.append(metric)
        return tuple(sorted(self._cited.index(m) + 1 for m in metrics if m in self._cited))

    def paragraph(self, lead: str, sentences: list[str], *metrics: str) -> Paragraph:
        """A paragraph of sentences under its run-in heading."""
        text = phrase.printable("".join(sentences))
        return Paragraph(self.layout.words[f"leads.{lead}"], text, self.cite(*metrics))

    def table(
        self,
        key: str,
        columns: tuple[Column, ...],
        rows: Sequence[tuple[Cell, ...]],
        metrics: tuple[str, ...],
        *,
        shown: int = 0,
        total_row: bool = False,
        **words: str,
    ) -> Table:
        """The next table, with its caption and remark."""
        self._tables += 1
        return Table(
            key=key,
            number=self._tables,
            caption=self.say(f"tables.{key}", **words),
            remark=self.say(f"tables.{key}_remark", **words),
            columns=columns,
            rows=tuple(tuple(map(_printable, row)) for row in rows),
            notes=self.cite(*metrics),
            shown=shown if len(rows) > shown else 0,
            total_row=total_row,
        )

    def chart(
        self,
        key: str,
        kind: str,
        series: tuple[Series, ...],
        metrics: tuple[str, ...],
        **words: str,
    ) -> Chart:
        """The next chart; `unit` and `foot` words are needed, the rest fills its captions."""
        self._charts += 1
        unit, decimals = words.pop("unit", ""), int(words.pop("decimals", "0"))
        caption = self.say(f"charts.{key}", **words)
        points = (
            f"{name}{phrase.plain(value, decimals)}{unit}"
            for one in series
            for name, value in zip(one.labels, one.values, strict=True)
        )
        return Chart(
            key=key,
            number=self._charts,
            caption=caption,
            remark=self.say(f"charts.{key}_remark", **words),
            foot=self.say(f"charts.{key}_foot", **words),
            kind="reach" if kind == "reach" else "bars",
            unit=unit,
            decimals=decimals,
            series=series,
            alt=f"{caption}：{phrase.listed(list(points))}",
            notes=self.cite(*metrics),
        )

    def notes(self) -> tuple[Note, ...]:
        """All notes cited, in order."""
        bases = {basis.metric: basis for basis in self.figures.bases}
        cited = (bases[metric] for metric in self._cited)
        return tuple(
            Note(
                number=number,
                metric=basis.metric,
                version=basis.version,
                name=basis.name,
                basis=basis.basis,
                as_of="" if basis.as_of is None else f"{basis.as_of:%Y-%m-%d %H:%M}",
            )
            for number, basis in enumerate(cited, start=1)
        )


def _printable(cell: Cell) -> Cell:
    return replace(cell, text=phrase.printable(cell.text))
