"""The further figures that the trade knows of each subject, worked out by hand on a few rows."""

from datetime import date, datetime

import pytest

from tests.warehouse.test_subject_metrics import HERE, NOW, rows, show

THERE = "320117005002"


def test_orders_per_ten_thousand_people_are_told_by_the_people_of_the_place(street):
    """48,600 people in the street, 6,200 and 5,400 in the two communities."""
    base = {"received_at": "2026-11-02 08:00:00", "state": "办理中"}
    here, there = {"community_code": HERE}, {"community_code": THERE}
    street.load("hotline_order", rows("order_no", base, here, here, here, there, {}))
    street.publish(NOW)
    found = street.ask("hotline_per_10k_people", by="community")
    assert found.value == pytest.approx(5 * 10_000 / 48_600)
    told = {point.key: point.value for point in found.series}
    assert told[HERE] == pytest.approx(3 * 10_000 / 6_200)
    assert told[THERE] == pytest.approx(10_000 / 5_400)
    assert told["unknown"] is None
    assert street.ask("hotline_per_10k_people", community=THERE).value == told[THERE]
    assert street.ask("hotline_per_10k_people", by="grid").series[0].value is None


def test_hotline_closing_satisfaction_and_the_slowest_tenth(street):
    base = {
        "received_at": "2026-11-02 08:00:00",
        "due_at": "2026-11-06 17:30:00",
        "state": "办理中",
    }
    seen = {"revisit_at": "2026-11-12 08:00:00"}

    def closed(day, **words):
        return {"closed_at": f"2026-11-{day:02} 08:00:00", "state": "已办结", **words}

    street.load(
        "hotline_order",
        rows(
            "order_no",
            base,
            closed(4, satisfaction="满意", **seen),
            closed(10, satisfaction="基本满意", **seen),
            closed(3, satisfaction="不满意", **seen),
            closed(5, satisfaction="未接通", **seen),
            closed(6),
            {},
            {"close_kind": "退单", "state": "已退单", "closed_at": "2026-11-04 08:00:00"},
        ),
    )
    street.publish(NOW)
    assert show(street, "hotline_closed_rate") == (5, 6, {"退单成功": 1})
    assert show(street, "hotline_satisfaction_strict_rate") == (1, 3, {"未接通": 1})
    assert show(street, "hotline_satisfaction_all_rate") == (2, 5, {"退单成功": 1})
    slow = street.ask("hotline_handling_days_p90")  # 1, 2, 3, 4 and 8 days: 4 + 0.6 × (8 − 4)
    assert (slow.value, slow.denominator) == (pytest.approx(6.4), 5)


def test_a_return_that_was_asked_for_is_refused_or_granted_by_the_unit_that_asked(street):
    def step(order, seq, action, before, after, unit, hour):
        return {
            "order_no": order, "seq": str(seq), "action": action, "from_state": before,
            "to_state": after, "unit": unit, "occurred_at": f"2026-11-03 {hour:02}:00:00",
        }  # fmt: skip

    asked = ("申请退单", "办理中", "退单待审")
    street.load(
        "hotline_event",
        [
            step("A", 1, *asked, "物业办", 8),
            step("A", 2, "退单驳回", "退单待审", "办理中", "热线办", 10),
            step("A", 3, *asked, "物业办", 11),
            step("A", 4, "改派", "退单待审", "待签收", "热线办", 12),
            step("B", 1, *asked, "水务站", 8),
            step("B", 2, "退单成功", "退单待审", "已退单", "热线办", 9),
            step("C", 1, *asked, "水务站", 8),
        ],
    )
    street.publish(NOW)
    found = street.ask("hotline_return_refused_rate", by="unit")
    assert (found.numerator, found.denominator) == (1, 3)
    told = {point.key: (point.numerator, point.denominator) for point in found.series}
    assert told == {"物业办": (1, 2), "水务站": (0, 1)}


def test_reports_a_staff_and_day_and_reports_of_what_was_reported_before(street):
    day = {"on_day": "2026-11-02", "expected": "true", "online_minutes": "60"}
    street.load(
        "grid_duty",
        rows(
            "staff_no",
            day,
            {"reports": "5"},
            {"reports": "2"},
            {"reports": None},
            {"reports": "9", "online_minutes": "59"},
        ),
    )
    spot = {"class_code": "04001", "lng": "118.921", "lat": "31.612", "state": "待处理"}

    def at(day, hour, **words):
        return {"reported_at": f"2026-11-{day:02} {hour:02}:00:00", **words}

    street.load(
        "grid_event",
        rows(
            "event_no",
            spot,
            at(2, 8),
            at(3, 8),
            at(4, 9),
            at(3, 9, class_code="04002"),
            at(3, 9, lng="118.922"),
            at(3, 9, lng=None),
        ),
    )
    street.publish(NOW)
    mean = street.ask("grid_reports_per_staff")
    assert (mean.value, mean.numerator, mean.denominator) == (pytest.approx(7 / 3), 7, 3)
    assert show(street, "grid_repeat_rate") == (1, 5, {"无坐标或类别": 1})


