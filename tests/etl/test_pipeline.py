"""From a platform's bytes to core: what comes twice, late, wrong or damaged."""

from __future__ import annotations

import json
import os
import random
from datetime import datetime

import pytest

from cases import health, vault
from config import clock
from etl import registry
from etl.errors import BadRecord, Refused, Retryable
from etl.health import Tally
from etl.rebuild import rebuild
from warehouse.errors import NoSnapshot
from warehouse.read import MetricQuery, Reader

NOON = datetime(2026, 11, 23, 12, 0, 0)
ORDERS = "SELECT order_no, state, updated_at::VARCHAR FROM core.hotline_order ORDER BY 1"


@pytest.fixture
def at(place, configure, blocks, hotline):
    configure(blocks["hotline"].format(url=hotline.url, size=20) + blocks["mediation"])
    with clock.frozen(NOON):
        opened = place()
        opened.mend()
        yield opened


def page(*records: dict) -> bytes:
    data = {"total": len(records), "records": list(records)}
    return json.dumps({"code": "0000", "result": {"pageData": data}}).encode()


def take(at, payload: bytes, **more) -> Tally:
    return at.loader.take("hotline_12345", payload, ext="json", source="hotline_12345", **more)


def test_a_poll_loads_all_and_the_next_finds_nothing_new(at, hotline, make_order, core):
    hotline.records = [make_order(n, f"2026-11-23T10:{n:02d}:00") for n in range(45)]
    first = at.turn("hotline_12345", "poll", at.feeds["hotline_12345"].poll, wait=True)
    assert first.loaded == 45 * 3
    assert len(core(at, ORDERS)) == 45
    again = at.turn("hotline_12345", "poll", at.feeds["hotline_12345"].poll, wait=True)
    assert (again.loaded, again.quarantined) == (0, 0)
    last = at.turn("hotline_12345", "poll", at.feeds["hotline_12345"].poll, wait=True)
    assert (last.rows_in, last.answered) == (0, True)
    lines = list(at.loader.archive.lines("hotline_12345"))
    assert lines[-1].unchanged
    assert lines[-1].cursor == "2026-11-23T10:44:00"
    (state, _) = health.states(at.store, at.platforms, clock.now())
    assert (state.state, state.rows_today) == ("fresh", first.rows_in + again.rows_in)


def test_what_names_a_person_is_in_the_vault_and_masked_in_core(at, make_order, core):
    take(at, page(make_order(1, "2026-11-23T10:00:00", sqr="欧阳震华", dz="胭脂河路18号3幢")))
    found = core(at, "SELECT caller_name, caller_phone, addr, caller_hash FROM core.hotline_order")
    assert found[0][:3] == ("欧阳**", "025-****11", "胭脂河路***")
    assert len(found[0][3]) == 64
    kept = vault.reveal(at.store, "hotline_12345", "hotline_order", "HL000001")
    assert (kept["caller_name"], kept["addr"]) == ("欧阳震华", "胭脂河路18号3幢")
    files = [file.read_bytes() for file in (at.var / "warehouse").iterdir()]
    assert not any("欧阳震华".encode() in content for content in files)


def test_order_and_repetition_of_deliveries_change_nothing(at, make_order, core):
    states = ("待签收", "办理中", "已办结")
    deliveries = [
        page(*(make_order(n, f"2026-11-2{k}T10:{n:02d}:00", gdzt=states[k]) for n in some))
        for k, some in ((0, range(12)), (1, range(4, 12)), (2, range(8, 12)), (2, range(6, 9)))
    ]
    dice = random.Random(5)
    wanted = None
    for source in ("one", "two", "three"):
        shuffled = deliveries * 2
        dice.shuffle(shuffled)
        for payload in shuffled:
            at.loader.take("hotline_12345", payload, ext="json", source=source)
        of = f"WHERE source = '{source}' ORDER BY ALL"
        found = core(at, f"SELECT order_no, state, _hash FROM core.hotline_order {of}")
        history = core(at, f"SELECT order_no, state, _hash FROM core.hotline_order_version {of}")
        wanted = wanted or (found, history)
        assert (found, history) == wanted
    assert [state for _, state, _ in wanted[0]] == ["待签收"] * 4 + ["办理中"] * 2 + ["已办结"] * 6


