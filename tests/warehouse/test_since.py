"""What became of a figure since a link was sent, from the history of its rows."""

from datetime import date, datetime

import pytest

from warehouse.errors import WarehouseError
from warehouse.metric import load_metrics
from warehouse.read import MetricQuery, Scope

NOVEMBER = MetricQuery(date(2026, 11, 1), date(2026, 11, 30))
SENT = datetime(2026, 11, 23, 12, 30)
LATER = datetime(2026, 11, 23, 15, 0)


@pytest.fixture(scope="module")
def town_since(shared_town, order):
    """Four orders, then the link is sent, then one is closed, one withdrawn, two arrive."""
    town = shared_town
    kept = {"unit_main": "城管中队"}
    before = [
        order(n, f"2026-11-{10 + n} 08:00:00", updated_at="2026-11-20 08:00:00", **kept)
        for n in (1, 2, 3, 4)
    ]
    town.load("hotline_order", before)
    town.publish()
    changed = "2026-11-23 13:00:00"
    late = {"updated_at": changed, **kept}
    after = [
        order(
            1, "2026-11-11 08:00:00", closed_at="2026-11-23 12:50:00", updated_at=changed, **kept
        ),
        order(2, "2026-11-12 08:00:00", merged_into="NJ000001", **late),
        order(5, "2026-11-23 12:45:00", updated_at=changed, unit_main="派出所"),
        order(6, "2026-11-13 08:00:00", updated_at=changed, unit_main="派出所"),
    ]
    town.load("hotline_order", after, at=LATER)
    town.publish(LATER)
    return town


def told(found):
    return {row.key: row.kind for row in found.rows}


def test_a_row_that_came_and_one_that_came_late_are_told_apart(town_since):
    found = town_since.reader.since("hotline_received", NOVEMBER, SENT)
    assert told(found) == {"NJ000005": "entered", "NJ000006": "late"}
    assert town_since.ask("hotline_received").value - found.num == 4


def test_rows_that_left_a_stock_are_listed(town_since):
    found = town_since.reader.since("hotline_open", NOVEMBER, SENT)
    assert told(found)["NJ000001"] == "left"
    now = town_since.ask("hotline_open")
    assert now.value - found.num == 4


def test_a_row_that_changed_its_side_of_a_rate_is_listed(town, order):
    due = {"due_at": "2026-11-20 18:00:00"}
    early, late = {"updated_at": "2026-11-20 08:00:00"}, {"updated_at": "2026-11-23 13:00:00"}
    town.load("hotline_order", [order(n, **early, **due) for n in (1, 2, 3)])
    town.publish()
    closed = order(1, closed_at="2026-11-19 10:00:00", **late, **due)
    merged = order(2, merged_into="NJ000001", **late, **due)
    town.load("hotline_order", [closed, merged], at=LATER)
    town.publish(LATER)
    found = town.reader.since("hotline_on_time_rate", NOVEMBER, SENT)
    assert told(found) == {"NJ000001": "side", "NJ000002": "excluded"}
    assert (found.num, found.den) == (1, -1)
    assert {row.key: row.reason for row in found.rows}["NJ000002"] == "并单"


def test_nothing_moved_since_the_last_delivery(town_since):
    found = town_since.reader.since("hotline_received", NOVEMBER, datetime(2026, 11, 23, 15, 30))
    assert found.rows == () and found.counts == {}


def test_a_narrow_reader_is_told_of_the_own_rows_alone(town_since):
    narrow = town_since.reader.within(Scope(("派出所",), ()))
    found = narrow.since("hotline_open", NOVEMBER, SENT)
    assert told(found) == {"NJ000005": "entered", "NJ000006": "late"}


@pytest.mark.parametrize("metric", sorted(load_metrics()))
def test_every_metric_of_cases_can_be_put_back_or_says_that_it_cannot(shared_street, metric):
    if shared_street.reader.current() is None:
        shared_street.publish()
    try:
        found = shared_street.reader.since(metric, NOVEMBER, SENT)
    except WarehouseError as error:
        assert "kept without the days" in str(error) or "figures only" in str(error), error
    else:
        assert found.rows == ()
