"""What the further figures of each subject count, on rows made by hand."""

from datetime import date, datetime

import pytest

NOW = datetime(2026, 11, 23, 12, 0)
UPDATED = "2026-11-22 08:00:00"
HERE = "320117005001"
Row = dict[str, str | None]


def rows(key: str, base: Row, *changes: Row) -> list[Row]:
    """One row for each change of the base, numbered."""
    return [
        {"updated_at": UPDATED, key: f"N{n}", **base, **change} for n, change in enumerate(changes)
    ]


def show(street, metric, **words):
    """Numerator, denominator and what was left out, of November 2026."""
    answer = street.ask(metric, date(2026, 11, 1), date(2026, 11, 30), **words)
    return (answer.numerator, answer.denominator, answer.excluded)


def test_grid_figures(street):
    base = {
        "reported_at": "2026-11-02 08:00:00", "due_at": "2026-11-05 17:30:00", "state": "待处理",
        "community_code": HERE,
    }  # fmt: skip
    done = {"state": "已结案", "closed_at": "2026-11-02 10:00:00", "valid": "true"}
    street.load(
        "grid_event",
        rows(
            "event_no",
            base,
            {**done, "self_handled": "true"},
            {**done, "self_handled": "false", "handled_at": "2026-11-02 09:00:00"},
            {**done, "closed_at": "2026-11-06 08:00:00", "handled_at": "2026-11-05 09:00:00"},
            {"valid": "false", "state": "作废"},
            {},
        ),
    )
    street.load(
        "grid_duty",
        rows(
            "staff_no",
            {"on_day": "2026-11-02", "expected": "true", "track_km": "2.5", "visits": "3"},
            {"online_minutes": "60"},
            {"online_minutes": "59", "track_km": "0", "visits": "0"},
            {"online_minutes": "0", "expected": "false"},
        ),
    )
    street.publish(NOW)
    assert show(street, "grid_closed") == (3, 3, {})
    assert show(street, "grid_open") == (1, 1, {})
    assert show(street, "grid_overdue") == (1, 1, {})
    assert show(street, "grid_on_time_rate") == (3, 4, {"作废": 1})
    assert show(street, "grid_valid_rate") == (3, 4, {"尚未判定": 1})
    assert show(street, "grid_self_handled_rate") == (1, 3, {})
    hours = street.ask("grid_handling_hours")
    assert (hours.value, hours.denominator, hours.excluded) == (49.0, 2, {"网格自处置": 1})
    assert show(street, "grid_on_duty_rate") == (1, 2, {})
    assert show(street, "grid_patrol_rate") == (1, 2, {})
    assert street.ask("grid_visits").value == 6


def test_urban_figures(street):
    base = {
        "reported_at": "2026-11-02 08:00:00", "filed_at": "2026-11-02 08:20:00",
        "due_at": "2026-11-03 12:00:00", "state": "处置中", "class_code": "20102",
    }  # fmt: skip
    done = {"state": "已结案", "closed_at": "2026-11-03 11:00:00", "rework_num": "0"}
    street.load(
        "urban_case",
        rows(
            "case_no",
            base,
            {**done, "handled_at": "2026-11-03 10:00:00"},
            {**done, "handled_at": "2026-11-03 10:30:00", "rework_num": "1"},
            {"state": "不予立案", "filed_at": None, "due_at": None},
            {"state": "挂账"},
            {},
        ),
    )
    street.publish(NOW)
    assert show(street, "urban_reported") == (5, 5, {})
    assert show(street, "urban_filed_rate") == (4, 5, {})
    assert show(street, "urban_closed") == (2, 2, {})
    assert show(street, "urban_open") == (2, 2, {})
    assert show(street, "urban_overdue") == (1, 1, {})
    assert show(street, "urban_on_time_handling_rate") == (2, 4, {})
    assert show(street, "urban_rework_rate") == (1, 2, {})
    assert street.ask("urban_handling_hours").value == 27.0


def test_the_filing_rate_gives_the_published_figure_of_fuzhou(street):
    """33,928 filed of 36,314 reported."""
    base = {"reported_at": "2026-11-02 08:00:00", "state": "处置中"}
    filed = {"filed_at": "2026-11-02 09:00:00"}
    street.load("urban_case", rows("case_no", base, *[filed] * 33_928, *[{}] * (36_314 - 33_928)))
    street.publish(NOW)
    assert round(street.ask("urban_filed_rate").value * 100, 2) == 93.43


