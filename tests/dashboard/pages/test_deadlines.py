from datetime import date, datetime, timedelta

import pytest

from dashboard import wording
from dashboard.pages.deadlines import deadline
from dashboard.pages.due import due_state, left_words, overdue_words

DUE = datetime(2026, 9, 11, 17, 30)


@pytest.mark.parametrize(
    ("metric", "row", "expected"),
    [
        ("grid_open", {"due_at": DUE}, DUE),
        ("urban_open", {"due_at": DUE, "state": "处置中"}, DUE),
        ("urban_open", {"due_at": DUE, "state": "挂账"}, None),
        ("whistle_open", {"report_due_at": DUE, "state": "已签收"}, DUE),
        ("whistle_open", {"report_due_at": DUE, "state": "处置中"}, None),
        ("land_open", {"check_due_at": DUE, "checked_at": None}, DUE),
        ("land_open", {"check_due_at": DUE, "checked_at": DUE}, None),
        ("hazard_open", {"due_on": date(2026, 9, 11)}, datetime(2026, 9, 11, 23, 59, 59)),
        ("enforcement_open", {"decision_due_on": None}, None),
    ],
)
def test_a_deadline_presses_only_while_nothing_meets_or_holds_it(metric, row, expected):
    assert deadline(metric).of(row) == expected


@pytest.mark.parametrize("late", [timedelta(days=1, hours=23, minutes=52), timedelta(days=12)])
def test_an_overdue_matter_is_as_late_in_its_list_as_on_home_and_on_the_wall(late):
    now = DUE + late
    listed = left_words(DUE, now, due_state(DUE, now), "办理中")
    assert listed == overdue_words(late) == f"超期 {late.days} 天"
    if late > timedelta(days=2):
        assert wording.remaining(-late) == f"超 {late.days} 天"


def test_what_became_overdue_today_says_the_hours():
    assert left_words(DUE, DUE + timedelta(hours=3, minutes=5), "over", "") == "超期 3 时 5 分"
