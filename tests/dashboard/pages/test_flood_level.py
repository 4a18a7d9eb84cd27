"""The flood page says which response is in force; warnings and alarms only speak for one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cases import alarms, flood_response, raising
from cases.alarm_rows import changing
from cases.audit import Entry
from cases.errors import NotAllowed
from cases.schema import utc
from config import clock
from dashboard.gate.caller import Caller
from dashboard.pages import circumstances, flood_level
from dashboard.pages.desk import response, response_calls
from dashboard.pages.state import parse
from tests import fresh

NOW = utc(datetime(2026, 9, 30, 2, 40))
WHO = Entry("", who="seat-3", role="seat", address="10.0.0.7")
PAPER = "区防指〔2026〕3号"


@pytest.fixture
def real(served, tmp_path, monkeypatch):
    """The town's pages over a real case store."""
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    served.data.store = fresh.store()
    yield served
    served.data.store.close()


def panel(served, nodes):
    body = served.render.page(served.pages, parse("/flood", ""))[2]
    return next(n for n in nodes(body) if "a-response" in str(getattr(n, "className", "")).split())


def raised(store, rank=2, limit="guarantee", station="3201170005", **more):
    now = clock.now()
    facts = raising.Facts(
        kind="flood", subject=station, now=now, observed_at=now, rank=rank, limit_name=limit,
        threshold=10.2, value=10.22,
    )  # fmt: skip
    with changing(store) as connection:
        return raising.start(connection, facts, is_raised=True, **more)


def test_no_response_is_said_though_a_warning_of_the_weather_is_in_force(real, nodes, words):
    told = words(panel(real, nodes))
    assert "未启动应急响应" in told and "没有记录过响应决定" in told and "建议研判" not in told


def test_an_alarm_of_water_proposes_a_level_and_starts_none(real, nodes, words):
    raised(real.data.store)
    told = words(panel(real, nodes))
    assert "未启动应急响应" in told and "建议研判 Ⅱ级：春和闸站" in told


def test_the_level_in_force_stands_with_its_paper_and_is_no_more_proposed(real, nodes, words):
    raised(real.data.store)
    flood_response.decide(real.data.store, 2, PAPER, clock.now(), WHO)
    told = words(panel(real, nodes))
    assert "Ⅱ级应急响应" in told and PAPER in told and "seat-3 记" in told
    assert "建议研判" not in told
    flood_response.decide(real.data.store, 4, PAPER, clock.now(), WHO)
    assert "Ⅳ级应急响应" in words(panel(real, nodes)) and "建议研判 Ⅱ级" in words(
        panel(real, nodes)
    )
    flood_response.decide(real.data.store, 0, "区防指电话通知", clock.now(), WHO)
    told = words(panel(real, nodes))
    assert "未启动应急响应" in told and "终止，区防指电话通知" in told


def test_a_drill_a_false_and_a_shelved_alarm_propose_nothing(real):
    store, now = real.data.store, clock.now()
    raised(store, drill_until=now + timedelta(hours=1))
    shelved = raised(store, 3, "warning", "3201170006")
    false = raised(store, 3, "warning", "3201170007")
    for who in ("li", "wu"):
        alarms.mark_false(store, false, who, "检修", now)
    alarms.shelve(store, "flood", "3201170006", now + timedelta(hours=1), "检修", "li", now)
    assert shelved != false
    assert flood_level.proposed(alarms.open_alarms(store, now), None) is None


def test_only_a_seat_and_a_leader_are_led_to_the_desk(real, nodes, words, monkeypatch):
    told = {}
    for role in ("leader", "seat", "unit", "admin"):
        monkeypatch.setattr(
            flood_level.caller, "current", lambda role=role: Caller("zhou", role, "-")
        )
        told[role] = "记录响应决定" in words(flood_level.view(glass(real)))
    assert told == {"leader": True, "seat": True, "unit": False, "admin": False}


def glass(served):
    page = served.render.find(served.pages, "/flood")
    return served.render.glass(page, parse("/flood", ""))


def test_a_seat_writes_a_decision_down_and_nobody_else_can(real, monkeypatch, words):
    store = real.data.store
    monkeypatch.setattr(response_calls, "data", lambda: real.data)
    session = object()
    for who in (
        Caller("zhou", "unit", "-", session=session),
        Caller("li", "admin", "-", session=session),
        Caller("program", "seat", "-"),
    ):
        monkeypatch.setattr(response_calls.caller, "current", lambda who=who: who)
        with pytest.raises(NotAllowed):
            response_calls.decided(store, 3, PAPER)
    seat = Caller("xi", "seat", "10.0.0.7", session=session)
    monkeypatch.setattr(response_calls.caller, "current", lambda: seat)
    for level in (9, None, "3", 3.5):
        said, *_rest = response_calls._done(level, PAPER)
        assert "没有这个级别" in said, level
    assert "请写明依据" in response_calls._done(3, "")[0]
    said, now, events, basis = response_calls._done(3, PAPER)
    assert (said, basis) == ("已记录：Ⅲ级应急响应。", "")
    assert "Ⅲ级应急响应" in words(now) and PAPER in words(events) and "xi" in words(events)
    assert flood_response.latest(store).by_name == "xi"


def test_the_desk_offers_each_level_and_the_end(real, words, nodes):
    _, body = response.standing(real.data, parse(response.PATH, ""), None)
    ids = [n.id for n in nodes(body) if type(n).__name__ == "Button"]
    assert [one["level"] for one in ids[:-1]] == [1, 2, 3, 4] and ids[-1] == response.END
    assert "没有记录过响应决定" in words(body)


def test_a_page_that_many_look_at_is_drawn_anew_after_a_decision(real):
    before = circumstances._seen(circumstances_data(real))
    flood_response.decide(real.data.store, 3, PAPER, clock.now(), WHO)
    after = circumstances._seen(circumstances_data(real))
    assert before.key != after.key
    assert replace(after, response=before.response).key == before.key


def circumstances_data(served):
    served.data.edition = 1
    return served.data
