"""What the named queries of each subject answer, on rows made by hand."""

from datetime import date, datetime

import pytest

from warehouse.errors import UnknownParameter
from warehouse.named import load_queries, named_query, subjects
from warehouse.read import Reader

NOW = datetime(2026, 11, 23, 12, 0)
MONTH = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
HERE = "320117005001"
UPDATED = "2026-11-22 08:00:00"


def ask(street, name, **params):
    return street.reader.query(name, params).to_pylist()


def numbered(key, base, *changes):
    return [
        {"updated_at": UPDATED, key: f"N{n}", **base, **change} for n, change in enumerate(changes)
    ]


@pytest.fixture(scope="module")
def grids(shared_street):
    base = {
        "community_code": HERE, "class_code": "04001", "state": "待处理", "unit": "应急办",
        "reported_at": "2026-10-20 08:00:00", "due_at": "2026-11-05 17:30:00",
    }  # fmt: skip
    steps = {
        "accepted_at": "2026-11-02 08:02:00", "assigned_at": "2026-11-02 08:03:00",
        "signed_at": "2026-11-02 08:23:00", "handled_at": "2026-11-03 08:23:00",
        "verified_at": "2026-11-03 09:23:00", "closed_at": "2026-11-03 09:33:00",
    }  # fmt: skip
    shared_street.load(
        "grid_event",
        numbered(
            "event_no",
            base,
            {"state": "已结案", **steps},
            {"state": "已结案", "reported_at": "2026-11-02 08:00:00", **steps},
            {"state": "作废", "reported_at": "2026-11-04 08:00:00"},
            {},
            {"reported_at": "2026-11-20 08:00:00", "due_at": "2026-11-28 17:30:00"},
        ),
    )
    shared_street.load(
        "grid_duty",
        numbered(
            "staff_no",
            {"on_day": "2026-11-20", "community_code": HERE, "expected": "true"},
            {"online_minutes": "300", "track_km": "2", "visits": "4", "reports": "2"},
            {"online_minutes": "20", "track_km": "0", "visits": "0", "reports": "1"},
        ),
    )
    shared_street.publish(NOW)
    return shared_street


def test_stock_and_flow_of_a_subject_balance_to_nothing(grids):
    (row,) = ask(grids, "matter_flow", subject="grid", **MONTH)
    assert row == {
        "opening": 2, "received": 3, "closed": 2, "withdrawn": 1, "open": 2, "overdue": 1
    }  # fmt: skip
    assert row["opening"] + row["received"] - row["closed"] - row["withdrawn"] == row["open"]
    assert grids.ask("grid_open").numerator == row["open"]
    assert grids.ask("grid_closed").numerator == row["closed"]
    assert grids.ask("grid_overdue").numerator == row["overdue"]


def test_open_cases_come_by_what_is_due_first_with_names_for_codes(grids):
    first, second = ask(grids, "matter_open", subject="grid", limit=10)
    assert (first["number"], first["is_overdue"], first["total"]) == ("N3", True, 2)
    assert (second["number"], second["is_overdue"]) == ("N4", False)
    assert first["class_name"] == "暴露垃圾"
    assert first["community_name"] == "清泉社区"
    assert second["left_s"] == (datetime(2026, 11, 28, 17, 30) - NOW).total_seconds()
    recent = ask(grids, "matter_recent", subject="grid", limit=2)
    assert [row["number"] for row in recent] == ["N4", "N2"]
    assert ask(grids, "matter_due", subject="grid", **MONTH) == [{"due": 2, "passed": 1}]


def test_a_subject_is_one_of_those_listed_and_never_text_of_a_caller(grids):
    with pytest.raises(UnknownParameter, match="subject"):
        ask(grids, "matter_flow", subject="grid_event; DROP TABLE x", **MONTH)
    with pytest.raises(UnknownParameter, match="subject"):
        ask(grids, "matter_flow", **MONTH)


def test_every_subject_answers_every_question_of_its_shape(grids):
    asked = ("matter_flow", "matter_open", "matter_recent", "matter_due")
    for name in asked:
        known = subjects(load_queries()[name])
        assert len(known) == 13
        for subject in known:
            query = named_query(name, {"subject": subject})
            given = {"limit": 5, "as_of": NOW, **MONTH}
            params = {key: value for key, value in given.items() if key in query.params}
            ask(grids, name, subject=subject, **params)


def test_stages_of_the_grid_and_staff_of_a_day(grids):
    stages = ask(grids, "grid_stages", **MONTH)
    assert [(row["stage"], row["cases"]) for row in stages] == [
        ("受理", 2), ("派遣", 2), ("签收", 2), ("处置", 2), ("核查", 2), ("结案", 2)
    ]  # fmt: skip
    assert [row["median_min"] for row in stages[1:]] == [1.0, 20.0, 1440.0, 60.0, 10.0]
    (staff,) = ask(grids, "grid_staff", on_day=date(2026, 11, 20))
    assert (staff["expected"], staff["on_duty"], staff["patrolled"]) == (2, 1, 1)
    assert (staff["visits"], staff["reports"]) == (4, 3)


