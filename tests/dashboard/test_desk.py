"""The alarms' desk: what it lists, what its buttons do, one alarm played again."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from dash import no_update

from cases import alarms, raising
from cases.alarm_rows import changing
from cases.schema import utc
from config import clock
from config.platforms import load_platforms
from config.thresholds import load_thresholds
from dashboard.desk import acts, one, parts, reading, ribbon
from dashboard.desk import alarms as desk
from dashboard.desk.stamps import stamps
from dashboard.gate import caller
from dashboard.gate.caller import Caller
from dashboard.pages.state import parse
from tests import fresh

NOW = utc(datetime(2026, 9, 30, 2, 40))
STATION = "3201170005"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    opened = fresh.store()
    now = [NOW]
    reader = SimpleNamespace(current=lambda: None)
    held = SimpleNamespace(
        store=opened, thresholds=load_thresholds(), platforms=load_platforms(), reader=reader
    )
    monkeypatch.setattr(acts, "data", lambda: held)
    with clock.using(lambda: now[0]):
        yield SimpleNamespace(store=opened, data=held, now=now)
    opened.close()


def raised(store, subject=STATION, rank=3, kind="flood", **more):
    at = store.now[0]
    limit = {1: "record", 2: "guarantee", 3: "warning", 4: "near"}[rank]
    facts = raising.Facts(
        kind=kind, subject=subject, now=at, observed_at=at - timedelta(seconds=2),
        received_at=at - timedelta(seconds=1), delay_ms=40, rank=rank, limit_name=limit,
        threshold=9.1, value=9.18,
    )  # fmt: skip
    with changing(store.store) as connection:
        number = raising.start(connection, facts, is_raised=True, **more)
    return alarms.alarm(store.store, number)


def as_(role, name="zhang"):
    return caller.asking(Caller(name, role, "-", session=object()))


def press(store, button, number, *, reason="", until="60", role="seat", name="zhang"):
    with as_(role, name):
        return acts._done(acts._Wish(button, reason, until, f"?no={number}"))


def test_the_list_has_what_waits_first_and_keeps_the_silent_and_the_ended(store):
    first, second = raised(store), raised(store, "3201170006", 4)
    for who in ("li", "wu"):
        alarms.mark_false(store.store, second.id, who, "检修", NOW)
    board = reading.board(store.data)
    text = repr(parts.listed(board, board.find(""), desk.PATH))
    assert text.index("春和闸站") < text.index("不发声 1") < text.index("兰台桥站")
    assert "未确认 1" in text
    with changing(store.store) as connection:
        facts = raising.Facts("flood", STATION, NOW + MINUTE, NOW + MINUTE, value=8.9)
        raising.clear(connection, raising.current(connection, "flood", STATION), facts)
    store.now[0] = NOW + 2 * MINUTE
    board = reading.board(store.data)
    assert "今日已解除 1" in repr(parts.listed(board, None, desk.PATH))
    assert board.find(str(first.id)).id == first.id


def test_a_slip_in_the_configuration_is_told_above_the_list_until_it_is_mended(store, site_files):
    raised(store)

    def listed():
        board = reading.board(store.data)
        return repr(parts.listed(board, None, desk.PATH))

    assert "配置有误" not in listed()
    site_files.put("flood_plans.toml", "[[plan]]", "[[plan")
    told = listed()
    assert told.index("防汛预案（flood_plans.toml）第 11 行有误，改动未采用") < told.index(
        "春和闸站"
    )
    site_files.put("flood_plans.toml", "[[plan", "[[plan]]")
    assert "配置有误" not in listed()


def test_a_single_reading_past_a_higher_limit_is_said_in_row_head_and_ribbon(store):
    one_ = raised(store)
    with changing(store.store) as connection:
        facts = raising.Facts("flood", STATION, NOW, NOW, value=10.21, pending_rank=2)
        raising.follow(connection, raising.current(connection, "flood", STATION), facts)
    board = reading.board(store.data)
    row = parts.listed(board, None, desk.PATH)
    head = parts.heading(reading.one_of(store.data, board.find(str(one_.id))))
    with as_("leader"):
        line = ribbon.ribbon(store.data)
    assert all("Ⅱ 待核实" in repr(each) for each in (row, head, line))
    assert parts.doubt(one_) is None


def test_of_five_hundred_alarms_the_desk_counts_all_and_folds_what_is_alike(store):
    worst = raised(store, rank=1)
    store.now[0] = NOW + MINUTE
    with changing(store.store) as connection:
        for n in range(499):
            facts = raising.Facts("flood", f"99{n:08d}", store.now[0], store.now[0], rank=2 + n % 3)
            raising.start(connection, facts, is_raised=True)
    board = reading.board(store.data)
    text = repr(parts.listed(board, None, desk.PATH))
    assert board.find("").id == worst.id
    assert "B('500')" in text and "未确认 500" in text and text.count("同类合并") <= 10
    assert text.count("data-alarm='") == 500
    with changing(store.store) as connection:
        for one in board.open:
            facts = raising.Facts("flood", one.subject, store.now[0], store.now[0])
            raising.clear(connection, one, facts)
    text = repr(parts.listed(reading.board(store.data), None, desk.PATH))
    assert "今日已解除 500" in text and "更早解除的 400 条未列出" in text


def test_the_chosen_alarm_stays_chosen_when_a_worse_one_comes(store):
    first = raised(store)
    worse = raised(store, "3201170006", 1)
    board = reading.board(store.data)
    assert board.find(str(first.id)).id == first.id
    assert board.find("").id == worse.id


def test_a_seat_acknowledges_by_name_and_the_second_is_told_who_was_first(store):
    one_ = raised(store)
    said, done = press(store, "ack", one_.id)
    assert done and said.startswith("确认 A-0930-1")
    assert alarms.alarm(store.store, one_.id).acknowledged_by == "zhang"
    said, _ = press(store, "ack", one_.id, name="li")
    assert said.startswith("zhang 已先确认")


def test_a_false_alarm_needs_a_reason_and_shelving_an_end_and_a_low_rank(store):
    low, high = raised(store), raised(store, "3201170006", 2)
    assert press(store, "false", low.id)[1] is False
    assert press(store, "false", low.id, reason="水尺检修") == (
        "A-0930-1 已提出误报，请另一人复核；在此之前告警照常。",
        True,
    )
    said, done = press(store, "shelve", high.id, reason="检修")
    assert not done and "Ⅰ、Ⅱ 级" in said
    assert press(store, "shelve", low.id, reason="检修", until="9999")[1] is False
    assert press(store, "shelve", low.id, reason="检修", until="120")[1] is True
    (shelf,) = alarms.shelves(store.store, NOW)
    assert (shelf.by_name, shelf.until) == ("zhang", NOW + timedelta(hours=2))
    back = f"back:flood:{STATION}"
    assert press(store, back, low.id) == ("已恢复。", True)
    assert press(store, back, low.id) == ("它已经不在停用中。", True)


def test_a_leader_reads_and_acknowledges_nothing_for_the_desk(store):
    one_ = raised(store)
    said, done = press(store, "ack", one_.id, role="leader")
    assert (said, done) == ("只有值守席位可以操作。", False)
    assert alarms.alarm(store.store, one_.id).state == "raised"
    with as_("leader"):
        drawn = repr(desk.standing(store.data, parse(desk.PATH, ""), None))
    assert "确认，我来处置" not in drawn
    assert "领导可记本岗知悉" in drawn


def drawn_desk(store, role, name="zhang"):
    with as_(role, name):
        return repr(desk.standing(store.data, parse(desk.PATH, ""), None))


def test_each_post_is_written_down_by_name_and_the_second_is_told_who_was_first(store):
    one_ = raised(store)
    told = press(store, "post:苇荡社区", one_.id, reason="接电话：周工")
    assert told == ("苇荡社区 已知悉，02:40:00。", True)
    said, _ = press(store, "post:苇荡社区", one_.id, name="li")
    assert said.startswith("zhang 已先记：苇荡社区 已知悉")
    assert press(store, "post:气象台", one_.id)[1] is False
    assert press(store, "nonsense", one_.id) == ("没有这个操作。", False)
    assert press(store, "team:街道应急排涝二队", one_.id)[1] is True
    press(store, "ack", one_.id)
    drawn = drawn_desk(store, "seat")
    assert "须知悉岗位 2 / 3" in drawn and "待春和社区确认" in drawn and "接电话：周工" in drawn
    assert "post:春和社区" in drawn and "post:苇荡社区" not in drawn
    with as_("leader"):
        _, alone = one.standing(store.data, parse(one.PATH, f"?no={one_.id}"), None)
    assert "须知悉岗位 2 / 3" in repr(alone) and "data-do" not in repr(alone)


def test_a_false_alarm_takes_a_second_person_who_may_be_a_leader_or_say_no(store):
    one_ = raised(store)
    press(store, "false", one_.id, reason="水尺检修")
    assert press(store, "false", one_.id, reason="水尺检修")[0].endswith("告警照常。")
    assert alarms.alarm(store.store, one_.id).state == "raised"
    drawn = drawn_desk(store, "leader", "chen")
    assert "zhang 02:40 提出误报：水尺检修" in drawn and "同意误报" in drawn
    assert "撤回" in drawn_desk(store, "seat") and "同意误报" not in drawn_desk(store, "seat")
    said, done = press(store, "judge:no", one_.id, role="leader", name="chen")
    assert done and said.endswith("不是误报，告警照常。")
    assert press(store, "judge:yes", one_.id, role="leader", name="chen")[1] is False
    press(store, "false", one_.id, reason="水尺检修")
    said, done = press(store, "judge:yes", one_.id, role="leader", name="chen")
    assert done and "已标为误报" in said
    assert alarms.alarm(store.store, one_.id).state == "false_alarm"


def test_a_leader_answers_for_the_post_of_the_leader_and_for_no_other(store):
    one_ = raised(store, rank=2)
    assert press(store, "post:苇荡社区", one_.id, role="leader")[1] is False
    assert press(store, "team:街道应急排涝二队", one_.id, role="leader")[1] is False
    assert "我已知悉" in drawn_desk(store, "leader")
    assert press(store, "post:带班领导", one_.id, role="leader", name="chen")[1] is True
    assert "带班领导" not in alarms.alarm(store.store, one_.id).missing


def test_beyond_five_alarms_the_list_has_groups_that_open_to_each_of_them(store):
    codes = [station.code for station in store.data.thresholds.stations]
    every = [raised(store, code) for code in codes[:9]]
    board = reading.board(store.data)
    assert "desk-group" not in repr(parts.listed(replace(board, open=board.open[:5]), None, ""))
    text = repr(parts.listed(board, None, desk.PATH))
    assert "水情 · 胭脂河" in text and "同类合并" in text
    for each in every:
        assert f"?no={each.id}" in text
    chosen = board.open[-1]
    assert "open=True" in repr(parts.listed(board, chosen, desk.PATH))


def test_the_beat_draws_nothing_until_something_changed(store):
    raised(store)
    with as_("seat"):
        first = acts._drawn("", None)
        assert acts._drawn("", first[4]) == (no_update,) * 5
        raised(store, "3201170006", 2)
        assert acts._drawn("", first[4])[4] != first[4]


def test_the_six_moments_tell_what_lies_between_them(store):
    one_ = raised(store)
    alarms.note_drawn(store.store, one_.id, 3, NOW + timedelta(milliseconds=420))
    alarms.acknowledge(store.store, one_.id, "zhang", NOW + timedelta(seconds=48, milliseconds=420))
    found = reading.found(store.data, str(one_.id))
    told = [(s.name, s.shown, s.after) for s in stamps(found.alarm, found.events)]
    assert told == [
        ("观测", "02:39:58", ""),
        ("收到", "02:39:59", "+1.0 秒"),
        ("报警", "02:40:00", "+40 毫秒"),
        ("上墙", "02:40:00", "+0.4 秒"),
        ("确认", "02:40:48", "+48 秒"),
        ("解除", "—", ""),
    ]


def test_one_alarm_has_a_page_of_its_own_and_an_unknown_one_says_so(store):
    one_ = raised(store)
    with as_("leader"):
        _, body = one.standing(store.data, parse(one.PATH, f"?no={one_.id}"), None)
        assert "data-points" in repr(body)
        assert one.span(reading.found(store.data, str(one_.id)))[0] < int(NOW.timestamp() * 1000)
        for wrong in ("99", "x", "", "1;drop"):
            _, body = one.standing(store.data, parse(one.PATH, f"?no={wrong}"), None)
            assert "没有这条告警" in repr(body)


def test_the_ribbon_of_the_pages_is_filled_until_somebody_acknowledges(store):
    with as_("unit"):
        assert ribbon.ribbon(store.data) is None
    one_ = raised(store)
    raised(store, "gauge", 4, kind="platform")  # a lamp, no ribbon
    with as_("leader"):
        drawn = repr(ribbon.ribbon(store.data))
        assert "filled" in drawn and f"/desk/alarms?no={one_.id}" in drawn
        assert drawn.count("Section") == 1
        alarms.acknowledge(store.store, one_.id, "zhang", NOW)
        assert "filled" not in repr(ribbon.ribbon(store.data, kind="flood"))
    with as_("unit"):
        assert "/flood?station=" in repr(ribbon.ribbon(store.data))