def test_a_repeat_is_found_when_the_first_report_comes_in_later(street):
    spot = {"class_code": "04001", "lng": "118.921", "lat": "31.612", "state": "待处理"}
    late = [
        {**row, "event_no": "Z"}
        for row in rows("event_no", spot, {"reported_at": "2026-11-02 20:00:00"})
    ]
    street.load("grid_event", rows("event_no", spot, {"reported_at": "2026-11-03 07:00:00"}))
    street.publish(NOW)
    assert show(street, "grid_repeat_rate") == (0, 1, {})
    street.load("grid_event", late)
    street.publish(NOW)
    assert show(street, "grid_repeat_rate") == (1, 2, {})


def test_urban_cases_handled_dispatched_right_and_left_open(street):
    base = {
        "reported_at": "2026-11-02 08:00:00", "accepted_at": "2026-11-02 08:10:00",
        "dispatched_at": "2026-11-02 09:00:00", "due_at": "2026-11-03 12:00:00",
        "state": "处置中",
    }  # fmt: skip
    none = {"dispatched_at": None, "due_at": None}
    street.load(
        "urban_case",
        rows(
            "case_no",
            base,
            {"handled_at": "2026-11-03 10:00:00", "closed_at": "2026-11-03 11:00:00",
             "state": "已结案", "back_num": "0"},
            {"handled_at": "2026-11-03 10:00:00", "closed_at": "2026-11-04 11:00:00",
             "state": "已结案", "back_num": "1"},
            {"handled_at": "2026-11-05 10:00:00", "state": "待核查"},
            {},
            {**none, "state": "不予立案"},
            {**none, "state": "作废"},
            {**none, "accepted_at": None, "state": "待受理"},
        ),
    )  # fmt: skip
    street.publish(NOW)
    assert show(street, "urban_handled_rate") == (3, 4, {})
    assert show(street, "urban_overdue_closure_rate") == (1, 4, {})
    assert show(street, "urban_unclosed_rate") == (3, 5, {"不予立案": 1, "作废": 1})
    assert show(street, "urban_dispatch_right_rate") == (3, 4, {})
    assert show(street, "urban_valid_rate") == (5, 6, {"尚未判定": 1})


def test_orders_of_the_linkage_that_came_back_were_dispatched_wrong(street):
    base = {"created_at": "2026-11-02 08:00:00", "dispatched_at": "2026-11-02 08:10:00"}
    void = {"state": "作废", "close_kind": "作废"}
    street.load(
        "linkage_order",
        rows("dispatch_no", base, {"returned": "0"}, {"returned": "1"}, {}, void),
    )
    street.publish(NOW)
    assert show(street, "linkage_dispatch_right_rate") == (2, 3, {"作废": 1})


def test_the_three_rates_of_closing_make_up_all_that_was_due(street):
    """天门 2016-12: 972 due, 911 closed, 737 of them in time; the other 174 are closed late."""
    base = {"reported_at": "2026-11-02 08:00:00", "due_at": "2026-11-03 12:00:00"}
    done = {"state": "已结案", "closed_at": "2026-11-03 11:00:00"}
    late = {"state": "已结案", "closed_at": "2026-11-03 12:00:01"}
    cases = [*[done] * 737, *[late] * (911 - 737), *[{"state": "处置中"}] * (972 - 911)]
    street.load("urban_case", rows("case_no", base, *cases))
    street.publish(NOW)
    assert show(street, "urban_overdue_closure_rate") == (174, 972, {})
    assert street.ask("urban_on_time_closure_rate").numerator == 737
    assert show(street, "urban_unclosed_rate") == (61, 972, {})


def test_departments_that_came_and_how_they_worked(street):
    blown = {"blown_at": "2026-11-02 09:00:00", "report_due_at": "2026-11-05 17:30:00"}
    done = {"done_at": "2026-11-12 09:00:00", "arrived_at": "2026-11-04 09:00:00"}
    back = {"kind": "工作推进哨", "drafted_at": "2026-11-02 08:00:00", **blown}
    street.load(
        "whistle",
        [
            {"updated_at": "2026-11-22 08:00:00", "whistle_no": "W1", "state": "归档", **back},
            {"updated_at": "2026-11-22 08:00:00", "whistle_no": "W2", "state": "退哨", **back},
        ],
    )
    street.load(
        "whistle_department",
        rows(
            "department",
            {"whistle_no": "W1", **blown},
            {**done, "effort_score": "5"},
            {**done, "arrived_at": "2026-11-06 09:00:00", "effort_score": "4"},
            {**done},
            {},
            {**done, "whistle_no": "W2", "effort_score": "1"},
        ),
    )
    street.publish(NOW)
    assert show(street, "whistle_arrival_rate") == (3, 4, {"退哨": 1})
    assert show(street, "whistle_on_time_rate") == (2, 4, {"退哨": 1})
    found = street.ask("whistle_effort_score")
    assert (found.value, found.numerator, found.denominator) == (4.5, 9, 2)
    assert found.excluded == {"未打分": 1, "退哨": 1}


