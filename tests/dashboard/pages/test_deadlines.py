from datetime import date, datetime

import pytest

from dashboard.pages.deadlines import deadline

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
