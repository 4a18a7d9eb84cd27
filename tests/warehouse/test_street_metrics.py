"""What the figures of grid, urban management, whistles, land and enforcement count."""

from datetime import date, datetime

import pytest

NOW = datetime(2026, 11, 23, 12, 0)
PLACE = {"community_code": "320117005001", "grid_code": "320117005001001"}


def of(answer):
    return (answer.numerator, answer.denominator)


def named(answer):
    return {point.label: (point.numerator, point.denominator) for point in answer.series}


def event(number: int, **words: str | None) -> dict[str, str | None]:
    return {
        "event_no": f"SJ{number:06}",
        "class_code": "04001",
        "reported_at": "2026-11-02 08:30:00",
        "due_at": "2026-11-05 17:30:00",
        "updated_at": "2026-11-20 08:00:00",
        "state": "待处理",
        **PLACE,
        **words,
    }


def urban(number: int, **words: str | None) -> dict[str, str | None]:
    return {
        "case_no": f"{number:06}",
        "class_code": "20102",
        "reported_at": "2026-11-02 08:30:00",
        "filed_at": "2026-11-02 08:40:00",
        "dispatched_at": "2026-11-02 08:50:00",
        "due_at": "2026-11-03 12:00:00",
        "unit": "城管中队",
        "updated_at": "2026-11-20 08:00:00",
        "state": "处置中",
        **PLACE,
        **words,
    }


def test_grid_events_count_by_report_and_close_by_deadline(street):
    street.load(
        "grid_event",
        [
            event(1, closed_at="2026-11-02 08:40:00", self_handled="true", state="已结案"),
            event(2, closed_at="2026-11-09 08:40:00", unit="应急办", state="已结案"),
            event(3, unit="应急办"),
            event(4, state="作废", valid="false"),
            event(5, due_at="2026-11-24 17:30:00"),
        ],
    )
    street.publish(NOW)
    assert of(street.ask("grid_reported")) == (5, 5)
    closed = street.ask("grid_closed_rate", by="unit")
    assert of(closed) == (2, 3)
    assert closed.excluded == {"作废": 1}
    assert named(closed) == {
        "网格自处置": (1, 1), "应急办": (1, 2), "未定承办单位": (0, 0)
    }  # fmt: skip
    assert named(street.ask("grid_reported", by="class")) == {"市容环境": (5, 5)}
    assert named(street.ask("grid_reported", by="class", class_path="04")) == {"暴露垃圾": (5, 5)}


def test_urban_closure_gives_the_published_figures_of_tianmen(street):
    """972 due, 911 closed, 737 of them in time."""
    street.load(
        "urban_case",
        [urban(n, closed_at="2026-11-03 11:00:00", state="已结案") for n in range(737)]
        + [urban(n, closed_at="2026-11-04 11:00:00", state="已结案") for n in range(737, 911)]
        + [urban(n) for n in range(911, 972)]
        + [urban(n, state="作废") for n in range(972, 980)],
    )
    street.publish(NOW)
    closure = street.ask("urban_closure_rate")
    assert of(closure) == (911, 972)
    assert round(closure.value * 100, 2) == 93.72
    assert closure.excluded == {"作废": 8}
    in_time = street.ask("urban_on_time_closure_rate", by="class")
    assert of(in_time) == (737, 972)
    assert round(in_time.value * 100, 2) == 75.82
    assert named(in_time) == {"市容环境": (737, 972)}


def test_a_case_due_later_today_is_not_yet_due(street):
    street.load("urban_case", [urban(1, due_at="2026-11-23 15:00:00"), urban(2)])
    street.publish(NOW)
    assert of(street.ask("urban_closure_rate")) == (0, 1)


def whistle(number: int, **words: str | None) -> dict[str, str | None]:
    return {
        "whistle_no": f"CS{number:03}",
        "kind": "工作推进哨",
        "class_name": "市容环境",
        "community_code": "320117005001",
        "drafted_at": "2026-11-02 08:30:00",
        "blown_at": "2026-11-02 09:00:00",
        "updated_at": "2026-11-20 08:00:00",
        "state": "处置中",
        **words,
    }


def department(number: int, name: str, **words: str | None) -> dict[str, str | None]:
    return {
        "whistle_no": f"CS{number:03}",
        "department": name,
        "blown_at": "2026-11-02 09:00:00",
        "sign_due_at": "2026-11-02 10:00:00",
        "report_due_at": "2026-11-05 17:30:00",
        "updated_at": "2026-11-20 08:00:00",
        **words,
    }


def test_whistles_are_counted_once_and_their_departments_one_by_one(street):
    closed = {"closed_at": "2026-11-12 09:00:00", "close_kind": "销哨"}
    street.load(
        "whistle",
        [
            whistle(1, **closed, resolved="true"),
            whistle(2, **closed, resolved="false"),
            whistle(3, **closed),
            whistle(4, closed_at="2026-11-03 09:00:00", close_kind="退哨", state="退哨"),
            whistle(5, blown_at=None),
        ],
    )
    street.load(
        "whistle_department",
        [
            department(1, "城管", arrived_at="2026-11-04 09:00:00"),
            department(1, "市监", arrived_at="2026-11-06 09:00:00"),
            department(2, "城管"),
            department(4, "城管"),
        ],
    )
    street.publish(NOW)
    assert of(street.ask("whistle_blown")) == (4, 4)
    resolved = street.ask("whistle_resolved_rate")
    assert of(resolved) == (1, 2)
    assert resolved.excluded == {"未评价": 1, "退哨": 1}
    on_time = street.ask("whistle_on_time_rate", by="unit")
    assert of(on_time) == (1, 3)
    assert on_time.excluded == {"退哨": 1}
    assert named(on_time) == {"城管": (1, 2), "市监": (0, 1)}


