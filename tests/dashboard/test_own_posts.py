"""A village says by name that it has taken notice of an alarm: for its own post, nothing else."""

import json

import pytest

from cases import alarms, audit
from cases.alarm import POST, TEAM
from config import clock
from dashboard.desk import acts, own_posts, reading, ribbon
from dashboard.gate import caller
from dashboard.gate.caller import Caller
from dashboard.pages.state import parse
from tests.dashboard.test_desk import MINUTE, NOW, STATION, raised, store  # noqa: F401 - a fixture

VILLAGE = "320117005006"  # 苇荡社区, a post of the station's plan; 春和社区 is another


def zhou(*, villages=(VILLAGE,), units=()):
    return Caller("zhou", "unit", "10.1.1.1", session=object(), villages=villages, units=units)


def press(do, who=None, search=""):
    with caller.asking(who or zhou()):
        return acts._done(acts._Wish(do, "", "60", search))


def drawn(board, who=None):
    return repr(own_posts.drawn(board, (who or zhou()).right, "")[0])


def notice(alarm, post="苇荡社区"):
    return f"{own_posts.NOTICED}:{alarm.id}:{post}"


def answered(held, alarm):
    now = alarms.alarm(held.store, alarm.id)
    return {one.name: one.by_name for one in now.awaited if one.at is not None}


def test_a_village_takes_notice_for_its_post_by_name_and_in_the_trail(store):  # noqa: F811
    one = raised(store)
    assert press(notice(one)) == ("苇荡社区 已知悉，02:40:00。", True)
    assert answered(store, one) == {"苇荡社区": "zhou"}
    row = next(e for e in audit.recent(store.store) if e.event == "alarm.answered")
    assert row.who == "zhou" and "苇荡社区" in row.detail
    again, _ = press(notice(one), Caller("wu", "unit", "-", session=object(), villages=(VILLAGE,)))
    assert again.startswith("zhou 已先记：苇荡社区")


def test_a_village_does_nothing_else_to_any_alarm(store):  # noqa: F811
    one = raised(store)
    every = [
        notice(one, "春和社区"), notice(one, "防汛值班室"), notice(one, "带班领导"),
        "post:苇荡社区", "post:春和社区", "ack", "false", "shelve", "judge:yes", "judge:no",
        f"back:flood:{STATION}", *(f"{TEAM}:{team.name}" for team in one.teams), "", "noticed:",
    ]  # fmt: skip
    for do in every:
        said, done = press(do, search=f"?no={one.id}")
        assert not done and said == "只有值守席位可以操作。", do
    assert answered(store, one) == {} and alarms.alarm(store.store, one.id).state == "raised"


def test_a_press_means_the_alarm_of_its_row_and_never_another(store):  # noqa: F811
    one = raised(store)
    for number in ("999", "", "x"):
        said, done = press(f"{own_posts.NOTICED}:{number}:苇荡社区", search=f"?no={one.id}")
        assert not done and "不能再改" in said
    assert answered(store, one) == {}


def test_an_alarm_whose_plan_does_not_name_the_village_is_not_its_own(store):  # noqa: F811
    other = raised(store, "3201170006")  # 兰台社区, 城管中队
    board = reading.board(store.data)
    assert "当前没有须本岗知悉的告警" in drawn(board)
    assert press(notice(other)) == ("没有这个操作。", False)
    squad = zhou(villages=(), units=("城管中队",))
    assert "城管中队" in drawn(board, squad) and "兰台社区" not in drawn(board, squad)


def test_the_page_shows_the_own_post_and_neither_other_posts_nor_the_desk(store):  # noqa: F811
    one = raised(store)
    with caller.asking(zhou()):
        _, body = own_posts.standing(store.data, parse(own_posts.PATH, ""), None)
    told = repr(body)
    assert "春和闸站" in told and notice(one) in told and "未知悉" in told
    assert "春和社区" not in told and "防汛值班室" not in told and "街道应急排涝二队" not in told
    assert "desk-ack" not in told and "desk-false" not in told
    press(notice(one))
    store.now[0] = NOW + MINUTE
    after = drawn(reading.board(store.data))
    assert "已知悉 02:40:00 · zhou 记" in after and notice(one) not in after


def test_the_beat_draws_the_rows_of_the_village_and_never_the_desk(store, monkeypatch):  # noqa: F811
    raised(store)
    with caller.asking(zhou()):
        listed, top, detail, side, mark = acts._drawn("", None)
        assert "苇荡社区" in repr(listed) and (top, detail, side) == (None, None, None)
        assert acts._drawn("", mark)[0] is not listed
    assert "春和社区" not in repr(listed)


def test_what_is_false_shelved_or_over_asks_the_village_no_more(store):  # noqa: F811
    one = raised(store)
    alarms.shelve(store.store, "flood", STATION, NOW + 30 * MINUTE, "检修", "li", clock.now())
    assert "当前没有" in drawn(reading.board(store.data))
    alarms.unshelve(store.store, "flood", STATION, "li", clock.now())
    for who in ("li", "wu"):
        alarms.mark_false(store.store, one.id, who, "检修", clock.now())
    assert "当前没有" in drawn(reading.board(store.data))


@pytest.mark.parametrize(
    ("who", "there"),
    [
        (zhou(), "/desk/posts"),
        (zhou(villages=("320117005002",)), f"/flood?station={STATION}"),
        (Caller("li", "seat", "-", session=object()), "/desk/alarms"),
    ],
)
def test_the_ribbon_leads_whom_an_alarm_waits_for_to_his_answer(store, who, there):  # noqa: F811
    raised(store)
    with caller.asking(who):
        assert there in repr(ribbon.ribbon(store.data))


def test_posts_and_their_names_are_those_of_the_alarm(store):  # noqa: F811
    one = raised(store)
    assert [post.kind for post in own_posts.mine(one, zhou().right)] == [POST]
    assert json.dumps([post.name for post in own_posts.mine(one, zhou().right)],
                      ensure_ascii=False) == '["苇荡社区"]'  # fmt: skip
