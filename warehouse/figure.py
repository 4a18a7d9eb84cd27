"""From a checked question to the answer: add up, fill gaps, keep lines apart, name the keys."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from warehouse import per
from warehouse.answer import TIME_BY, MetricAnswer, Point, Sums
from warehouse.assemble import question as ask
from warehouse.assemble import several
from warehouse.assemble.cube import UNKNOWN
from warehouse.assemble.question import Question
from warehouse.few import guarded
from warehouse.snapshot import Snapshot

_UNKNOWN_LABEL = {
    "hour": "无时刻",
    "community": "未定到村",
    "grid": "未定到网格",
    "unit": "未定承办单位",
    "class": "未分类",
}
Groups = dict[tuple[str | None, str], Sums]


def answer(snapshot: Snapshot, question: Question) -> MetricAnswer:
    """The figure and its series; of persons without the small cells."""
    if question.metric.about_persons:
        return guarded(question, partial(_answer, snapshot))
    return _answer(snapshot, question)


def answers(snapshot: Snapshot, questions: Sequence[Question]) -> list[MetricAnswer]:
    """Several figures that one table of the cube gives under one filter, in one statement."""
    rows: list[list[Sequence[Any]]] = [[] for _ in questions]
    sql = several.sums(questions)
    for n, *row in snapshot.rows("several", sql, questions[0].words(sql)):
        rows[n].append(row)
    return [_made(snapshot, one, *_added(own)) for one, own in zip(questions, rows, strict=True)]


def _answer(snapshot: Snapshot, question: Question) -> MetricAnswer:
    return _made(snapshot, question, *_sums(snapshot, question))


def _made(snapshot: Snapshot, question: Question, top: Sums, groups: Groups) -> MetricAnswer:
    metric = question.metric
    split = bool(metric.lines) and question.line is None
    series = _series(snapshot, question, groups, split=split)
    return MetricAnswer(
        id=metric.id,
        version=metric.version,
        name=metric.name,
        unit=metric.unit,
        basis=metric.basis,
        first=question.first,
        last=question.last,
        value=None if split else per.value(question, top),
        numerator=None if split else top.numerator(metric.kind),
        denominator=None if split else top.den,
        excluded=dict(sorted(top.excluded.items())),
        as_of=question.as_of,
        generation=snapshot.generation.number,
        series=series,
        own_only=question.scope is not None,
    )


def _sums(snapshot: Snapshot, question: Question) -> tuple[Sums, Groups]:
    """All cases together, and by line and bucket."""
    if question.metric.kind == "median":
        return _medians(snapshot, question)
    sql = ask.sums(question)
    return _added(snapshot.rows(question.metric.id, sql, question.words(sql)))


def _added(rows: Iterable[Sequence[Any]]) -> tuple[Sums, Groups]:
    top, groups = Sums(), Groups()
    for bucket, line, reason, cases, num, den, amount in rows:
        part = Sums(int(num or 0), int(den or 0), float(amount or 0))
        if reason is not None:
            part.excluded = {reason: int(cases)} if cases else {}
        top.add(part)
        groups.setdefault((line, bucket or ""), Sums()).add(part)
    return top, groups


def _medians(snapshot: Snapshot, question: Question) -> tuple[Sums, Groups]:
    top, groups = Sums(), Groups()
    metric = question.metric
    split = bool(metric.lines) and question.line is None
    for _, line, reason, cases, median in snapshot.rows(
        metric.id, ask.medians(question, None), question.parameters
    ):
        if reason is not None:
            top.excluded[reason] = top.excluded.get(reason, 0) + cases
            continue
        found = Sums(den=cases, median=median)
        if split:
            groups[(line, "")] = found
        else:
            top.den, top.median = cases, median
    if question.by not in (None, "line") or (question.by == "line" and not split):
        groups = Groups()
        for bucket, line, reason, cases, median in snapshot.rows(
            metric.id, ask.medians(question, question.by), question.parameters
        ):
            if reason is None:
                groups[(line, bucket)] = Sums(den=cases, median=median)
    return top, groups


def _series(
    snapshot: Snapshot, question: Question, groups: Groups, *, split: bool
) -> tuple[Point, ...]:
    """The entries in order; a metric with lines has its entries line by line."""
    metric, by = question.metric, question.by
    if by is None and not split:
        return ()
    lines = [line for line, _ in metric.lines] if split else [None]
    points: list[Point] = []
    for line in lines:
        own = _merged(groups, line if split else None, by)
        for key, found in _filled(question, own, split=split):
            label = label_of(snapshot, question, key)
            if split:
                key, label = _line_key(question, str(line), key, label)
            points.append(_point(question, key, label, found))
    return tuple(points)


def _merged(groups: Groups, line: str | None, by: str | None) -> dict[str, Sums]:
    """The buckets of one line, or of all cases together."""
    own: dict[str, Sums] = {}
    for (of_line, bucket), found in groups.items():
        if line is not None and of_line != line:
            continue
        bucket = "" if by == "line" and line is not None else bucket
        if bucket in own:
            own[bucket].add(found)
        else:
            own[bucket] = found
    return own


def _filled(
    question: Question, own: dict[str, Sums], *, split: bool
) -> Iterable[tuple[str, Sums | None]]:
    """Time without gaps, everything else from the most cases to the fewest."""
    metric, by = question.metric, question.by
    if by is None or (by == "line" and split):
        yield "", own.get("", Sums())
        return
    if by not in TIME_BY:
        for key in sorted(own, key=lambda k: (-own[k].den, -own[k].num, k)):
            if own[key].den or own[key].num or not metric.is_spell:
                yield key, own[key]
        return
    running = Sums()
    running.add(own.get("", Sums()))
    for key, starts in time_keys(question.first, question.last, by):
        if metric.is_spell:
            running.add(own.get(key, Sums()))
            known = starts <= question.as_of.strftime("%Y-%m-%dT%H")
            yield key, Sums(running.num, running.den, running.amount) if known else None
        else:
            yield key, own.get(key, Sums())
    if UNKNOWN in own:
        yield UNKNOWN, own[UNKNOWN]


def time_keys(first: date, last: date, by: str) -> list[tuple[str, str]]:
    """Every bucket of a period with the hour at which it starts within it."""
    found: dict[str, str] = {}
    day = first
    while day <= last:
        if by == "hour":
            found |= {f"{day}T{hour:02}": f"{day}T{hour:02}" for hour in range(24)}
        else:
            year, week, _ = day.isocalendar()
            key = {"day": f"{day}", "week": f"{year}-W{week:02}", "month": f"{day:%Y-%m}"}[by]
            found.setdefault(key, f"{day}T00")
        day += timedelta(days=1)
    return list(found.items())


def label_of(snapshot: Snapshot, question: Question, key: str) -> str:
    """How users read a key of a series."""
    by = question.by
    if by is None or by == "line":
        return question.metric.line_label(key)
    if key == UNKNOWN:
        return _UNKNOWN_LABEL.get(by, key)
    if by in TIME_BY:
        return _time_label(by, key)
    if by == "class":
        code = key.rsplit("/", 1)[-1]
        return snapshot.labels.get(f"class_{question.metric.classes}", {}).get(code, code)
    return snapshot.labels.get(by, {}).get(key, key)


def _time_label(by: str, key: str) -> str:
    if by == "week":
        return f"{key[:4]}年第{int(key[6:])}周"
    if by == "month":
        return f"{key[:4]}年{int(key[5:7])}月"
    if by == "hour":
        return f"{int(key[11:])}时"
    return f"{int(key[5:7])}月{int(key[8:10])}日"


def _line_key(question: Question, line: str, key: str, label: str) -> tuple[str, str]:
    named = question.metric.line_label(line)
    if question.by in (None, "line"):
        return line, named
    return f"{line}/{key}", f"{named} {label}"


def _point(question: Question, key: str, label: str, found: Sums | None) -> Point:
    if found is None:  # a moment that has not come yet
        return Point(key, label, None, None, None)
    kind = question.metric.kind
    value = per.value(question, found, key)
    return Point(key, label, value, found.numerator(kind), found.den)
