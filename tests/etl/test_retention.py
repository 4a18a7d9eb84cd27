"""Raw goes when it is old, what it gave stays: sealed, rebuilt, healed; personal data go sooner."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta

import pytest

from cases import vault
from cases.errors import NotKnown
from config import clock
from config.errors import ConfigError
from config.platforms import load_platforms
from etl import backup, registry, retention, seals
from etl.rebuild import rebuild
from tests.etl.stations import report
from warehouse.read import MetricQuery, Reader

START = datetime(2026, 11, 1, 12, 0)
DAY = timedelta(days=1)
ROWS = (
    "SELECT * EXCLUDE (_batch) FROM core.{} ORDER BY ALL",
    "SELECT * EXCLUDE (id) FROM core.{} ORDER BY ALL",
)


@pytest.fixture
def at(place, configure, blocks, hotline):
    hotline_block = blocks["hotline"].format(url=hotline.url, size=20)
    kept = 'stale_after = "20m"\nkeep_raw = "40d"\nkeep_personal = "20d"'
    configure(hotline_block.replace('stale_after = "20m"', kept, 1) + blocks["gauge"])
    with clock.frozen(START):
        opened = place()
        opened.mend()
    return opened


def page(*records: dict) -> bytes:
    data = {"total": len(records), "records": list(records)}
    return json.dumps({"code": "0000", "result": {"pageData": data}}).encode()


def take(at, day: int, *records: dict, key: str = "hotline_12345") -> None:
    with clock.frozen(START + day * DAY):
        tally = at.loader.take(key, page(*records), ext="json", source=key)
        at.loader.succeeded(at.platforms[key], tally.at)


def night(at, day: int) -> list[str]:
    with clock.frozen(START + day * DAY):
        return retention.turn(at.loader, clock.local())


def everything(at, core) -> dict:
    facts = ("hotline_order", "hotline_event", "hotline_order_version", "gauge_reading")
    found = {each: core(at, ROWS[0].format(each)) for each in facts}
    return found | {
        "batch": core(at, ROWS[1].format("batch")),
        "batch_reject": core(at, "SELECT * FROM core.batch_reject ORDER BY ALL"),
        "success": core(at, "SELECT * FROM core.success ORDER BY ALL"),
    }


def fill(at, make_order) -> None:
    """Orders of four weeks: some corrected later, one never right, one sent again later on."""
    take(at, 0, *(make_order(n, "2026-11-01T10:00:00", gdzt="待签收") for n in range(6)))
    take(at, 1, make_order(7, "2026-11-01T11:00:00", bjsj="2020-01-01T00:00:00"))
    take(at, 3, *(make_order(n, "2026-11-04T10:00:00", gdzt="办理中") for n in range(3)))
    take(at, 22, *(make_order(n, "2026-11-23T10:00:00", gdzt="已办结") for n in range(2)))
    take(at, 23, make_order(5, "2026-11-01T10:00:00", gdzt="待签收"))


def test_old_raw_days_go_and_a_rebuild_gives_every_row_all_the_same(at, make_order, core):
    fill(at, make_order)
    before = everything(at, core)
    said = night(at, 24)
    assert "hotline_12345: 3 raw days sealed and removed" in said
    left = [line.recorded_at[:10] for line in at.loader.archive.lines("hotline_12345")]
    assert left == ["2026-11-23", "2026-11-24"]
    assert everything(at, core) == before
    _, lacking = rebuild(at.loader)
    assert lacking == []
    assert everything(at, core) == before


def test_a_damaged_warehouse_heals_from_seal_and_raw(at, place, make_order, core):
    fill(at, make_order)
    night(at, 24)
    before = everything(at, core)
    at.loader.close()
    (at.var / "warehouse" / "core.duckdb").write_bytes(b"junk")
    with clock.frozen(START + 25 * DAY):
        again = place()
        again.mend()
        assert everything(again, core) == before
        assert again.loader.publish(force=True) is not None
        asked = MetricQuery(START.date(), START.date() + 29 * DAY, source="hotline_12345")
        assert Reader(at.var).metric("hotline_received", asked).value == 6


def test_a_backup_holds_packs_and_seals_and_gives_all_rows_back(
    at, place, make_order, core, tmp_path
):
    fill(at, make_order)
    night(at, 24)
    before = everything(at, core)
    index = backup.backup(at.var, at.store, tmp_path / "backup")
    names = set(index["files"])
    assert "raw/hotline_12345/2026-11-23.zip" in names
    assert any(name.startswith("seals/hotline_12345/") for name in names)
    at.__exit__()
    at.store.close()
    backup.restore(at.var, tmp_path / "backup")
    with clock.frozen(START + 25 * DAY):
        again = place()
        again.mend()
        assert everything(again, core) == before


def test_mended_code_counts_for_what_raw_still_gives(at, make_order, core, monkeypatch):
    from etl.platforms import hotline_12345 as module

    fill(at, make_order)
    night(at, 24)
    monkeypatch.setitem(module.URGENCY, "02", "加急")
    take(at, 24, make_order(9, "2026-11-25T10:00:00", jjcd="02"))
    monkeypatch.setitem(module.URGENCY, "02", "紧急")
    monkeypatch.setattr(registry, "code_mark", lambda key: f"mended {key}")
    assert rebuild(at.loader)[1] == []
    assert core(at, "SELECT urgency FROM core.hotline_order WHERE order_no = 'HL000009'") == [
        ("紧急",)
    ]


def test_the_second_seal_holds_what_the_first_held(at, make_order, core):
    fill(at, make_order)
    night(at, 24)
    take(at, 30, make_order(8, "2026-12-01T10:00:00"))
    night(at, 50)
    before = everything(at, core)
    assert list(at.loader.archive.lines("hotline_12345")) == []
    rebuild(at.loader)
    assert everything(at, core) == before
    assert len(list((at.var / "seals" / "hotline_12345").iterdir())) == seals.KEPT


def test_readings_that_complete_each_other_come_back_from_a_seal(at, core):
    dump = "STCD,TM,Z,DRP,INTV\n62900001,2026-11-01 08:00:00,{},{},1\n"
    for day, level, rain in ((0, "9.80", ""), (1, "", "0.5"), (390, "9.85", "")):
        with clock.frozen(START + day * DAY):
            payload = dump.format(level, rain).encode()
            at.loader.take("gauge", payload, ext="csv", source="gauge")
    found = core(at, ROWS[0].format("gauge_reading"))
    night(at, 402)
    assert len(list(at.loader.archive.lines("gauge"))) == 1
    rebuild(at.loader)
    assert core(at, ROWS[0].format("gauge_reading")) == found
    assert found[0][4:6] == (9.85, 0.5)


def test_nothing_goes_while_a_delivery_waits_to_be_loaded(at, make_order):
    fill(at, make_order)
    at.loader._behind.add("hotline_12345")
    night(at, 24)
    assert len(list(at.loader.archive.lines("hotline_12345"))) == 5


def test_personal_data_go_by_their_own_rule(at, make_order):
    fill(at, make_order)
    inbox = at.var / "inbox" / "hotline_12345" / "done"
    inbox.mkdir()
    (inbox / "old.csv").write_text("王五")
    os.utime(inbox / "old.csv", (1_000_000_000, 1_000_000_000))
    files = list((at.var / "quarantine" / "hotline_12345").iterdir())
    assert len(files) == 1
    night(at, 24)
    with pytest.raises(NotKnown):
        vault.reveal(at.store, "hotline_12345", "hotline_order", "HL000003")
    assert vault.reveal(at.store, "hotline_12345", "hotline_order", "HL000001")
    assert not files[0].exists()
    assert not (inbox / "old.csv").exists()


def test_a_replay_after_raw_has_gone_keeps_the_ledger(at, make_order, core):
    fill(at, make_order)
    night(at, 24)
    before = everything(at, core)["batch_reject"]
    at.loader.replay()
    assert everything(at, core)["batch_reject"] == before != []


def test_a_seal_that_does_not_read_back_removes_nothing(at, make_order, monkeypatch):
    from warehouse import seal
    from warehouse.errors import CheckFailed

    fill(at, make_order)

    def wrong(*_):
        raise CheckFailed("seal", "hotline_order reads back as it is in core", 1)

    monkeypatch.setattr(seal, "_write", wrong)
    said = night(at, 24)
    assert any("nothing removed" in each for each in said)
    assert len(list(at.loader.archive.lines("hotline_12345"))) == 5


def test_platforms_that_name_nobody_keep_their_raw_files_longer(at):
    hotline = at.platforms["hotline_12345"]
    limit = {
        key: retention.raw_limit(hotline, registry.tables([key])[key])
        for key in ("hotline_12345", "environment")
    }
    assert limit == {"hotline_12345": timedelta(days=20), "environment": timedelta(days=40)}


def test_pictures_go_when_the_raw_files_they_came_in_would(at):
    folder = at.var / "raw" / "gauge" / "pictures" / "3201170001"
    folder.mkdir(parents=True)
    limit = retention.raw_limit(at.platforms["gauge"], registry.tables(["gauge"])["gauge"])
    then = datetime.now(clock.ZONE) - limit  # files carry the time of the machine
    for name, hours in (("old.jpg", -1), ("young.jpg", 1)):
        (folder / name).write_bytes(b"picture")
        stamp = (then + timedelta(hours=hours)).timestamp()
        os.utime(folder / name, (stamp, stamp))
    with clock.frozen(START):
        at.loader.take("gauge", report(1, 5), ext="sl651", source="gauge")
    assert "gauge: 1 pictures removed" in night(at, 24)
    assert [file.name for file in folder.iterdir()] == ["young.jpg"]


def test_the_turn_is_due_once_a_night(at):
    assert not retention.is_due(at.store, START.replace(hour=1))
    assert retention.is_due(at.store, START)
    night(at, 0)
    assert not retention.is_due(at.store, START)
    assert retention.is_due(at.store, START + DAY)


@pytest.mark.parametrize("span", ["3d", "forever"])
def test_a_rule_that_is_too_short_or_no_span_is_refused(configure, blocks, span):
    configure(blocks["gauge"].replace('stale_after = "20m"', f'keep_raw = "{span}"'))
    with pytest.raises(ConfigError, match=r"gauge\.keep_raw"):
        load_platforms()