def clue(number: int, **words: str | None) -> dict[str, str | None]:
    return {
        "clue_no": f"TB{number:03}",
        "origin": "无人机比对",
        "change_type": "彩钢棚",
        "found_at": "2026-11-05 10:00:00",
        "updated_at": "2026-11-20 08:00:00",
        "unit": "城管中队",
        **PLACE,
        **words,
    }


def test_spots_are_confirmed_of_those_checked_and_cleared_of_those_confirmed(street):
    checked = {"checked_at": "2026-11-07 09:00:00"}
    street.load(
        "land_clue",
        [
            clue(1),
            clue(2, **checked, verdict="合法", cleared_at="2026-11-08 09:00:00"),
            clue(3, **checked, verdict="未批先建", is_new="true"),
            clue(4, **checked, verdict="历史存量", cleared_at="2026-11-20 09:00:00"),
            clue(5, **checked, verdict="未批先建", cleared_at="2026-11-21 09:00:00"),
        ],
    )
    street.publish(NOW)
    assert of(street.ask("land_clue")) == (5, 5)
    assert of(street.ask("land_confirmed_rate")) == (3, 4)
    cleared = street.ask("land_cleared_rate")
    assert of(cleared) == (2, 3)
    assert cleared.excluded == {"不属实": 1, "尚未认定": 1}
    then = street.ask("land_cleared_rate", known_by=datetime(2026, 11, 20, 12))
    assert of(then) == (1, 3)


def penalty(number: int, **words: str | None) -> dict[str, str | None]:
    return {
        "case_no": f"〔2026〕{number:04}号",
        "domain": "城管",
        "cause": "乱倒建筑垃圾",
        "procedure": "普通程序",
        "squad": "一中队",
        "fine_yuan": "5000",
        "community_code": "320117005001",
        "clue_at": "2026-08-01 09:00:00",
        "filed_at": "2026-08-03 09:00:00",
        "decision_due_on": "2026-11-01",
        "updated_at": "2026-11-20 08:00:00",
        "state": "调查取证",
        **words,
    }


def test_enforcement_counts_filing_and_holds_decisions_against_ninety_days(street):
    street.load(
        "enforcement_case",
        [
            penalty(1, decided_at="2026-11-01 23:00:00", closed_at="2026-11-20 09:00:00"),
            penalty(2, decided_at="2026-11-02 09:00:00", squad="二中队"),
            penalty(3),
            penalty(4, state="撤案"),
            penalty(
                5, procedure="简易程序", decision_due_on=None, decided_at="2026-08-03 09:10:00"
            ),
            penalty(6, decision_due_on=None),
            penalty(7, filed_at=None, decision_due_on=None, state="不予立案"),
        ],
    )
    street.publish(NOW)
    filed = street.ask("enforcement_filed", date(2026, 8, 1), date(2026, 8, 31), by="unit")
    assert of(filed) == (6, 6)
    assert named(filed) == {"城管中队": (6, 6)}
    closed = street.ask("enforcement_closed_rate", date(2026, 8, 1), date(2026, 8, 31))
    assert of(closed) == (1, 5)
    assert closed.excluded == {"撤案": 1}
    on_time = street.ask("enforcement_on_time_rate", by="class")
    assert of(on_time) == (1, 4)
    assert on_time.excluded == {"撤案": 1}
    assert named(on_time) == {"城管": (1, 4)}


def camera(number: int, changed: str, state: str, **words: str | None) -> dict[str, str | None]:
    return {
        "camera_no": f"3201170001132{number:07}",
        "industry": "社会治安社区",
        "owner": "街道综治中心",
        "community_code": "320117005001",
        "state": state,
        "changed_at": changed,
        **words,
    }


def test_cameras_are_online_for_minutes_of_the_minutes_they_should_be(street):
    street.load(
        "street_camera",
        [
            camera(1, "2026-08-01 00:00:00", "在线"),
            camera(2, "2026-08-01 00:00:00", "在线"),
            camera(2, "2026-11-20 22:00:00", "离线"),
            camera(2, "2026-11-21 01:00:00", "在线"),
            camera(1, "2026-11-21 04:00:00", "离线"),
        ],
    )
    street.publish(NOW)
    day = street.ask("camera_online_rate", date(2026, 11, 21), date(2026, 11, 21))
    assert of(day) == (240 + 180, 480)
    # the day before ends with its last report; there is none on other days
    assert of(street.ask("camera_online_rate")) == (1320 + 1320 + 420, 2640 + 480)
    assert day.value == pytest.approx(420 / 480)


def test_a_camera_that_was_quiet_for_months_still_counts_when_a_day_is_built_anew(street):
    street.load(
        "street_camera",
        [
            camera(1, "2026-08-01 00:00:00", "在线"),
            camera(2, "2026-08-02 00:00:00", "离线"),
            camera(3, "2026-08-03 00:00:00", "在线"),
        ],
    )
    street.publish(NOW)
    street.load("street_camera", [camera(1, "2026-11-21 02:00:00", "离线")])
    street.publish(datetime(2026, 11, 23, 12, 5))
    day = street.ask("camera_online_rate", date(2026, 11, 21), date(2026, 11, 21), by="unit")
    assert named(day) == {"街道综治中心": (240, 360)}
    kept = street.sql("SELECT * FROM mart.camera_day ORDER BY ALL")
    street.warehouse.connection.execute("DELETE FROM mart._built WHERE name = 'mart.camera_day'")
    street.load("street_camera", [camera(3, "2026-11-21 02:00:00", "在线")])
    street.publish(datetime(2026, 11, 23, 12, 10))
    assert street.sql("SELECT * FROM mart.camera_day ORDER BY ALL")[:3] == kept[:3]
