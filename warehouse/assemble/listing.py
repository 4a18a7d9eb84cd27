# ruff: noqa: S608 - names come from .sql headers and declarations, a user's words are parameters
"""The SELECT of one page of the cases behind a figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.assemble.question import Question, cases
from warehouse.assemble.text import name, names

_ONLY = {
    None: "TRUE",
    "numerator": "num > 0",
    "not_numerator": "den > 0 AND num = 0",
    "excluded": "excluded_reason IS NOT NULL",
}


def totals(question: Question, only: str | None) -> str:
    """How many cases there are, and how many count above and below the line."""
    return (
        f"SELECT count(*), coalesce(sum(num), 0), coalesce(sum(den), 0)"
        f" FROM ({cases(question)}) WHERE {_ONLY[only]}"
    )


@dataclass(frozen=True)
class Page:
    """What one page shows: the metric's columns, details of a fact, in which order."""

    own: Sequence[str]
    fact: str | None
    key: Sequence[str]
    details: Sequence[str]
    order: str
    shown: str | None


def page(question: Question, only: str | None, wanted: Page) -> str:
    """One page: the metric's columns and, joined by key, details of the fact."""
    chosen = f"SELECT * FROM ({cases(question)}) WHERE {_ONLY[only]}"
    select = names(wanted.own, "m.")
    place = f"ORDER BY {wanted.order} LIMIT $limit OFFSET $offset"
    if wanted.fact is None:
        return f"SELECT {select} FROM ({chosen}) AS m {place}"
    parts = [f"CAST(f.{name(each)} AS VARCHAR)" for each in wanted.key]
    key = " || '/' || ".join(parts) if len(parts) > 1 else f"f.{name(wanted.key[0])}"
    select += "".join(f", f.{name(each)}" for each in wanted.details)
    fact = f"core.{name(wanted.fact)} AS f ON f.source = m.source AND {key} = m.key"
    if wanted.shown is None and wanted.order.startswith("m."):
        # the page is known before its details are looked up
        page_first = f"SELECT m.* FROM ({chosen}) AS m {place}"
        return f"SELECT {select} FROM ({page_first}) AS m LEFT JOIN {fact} ORDER BY {wanted.order}"
    where = f" WHERE {wanted.shown}" if wanted.shown else ""
    return f"SELECT {select} FROM ({chosen}) AS m LEFT JOIN {fact}{where} {place}"


def newest(fact: str, columns: Sequence[str], limit: int) -> str:
    """The rows of one source that were delivered last."""
    return (
        f"SELECT {names(columns)} FROM core.{name(fact)} WHERE source = $source"
        f" ORDER BY _recorded_at DESC, _version DESC LIMIT {limit}"
    )


def order_by(sort: str, columns: Sequence[str], details: Sequence[str]) -> str | None:
    """A sort word such as `-due_at` as an order; None for a column that cannot be sorted."""
    down, column = sort.startswith("-"), sort.lstrip("-")
    if column not in columns and column not in details:
        return None
    side = "m" if column in columns else "f"
    return f"{side}.{name(column)} {'DESC' if down else 'ASC'} NULLS LAST, m.key, m.source"
