"""The figures of a week from a real, small warehouse."""

import hashlib
import itertools
import types
from datetime import date, datetime, timedelta

import pytest

from config import clock, periods
from config.platforms import Platform
from config.site import load_site
from config.thresholds import load_thresholds
from dashboard.reports.collect import collect
from dashboard.reports.content import to_json
from dashboard.reports.errors import NotReady, UnknownReport
from dashboard.reports.figures import Pair
from dashboard.reports.weekly import compose
from etl.platforms import gauge, hotline_12345, mediation, weather
from layouts.report import load_report
from warehouse.batch import Batch
from warehouse.dimension import dimensions
from warehouse.read import Reader
from warehouse.write import Warehouse

NOW = datetime(2026, 11, 23, 12, 0)
TABLES = {**hotline_12345.TABLES, **mediation.TABLES, **gauge.TABLES, **weather.TABLES}
CLASSES = ("040102", "040102", "050101")
SHE_SHAN = "3201170001"


def platform(key):
    return Platform(
        key=key, name=key, short=key, owner="", phone="", transport="rest",
        every=timedelta(minutes=5), stale_after=timedelta(minutes=20), demo=False, enabled=True,
    )  # fmt: skip


PLATFORMS = {key: platform(key) for key in ("hotline_12345", "mediation", "gauge", "weather")}


def order(number, received, **words):
    return {
        "order_no": f"NJ{number:06}",
        "class_code": CLASSES[number % 3],
        "class_name": "噪声扰民",
        "community_code": "320117005001",
        "grid_code": "320117005001001",
        "unit_main": "城管中队",
        "title": "某某路 12 号 <b>王小二</b> 扰民",
        "received_at": received,
        "state": "办理中",
        "updated_at": "2026-11-23 08:00:00",
        **words,
    }


def dispute(number, accepted, **words):
    return {
        "case_no": f"TJ{number:06}",
        "line": "centre",
        "type_code": "02",
        "accepted_at": accepted,
        "unit": "司法所",
        "community_code": "320117005002",
        "state": "调解中",
        "updated_at": "2026-11-23 08:00:00",
        **words,
    }


