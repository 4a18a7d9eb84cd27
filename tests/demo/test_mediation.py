"""The mediation pair of the public report, counted from the generator's own rows."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from demo import mediation
from demo.mediation import CENTRE, UNIT
from demo.town import Town

LEFT_OUT = ("并案", "撤回")
ANCHORS = (
    "2025-01-01", "2026-03-15", "2028-02-29", "2026-09-29", "2026-09-30", "2026-10-01",
    "2026-11-23", "2026-12-31",
)  # fmt: skip
LATER = (0, 1, 31, 180, 311, 312, 400, 700)


def rows_at(town, moment):
    return [
        c.row(moment) for c in mediation.cases_until(town, moment.date()) if c.times[0] <= moment
    ]


def last_finished(day):
    """The last January to September that was over on this day."""
    year = day.year if day.month >= 10 else day.year - 1
    return datetime(year, 1, 1), datetime(year, 10, 1)


def pairs(rows, line, start, end):
    own = [row for row in rows if row["承办线"] == line]
    cohort = [r for r in own if r.get("受理时间") and start <= r["受理时间"] < end]
    counted = [r for r in cohort if r.get("办结方式") not in LEFT_OUT]
    closed_of_cohort = sum(r.get("办结方式") == "完结" for r in counted)
    closed_in_period = sum(
        r.get("办结方式") == "完结" and start <= r["办结时间"] < end for r in own
    )
    return len(counted), closed_of_cohort, closed_in_period, len(cohort) - len(counted)


@pytest.mark.parametrize("anchor", ANCHORS)
def test_the_last_finished_nine_months_give_the_public_pair_on_any_later_day(anchor):
    founded = date.fromisoformat(anchor)
    town = Town(founded)
    for days in LATER:
        day = founded + timedelta(days=days)
        for clock_time in ("00:00:30", "23:59:59"):
            moment = datetime.fromisoformat(f"{day}T{clock_time}")
            rows = rows_at(town, moment)
            start, end = last_finished(day)
            assert pairs(rows, CENTRE, start, end) == (90, 65, 65, 3), (anchor, moment)
            assert pairs(rows, UNIT, start, end) == (143, 139, 139, 2), (anchor, moment)


@pytest.mark.parametrize("anchor", ["2025-01-01", "2026-09-30", "2026-10-01", "2028-02-29"])
def test_every_day_of_the_turning_weeks_gives_the_pair(anchor):
    founded = date.fromisoformat(anchor)
    town = Town(founded)
    for days in range(40):
        day = founded + timedelta(days=days)
        rows = rows_at(town, datetime.combine(day, datetime.max.time()))
        start, end = last_finished(day)
        assert pairs(rows, CENTRE, start, end)[:3] == (90, 65, 65)
        assert pairs(rows, UNIT, start, end)[:3] == (143, 139, 139)


def test_an_earlier_year_has_other_figures(town):
    rows = rows_at(town, datetime(2025, 12, 31))
    start, end = datetime(2025, 1, 1), datetime(2025, 10, 1)
    assert pairs(rows, CENTRE, start, end)[:3] == (96, 62, 62)
    assert pairs(rows, UNIT, start, end)[:3] == (131, 121, 121)


def test_what_is_carried_over_closes_in_october_to_december_only(town):
    for year in range(2024, 2029):
        for case in mediation.cases_of_year(town, year):
            row = case.row(datetime(2040, 1, 1))
            accepted, closed = row.get("受理时间"), row["办结时间"]
            if accepted is None:
                continue
            nine_months = accepted.month <= 9
            same_stretch = closed.year == accepted.year and (closed.month <= 9) == nine_months
            next_quarter = closed.year == accepted.year + 1 and closed.month >= 10
            assert same_stretch or next_quarter, row


def test_the_flow_balances_in_every_month_and_line(town):
    def flow(line, start, end):
        rows = [r for r in rows_at(town, datetime(2027, 6, 1)) if r["承办线"] == line]
        rows = [r for r in rows if r.get("受理时间")]

        def stock(moment):
            accepted = [r for r in rows if r["受理时间"] < moment]
            return sum(not r.get("办结时间") or r["办结时间"] >= moment for r in accepted)

        accepted = sum(start <= r["受理时间"] < end for r in rows)
        over = [r for r in rows if r.get("办结时间") and start <= r["办结时间"] < end]
        withdrawn = sum(r["办结方式"] in LEFT_OUT for r in over)
        assert stock(start) + accepted - (len(over) - withdrawn) - withdrawn == stock(end)

    for line in (CENTRE, UNIT):
        for month in range(1, 13):
            end = datetime(2026 + month // 12, month % 12 + 1, 1)
            flow(line, datetime(2026, month, 1), end)


def test_four_resident_units_carry_most_of_the_units_line(town, now):
    rows = [r for r in rows_at(town, now) if r["承办线"] == UNIT and r.get("承办单位")]
    units = Counter(r["承办单位"] for r in rows)
    resident = sum(units[u] for u in ("派出所", "司法所", "信访办", "洪蓝法庭"))
    assert resident / len(rows) > 0.6
    assert len(units) >= 9
    assert {"警调", "诉调", "访调", "专调"} <= {r["联动方式"] for r in rows}


def test_nothing_that_happens_later_is_visible(town, now):
    for row in rows_at(town, now):
        for value in row.values():
            if isinstance(value, datetime) and value != row.get("应办结时间"):
                assert value <= now, row


def test_every_case_moves_forward_in_time_and_its_update_moves_with_it(town):
    for case in mediation.cases_of_year(town, 2026):
        assert list(case.times) == sorted(case.times)
        for moment in case.times:
            assert case.row(moment)["更新时间"] == moment


def test_the_same_town_draws_the_same_cases():
    one = mediation.cases_of_year(Town(date(2026, 11, 23)), 2025)
    mediation.cases_of_year.cache_clear()
    assert mediation.cases_of_year(Town(date(2026, 11, 23)), 2025) == one
