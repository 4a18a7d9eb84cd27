"""A generation appears whole or not at all, and readers find the one they began with."""

import json
import os
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from config import clock
from warehouse import generation
from warehouse.errors import CheckFailed, GenerationGone, Locked, NeedsRebuild, NoSnapshot
from warehouse.read import MetricQuery, Reader, Scope
from warehouse.snapshot import Snapshot

NOW = datetime(2026, 11, 23, 12, 0)
HOUR = timedelta(hours=1)


def test_before_the_first_publish_there_is_no_snapshot(tmp_path):
    reader = Reader(tmp_path)
    assert reader.current() is None
    with pytest.raises(NoSnapshot):
        reader.query("freshness")


def test_a_generation_says_its_number_time_and_sources(town, order):
    town.load("hotline_order", [order(1)])
    town.load("hotline_order", [order(1)], source="baltimore", at=NOW - timedelta(days=9))
    number = town.publish(NOW)
    found = town.reader.current()
    assert (found.number, found.published_at) == (number, NOW)
    states = {state.source: state for state in found.sources}
    assert states["hotline_12345"].own
    assert states["hotline_12345"].last_success_at == NOW
    assert not states["baltimore"].own
    assert states["baltimore"].platform == "hotline_12345"
    assert states["baltimore"].last_success_at == NOW - timedelta(days=9)


def test_a_source_is_as_new_as_its_rows_and_not_as_the_delivery_that_brings_them_again(town, order):
    def newest():
        return {one.source: one for one in town.reader.current().sources}["hotline_12345"]

    town.load("hotline_order", [order(1, updated_at="2026-11-22 17:10:00")])
    town.publish(NOW)
    assert newest().newest_at == datetime(2026, 11, 22, 17, 10)
    town.load("hotline_order", [order(1, updated_at="2026-11-22 17:10:00")], at=NOW + HOUR)
    town.load("hotline_order", [order(2, updated_at="2026-11-21 08:00:00")], at=NOW + HOUR)
    town.publish(NOW + HOUR)
    assert newest().last_success_at == NOW + HOUR
    assert newest().newest_at == datetime(2026, 11, 22, 17, 10)
    ahead = order(3, updated_at="2027-01-01 00:00:00")
    town.load(
        "hotline_order", [ahead, order(4, updated_at="2026-11-23 13:30:00")], at=NOW + 2 * HOUR
    )
    town.publish(NOW + 2 * HOUR)
    assert newest().newest_at == datetime(2026, 11, 23, 13, 30)  # a wrong clock tells nothing


def test_a_history_of_which_a_part_is_loaded_is_no_success_yet(town, order):
    town.load("hotline_order", [order(1)])
    town.publish(NOW, succeed=False)
    states = {state.source: state for state in town.reader.current().sources}
    assert states["hotline_12345"].last_success_at is None
    town.load("hotline_order", [order(2)])
    town.publish(NOW + timedelta(minutes=1))
    states = {state.source: state for state in town.reader.current().sources}
    assert states["hotline_12345"].last_success_at == NOW + timedelta(minutes=1)


def test_nothing_new_publishes_nothing(town, order):
    town.publish(NOW)
    with clock.frozen(NOW + timedelta(seconds=20)):
        assert town.warehouse.publish() is None


def test_a_success_without_rows_is_told_after_a_minute(town):
    town.publish(NOW)
    town.warehouse.mark_success("gauge", "gauge", NOW + timedelta(seconds=30))
    with clock.frozen(NOW + timedelta(seconds=30)):
        assert town.warehouse.publish() is None
    with clock.frozen(NOW + timedelta(seconds=61)):
        assert town.warehouse.publish() is not None


def test_a_new_spell_and_a_delivery_without_news_are_published_beside_the_core_of_before(
    town, order
):
    town.load("hotline_order", [order(1)])
    town.publish(NOW)
    town.load("hotline_order", [order(1)], at=NOW + timedelta(hours=2))
    town.warehouse.mark_success("gauge", "gauge", NOW + timedelta(hours=2))
    with clock.frozen(NOW + timedelta(hours=2, minutes=1)):
        assert town.warehouse.publish() is not None