def test_rows_that_cannot_be_right_go_to_quarantine_with_the_reason(at, make_order, core):
    bad = [
        make_order(1, "2026-11-23T10:00:00", bjsj="2026-10-31T08:00:00"),
        make_order(2, "2026-11-23T10:00:00", slsj=None),
        make_order(3, "2026-11-23T10:00:00", slsj="2027-01-01T00:00:00"),
        make_order(4, "2026-11-23T10:00:00", slsj="2026-02-30T00:00:00"),
        {**make_order(5, "2026-11-23T10:00:00"), "gdbh": None},
        make_order(6, "2026-11-23T10:00:00"),
    ]
    tally = take(at, page(*bad))
    assert tally.rows_in == tally.loaded + tally.unchanged + tally.quarantined
    assert tally.reasons == {
        "办结早于受理": 1,
        "缺受理时间": 1,
        "受理时间在未来": 1,
        "读不懂：受理时间": 1,
        "缺工单编号": 1,
    }
    assert [no for no, *_ in core(at, ORDERS)] == ["HL000006"]
    (file,) = (at.var / "quarantine" / "hotline_12345").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text().splitlines()) == 5


def test_a_gauge_whose_clock_runs_ahead_goes_to_quarantine(place, configure, blocks, core):
    configure(blocks["gauge"])
    ahead = bytes.fromhex(
        "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F059101115492019000005"
        "2619000005392300000127381211150320FA"
    )
    with clock.frozen(NOON):
        at = place()
        at.mend()
        tally = at.loader.take("gauge", ahead, ext="sl651", source="gauge")
    assert (tally.loaded, tally.reasons) == (0, {"观测时间在未来": 1})
    assert core(at, "SELECT count(*) FROM core.gauge_reading") == [(0,)]


def test_level_and_rain_of_one_minute_complete_each_other(place, configure, blocks, core):
    from etl.formats import sl651

    configure(blocks["gauge"])

    def frame(function: int, elements: str) -> bytes:
        body = bytes.fromhex(f"0001261123100000F1F1320117000148F0F02611231000{elements}")
        head = b"\x7e\x7e\x01" + bytes.fromhex("3201170001") + b"\x12\x34" + bytes([function])
        raw = head + len(body).to_bytes(2, "big") + b"\x02" + body + b"\x03"
        return raw + sl651.checksum(raw)

    level, rain = frame(0x32, "392300009835"), frame(0x34, "F460000000000000000000000005")
    with clock.frozen(NOON):
        at = place()
        at.mend()
        for payload in (rain, level, rain):
            at.loader.take("gauge", payload, ext="sl651", source="gauge")
    sql = "SELECT level_m, rain_mm FROM core.gauge_reading WHERE observed_at = '2026-11-23 10:00'"
    assert core(at, sql) == [(9.835, 0.5)]


def test_a_mended_row_leaves_the_quarantine_at_replay(at, make_order, core, monkeypatch):
    from etl.platforms import hotline_12345 as module

    with monkeypatch.context() as patch:
        patch.setitem(module.FIELDS, "slsj", "dispatched_at")
        take(at, page(make_order(1, "2026-11-23T10:00:00")))
    assert core(at, ORDERS) == []
    now = at.loader.replay()
    assert (now.loaded, now.quarantined) == (1, 0)
    assert len(core(at, ORDERS)) == 1
    assert core(at, "SELECT quarantined FROM core.batch") == [(0,)]


def test_a_payload_that_cannot_be_read_is_kept_and_told_and_moves_no_cursor(at, core):
    with pytest.raises(BadRecord, match="not JSON"):
        take(at, b'{"code": "0000", "res', cursor="2026-11-23T11:00:00")
    assert at.loader.cursor(at.platforms["hotline_12345"]) is None
    assert core(at, "SELECT reason, n FROM core.batch_reject") == [("整份读不懂", 1)]
    (line,) = at.loader.archive.lines("hotline_12345")
    assert at.loader.archive.read("hotline_12345", line).startswith(b'{"code"')


