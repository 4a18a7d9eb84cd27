"""Check what was asked of a metric: every word is known, or UnknownParameter says what is."""

from datetime import datetime

from warehouse.answer import BY, MetricQuery
from warehouse.assemble.question import Question
from warehouse.errors import UnknownParameter
from warehouse.generation import SourceState
from warehouse.metric import MetricDefinition
from warehouse.scope import STREET, Scope, lending, of_cases, of_own
from warehouse.snapshot import Snapshot

_MOST_NAMED = 20
_MOST_LENT = 20_000
_MOST_DAYS = 40_000
_LAST_YEAR = 3000
_MOST_DAYS_BY = {"hour": 100, "day": 5_000}  # a series has no gaps, so its length is the span's
_WORDS = {
    "community": "SELECT DISTINCT key FROM mart.cube_community WHERE source = $1",
    "grid": "SELECT DISTINCT key FROM mart.cube_grid WHERE source = $1",
    "unit": "SELECT DISTINCT key FROM mart.cube_unit WHERE source = $1",
}


def check(snapshot: Snapshot, metric: MetricDefinition, query: MetricQuery) -> Question | None:
    """The question in known words; None when no source of this metric has ever delivered."""
    _check_shape(metric, query)
    states = sources_of(snapshot, metric, query.source)
    filters = {
        dimension: value
        for dimension, value in (
            ("community", query.community),
            ("grid", query.grid),
            ("unit", query.unit),
            ("class", query.class_path),
        )
        if value is not None
    }
    as_of = as_of_sources(snapshot, metric, states)
    if as_of is None or metric.id not in snapshot.views:
        return None
    number = snapshot.numbers.get(metric.id, 0)
    scope = None if metric.reach == STREET else query.scope
    lent = _lent(snapshot, metric, scope)
    question = Question(
        metric=metric,
        number=number,
        sources=tuple(state.source for state in states),
        first=query.first,
        last=query.last,
        as_of=as_of,
        by=query.by,
        level=query.level or _level_below(query.class_path),
        filters=filters,
        line=query.line,
        known_by=query.known_by if metric.is_cohort else None,
        scope=scope,
        own=_own(snapshot, metric, scope, lent),
        lent=lent,
        tables=snapshot.cubes,
        has_edges=all(
            snapshot.edge_days.get((number, state.source)) == as_of.date() for state in states
        ),
    )
    for dimension, value in filters.items():
        _check_word(snapshot, question, dimension, value)
    return question


def _own(
    snapshot: Snapshot,
    metric: MetricDefinition,
    scope: Scope | None,
    lent: tuple[tuple[str, str], ...] | None,
) -> str:
    """The condition on a metric's rows that leaves the caller's own."""
    if scope is None:
        return ""
    if lent is None:  # too many to be named
        return of_cases(metric.fact, snapshot.relations)
    return of_own(scope, lends=bool(lent))


def _lent(
    snapshot: Snapshot, metric: MetricDefinition, scope: Scope | None
) -> tuple[tuple[str, str], ...] | None:
    """The cases that lie with the caller's units besides their own, asked once a generation."""
    if scope is None or not scope.units:
        return ()  # and nobody asked what columns there are, which costs as much as ten figures
    sql = lending(metric.fact, snapshot.relations)
    if not sql:
        return ()

    def named() -> tuple[tuple[str, str], ...]:
        some = f"FROM ({sql}) AS l(source, key) WHERE key IS NOT NULL LIMIT {_MOST_LENT + 1}"
        return tuple(snapshot.rows(metric.id, some, scope.words(sql)))

    found = snapshot.learned(("lent", metric.fact, scope.units), named)
    return found if len(found) <= _MOST_LENT else None


