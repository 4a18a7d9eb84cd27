"""Questions to the snapshot: words are checked, series have no gaps, rows equal the figure."""

import threading
from datetime import date, datetime, timedelta

import pytest

from warehouse.errors import QueryFailed, UnknownParameter
from warehouse.read import MetricQuery, Reader

NOW = datetime(2026, 11, 23, 12, 0)
MONTH = MetricQuery(date(2026, 11, 1), date(2026, 11, 30))


def fill(town, order):
    """Orders in two places, two units and three classes."""
    places = ["320117005001", "320117005002", None]
    classes = ["050203", "050201", "010101", None]
    town.load(
        "hotline_order",
        [
            order(
                n,
                f"2026-11-{2 + n % 5:02} {8 + n % 4:02}:15:00",
                community_code=places[n % 3],
                class_code=classes[n % 4],
                unit_main=["城管中队", "网格办"][n % 2],
                due_at="2026-11-12 17:00:00",
                closed_at="2026-11-11 09:00:00" if n % 2 else None,
                caller_phone="138****0000",
                secret="1" if n == 0 else "0",
                content="某人写的话",
                tags="敏感" if n == 1 else None,
            )
            for n in range(24)
        ],
    )
    town.publish(NOW)
    return town


@pytest.fixture(scope="module")
def busy(shared_town, order):
    """A town that is only read."""
    return fill(shared_town, order)


@pytest.fixture
def changing(town, order):
    """The same town, to be changed."""
    return fill(town, order)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"by": "colour"}, "by=colour is not allowed; use hour, day, week, month, source"),
        ({"by": "line"}, "by=line is not allowed"),
        ({"level": 2}, "level=2 is not allowed; use level only together with by=class"),
        ({"by": "class", "level": 4}, "level=4 is not allowed; use 1, 2, 3"),
        ({"line": "centre"}, "line=centre is not allowed; use no line, this metric has none"),
        ({"source": "elsewhere"}, "source=elsewhere is not allowed; use hotline_12345"),
        ({"community": "999"}, "community=999 is not allowed; use 320117005001"),
        ({"unit": "别处"}, "unit=别处 is not allowed"),
        ({"class_path": "05/0599"}, "class=05/0599 is not allowed; use 01"),
    ],
)
def test_a_wrong_word_is_named_with_what_is_allowed(busy, words, says):
    with pytest.raises(UnknownParameter, match=says):
        busy.ask("hotline_received", **words)


def test_an_unknown_metric_is_named_with_the_known_ones(busy):
    with pytest.raises(UnknownParameter, match=r"metric=nothing is not allowed; use .*gauge_over"):
        busy.ask("nothing")


def test_a_period_that_ends_before_it_begins_is_refused(busy):
    with pytest.raises(UnknownParameter, match="from=2026-11-30"):
        busy.ask("hotline_received", date(2026, 11, 30), date(2026, 11, 1))


def test_days_without_cases_are_zero_in_counts_and_empty_in_rates(busy):
    count = busy.ask("hotline_received", date(2026, 11, 1), date(2026, 11, 3), by="day")
    assert [(p.key, p.label, p.value) for p in count.series] == [
        ("2026-11-01", "11月1日", 0),
        ("2026-11-02", "11月2日", 5),
        ("2026-11-03", "11月3日", 5),
    ]
    rate = busy.ask("hotline_on_time_rate", date(2026, 11, 11), date(2026, 11, 12), by="day")
    assert [(p.value, p.denominator) for p in rate.series] == [(None, 0), (0.5, 24)]


def test_hours_weeks_and_months_have_their_keys(busy):
    hours = busy.ask("hotline_received", date(2026, 11, 2), date(2026, 11, 2), by="hour")
    assert len(hours.series) == 24
    assert hours.series[8].key == "2026-11-02T08"
    assert sum(p.value for p in hours.series) == 5
    weeks = busy.ask("hotline_received", date(2026, 11, 1), date(2026, 11, 8), by="week")
    assert [p.key for p in weeks.series] == ["2026-W44", "2026-W45"]
    months = busy.ask("hotline_received", date(2026, 10, 1), date(2026, 11, 30), by="month")
    assert [(p.key, p.value) for p in months.series] == [("2026-10", 0), ("2026-11", 24)]