def test_whistle_figures(street):
    base = {"kind": "工作推进哨", "drafted_at": "2026-11-02 08:00:00", "state": "处置中"}
    blown = {"blown_at": "2026-11-02 09:00:00"}
    street.load(
        "whistle",
        rows(
            "whistle_no",
            {**base, **blown},
            {"closed_at": "2026-11-12 09:00:00", "close_kind": "销哨"},
            {"closed_at": "2026-11-02 10:00:00", "close_kind": "退哨"},
            {},
        ),
    )
    limits = {"sign_due_at": "2026-11-02 10:00:00", "contact_due_at": "2026-11-03 09:00:00"}
    street.load(
        "whistle_department",
        rows(
            "department",
            {"whistle_no": "N0", **blown, **limits},
            {"signed_at": "2026-11-02 09:30:00", "contacted_at": "2026-11-03 09:00:00"},
            {"signed_at": "2026-11-02 10:00:01"},
        ),
    )
    street.publish(NOW)
    assert show(street, "whistle_open") == (1, 1, {})
    assert show(street, "whistle_returned_rate") == (1, 3, {})
    days = street.ask("whistle_days")
    assert (days.value, days.denominator, days.excluded) == (10.0, 1, {"退哨": 1})
    assert show(street, "whistle_sign_on_time_rate") == (1, 2, {})
    assert show(street, "whistle_contact_on_time_rate") == (1, 2, {})


def test_land_figures(street):
    base = {
        "found_at": "2026-11-02 08:00:00", "check_due_at": "2026-11-05 08:00:00",
        "checked_at": "2026-11-04 08:00:00", "change_type": "加层",
    }  # fmt: skip
    down = {
        "demolished_at": "2026-11-10 09:00:00", "demolished_m2": "40.5",
        "rechecked_at": "2026-11-20 09:00:00",
    }  # fmt: skip
    street.load(
        "land_clue",
        rows(
            "clue_no",
            base,
            {"verdict": "未批先建", "is_new": "true", **down},
            {"verdict": "历史存量", **down, "demolished_m2": "9.5", "rebuilt": "true"},
            {"verdict": "已批", "cleared_at": "2026-11-06 09:00:00"},
            {"verdict": None, "checked_at": None},
        ),
    )  # fmt: skip
    street.publish(NOW)
    lines = {p.key: p.value for p in street.ask("land_unlawful").series}
    assert lines == {"new": 1, "old": 1}
    assert show(street, "land_open") == (3, 3, {})
    assert show(street, "land_check_on_time_rate") == (3, 4, {})
    assert show(street, "land_demolished_rate") == (2, 2, {"不属实": 1, "尚未认定": 1})
    assert street.ask("land_demolished_area").value == 50.0
    assert show(street, "land_rebuilt_rate") == (1, 2, {})


def test_enforcement_figures_say_nothing_of_money_or_squads(street):
    base = {"filed_at": "2026-11-02 08:00:00", "procedure": "普通程序", "state": "调查取证"}
    decided = {"decided_at": "2026-11-12 08:00:00"}
    street.load(
        "enforcement_case",
        rows(
            "case_no",
            {**base, "fine_yuan": "900", "squad": "二中队"},
            {**decided, "closed_at": "2026-11-20 08:00:00", "recorded": "true",
             "published_at": "2026-11-13 08:00:00"},
            {**decided, "procedure": "简易程序", "closed_at": "2026-11-13 08:00:00"},
            {"state": "撤案", "closed_at": "2026-11-05 08:00:00"},
            {},
        ),
    )  # fmt: skip
    street.publish(NOW)
    assert show(street, "enforcement_closed") == (2, 2, {"撤案": 1})
    assert show(street, "enforcement_open") == (1, 1, {})
    assert show(street, "enforcement_simple_rate") == (1, 4, {})
    assert show(street, "enforcement_recorded_rate") == (1, 2, {"撤案": 1})
    assert show(street, "enforcement_published_rate") == (1, 2, {})
    days = street.ask("enforcement_days", by="unit")
    assert (days.value, days.excluded) == (10.0, {"简易程序": 1})
    assert [p.label for p in days.series] == ["城管中队"]


