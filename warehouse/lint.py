"""Hold models and metrics to the SQL that DuckDB, PostgreSQL, ClickHouse and Spark all agree on.

Where engines differ silently (LAG's default, percentiles) only the macros prev and pctl may be
used; what some of them lack (GROUP BY ALL, QUALIFY, ASOF, lists) is not used at all.
"""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from warehouse.header import SqlFile, listed, read_folder, tables_read
from warehouse.metric import CASE_COLUMNS, FOLDER, load_metrics

_FORBIDDEN: dict[type[exp.Expr], str] = {
    exp.Star: "select * (name every column)",
    exp.Qualify: "QUALIFY (use a ROW_NUMBER subquery)",
    exp.ArgMax: "arg_max (use a ROW_NUMBER subquery)",
    exp.ArgMin: "arg_min (use a ROW_NUMBER subquery)",
    exp.Lag: "LAG (use prev)",
    exp.Lead: "LEAD (use prev over the reverse order)",
    exp.PercentileCont: "percentile_cont (use pctl)",
    exp.PercentileDisc: "percentile_disc (use pctl)",
    exp.Quantile: "quantile (use pctl)",
    exp.ApproxQuantile: "approx_quantile (use pctl)",
    exp.Median: "median (use pctl)",
    exp.Array: "a list",
    exp.ArrayAgg: "list()",
    exp.Struct: "a struct",
    exp.Bracket: "a subscript",
    exp.Lambda: "a lambda",
    exp.Pivot: "PIVOT",
    exp.Unnest: "unnest",
}
_MACROS = ("prev", "pctl")
_RESERVED = ("at", "hours")


def lint_all() -> list[str]:
    """Every breach in models and metrics, one sentence each."""
    from warehouse.build import MODELS

    found: list[str] = []
    for file in read_folder(MODELS).values():
        found += lint(file)
        if set(listed(file.word("reads"))) != tables_read(file.sql):
            found.append(f"{file.path.name}: `reads` does not name what the SELECT reads")
    metrics = load_metrics()
    for file in read_folder(FOLDER).values():
        found += lint(file)
        wanted = [*CASE_COLUMNS, *metrics[file.name].extra_columns]
        if _outputs(_parsed(file)) != wanted:
            found.append(f"{file.path.name}: the columns must be {', '.join(wanted)}")
    return found


def lint(file: SqlFile) -> list[str]:
    """The breaches of one file."""
    try:
        tree = _parsed(file)
    except sqlglot.errors.ParseError as error:
        return [f"{file.path.name}: cannot be read: {str(error).splitlines()[0]}"]
    return [f"{file.path.name}: {what}" for what in _breaches(tree, file.sql)]


def _breaches(tree: exp.Expr, sql: str) -> Iterator[str]:
    for node in tree.walk():
        if isinstance(node, exp.Star) and isinstance(node.parent, exp.Count):
            continue
        for kind, words in _FORBIDDEN.items():
            if type(node) is kind:
                yield f"{words} is not portable"
        if isinstance(node, exp.Group) and node.args.get("all"):
            yield "GROUP BY ALL is not portable (name the columns)"
        if isinstance(node, exp.Join) and "ASOF" in (node.method or "").upper():
            yield "ASOF JOIN is not portable (match at load time)"
        if isinstance(node, exp.Anonymous) and node.name.lower() not in _MACROS:
            yield f"{node.name}() is not known in every engine"
        if isinstance(node, exp.Select):
            yield from _aliases(node)
    if _bare_aliases(tree, sql):
        yield "an alias without AS"


def _aliases(select: exp.Select) -> Iterator[str]:
    """An output is named, and not like a column that it is not."""
    used = {column.name for column in select.find_all(exp.Column)}
    for output in select.expressions:
        if not isinstance(output, exp.Alias):
            yield f"{output.sql()[:40]} has no name (write AS)"
            continue
        same = isinstance(output.this, exp.Column) and output.this.name == output.alias
        if output.alias in used and not same:
            yield f"alias {output.alias} is also a column (ClickHouse takes the wrong one)"
        if output.alias.lower() in _RESERVED:
            yield f"alias {output.alias} is a reserved word"


def _bare_aliases(tree: exp.Expr, sql: str) -> bool:
    tokens = sqlglot.tokenize(sql, read="duckdb")
    written = sum(1 for token in tokens if token.text.upper() == "AS")
    named = sum(1 for node in tree.walk() if isinstance(node, exp.Alias | exp.TableAlias))
    casts = sum(
        1 for node in tree.walk() if isinstance(node, exp.Cast) and not _is_typed_literal(node)
    )
    return written < named + casts


def _is_typed_literal(node: exp.Expr) -> bool:
    """TIMESTAMP '…' is a cast in the tree but has no AS in the text."""
    return isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal) and node.this.is_string


def _parsed(file: SqlFile) -> exp.Expr:
    return sqlglot.parse_one(file.sql, read="duckdb")


def _outputs(tree: exp.Expr) -> list[str]:
    first = tree.find(exp.Select)
    assert first is not None
    return [output.alias_or_name for output in first.expressions]
