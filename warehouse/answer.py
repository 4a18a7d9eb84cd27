"""Questions to a metric and the answers: figures, points of a series, rows behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from config.clock import ZONE
from warehouse.scope import Scope

BY: Final = (
    "hour",
    "day",
    "week",
    "month",
    "source",
    "community",
    "grid",
    "unit",
    "class",
    "line",
)
TIME_BY: Final = ("hour", "day", "week", "month")
ONLY: Final = ("numerator", "not_numerator", "excluded")

Number = int | float


@dataclass(frozen=True)
class MetricQuery:
    """What to ask of a metric: both days belong to the period; filters narrow it.

    `known_by` asks for a cohort as it stood at that moment: later cases are not in the numerator.
    `scope` leaves only the rows of some units and villages; nobody asks for it, the caller has it.
    """

    first: date
    last: date
    by: str | None = None
    level: int | None = None
    source: str | None = None
    community: str | None = None
    grid: str | None = None
    unit: str | None = None
    class_path: str | None = None
    line: str | None = None
    known_by: datetime | None = None
    scope: Scope | None = None


@dataclass(frozen=True)
class Point:
    """One entry of a series; a withheld one is known and not told (`warehouse.few`)."""

    key: str
    label: str
    value: Number | None
    numerator: int | None
    denominator: int | None
    withheld: bool = False


@dataclass(frozen=True)
class MetricAnswer:
    """A figure with everything needed to prove it; value is unrounded."""

    id: str
    version: int
    name: str
    unit: str
    basis: str
    first: date
    last: date
    value: Number | None
    numerator: int | None
    denominator: int | None
    excluded: Mapping[str, int]
    as_of: datetime | None
    generation: int
    series: tuple[Point, ...] = ()
    own_only: bool = False
    withheld: bool = False

    def to_json(self) -> dict[str, Any]:
        """The API's answer; times carry the offset of Asia/Shanghai."""
        marks = ({"scope": "own"} if self.own_only else {}) | _withheld(self.withheld)
        return marks | {
            "id": self.id,
            "version": self.version,
            "name": self.name,
            "unit": self.unit,
            "basis": self.basis,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "value": self.value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "excluded": dict(self.excluded),
            "as_of": None if self.as_of is None else self.as_of.replace(tzinfo=ZONE).isoformat(),
            "generation": self.generation,
            "series": [
                {
                    "key": p.key,
                    "label": p.label,
                    "value": p.value,
                    "numerator": p.numerator,
                    "denominator": p.denominator,
                    **_withheld(p.withheld),
                }
                for p in self.series
            ],
        }


def _withheld(hide: bool) -> dict[str, Any]:
    return {"withheld": True} if hide else {}


@dataclass(frozen=True)
class ColumnInfo:
    """A column of rows as users read it."""

    name: str
    label: str
    type: str
    unit: str


@dataclass(frozen=True)
class Rows:
    """One page of the cases behind a figure; the counts are of all of them.

    Where `more` is true they are of the first ones found, and there are others: who searches for a
    word that a hundred thousand cases have is not kept waiting until all of these are counted.
    `numbered` are the columns that make the number of a row's case; none where rows are no cases.
    """

    columns: tuple[ColumnInfo, ...]
    rows: list[dict[str, Any]]
    total: int
    numerator: int
    denominator: int
    more: bool = False
    numbered: tuple[str, ...] = ()


@dataclass
class Sums:
    """What adds up of some cases."""

    num: int = 0
    den: int = 0
    amount: float = 0.0
    median: float | None = None
    excluded: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Sums") -> None:
        """Add the cases of another part."""
        self.num += other.num
        self.den += other.den
        self.amount += other.amount
        for reason, n in other.excluded.items():
            self.excluded[reason] = self.excluded.get(reason, 0) + n

    def value(self, kind: str) -> Number | None:
        """The figure of a metric of this kind."""
        if kind in ("rate", "mean"):
            return self.num / self.den if self.den else None
        if kind == "median":
            return self.median
        return self.amount if kind == "sum" else self.num

    def numerator(self, kind: str) -> int | None:
        """The upper number; a median has none."""
        return None if kind == "median" else self.num
