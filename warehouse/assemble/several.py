# ruff: noqa: S608 - names come from .sql headers and fixed lists, sources are quoted as literals
"""One SELECT for several questions to one table of the cube.

What a question costs is its planning: the engine takes milliseconds to plan and a fraction of one
to add up. Questions that differ in metric and days only stand as the rows of a small table, which
the cube is joined to. What is added up of which days, and by what it is grouped, is said where
single questions say it (`question.py`).
"""

from collections.abc import Callable, Sequence

from warehouse.assemble.cube import keys_of
from warehouse.assemble.question import Question, bucket, chosen, edge_at, owned, span
from warehouse.assemble.text import day, literal

_CUBED = "c.on_day, c.source, c.line, c.reason, c.cases, c.num, c.den, c.amount"


def fits(question: Question) -> bool:
    """Whether a question can stand among others: of all lines, straight from the cube alone."""
    is_whole = question.line is None and not question.lent
    is_cubed = question.cube is not None and not question.metric.about_persons
    return is_whole and is_cubed and (question.has_edges or edge_at(question) is None)


def sums(questions: Sequence[Question]) -> str:
    """Number of the question, bucket, line, reason, cases, numerator, denominator, amount.

    All of them are one reader's, answered by the same table of the cube, and have the same filters.
    """
    table = questions[0].cube or "total"
    keys = keys_of(table) or {"total": "key"}
    cubed = _asked(questions, lambda one: ", ".join(day(each) for each in span(one)))
    relation = (
        f"SELECT a.n, {_CUBED}, {', '.join(keys.values())} FROM mart.cube_{table} AS c"
        f" JOIN (VALUES {cubed}) AS a(n, metric, source, first_day, last_day)"
        " ON c.metric = a.metric AND c.source = a.source"
        " AND c.on_day BETWEEN a.first_day AND a.last_day"
    )
    edged = _asked(questions, _edge)
    if edged:
        named = ", ".join(f"c.k_{each} AS {key}" for each, key in keys.items())
        relation += (
            f" UNION ALL SELECT a.n, {_CUBED}, {named} FROM mart.edge AS c"
            f" JOIN (VALUES {edged}) AS a(n, metric, source, on_day, until)"
            " ON c.metric = a.metric AND c.source = a.source"
            " AND c.on_day = a.on_day AND c.edge_at <= a.until"
        )
    where = [*chosen(questions[0], in_cube=True), owned(questions[0])]
    return (
        f"SELECT n, {_bucket(questions)} AS bucket, line, reason,"
        f" sum(cases), sum(num), sum(den), sum(amount) FROM ({relation})"
        f" WHERE {' AND '.join(where)} GROUP BY ALL"
    )


def _bucket(questions: Sequence[Question]) -> str:
    """By what each question is grouped; what several share is said once, since each is planned."""
    numbers: dict[str, list[str]] = {}
    for n, one in enumerate(questions):
        numbers.setdefault(bucket(one, one.key(one.by)), []).append(str(n))
    if len(numbers) == 1:
        return next(iter(numbers))
    said = [f"WHEN n IN ({', '.join(those)}) THEN {each}" for each, those in numbers.items()]
    return f"CASE {' '.join(said)} END"


def _edge(question: Question) -> str:
    moment = edge_at(question)
    return "" if moment is None else f"{day(question.end)}, {moment}"


def _asked(questions: Sequence[Question], more: Callable[[Question], str]) -> str:
    """The questions as rows, one a source; those without more to say are left out."""
    return ", ".join(
        f"({n}, CAST({one.number} AS SMALLINT), {literal(source)}, {said})"
        for n, one in enumerate(questions)
        if (said := more(one))
        for source in one.sources
    )