def test_a_platform_that_changed_its_shape_is_set_aside_whole(at, make_order, core):
    take(at, page(make_order(999, "2026-11-23T09:00:00")), cursor="2026-11-23T09:00:00")
    shifted = [make_order(n, "2026-11-23T10:00:00", slsj="昨天") for n in range(60)]
    good = [make_order(n, "2026-11-23T10:00:00") for n in range(60, 120)]
    with pytest.raises(Refused, match="too many of"):
        take(at, page(*shifted, *good), cursor="2026-11-23T10:00:00")
    assert [no for no, *_ in core(at, ORDERS)] == ["HL000999"]
    assert at.loader.cursor(at.platforms["hotline_12345"]) == "2026-11-23T09:00:00"


def test_landed_but_not_loaded_is_loaded_at_the_next_start(at, make_order, core):
    at.loader.archive.land(
        "hotline_12345",
        page(make_order(1, "2026-11-23T10:00:00")),
        ext="json",
        source="hotline_12345",
        cursor="2026-11-23T10:00:00",
    )
    assert core(at, ORDERS) == []
    assert at.loader.catch_up().loaded == 3
    assert at.loader.cursor(at.platforms["hotline_12345"]) == "2026-11-23T10:00:00"


def test_an_old_delivery_loaded_late_does_not_move_the_cursor_back(at, make_order):
    platform = at.platforms["hotline_12345"]
    late = at.loader.archive.land(
        "hotline_12345",
        page(make_order(1, "2026-11-23T09:00:00")),
        ext="json",
        source="hotline_12345",
        cursor="2026-11-23T09:00:00",
    )
    take(at, page(make_order(2, "2026-11-23T10:00:00")), cursor="2026-11-23T10:00:00")
    at.loader.load("hotline_12345", late)
    assert at.loader.cursor(platform) == "2026-11-23T10:00:00"


def test_a_full_disk_passes_and_what_landed_is_loaded_then(at, make_order, core, monkeypatch):
    take(at, page(make_order(1, "2026-11-23T10:00:00")))
    at.loader.succeeded(at.platforms["hotline_12345"], NOON)
    at.loader.publish(force=True)
    from warehouse.write import Warehouse

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Warehouse, "load_together", full)
        with pytest.raises(Retryable, match="disk is full"):
            take(at, page(make_order(2, "2026-11-23T10:01:00")))
    reader = Reader(at.var)
    asked = MetricQuery(NOON.date().replace(day=1), NOON.date(), source="hotline_12345")
    assert reader.metric("hotline_received", asked).value == 1
    at.mend()
    assert len(core(at, ORDERS)) == 2
    at.loader.publish(force=True)
    assert reader.metric("hotline_received", asked).value == 2