def test_shelved_urban_cases_are_open_but_run_against_no_clock(street):
    base = {
        "reported_at": "2026-11-02 08:00:00", "filed_at": "2026-11-02 08:10:00",
        "due_at": "2026-11-03 12:00:00", "community_code": HERE,
    }  # fmt: skip
    done = {"state": "已结案", "accepted_at": "2026-11-02 08:05:00",
            "closed_at": "2026-11-03 08:00:00"}  # fmt: skip
    street.load("urban_case", numbered("case_no", base, {"state": "挂账"}, done))
    street.publish(NOW)
    (flow,) = ask(street, "matter_flow", subject="urban", **MONTH)
    assert (flow["open"], flow["overdue"]) == (1, 0)
    stages = {row["stage"]: row["median_min"] for row in ask(street, "urban_stages", **MONTH)}
    assert stages == {"受理": 5.0, "立案": 5.0}


def test_whistles_come_with_the_steps_of_every_department(street):
    whistle = {"kind": "工作推进哨", "drafted_at": "2026-11-01 08:00:00"}
    street.load(
        "whistle",
        numbered(
            "whistle_no",
            whistle,
            {"blown_at": "2026-11-02 09:00:00", "closed_at": "2026-11-09 09:00:00"},
            {"blown_at": "2026-11-01 09:00:00"},
        ),
    )
    step = {"blown_at": "2026-11-01 09:00:00", "whistle_no": "N1", "updated_at": UPDATED}
    street.load(
        "whistle_department",
        [
            {**step, "department": "市监", "signed_at": "2026-11-01 09:30:00"},
            {**step, "department": "城管", "leads": "true", "arrived_at": "2026-11-02 09:00:00"},
        ],
    )
    street.publish(NOW)
    rows = ask(street, "whistle_list", limit=5)
    assert [(r["whistle_no"], r["department"]) for r in rows] == [
        ("N1", "城管"), ("N1", "市监"), ("N0", None)
    ]  # fmt: skip
    assert (rows[1]["sign_min"], rows[0]["arrive_hours"]) == (30.0, 24.0)


def test_spots_of_land_have_a_place_and_a_stage(street):
    base = {"found_at": "2026-11-02 08:00:00", "lng": "118.99", "lat": "31.55", "area_m2": "40"}
    checked = {"checked_at": "2026-11-04 08:00:00"}
    street.load(
        "land_clue",
        numbered(
            "clue_no",
            base,
            {},
            {**checked, "verdict": "已批"},
            {**checked, "verdict": "未批先建"},
            {**checked, "verdict": "历史存量", "demolished_at": "2026-11-09 08:00:00",
             "demolished_m2": "40"},
            {**checked, "verdict": "未批先建", "cleared_at": "2026-11-09 08:00:00"},
            {**checked, "verdict": "未批先建", "found_at": "2026-08-09 08:00:00",
             "cleared_at": "2026-11-09 08:00:00"},
        ),
    )  # fmt: skip
    street.load(
        "land_flight",
        [{"flight_no": "HC1", "flown_at": "2026-11-03 09:00:00", "area_km2": "38", "spots": "6",
          "updated_at": UPDATED}],
    )  # fmt: skip
    street.publish(NOW)
    stages = {r["clue_no"]: r["stage"] for r in ask(street, "land_clues", limit=50, **MONTH)}
    assert stages == {"N0": "疑似", "N1": "核查", "N2": "属实", "N3": "拆除", "N4": "销号"}
    (funnel,) = ask(street, "land_funnel", **MONTH)
    assert funnel == {
        "found": 5, "checked": 4, "confirmed": 3, "confirmed_new": 2, "confirmed_old": 1,
        "demolished": 1, "cleared": 1, "demolished_m2": 40.0,
    }  # fmt: skip
    assert ask(street, "land_flights", limit=3)[0]["spots"] == 6


def test_enforcement_stages_count_what_nears_its_ninety_days(street):
    base = {"procedure": "普通程序", "state": "调查取证", "filed_at": "2026-08-20 08:00:00"}
    street.load(
        "enforcement_case",
        numbered(
            "case_no",
            base,
            {"decision_due_on": "2026-11-30"},
            {"decision_due_on": "2026-11-20"},
            {"decision_due_on": "2026-11-20", "decided_at": "2026-11-19 08:00:00",
             "state": "已决定"},
            {"closed_at": "2026-11-20 08:00:00", "state": "已结案"},
        ),
    )  # fmt: skip
    street.publish(NOW)
    assert ask(street, "enforcement_stages") == [
        {"stage": "调查取证", "cases": 2, "due_soon": 1, "overdue": 1},
        {"stage": "已决定", "cases": 1, "due_soon": 0, "overdue": 0},
    ]


