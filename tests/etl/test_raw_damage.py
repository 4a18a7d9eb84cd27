"""F3, raw files: torn, zeroed, flipped or gone - told, set aside, and the figures heal."""

from __future__ import annotations

import json
import shutil
from datetime import datetime

import pytest
import structlog

from cases import quarantine
from config import clock
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


def damage(at, kind: str):
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
    damage(at, kind)
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
    damage(at, kind)
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
    harmed = damage(at, "flipped")
    again = lose_the_warehouse(at, place)
    shutil.copy(tmp_path / "kept" / harmed.parent.name / harmed.name, harmed)
    again.loader.replay(["hotline_12345"])
    assert everything(again, core) == before
    assert quarantine.groups(again.store) == []


def test_a_rebuild_does_not_take_the_place_of_rows_it_cannot_give(at, core):
    before = everything(at, core)
    damage(at, "torn")
    _, lacking = rebuild(at.loader)
    assert lacking
    assert everything(at, core) == before


def test_a_rebuild_takes_what_the_snapshot_still_has(at, core):
    at.loader.publish(force=True)
    before = everything(at, core)
    damage(at, "zeroed")
    _, lacking = rebuild(at.loader)
    assert lacking == []
    assert everything(at, core) == before