def test_linkage_and_police_figures(street):
    order = {
        "created_at": "2026-11-02 08:00:00", "sign_due_at": "2026-11-02 10:00:00",
        "due_at": "2026-11-06 17:30:00", "state": "办理中", "main_unit": "应急办",
    }  # fmt: skip
    street.load(
        "linkage_order",
        rows(
            "dispatch_no",
            order,
            {"signed_at": "2026-11-02 09:00:00", "closed_at": "2026-11-06 17:00:00"},
            {"state": "作废", "close_kind": "作废"},
            {},
        ),
    )
    call = {"alarm_at": "2026-11-02 08:00:00", "kind": "纠纷"}
    street.load(
        "police_call",
        rows(
            "alarm_no",
            call,
            {"is_dispute": "true", "settled_on_spot": "true"},
            {"is_dispute": "false", "settled_on_spot": "false", "due_at": "2026-11-05 08:00:00",
             "fed_back_at": "2026-11-06 08:00:00"},
            {},
        ),
    )  # fmt: skip
    street.publish(NOW)
    assert show(street, "linkage_received") == (3, 3, {})
    assert show(street, "linkage_open") == (1, 1, {})
    assert show(street, "linkage_overdue") == (1, 1, {})
    assert show(street, "linkage_on_time_rate") == (1, 2, {"作废": 1})
    assert show(street, "linkage_sign_on_time_rate") == (1, 2, {"作废": 1})
    assert show(street, "police_calls") == (3, 3, {})
    assert show(street, "police_disputes") == (1, 1, {})
    assert show(street, "police_settled_rate") == (1, 2, {"未填": 1})
    assert show(street, "police_feedback_on_time_rate") == (0, 1, {})


def test_petition_and_peoples_mediation_figures(street):
    petition = {
        "form": "来访", "registered_at": "2026-11-02 08:00:00", "level": "街道",
        "notify_due_at": "2026-11-17 08:00:00", "accepted_at": "2026-11-05 08:00:00",
        "due_at": "2026-11-20 08:00:00",
    }  # fmt: skip
    street.load(
        "petition_case",
        rows(
            "petition_no",
            petition,
            {"closed_at": "2026-11-19 08:00:00", "repeated": "true"},
            {"level": "区", "accepted_at": "2026-11-18 08:00:00"},
            {"level": None},
        ),
    )
    case = {"accepted_at": "2026-11-02 08:00:00", "type_code": "02"}
    settled = {"settled_at": "2026-11-10 08:00:00", "result": "调解成功"}
    street.load(
        "peoples_mediation_case",
        rows(
            "case_no",
            case,
            {**settled, "agreement_kind": "书面", "perform_due_on": "2026-11-20",
             "performed": "已履行", "confirm_applied_on": "2026-11-12",
             "confirm_result": "确认有效"},
            {**settled, "agreement_kind": "书面", "perform_due_on": "2026-11-21",
             "performed": "部分履行"},
            {**settled, "result": "调解不成功", "became_crime": "true"},
            {**settled, "result": "终止调解"},
        ),
    )  # fmt: skip
    street.publish(NOW)
    assert show(street, "petition_registered") == (3, 3, {})
    assert show(street, "petition_open") == (2, 2, {})
    assert show(street, "petition_on_time_rate") == (1, 3, {})
    assert show(street, "petition_notify_on_time_rate") == (2, 3, {})
    assert show(street, "petition_repeat_rate") == (1, 3, {})
    assert show(street, "peoples_mediation_accepted") == (4, 4, {})
    assert show(street, "peoples_mediation_success_rate") == (2, 3, {"终止调解": 1})
    assert show(street, "peoples_mediation_performed_rate") == (1, 2, {})
    assert show(street, "peoples_mediation_confirmed_rate") == (1, 2, {})
    assert show(street, "peoples_mediation_crime") == (1, 1, {})


