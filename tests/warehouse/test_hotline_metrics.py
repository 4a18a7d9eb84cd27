"""What the hotline's figures count, on a few orders each."""

from datetime import date, datetime

import pytest

NOW = datetime(2026, 11, 23, 12, 0)
DAY = date(2026, 11, 23)


def value_of(town, metric, **words):
    found = town.ask(metric, **words)
    return found.value, found.numerator, found.denominator


def test_orders_received_count_whatever_became_of_them(town, order):
    town.load(
        "hotline_order",
        [
            order(1),
            order(2, close_kind="作废", closed_at="2026-11-03 09:00:00"),
            order(3, "2026-10-31 23:59:59"),
        ],
    )
    town.publish()
    assert value_of(town, "hotline_received") == (2, 2, 2)


def test_orders_closed_leave_out_the_withdrawn_and_say_why(town, order):
    town.load(
        "hotline_order",
        [
            order(1, closed_at="2026-11-05 09:00:00", close_kind="办结"),
            order(2, closed_at="2026-11-05 09:00:00", close_kind="退单", state="已退单"),
            order(3, closed_at="2026-11-05 09:00:00", merged_into="NJ000001"),
            order(4, closed_at="2026-11-05 09:00:00", close_kind="不予受理"),
            order(5, closed_at="2026-11-05 09:00:00", close_kind="作废"),
        ],
    )
    town.publish()
    found = town.ask("hotline_closed")
    assert (found.value, found.denominator) == (1, 1)
    assert found.excluded == {"不予受理": 1, "作废": 1, "并单": 1, "退单成功": 1}


def test_on_time_keeps_open_and_overdue_below_the_line(town, order):
    due = "2026-11-10 17:00:00"
    town.load(
        "hotline_order",
        [
            order(1, due_at=due, closed_at="2026-11-10 17:00:00"),
            order(2, due_at=due, closed_at="2026-11-10 17:00:01"),
            order(3, due_at=due),
            order(4, due_at=due, closed_at="2026-11-09 09:00:00", close_kind="作废"),
            order(5, due_at="2026-11-25 17:00:00", closed_at="2026-11-20 09:00:00"),
        ],
    )
    town.publish()
    found = town.ask("hotline_on_time_rate")
    assert (found.value, found.numerator, found.denominator) == (pytest.approx(1 / 3), 1, 3)
    assert found.excluded == {"作废": 1}


def test_what_is_due_counts_from_its_second_on_and_not_before(town, order):
    town.load(
        "hotline_order",
        [order(1, due_at="2026-11-23 12:00:00"), order(2, due_at="2026-11-23 12:00:01")],
    )
    town.publish(NOW)
    assert value_of(town, "hotline_on_time_rate") == (0.0, 0, 1)
    assert value_of(town, "hotline_on_time_rate", community="320117005001") == (0.0, 0, 1)
    assert value_of(town, "hotline_on_time_rate", community="320117005001", unit="城管中队") == (
        0.0,
        0,
        1,
    )


def test_published_pairs_come_out(town, order):
    closed = [
        order(n, due_at="2026-11-12 17:00:00", closed_at="2026-11-11 09:00:00") for n in range(737)
    ]
    late = [
        order(n, due_at="2026-11-12 17:00:00", closed_at="2026-11-13 09:00:00")
        for n in range(737, 911)
    ]
    still = [order(n, due_at="2026-11-12 17:00:00") for n in range(911, 972)]
    town.load("hotline_order", closed + late + still)
    town.publish()
    assert value_of(town, "hotline_on_time_rate") == (pytest.approx(737 / 972), 737, 972)
    assert value_of(town, "hotline_closed")[0] == 911
    assert town.ask("hotline_closed").value / town.ask("hotline_on_time_rate").denominator == (
        pytest.approx(911 / 972)
    )


def test_33928_of_36314_asked_were_satisfied(town):
    columns = "source, order_no, received_at, revisit_at, satisfaction, updated_at"
    town.sql(
        f"INSERT INTO core.hotline_order ({columns}) SELECT 'hotline_12345', 'N' || i,"
        " TIMESTAMP '2026-11-02 09:00:00', TIMESTAMP '2026-11-04 09:00:00',"
        " CASE WHEN i < 33928 THEN '满意' WHEN i < 36314 THEN '不满意' ELSE '未评价' END,"
        " TIMESTAMP '2026-11-04 09:00:00' FROM range(36400) AS t(i)"
    )
    town.sql(
        "INSERT INTO core.dirty_day VALUES ('hotline_order', DATE '2026-11-02'),"
        " ('hotline_order', DATE '2026-11-04')"
    )
    town.publish()
    found = town.ask("hotline_satisfaction_rate")
    assert (found.numerator, found.denominator) == (33928, 36314)
    assert found.value == pytest.approx(0.9343, abs=5e-5)
    assert found.excluded == {"未评价": 86}