def test_a_reader_keeps_its_generation_while_newer_ones_come(town, order):
    town.load("hotline_order", [order(1)])
    first = town.publish(NOW)
    assert town.ask("hotline_received").value == 1
    town.load("hotline_order", [order(2)])
    town.publish(NOW + timedelta(minutes=1))
    assert town.ask("hotline_received").value == 2
    old = town.ask("hotline_received", generation=first)
    assert (old.value, old.generation) == (1, first)


def test_an_expired_generation_is_gone_but_the_last_three_stay(town, order):
    numbers = []
    for n in range(5):
        town.load("hotline_order", [order(n)])
        numbers.append(town.publish(NOW + timedelta(minutes=n)))
    assert generation.kept(town.var) == numbers
    town.load("hotline_order", [order(9)])
    numbers.append(town.publish(NOW + timedelta(hours=1)))
    assert generation.kept(town.var) == numbers[-3:]
    assert town.ask("hotline_received", generation=numbers[-3]).value == 4
    with pytest.raises(GenerationGone, match=f"generation {numbers[0]} is no longer kept"):
        town.ask("hotline_received", generation=numbers[0])


def test_an_open_generation_whose_files_are_gone_is_gone(town, order):
    town.load("hotline_order", [order(1)])
    first = town.publish(NOW)
    town.load("hotline_order", [order(2)])
    town.publish(NOW + timedelta(minutes=1))
    town.ask("hotline_received", generation=first)
    generation.core_file(town.var, first).unlink()
    with pytest.raises(GenerationGone):
        town.ask("hotline_received", generation=first)


def test_leftovers_of_a_publish_that_died_are_removed_at_start(town, order):
    town.load("hotline_order", [order(1)])
    number = town.publish(NOW)
    home = generation.folder(town.var)
    for name in ("core-00000099.duckdb.tmp", "mart-00000099.duckdb.tmp.wal"):
        (home / name).write_bytes(b"half")
    (home / "core-00000098.duckdb").write_bytes(b"without its mart")
    town.warehouse.close()
    town.open()
    assert sorted(path.name for path in home.iterdir()) == [
        "CURRENT.json",
        f"core-{number:08}.duckdb",
        f"mart-{number:08}.duckdb",
    ]


def test_a_pointer_that_flips_late_leaves_readers_on_the_old_generation(town, order, monkeypatch):
    town.load("hotline_order", [order(1)])
    town.publish(NOW)
    town.load("hotline_order", [order(2)])

    def dies(*_):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(generation, "write_pointer", dies)
        with pytest.raises(OSError, match="No space"):
            town.publish(NOW + timedelta(minutes=1))
    assert town.ask("hotline_received").value == 1
    town.publish(NOW + timedelta(minutes=2))
    assert town.ask("hotline_received").value == 2


def test_a_copy_that_differs_from_the_original_is_not_published(town, order, monkeypatch):
    from warehouse import publish

    town.load("hotline_order", [order(1)])
    town.publish(NOW)
    town.load("hotline_order", [order(2)])
    real, calls = publish._counts, []

    def counts(con):
        calls.append(1)
        return {**real(con), "core.hotline_order": len(calls)}

    with monkeypatch.context() as patch:
        patch.setattr(publish, "_counts", counts)
        with pytest.raises(CheckFailed, match="the copy equals the original"):
            town.publish(NOW + timedelta(minutes=1))
    assert town.ask("hotline_received").value == 1


def test_a_published_generation_that_is_damaged_leaves_the_one_before(town, order):
    town.load("hotline_order", [order(1)])
    town.publish(NOW)
    town.load("hotline_order", [order(2)])
    newest = town.publish(NOW + timedelta(minutes=1))
    generation.core_file(town.var, newest).write_bytes(b"\0" * 4096)
    other = Reader(town.var)
    assert other.current().number == newest - 1
    other.close()


