"""Whom an alarm waits for: posts that must take notice of its rank, a team that must be sent."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import alarms, audit, awaiting, raising
from cases.alarm import FLOOD, HEARTBEAT, POST, TEAM
from cases.alarm_rows import changing
from cases.errors import CaseError, NotAllowed, NotKnown
from cases.raising import Facts
from cases.schema import utc

NOW = utc(datetime(2026, 9, 30, 2, 40))
MINUTE = timedelta(minutes=1)
LAKE = "3201170001"  # 蛇山站: posts 防汛值班室, 渔浦村, 水务站; two teams
TEAM_NAME = "渔浦村圩堤抢险队"


def raised(store, rank=3, subject=LAKE, kind=FLOOD):
    with changing(store) as connection:
        facts = Facts(kind=kind, subject=subject, now=NOW, observed_at=NOW, rank=rank, value=10.5)
        number = raising.start(connection, facts, is_raised=True)
    return alarms.alarm(store, number)


def names(alarm, kind):
    return [one.name for one in alarm.awaited if one.kind == kind]


def test_each_rank_waits_for_the_posts_and_teams_that_the_site_has_named():
    def told(kind, subject, rank):
        found = awaiting.required(kind, subject, rank)
        return [o.name for o in found if o.kind == POST], sum(o.kind == TEAM for o in found)

    plan = ["防汛值班室", "渔浦村", "水务站"]
    assert told(FLOOD, LAKE, 3) == (plan, 2)
    assert told(FLOOD, LAKE, 1) == ([*plan, "带班领导"], 2)
    assert told(FLOOD, LAKE, 4) == (["防汛值班室"], 0)
    assert told(HEARTBEAT, "etl", 3) == (["值班席"], 0)
    assert told(FLOOD, "no-plan", 2) == (["值班席", "带班领导"], 0)


def test_a_plan_that_cannot_be_read_keeps_no_alarm_from_being_raised(store, site_files):
    site_files.put("flood_plans.toml", 'station = "3201170001"', "station = 3201170001")
    assert names(raised(store), POST) == ["值班席"]
    assert names(raised(store, subject="3201170002"), POST)[0] == "防汛值班室"


def test_it_is_settled_when_the_desk_every_post_and_a_team_have_answered(store):
    one = raised(store)
    assert (one.missing, one.wants_team) == (("防汛值班室", "渔浦村", "水务站"), True)
    one = alarms.answer(store, one.id, "水务站", "王值班", "接电话：周工", NOW + MINUTE)
    assert (one.state, one.missing) == ("raised", ("防汛值班室", "渔浦村"))  # the desk has not yet
    assert one.is_loud
    one = alarms.acknowledge(store, one.id, "王值班", NOW + 2 * MINUTE)
    assert one.missing == ("渔浦村",)
    one = alarms.answer(store, one.id, "渔浦村", "李值班", "", NOW + 3 * MINUTE)
    assert (one.missing, one.is_settled) == ((), False)
    one = alarms.send_team(store, one.id, TEAM_NAME, "李值班", "", NOW + 4 * MINUTE)
    assert one.is_settled
    told = [(e.kind, e.by_name, e.note) for e in alarms.events(store, one.id)[1:]]
    assert told == [
        ("answered", "王值班", "水务站；接电话：周工"),
        ("acknowledged", "王值班", ""),
        ("answered", "李值班", "渔浦村"),
        ("sent", "李值班", TEAM_NAME),
    ]
    assert audit.verify(store) == 4
    post = next(each for each in one.posts if each.name == "水务站")
    assert (post.at, post.by_name, post.note) == (NOW + MINUTE, "王值班", "接电话：周工")


def test_a_second_answer_changes_nothing_and_tells_who_was_first(store):
    one = raised(store)
    first = alarms.answer(store, one.id, "水务站", "王值班", "", NOW)
    second = alarms.answer(store, one.id, "水务站", "李值班", "", NOW + MINUTE)
    assert second.version == first.version
    assert [each.by_name for each in second.posts if each.name == "水务站"] == ["王值班"]


def test_nobody_answers_for_the_desk_for_strangers_or_without_a_name(store):
    one = raised(store)
    with pytest.raises(NotAllowed, match="由值班席确认"):
        alarms.answer(store, one.id, "防汛值班室", "王值班", "", NOW)
    with pytest.raises(NotKnown, match=r"known: .*水务站"):
        alarms.answer(store, one.id, "气象台", "王值班", "", NOW)
    with pytest.raises(NotAllowed, match="须署名"):
        alarms.answer(store, one.id, "水务站", " ", "", NOW)
    for who in ("王值班", "李值班"):
        alarms.mark_false(store, one.id, who, "检修", NOW)
    with pytest.raises(NotAllowed, match="误报"):
        alarms.send_team(store, one.id, TEAM_NAME, "王值班", "", NOW)


def test_a_rise_asks_every_post_anew_and_a_team_on_its_way_stays_so(store):
    one = raised(store)
    alarms.acknowledge(store, one.id, "王值班", NOW)
    alarms.answer(store, one.id, "水务站", "王值班", "", NOW)
    alarms.send_team(store, one.id, TEAM_NAME, "王值班", "", NOW)
    with changing(store) as connection:
        facts = Facts(FLOOD, LAKE, NOW + MINUTE, NOW + MINUTE, rank=2, value=12.51)
        raising.rerank(connection, alarms.alarm(store, one.id), facts)
    one = alarms.alarm(store, one.id)
    assert one.missing == ("防汛值班室", "渔浦村", "水务站", "带班领导")
    assert not one.wants_team


ACTS = {
    "acknowledge": lambda store, n, who: alarms.acknowledge(store, n, who, NOW),
    "answer": lambda store, n, who: alarms.answer(store, n, "水务站", who, "", NOW),
    "village": lambda store, n, who: alarms.answer(store, n, "渔浦村", who, "", NOW),
    "send": lambda store, n, who: alarms.send_team(store, n, TEAM_NAME, who, "", NOW),
    "false": lambda store, n, who: alarms.mark_false(store, n, who, "疑似漂移", NOW),
    "refuse": lambda store, n, who: alarms.refuse_false(store, n, who, "", NOW),
    "rise": lambda store, n, _: change(store, n, raising.rerank, rank=2),
    "clear": lambda store, n, _: change(store, n, raising.clear),
}


def change(store, number, do, **more):
    known = alarms.alarm(store, number)
    if known.is_on:
        with changing(store) as connection:
            do(connection, known, Facts(FLOOD, LAKE, NOW, NOW, value=12.6, **more))


@given(
    steps=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from("甲乙")), max_size=14)
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_done_false_takes_two_and_settled_takes_everybody(store, steps):
    one = raised(store)
    for act, who in steps:
        before = alarms.alarm(store, one.id)
        try:
            ACTS[act](store, one.id, who)
        except CaseError:
            assert alarms.alarm(store, one.id) == before  # what is refused changes nothing
            continue
        after = alarms.alarm(store, one.id)
        if after.state == "false_alarm" and before.state != "false_alarm":
            assert before.is_called_false and before.false_by != who
        if act == "rise" and after.rank < before.rank:
            assert after.state == "raised" and len(after.missing) == 4 and not after.is_called_false
        assert after.is_settled == (
            after.state == "acknowledged" and not after.missing and not after.wants_team
        )
        if before.cleared_at is not None:
            assert after == before
        desk = after.posts[0]
        assert (desk.at is not None) == (after.acknowledged_at is not None)
    change(store, one.id, raising.clear)  # the next example begins with a calm station
