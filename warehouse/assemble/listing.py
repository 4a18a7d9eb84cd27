# ruff: noqa: S608 - names come from .sql headers and declarations, a user's words are parameters
"""The SELECT of one page of the cases behind a figure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from warehouse.assemble.cube import view
from warehouse.assemble.question import Question, cases
from warehouse.assemble.text import name, names
from warehouse.assemble.wide import DETAIL, ROW

_ONLY = {
    None: "TRUE",
    "numerator": "num > 0",
    "not_numerator": "den > 0 AND num = 0",
    "excluded": "excluded_reason IS NOT NULL",
}


@dataclass(frozen=True)
class Table:
    """A question's cases as a table: the metric's columns beside the details of its fact.

    `rows` is the metric's SELECT with the details in it; where a metric has no such form the
    details are joined by the fact's key.
    """

    question: Question
    only: str | None
    own: Sequence[str]
    fact: str | None
    key: Sequence[str]
    details: Sequence[str]
    rows: str | None
    where: str = "TRUE"
    near: str | None = None  # what sketches tell of `where`: a row that is left in fulfils it
    shown: str = "TRUE"  # what is counted, but not listed, does not fulfil this

    @property
    def is_wide(self) -> bool:
        """Whether details are at hand without a join."""
        return self.rows is not None

    def column(self, column: str) -> str:
        """Where a column stands in `chosen`."""
        if column in self.own:
            return f"m.{name(column)}"
        return f"m.{name(DETAIL + column)}" if self.is_wide else f"f.{name(column)}"

    def order_by(self, sort: str) -> str | None:
        """A sort word such as `-due_at` as an order; None for a column that cannot be sorted.

        Rows equal in it follow by place or number, so that no page repeats a row of another.
        """
        down, column = sort.startswith("-"), sort.lstrip("-")
        if column not in self.own and column not in self.details:
            return None
        last = f"m.{name(ROW)}" if self.is_wide else "m.key, m.source"
        return f"{self.column(column)} {'DESC' if down else 'ASC'} NULLS LAST, {last}"

    @property
    def joins(self) -> bool:
        """Whether what is left in, or its order, can only be told with the details joined."""
        return not self.is_wide and self.fact is not None and "f." in self.where + self.shown

    def chosen(self, shown: str | None = None) -> str:
        """FROM and WHERE of the cases that are left in."""
        found = cases(self.question)
        if self.rows is not None:
            rows = self.rows
            pattern = rf"\b{re.escape(view(self.question.metric))}\b"
            found = re.sub(pattern, lambda _: f"({rows})", found)
        joined = f" LEFT JOIN {self._fact()}" if self.joins else ""
        return (
            f"FROM ({found}) AS m{joined} WHERE {_ONLY[self.only]}"
            f" AND {self.where} AND {self.shown if shown is None else shown}"
        )

    def totals(self) -> str:
        """How many cases there are, and how many count above and below the line."""
        return (
            f"SELECT count(*), coalesce(sum(num), 0), coalesce(sum(den), 0) {self.chosen('TRUE')}"
        )

    def places(self, order: str, paged: bool = True) -> str:
        """Where the rows of one page lie: ten million cases are put in order by these alone."""
        place = " LIMIT $limit OFFSET $offset" if paged else ""
        return f"SELECT m.{name(ROW)}, m.num, m.den {self.chosen()} ORDER BY {order}{place}"

    def newest(self, order: str, days: tuple[date, date], most: int) -> str:
        """Where the rows of some days lie, in order; not more than `most`."""
        within = replace(self, question=replace(self.question, first=days[0], last=days[1]))
        return f"{within.places(order, paged=False)} LIMIT {most}"

    def page(self, order: str) -> str:
        """Where the rows of one page lie, and beside each the counts of all: the texts are read
        once, but everything that is left in is held in memory."""
        sums = "count(*) OVER (), coalesce(sum(m.num) OVER (), 0), coalesce(sum(m.den) OVER (), 0)"
        place = "LIMIT $limit OFFSET $offset"
        return f"SELECT m.{name(ROW)}, {sums} {self.chosen()} ORDER BY {order} {place}"

    def near_count(self) -> str:
        """How many cases may be left in, as their sketches say."""
        return f"SELECT count(*) {replace(self, where=self.near or self.where).chosen()}"

    def first(self) -> str:
        """Whether any case is left in: a SELECT that gives a row then."""
        return f"SELECT 1 {self.chosen()} LIMIT 1"

    def candidates(self, most: int) -> str:
        """Where the rows lie that may be left in, as their sketches say; not more than `most`."""
        near = replace(self, where=self.near or self.where)
        return f"SELECT m.{name(ROW)} {near.chosen()} LIMIT {most}"

    def among(self, rows: Sequence[int], order: str) -> str:
        """Which of some rows are left in, in order, with what they count."""
        return (
            f"SELECT m.{name(ROW)}, m.num, m.den {self._lying_at(rows)}"
            f" WHERE {self.where} AND {self.shown} ORDER BY {order}"
        )

    def at(self, rows: Sequence[int], order: str) -> str:
        """The rows that lie at some places; what is left in is known by now."""
        return (
            f"SELECT {self._select()} {replace(self, only=None)._lying_at(rows)} ORDER BY {order}"
        )

    def held(self, rows: Sequence[int], order: str) -> str:
        """Those of some rows that are left in."""
        return (
            f"SELECT {self._select()} {self._lying_at(rows)}"
            f" WHERE {self.where} AND {self.shown} ORDER BY {order}"
        )

    def _lying_at(self, rows: Sequence[int]) -> str:
        """FROM of the cases at some places, of which the engine finds the row groups."""
        between = f"m.{name(ROW)} BETWEEN {min(rows)} AND {max(rows)}"
        values = ", ".join(f"({int(each)})" for each in rows)
        return (
            f"FROM (SELECT m.* {replace(self, where=between).chosen()}) AS m"
            f" JOIN (VALUES {values}) AS v(place) ON v.place = m.{name(ROW)}"
        )

    def joined(self, order: str) -> str:
        """One page in one step, details joined by key."""
        place = f"ORDER BY {order} LIMIT $limit OFFSET $offset"
        if self.fact is None:
            return f"SELECT {names(self.own, 'm.')} {self.chosen()} {place}"
        if self.joins:
            return f"SELECT {self._select()} {self.chosen()} {place}"
        if order.startswith("m."):  # the page is known before its details are looked up
            page = f"SELECT m.* {self.chosen()} {place}"
            fact = self._fact()
            return f"SELECT {self._select()} FROM ({page}) AS m LEFT JOIN {fact} ORDER BY {order}"
        page = f"SELECT m.* {self.chosen()}"
        return f"SELECT {self._select()} FROM ({page}) AS m LEFT JOIN {self._fact()} {place}"

    def _select(self) -> str:
        details = "".join(f", {self.column(each)}" for each in self.details)
        return names(self.own, "m.") + details

    def _fact(self) -> str:
        parts = [f"CAST(f.{name(each)} AS VARCHAR)" for each in self.key]
        key = " || '/' || ".join(parts) if len(parts) > 1 else f"f.{name(self.key[0])}"
        return f"core.{name(self.fact or '')} AS f ON f.source = m.source AND {key} = m.key"


def newest(fact: str, columns: Sequence[str], limit: int) -> str:
    """The rows of one source that were delivered last."""
    return (
        f"SELECT {names(columns)} FROM core.{name(fact)} WHERE source = $source"
        f" ORDER BY _recorded_at DESC, _version DESC LIMIT {limit}"
    )
