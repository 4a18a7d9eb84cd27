from collections import Counter
from datetime import datetime

import pytest

from dashboard.gate.caller import Caller
from dashboard.pages import proof
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
