"""What is wrong with the platforms' data, as lamps and pages count it."""

from datetime import datetime, timedelta

from cases import health, quarantine
from cases.quarantine import NEW, SCALE, Drift, Group
from config.platforms import Platform

NOON = datetime(2026, 11, 23, 12, 0)


def group(reason="读不懂：受理时间", rows=3, **changes):
    facts = {
        "key": "hotline_12345", "source": "hotline_12345", "fact": "hotline_order",
        "reason": reason, "column_label": "受理时间", "rule": "应为时间", "rows": rows,
        "deliveries": 1, "first_at": NOON, "last_at": NOON, "example_row": 4,
        "example": {"受理时间": "昨天"}, "raw_path": "hotline_12345/2026-11-23/x.json.gz",
    }  # fmt: skip
    return Group(**(facts | changes))


def drift(field="xzd", rows=2, at=NOON, **changes):
    facts = {
        "key": "hotline_12345", "fact": "hotline_order", "field": field, "kind": NEW,
        "first_at": at, "last_at": at, "rows": rows, "example": "9999",
    }  # fmt: skip
    return Drift(**(facts | changes))


def replace(store, *groups):
    quarantine.replace(store, "hotline_12345", groups, own="hotline_12345")


def test_the_groups_of_a_platform_are_what_was_counted_last(store):
    replace(store, group(rows=3), group("缺受理时间", 5))
    assert [each.reason for each in quarantine.groups(store)] == ["缺受理时间", "读不懂：受理时间"]
    replace(store, group(rows=1))
    assert quarantine.groups(store, "hotline_12345") == [group(rows=1)]
    assert quarantine.groups(store, "weather") == []
    replace(store)
    assert quarantine.groups(store) == []


def test_the_lamp_counts_rows_of_the_platforms_own_source_only(store):
    health.succeeded(store, "hotline_12345", NOON)
    replace(store, group(rows=3), group(rows=9, source="baltimore"))
    facts = {
        "key": "hotline_12345", "name": "热线", "short": "热线", "owner": "热线办", "phone": "",
        "transport": "rest", "every": timedelta(minutes=5), "stale_after": timedelta(minutes=20),
        "demo": False, "enabled": True,
    }  # fmt: skip
    (state,) = health.states(store, {"hotline_12345": Platform(**facts)}, NOON)
    assert state.quarantined == 3


def test_a_new_field_keeps_when_it_was_first_seen_and_adds_up(store):
    later = NOON + timedelta(days=2)
    quarantine.note(store, [drift(rows=2), drift("rain", 1, kind=SCALE)])
    quarantine.note(store, [drift(rows=5, at=later)])
    quarantine.note(store, [drift(rows=1, at=NOON + timedelta(days=1))])
    found = {each.field: each for each in quarantine.drifts(store, "hotline_12345")}
    assert (found["xzd"].first_at, found["xzd"].last_at, found["xzd"].rows) == (NOON, later, 8)
    assert found["rain"].says == "量级突变"


def test_a_field_that_is_not_seen_any_more_is_forgotten(store):
    quarantine.note(store, [drift("old"), drift("young", at=NOON + timedelta(days=9))])
    assert quarantine.forget(store, NOON + timedelta(days=1)) == 1
    assert [each.field for each in quarantine.drifts(store)] == ["young"]


def test_json_carries_the_zone(store):
    assert group().to_json()["first_at"] == "2026-11-23T12:00:00+08:00"
    assert drift().to_json()["last_at"] == "2026-11-23T12:00:00+08:00"
