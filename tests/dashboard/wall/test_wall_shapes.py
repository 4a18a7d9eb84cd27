"""The shapes that subject scenes share: what fits a room, and what gives way where it does not."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.panels import open_matters
from dashboard.panels.shapes import columns, flow, pairs, rates, table
from dashboard.wall.card import TAG, Feed, fitted
from dashboard.wall.label_places import text_width
from dashboard.wall.parts import Room, View, beside_seams
from dashboard.wall.subjects import command
from dashboard.wall.widths import shared_out

NOW = datetime(2026, 11, 23, 17, 21)
MATTERS = table.Facts(
    (
        table.Column("时限", 2.2),
        table.Column("类别", 3.6),
        table.Column("村居", 1.6),
        table.Column("状态", 2.0, right=True),
    ),
    tuple(
        (
            table.Cell(left, look),
            table.Cell("未按规定明码标价"),
            table.Cell("苇荡"),
            table.Cell("事先告知"),
        )
        for left, look in (("超 47:51", "pill"), ("余 24:09", "strong"), ("余 14 天", "strong"))
    ),
    total=3,
)


def said(view: View) -> str:
    return json.dumps([view.body, view.foot], cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_cells_keep_their_shares_where_each_has_what_it_needs():
    assert shared_out(20, [1, 3], [4, 10]) == [5, 15]


def test_a_cell_that_needs_more_takes_it_from_those_that_need_less():
    given = shared_out(20, [1, 1, 2], [7, 4, 6])
    assert given[0] == pytest.approx(7) and sum(given) == pytest.approx(20)
    assert given[1] >= 4 and given[2] >= 6


def test_where_all_need_more_than_there_is_the_longest_give_way():
    assert shared_out(10, [1, 1], [9, 4]) == [6, 4]
    assert shared_out(12, [1, 1, 1], [8, 2, 9]) == [5, 2, 5]


@pytest.mark.parametrize("width", [21.9, 24.4, 31.0])
def test_a_pill_stands_clear_of_the_next_cell_and_no_short_word_is_cut(width):
    room = Room(width, 20)
    shown = said(table.view(MATTERS, room))
    for words in ("超 47:51", "余 24:09", "余 14 天", "苇荡", "事先告知"):
        assert words in shown, width
    rems = table._rems(MATTERS.columns, MATTERS.rows, width - 2 * table.SIDE)
    assert rems[0] >= text_width("超 47:51", table.SIZE) + 1.0  # a pill's own edges


def test_few_rows_of_a_table_stand_further_apart_and_many_do_not():
    few = said(table.view(MATTERS, Room(24, 20)))
    assert '"top": "6.900rem"' in few  # 4.3 and 2.6 more
    tight = said(table.view(MATTERS, Room(24, 11.5)))
    assert '"top": "6.020rem"' in tight


@pytest.mark.parametrize(
    ("height", "count", "shown", "foot"),
    [(14.3, 3, 3, True), (12.8, 3, 3, False), (12.8, 4, 3, False), (12.8, 2, 2, True)],
)
def test_a_low_card_tells_the_scale_in_its_head_rather_than_drop_a_rate(height, count, shown, foot):
    names = ("按时签收率", "按时联系率", "按时报到率", "解决率")[:count]
    facts = rates.Facts(tuple(rates.Rate(name, 39, 42) for name in names), "本年")
    view = rates.view(facts, Room(24, height))
    assert len(view.body) == shown and bool(view.foot) == foot
    assert ("80—100 %" in view.basis) != foot


def test_long_words_of_a_pair_push_the_other_column_and_do_not_run_into_it():
    facts = pairs.Facts((("总机", "025-5720 0100"), ("今日轮驻", "无")))
    first, second = pairs._widths(facts, 17.9)
    assert first >= text_width("025-5720 0100", 1.4) + 0.5 and first + second == pytest.approx(17.9)


def test_a_head_leaves_out_what_does_not_stand_beside_the_time_of_its_source():
    view = View(basis="排涝、抢险", of=NOW - timedelta(days=6))
    feed = Feed("fresh", NOW, demo=True)
    title = "排涝抢险队伍"
    room = Room(24.39, 14)
    assert fitted(view, title, room, feed, NOW).basis == ""
    assert fitted(View(basis="排涝、抢险"), title, room, feed, NOW).basis == "排涝、抢险"
    untimed = Feed("fresh", None, demo=True)
    width = 2.2 + text_width("受影响点 2 处", 1.3) + TAG + 0.6 + text_width("59 户 149 人", 1.0)
    whole = fitted(View(basis="59 户 149 人"), "受影响点 2 处", Room(width + 0.1, 9), untimed, NOW)
    assert whole.basis == "59 户 149 人"


def test_moments_of_a_week_are_as_short_as_they_are_clear():
    today = NOW.date()
    assert command._in_a_week(NOW, today) == "17:21"
    assert command._in_a_week(NOW - timedelta(days=1), today) == "昨 17:21"
    assert command._in_a_week(NOW - timedelta(days=6), today) == "17日 17:21"


@pytest.mark.parametrize("seam", [9.0, 12.3, 14.0, 20.5])
def test_a_scale_and_a_balance_stand_off_the_seams_of_a_high_card(seam):
    room = Room(20, 40, down=(seam, 28.0))
    days = columns.Facts(tuple(f"11.{n}" for n in range(1, 31)), tuple(range(1, 31)), 4)
    ticks = [one for one in columns.view(days, room).body if "tick" in one.className]
    balances = flow.Facts((flow.Flow(5, 3, 2, 0, 6, name="一"), flow.Flow(1, 0, 0, 0, 1)), "本月")
    lines = flow.view(balances, room).body
    assert len(ticks) > 1 and len(lines) == 2
    for one, high in [(tick, columns.TICK) for tick in ticks] + [(row, flow.HIGH) for row in lines]:
        top = float(one.style["top"].removesuffix("rem"))
        assert not any(top < each < top + high for each in room.down)


def test_a_text_on_a_seam_goes_to_its_nearer_side_and_others_stay():
    room = Room(20, 40, down=(14.0,))
    assert beside_seams(room, 5.0, 1.2) == 5.0
    assert beside_seams(room, 13.0, 1.2) == pytest.approx(14.0 - 0.35 - 1.2)
    assert beside_seams(room, 13.8, 1.2) == pytest.approx(14.35)


def test_the_platform_of_a_matter_gives_way_to_a_long_name_and_the_state_stays():
    def second_line(unit: str) -> str:
        one = open_matters.Matter(
            timedelta(hours=3), "供水问题", "兰台", unit, "12345热线", "办理中"
        )
        return said(open_matters.view(open_matters.Facts((one,), 1, 0), Room(22.2, 20)))

    assert "城管 · 12345热线" in second_line("城管")
    long = second_line("自来水公司")
    assert "自来水公司" in long and "· 12345热线" not in long and "办理中" in long