def test_cameras_that_are_off_come_first_with_how_long(street):
    camera = {"owner": "街道综治中心", "community_code": HERE, "lng": "118.99", "lat": "31.55"}
    street.load(
        "street_camera",
        [
            {**camera, "camera_no": f"3201170001132{n:07}", "state": state, "changed_at": at}
            for n, (state, at) in enumerate(
                [("在线", "2026-11-20 08:00:00"), ("离线", "2026-11-23 11:00:00"),
                 ("离线", "2026-11-22 12:00:00")]
            )
        ],
    )  # fmt: skip
    street.publish(NOW)
    rows = ask(street, "camera_list", limit=5)
    assert [row["offline_s"] for row in rows] == [86_400, 3_600, None]
    (counts,) = ask(street, "camera_counts")
    assert (counts["registered"], counts["online"]) == (3, 1)
    assert counts["oldest_off_at"] == datetime(2026, 11, 22, 12)


def test_people_and_services_are_told_as_sums(street):
    count = {"counted_on": "2026-11-16", "community_code": HERE}
    street.load(
        "population_count",
        [
            {**count, "category_code": "01", "quantity": "6200", "suppressed": "false"},
            {**count, "category_code": "09", "suppressed": "true"},
            {**count, "category_code": "01", "counted_on": "2026-11-09", "quantity": "6100",
             "suppressed": "false"},
        ],
    )  # fmt: skip
    service = {"accepted_at": "2026-11-02 08:00:00", "due_at": "2026-11-05 17:30:00",
               "theme": "社会保险", "item_name": "参保登记", "version_no": "1"}  # fmt: skip
    street.load(
        "service_case",
        numbered(
            "case_no",
            service,
            {"closed_at": "2026-11-05 17:00:00", "rating": "5", "wait_minutes": "4"},
            {"closed_at": "2026-11-06 17:00:00", "rating": "2", "wait_minutes": "8"},
            {},
        ),
    )
    civil = {"kind": "高龄津贴", "applied_on": "2026-11-02"}
    street.load(
        "civil_service",
        numbered(
            "service_no", civil, {"result": "同意", "decided_on": "2026-11-09"},
            {"result": "撤回", "decided_on": "2026-11-03"}, {},
        ),
    )  # fmt: skip
    street.publish(NOW)
    people = ask(street, "people_counts", last=date(2026, 11, 30))
    assert [(r["category_code"], r["quantity"], r["suppressed"]) for r in people] == [
        ("01", 6200, False), ("09", None, True)
    ]  # fmt: skip
    (item,) = ask(street, "service_items", **MONTH)
    assert item == {
        "theme": "社会保险", "item": "参保登记", "accepted": 3, "closed": 2, "on_time": 1,
        "rated": 2, "good": 1, "wait_min": 6.0,
    }  # fmt: skip
    (kind,) = ask(street, "civil_kinds", **MONTH)
    assert (kind["applied"], kind["decided"], kind["approved"]) == (3, 2, 1)
    assert (kind["withdrawn"], kind["waiting"]) == (1, 1)


