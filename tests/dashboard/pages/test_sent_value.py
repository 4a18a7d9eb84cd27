import pytest

from dashboard.pages import proof
from dashboard.pages.state import parse

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
