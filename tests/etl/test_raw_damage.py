"""F3, raw files: torn, zeroed, flipped or gone - told, set aside, and the figures heal."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta

import pytest
import structlog

from cases import audit, damage, health, quarantine
from config import clock
from etl import retention
from etl.__main__ import main
from etl.quarantine import DAMAGED
from etl.rebuild import rebuild
from warehouse.read import MetricQuery, Reader

NOON = datetime(2026, 11, 23, 12, 0)
ROWS = "SELECT * EXCLUDE (_batch) FROM core.{} ORDER BY ALL"
FACTS = ("hotline_order", "hotline_order_version", "hotline_event")
KINDS = ("torn", "zeroed", "flipped", "gone")


@pytest.fixture
def at(place, configure, blocks, hotline, make_order):
    """Three deliveries; the second corrects an order of the first and brings five of its own."""
    configure(blocks["hotline"].format(url=hotline.url, size=20))
    with clock.frozen(NOON):
        opened = place()
        opened.mend()
        for n, numbers in enumerate((range(6), range(5, 11), range(11, 14))):
            orders = [make_order(k, f"2026-11-2{n}T10:00:00", dz="珍珠路2号") for k in numbers]
            take(opened, orders)
        yield opened


def take(at, orders: list[dict]) -> None:
    data = {"total": len(orders), "records": orders}
    payload = json.dumps({"code": "0000", "result": {"pageData": data}}).encode()
    at.loader.take("hotline_12345", payload, ext="json", source="hotline_12345")


def harm(at, kind: str):
    """Harm the file of the second delivery; its path."""
    line = list(at.loader.archive.lines("hotline_12345"))[1]
    file = at.loader.archive.root / "hotline_12345" / line.path
    content = bytearray(file.read_bytes())
    half = len(content) // 2
    if kind == "flipped":
        content[half] ^= 0x04
    file.write_bytes(content[:half] + bytes(half) if kind == "zeroed" else content)
    if kind == "torn":
        file.write_bytes(content[:half])
    if kind == "gone":
        file.unlink()
    return file


def everything(at, core) -> dict[str, list[tuple]]:
    return {fact: core(at, ROWS.format(fact)) for fact in FACTS}


def lose_the_warehouse(at, place):
    at.loader.close()
    (at.var / "warehouse" / "core.duckdb").write_bytes(b"junk")
    again = place()
    again.mend()
    return again


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_a_damaged_file_come_back_from_the_snapshot(at, place, core, kind):
    at.loader.publish(force=True)
    before = everything(at, core)
    harm(at, kind)
    with structlog.testing.capture_logs() as said:
        again = lose_the_warehouse(at, place)
    assert everything(again, core) == before
    (told,) = [each for each in said if each["event"] == "raw_damaged"]
    assert (told["platform"], told["rescued"]) == (
        "hotline_12345",
        16,
    )  # the steps of one were known
    aside = list((at.var / "quarantine" / "damaged" / "raw" / "hotline_12345").glob("*"))
    assert len(aside) == (0 if kind == "gone" else 1)
    assert again.loader.publish(force=True)
    asked = MetricQuery(NOON.date().replace(day=1), NOON.date(), source="hotline_12345")
    assert Reader(at.var).metric("hotline_received", asked).value == 14


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_snapshot_the_rest_is_loaded_and_the_loss_is_on_the_lamp(at, place, core, kind):
    harm(at, kind)
    again = lose_the_warehouse(at, place)
    assert core(again, "SELECT count(*) FROM core.hotline_order") == [(9,)]
    (group,) = quarantine.groups(again.store, "hotline_12345")
    assert (group.reason, group.rows) == (DAMAGED, 1)
    assert "从备份放回" in group.rule
    torn = "SELECT count(*) FROM core.batch WHERE rows_in <> loaded + unchanged + quarantined"
    assert core(again, torn) == [(0,)]


def test_a_file_put_back_from_a_backup_heals_at_replay(at, place, core, tmp_path):
    before = everything(at, core)
    file = at.loader.archive.root / "hotline_12345"
    shutil.copytree(file, tmp_path / "kept")
    harmed = harm(at, "flipped")
    again = lose_the_warehouse(at, place)
    shutil.copy(tmp_path / "kept" / harmed.parent.name / harmed.name, harmed)
    again.loader.replay(["hotline_12345"])
    assert everything(again, core) == before
    assert quarantine.groups(again.store) == []


def test_a_rebuild_does_not_take_the_place_of_rows_it_cannot_give(at, core):
    before = everything(at, core)
    harm(at, "torn")
    _, lacking = rebuild(at.loader)
    assert lacking
    assert everything(at, core) == before


def test_a_rebuild_takes_what_the_snapshot_still_has(at, core):
    at.loader.publish(force=True)
    before = everything(at, core)
    harm(at, "zeroed")
    _, lacking = rebuild(at.loader)
    assert lacking == []
    assert everything(at, core) == before


def lamp(at):
    return health.states(at.store, at.platforms, clock.now())[0]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_damaged_stays_on_the_lamp_until_a_copy_is_put_back(
    at, place, core, kind, tmp_path
):
    at.loader.publish(force=True)
    before = everything(at, core)
    kept = tmp_path / "kept.gz"
    line = list(at.loader.archive.lines("hotline_12345"))[1]
    shutil.copy(at.loader.archive.root / "hotline_12345" / line.path, kept)
    harmed = harm(at, kind)
    again = lose_the_warehouse(at, place)
    assert (lamp(again).damaged, "原始文件损坏" in lamp(again).hint) == (1, True)
    (broken,) = damage.still(again.store)
    assert (broken.key, broken.path, broken.rescued) == ("hotline_12345", line.path, 16)
    again.loader.replay(["hotline_12345"])  # nothing was put back yet
    assert lamp(again).damaged == 1
    shutil.copy(kept, harmed)
    again.loader.replay(["hotline_12345"])
    assert (lamp(again).damaged, lamp(again).hint) == (0, "尚未收到数据")
    assert everything(again, core) == before
    harm(again, "flipped")
    lose_the_warehouse(again, place)
    assert lamp(again).damaged == 1  # it is damaged anew


def test_a_damage_is_let_be_by_command_with_a_reason_and_is_not_raised_again(at, place, capsys):
    harm(at, "gone")
    again = lose_the_warehouse(at, place)
    assert main(["damage"]) == 0
    assert "hotline_12345 2026-11-23/" in capsys.readouterr().out
    assert main(["damage", "--acknowledge", "why"]) == 2
    assert main(["damage", "hotline_12345", "--acknowledge", "旧盘报废，已备案"]) == 0
    assert lamp(again).damaged == 0
    assert "旧盘报废" in audit.recent(again.store)[0].detail
    lose_the_warehouse(again, place)
    assert lamp(again).damaged == 0


@pytest.mark.parametrize("kind", ["torn", "flipped"])
def test_the_night_finds_a_pack_that_has_rotted(at, kind):
    with clock.frozen(NOON + timedelta(days=1)):
        retention.turn(at.loader, clock.local())
    assert lamp(at).damaged == 0
    (pack,) = (at.loader.archive.root / "hotline_12345").glob("*.zip")
    content = bytearray(pack.read_bytes())
    content[len(content) // 2] ^= 0x04
    pack.write_bytes(content[: len(content) // 2] if kind == "torn" else content)
    at.loader.archive._packs.close()
    nights = [NOON + timedelta(days=n) for n in range(2, 33)]
    for night in nights:
        with clock.frozen(night):
            retention.turn(at.loader, clock.local())
    found = {each.path for each in damage.still(at.store)}
    assert len(found) == (3 if kind == "torn" else 1)


def test_a_file_that_is_damaged_before_its_day_is_packed_is_told_that_night(at):
    harm(at, "flipped")
    with clock.frozen(NOON + timedelta(days=1)):
        retention.turn(at.loader, clock.local())
        assert lamp(at).damaged == 1
