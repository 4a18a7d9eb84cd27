"""A drill is marked as one, stands beside the real alarm, and ends by itself."""

from datetime import datetime, timedelta

import pytest

from cases import alarms, arrival, audit, drill
from cases.__main__ import main
from cases.arrival import Received
from cases.errors import NotAllowed, NotKnown
from cases.flood_track import Reading
from cases.schema import utc
from cases.store import migrate, open_store
from config import clock

NOW = utc(datetime(2026, 7, 11, 2, 0))
TEN = timedelta(minutes=10)
RIVER = "3201170006"


def test_a_drill_is_raised_at_the_limit_that_is_named_and_is_over_when_its_time_is(store):
    made = drill.start(store, "兰台桥站", "guarantee", TEN, "王值班", NOW)
    assert (made.drill, made.subject, made.rank, made.state) == (True, RIVER, 2, "raised")
    assert (made.threshold, made.value, made.is_loud) == (10.0, 10.08, True)
    assert "演练" in alarms.events(store, made.id)[0].note
    assert [one.id for one in alarms.open_alarms(store, NOW + TEN - timedelta(seconds=1))] == [1]
    assert alarms.open_alarms(store, NOW + TEN) == []
    assert audit.find(store, 1)[0].event == "alarm.drill"


def test_a_drill_can_be_acknowledged_like_any_alarm(store):
    made = drill.start(store, RIVER, "warning", TEN, "王值班", NOW)
    assert alarms.acknowledge(store, made.id, "李值班", NOW).state == "acknowledged"


def test_real_water_is_judged_beside_a_drill_as_if_there_were_none(store):
    drill.start(store, RIVER, "warning", TEN, "王值班", NOW)
    with clock.frozen(NOW):
        for n, level in enumerate((9.1, 9.2)):
            at = datetime(2026, 7, 11, 1, 50 + 5 * n)
            arrival.judge(store, [Reading(RIVER, at, level)], Received(NOW))
    found = alarms.open_alarms(store, NOW)
    assert sorted(one.drill for one in found) == [False, True]


def test_one_station_has_one_drill_at_a_time(store):
    drill.start(store, RIVER, "warning", TEN, "王值班", NOW)
    with pytest.raises(NotAllowed, match="已有演练"):
        drill.start(store, RIVER, "warning", TEN, "王值班", NOW)


@pytest.mark.parametrize(
    ("station", "limit", "minutes", "by", "error", "said"),
    [
        ("无此站", "warning", 10, "王", NotKnown, "兰台桥站"),
        (RIVER, "tide", 10, "王", NotKnown, "guarantee"),
        (RIVER, "warning", 0, "王", NotAllowed, "1 到 240"),
        (RIVER, "warning", 241, "王", NotAllowed, "1 到 240"),
        (RIVER, "warning", 10, " ", NotAllowed, "署名"),
    ],
)
def test_what_cannot_be_practised_is_refused_with_what_can(
    store, station, limit, minutes, by, error, said
):
    with pytest.raises(error, match=said):
        drill.start(store, station, limit, timedelta(minutes=minutes), by, NOW)


def test_the_command_raises_one_and_refuses_in_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    migrate(open_store())
    with clock.frozen(NOW):
        assert main(["drill", "兰台桥站", "--minutes", "5", "--by", "王值班"]) == 0
        assert capsys.readouterr().out == "drill 1 at 3201170006 is on until 02:05\n"
        assert main(["drill", "兰台桥站", "--by", "王值班"]) == 2
        assert "已有演练" in capsys.readouterr().err