def test_an_order_without_a_clock_stands_under_unknown(town, order):
    town.load("hotline_order", [order(1, "2026-11-02"), order(2, "2026-11-02 08:00:00")])
    town.publish()
    series = town.ask("hotline_received", date(2026, 11, 2), date(2026, 11, 2), by="hour").series
    assert {p.key: p.value for p in series if p.value} == {"2026-11-02T08": 1, "unknown": 1}


def test_places_units_and_classes_carry_the_names_of_the_site(busy):
    places = {p.key: p.label for p in busy.ask("hotline_received", by="community").series}
    assert places == {
        "320117005001": "清泉社区",
        "320117005002": "梅岗社区",
        "unknown": "未定到村",
    }
    classes = busy.ask("hotline_received", by="class").series
    assert {p.key: p.value for p in classes} == {"01": 6, "05": 12, "unknown": 6}


def test_a_class_filter_takes_the_branch_and_shows_the_level_below(busy):
    below = busy.ask("hotline_received", by="class", class_path="05")
    assert {p.key: p.value for p in below.series} == {"05/0502": 12}
    deep = busy.ask("hotline_received", by="class", class_path="05", level=3)
    assert {p.key: p.value for p in deep.series} == {"05/0502/050201": 6, "05/0502/050203": 6}
    up = busy.ask("hotline_received", by="class", class_path="05/0502", level=1)
    assert {p.key: p.value for p in up.series} == {"05": 12}
    assert busy.ask("hotline_received", class_path="unknown").value == 6


def test_two_dimensions_add_up_to_one(busy):
    for metric in ("hotline_received", "hotline_on_time_rate", "hotline_open"):
        whole = busy.ask(metric, community="320117005001")
        parts = busy.ask(metric, community="320117005001", by="unit").series
        assert sum(p.denominator for p in parts) == whole.denominator > 0
        assert sum(p.numerator for p in parts) == whole.numerator


def test_a_figure_equals_its_rows(busy):
    for metric in busy.reader.definitions():
        if not metric.startswith("hotline"):
            continue
        for words in (
            {},
            {"community": "320117005001"},
            {"community": "320117005002", "unit": "网格办"},
        ):
            query = MetricQuery(MONTH.first, MONTH.last, **words)
            figure = busy.reader.metric(metric, query)
            rows = busy.reader.rows(metric, query, limit=1000)
            assert figure.denominator == rows.denominator == sum(r["den"] for r in rows.rows)
            assert len(rows.rows) == rows.total
            if figure.numerator is not None:
                assert figure.numerator == rows.numerator == sum(r["num"] for r in rows.rows)


def test_rows_page_sort_and_take_one_share(busy):
    page = busy.reader.rows("hotline_on_time_rate", MONTH, limit=5, offset=20, sort="order_no")
    assert (len(page.rows), page.total) == (4, 24)
    assert [row["order_no"] for row in page.rows] == sorted(row["order_no"] for row in page.rows)
    late = busy.reader.rows("hotline_on_time_rate", MONTH, only="not_numerator")
    assert {row["closed_at"] for row in late.rows} == {None}
    assert late.total == late.denominator == 12
    with pytest.raises(UnknownParameter, match="sort=1; DROP TABLE is not allowed"):
        busy.reader.rows("hotline_on_time_rate", MONTH, sort="1; DROP TABLE")
    with pytest.raises(UnknownParameter, match="only=some is not allowed; use numerator"):
        busy.reader.rows("hotline_on_time_rate", MONTH, only="some")


def test_rows_say_what_their_columns_are(busy):
    page = busy.reader.rows("hotline_received", MONTH, limit=1)
    labels = {column.name: column.label for column in page.columns}
    assert labels["received_at"] == "受理时间"
    assert "caller_hash" not in labels
    assert set(labels) <= set(page.rows[0])