def test_hazard_and_market_figures(street):
    hazard = {"found_at": "2026-11-02 08:00:00", "due_on": "2026-11-10", "grade": "一般"}
    street.load(
        "safety_hazard",
        rows(
            "hazard_no",
            hazard,
            {"fixed_at": "2026-11-10 20:00:00", "rechecked_at": "2026-11-11 09:00:00",
             "passed": "true"},
            {"fixed_at": "2026-11-11 08:00:00"},
            {"grade": "重大", "due_on": "2026-12-10"},
        ),
    )  # fmt: skip
    check = {"checked_at": "2026-11-02 08:00:00", "domain": "食品经营"}
    street.load(
        "market_check",
        rows(
            "check_no",
            check,
            {"result": "未发现问题"},
            {"result": "责令改正", "due_on": "2026-11-10", "rectified": "true"},
            {"result": "责令改正", "due_on": "2026-11-12"},
            {"result": "已停业"},
        ),
    )
    street.publish(NOW)
    assert show(street, "hazard_found") == (3, 3, {})
    assert show(street, "hazard_open") == (2, 2, {})
    assert show(street, "hazard_overdue") == (1, 1, {})
    assert show(street, "hazard_on_time_rate") == (1, 2, {})
    assert show(street, "hazard_major_open") == (1, 1, {})
    assert show(street, "market_checks") == (4, 4, {})
    assert show(street, "market_problem_rate") == (2, 3, {"已停业": 1})
    assert show(street, "market_rectified_rate") == (1, 2, {})


def test_service_and_civil_figures(street):
    service = {"accepted_at": "2026-11-02 08:00:00", "due_at": "2026-11-05 17:30:00"}
    street.load(
        "service_case",
        rows(
            "case_no",
            {**service, "version_no": "1"},
            {"closed_at": "2026-11-05 17:30:00", "rating": "3", "rated_at": "2026-11-06 08:00:00",
             "wait_minutes": "4"},
            {"rating": "2", "rated_at": "2026-11-06 08:00:00", "wait_minutes": "10"},
            {},
        ),
    )  # fmt: skip
    civil = {"kind": "高龄津贴", "applied_on": "2026-11-02", "due_on": "2026-11-20"}
    granted = {"decided_on": "2026-11-20", "result": "同意", "effective_from": "2026-11-01"}
    street.load(
        "civil_service",
        rows(
            "service_no",
            civil,
            *[granted] * 5,  # fewer than five people would not be told
            {**granted, "stopped_on": "2026-11-15"},
            {**granted, "kind": "临时救助"},
            {"result": "撤回", "decided_on": "2026-11-03"},
            {},
        ),
    )
    street.publish(NOW)
    assert show(street, "service_accepted") == (3, 3, {})
    assert show(street, "service_on_time_rate") == (1, 3, {})
    assert show(street, "service_good_rate") == (1, 2, {})
    assert street.ask("service_wait_minutes").value == 7.0
    assert show(street, "civil_applied") == (9, 9, {})
    assert show(street, "civil_on_time_rate") == (7, 8, {"撤回": 1})
    assert show(street, "civil_recipients") == (5, 5, {})


def test_fires_devices_air_and_pumps(street):
    fire = {"alarmed_at": "2026-11-02 08:00:00", "kind": "烟雾"}
    street.load(
        "straw_fire_alarm",
        rows(
            "alarm_no",
            fire,
            {"state": "已处置", "handled_at": "2026-11-02 08:30:00"},
            {"state": "误报", "handled_at": "2026-11-02 09:30:00"},
            {"state": "新报警"},
        ),
    )
    street.load(
        "iot_event",
        rows(
            "event_no",
            {"occurred_at": "2026-11-02 08:00:00", "kind": "烟感", "event": "烟雾报警"},
            {"recovered_at": "2026-11-02 09:00:00"},
            {"event": "电量低"},
        ),
    )
    air = [
        {
            "station": station, "item": "a34004", "span": "小时", "community_code": HERE,
            "observed_at": f"2026-11-20 {hour:02}:00:00", "value": value, "updated_at": UPDATED,
        }
        for station, value, first in (("A", "75", 0), ("B", "76", 0), ("C", "10", 7))
        for hour in range(first, 24)
    ]  # fmt: skip
    street.load("env_reading", air)
    pump = {"station": "P1", "pumps_on": "0", "pumps_all": "2"}
    street.load(
        "pump_reading",
        [
            {**pump, "observed_at": "2026-11-20 08:00:00"},
            {**pump, "observed_at": "2026-11-20 08:05:00", "fault": "断电"},
        ],
    )
    street.publish(NOW)
    assert show(street, "straw_fires") == (2, 2, {"误报": 1})
    minutes = street.ask("straw_handling_minutes")
    assert (minutes.value, minutes.denominator) == (30.0, 1)
    assert show(street, "iot_alarms") == (1, 1, {"电量低": 1})
    assert show(street, "iot_alarms_open") == (1, 1, {})
    assert show(street, "air_good_rate") == (1, 2, {"有效小时不足": 1})
    assert show(street, "pump_sound_rate") == (1, 2, {})