def test_the_pointer_names_files_rows_and_time(town, order):
    town.load("hotline_order", [order(1)])
    number = town.publish(NOW)
    pointer = json.loads((generation.folder(town.var) / "CURRENT.json").read_text())
    assert pointer["generation"] == number
    assert pointer["published_at"] == NOW.isoformat()
    assert pointer["rows"]["core.hotline_order"] == 1


def test_a_second_writer_is_told_to_try_again(town, tmp_path):
    import subprocess
    import sys

    code = (
        "import duckdb,sys,time; c=duckdb.connect(sys.argv[1]); print('open',flush=True);"
        " time.sleep(60)"
    )
    town.warehouse.close()
    file = town.var / "warehouse" / "core.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(Locked, match="held by another process"):
            town.open()
        other.kill()
    town.open()


@pytest.mark.parametrize("damage", [b"not a database at all" * 500, b"\0" * 40960])
def test_a_damaged_core_file_is_set_aside_and_core_must_be_rebuilt(town, order, damage):
    town.load("hotline_order", [order(1)])
    town.publish(NOW)
    town.warehouse.close()
    file = town.var / "warehouse" / "core.duckdb"
    file.write_bytes(damage)
    with pytest.raises(NeedsRebuild, match=r"core\.duckdb was damaged"):
        town.open()
    assert not file.exists()
    assert [p.name for p in (town.var / "quarantine" / "damaged").glob("*/*")] == ["core.duckdb"]
    assert town.ask("hotline_received").value == 1
    town.open()
    assert town.warehouse.batches() == set()


def test_an_engine_that_gave_up_on_a_full_disk_loads_again_with_room(town, order, monkeypatch):
    import duckdb

    from warehouse import write

    def full(*_):
        raise duckdb.FatalException("FATAL Error: No space left on device")

    town.load("hotline_order", [order(1)])
    with monkeypatch.context() as patch:
        patch.setattr(write, "load_batches", full)
        with pytest.raises(duckdb.FatalException):
            town.load("hotline_order", [order(2)])
    assert town.load("hotline_order", [order(2)]).loaded == 1
    assert town.sql("SELECT count(*) FROM core.hotline_order") == [(2,)]
    assert not (town.var / "quarantine" / "damaged").exists()


def test_damaged_marts_are_built_again_from_core(town, order):
    town.load("hotline_order", [order(1)])
    town.publish(NOW)
    town.warehouse.close()
    (town.var / "warehouse" / "marts.duckdb").write_bytes(b"x" * 9000)
    town.open()
    town.publish(NOW + timedelta(minutes=1))
    assert town.ask("hotline_received").value == 1


def test_a_replay_of_all_deliveries_gives_equal_core_and_marts(new_town, order, case):
    def deliveries(town):
        yield town.batch("hotline_order", [order(1), order(2)], batch_id="a")
        yield town.batch(
            "hotline_order",
            [order(1, closed_at="2026-11-09 09:00:00", updated_at="2026-11-21 08:00:00")],
            batch_id="b",
            at=NOW + timedelta(minutes=1),
        )
        yield town.batch("mediation_case", [case(1), case(2, line="unit")], batch_id="c")
        yield town.batch(
            "gauge_reading",
            [{"station": "3201170001", "observed_at": "2026-11-23 08:00:00", "level_m": "10.9"}],
            batch_id="d",
        )

    lived, replayed = new_town(), new_town()
    for n, batch in enumerate(deliveries(lived)):
        lived.warehouse.load(batch)
        lived.publish(NOW + timedelta(minutes=n))
    for batch in deliveries(replayed):
        replayed.warehouse.load(batch)
    for n in range(4):
        with clock.frozen(NOW + timedelta(minutes=n)):
            for key in ("hotline_12345", "mediation", "gauge", "weather"):
                replayed.warehouse.mark_success(key, key, NOW + timedelta(minutes=n))
    replayed.publish(NOW + timedelta(minutes=3), succeed=False)
    assert lived.contents() == replayed.contents()


def _publish_hourly(town, order, hours):
    """A generation an hour, each with one order more; the numbers."""
    numbers = []
    for n in hours:
        town.load("hotline_order", [order(n)], at=NOW + timedelta(hours=n))
        numbers.append(town.publish(NOW + timedelta(hours=n)))
    return numbers


