# ruff: noqa: S608 - names come from .sql headers, dates are literals of ours
"""The statements that build a model and check it."""

from collections.abc import Sequence
from datetime import date, timedelta

from warehouse.assemble.cube import Span, days_of, reach
from warehouse.assemble.text import day, duckdb_macros, limited, literal, name
from warehouse.errors import BadDeclaration
from warehouse.header import SqlFile, listed


def relation(model: SqlFile) -> str:
    """Where a model lies."""
    return f"mart.{name(model.name)}"


def build_whole(model: SqlFile) -> str:
    """Build a model from nothing."""
    what = "VIEW" if model.words.get("kind") == "view" else "TABLE"
    order = f"\nORDER BY {model.words['partition']}" if "partition" in model.words else ""
    body = f"SELECT * FROM ({duckdb_macros(model.sql)}){order}" if order else model.sql
    return f"CREATE OR REPLACE {what} {relation(model)} AS {duckdb_macros(body)}"


def make_empty(model: SqlFile) -> str:
    """The table of a model without a row, to be filled span by span."""
    return (
        f"CREATE OR REPLACE TABLE {relation(model)} AS"
        f" SELECT * FROM ({duckdb_macros(model.sql)}) LIMIT 0"
    )


def reach_of(model: SqlFile) -> str | None:
    """A SELECT of the first and last day of the rows a model looks at, and how many there are.

    None when it cannot be built span by span: it does not say how far back a day looks.
    """
    if "partition" not in model.words or "looks_back" not in model.words:
        return None
    table, column, _ = model.words["looks_back"].split()
    moment = name(column)
    return f"SELECT CAST(min({moment}) AS DATE), CAST(max({moment}) AS DATE), count(*) FROM {table}"


def rebuild_days(model: SqlFile, span: Span) -> list[str]:
    """Build one span of days of a partitioned model anew."""
    partition = model.word("partition")
    first, last = span
    sql = duckdb_macros(model.sql)
    if "looks_back" in model.words:
        table, column, count = model.words["looks_back"].split()
        sql = limited(sql, table, column, first - timedelta(days=int(count)), last)
    where = days_of([span], name(partition))
    return [
        f"DELETE FROM {relation(model)} WHERE {where}",
        f"INSERT INTO {relation(model)} SELECT * FROM ({sql}) WHERE {where}",
    ]


def check(model: SqlFile, kind: str, rule: str, spans: Sequence[Span], today: date) -> str:
    """A SELECT that counts the rows which break one check."""
    rows = f"SELECT * FROM {relation(model)}"
    if spans and "check_day" in model.words:
        moment = name(model.words["check_day"])
        rows += f" WHERE {reach(spans, f'CAST({moment} AS DATE)', moment)}"
    elif spans and "partition" in model.words:
        rows += f" WHERE {days_of(spans, name(model.words['partition']))}"
    if kind == "not_null":
        bad = " OR ".join(f"{name(each)} IS NULL" for each in listed(rule))
        return f"SELECT count(*) FROM ({rows}) WHERE {bad}"
    if kind == "unique":
        keys = ", ".join(name(each) for each in listed(rule))
        return (
            f"SELECT coalesce(sum(n - 1), 0) FROM"
            f" (SELECT count(*) AS n FROM ({rows}) GROUP BY {keys} HAVING count(*) > 1)"
        )
    if kind == "no_rows":
        return f"SELECT count(*) FROM ({rows}) WHERE {rule}"
    if kind == "in_set":
        which, values = rule.split(" in ", 1)
        allowed = ", ".join(literal(each) for each in listed(values))
        return (
            f"SELECT count(*) FROM ({rows}) WHERE {name(which.strip())} IS NULL"
            f" OR {name(which.strip())} NOT IN ({allowed})"
        )
    if kind == "fresh":
        which, days = rule.split()
        oldest = day(today - timedelta(days=int(days)))
        return (
            f"SELECT CASE WHEN max(CAST({name(which)} AS DATE)) >= {oldest} THEN 0 ELSE 1 END"
            f" FROM {relation(model)}"
        )
    raise BadDeclaration(
        model.name,
        f"{model.path.name}: check {kind} is not one of not_null, unique, no_rows, in_set, fresh",
    )