def test_first_petitions_are_settled_when_nobody_comes_again_with_the_same(street):
    base = {
        "form": "来访", "registered_at": "2026-11-02 08:00:00", "level": "街道",
        "repeated": "false", "topic": "物业管理", "closed_at": "2026-11-10 08:00:00",
    }  # fmt: skip
    again = {
        "registered_at": "2026-11-12 08:00:00", "closed_at": "2026-11-20 08:00:00",
        "repeated": "true",
    }  # fmt: skip
    street.load(
        "petition_case",
        rows(
            "petition_no",
            base,
            {"petitioner_hash": "a"},
            {"petitioner_hash": "a", **again},
            {"petitioner_hash": "b"},
            {"petitioner_hash": "b", **again, "topic": "环境保护"},
            {"petitioner_hash": None},
            {"petitioner_hash": "c", "closed_at": None},
            {"petitioner_hash": "d", "repeated": None},
        ),
    )
    street.publish(NOW)
    assert show(street, "petition_first_settled_rate") == (
        2,
        4,
        {"重复信访": 2, "未登记是否重复": 1},
    )


def test_what_the_street_settles_is_held_against_visits_to_the_district_and_above(street):
    case = {"accepted_at": "2026-10-20 08:00:00", "registered_at": "2026-10-20 08:00:00"}
    closed = {"closed_at": "2026-11-05 08:00:00", "result": "调解成功", "state": "结案"}
    street.load(
        "mediation_case",
        rows(
            "case_no",
            case,
            {"line": "centre", **closed},
            {"line": "unit", **closed},
            {"line": "unit", **closed},
            {"line": "unit", **closed, "result": "调解不成功"},
            {"line": "unit", **closed, "close_kind": "撤回"},
            {"line": "unit", "state": "调解中"},
        ),
    )
    visit = {"form": "来访", "registered_at": "2026-11-02 08:00:00", "level": "区"}
    street.load(
        "petition_case",
        rows(
            "petition_no",
            visit,
            {},
            {"level": "国家"},
            {"form": "来信"},
            {"level": "街道"},
            {"level": None},
        ),
    )
    street.publish(NOW)
    assert show(street, "petition_upper_visits") == (2, 2, {})
    assert show(street, "petition_kept_rate") == (3, 5, {})


def test_disputes_that_became_crimes_per_ten_thousand_people(street):
    base = {"accepted_at": "2026-11-02 08:00:00", "type_code": "02", "community_code": THERE}
    street.load("peoples_mediation_case", rows("case_no", base, {"became_crime": "true"}, {}))
    street.publish(NOW)
    metric = "peoples_mediation_crime_per_10k"
    assert street.ask(metric).value == pytest.approx(10_000 / 48_600)
    assert street.ask(metric, community=THERE).value == pytest.approx(10_000 / 5_400)


def test_spots_checked_new_area_and_days_without_the_waits_of_the_law(street):
    base = {"found_at": "2026-11-01 08:00:00", "dispatched_at": "2026-11-01 09:00:00"}
    found = {"checked_at": "2026-11-02 08:00:00", "verdict": "未批先建", "area_m2": "30"}
    struck = {"demolished_at": "2026-11-16 08:00:00", "cleared_at": "2026-11-17 08:00:00"}
    street.load(
        "land_clue",
        rows(
            "clue_no",
            base,
            {**found, "is_new": "true", **struck, "decided_at": "2026-11-06 08:00:00"},
            {**found, "is_new": "true", "area_m2": "12.5", "demolished_at": "2026-11-04 08:00:00",
             "cleared_at": "2026-11-05 08:00:00"},
            {**found, "is_new": "true", "area_m2": None},
            {**found, "verdict": "历史存量", "area_m2": "900"},
            {**found, "verdict": "已批", "cleared_at": "2026-11-03 08:00:00"},
            {},
            {"dispatched_at": None},
        ),
    )  # fmt: skip
    street.publish(NOW)
    assert show(street, "land_checked_rate") == (5, 6, {})
    assert street.ask("land_new_area").value == 42.5
    days = street.ask("land_days")  # 16 − 10 of waiting, and 4
    assert (days.value, days.denominator, days.excluded) == (5.0, 2, {"不属实": 1})


