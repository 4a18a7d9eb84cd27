"""What the figures of mediation, gauges and platforms count."""

from datetime import date, datetime, timedelta

import pytest

from config import clock

NOW = datetime(2026, 11, 23, 12, 0)
YEAR = (date(2026, 1, 1), date(2026, 9, 30))


def lines(answer):
    return {point.key: (point.numerator, point.denominator) for point in answer.series}


def test_both_lines_give_the_published_pairs_and_are_never_added(town, case):
    rows = [case(n, closed_at="2026-03-02 09:00:00", close_kind="完结") for n in range(65)]
    rows += [case(n) for n in range(65, 90)]
    rows += [case(n, line="unit", closed_at="2026-03-02 09:00:00") for n in range(100, 239)]
    rows += [case(n, line="unit") for n in range(239, 243)]
    town.load("mediation_case", rows)
    town.publish()
    answer = town.ask("mediation_completion_rate", *YEAR)
    assert (answer.value, answer.numerator, answer.denominator) == (None, None, None)
    assert lines(answer) == {"centre": (65, 90), "unit": (139, 143)}
    assert town.ask("mediation_completion_rate", *YEAR, line="unit").value == pytest.approx(
        139 / 143
    )
    assert lines(town.ask("mediation_accepted", *YEAR)) == {"centre": (90, 90), "unit": (143, 143)}
    assert lines(town.ask("mediation_closed", *YEAR)) == {"centre": (65, 65), "unit": (139, 139)}
    assert lines(town.ask("mediation_open", *YEAR)) == {"centre": (25, 25), "unit": (4, 4)}


def test_a_cohort_is_told_as_it_stood_at_an_earlier_moment(town, case):
    town.load(
        "mediation_case",
        [
            case(1, closed_at="2026-03-02 09:00:00"),
            case(2, closed_at="2026-11-02 09:00:00"),
            case(3),
        ],
    )
    town.publish()
    rate = "mediation_completion_rate"
    assert lines(town.ask(rate, *YEAR))["centre"] == (2, 3)
    then = town.ask(rate, *YEAR, known_by=datetime(2026, 11, 2, 8, 59))
    assert lines(then)["centre"] == (1, 3)
    at = town.ask(rate, *YEAR, line="centre", by="month", known_by=datetime(2026, 11, 2, 9))
    assert sum(point.numerator for point in at.series) == 2
    # a rate of what was closed in the period has no later cases to leave out
    days = town.ask("mediation_closed", *YEAR, known_by=datetime(2026, 1, 1))
    assert lines(days)["centre"] == (1, 1)


def test_merged_and_withdrawn_disputes_are_left_out_with_their_reason(town, case):
    town.load(
        "mediation_case",
        [
            case(1, closed_at="2026-03-02 09:00:00", close_kind="完结"),
            case(2, closed_at="2026-03-02 09:00:00", close_kind="并案"),
            case(3, closed_at="2026-03-02 09:00:00", close_kind="撤回"),
            case(4, closed_at="2026-03-02 09:00:00", close_kind="不予受理"),
        ],
    )
    town.publish()
    answer = town.ask("mediation_completion_rate", *YEAR, line="centre")
    assert (answer.numerator, answer.denominator) == (1, 1)
    assert answer.excluded == {"不予受理": 1, "并案": 1, "撤回": 1}


def test_success_is_of_those_settled_or_failed_only(town, case):
    town.load(
        "mediation_case",
        [
            case(1, closed_at="2026-03-02 09:00:00", result="调解成功"),
            case(2, closed_at="2026-03-03 09:00:00", result="调解不成功"),
            case(3, closed_at="2026-03-04 09:00:00", result="引导诉讼仲裁"),
        ],
    )
    town.publish()
    answer = town.ask("mediation_success_rate", *YEAR, line="centre")
    assert (answer.numerator, answer.denominator) == (1, 2)
    assert answer.excluded == {"引导诉讼仲裁": 1}


def test_mediation_days_are_a_median_by_line(town, case):
    town.load(
        "mediation_case",
        [
            case(1, closed_at="2026-02-04 09:00:00"),
            case(2, closed_at="2026-02-08 09:00:00"),
            case(3, line="unit", closed_at="2026-02-03 21:00:00"),
        ],
    )
    town.publish()
    answer = town.ask("mediation_days", *YEAR)
    assert answer.value is None
    assert {p.key: (p.value, p.denominator) for p in answer.series} == {
        "centre": (4.0, 2),
        "unit": (1.5, 1),
    }