def test_the_three_rates_ask_only_those_who_were_reached(town, order):
    seen = {"revisit_at": "2026-11-08 09:00:00"}
    town.load(
        "hotline_order",
        [
            order(1, **seen, contacted="1", resolved="1", satisfaction="满意"),
            order(2, **seen, contacted="0", resolved="0", satisfaction="非常不满意"),
            order(3, **seen, satisfaction="未接通"),
            order(4, **seen, contacted="1", resolved="0", satisfaction="不满意", excluded="1"),
            order(5, **seen, contacted="1", resolved="1", satisfaction="基本满意", req_type="咨询"),
            order(6, contacted="1", resolved="1", satisfaction="满意"),
        ],
    )
    town.publish()
    assert value_of(town, "hotline_response_rate")[1:] == (2, 3)
    assert town.ask("hotline_response_rate").excluded == {"剔除": 1, "未接通": 1}
    assert value_of(town, "hotline_resolution_rate")[1:] == (1, 2)
    assert town.ask("hotline_resolution_rate").excluded == {"剔除": 1, "咨询或表扬": 1, "未接通": 1}
    assert value_of(town, "hotline_satisfaction_rate")[1:] == (2, 4)


def test_handling_days_are_the_median_of_elapsed_days_not_rounded(town, order):
    town.load(
        "hotline_order",
        [
            order(1, "2026-11-02 00:00:01", closed_at="2026-11-03 12:00:01"),
            order(2, "2026-11-02 09:00:00", closed_at="2026-11-04 09:00:00"),
            order(3, "2026-11-02 09:00:00", closed_at="2026-11-22 09:00:00", close_kind="作废"),
        ],
    )
    town.publish()
    found = town.ask("hotline_handling_days")
    assert (found.value, found.numerator, found.denominator) == (1.75, None, 2)
    assert found.excluded == {"作废": 1}


def test_handling_workdays_skip_the_holiday_and_count_the_day_worked_instead(town, order):
    town.load("hotline_order", [order(1, "2026-09-30 09:00:00", closed_at="2026-10-10 09:00:00")])
    town.publish()
    found = town.ask("hotline_handling_workdays", date(2026, 10, 1), date(2026, 10, 31))
    from config.workdays import workdays_between

    assert found.value == workdays_between(date(2026, 9, 30), date(2026, 10, 10))
    assert found.value < 7


def test_open_and_overdue_change_by_the_clock_to_the_second(town, order):
    town.load(
        "hotline_order",
        [
            order(1, "2026-11-23 11:00:00", due_at="2026-11-23 11:59:59"),
            order(2, "2026-11-23 11:00:00", due_at="2026-11-23 12:00:00"),
            order(
                3,
                "2026-11-20 11:00:00",
                due_at="2026-11-22 17:00:00",
                closed_at="2026-11-23 11:59:00",
            ),
            order(
                4,
                "2026-11-20 11:00:00",
                due_at="2026-11-21 17:00:00",
                closed_at="2026-11-22 09:00:00",
            ),
        ],
    )
    town.publish(NOW)
    assert value_of(town, "hotline_open", last=DAY)[0] == 2
    assert value_of(town, "hotline_overdue", last=DAY)[0] == 1
    assert value_of(town, "hotline_open", last=date(2026, 11, 22))[0] == 1
    assert value_of(town, "hotline_overdue", last=date(2026, 11, 22))[0] == 1
    by_day = town.ask("hotline_overdue", date(2026, 11, 20), DAY, by="day").series
    assert [point.value for point in by_day] == [0, 1, 1, 1]


def test_the_stock_seen_by_hour_ends_at_the_stock_now(town, order):
    town.load(
        "hotline_order",
        [
            order(1, "2026-11-23 08:30:00", closed_at="2026-11-23 10:15:00"),
            order(2, "2026-11-22 08:30:00"),
        ],
    )
    town.publish(NOW)
    series = town.ask("hotline_open", DAY, DAY, by="hour").series
    assert [point.value for point in series[7:13]] == [1, 2, 2, 1, 1, 1]
    assert series[13].value is None


def test_a_withdrawn_order_without_closing_time_is_not_open(town, order):
    town.load("hotline_order", [order(1, state="已退单"), order(2)])
    town.publish()
    assert value_of(town, "hotline_open", last=DAY)[0] == 1


def test_a_repeat_is_the_same_caller_or_the_same_matter_within_30_days_before(town, order):
    apart = {"grid_code": None}
    town.load(
        "hotline_order",
        [
            order(1, "2026-10-05 09:00:00", caller_hash="a", **apart),
            order(2, "2026-11-04 09:00:00", caller_hash="a", **apart),
            order(3, "2026-11-04 09:00:01", caller_hash="b", **apart),
            order(4, "2026-11-05 09:00:00", grid_code="g1", class_code="010101"),
            order(5, "2026-11-06 09:00:00", grid_code="g1", class_code="010101"),
            order(6, "2026-11-06 09:00:00", grid_code="g1", class_code="010102"),
            order(7, "2026-12-05 09:00:01", caller_hash="a", **apart),
        ],
        at=datetime(2026, 12, 6),
    )
    town.publish(datetime(2026, 12, 6))
    assert value_of(town, "hotline_repeat_rate")[1:] == (2, 5)
    assert value_of(town, "hotline_repeat_rate", last=date(2026, 12, 31))[1:] == (2, 6)


def test_a_late_order_makes_a_later_one_a_repeat(town, order):
    town.load("hotline_order", [order(1, "2026-11-20 09:00:00", caller_hash="a", grid_code=None)])
    town.publish()
    assert value_of(town, "hotline_repeat_rate")[1:] == (0, 1)
    town.load("hotline_order", [order(2, "2026-11-01 09:00:00", caller_hash="a", grid_code=None)])
    town.publish()
    assert value_of(town, "hotline_repeat_rate")[1:] == (1, 2)
