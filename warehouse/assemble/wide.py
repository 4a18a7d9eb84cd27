"""A metric's SELECT with the details of its fact beside it, read in one scan instead of a join.

What the rows of a metric are is said by its SELECT. A table of cases also filters, sorts and
searches by what the fact says of a case; joining ten million cases to themselves by their number
would take seconds. Where the SELECT goes row by row over the fact, or over a view that does, the
fact's columns are handed through under names of their own. Where it does not, there is no wide form
and the details are joined.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp

from warehouse.assemble.text import duckdb_macros
from warehouse.header import SqlFile

ROW, DETAIL = "_row", "d_"
_NOT_BY_ROW = (exp.Group, exp.Window, exp.AggFunc, exp.Union, exp.Limit)


def wide(sql: str, models: Mapping[str, SqlFile], fact: str, details: Iterable[str]) -> str | None:
    """The SELECT with `_row` and `d_<column>` for each detail; None when there is no such form."""
    views = tuple(
        (name, file.sql) for name, file in models.items() if file.words.get("kind") == "view"
    )
    return _wide(sql, views, fact, tuple(details))


@lru_cache(maxsize=1024)
def _wide(
    sql: str, views: tuple[tuple[str, str], ...], fact: str, details: tuple[str, ...]
) -> str | None:
    tree = sqlglot.parse_one(duckdb_macros(sql), read="duckdb")
    first = _first_table(tree)
    if first is None or not isinstance(tree, exp.Select):
        return None
    alias = first.alias_or_name
    names = {ROW: "rowid", **{f"{DETAIL}{each}": each for each in details}}
    if (first.db, first.name) == ("core", fact):
        handed = names
    else:
        inner = sqlglot.parse_one(dict(views).get(first.name, "SELECT 1"), read="duckdb")
        base = _first_table(inner)
        if (
            first.db != "mart"
            or not isinstance(inner, exp.Select)
            or base is None
            or (base.db, base.name) != ("core", fact)
            or inner.args.get("joins")
        ):
            return None
        for name, column in names.items():
            inner.append("expressions", _column(base.alias_or_name, column, name))
        first.replace(exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(alias))))
        handed = {name: name for name in names}
    for name, column in handed.items():
        tree.append("expressions", _column(alias, column, name))
    return tree.sql(dialect="duckdb")


def _first_table(tree: exp.Expr) -> exp.Table | None:
    """What a SELECT goes over row by row; None when it brings rows together or makes new ones."""
    if not isinstance(tree, exp.Select) or tree.args.get("distinct"):
        return None
    if any(tree.find_all(*_NOT_BY_ROW)):
        return None
    joins = tree.args.get("joins") or []
    if any(join.side.upper() != "LEFT" for join in joins):
        return None
    source = tree.args.get("from_") or tree.args.get("from")
    found = source.this if source is not None else None
    return found if isinstance(found, exp.Table) else None


def _column(table: str, column: str, name: str) -> exp.Expr:
    return exp.alias_(exp.column(column, table=table), name, quoted=True)
