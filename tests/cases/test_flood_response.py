"""The flood response is what was decided and written down, by name, with what it rests on."""

from datetime import datetime, timedelta

import pytest

from cases import audit, flood_response
from cases.audit import Entry
from cases.errors import NotAllowed
from cases.schema import utc

NOW = utc(datetime(2026, 7, 17, 14, 0))
WHO = Entry("", who="seat-3", role="seat", address="10.0.0.7")
PAPER = "区防指〔2026〕3号"


def test_the_last_decision_holds_until_another_one_or_its_end(store):
    assert flood_response.latest(store) is None and flood_response.version(store) == 0
    flood_response.decide(store, 4, PAPER, NOW, WHO)
    flood_response.decide(store, 2, "区防指〔2026〕5号", NOW + timedelta(hours=8), WHO)
    held = flood_response.latest(store)
    assert (held.level, held.basis, held.by_name) == (2, "区防指〔2026〕5号", "seat-3")
    assert held.is_on and held.at == NOW + timedelta(hours=8)
    flood_response.decide(store, 0, "区防指电话通知", NOW + timedelta(days=2), WHO)
    assert not flood_response.latest(store).is_on
    assert [one.level for one in flood_response.recent(store)] == [0, 2, 4]
    assert flood_response.version(store) == 3


def test_each_decision_is_a_row_of_the_trail(store):
    flood_response.decide(store, 3, PAPER, NOW, WHO)
    (row,) = audit.recent(store)
    assert (row.event, row.who, row.role, row.address) == (
        "flood_response", "seat-3", "seat", "10.0.0.7",
    )  # fmt: skip
    assert '"level": 3' in row.detail


@pytest.mark.parametrize(
    ("level", "basis"), [(5, PAPER), (-1, PAPER), (3, ""), (3, "　 "), (3, "口头"), (3, "长" * 101)]
)
def test_a_level_that_is_none_or_a_decision_on_nothing_is_refused(store, level, basis):
    with pytest.raises(NotAllowed):
        flood_response.decide(store, level, basis, NOW, WHO)
    assert flood_response.latest(store) is None and audit.recent(store) == []


def test_what_holds_already_is_not_decided_again(store):
    with pytest.raises(NotAllowed):
        flood_response.decide(store, 0, PAPER, NOW, WHO)
    flood_response.decide(store, 3, PAPER, NOW, WHO)
    with pytest.raises(NotAllowed):
        flood_response.decide(store, 3, PAPER, NOW, WHO)
    assert len(flood_response.recent(store)) == 1


def test_what_somebody_types_stays_one_line(store):
    made = flood_response.decide(store, 3, "区防指\n〔2026〕3号\u202e", NOW, WHO)
    assert made.basis == "区防指 〔2026〕3号"