def test_a_series_by_month_keeps_the_lines_apart(town, case):
    town.load("mediation_case", [case(1), case(2, "2026-03-05 09:00:00", line="unit")])
    town.publish()
    answer = town.ask("mediation_accepted", date(2026, 2, 1), date(2026, 3, 31), by="month")
    assert [(p.key, p.value) for p in answer.series] == [
        ("centre/2026-02", 1),
        ("centre/2026-03", 0),
        ("unit/2026-02", 0),
        ("unit/2026-03", 1),
    ]


def reading(at: str, level: float | None, station: str = "3201170001") -> dict[str, str | None]:
    text = None if level is None else str(level)
    return {"station": station, "observed_at": at, "level_m": text}


def test_a_station_is_over_from_the_reading_that_reaches_its_warning_level(town):
    town.load(
        "gauge_reading",
        [
            reading("2026-11-22 08:00:00", 10.39),
            reading("2026-11-22 09:00:00", 10.40),
            reading("2026-11-23 10:00:00", 10.39),
            reading("2026-11-22 09:00:00", 1.0, "3201170002"),
        ],
    )
    town.publish(NOW)
    by_day = town.ask("gauge_over_warning", date(2026, 11, 21), date(2026, 11, 23), by="day")
    assert [(p.numerator, p.denominator) for p in by_day.series] == [(0, 0), (1, 2), (0, 2)]
    assert by_day.value == 0


def test_silence_never_clears_a_station(town):
    town.load("gauge_reading", [reading("2026-11-02 08:00:00", 10.9)])
    town.publish(NOW)
    assert town.ask("gauge_over_warning").value == 1


def test_old_readings_are_held_against_the_levels_of_their_day(town):
    town.load(
        "gauge_reading",
        [reading("2016-06-01 08:00:00", 10.1), reading("2026-11-20 08:00:00", 10.1)],
    )
    town.publish(NOW)
    then = town.ask("gauge_over_warning", date(2016, 6, 1), date(2016, 6, 2))
    assert then.value == 1
    assert town.ask("gauge_over_warning").value == 0


def test_a_platform_is_fresh_for_two_cadences_after_its_last_success(town):
    with clock.frozen(NOW):
        town.warehouse.mark_success("gauge", "gauge", NOW - timedelta(minutes=10, seconds=1))
        town.warehouse.mark_success("weather", "weather", NOW - timedelta(minutes=9))
    town.publish(NOW, succeed=False)
    answer = town.ask("platform_fresh", date(2026, 11, 23), date(2026, 11, 23))
    assert (answer.value, answer.denominator) == (1, 4)
    assert answer.as_of == NOW


def test_latest_levels_carry_rise_rain_and_distance(town):
    town.load(
        "gauge_reading",
        [
            {**reading("2026-11-22 23:30:00", 9.70), "rain_mm": "5.0"},
            {**reading("2026-11-23 10:55:00", 9.80), "rain_mm": "1.0"},
            {**reading("2026-11-23 12:00:00", 10.00), "rain_mm": "0.5"},
        ],
    )
    town.publish(NOW + timedelta(minutes=1))
    first = town.reader.query("gauge_latest").to_pylist()[0]
    assert first["station"] == "3201170001"
    assert first["level_m"] == 10.0
    assert first["rise_1h_m"] == pytest.approx(0.2)
    assert first["rain_1h_mm"] == 0.5
    assert first["rain_24h_mm"] == 6.5
    assert first["to_warning_m"] == pytest.approx(0.4)


def test_the_flow_of_both_lines_balances_to_nothing(town, case):
    town.load(
        "mediation_case",
        [
            case(1, "2026-01-10 09:00:00", closed_at="2026-02-03 09:00:00"),
            case(2, "2026-01-11 09:00:00"),
            case(3, closed_at="2026-02-20 09:00:00", close_kind="撤回"),
            case(4, closed_at="2026-02-21 09:00:00"),
            case(5, close_kind="并案"),
        ],
    )
    town.publish()
    rows = town.reader.query(
        "mediation_flow", {"first": date(2026, 2, 1), "last": date(2026, 2, 28)}
    ).to_pylist()
    centre = next(row for row in rows if row["line"] == "centre")
    assert centre == {
        "line": "centre", "opening": 2, "accepted": 3, "closed": 2, "withdrawn": 2, "open": 1
    }  # fmt: skip
