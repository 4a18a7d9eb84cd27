"""One load is one transaction, and the same rows give the same core whatever the order."""

import json
from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest

from warehouse.batch import Batch, Reject
from warehouse.errors import BadDeclaration

NOW = datetime(2026, 11, 23, 12, 0)


def test_a_row_is_cast_and_kept_with_its_source(town, order):
    result = town.load("hotline_order", [order(1, rework_no="2", secret="1")])
    assert (result.rows_in, result.loaded, result.unchanged) == (1, 1, 0)
    assert town.sql("SELECT source, order_no, rework_no, secret FROM core.hotline_order") == [
        ("hotline_12345", "NJ000001", 2, True)
    ]


def test_an_arrow_table_loads_as_well_as_plain_rows(town, order):
    rows = pa.table({key: [value] for key, value in order(1).items()})
    assert town.load("hotline_order", rows).loaded == 1


def test_the_same_batch_again_changes_nothing(town, order):
    batch = town.batch("hotline_order", [order(1)])
    town.warehouse.load(batch)
    again = town.warehouse.load(batch)
    assert again.repeated
    assert (again.loaded, again.unchanged) == (0, 1)
    assert town.sql("SELECT count(*) FROM core.batch") == [(1,)]


def test_a_newer_row_takes_the_place_and_the_old_one_is_history(town, order):
    town.load("hotline_order", [order(1, state="办理中")])
    town.load("hotline_order", [order(1, state="已办结", updated_at="2026-11-21 08:00:00")])
    assert town.sql("SELECT state FROM core.hotline_order") == [("已办结",)]
    assert town.sql("SELECT state FROM core.hotline_order_version") == [("办理中",)]


def test_an_older_row_that_comes_late_is_history_at_once(town, order):
    town.load("hotline_order", [order(1, state="已办结", updated_at="2026-11-21 08:00:00")])
    late = town.load("hotline_order", [order(1, state="办理中")])
    assert (late.loaded, late.unchanged) == (0, 1)
    assert town.sql("SELECT state FROM core.hotline_order") == [("已办结",)]
    assert town.sql("SELECT state FROM core.hotline_order_version") == [("办理中",)]


def test_two_rows_of_one_key_in_one_delivery_are_one_row(town, order):
    result = town.load("hotline_order", [order(1), order(1), order(1, state="待签收")])
    assert result.loaded == 1
    assert result.unchanged == 2
    assert town.sql("SELECT count(*) FROM core.hotline_order") == [(1,)]
    assert town.sql("SELECT count(*) FROM core.hotline_order_version") == [(1,)]


def test_rows_of_two_sources_never_meet(town, order):
    town.load("hotline_order", [order(1)])
    town.load("hotline_order", [order(1, state="别处")], source="baltimore")
    assert town.sql("SELECT source, state FROM core.hotline_order ORDER BY source") == [
        ("baltimore", "别处"),
        ("hotline_12345", "办理中"),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"order_no": None}, "缺主键：工单编号"),
        ({"order_no": "  "}, "缺主键：工单编号"),
        ({"due_at": "下周"}, "读不懂：应办结时间"),
        ({"due_at": "2026-11-23T08:00:00Z"}, "读不懂：应办结时间"),
        ({"rework_no": "2.5"}, "读不懂：重办次数"),
        ({"secret": "也许"}, "读不懂：保密件"),
        ({"received_at": None}, "缺受理时间"),
        ({"received_at": "2026-12-24 08:00:00"}, "受理时间在未来"),
        ({"closed_at": "2026-11-01 08:00:00"}, "办结早于受理"),
    ],
)
def test_a_row_that_cannot_be_right_goes_to_quarantine_with_its_reason(town, order, change, reason):
    result = town.load("hotline_order", [order(1, **change), order(2)])
    assert result.quarantined == {reason: 1}
    assert result.rows_in == result.loaded + result.unchanged + 1
    assert town.sql("SELECT reason, n FROM core.batch_reject") == [(reason, 1)]


def test_a_quarantined_row_is_kept_whole_in_a_private_file(town, order):
    batch = town.batch(
        "hotline_order", [order(7, due_at="下周")], rejects=(Reject(3, "坏行", "{"),)
    )
    town.warehouse.load(batch)
    file = town.var / "quarantine" / "hotline_12345" / f"{batch.batch_id}.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(line["row"], line["reason"]) for line in lines] == [
        (3, "坏行"),
        (0, "读不懂：应办结时间"),
    ]
    assert lines[1]["payload"]["due_at"] == "下周"


