import json
from dataclasses import replace
from datetime import datetime, timedelta

from plotly.utils import PlotlyJSONEncoder

from dashboard.wall.card import Feed, Load, card, fitted
from dashboard.wall.parts import Room, View, text

NOW = datetime(2026, 9, 29, 16, 42)
AT = datetime(2026, 9, 29, 16, 4)
VIEW = View(body=text("186"), basis="本月")


def said(node):
    return json.dumps(node, cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_a_fresh_card_says_when_its_data_are_of_and_that_they_are_demo_data():
    made = card("今日受理", VIEW, Feed("fresh", AT, True), NOW)
    assert made.look == "card"
    assert "演示数据" in said(made.head) and "16:04" in said(made.head)


def test_a_real_card_says_no_demo():
    assert "演示数据" not in said(card("今日受理", VIEW, Feed("fresh", AT, False), NOW).head)


def test_late_looks_like_fresh_since_the_lamp_says_it():
    assert card("今日受理", VIEW, Feed("late", AT, False), NOW).look == "card"


def test_a_stale_card_carries_the_pill_and_keeps_its_figures():
    made = card("今日受理", VIEW, Feed("stale", AT, False, timedelta(minutes=38)), NOW)
    assert made.look == "card stale"
    assert "停更 38 分" in said(made.head) and "pill" in said(made.head)
    assert "186" in said(made.body)


def test_a_failed_card_with_figures_says_since_when():
    made = card("今日受理", VIEW, Feed("failed", AT, False), NOW)
    assert "失败 16:04" in said(made.head) and "186" in said(made.body)


def test_data_of_another_day_carry_the_day():
    made = card("今日受理", VIEW, Feed("fresh", AT - timedelta(days=1), False), NOW)
    assert "昨 16:04" in said(made.head)


def test_a_card_without_facts_keeps_its_title():
    for state, words in (("off", "未接入"), ("failed", "读取失败")):
        made = card("今日受理", None, Feed(state, None, False), NOW)
        assert made.look == "card absent" and "今日受理" in said(made.head)
        assert words in said(made.body) and made.figure is None


def test_the_first_load_is_told_in_words_and_figures():
    feed = Feed("loading", None, True, progress="首次载入 47 %\n气象 12000 / 25467 条")
    assert "12000 / 25467 条" in said(card("雨量气象", None, feed, NOW).body)


def test_a_panel_may_name_itself():
    made = card("水情", View(title="水情 · 蛇山站"), Feed("fresh", AT, False), NOW)
    assert "水情 · 蛇山站" in said(made.head)


def test_a_stale_card_gives_the_room_of_its_basis_to_the_pill():
    made = card("今日受理", VIEW, Feed("stale", AT, False, timedelta(hours=3, minutes=12)), NOW)
    assert "本月" not in said(made.head) and "停更 3 时" in said(made.head)
    old = card("今日受理", VIEW, Feed("stale", AT, False, timedelta(days=12, hours=3)), NOW)
    assert "停更 12 天" in said(old.head)


def test_the_largest_card_shows_the_first_load_of_every_platform():
    loads = (Load("气象", "12000 / 25467 条", 0.47), Load("矛盾调处", "等待连接", 0.0))
    body = said(card("辖区态势", None, Feed("loading", None, True, loads=loads), NOW).body)
    assert "12000 / 25467 条" in body and "47.00%" in body and "等待连接" in body


ROOM = Room(40.0, 12.0)


def head_of(feed, room=ROOM, view=VIEW):
    return said(card("今日受理", fitted(view, "今日受理", room, feed, NOW), feed, NOW).head)


def test_a_file_of_yesterday_that_is_read_this_morning_does_not_look_like_this_morning():
    feed = Feed("fresh", AT, True, of=AT - timedelta(hours=23))
    assert "数据至 昨 17:04 · 入库 16:04" in head_of(feed)
    narrow = head_of(feed, Room(24.0, 12.0))
    assert "数据至 昨 17:04" in narrow and "入库" not in narrow
    assert "至 昨 17:04" in head_of(feed, Room(19.5, 12.0))
    assert "16:04" not in head_of(feed, Room(19.5, 12.0))


def test_what_landed_within_minutes_tells_one_time():
    feed = Feed("fresh", AT, True, of=AT - timedelta(minutes=4))
    assert "16:04" in head_of(feed) and "数据至" not in head_of(feed)


def test_a_panel_that_knows_the_time_of_its_own_rows_goes_before_that_of_its_platform():
    feed = Feed("fresh", AT, True, of=AT - timedelta(days=3))
    assert "数据至 15:04" in head_of(feed, view=replace(VIEW, of=AT - timedelta(hours=1)))


def test_a_head_without_room_for_a_time_has_none_and_the_card_still_carries_all_three():
    feed = Feed("fresh", AT, True, of=AT - timedelta(hours=1))
    view = fitted(VIEW, "今日受理", Room(14.0, 12.0), feed, NOW)
    made = card("今日受理", view, feed, NOW)
    assert "至" not in said(made.head) and "time" not in said(made.head)
    assert dict(made.times) == {
        "source": (AT - timedelta(hours=1)).isoformat(),
        "landed": AT.isoformat(),
        "drawn": NOW.isoformat(),
    }
