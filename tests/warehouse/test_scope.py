"""A unit's or a village's reader gets its own rows of everything, and nothing else (S3)."""

import inspect
from dataclasses import replace
from datetime import date, datetime

import pytest

from warehouse import asked as checking
from warehouse import figure
from warehouse.assemble.question import Question
from warehouse.errors import QueryFailed, UnknownParameter
from warehouse.metric import load_metrics
from warehouse.narrowed import Narrowed
from warehouse.read import NOTHING, QUERIES, MetricQuery, Reader, Scope, Sift, load_queries
from warehouse.scope import STREET, narrowed

pytestmark = pytest.mark.sec
NOW = datetime(2026, 11, 23, 12, 0)
MONTH = MetricQuery(date(2026, 11, 1), date(2026, 11, 30))
SQUAD = Scope(units=("城管中队",))
VILLAGE = Scope(communities=("320117005002",))
PLACES = ("320117005001", "320117005002", None)
UNITS = ("城管中队", "网格办")
LENT, RETURNED = "NJ000001", "NJ000003"
PARTNERS = ("司法所", "妇联")


@pytest.fixture(scope="module")
def busy(shared_street, order):
    """Two dozen orders of two units in two places; one of the other unit's lies with the squad."""
    rows = [
        order(
            n,
            f"2026-11-{2 + n % 5:02} {8 + n % 4:02}:15:00",
            community_code=PLACES[n % 3],
            class_code="050203",
            unit_main=UNITS[n % 2],
            due_at="2026-11-12 17:00:00",
            closed_at="2026-11-11 09:00:00" if n % 3 == 0 else None,
        )
        for n in range(24)
    ]
    shared_street.load("hotline_order", rows)
    steps = [(LENT, 1, "网格办"), (LENT, 2, "城管中队"),
             (RETURNED, 1, "城管中队"), (RETURNED, 2, "网格办")]  # fmt: skip
    shared_street.load(
        "hotline_event",
        [
            {
                "order_no": no,
                "seq": str(seq),
                "unit": unit,
                "action": "转办",
                "occurred_at": "2026-11-10 09:00:00",
            }
            for no, seq, unit in steps
        ],
    )
    shared_street.load(
        "mediation_case",
        [
            {
                "case_no": f"TJ{n}",
                "line": "centre",
                "type_code": "02",
                "unit": PARTNERS[n % 2],
                "accepted_at": "2026-11-03 09:00:00",
                "community_code": PLACES[n % 3],
                "state": "调解中",
                "updated_at": "2026-11-03 09:00:00",
            }
            for n in range(6)
        ],
    )
    shared_street.publish(NOW)
    return shared_street


def mine(busy, scope):
    return busy.reader.within(scope)


def test_a_unit_reads_its_own_cases_and_those_that_lie_with_it_now(busy):
    found = mine(busy, SQUAD).rows("hotline_received", MONTH, limit=100)
    keys = {row["key"] for row in found.rows}
    every = busy.reader.rows("hotline_received", MONTH, limit=100).rows
    own = {row["key"] for row in every if row["unit"] == "城管中队"}
    assert found.total == 13 == len(own) + 1
    assert keys - own == {LENT}, "the lent order, not the one that went back"


def test_a_helped_case_counts_once_and_under_its_main_unit(busy):
    answer = mine(busy, SQUAD).metric(
        "hotline_received", MetricQuery(MONTH.first, MONTH.last, by="unit")
    )
    assert answer.value == 13 and answer.own_only
    assert {point.key: point.value for point in answer.series} == {"城管中队": 12, "网格办": 1}


def test_a_village_reads_what_happened_in_it(busy):
    rows = mine(busy, VILLAGE).rows("hotline_received", MONTH, limit=100).rows
    assert len(rows) == 8 and {row["community"] for row in rows} == {"320117005002"}