ORDERS = [
    order(1, "2026-11-16 09:00:00", due_at="2026-11-18 17:30:00", closed_at="2026-11-17 10:00:00"),
    order(2, "2026-11-17 09:00:00", due_at="2026-11-19 17:30:00"),
    order(3, "2026-11-18 09:00:00", due_at="2026-11-25 17:30:00"),
    order(4, "2026-11-19 09:00:00", due_at="2026-11-20 17:30:00", secret="1"),
    order(5, "2026-11-10 09:00:00", due_at="2026-11-12 17:30:00", closed_at="2026-11-12 10:00:00"),
    order(6, "2025-11-18 09:00:00", due_at="2025-11-20 17:30:00", closed_at="2025-11-19 10:00:00"),
]
CASES = [
    dispute(1, "2026-03-02 09:00:00", closed_at="2026-04-02 09:00:00", result="调解成功"),
    dispute(2, "2026-11-17 09:00:00", link_kind="警调", due_at="2026-12-17 17:30:00"),
    # closed after the week: at the week's end it was still open
    dispute(3, "2026-11-02 09:00:00", closed_at="2026-11-23 09:00:00", result="调解成功"),
    dispute(4, "2026-09-02 09:00:00", due_at="2026-10-02 17:30:00"),
    dispute(5, "2026-11-18 09:00:00", line="unit", type_code="13", due_at="2026-11-24 17:30:00"),
]
LEVELS = [
    ("2026-11-16 08:00:00", "9.50"),
    ("2026-11-18 14:00:00", "9.95"),
    ("2026-11-22 23:55:00", "9.62"),
    ("2026-11-23 08:00:00", "9.99"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    var = tmp_path_factory.mktemp("var")
    site, thresholds = load_site(), load_thresholds()
    numbers = itertools.count(1)
    warehouse = Warehouse(
        var,
        TABLES,
        platforms=lambda: PLATFORMS,
        dimensions=lambda: dimensions(site, thresholds, PLATFORMS),
    )

    def load(key, table, rows):
        name = hashlib.sha256(str(next(numbers)).encode()).hexdigest()
        warehouse.load(Batch(name, key, key, f"{key}/x", NOW, None, {table: rows}, ()))

    with clock.frozen(NOW):
        load("hotline_12345", "hotline_order", ORDERS)
        load("mediation", "mediation_case", CASES)
        load(
            "gauge",
            "gauge_reading",
            [
                {"station": SHE_SHAN, "observed_at": at, "level_m": z, "rain_mm": "1.5"}
                for at, z in LEVELS
            ],
        )
        load(
            "weather",
            "weather_warning",
            [
                {
                    "warning_no": "W1", "kind": "大雾", "level": "黄", "state": "解除",
                    "issued_at": "2026-11-19 05:00:00", "ends_at": "2026-11-19 10:00:00",
                    "summary": "略", "updated_at": "2026-11-19 10:00:00",
                }
            ],
        )  # fmt: skip
        for key in PLATFORMS:
            warehouse.mark_success(key, key, NOW)
        result = warehouse.build()
        assert result.ok, result.failures
        warehouse.publish()
    reader = Reader(var)
    yield types.SimpleNamespace(
        reader=reader, site=site, thresholds=thresholds, platforms=PLATFORMS, store=None
    )
    reader.close()
    warehouse.close()


@pytest.fixture(scope="module")
def figures(data):
    return collect(data, periods.parse("2026-W47", NOW.date()))


def test_counts_compare_with_the_week_before_and_the_year_before(figures):
    received = figures.hotline.received
    assert (received.now, received.before, received.year) == (4, 1, 1)


def test_the_rate_counts_what_fell_due_and_keeps_the_open_ones(figures):
    assert figures.hotline.on_time.now == Pair(1, 3)


def test_stock_and_flow_balance(figures):
    flow = figures.hotline.flow
    assert flow.balances
    assert (flow.opening, flow.added, flow.closed, flow.open) == (0, 4, 1, 3)


def test_a_confidential_order_is_counted_and_not_listed(figures):
    assert figures.hotline.overdue.now == 2
    assert [matter.no for matter in figures.hotline.overdue_list] == ["NJ000002"]


def test_what_is_due_next_week_is_counted_by_day(figures):
    assert figures.hotline.due_next == ((date(2026, 11, 25), 1),)


def test_eight_weeks_end_with_the_reported_one(figures):
    weeks = figures.hotline.weeks
    assert [week.label for week in weeks] == [f"{n}周" for n in range(40, 48)]
    assert [week.value for week in weeks][-2:] == [1, 4]
    assert weeks[0].holidays == ("国庆节",)


def test_every_community_has_its_line(figures):
    places = {place.name: place for place in figures.hotline.places}
    assert len(places) == 12
    first = load_site().communities[0].name
    assert (places[first].received.now, places[first].overdue) == (4, 2)


def test_the_completion_rate_is_that_of_the_week_s_end(figures):
    centre, unit = figures.mediation.lines
    assert centre.year_rate.now == Pair(1, 4)
    assert unit.year_rate.now == Pair(0, 1)
    assert [month.accepted for month in centre.months][8:] == [1, 0, 2]


def test_both_lines_know_their_stock_their_links_and_what_is_late(figures):
    centre, unit = figures.mediation.lines
    assert (centre.flow.opening, centre.flow.added, centre.flow.open) == (2, 1, 3)
    assert figures.mediation.links == (("警调", 1),)
    assert [matter.no for matter in figures.mediation.overdue_list] == ["TJ000004"]
    assert unit.due_next == ((date(2026, 11, 24), 1),)
    assert [(part.name, part.count.now) for part in unit.types] == [("物业", 1)]


def test_a_gauge_is_read_within_the_week_only(figures):
    station = figures.flood.gauges[0]
    assert (station.highest, station.highest_at) == (9.95, datetime(2026, 11, 18, 14))
    assert (station.lowest, station.start, station.last) == (9.50, 9.50, 9.62)
    assert station.rain == pytest.approx(4.5)
    assert figures.flood.gauges[1].highest is None


def test_a_warning_that_ended_is_past(figures):
    (warning,) = figures.flood.warnings
    assert (warning.kind, warning.level, warning.in_force) == ("大雾", "黄", False)


def test_the_notes_cover_what_was_asked(figures):
    ids = [basis.metric for basis in figures.bases]
    assert {"hotline_received", "mediation_completion_rate", "platform_fresh"} <= set(ids)
    assert all(basis.as_of is not None for basis in figures.bases)


def test_the_same_generation_gives_the_same_report(data, figures):
    again = collect(data, periods.parse("2026-W47", NOW.date()))
    layout = load_report("weekly")
    assert again == figures
    assert to_json(compose(again, layout)) == to_json(compose(figures, layout))


def test_no_word_of_a_citizen_enters_the_report(figures):
    text = to_json(compose(figures, load_report("weekly")))
    assert "王小二" not in text
    assert "某某路" not in text
    assert "NJ000004" not in text


def test_a_running_week_ends_with_its_data(data):
    figures = collect(data, periods.parse("2026-W48", NOW.date()))
    assert not figures.finished
    assert figures.until == NOW
    assert figures.before.last - figures.before.first == timedelta(0)
    assert compose(figures, load_report("weekly")).draft


def test_a_week_that_has_not_begun_is_refused(data):
    with pytest.raises(UnknownReport, match="2026-W50"):
        collect(data, periods.parse("2026-W50", NOW.date()))


def test_a_month_is_no_week(data):
    with pytest.raises(UnknownReport, match=r"2026-11.*is not a week"):
        collect(data, periods.parse("2026-11", NOW.date()))


def test_without_data_there_is_nothing_to_report(tmp_path):
    empty = types.SimpleNamespace(reader=Reader(tmp_path))
    with pytest.raises(NotReady, match="no data has been published"):
        collect(empty, periods.parse("2026-W47", NOW.date()))
