from datetime import datetime, timedelta

import pytest

from cases import health, runs
from cases.faults import Fault
from config import clock
from config.platforms import Platform

NOW = datetime(2026, 11, 23, 10, 0)
EVERY = timedelta(minutes=5)
STALE = timedelta(minutes=20)


def platform(key="hotline_12345", **changes):
    facts = {
        "name": "12345热线", "short": "热线", "owner": "热线办", "phone": "025-0000",
        "transport": "rest", "every": EVERY, "stale_after": STALE, "demo": True, "enabled": True,
    }  # fmt: skip
    return Platform(key=key, **(facts | changes))


@pytest.mark.parametrize(
    ("enabled", "failed", "minutes", "state"),
    [
        (True, False, 0, "fresh"),
        (True, False, 10, "fresh"),  # exactly twice the cadence
        (True, False, 10.1, "late"),
        (True, False, 20, "late"),  # exactly the limit
        (True, False, 20.1, "stale"),
        (True, False, None, "stale"),  # never succeeded
        (True, True, 0, "failed"),  # failed goes before the age
        (True, True, 60, "failed"),
        (False, True, 60, "off"),  # off goes before everything
        (False, False, None, "off"),
    ],
)
def test_the_lamp_follows_one_rule(enabled, failed, minutes, state):
    age = None if minutes is None else timedelta(minutes=minutes)
    lit = health.lamp(enabled=enabled, failed=failed, age=age, every=EVERY, stale_after=STALE)
    assert lit == state


def one_state(store, now=NOW, **changes):
    return health.states(store, {"hotline_12345": platform(**changes)}, now)[0]


def test_rows_of_one_day_add_up_and_start_anew_at_midnight(store):
    health.succeeded(store, "hotline_12345", NOW, rows_in=7)
    health.succeeded(store, "hotline_12345", NOW, rows_in=5)
    state = one_state(store)
    assert (state.rows_today, state.quarantined, state.state) == (12, 0, "fresh")
    assert one_state(store, NOW + timedelta(days=1)).rows_today == 0
    health.succeeded(store, "hotline_12345", NOW + timedelta(days=1), rows_in=1)
    assert one_state(store, NOW + timedelta(days=1)).rows_today == 1


def test_a_retryable_failure_keeps_the_age_and_a_final_one_lights_failed(store):
    health.succeeded(store, "hotline_12345", NOW)
    health.failed(store, "hotline_12345", NOW, "连接超时")
    assert one_state(store).state == "fresh"
    health.failed(store, "hotline_12345", NOW, "HTTP 401", permanent=True, fault=Fault.UNACCEPTED)
    state = one_state(store)
    assert state.state == "failed"
    assert "令牌" in state.hint and "热线办 025-0000" in state.hint
    assert "HTTP" not in state.hint and state.error == "HTTP 401"
    health.succeeded(store, "hotline_12345", NOW)
    assert one_state(store).state == "fresh"


def test_a_platform_that_never_delivered_says_so(store):
    state = one_state(store)
    assert (state.state, state.age_s, state.hint) == ("stale", None, "尚未收到数据")
    assert one_state(store, enabled=False, demo=False).hint == "未接入"


def test_what_was_mended_lets_the_lamp_go_by_the_age_again(store):
    health.succeeded(store, "hotline_12345", NOW)
    health.failed(store, "hotline_12345", NOW, "整批漂移", permanent=True)
    assert one_state(store).state == "failed"
    health.mended(store, "hotline_12345")
    assert (one_state(store).state, one_state(store).hint) == ("fresh", "")


def test_the_json_of_a_state_has_the_keys_of_the_contract_and_the_offset(store):
    health.succeeded(store, "hotline_12345", NOW, rows_in=2)
    shown = one_state(store).to_json()
    assert list(shown) == [
        "key", "name", "state", "last_success", "age_s", "limit_s",
        "rows_today", "quarantined", "hint",
    ]  # fmt: skip
    assert shown["last_success"] == "2026-11-23T10:00:00+08:00"
    assert shown["limit_s"] == 1200


def test_the_first_load_shows_until_all_have_succeeded_and_figures_are_published(store):
    wanted = {key: platform(key, name=key) for key in ("gauge", "weather")}
    wanted["mediation"] = platform("mediation", enabled=False)
    health.progress(store, "gauge", 20, 100, "载入历史")
    health.succeeded(store, "weather", NOW)
    shown = health.first_load(store, wanted)
    assert [(item.key, item.phase, item.done, item.total) for item in shown] == [
        ("gauge", "载入历史", 20, 100),
        ("weather", "已载入", 0, 0),
    ]
    health.succeeded(store, "gauge", NOW)
    assert health.first_load(store, wanted) is not None
    health.published(store, 4, NOW)
    assert health.first_load(store, wanted) is None
    assert health.last_published(store) == (4, NOW)


def test_a_stream_that_still_catches_up_does_not_count_as_loaded(store):
    wanted = {"gauge": platform("gauge", name="gauge")}
    health.progress(store, "gauge", 40_000, 0, health.CATCHING_UP)
    health.succeeded(store, "gauge", NOW)
    health.published(store, 4, NOW)
    (shown,) = health.first_load(store, wanted)
    assert (shown.phase, shown.done) == (health.CATCHING_UP, 40_000)
    health.progress(store, "gauge", 41_000, 41_000, "已载入")
    assert health.first_load(store, wanted) is None


def test_a_run_keeps_its_counts_and_its_error(store):
    with clock.frozen(NOW):
        number = runs.start(store, "gauge", "poll")
        runs.finish(store, number, ok=False, rows_in=3, quarantined=3, error="CRC")
        runs.start(store, "weather", "poll")
    newest, older = runs.recent(store)
    assert (newest.key, newest.ok, newest.finished_at) == ("weather", None, None)
    assert (older.rows_in, older.quarantined, older.error) == (3, 3, "CRC")
    assert runs.recent(store, "gauge") == [older]