def test_units_and_villages_of_one_person_are_read_together_and_once(busy):
    both = Scope(SQUAD.units, VILLAGE.communities)
    keys = [row["key"] for row in mine(busy, both).rows("hotline_received", MONTH, limit=100).rows]
    parts = {
        row["key"]
        for scope in (SQUAD, VILLAGE)
        for row in mine(busy, scope).rows("hotline_received", MONTH, limit=100).rows
    }
    assert sorted(keys) == sorted(parts)


WAYS = ("day", "week", "hour", "community", "unit", "class")


def counted(answer):
    return (answer.numerator or 0, answer.denominator or 0, len(answer.excluded))


@pytest.mark.parametrize("metric", sorted(load_metrics()))
def test_every_metric_is_its_own_rows_and_nothing_without_a_scope(busy, metric):
    whole, street = busy.reader.metric(metric, MONTH), load_metrics()[metric].reach == STREET
    nothing, squad, *others = [
        mine(busy, scope)
        for scope in (NOTHING, SQUAD, Scope(units=("司法所",)), Scope(units=("妇联",)))
    ]
    assert nothing.metric(metric, MONTH).own_only is (not street and whole.as_of is not None)
    parts = [reader.metric(metric, MONTH) for reader in (squad, *others)]
    for by in (None, *WAYS):
        query = MetricQuery(MONTH.first, MONTH.last if by != "hour" else MONTH.first, by=by)
        empty = nothing.metric(metric, query)
        if street:
            assert empty == busy.reader.metric(metric, query), by
            continue
        assert not empty.numerator and not empty.denominator and not empty.excluded, by
        assert not any(point.numerator or point.denominator for point in empty.series), by
        if by not in (None, "hour"):
            assert counted(squad.metric(metric, query)) == counted(parts[0]), by
    for part in () if street else parts:
        assert (part.numerator or 0) <= (whole.numerator or 0)
        assert (part.denominator or 0) <= (whole.denominator or 0)


LISTED = sorted(each for each, metric in load_metrics().items() if not metric.about_persons)


@pytest.mark.parametrize("metric", LISTED)
def test_the_rows_behind_a_narrow_figure_are_as_many_as_it_says(busy, metric):
    reader = mine(busy, SQUAD)
    answer, rows = reader.metric(metric, MONTH), reader.rows(metric, MONTH, limit=1000)
    if answer.denominator is not None:
        assert rows.denominator == answer.denominator
    for row in rows.rows if answer.own_only else ():
        assert row["unit"] == "城管中队" or row["key"] == LENT, row["key"]


OF_CASES = sorted(each for each in load_metrics() if each.startswith(("hotline", "mediation")))


BOTH = Scope(SQUAD.units, VILLAGE.communities)
MANY = Scope(units=(*UNITS, *(f"单位{n}" for n in range(20))))


@pytest.mark.parametrize("scope", [SQUAD, VILLAGE, Scope(units=(*UNITS, PARTNERS[0])), BOTH, MANY])
def test_a_narrow_figure_of_the_cube_is_the_one_its_rows_give(busy, monkeypatch, scope):
    reader = Reader(busy.var, remembers=0).within(scope)
    past = MetricQuery(date(2026, 11, 2), date(2026, 11, 12))
    cuts = [(None, MONTH), ("day", MONTH), ("community", past), ("unit", MONTH), ("unit", past)]
    if scope is not BOTH:  # units, villages and classes together only the rows know
        cuts += [("class", MONTH), (None, replace(MONTH, class_path="05"))]

    def answers():
        return {
            (metric, n): reader.metric(metric, replace(period, by=by))
            for metric in OF_CASES
            for n, (by, period) in enumerate(cuts)
        }

    asked: list[str] = []
    told = figure.ask.sums
    monkeypatch.setattr(figure.ask, "sums", lambda q: asked.append(told(q)) or asked[-1])
    quick = answers()
    assert all("FROM mart.cube_" in sql for sql in asked)
    monkeypatch.setattr(Question, "own_by", None)
    asked.clear()
    assert answers() == quick
    assert not any("mart.cube_" in sql for sql in asked)
    assert quick["hotline_received", 0].value


