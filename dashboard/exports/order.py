"""What an export is to hold, as the web process tells its child."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from warehouse.read import Filter, MetricQuery, Scope, Sift

MOST: Final[Mapping[str, int]] = {"xlsx": 100_000, "csv": 1_000_000}
TYPES: Final[Mapping[str, str]] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Order:
    """One file: a metric's rows as the caller sees them. The scope is the caller's, never asked."""

    form: str
    metric: str
    query: MetricQuery
    only: str | None
    sort: str | None
    sift: Sift
    generation: int | None
    columns: Sequence[tuple[str, str]]  # name and head
    names: Mapping[str, Mapping[str, str]]  # what stands for a code, by column
    told: Sequence[tuple[str, str]] = ()
    watermark: str = ""
    var: str = ""
    paths: Sequence[str] = field(default=())  # columns that hold a path of codes
    job: str = ""  # what the page calls it, when it wants to know how far it is
    by: str = ""
    total: int = 0

    def to_text(self) -> str:
        """The order as one line."""
        return json.dumps(asdict(self), ensure_ascii=False, default=_plain)

    @classmethod
    def of_text(cls, text: str) -> Order:
        """The order that a line holds."""
        told = json.loads(text)
        query = told["query"]
        scope = query.pop("scope")
        query["scope"] = scope and Scope(tuple(scope["units"]), tuple(scope["communities"]))
        query["first"], query["last"] = map(date.fromisoformat, (query["first"], query["last"]))
        sift = told["sift"]
        filters = tuple(
            Filter(
                one["column"],
                one["test"],
                tuple(map(_value, one["values"])),
                one["within"] and tuple(one["within"]),
            )
            for one in sift["filters"]
        )
        told["query"] = MetricQuery(**query)
        told["sift"] = replace(
            Sift(sift["words"], sift["full"], filters),
            communities=tuple(sift["communities"]),
            grids=tuple(sift["grids"]),
        )
        return cls(**told)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be told to a child process")


def _value(value: Any) -> Any:
    return datetime.fromisoformat(value["moment"]) if isinstance(value, dict) else value