def test_people_are_told_by_category_as_last_counted_and_supplies_against_their_quota(street):
    def counted(on, community, category, quantity):
        return {
            "counted_on": on, "community_code": community, "category_code": category,
            "quantity": quantity, "suppressed": "true" if quantity is None else "false",
        }  # fmt: skip

    street.load(
        "population_count",
        [
            counted("2026-11-09", HERE, "01", "6100"),
            counted("2026-11-16", HERE, "01", "6200"),
            counted("2026-11-16", "320117005002", "01", "5400"),
            counted("2026-11-16", HERE, "09", None),
        ],
    )
    supply = {"store_code": "S1", "updated_at": UPDATED, "quota": "10"}
    street.load(
        "flood_supply",
        [
            {**supply, "item_code": "A", "qty": "10"},
            {**supply, "item_code": "B", "qty": "9"},
            {**supply, "item_code": "C", "qty": "9", "quota": None},
        ],
    )
    street.publish(NOW)
    now = street.ask("population", line="01")
    assert (now.numerator, now.excluded) == (11_600, {})
    then = street.ask("population", date(2026, 11, 1), date(2026, 11, 12), line="01")
    assert then.numerator == 6100
    assert street.ask("population").value is None
    assert street.ask("population").excluded == {"少于5不公布": 1}
    ready = street.ask("supplies_ready")
    assert (ready.numerator, ready.denominator) == (1, 2)


@pytest.mark.parametrize("metric", ["grid_open", "linkage_open", "hazard_open", "petition_open"])
def test_an_open_stock_without_a_delivery_is_nothing_not_zero(silent_street, metric):
    silent_street.publish(NOW, succeed=False)
    assert silent_street.ask(metric).value is None


def test_further_hotline_and_mediation_figures(street):
    base = {
        "received_at": "2026-11-02 08:00:00", "dispatched_at": "2026-11-02 08:30:00",
        "sign_due_at": "2026-11-02 12:00:00", "due_original_at": "2026-11-06 17:30:00",
        "due_at": "2026-11-06 17:30:00", "state": "办理中", "unit_main": "城管中队",
    }  # fmt: skip
    street.load(
        "hotline_order",
        rows(
            "order_no",
            base,
            {"signed_at": "2026-11-02 09:00:00", "first_contact_at": "2026-11-02 10:30:00",
             "due_at": "2026-11-13 17:30:00", "closed_at": "2026-11-10 08:00:00",
             "revisit_at": "2026-11-12 08:00:00", "rework_no": "1"},
            {"signed_at": "2026-11-02 12:00:01", "first_contact_at": "2026-11-02 12:30:00",
             "closed_at": "2026-11-05 08:00:00", "revisit_at": "2026-11-12 08:00:00"},
            {"state": "已退单", "close_kind": "退单"},
        ),
    )  # fmt: skip
    case = {"accepted_at": "2026-11-02 08:00:00", "registered_at": "2026-11-02 08:00:00",
            "due_at": "2026-11-20 08:00:00", "line": "unit"}  # fmt: skip
    street.load("mediation_case", rows("case_no", case, {"closed_at": "2026-11-19 08:00:00"}, {}))
    street.publish(NOW)
    out = {"退单成功": 1}
    assert show(street, "hotline_sign_on_time_rate") == (1, 2, out)
    assert show(street, "hotline_original_on_time_rate") == (1, 2, out)
    assert show(street, "hotline_extended_rate") == (1, 2, out)
    assert show(street, "hotline_returned_rate") == (1, 3, {})
    assert show(street, "hotline_rework_rate") == (1, 2, {})
    assert street.ask("hotline_first_contact_hours").value == 3.0
    assert show(street, "mediation_on_time_rate", line="unit") == (1, 2, {})