def test_a_delivery_that_changed_its_shape_is_quarantined_as_a_whole(town, order):
    rows = [order(n) for n in range(94)] + [order(n, due_at="?") for n in range(94, 100)]
    batch = town.batch("hotline_order", rows, cursor="c1")
    result = town.warehouse.load(batch)
    assert result.drifted
    assert result.loaded == 0
    assert result.quarantined == {"整批漂移": 100}
    assert town.warehouse.cursor("hotline_12345", "hotline_12345") is None
    assert batch.batch_id not in town.warehouse.batches()


def test_a_drifted_delivery_loads_once_the_reading_is_mended(town, order):
    rows = [order(n, due_at="?") for n in range(100)]
    batch = town.batch("hotline_order", rows)
    town.warehouse.load(batch)
    mended = [order(n) for n in range(100)]
    result = town.warehouse.load(
        Batch(**{**batch.__dict__, "rows": {"hotline_order": mended}, "cursor": "c1"})
    )
    assert result.loaded == 100
    assert town.sql("SELECT count(*) FROM core.batch_reject") == [(0,)]
    assert town.warehouse.cursor("hotline_12345", "hotline_12345") == "c1"


def test_rows_that_contradict_themselves_go_alone_however_many(town, order):
    rows = [order(n, closed_at="2020-01-01 00:00:00") for n in range(60)]
    rows += [order(n) for n in range(60, 120)]
    result = town.load("hotline_order", rows)
    assert not result.drifted
    assert result.loaded == 60
    assert result.quarantined == {"办结早于受理": 60}


def test_a_field_nobody_declared_is_kept_as_extra(town, order):
    town.load("hotline_order", [order(1, new_field="新")])
    extra = town.sql("SELECT extra FROM core.hotline_order")[0][0]
    assert json.loads(extra) == {"new_field": "新"}


def test_a_change_makes_the_days_of_the_old_row_and_of_the_new_one_dirty(town, order):
    town.load("hotline_order", [order(1, due_at="2026-11-09 17:00:00")])
    town.sql("DELETE FROM core.dirty_day")
    changed = order(1, due_at="2026-11-16 17:00:00", updated_at="2026-11-21 08:00:00")
    result = town.load("hotline_order", [changed])
    assert result.days == {date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)}
    assert {row[0] for row in town.sql("SELECT on_day FROM core.dirty_day")} == result.days


def test_level_and_rain_of_one_minute_complete_each_other(town):
    key = {"station": "3201170001", "observed_at": "2026-11-23T08:00:00"}
    town.load("gauge_reading", [{**key, "level_m": "9.85"}])
    town.load("gauge_reading", [{**key, "rain_mm": "2.5"}], at=NOW + timedelta(minutes=1))
    assert town.sql("SELECT level_m, rain_mm FROM core.gauge_reading") == [(9.85, 2.5)]


def test_the_newest_delivery_of_a_value_wins_in_either_order(new_town):
    key = {"station": "3201170001", "observed_at": "2026-11-23T08:00:00"}
    deliveries = [
        ([{**key, "level_m": "9.85"}], NOW),
        ([{**key, "level_m": "9.80", "rain_mm": "1.0"}], NOW + timedelta(minutes=2)),
        ([{**key, "rain_mm": "3.0"}], NOW + timedelta(minutes=1)),
    ]
    for order_of_arrival in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        one = new_town()
        for n in order_of_arrival:
            rows, at = deliveries[n]
            one.load("gauge_reading", rows, at=at)
        assert one.sql("SELECT level_m, rain_mm FROM core.gauge_reading") == [(9.8, 1.0)]


def test_a_fact_nobody_declared_is_named(town):
    batch = Batch("x", "gauge", "gauge", "x", NOW, None, {"tide": [{"a": "1"}]})
    with pytest.raises(BadDeclaration, match="tide is not a declared fact"):
        town.warehouse.load(batch)


def test_the_cursor_moves_with_the_rows_or_not_at_all(town, order):
    batch = town.batch("hotline_order", [order(1)], cursor="2026-11-23T08:00:00")
    broken = Batch(**{**batch.__dict__, "rows": {**batch.rows, "hotline_event": 3}})
    with pytest.raises(TypeError):
        town.warehouse.load(broken)
    assert town.warehouse.cursor("hotline_12345", "hotline_12345") is None
    assert town.sql("SELECT count(*) FROM core.hotline_order") == [(0,)]
    town.warehouse.load(batch)
    assert town.warehouse.cursor("hotline_12345", "hotline_12345") == "2026-11-23T08:00:00"
