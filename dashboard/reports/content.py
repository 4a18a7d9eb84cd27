"""What a report says, without saying how it looks: the one content that all renderers take.

Everything is frozen and made of texts, numbers and tuples, so that two reports can be compared and
a report that was issued can be stored as JSON and come back the same.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, get_args, get_type_hints

Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as printed; `number` is the same figure for a spreadsheet, where it is one."""

    text: str
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, where its cells stand, its share of the width, its decimals."""

    title: str
    align: Align = "right"
    width: float = 1.0
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its run-in heading （一）… and the numbers of the notes it stands on."""

    lead: str
    text: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; print shows its first `shown` rows, the spreadsheet all of them."""

    key: str
    number: int
    caption: str
    remark: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[int, ...] = ()
    shown: int = 0
    total_row: bool = False

    @property
    def printed(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows that stand on paper."""
        return self.rows[: self.shown] if self.shown else self.rows

    @property
    def left_out(self) -> int:
        """How many rows only the spreadsheet holds."""
        return len(self.rows) - len(self.printed)


@dataclass(frozen=True, slots=True)
class Series:
    """The bars of one small chart: labels, values, the part drawn solid, the one reported."""

    name: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    parts: tuple[float, ...] = ()
    strong: int = -1
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: upright bars from zero, or bars that reach from a limit (`reach`)."""

    key: str
    number: int
    caption: str
    remark: str
    foot: str
    kind: Literal["bars", "reach"]
    unit: str
    decimals: int
    series: tuple[Series, ...]
    alt: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report: 一、总体情况 and what stands below it."""

    heading: str
    blocks: tuple[Paragraph | Table | Chart, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Where a figure comes from: the metric's id, version and basis, the time of its data."""

    number: int
    metric: str
    version: str
    name: str
    basis: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Report:
    """One issue, complete."""

    kind: str
    period: str
    head: str
    issue: str
    issuer: str
    issued_on: str
    title: str
    subtitle: str
    demo: bool
    draft: bool
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    closing: tuple[str, ...]
    as_of: str
    generation: int
    revision: int = 1

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables in reading order."""
        return tuple(b for s in self.sections for b in s.blocks if isinstance(b, Table))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All charts in reading order."""
        return tuple(b for s in self.sections for b in s.blocks if isinstance(b, Chart))

    @property
    def first_sentence(self) -> str:
        """The first sentence of the text: what a reader, or a check, looks for first."""
        texts = (b.text for s in self.sections for b in s.blocks if isinstance(b, Paragraph))
        head, stop, _ = next(texts, "").partition("。")
        return head + stop


_BLOCKS = {"paragraph": Paragraph, "table": Table, "chart": Chart}


def to_json(report: Report) -> str:
    """Write a report as JSON; equal reports give equal bytes."""
    raw = asdict(report)
    for section, filled in zip(raw["sections"], report.sections, strict=True):
        for block, made in zip(section["blocks"], filled.blocks, strict=True):
            block["is"] = type(made).__name__.lower()
    return json.dumps(raw, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def from_json(text: str) -> Report:
    """Read a report back; KeyError or TypeError when the text is not one."""
    report: Report = _made(Report, json.loads(text))
    return report


@cache
def _hints(shape: type) -> dict[str, Any]:
    return get_type_hints(shape)


def _made(shape: Any, raw: Any) -> Any:
    """Build a value of the annotated shape from plain JSON."""
    if is_dataclass(shape) and isinstance(shape, type):
        hints = _hints(shape)
        return shape(**{f.name: _made(hints[f.name], raw[f.name]) for f in fields(shape)})
    if isinstance(raw, list):
        inner = get_args(shape)[0]
        return tuple(_block(item) if _is_block(inner) else _made(inner, item) for item in raw)
    return raw


def _is_block(shape: Any) -> bool:
    return Paragraph in get_args(shape)


def _block(raw: dict[str, Any]) -> Paragraph | Table | Chart:
    made: Paragraph | Table | Chart = _made(_BLOCKS[raw["is"]], raw)
    return made
