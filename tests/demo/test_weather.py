from datetime import date, datetime, timedelta

from demo import sky, weather
from demo.town import Town


def listed(town, now, since):
    entries = weather.listing(town, now, since)
    return [weather.record(town, entry, now) for entry in entries]


def test_a_year_of_weather_looks_like_the_lower_yangtze(town):
    for number in range(2024, 2029):
        year = sky.year(town, number)
        assert 750 <= year.rain.sum() <= 1450
        assert 33 <= year.temp.max() <= 42
        assert -10 <= year.temp.min() <= 1
        summer = sum(sky.rain_on(town, date(number, 6, 1) + timedelta(n)) for n in range(92))
        assert summer > 0.35 * year.rain.sum()


def test_rain_adds_up_across_the_turn_of_the_year(town):
    turn = datetime(2026, 1, 1, 3)
    whole = sky.rain_until(town, turn, 24)
    parts = sky.rain_until(town, turn, 3) + sky.rain_until(town, datetime(2026, 1, 1), 21)
    assert abs(whole - parts) < 1e-9


def test_the_listing_is_ordered_complete_and_not_ahead_of_time(town, now):
    rows = listed(town, now, now - timedelta(days=2))
    stamps = [row["updateTime"] for row in rows]
    assert stamps == sorted(stamps)
    assert stamps[-1] <= now.isoformat()
    observed = {row["obsTime"] for row in rows if row["kind"] == "obs"}
    for n in range(12):
        assert (datetime(2026, 11, 23, 10) + n * timedelta(minutes=10)).isoformat() in observed


def test_polling_sees_every_reading_and_its_correction(town):
    seen, versions, since = {}, 0, datetime(2026, 11, 23)
    moment = datetime(2026, 11, 23, 0, 10)
    while moment < datetime(2026, 11, 26):
        for row in listed(town, moment, since - timedelta(minutes=10)):
            if row["kind"] == "obs":
                versions += seen.get(row["obsTime"], row) != row
                seen[row["obsTime"]] = row
        since = moment
        moment += timedelta(minutes=5)
    whole = listed(town, moment - timedelta(minutes=5), datetime(2026, 11, 22, 23))
    assert seen == {r["obsTime"]: r for r in whole if r["obsTime"] >= "2026-11-23"}
    assert versions > 0, "some readings were corrected"


def test_a_warning_ends_after_it_began_and_changes_its_state_when_it_ends(town):
    found = [w for n in range(2024, 2028) for w in weather.warnings(town, n)]
    assert {"暴雨", "高温", "大雾"} <= {w.kind for w in found}
    assert {w.level for w in found} <= {"蓝", "黄", "橙", "红"}
    assert len({w.number for w in found}) == len(found)
    for warning in found:
        assert warning.issued < warning.ended
    one = next(w for w in found if w.issued.year == 2026)
    held = Town(date(2026, 11, 23))
    for moment, state in ((one.issued, "发布"), (one.ended, "解除")):
        rows = listed(held, moment, one.issued)
        assert next(r for r in rows if r.get("warnId") == one.number)["state"] == state


def test_a_warning_that_is_not_out_yet_is_not_listed(town):
    one = weather.warnings(town, 2026)[0]
    before = one.issued - timedelta(seconds=1)
    rows = listed(town, before, before - timedelta(days=3))
    assert all(row.get("warnId") != one.number for row in rows)
