from datetime import date, datetime

import pytest

from dashboard.pages import case, case_address
from dashboard.pages.case_facts import facts
from dashboard.pages.state import State, parse
from dashboard.panels import lanes
from warehouse.read import ColumnInfo, Matter, Steps

NOW = datetime(2026, 9, 30, 9, 44)


def column(name, label, kind="timestamp"):
    return ColumnInfo(name, label, kind, "")


def matter(fact="hotline_order", **more):
    columns = [
        column("received_at", "受理时间"),
        column("due_at", "应办结时间"),
        column("closed_at", "办结时间"),
        column("decision_due_on", "决定期限", "date"),
        column("unit_main", "主办单位", "text"),
    ]
    row = {"received_at": datetime(2026, 9, 1, 8), "due_at": datetime(2026, 9, 11, 17, 30),
           "closed_at": None, "decision_due_on": None, "unit_main": "建管中心"}  # fmt: skip
    return Matter("demo:x", "A1", fact, columns, {**row, **more})


def test_a_case_has_two_clocks_and_a_deadline():
    found = facts(matter())
    assert (found.days(NOW), found.workday(NOW), found.limit_days()) == (29, 21, 10)
    assert found.unit == "建管中心" and found.due == datetime(2026, 9, 11, 17, 30)


def test_a_closed_case_stops_both_clocks():
    found = facts(matter(closed_at=datetime(2026, 9, 4, 9)))
    assert (found.days(NOW), found.workday(NOW)) == (3, 3)


def test_a_day_as_a_deadline_lasts_until_its_end():
    found = facts(matter("enforcement_case", decision_due_on=date(2026, 11, 30)))
    assert found.due == datetime(2026, 11, 30, 23, 59, 59)


DAY = datetime(2026, 9, 1, 9)


@pytest.mark.parametrize(
    ("fact", "row", "said", "unsaid"),
    [
        ("land_clue", {"checked_at": DAY, "check_due_at": DAY, "found_at": DAY, "state": "催告"},
         "尚未办结，已核查", "超期"),
        ("land_clue", {"check_due_at": DAY, "found_at": DAY, "state": "待核查"},
         "超期 29 天", "已核查"),
        ("enforcement_case", {"decision_due_on": DAY.date(), "decided_at": DAY, "filed_at": DAY},
         "尚未办结，已决定", "超期"),
        ("enforcement_case", {"filed_at": DAY, "procedure": "简易程序"}, "没有期限", "超期"),
        ("grid_event", {"reported_at": DAY, "handled_at": DAY, "due_at": DAY, "state": "待核查"},
         "超期 29 天", "办结09"),
        ("safety_hazard", {"found_at": DAY, "due_on": DAY.date(), "state": "整改中"},
         "超期 28 天", "没有期限"),
        ("safety_hazard", {"found_at": DAY, "due_on": DAY.date(), "fixed_at": DAY, "passed": False},
         "超期 28 天", "09:00 办结"),
        ("urban_case", {"reported_at": DAY, "due_at": DAY, "state": "挂账"},
         "尚未办结，挂账", "超期"),
        ("whistle", {"blown_at": DAY, "report_due_at": DAY, "state": "处置中"},
         "尚未办结，已报到", "超期"),
        ("whistle", {"drafted_at": DAY, "state": "待审核"}, "尚未计入在办", "尚未办结"),
        ("hotline_order", {"received_at": DAY, "due_at": DAY, "state": "已退单"},
         "已了结", "超期"),
        ("street_camera", {"changed_at": DAY, "state": "离线"}, "没有期限", "办结"),
    ],
)  # fmt: skip
def test_a_page_calls_a_case_late_and_closed_as_its_list_does(
    served, words, nodes, monkeypatch, fact, row, said, unsaid
):
    """What meets or holds a deadline, what closes a case and what does not."""
    columns = [column(name, name, "date" if name.endswith("_on") else "timestamp") for name in row]
    found = Matter("demo:x", "A1", fact, columns, row)
    monkeypatch.setattr(type(served.town), "case", lambda *_, **__: found)
    _, head, body, *_ = served.render.page(served.pages, parse("/case/demo:x/A1", ""))
    panel = next(n for n in nodes(body) if "case-facts" in str(getattr(n, "className", "")))
    text = words(head) + words(panel)
    assert said in text and unsaid not in text


def test_times_of_the_row_are_its_events_and_limits_are_marked():
    events = facts(matter(closed_at=datetime(2026, 9, 20, 9))).events
    assert [(event.what, event.deadline) for event in events] == [
        ("受理", False), ("应办结", True), ("办结", False),
    ]  # fmt: skip


def test_the_platforms_own_steps_replace_the_times_of_the_row():
    steps = Steps(
        [column("seq", "序号", "integer"), column("action", "操作", "text"),
         column("occurred_at", "操作时间"), column("unit", "操作单位", "text")],
        [{"seq": 1, "action": "派单", "occurred_at": datetime(2026, 9, 1, 9), "unit": "热线办"}],
    )  # fmt: skip
    case_ = Matter("s", "k", "x", matter().columns, matter().row, {"x_event": steps})
    events = facts(case_).events
    assert [(event.what, event.by) for event in events] == [("派单", "热线办"), ("应办结", "")]


def test_a_number_with_other_signs_stands_in_the_query():
    address = case.href("demo:enforcement", "溧洪综执〔2026〕1号")
    path, _, search = address.partition("?")
    assert path == "/case/demo:enforcement/-"
    assert case_address.asked(parse(path, search)) == ("demo:enforcement", "溧洪综执〔2026〕1号")
    assert case_address.asked(State(case.href("demo:x", "A-1"))) == ("demo:x", "A-1")


@pytest.mark.parametrize("path", ["/case", "/case/a", "/case/a/b/c", "/case//b", "/hotline"])
def test_other_addresses_are_no_cases(path):
    assert not case.owns(path)


def test_a_case_that_is_not_there_says_so(served, words):
    _, head, body, *_ = served.render.page(served.pages, parse("/case/demo:hotline_12345/X1", ""))
    assert "X1" in words(head) and "没有这个案件" in words(body)
    assert "里没有编号 X1" in words(body)
    _, _, body, *_ = served.render.page(served.pages, parse("/case/nowhere/X1", ""))
    assert "来源“nowhere”不存在" in words(body)


def test_a_case_shows_its_clock_its_events_and_its_record(served, words):
    key = next(row["key"] for row in served.town.hotline if row["closed_at"] is None)
    path = f"/case/demo:hotline_12345/{key}"
    _, head, body, *_ = served.render.page(served.pages, parse(path, ""))
    text = words(head) + words(body)
    assert "✓ 直接引用" in text and "? 0.70 待确认" in text and "内容不在您的权限内" in text
    assert key in text and "自然日" in text and "经过" in text and "登记内容" in text


def test_the_axis_reaches_the_present_while_something_is_to_come():
    first, last = lanes.bounds([datetime(2026, 9, 1), datetime(2026, 10, 8)], NOW)
    assert first < datetime(2026, 9, 1) and last > datetime(2026, 10, 8)
    _, last = lanes.bounds([datetime(2025, 1, 1), datetime(2025, 1, 9)], NOW)
    assert last < datetime(2025, 2, 1)
