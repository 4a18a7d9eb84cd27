"""Whatever order deliveries come in, and however often, core holds the same rows."""

import random
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NOW = datetime(2026, 11, 23, 12, 0)
ORDERS = st.tuples(
    st.integers(1, 3),  # which order
    st.integers(0, 2),  # how new
    st.sampled_from(["办理中", "已办结"]),
)
READINGS = st.tuples(
    st.integers(0, 1),  # which minute
    st.integers(0, 3),  # when delivered
    st.one_of(st.none(), st.integers(0, 3)),  # level
    st.one_of(st.none(), st.integers(0, 3)),  # rain
)
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _empty(town) -> None:
    for table in ("hotline_order", "gauge_reading"):
        for tail in ("", "_version"):
            town.sql(f"DELETE FROM core.{table}{tail}")
    for table in ("batch", "batch_reject", "dirty_day", "feed_cursor"):
        town.sql(f"DELETE FROM core.{table}")


def _rows(town, table: str, *, history: bool) -> list:
    columns = {
        "hotline_order": "order_no, state, updated_at",
        "gauge_reading": "station, observed_at, level_m, rain_mm",
    }[table]
    found = town.sql(f"SELECT {columns}, _version FROM core.{table} ORDER BY ALL")
    if history:
        found += town.sql(f"SELECT {columns}, _version FROM core.{table}_version ORDER BY ALL")
    return found


@given(deliveries=st.lists(st.lists(ORDERS, min_size=1, max_size=3), min_size=1, max_size=3))
@FEW
def test_orders_and_their_history_do_not_know_the_order_of_arrival(town, order, deliveries):
    batches = [
        [
            order(no, state=state, updated_at=f"2026-11-20 08:0{newer}:00")
            for no, newer, state in delivery
        ]
        for delivery in deliveries
    ]
    seen = []
    for arrival in (batches, batches[::-1], random.Random(1).sample(batches * 2, len(batches) * 2)):
        _empty(town)
        for rows in arrival:
            town.load("hotline_order", rows)
        seen.append(_rows(town, "hotline_order", history=True))
    assert seen[0] == seen[1] == seen[2]


@given(deliveries=st.lists(READINGS, min_size=1, max_size=4))
@FEW
def test_readings_that_complete_each_other_do_not_know_the_order_of_arrival(town, deliveries):
    def load(some) -> list:
        _empty(town)
        for minute, late, level, rain in some:
            row = {
                "station": "3201170001",
                "observed_at": f"2026-11-23T08:0{minute}:00",
                "level_m": None if level is None else str(level),
                "rain_mm": None if rain is None else str(rain),
            }
            town.load("gauge_reading", [row], at=NOW + timedelta(minutes=late))
        return _rows(town, "gauge_reading", history=False)

    shuffled = random.Random(2).sample(deliveries * 2, len(deliveries) * 2)
    assert load(deliveries) == load(deliveries[::-1]) == load(shuffled)