def test_money_is_an_entry_of_the_ledger_without_squad_place_or_officer(street):
    base = {
        "filed_at": "2026-10-20 08:00:00", "decided_at": "2026-11-02 08:00:00", "squad": "一中队",
        "community_code": HERE, "pay_due_on": "2026-11-17", "domain": "城管", "state": "执行",
    }  # fmt: skip
    street.load(
        "enforcement_case",
        rows(
            "case_no",
            base,
            {"fine_yuan": "500", "gain_yuan": "100", "paid_yuan": "600", "appeal": "复议维持"},
            {"fine_yuan": "1000", "gain_yuan": "0", "paid_yuan": "999", "appeal": "诉讼纠正"},
            {"fine_yuan": "200", "pay_due_on": "2026-12-01", "appeal": "无"},
            {"fine_yuan": None, "appeal": None},
        ),
    )
    street.publish(NOW)
    found = street.ask("enforcement_money")
    assert found.value is None
    assert {p.key: p.value for p in found.series} == {"fine": 1700.0, "gain": 100.0}
    for by in ("unit", "community", "grid"):
        told = street.ask("enforcement_money", by=by, line="fine").series
        assert [point.key for point in told] == ["unknown"]
    assert show(street, "enforcement_paid_rate") == (1, 2, {})
    assert [p.key for p in street.ask("enforcement_paid_rate", by="unit").series] == ["unknown"]
    assert show(street, "enforcement_corrected_rate") == (1, 2, {})


def test_a_decision_is_published_within_seven_workdays_of_the_calendar(street):
    """From Wednesday 2026-09-23 over the festivals of that autumn: until Saturday 10-10, worked."""
    base = {
        "filed_at": "2026-09-01 08:00:00", "decided_at": "2026-09-23 08:00:00", "state": "执行",
    }  # fmt: skip
    street.load(
        "enforcement_case",
        rows(
            "case_no",
            base,
            {"published_at": "2026-10-10 20:00:00"},
            {"published_at": "2026-10-11 08:00:00"},
            {},
            {"decided_at": "2026-11-20 08:00:00"},
        ),
    )
    street.publish(NOW)
    days = date(2026, 9, 1), date(2026, 11, 30)
    found = street.ask("enforcement_published_on_time_rate", *days, by="day")
    assert (found.numerator, found.denominator) == (1, 3)
    assert {p.key for p in found.series if p.denominator} == {"2026-10-10"}


def test_cases_handed_over_and_cases_an_officer(street):
    """13 officers with a certificate."""
    base = {"filed_at": "2026-11-02 08:00:00", "state": "调查取证", "squad": "一中队"}
    street.load(
        "enforcement_case",
        rows("case_no", base, {"state": "移送"}, {"result": "移送", "state": "已结案"}, {}, {}),
    )
    street.publish(NOW)
    assert show(street, "enforcement_transferred") == (2, 2, {})
    found = street.ask("enforcement_cases_per_officer", by="unit")
    assert found.value == pytest.approx(4 / 13)
    assert [point.key for point in found.series] == ["unknown"]


def test_an_outage_is_mended_in_time_within_two_days_and_a_record_is_whole_or_not(street):
    whole = {
        "name": "村口", "kind": "摄像机", "industry": "社会治安路面", "owner": "公安",
        "community_code": HERE, "address": "某路口", "lng": "118.9", "lat": "31.6", "ptz": "球机",
    }  # fmt: skip

    def seen(camera, at, state, **words):
        return {"camera_no": f"3201170000131000000{camera}", "changed_at": at, "state": state,
                **whole, **words}  # fmt: skip

    street.load(
        "street_camera",
        [seen(1, "2026-11-01 00:00:00", "在线"), seen(2, "2026-11-01 00:00:00", "在线")],
    )
    street.load(
        "street_camera",
        [seen(1, "2026-11-05 08:00:00", "离线"), seen(2, "2026-11-05 08:00:00", "离线")],
    )
    street.publish(datetime(2026, 11, 6, 12, 0))
    assert street.ask("camera_repair_on_time_rate").denominator == 0
    street.load(
        "street_camera",
        [
            seen(1, "2026-11-07 08:00:00", "在线"),
            seen(2, "2026-11-07 08:00:01", "在线", address=None),
        ],
    )
    street.load("street_camera", [seen(1, "2026-11-22 08:00:00", "离线")])
    street.publish(NOW)
    assert show(street, "camera_repair_on_time_rate") == (1, 2, {})
    answer = street.ask("camera_record_complete", date(2026, 11, 1), date(2026, 11, 2))
    assert (answer.numerator, answer.denominator) == (1, 2)