def test_what_devices_stations_and_stores_said_last(street):
    air = {"station": "A", "item": "a34004", "item_name": "PM2.5", "span": "小时",
           "updated_at": UPDATED}  # fmt: skip
    street.load(
        "env_reading",
        [{**air, "observed_at": f"2026-11-23 {h:02}:00:00", "value": str(h)} for h in (8, 9)],
    )
    street.load(
        "straw_fire_alarm",
        numbered("alarm_no", {"alarmed_at": "2026-11-02 08:00:00", "lng": "118.9", "lat": "31.5"},
                 {"state": "新报警"}),
    )  # fmt: skip
    street.load(
        "iot_event",
        numbered("event_no", {"occurred_at": "2026-11-02 08:00:00", "kind": "烟感"},
                 {}, {"recovered_at": "2026-11-02 09:00:00"}),
    )  # fmt: skip
    street.load(
        "iot_beat",
        [{"device_no": f"D{n}", "kind": "烟感", "beat_at": at} for n, at in enumerate(
            ("2026-11-23 11:00:00", "2026-11-23 09:00:00", "2026-11-01 09:00:00"))],
    )  # fmt: skip
    pump = {"station": "P", "pumps_on": "1", "pumps_all": "2"}
    street.load(
        "pump_reading",
        [{**pump, "observed_at": f"2026-11-23 {h:02}:00:00", "flow_m3s": str(h)} for h in (8, 9)],
    )
    supply = {"store_code": "S1", "quota": "10", "updated_at": UPDATED}
    street.load(
        "flood_supply",
        [
            {**supply, "item_code": "A", "qty": "10"},
            {**supply, "item_code": "B", "qty": "9"},
            {**supply, "item_code": "C", "qty": "9", "quota": None},
        ],
    )
    street.load(
        "flood_team",
        [{"team_code": "T1", "state": "待命", "updated_at": UPDATED},
         {"team_code": "T2", "state": "出动", "updated_at": UPDATED}],
    )  # fmt: skip
    street.publish(NOW)
    assert [row["value"] for row in ask(street, "env_latest")] == [9.0]
    assert ask(street, "straw_alarms", limit=5, **MONTH)[0]["lng"] == 118.9
    assert [row["event_no"] for row in ask(street, "iot_open", limit=5)] == ["N0"]
    assert ask(street, "iot_devices") == [{"kind": "烟感", "devices": 2, "alive": 1}]
    assert [row["flow_m3s"] for row in ask(street, "pump_latest")] == [9.0]
    assert [row["qty"] for row in ask(street, "supplies_short")] == [9.0]
    stock = ask(street, "supply_stock")  # of what has a quota, as the metric counts it
    assert [(row["item_code"], row["qty"]) for row in stock] == [("A", 10.0), ("B", 9.0)]
    assert len(stock) == street.ask("supplies_ready").denominator
    assert not any("keeper" in name for name in stock[0])
    assert [row["team_code"] for row in ask(street, "team_states")] == ["T2", "T1"]


def test_a_matter_is_linked_by_number_first_and_by_likeness_as_possible(street):
    """Shown as linked from both sides, never merged."""
    place = {"community_code": HERE, "grid_code": HERE + "001", "class_name": "占道经营",
             "updated_at": UPDATED}  # fmt: skip
    street.load(
        "hotline_order",
        [
            {**place, "order_no": "NJ1", "received_at": "2026-11-03 08:00:00"},
            {**place, "order_no": "NJ2", "received_at": "2026-11-03 09:00:00",
             "merged_into": "NJ1", "grid_code": None},
        ],
    )  # fmt: skip
    event = {**place, "reported_at": "2026-11-03 10:00:00"}
    street.load(
        "grid_event",
        [
            {**event, "event_no": "SJ1"},
            {**event, "event_no": "SJ2", "reported_at": "2026-11-06 08:00:01"},
            {**event, "event_no": "SJ3", "class_name": "暴露垃圾"},
        ],
    )
    street.load("urban_case", [{**place, "case_no": "CG1", "reported_at": "2026-11-01 08:00:00"}])
    order = {"created_at": "2026-11-03 11:00:00", "updated_at": UPDATED}
    street.load(
        "linkage_order",
        [
            {**order, "dispatch_no": "LD1", "source_no": "NJ1", "incident_no": "EV1"},
            {**order, "dispatch_no": "LD2", "source_no": "XX9", "incident_no": "EV1"},
        ],
    )
    street.publish(NOW)

    def links(platform, key):
        found = ask(street, "matter_links", source=platform, key=key)
        return [(row["key"], row["rule"], row["confidence"]) for row in found]

    near = "同网格同类三日内"
    assert links("hotline_12345", "NJ1") == [
        ("NJ2", "并单", 1.0), ("LD1", "来源单号", 1.0), ("SJ1", near, 0.7), ("CG1", near, 0.5)
    ]  # fmt: skip
    assert links("linkage", "LD1") == [("NJ1", "来源单号", 1.0), ("LD2", "同一事件", 1.0)]
    assert links("hotline_12345", "NJ2") == [("NJ1", "并单", 1.0)]
    assert links("grid_event", "SJ2") == []
    assert links("grid_event", "SJ1") == [("NJ1", near, 0.7), ("CG1", near, 0.5)]


def test_the_links_of_a_matter_are_found_in_little_memory_among_many_matters(street):
    """A page that was opened before a publish is answered by a reader of 64 MB."""
    street.sql(
        "INSERT INTO core.hotline_order (source, order_no, received_at, updated_at, state,"
        " unit_main, merged_into) SELECT 'hotline_12345', 'N' || i,"
        " TIMESTAMP '2024-01-01 09:00:00' + to_minutes(i), TIMESTAMP '2026-11-04 09:00:00',"
        " '办理中，已转有关单位' || i, '一个名字很长的承办单位' || i,"
        " CASE WHEN i = 7 THEN 'N8' END FROM range(300000) AS t(i)"
    )
    street.publish(NOW)
    small = Reader(street.var, memory="64MB")
    try:
        found = small.query("matter_links", {"source": "hotline_12345", "key": "N8"}).to_pylist()
    finally:
        small.close()
    assert [(row["key"], row["rule"]) for row in found] == [("N7", "并单")]
