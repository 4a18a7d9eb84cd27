"""What the panels of a takeover say, from an alarm's rows and the published readings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.alarm import Event
from cases.awaiting import required
from config.site import load_site
from config.thresholds import load_thresholds
from dashboard.panels import alarm_bar, alarm_curve, alarm_figures
from dashboard.wall import overlay
from dashboard.wall.arranged import fitted
from dashboard.wall.card import Feed
from dashboard.wall.choosing import choose
from dashboard.wall.plan import Plan, plan_of
from dashboard.wall.seen import Seen
from dashboard.wall.standing import region, ribbon
from dashboard.wall.terrain import load_terrain
from dashboard.wall.water import Limits
from layouts.wall import load_profiles, load_scene
from tests.dashboard.wall.test_wall_choosing import alarm

RAISED = datetime(2026, 9, 29, 18, 40, 1, tzinfo=UTC)  # 02:40:01 in the street
NOW = datetime(2026, 9, 30, 2, 46, 14)
LIMITS = Limits(8.0, 8.5, 9.3, 9.86)
HERE = (118.99, 31.53)


def event(number, kind, seconds=0, **more):
    at = RAISED + timedelta(seconds=seconds)
    given = {
        "id": number, "alarm_id": 1, "about": "flood", "subject": "3201170005", "at": at,
        "kind": kind, "by_name": "", "note": "", "rank": 3, "value": None, "observed_at": None,
        "received_at": None, "delay_ms": None,
    }  # fmt: skip
    return Event(**(given | more))


def series(*, per_hour=0.34, end=8.55, last=datetime(2026, 9, 30, 2, 40)):
    count = 144
    return tuple(
        (last - timedelta(minutes=5 * k), round(end - per_hour * min(k * 5 / 60, 2), 3))
        for k in reversed(range(count))
    )


@pytest.fixture(scope="module")
def seen():
    one = alarm(1, 3, at=RAISED, value=8.58)
    raised = event(1, "raised", value=8.55, observed_at=RAISED - timedelta(seconds=1))
    later = event(2, "reading", 300, value=8.58, observed_at=RAISED + timedelta(seconds=299))
    return Seen(
        alarm=one,
        events=(raised, later),
        name="新河闸站",
        now=NOW,
        terrain=load_terrain(load_site()),
        posts={"zhang": "值班席"},
        datum="吴淞",
        limits=LIMITS,
        series=series(),
        at=HERE,
        silent_after=timedelta(minutes=20),
    )


def facts_of(seen, *others):
    rules = load_thresholds().alarms
    return region(seen, choose([seen.alarm, *others], rules, RAISED + timedelta(minutes=6)))


def told(facts):
    return [(f.title, f.told or f.value, f.note) for f in facts["alarm_figures"].figures]


def test_the_four_figures_agree_with_each_other_and_with_the_newest_reading_of_the_alarm(seen):
    found = told(facts_of(seen))
    assert [each[:2] for each in found] == [
        ("水位", "8.58"),
        ("超警戒", "0.08"),
        ("近 1 时上涨", "0.34"),
        ("预计到保证", "04:50"),
    ]
    assert found[0][2] == "吴淞 · 02:45"
    assert found[1][2] == "警戒 8.50"


def test_no_time_is_told_when_the_water_falls_and_the_curve_says_why(seen):
    falling = replace(seen, series=series(per_hour=-0.2, end=8.6), events=seen.events[:1])
    facts = facts_of(falling)
    assert told(facts)[3][:2] == ("预计到保证", "未在上涨")
    assert facts["alarm_curve"].reach is None
    room = overlay.rooms(load_profiles()["lcd_7x3"])["alarm_curve"]
    view = alarm_curve.view(facts["alarm_curve"], room)
    assert "未在上涨" in view.basis
    assert all(one.get("line", {}).get("dash") != "dash" for one in view.figure["data"])


def test_a_gap_keeps_the_figures_says_how_long_and_takes_the_projection_away(seen):
    silent = replace(seen, now=NOW + timedelta(minutes=30))
    facts = facts_of(silent)
    first = facts["alarm_figures"].figures[0]
    assert (first.value, first.missing) == ("8.58", "数据中断 31 分")
    assert facts["alarm_figures"].muted
    assert facts["alarm_curve"].reach is None
    assert facts["alarm_figures"].figures[3].told == "无法推算"


def test_without_any_published_data_the_alarms_own_readings_remain(seen):
    facts = facts_of(replace(seen, series=()))
    assert facts["alarm_curve"].levels == (8.55, 8.58)
    assert told(facts)[0][1] == "8.58"


def test_the_response_plan_of_the_station_is_told_with_what_fits(seen):
    one = replace(seen.alarm, subject="3201170001", awaited=required("flood", "3201170001", 3))
    facts = facts_of(replace(seen, alarm=one, plan=plan_of(one)))
    assert facts["alarm_places"].total == "179 户 607 人"
    assert (facts["alarm_bar"].confirmed, facts["alarm_bar"].missing) == ("", "待防汛值班室等 3 岗")
    assert [row.wanted for row in facts["alarm_forces"].rows][:4] == ["未确认"] * 3 + [""]
    assert plan_of(replace(one, subject="none", awaited=())) == Plan()
    for profile in load_profiles().values():
        for name in ("alarm_forces", "alarm_places"):
            room = overlay.rooms(profile)[name]
            assert overlay.PANELS[name].view(facts[name], room).body


def test_the_timeline_names_posts_and_never_accounts(seen):
    done = event(3, "acknowledged", 48, by_name="zhang")
    one = replace(seen.alarm, acknowledged_at=done.at, acknowledged_by="zhang")
    steps = facts_of(replace(seen, alarm=one, events=(*seen.events, done)))["alarm_steps"]
    assert [(s.at, s.name, s.what) for s in steps.steps][-2:] == [
        ("02:40:49", "确认", "值班席"),
        ("约 04:50", "预计", "到保证"),
    ]
    assert steps.note == "确认用时 48 秒"
    assert "zhang" not in repr(steps)


def answered(alarm_, names, minutes=1):
    """The alarm once these posts and teams have answered, one minute after the other."""
    done = []
    for one in alarm_.awaited:
        if one.name in names:
            at = RAISED + timedelta(minutes=minutes + names.index(one.name))
            done.append(replace(one, at=at, by_name="zhang"))
        else:
            done.append(one)
    return replace(alarm_, awaited=tuple(done))


def test_who_has_answered_and_who_is_missing_stands_in_bar_forces_and_timeline(seen):
    one = replace(
        seen.alarm, subject="3201170001", awaited=required("flood", "3201170001", 3),
        state="acknowledged", acknowledged_at=RAISED + timedelta(minutes=1),
    )  # fmt: skip
    team = "民兵抢险突击队"
    one = answered(one, ["防汛值班室", "水务站", team])
    facts = facts_of(replace(seen, alarm=one, plan=plan_of(one)))
    assert (facts["alarm_bar"].confirmed, facts["alarm_bar"].missing) == (
        "确认 2 / 3",
        "待渔浦村确认",
    )
    rows = [(row.name, row.what, row.note, row.wanted) for row in facts["alarm_forces"].rows]
    assert rows[:4] == [
        ("渔浦村", "须知悉", "", "未确认"),
        (team, "已出动 02:43", "待命", ""),
        ("渔浦村圩堤抢险队", "巡堤、加高子埝", "渔浦村部", ""),
        ("防汛值班室", "已知悉", "02:41", ""),
    ]
    steps = [(step.at, step.name, step.what) for step in facts["alarm_steps"].steps]
    assert ("02:42:01", "知悉", "水务站") in steps and ("02:43:01", "出动", team) in steps
    assert "zhang" not in repr((facts["alarm_forces"], facts["alarm_steps"], facts["alarm_bar"]))
    waiting = ribbon(one, "蛇山站", 0)
    assert waiting.state == "02:41 已确认，待渔浦村确认"


def test_the_bar_counts_the_others_and_only_their_number_beyond_five(seen):
    more = [alarm(k, 3, at=RAISED - timedelta(minutes=k)) for k in range(2, 8)]
    assert facts_of(seen, *more[:2])["alarm_bar"].others == 2
    crowded = facts_of(seen, *more)["alarm_bar"]
    assert (crowded.others, crowded.in_all) == (0, 7)


def test_a_ribbon_says_how_an_alarm_stands(seen):
    done = RAISED + timedelta(seconds=48)
    known = replace(seen.alarm, state="acknowledged", acknowledged_by="zhang", acknowledged_at=done)
    over = replace(seen.alarm, state="cleared", cleared_at=done)
    pending = replace(seen.alarm, state="pending", raised_at=None)
    states = [ribbon(one, "新河闸站", 0) for one in (seen.alarm, known, over, pending)]
    assert [each.state for each in states] == [
        "未确认",
        "02:40 已确认",
        "已解除 02:40",
        "待核实",
    ]
    assert [each.since_ms is not None for each in states] == [True, True, False, False]
    assert states[0].where == "新河闸站 超警戒"


def test_an_alarm_that_is_not_about_water_has_figures_of_its_own(seen):
    dead = replace(
        seen.alarm, kind="heartbeat", subject="etl", limit_name="missing", rank=2, value=None
    )
    facts = facts_of(
        replace(seen, alarm=dead, name="数据接入", limits=Limits(), series=(), at=None)
    )
    assert told(facts)[0][:2] == ("对象", "数据接入")
    assert facts["alarm_curve"].times == ()


@pytest.mark.parametrize("key", sorted(load_profiles()))
def test_every_panel_draws_a_full_and_an_empty_alarm_on_every_wall(seen, key):
    profile = load_profiles()[key]
    bare = replace(seen, series=(), events=(), limits=Limits(), at=None, plan=Plan())
    for one in (seen, bare):
        facts = facts_of(one)
        made = overlay.changes(profile, facts, Feed("fresh", NOW, True), NOW)
        drawn = {prop: value for prop, (_, value) in made.items()}
        for name in set(overlay.boxes(profile)) - {"alarm_ribbon"}:
            assert drawn[f"body-{name}", "children"] or drawn.get((f"chart-{name}", "data"))


@pytest.mark.parametrize("key", sorted(load_profiles()))
def test_the_region_covers_whole_cards_of_the_overview_and_none_of_the_columns_that_stay(key):
    profile = load_profiles()[key]
    area, under = overlay.region(profile), fitted(profile, load_scene("overview")).boxes
    covered = {name for name, box in under.items() if overlay.meet(box, area)}
    for name in covered:
        box = under[name]
        assert area.left <= box.left and box.right <= area.right, name
        assert area.top <= box.top and box.bottom <= area.bottom, name
    assert not covered & {"masthead", "ribbon", "link_clock", "received_today", "hotline_trend"}
    at = under["ribbon"]
    assert f'"alarm_ribbon"]{{left:{at.left:.4f}rem' in overlay.style(profile, under)
    placed = {n: box for n, box in overlay.boxes(profile).items() if n != "alarm_ribbon"}
    for name, box in placed.items():
        for other, second in placed.items():
            assert name == other or not (
                box.left < second.right and second.left < box.right
                and box.top < second.bottom and second.top < box.bottom
            ), (name, other)  # fmt: skip


def test_every_panel_of_the_overlay_has_a_module_and_no_scene_uses_it():
    assert set(overlay.scene().panels) == set(overlay.PANELS)
    assert not set(overlay.PANELS) & set(load_scene("overview").panels)


def test_the_bar_and_the_figures_say_a_drill(seen):
    profile = load_profiles()["screen_16x9"]
    facts = facts_of(replace(seen, alarm=replace(seen.alarm, drill=True)))
    rooms = overlay.rooms(profile)
    assert "演练" in repr(alarm_bar.view(facts["alarm_bar"], rooms["alarm_bar"]).body)
    figures = alarm_figures.view(facts["alarm_figures"], rooms["alarm_figures"]).body
    assert repr(figures).count("演练") == 4