@pytest.mark.parametrize("damage", ["flip", "cut", "empty"])
def test_a_damaged_warehouse_is_made_again_from_raw(at, place, make_order, core, damage):
    for n in range(3):
        take(at, page(*(make_order(10 * n + k, "2026-11-23T10:00:00") for k in range(8))))
    at.loader.succeeded(at.platforms["hotline_12345"], NOON)
    at.loader.publish(force=True)
    before = core(at, "SELECT order_no, _hash FROM core.hotline_order ORDER BY 1")
    with at.loader.writing() as warehouse:
        warehouse.checkpoint()
    at.loader.close()
    file = at.var / "warehouse" / "core.duckdb"
    content = bytearray(file.read_bytes())
    if damage == "flip":
        for place_ in range(12288, len(content), 4096):
            content[place_] ^= 0xFF
    file.write_bytes(b"junk" if damage == "empty" else content[: len(content) // 3])
    if damage == "flip":
        file.write_bytes(content)
    reader = Reader(at.var)
    asked = MetricQuery(NOON.date().replace(day=1), NOON.date(), source="hotline_12345")
    assert reader.metric("hotline_received", asked).value == 24
    again = place()
    assert not again.loader.is_whole
    assert again.loader.publish(force=True) is None
    assert reader.metric("hotline_received", asked).value == 24
    again.mend()
    assert core(again, "SELECT order_no, _hash FROM core.hotline_order ORDER BY 1") == before
    assert again.loader.publish(force=True) is not None
    assert reader.metric("hotline_received", asked).value == 24
    assert list((at.var / "quarantine" / "damaged").iterdir())


def test_a_rebuild_gives_equal_rows_and_keeps_when_platforms_answered(at, make_order, core):
    for n in range(4):
        at.loader.archive.begin("hotline_12345")
        with clock.frozen(NOON.replace(minute=n)):
            tally = take(
                at, page(*(make_order(10 * n + k, f"2026-11-23T10:0{n}:00") for k in range(9)))
            )
            at.loader.succeeded(at.platforms["hotline_12345"], tally.at)
    at.loader.publish(force=True)
    tables = (
        "core.hotline_order", "core.hotline_event", "core.success", "core.batch_reject",
        "mart.cube_total",
    )  # fmt: skip

    def rows():
        return {
            table: sorted(map(repr, core(at, f"SELECT * EXCLUDE ({less}) FROM {table}")))
            for table, less in zip(tables, ("_batch", "_batch", "key", "n", "metric"), strict=True)
        }

    before = rows()
    total, lacking = rebuild(at.loader)
    at.loader.publish(force=True)
    assert (total.loaded, lacking) == (36 * 3, [])
    assert rows() == before


def test_a_rebuild_that_would_lose_rows_does_not_take_the_place(at, make_order, core):
    take(at, page(make_order(1, "2026-11-23T10:00:00")))
    take(at, page(make_order(2, "2026-11-23T10:00:00")))
    lines = list(at.loader.archive.lines("hotline_12345"))
    (at.loader.archive.root / "hotline_12345" / lines[0].path).unlink()
    _, lacking = rebuild(at.loader)
    assert lacking[:2] == [
        "hotline_event of hotline_12345 lacks 2 of 4 rows (HL000001/1, HL000001/2)",
        "hotline_order of hotline_12345 lacks 1 of 2 rows (HL000001)",
    ]
    assert f"raw file {lines[0].path} cannot be read" in lacking[2]
    assert len(core(at, ORDERS)) == 2


def test_a_failed_check_keeps_the_old_generation(at, make_order, monkeypatch):
    from warehouse.build import BuildResult
    from warehouse.write import Warehouse

    take(at, page(make_order(1, "2026-11-23T10:00:00")))
    assert at.loader.publish(force=True) == 1
    take(at, page(make_order(2, "2026-11-23T10:01:00")))
    with monkeypatch.context() as patch:
        patch.setattr(Warehouse, "build", lambda _: BuildResult(failures=["mart.x: 1 rows break"]))
        assert at.loader.publish(force=True) is None
    assert Reader(at.var).current().number == 1


def test_nothing_is_published_before_there_is_anything(var):
    with pytest.raises(NoSnapshot):
        Reader(var).metric("hotline_received", MetricQuery(NOON.date(), NOON.date()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_export_by_hand_is_read_in_any_usual_encoding(encoding):
    text = "工单编号,受理时间,紧急程度\nHL7,2026/11/20 8:05,02\n"
    ((table, row),) = registry.parser("hotline_12345")(text.encode(encoding))
    assert (table, row["received_at"], row["urgency"]) == (
        "hotline_order", "2026-11-20T08:05:00", "紧急",
    )  # fmt: skip


def test_a_file_brought_by_hand_stands_in_for_a_platform_that_is_down(at, core, hotline):
    inbox = at.var / "inbox" / "hotline_12345"
    head = "工单编号,受理时间,诉求人,紧急程度,是否解决,更新时间\n"
    text = head + "HL7,2026/11/20 8:05,王五,特急,是,2026-11-20 09:00:00\n"
    (inbox / "导出.csv").write_bytes(text.encode("gb18030"))
    os.utime(inbox / "导出.csv", (1_000_000_000, 1_000_000_000))
    tally = Tally()
    at.feeds["hotline_12345"].sweep(tally)
    found = core(
        at,
        "SELECT order_no, source, received_at::VARCHAR, urgency, resolved, caller_name"
        " FROM core.hotline_order",
    )
    assert found == [("HL7", "hotline_12345", "2026-11-20 08:05:00", "特急", True, "王*")]
    assert (inbox / "done" / "导出.csv").exists()


def test_the_same_file_dropped_again_is_only_put_away(at, core):
    inbox = at.var / "inbox" / "hotline_12345"
    content = b"gdbh,slsj\nHL7,2026-11-20 08:05:00\n"
    for name in ("a.csv", "b.csv"):
        tally = at.feeds["hotline_12345"]._file(name, content)
        assert tally.loaded == (1 if name == "a.csv" else 0)
    assert len(list(at.loader.archive.lines("hotline_12345"))) == 1
    assert inbox.is_dir()