@pytest.mark.parametrize("scope", [SQUAD, VILLAGE, BOTH, NOTHING])
def test_lent_cases_known_by_number_are_those_that_the_steps_tell(busy, monkeypatch, scope):
    reader = Reader(busy.var, remembers=0).within(scope)
    wanted = [
        ("hotline_received", "grid"),
        ("hotline_open", "hour"),
        ("hotline_handling_days", None),
    ]

    def told():
        days = MetricQuery(date(2026, 11, 2), date(2026, 11, 12))
        figures = [reader.metric(each, replace(days, by=by)) for each, by in wanted]
        rows = reader.rows("hotline_received", MONTH, limit=5, offset=5).rows
        hits = reader.rows("hotline_received", MONTH, sift=Sift("灯")).total
        changed = reader.since("hotline_received", MONTH, datetime(2026, 11, 12))
        return figures, rows, hits, changed.counts

    known = told()
    monkeypatch.setattr(checking, "_MOST_LENT", 0)
    reader = Reader(busy.var, remembers=0).within(scope)
    assert told() == known


@pytest.mark.parametrize("name", sorted(load_queries(QUERIES)))
def test_every_named_query_can_be_asked_narrowly(busy, name):
    given = {"limit": 50, "as_of": NOW, "first": MONTH.first, "last": MONTH.last,
             "since": NOW, "until": NOW, "from_at": NOW, "until_at": NOW,
             "station": "S", "step_min": 60, "subject": "hotline", "withdrawn": False,
             "on_day": MONTH.first, "source": "hotline_12345", "key": LENT}  # fmt: skip
    file = load_queries(QUERIES)[name]
    wanted = {each.strip().lstrip("$").split(" ")[0] for each in file.words["params"].split(",")}
    params = {key: value for key, value in given.items() if key in wanted}
    whole = busy.reader.query(name, params).to_pylist()
    nothing = mine(busy, NOTHING).query(name, params).to_pylist()
    own = mine(busy, SQUAD).query(name, params).to_pylist()
    if file.words.get("scope") == STREET:
        assert whole == nothing == own
        return
    numbers = [value for row in nothing for value in row.values() if isinstance(value, int)]
    assert not any(numbers), nothing
    for row in own:
        if "unit" in row and "number" in row:
            assert row["unit"] == "城管中队" or row["number"] == LENT
    if name == "open_matters":
        assert 0 < len(own) < len(whole)


def test_a_table_that_belongs_to_nobody_gives_nothing():
    relations = {"core.gauge_reading": frozenset({"source", "station", "level_m"})}
    sql = narrowed("SELECT g.level_m AS level_m FROM core.gauge_reading AS g", relations)
    assert "WHERE FALSE" in sql


def test_what_a_platform_sent_and_free_questions_are_not_for_a_narrow_reader(busy):
    reader = mine(busy, SQUAD)
    assert reader.latest("hotline_12345") == {}
    with pytest.raises(QueryFailed):
        reader.sql("SELECT 1")
    with pytest.raises(QueryFailed):
        reader.within(VILLAGE)
    assert reader.within(None) is reader


def test_a_public_room_sees_public_columns_and_questions_only(busy):
    wall = busy.reader.within(None, wall=True)
    columns = {column.name for column in wall.rows("hotline_received", MONTH, limit=5).columns}
    assert not columns & {"title", "content", "caller_name", "caller_phone", "addr", "reply_text"}
    assert len(wall.query("open_matters", {"limit": 5, "as_of": NOW})) == 5
    with pytest.raises(UnknownParameter, match="public room"):
        wall.query("report_weather", {"from_at": NOW, "until_at": NOW})


def test_every_way_to_read_has_its_narrow_form():
    """A new method of the reader fails here until somebody has thought about its scope."""
    ways = {name for name, _ in inspect.getmembers(Reader, inspect.isfunction) if name[0] != "_"}
    assert ways == {name for name in vars(Narrowed) if name[0] != "_"}