def test_an_expired_copy_is_brought_forward_by_what_differs(town, order, monkeypatch, tmp_path):
    _publish_hourly(town, order, range(4))
    home = generation.folder(town.var)
    spare = {kind: (home / f"{kind}.spare").stat().st_ino for kind in ("core", "mart")}
    with monkeypatch.context() as patch:
        patch.setattr(generation, "copy", None)  # no whole copy is made
        (number,) = _publish_hourly(town, order, [4])
    core, mart = generation.core_file(town.var, number), generation.mart_file(town.var, number)
    assert {"core": core.stat().st_ino, "mart": mart.stat().st_ino} == spare
    warehouse = town.var / "warehouse"
    assert core.read_bytes() == (warehouse / "core.duckdb").read_bytes()
    assert mart.read_bytes() == (warehouse / "marts.duckdb").read_bytes()
    assert town.ask("hotline_received").value == 5

    kept = tmp_path / "kept by somebody under another name"
    os.link(home / "core.spare", kept)
    before = kept.read_bytes()
    _publish_hourly(town, order, [5])
    assert kept.read_bytes() == before
    assert town.ask("hotline_received").value == 6


def test_a_copy_that_someone_still_reads_is_left_as_it_is(town, order):
    (first,) = _publish_hourly(town, order, range(1))
    late = Snapshot(town.var, first, seconds=10, memory="100MB", threads=1)
    late.enter()
    read = generation.core_file(town.var, first).stat().st_ino
    _publish_hourly(town, order, range(1, 5))
    assert (generation.folder(town.var) / "mart.spare").exists()  # the next one's, of the second
    assert late.rows("late", "SELECT count(*) FROM core.hotline_order") == [(1,)]
    late.leave()
    late.retire()
    files = generation.folder(town.var).glob("core*")
    assert read not in {file.stat().st_ino for file in files}
    assert town.ask("hotline_received").value == 5


@pytest.mark.parametrize(("old", "new"), [(0, 1), (70_000, 900_000), (900_000, 70_000), (5, 0)])
def test_a_longer_and_a_shorter_copy_become_the_same(tmp_path, old, new):
    from warehouse import rolled

    source, target = tmp_path / "core.duckdb", tmp_path / "core-00000002.duckdb.tmp"
    source.write_bytes(os.urandom(new))
    (tmp_path / "core.spare").write_bytes(source.read_bytes()[: old // 2] + os.urandom(old))
    rolled.copy(source, target)
    assert target.read_bytes() == source.read_bytes()
    assert not (tmp_path / "core.spare").exists()


def test_a_figure_is_counted_once_a_generation_and_anew_in_the_next(town, order, monkeypatch):
    asked = []
    ask = Snapshot._ask
    monkeypatch.setattr(Snapshot, "_ask", lambda *words: asked.append(words[1]) or ask(*words))
    town.load("hotline_order", [order(1)])
    town.publish()
    day = MetricQuery(date(2026, 11, 1), date(2026, 11, 30))
    first = town.reader.metric("hotline_received", day)
    counted = len(asked)
    assert counted and town.reader.metric("hotline_received", day) == first
    assert len(asked) == counted
    own = replace(day, scope=Scope(("nobody",)))
    assert town.reader.metric("hotline_received", own).value == 0, "another's rows are another's"
    town.load("hotline_order", [order(2)])
    town.publish(NOW + timedelta(minutes=1))
    assert town.reader.metric("hotline_received", day).value == first.value + 1


def test_a_source_says_when_its_rows_changed_and_not_when_it_only_answered(town, order):
    def changed():
        return {one.source: one.changed for one in town.reader.current().sources}["hotline_12345"]

    town.load("hotline_order", [order(1)])
    town.publish(NOW)
    first = changed()
    town.load("hotline_order", [order(1)], at=NOW + timedelta(minutes=1))
    town.publish(NOW + timedelta(minutes=2))
    assert changed() == first
    town.load("hotline_order", [order(2)], at=NOW + timedelta(minutes=3))
    town.publish(NOW + timedelta(minutes=4))
    assert changed() > first