def test_the_wall_gets_only_wall_columns_and_no_confidential_matter(busy):
    page = busy.reader.rows("hotline_received", MONTH, limit=100, wall=True)
    names = {column.name for column in page.columns}
    assert "order_no" in names
    assert not names & {"content", "title", "caller_phone", "caller_name", "addr", "secret", "tags"}
    numbers = {row["order_no"] for row in page.rows}
    assert not numbers & {"NJ000000", "NJ000001"}
    assert page.total == 24
    recent = busy.reader.query("hotline_recent", {"limit": 100})
    assert recent.num_rows == 22
    assert "content" not in recent.column_names


def test_an_imported_set_is_read_only_when_asked_for_by_name(changing, order):
    changing.load(
        "hotline_order",
        [
            order(
                900 + n, community_code="Canton", class_code=None, class_name="HCD/Illegal Dumping"
            )
            for n in range(3)
        ],
        source="baltimore",
    )
    changing.publish(NOW + timedelta(minutes=1))
    assert changing.ask("hotline_received").value == 24
    other = changing.ask("hotline_received", source="baltimore")
    assert (other.value, other.as_of) == (3, NOW)
    assert changing.ask("hotline_received", source="baltimore", community="Canton").value == 3
    classes = changing.ask("hotline_received", source="baltimore", by="class", level=2).series
    assert [(p.key, p.label) for p in classes] == [("HCD/Illegal Dumping", "Illegal Dumping")]
    assert changing.ask("hotline_received", source="baltimore", class_path="HCD").value == 3
    with pytest.raises(UnknownParameter, match="community=Canton"):
        changing.ask("hotline_received", community="Canton")


def test_a_metric_nobody_feeds_has_no_value_and_no_time(new_town):
    town = new_town()
    town.publish(succeed=False)
    answer = town.ask("mediation_accepted")
    assert (answer.value, answer.as_of, answer.series) == (None, None, ())
    assert town.reader.rows("mediation_accepted", MONTH).total == 0


def test_the_answer_as_json_carries_the_offset(busy):
    found = busy.ask("hotline_received", by="month").to_json()
    assert found["as_of"] == "2026-11-23T12:00:00+08:00"
    assert found["from"] == "2026-11-01"
    assert set(found) == {
        "id", "version", "name", "unit", "basis", "from", "to", "value", "numerator",
        "denominator", "excluded", "as_of", "generation", "series",
    }  # fmt: skip
    assert found["series"][0]["key"] == "2026-11"


def test_a_named_query_checks_its_parameters(busy):
    with pytest.raises(UnknownParameter, match=r"query=nothing is not allowed; use .*freshness"):
        busy.reader.query("nothing")
    with pytest.raises(UnknownParameter, match="colour=red is not allowed; use limit"):
        busy.reader.query("open_matters", {"limit": 3, "colour": "red"})
    with pytest.raises(
        UnknownParameter, match=r"limit=None is not allowed; use a value for \$limit"
    ):
        busy.reader.query("open_matters")


def test_open_matters_come_by_remaining_time_and_say_how_many_there_are(busy):
    rows = busy.reader.query("open_matters", {"limit": 2}).to_pylist()
    assert len(rows) == 2
    assert rows[0]["is_overdue"]
    assert rows[0]["total"] == 11


def test_a_question_that_takes_too_long_is_stopped(busy):
    asked = Reader(busy.var)
    with asked._reading(None) as snapshot, pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "_seconds", 0.2)  # for this question alone, not for the next
        with pytest.raises(QueryFailed, match=r"stopped after 0\.2 s"):
            asked.sql("SELECT count(*) FROM range(100000000000) AS t(i) WHERE i % 7 = 3")
    assert asked.metric("hotline_received", MONTH).value == 24
    asked.close()


def test_many_threads_read_while_generations_change(changing, order):
    wrong: list[object] = []
    stop = threading.Event()

    def read():
        while not stop.is_set():
            found = changing.ask("hotline_received", by="community")
            if sum(p.value for p in found.series) != found.value:
                wrong.append(found)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(2):
        changing.load("hotline_order", [order(100 + n)])
        changing.publish(NOW + timedelta(minutes=1 + n))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert changing.ask("hotline_received").value == 26
