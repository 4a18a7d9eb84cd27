import re
from collections import Counter
from datetime import datetime

import pytest

from dashboard.gate.caller import Caller
from dashboard.pages import case_table, proof
from dashboard.pages.state import parse
from warehouse.errors import QueryFailed
from warehouse.read import Moved, Since

NOW = datetime(2026, 9, 30, 9, 44)

ASK = "?proof=mediation_completion_rate&from=2026-01-01&to=2026-09-30&p-line=unit"


def sheet(served, search):
    return proof.sheet(served.pages, parse("/mediation", search))[0]


def test_a_sent_link_says_what_the_sender_saw_and_what_it_is_now(served, words):
    text = words(sheet(served, f"{ASK}&sent=120/143"))
    assert "发出时 83.9 %（120/143） → 现在 97.2 %（139/143）" in text


def test_a_sent_link_that_still_holds_says_so(served, words):
    assert "发出时与现在相同" in words(sheet(served, f"{ASK}&sent=139/143"))


@pytest.mark.parametrize("sent", ["", "97.2", "a/b", "139/143/1", "<b>"])
def test_anything_else_in_its_place_says_nothing(served, words, sent):
    assert "发出时" not in words(sheet(served, f"{ASK}&sent={sent}"))


def test_the_address_that_is_copied_holds_the_value(served, nodes):
    copied = [n.to_plotly_json()["props"].get("data-copy") for n in nodes(sheet(served, ASK))]
    assert any(href and "sent=139/143" in href for href in copied)


def between(served, *rows):
    """The town knows which cases moved since."""
    moved = [
        Moved("demo:mediation", key, kind, NOW, "320117005001", "司法所", "01", reason, num, den)
        for key, kind, reason, num, den in rows
    ]
    counts = dict(Counter(row.kind for row in moved))
    num, den = (sum(getattr(row, part) for row in moved) for part in ("num", "den"))
    served.town.since = lambda *_args, **_more: Since(tuple(moved), counts, num, den)


def test_the_cases_between_are_listed_and_add_up_to_the_difference(served, words, nodes):
    between(
        served,
        ("MT-0001", "side", None, 1, 0),
        ("MT-0002", "entered", None, 1, 1),
        ("MT-0003", "excluded", "并案", 0, -1),
    )
    found = sheet(served, f"{ASK}&sent=137/143&sent-at=2026-09-29T18:00:00")
    text = words(found)
    assert "其间变动的 3 件9月29日 18:00 以来：新计入 1，已剔除 1，改了分子 1" in text
    assert "转为计入分子" in text and "剔除：并案" in text
    assert "逐件加减与发出时的数相符" in text
    assert any(getattr(n, "href", "") == "/case/demo:mediation/MT-0001" for n in nodes(found))


def test_what_the_cases_do_not_explain_is_said(served, words):
    between(served, ("MT-0001", "late", None, 1, 1))
    text = words(sheet(served, f"{ASK}&sent=120/143&sent-at=2026-09-29T18:00:00"))
    assert "还差 19，旧样未留存" in text and "分不清" in text


@pytest.mark.parametrize("at", ["", "&sent-at=moon", "&sent-at=2026-09-29T18:00:00%2B08:00"])
def test_a_link_without_its_moment_says_that_the_cases_cannot_be_told(served, words, at):
    assert "链接没有记发出的时刻" in words(sheet(served, f"{ASK}&sent=120/143{at}"))


def test_a_figure_that_keeps_no_history_says_so(served, words):
    def since(*_args, **_more):
        raise QueryFailed("population_spell", "no history")

    served.town.since = since
    text = words(sheet(served, f"{ASK}&sent=120/143&sent-at=2026-09-29T18:00:00"))
    assert "不留历史" in text and "发出时 83.9 %" in text


def test_a_narrower_reader_is_told_so_and_sees_the_own_cases(served, words, monkeypatch):
    unit = Caller("王**", "unit", "-", units=("司法所",))
    monkeypatch.setattr(served.render.caller, "current", lambda: unit)
    between(served, ("MT-0001", "left", None, -1, -1))
    text = words(sheet(served, f"{ASK}&sent=120/143&sent-at=2026-09-29T18:00:00"))
    assert "仅本单位数据：发出的数不是这个范围的" in text and "83.9" not in text
    assert "MT-0001" in text


def test_the_copied_address_holds_the_moment_of_the_data(served, nodes):
    copied = [n.to_plotly_json()["props"].get("data-copy") for n in nodes(sheet(served, ASK))]
    assert any("sent-at=2026-09-30T09:43:45" in str(href) for href in copied)


