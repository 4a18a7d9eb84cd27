"""F10: a platform changes its shape. What is new is kept and told; what breaks is set aside within
one cycle, with row, column and rule; the others go on; a replay brings everything back.

Each connector meets 10 changed payloads, with HONGLAN_LONG=1 all 40.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cases import health, quarantine
from config import clock
from etl import commands, registry, status
from etl import quarantine as told
from etl.errors import BadRecord, Refused
from etl.platforms import hotline_12345

NOON = datetime(2026, 11, 23, 12, 0)
ROWS = 120
LONG = os.environ.get("HONGLAN_LONG") == "1"
WEATHER = """
[weather]
name = "气象预警与实况"
owner = "区气象局"
transport = "files"
every = "5m"
stale_after = "1h"
"""


@pytest.fixture
def at(place, configure, blocks, hotline):
    configure(blocks["hotline"].format(url=hotline.url, size=500) + WEATHER)
    with clock.frozen(NOON):
        opened = place()
        opened.mend()
        yield opened


def orders(make_order: Callable[..., dict], cycle: int) -> list[dict]:
    """What a hotline sends in one cycle: orders of its own, later than those before."""
    at = f"2026-11-23T{cycle % 24:02d}:{cycle // 24:02d}:00"
    return [
        make_order(1000 * cycle + n, at, dz="珍珠路2号", lz=None, sljb="街道") for n in range(ROWS)
    ]


def readings(cycle: int) -> list[dict]:
    """What a weather platform sends in one cycle: a reading a minute."""
    first = datetime(2026, 9, 1) + timedelta(days=cycle)
    return [
        {
            "kind": "obs", "stationId": "58339", "temp": 12.5 + n / 100, "humidity": 60 + n % 9,
            "obsTime": (first + timedelta(minutes=n)).isoformat(), "windSpeed": 2.1, "sky": "多云",
            "windDir": "东北", "rain1h": 0.2, "rain24h": 1.5, "next6hLow": 0, "next6hHigh": 5,
            "updateTime": (first + timedelta(minutes=n)).isoformat(),
        }
        for n in range(ROWS)
    ]  # fmt: skip


def payload(key: str, records: list[dict]) -> bytes:
    if key == "weather":
        return json.dumps({"status": 200, "data": {"total": 1, "list": records}}).encode()
    data = {"total": len(records), "records": records}
    return json.dumps({"code": "0000", "result": {"pageData": data}}).encode()


def take(at, key: str, records: list[dict]) -> None:
    def work(tally) -> None:
        tally.add(at.loader.take(key, payload(key, records), ext="json", source=key))

    at.turn(key, "poll", work, wait=True)


def changed(records: list[dict], kind: str, field: str) -> list[dict]:
    """The records as the platform sends them after its change."""
    return [CHANGES[kind](dict(record), field) for record in records]


CHANGES: dict[str, Callable[[dict, str], dict]] = {
    "new": lambda record, field: record | {f"{field}_x": "v1"},
    "missing": lambda record, field: {k: v for k, v in record.items() if k != field},
    "renamed": lambda record, field: {k + "_new" * (k == field): v for k, v in record.items()},
    "null": lambda record, field: record | {field: None},
    "blank": lambda record, field: record | {field: "  "},
    "object": lambda record, field: record | {field: {"value": record[field]}},
    "words": lambda record, field: record | {field: "待定"},
    "unit": lambda record, field: record | {field: float(record[field]) * 1000},
    "enum": lambda record, field: record | {field: "从未见过"},
}
BREAKS, KEEPS = "breaks", "keeps"
FIELDS = {  # what is always there, what is typed, what is measured, what is a code
    "hotline_12345": (
        ["gdbh", "slsj", "sqfl", "bt"], ["slsj", "gxsj"], [], ["gdzt", "sqlx", "sqflmc", "zbdw"],
    ),
    "weather": (
        ["stationId", "obsTime", "temp", "sky"],
        ["obsTime", "updateTime", "temp", "humidity"],
        ["rain1h", "rain24h", "windSpeed", "temp"],
        ["sky", "windDir"],
    ),
}  # fmt: skip


def cases(key: str) -> list[tuple[str, str, str]]:
    """Changed payloads: kind, field, and what must come of it; every kind before any again."""
    always, typed, measured, codes = FIELDS[key]
    kinds = {
        "new": (always, KEEPS), "missing": (always, BREAKS), "renamed": (always, BREAKS),
        "null": (always, BREAKS), "blank": (always, BREAKS), "object": (typed, BREAKS),
        "words": (typed, BREAKS), "unit": (measured, KEEPS), "enum": (codes, KEEPS),
    }  # fmt: skip
    table = [
        (kind, fields[turn % len(fields)], end)
        for turn in range(5)
        for kind, (fields, end) in kinds.items()
        if fields
    ]
    return table[: 40 if LONG else 10]


@pytest.mark.parametrize("key", sorted(FIELDS))
def test_every_change_of_shape_is_kept_or_set_aside_within_one_cycle(at, make_order, core, key):
    other = "weather" if key == "hotline_12345" else "hotline_12345"
    good = {
        "weather": readings, "hotline_12345": lambda cycle: orders(make_order, cycle)
    }  # fmt: skip
    fact = {"weather": "weather_reading", "hotline_12345": "hotline_order"}[key]
    take(at, key, good[key](0))
    take(at, other, good[other](0))
    for cycle, (kind, field, end) in enumerate(cases(key), 1):
        before = core(at, f"SELECT count(*) FROM core.{fact}")[0][0]
        records = changed(good[key](cycle), kind, field)
        said = f"{kind} {field}"
        if end == BREAKS:
            with pytest.raises((Refused, BadRecord)):
                take(at, key, records)
        else:
            take(at, key, records)
        after = core(at, f"SELECT count(*) FROM core.{fact}")[0][0]
        assert after - before == (0 if end == BREAKS else ROWS), said
        lamps = {each.key: each.state for each in health.states(at.store, at.platforms, NOON)}
        assert lamps == {key: "failed" if end == BREAKS else "fresh", other: "fresh"}, said
        told = {each.field for each in quarantine.drifts(at.store, key)}
        if kind == "new":
            assert f"{field}_x" in told, said
        if kind == "unit" and end == KEEPS:
            assert any(each.kind == "scale" for each in quarantine.drifts(at.store, key)), said
    torn = "SELECT count(*) FROM core.batch WHERE rows_in <> loaded + unchanged + quarantined"
    assert core(at, torn) == [(0,)]


def test_a_renamed_column_keeps_the_lamp_failed_until_it_is_mended_and_replayed(
    at, make_order, core, monkeypatch
):
    take(at, "hotline_12345", orders(make_order, 0))
    take(at, "weather", readings(0))
    renamed = changed(orders(make_order, 1), "renamed", "slsj")
    at.loader.archive.begin("hotline_12345")
    with pytest.raises(Refused, match="lack 受理时间; all were set aside"):
        take(at, "hotline_12345", renamed)
    at.loader.archive.begin("hotline_12345")
    with pytest.raises(Refused, match="answers as before"):
        take(at, "hotline_12345", renamed)
    lamps = {each.key: each.state for each in health.states(at.store, at.platforms, NOON)}
    assert lamps == {"hotline_12345": "failed", "weather": "fresh"}
    monkeypatch.setitem(hotline_12345.FIELDS, "slsj_new", "received_at")
    monkeypatch.delitem(hotline_12345.FIELDS, "slsj")
    at.loader.replay(["hotline_12345"])
    assert core(at, "SELECT count(*), count(received_at) FROM core.hotline_order") == [
        (2 * ROWS, 2 * ROWS)
    ]
    assert quarantine.groups(at.store) == []
    assert not list((at.var / "quarantine").glob("*/*.jsonl"))  # they hold what people said
    (state, _) = health.states(at.store, at.platforms, NOON)
    assert (state.state, state.quarantined) == ("fresh", 0)


def test_quarantine_is_told_by_row_column_and_rule_and_names_nobody(at, make_order):
    bad = [
        make_order(1, "2026-11-23T10:00:00", slsj="昨天", sqr="欧阳震华", lxdh="13812345678"),
        make_order(2, "2026-11-23T10:00:00", bjsj="2020-01-01T08:00:00"),
        {**make_order(3, "2026-11-23T10:00:00", sqr="欧阳震华"), "gdbh": None},
    ]
    take(at, "hotline_12345", bad)
    groups = {each.reason: each for each in quarantine.groups(at.store, "hotline_12345")}
    broken = groups["读不懂：受理时间"]
    assert (broken.column_label, broken.rule, broken.rows) == ("受理时间", "应为北京时间", 1)
    assert broken.example["受理时间"] == "昨天"
    assert broken.example["联系电话"] == "138****5678"
    turned = groups["办结早于受理"]
    assert (turned.column_label, turned.rule) == ("受理时间、办结时间", "closed_at < received_at")
    assert groups["缺工单编号"].column_label == "工单编号"
    said = status.words(at.store, at.platforms, "hotline_12345")
    assert "列 受理时间；规则 应为北京时间" in said
    shown = said + json.dumps(status.to_json(at.store, at.platforms, "hotline_12345"))
    stored = json.dumps([each.to_json() for each in groups.values()], ensure_ascii=False)
    for secret in ("欧阳震华", "13812345678", "震华"):
        assert secret not in shown
        assert secret not in stored


def test_the_cause_of_a_drifted_batch_is_told_with_it(at, make_order):
    mixed = orders(make_order, 1)
    for record in mixed[:40]:
        record["gxsj"] = "不详"
    with pytest.raises(Refused):
        take(at, "hotline_12345", mixed)
    (group,) = quarantine.groups(at.store, "hotline_12345")
    assert (group.reason, group.rows, group.column_label) == ("整批漂移", ROWS, "更新时间")
    assert group.rule == "读不懂：更新时间 40 行"


def test_a_value_taken_back_from_many_known_rows_is_drift_but_new_orders_may_lack_it(
    at, make_order, core
):
    closed = [{**each, "bjsj": "2026-11-22T08:00:00"} for each in orders(make_order, 0)]
    take(at, "hotline_12345", closed[:90] + orders(make_order, 2)[:30])
    take(at, "hotline_12345", orders(make_order, 3))  # none of them is closed yet
    again = [{**each, "bjsj": None, "gxsj": "2026-11-23T09:00:00"} for each in closed]
    with pytest.raises(Refused):
        take(at, "hotline_12345", again)
    assert core(at, "SELECT count(closed_at) FROM core.hotline_order") == [(90,)]


def test_a_history_closed_from_end_to_end_does_not_make_new_orders_drift(at, make_order, core):
    for cycle in range(10):
        old = [{**each, "bjsj": "2026-11-22T08:00:00"} for each in orders(make_order, cycle)]
        take(at, "hotline_12345", old)
    young = [{**each, "slsj": "2026-11-20T08:00:00"} for each in orders(make_order, 10)]
    take(at, "hotline_12345", young[:1])
    take(at, "hotline_12345", young[1:])  # more than a hundred, and none is closed yet
    assert quarantine.groups(at.store) == []
    assert core(at, "SELECT count(*) - count(closed_at) FROM core.hotline_order") == [(ROWS,)]


def test_a_column_that_is_declared_optional_may_be_lacking(at, make_order, monkeypatch):
    columns = dict(hotline_12345.ORDER.columns)
    columns["title"] = replace(columns["title"], optional=True)
    table = hotline_12345.ORDER._replace(columns=columns)
    with at.loader.writing() as warehouse:
        monkeypatch.setitem(warehouse._tables, "hotline_order", table)
    take(at, "hotline_12345", orders(make_order, 0))
    take(at, "hotline_12345", changed(orders(make_order, 1), "missing", "bt"))
    assert quarantine.groups(at.store) == []


def test_the_books_close_for_every_source(at, make_order):
    take(at, "hotline_12345", [*orders(make_order, 0), {**make_order(1, "x"), "gdbh": None}])
    answer = commands.balance(at)
    assert answer.code == 0
    (line,) = [each for each in answer.out.splitlines() if each.startswith("hotline_12345")]
    assert line.split() == ["hotline_12345", "1", "121", "120", "0", "1", "1", "平"]
    with at.loader.writing() as warehouse:
        warehouse.connection.execute("UPDATE core.batch SET loaded = loaded - 1")
    assert commands.balance(at).code == commands.AGAIN


def test_a_refused_record_is_shown_under_our_labels_whatever_the_platform_calls_its_fields():
    names = registry.column_names("hotline_12345")
    record = {"gdbh": "", "sqr": "王小五", "lxdh": "13800001111", "sqbm": "320117005001", "zz": "7"}
    shown = told.shown(record, registry.module("hotline_12345").TABLES, "!", "", names)
    assert shown["社区编码"] == "320117005001" and shown["zz"] == "7"
    assert "王小五" not in str(shown) and "13800001111" not in str(shown)
