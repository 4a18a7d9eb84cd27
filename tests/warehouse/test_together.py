"""Figures that are asked together are those that each question gives by itself."""

from datetime import date

import pytest

from tests.warehouse.test_read import MONTH, busy  # noqa: F401 - the town that is only read
from tests.warehouse.test_remembered import asked  # noqa: F401 - a reader that counts
from warehouse import asked as checking
from warehouse.assemble import several
from warehouse.read import MetricQuery, Reader, Scope, load_metrics

PAST = MetricQuery(date(2026, 11, 2), date(2026, 11, 12))
TODAY = MetricQuery(date(2026, 11, 23), date(2026, 11, 23))
FIGURES = (
    MONTH,
    TODAY,
    MetricQuery(PAST.first, PAST.last, by="day"),
    MetricQuery(MONTH.first, MONTH.last, by="community"),
    MetricQuery(MONTH.first, MONTH.last, by="class", level=2),
    MetricQuery(MONTH.first, MONTH.last, community="320117005001"),
    MetricQuery(PAST.first, PAST.last, community="320117005001"),
    MetricQuery(TODAY.first, TODAY.last, class_path="05"),
    MetricQuery(MONTH.first, MONTH.last, class_path="05"),
)
WANTED = [
    (metric, figure)
    for metric in sorted(load_metrics())
    if metric.startswith(("hotline", "mediation"))
    for figure in FIGURES
]


def test_figures_asked_together_are_those_asked_one_by_one(busy, asked):  # noqa: F811
    reader, told = asked
    reader.ahead(WANTED)
    # totals, villages, classes, one village, one class; and, once, what villages are called
    assert told == {"several": 5, "labels": 1}
    found = [reader.metric(*each) for each in WANTED]
    assert not told["hotline_received"] and not told["mediation_open"]
    single = Reader(busy.var, remembers=0)
    try:
        assert found == [single.metric(*each) for each in WANTED]
    finally:
        single.close()
    assert any(answer.value for answer in found) and any(answer.series for answer in found)


def test_what_is_known_or_wrong_is_left_out(asked):  # noqa: F811
    reader, told = asked
    known = reader.metric("hotline_received", PAST)
    wrong = ("hotline_received", MetricQuery(PAST.last, PAST.first))
    reader.ahead([("hotline_received", PAST), wrong, ("hotline_closed", PAST)])
    assert not told["several"]  # one question alone is not put among others
    assert reader.metric("hotline_received", PAST) == known


SCOPES = [
    Scope(("城管中队", "网格办")),
    Scope(communities=("320117005001",)),
    Scope(("城管中队",), ("320117005002",)),
]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_narrow_readers_figures_asked_together_are_those_asked_one_by_one(busy, asked, scope):  # noqa: F811
    reader, told = asked
    more = [
        ("hotline_received", MetricQuery(MONTH.first, MONTH.last, by="unit")),
        ("mediation_open", MetricQuery(MONTH.first, MONTH.last, by="class")),
        ("gauge_over_warning", MONTH),
    ]
    reader.within(scope).ahead([*WANTED, *more])
    assert told["several"]
    found = [reader.within(scope).metric(*each) for each in (*WANTED, *more)]
    single = Reader(busy.var, remembers=0)
    try:
        assert found == [single.within(scope).metric(*each) for each in (*WANTED, *more)]
    finally:
        single.close()
    assert any(answer.value for answer in found) and any(answer.series for answer in found)


@pytest.mark.parametrize("scope", [None, Scope(("城管中队",))])
def test_only_whole_metrics_of_the_cube_stand_among_others(monkeypatch, asked, scope):  # noqa: F811
    reader, told = asked
    fitting, fits = [], several.fits
    monkeypatch.setattr(several, "fits", lambda q: fits(q) and not fitting.append(q))
    days = PAST.first, PAST.last
    wanted = [
        ("hotline_received", MetricQuery(*days, community="320117005001", by="grid")),
        ("hotline_received", MetricQuery(*days, by="hour")),
        ("hotline_handling_days", PAST),
        ("mediation_completion_rate", MetricQuery(*days, line="unit")),
    ]
    lent = (("hotline_12345", "NJ000001"),)  # cases that lie with the unit are not in the cube
    monkeypatch.setattr(checking, "_lent", lambda *_: () if scope is None else lent)
    own = [] if scope is None else [("hotline_received", PAST), ("hotline_closed", PAST)]
    reader.within(scope).ahead([*wanted, *own])
    assert not fitting and not told["several"]