def copied(nodes, found):
    """The address that a drawer gives to be sent."""
    all_ = [n.to_plotly_json()["props"].get("data-copy") for n in nodes(found)]
    return next(href for href in all_ if href)


CHANGE = f"{ASK}&was=2025-01-01..2025-09-30"


def test_a_change_is_sent_with_both_its_sides_and_says_what_became_of_each(served, words, nodes):
    assert "sent=139/143..121/131" in copied(nodes, sheet(served, CHANGE))
    assert "发出时与现在相同" in words(sheet(served, f"{CHANGE}&sent=139/143..121/131"))
    text = words(sheet(served, f"{CHANGE}&sent=120/143..121/131"))
    assert "发出时 本期 83.9 %（120/143） → 现在 97.2 %（139/143）" in text
    assert "比较的一边 92.4 %（121/131） 未变" in text
    assert "变化 " in text and "降低 8.5 个百分点 → 现在 提高 4.8 个百分点" in text


def test_an_older_link_to_a_change_holds_one_side_and_is_held_against_it(served, words):
    text = words(sheet(served, f"{CHANGE}&sent=120/143"))
    assert "发出时 本期 83.9 %（120/143） → 现在 97.2 %（139/143）。" in text
    assert "比较的一边 92.4 %（121/131） 未变" not in text


@pytest.mark.parametrize("sent", ["1/2..3/4..5/6", "139/143..x", "..", "5..7"])
def test_a_change_that_nobody_sent_says_nothing(served, words, sent):
    assert "发出时" not in words(sheet(served, f"{CHANGE}&sent={sent}"))


def test_a_change_names_the_platforms_behind_it_with_their_age(served, words):
    text = words(sheet(served, CHANGE))
    assert "来源与时效" in text and "最近到数" in text


OWN = (
    ("/", "own:late"),
    ("/", "own:cases/wave"),
    ("/flood", "own:rising"),
    ("/flood", "own:nearest"),
    ("/video", "own:now"),
    ("/map", "own:layer/camera:"),
    ("/grid", "own:steps/办理中"),
    ("/mediation", "own:link/unit:警调"),
    ("/mediation", "own:flow-accepted/unit"),
    ("/hotline", "own:flow-dropped"),
)


@pytest.mark.parametrize(("path", "name"), OWN)
def test_a_figure_of_a_page_is_sent_with_its_value_and_says_what_became_of_it(
    served, words, nodes, path, name
):
    found = proof.sheet(served.pages, parse(path, f"?proof={name}"))[0]
    link = copied(nodes, found)
    sent = re.search(r"sent=([^&]+)", link)[1]
    assert "sent-at=2026-09-30T09:44" in link
    assert "发出时" not in words(found)
    assert "来源与时效" in words(found)
    again = parse(path, "?" + link.partition("?")[2])
    assert "发出时与现在相同" in words(proof.sheet(served.pages, again)[0])
    other = again.but(sent=re.sub(r"\d+", "9731", sent, count=1))
    text = words(proof.sheet(served.pages, other)[0])
    assert re.search(r"发出时（09:44） .*9731.* → 现在 ", text), text


def test_what_a_figure_of_a_page_rests_on_is_told_with_version_and_exclusions(served, words):
    text = words(proof.sheet(served.pages, parse("/", "?proof=own:open"))[0])
    assert "所依据的指标" in text and "热线在办量 第 1 版，2026年11月23日起用" in text
    assert f"{served.data.platforms['grid_event'].name}09-30 09:31:00" in text


@pytest.mark.parametrize("sent", ["x", "1_", "<b>", "1_2_x", "今天有 3 件"])
def test_a_link_puts_no_words_of_its_own_into_a_page(served, words, sent):
    assert "发出时" not in words(
        proof.sheet(served.pages, parse("/flood", f"?proof=own:rising&sent={sent}"))[0]
    )


def test_the_table_of_all_rows_keeps_the_value_in_the_link_and_says_it(served, words, nodes):
    table = f"{ASK}&rows=1"
    assert "sent=139/143" in copied(nodes, sheet(served, table))
    *_, link, _said = case_table.followed(served.pages, parse("/mediation", table), None, None)
    assert "sent=139/143" in link and "sent-at=2026-09-30T09:43:45" in link
    assert "发出时 83.9 %（120/143） → 现在 97.2 %（139/143）" in words(
        sheet(served, f"{table}&sent=120/143")
    )
