"""Many alarms at once: in groups by rank, kind and place, none lost, the worst first."""

from hypothesis import given
from hypothesis import strategies as st

from config.platforms import load_platforms
from config.thresholds import load_thresholds
from dashboard.alarm_groups import MOST_GROUPS, grouped, place_of
from dashboard.wall.choosing import choose
from dashboard.wall.others import others
from tests.dashboard.wall.test_wall_choosing import NOW, alarm

RIVERS = ("胭脂河", "梅溪", "石臼湖")
KINDS = st.sampled_from(["flood", "platform", "heartbeat", "storage", "station"])


def river(one):
    return RIVERS[one.id % 3] if one.kind == "flood" else ""


def test_alarms_of_one_rank_kind_and_water_are_one_group_that_says_how_many_wait():
    known = alarm(4, 3, state="acknowledged", acknowledged_at=NOW)
    found = grouped([alarm(1, 3), known, alarm(2, 3), alarm(6, 2)], river)
    told = [(each.rank, each.words, each.counted) for each in found]
    assert told == [
        (2, "水情 · 胭脂河", "1 项，未确认 1"),
        (3, "水情 · 梅溪", "2 项，未确认 1"),
        (3, "水情 · 石臼湖", "1 项，未确认 1"),
    ]


def test_a_drill_is_never_counted_with_real_alarms_and_comes_after_them():
    drills = [alarm(n, 1, drill=True) for n in (1, 4)]
    found = grouped([*drills, alarm(7, 1), alarm(10, 3)], river)
    assert [(each.rank, each.words, len(each.alarms)) for each in found] == [
        (1, "水情 · 梅溪", 1),
        (3, "水情 · 梅溪", 1),
        (1, "演练 水情 · 梅溪", 2),
    ]


@given(
    given_=st.lists(
        st.tuples(st.integers(1, 4), KINDS, st.sampled_from(["raised", "acknowledged"])),
        max_size=120,
    ),
    waters=st.integers(1, 60),
)
def test_however_many_come_there_are_at_most_ten_groups_and_none_is_lost(given_, waters):
    every = [alarm(n, rank, kind=kind, state=state) for n, (rank, kind, state) in enumerate(given_)]
    found = grouped(every, lambda one: f"{one.id % waters} 号河")
    assert len(found) <= MOST_GROUPS
    assert sorted(one.id for each in found for one in each.alarms) == [one.id for one in every]
    waits = [each.waiting > 0 for each in found]
    assert waits == sorted(waits, reverse=True)
    for waiting in (True, False):
        ranks = [each.rank for each in found if (each.waiting > 0) == waiting]
        assert ranks == sorted(ranks)


def test_the_wall_tells_up_to_five_one_by_one_and_more_in_groups():
    thresholds, platforms = load_thresholds(), load_platforms()
    stations = [station.code for station in thresholds.stations]

    def told(count):
        every = [alarm(n, 3, subject=stations[n]) for n in range(count)]
        chosen = choose(every, thresholds.alarms, NOW)
        return chosen, others(thresholds, platforms, chosen)

    _, rows = told(5)
    assert len(rows) == 4 and all(row.count == 1 for row in rows)
    assert "未确认" in rows[0].what
    chosen, rows = told(12)
    assert len(rows) < 9 and sum(row.count for row in rows) == 11
    assert chosen.region not in chosen.others
    assert "水情 · 胭脂河" in [row.name for row in rows]
    assert place_of(thresholds)(alarm(1, 3, kind="platform", subject="gauge")) == ""
