"""A kept row is opened with a reason and never without its row in the trail (S13, S19)."""

import json
from dataclasses import replace

import pytest

from cases import audit, reveal, vault
from cases.errors import NotAllowed, NotKnown

pytestmark = pytest.mark.sec
SOURCE = "demo:hotline_12345"
PLACES = [("hotline_order", "NJ1"), ("hotline_event", "NJ1|1"), ("hotline_event", "NJ1|2")]
WISH = reveal.Wish(SOURCE, PLACES, "回访核实地址", "zhang", "seat", "::1")
KEPT = {"caller_name": "欧阳震华", "caller_phone": "13812345678"}
NOTE = {"note": "已联系 13812345678"}
OPENED = [
    reveal.Kept("hotline_order", "NJ1", KEPT),
    reveal.Kept("hotline_event", "NJ1|2", NOTE),
]


def of(number):
    return replace(WISH, places=[("hotline_order", number)])


@pytest.fixture
def kept(store):
    vault.put(store, SOURCE, "hotline_order", [("NJ1", KEPT), ("NJ2", KEPT)])
    vault.put(store, SOURCE, "hotline_event", [("NJ1|2", NOTE), ("NJ2|1", NOTE)])
    return store


def test_a_case_is_opened_with_its_steps_and_stands_in_the_trail_once_with_its_reason(kept):
    assert reveal.reveal(kept, WISH) == OPENED
    row = audit.recent(kept)[0]
    assert (row.event, row.who, row.outcome) == ("reveal", "zhang", "ok")
    assert row.subject == "demo:hotline_12345/hotline_order/NJ1"
    detail = json.loads(row.detail)
    assert detail == {
        "reason": "回访核实地址",
        "columns": ["caller_name", "caller_phone", "note"],
        "rows": 2,
    }
    assert "13812345678" not in row.detail and "欧阳" not in row.detail
    assert audit.verify(kept) == 1


@pytest.mark.parametrize("reason", ["", "   ", "看看", "a\n b", "x" * 201])
def test_without_a_reason_nothing_is_opened(kept, reason):
    with pytest.raises(NotAllowed, match="needs a reason"):
        reveal.reveal(kept, replace(WISH, reason=reason))
    assert audit.recent(kept) == []


def test_where_the_trail_cannot_be_written_nothing_is_shown(kept, monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(audit, "append", full)
    with pytest.raises(OSError, match="no space"):
        reveal.reveal(kept, WISH)
    assert audit.recent(kept) == []


def test_the_thirty_first_within_an_hour_is_refused_and_noticed(kept):
    for _ in range(reveal.MOST_AN_HOUR):
        reveal.reveal(kept, WISH)
    with pytest.raises(NotAllowed, match="opened too many"):
        reveal.reveal(kept, of("NJ2"))
    assert audit.recent(kept)[0].outcome == "notice"
    assert reveal.reveal(kept, replace(WISH, who="li")) == OPENED, "another's count is another's"


def test_a_row_that_is_not_kept_is_said_not_to_be(kept):
    with pytest.raises(NotKnown):
        reveal.reveal(kept, of("NJ3"))
    assert audit.recent(kept) == []