def sources_of(
    snapshot: Snapshot, metric: MetricDefinition, source: str | None
) -> list[SourceState]:
    """The sources a question reads: the site's own unless one is named."""
    states = [
        state
        for state in snapshot.generation.sources
        if not metric.platforms or state.platform in metric.platforms
    ]
    if source is None:
        return [state for state in states if state.own]
    found = [state for state in states if state.source == source]
    if not found:
        raise UnknownParameter("source", source, [state.source for state in states])
    return found


def as_of_sources(
    snapshot: Snapshot, metric: MetricDefinition, states: list[SourceState]
) -> datetime | None:
    """The oldest last success; a metric about the platforms themselves is as of the publish."""
    if not metric.platforms:
        return snapshot.generation.published_at
    times = [state.last_success_at for state in states if state.last_success_at is not None]
    return min(times) if times else None


def as_of_platforms(snapshot: Snapshot, platforms: tuple[str, ...]) -> datetime:
    """The oldest last success of the site's own sources of some platforms, else the publish."""
    times = [
        state.last_success_at
        for state in snapshot.generation.sources
        if state.own and state.platform in platforms and state.last_success_at is not None
    ]
    return min(times, default=snapshot.generation.published_at)


def _check_shape(metric: MetricDefinition, query: MetricQuery) -> None:
    if query.first > query.last:
        raise UnknownParameter("from", query.first, f"a day not after to={query.last}")
    if query.last.year >= _LAST_YEAR:
        raise UnknownParameter("to", query.last, f"a day before the year {_LAST_YEAR}")
    most = _MOST_DAYS_BY.get(query.by or "", _MOST_DAYS)
    if (query.last - query.first).days >= most:
        raise UnknownParameter("from", query.first, f"at most {most} days up to to={query.last}")
    allowed = [each for each in BY if each != "line" or metric.lines]
    if query.by is not None and query.by not in allowed:
        raise UnknownParameter("by", query.by, allowed)
    if query.level is not None and query.by != "class":
        raise UnknownParameter("level", query.level, "level only together with by=class")
    if query.level is not None and query.level not in (1, 2, 3):
        raise UnknownParameter("level", query.level, ("1", "2", "3"))
    lines = [line for line, _ in metric.lines]
    if query.line is not None and query.line not in lines:
        raise UnknownParameter("line", query.line, lines or "no line, this metric has none")


def _level_below(class_path: str | None) -> int:
    return min(3, class_path.count("/") + 2) if class_path else 1


def _check_word(snapshot: Snapshot, question: Question, dimension: str, value: str) -> None:
    """A place, unit or class must be the site's or occur in the asked sources."""
    if value == "unknown":
        return
    if dimension == "class":
        _check_class(snapshot, question, value)
        return
    known = snapshot.labels[dimension]
    if value in known:
        return
    seen = {
        str(row[0])
        for source in question.sources
        for row in snapshot.rows(dimension, _WORDS[dimension], [source])
    }
    if value not in seen:
        words = sorted(known if any(each in known for each in seen) or not seen else seen)
        raise UnknownParameter(dimension, value, _some(words))


def _check_class(snapshot: Snapshot, question: Question, value: str) -> None:
    known = snapshot.labels.get(f"class_{question.metric.classes}", {})
    segments = value.split("/")
    if segments[-1] in known and all(
        segments[n].startswith(segments[n - 1]) for n in range(1, len(segments))
    ):
        return
    depth = min(3, len(segments))
    for source in question.sources:
        sql = f"SELECT DISTINCT key FROM mart.cube_class{depth} WHERE source = $1"  # noqa: S608 - depth is 1, 2 or 3
        seen = {str(row[0]) for row in snapshot.rows("class", sql, [source])}
        if value in seen:
            return
    first = sorted(
        code for code in known if not any(code[:n] in known for n in range(1, len(code)))
    )
    raise UnknownParameter("class", value, _some(first) if first else "a class path of the source")


def _some(words: list[str]) -> list[str]:
    return words if len(words) <= _MOST_NAMED else [*words[:_MOST_NAMED], "…"]
