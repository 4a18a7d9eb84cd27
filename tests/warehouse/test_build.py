"""Models and cube follow the changed days, and nothing broken is kept."""

import dataclasses
from datetime import date, datetime

import pytest

from config import clock
from warehouse import build as building
from warehouse import counting
from warehouse import plan as planning
from warehouse.assemble import cube
from warehouse.assemble.cube import DIMENSIONS, PAIRS
from warehouse.assemble.text import duckdb_macros
from warehouse.check import check_snapshot
from warehouse.errors import BadDeclaration
from warehouse.header import read_folder, tables_read
from warehouse.metric import load_metrics
from warehouse.plan import model_order, spans_of
from warehouse.read import Reader

NOW = datetime(2026, 11, 23, 12, 0)


def cube_is_right(town) -> bool:
    return check_snapshot(town.warehouse.connection, NOW.date()) == []


def test_nothing_changed_builds_nothing(town, order):
    town.load("hotline_order", [order(1)])
    town.publish()
    with clock.frozen(NOW):
        assert town.warehouse.build().built == []


def test_only_what_reads_a_changed_fact_is_built(town, order):
    town.publish()
    town.load("gauge_reading", [{"station": "3201170001", "observed_at": "2026-11-23 08:00:00"}])
    with clock.frozen(NOW):
        built = town.warehouse.build().built
    assert "mart.gauge_day" in built
    assert not [each for each in built if each.startswith(("hotline", "mediation"))]


def test_the_cube_follows_a_row_that_moves_to_another_day_and_place(town, order):
    town.load("hotline_order", [order(1), order(2)])
    town.publish()
    moved = order(
        1, "2026-11-09 08:00:00", community_code="320117005002", updated_at="2026-11-21 08:00:00"
    )
    town.load("hotline_order", [moved])
    town.publish()
    by_day = {p.key: p.value for p in town.ask("hotline_received", by="day").series if p.value}
    assert by_day == {"2026-11-02": 1, "2026-11-09": 1}
    by_place = {p.key: p.value for p in town.ask("hotline_received", by="community").series}
    assert by_place == {"320117005001": 1, "320117005002": 1}
    assert cube_is_right(town)


def test_days_built_one_by_one_equal_days_built_at_once(new_town, order):
    slow, fast = new_town(), new_town()
    rows = [
        order(
            n,
            f"2026-{7 + n % 4:02}-{1 + n % 27:02} 08:30:00",
            closed_at=f"2026-11-{1 + n % 22:02} 09:00:00" if n % 3 else None,
            due_at=f"2026-11-{1 + (n * 7) % 22:02} 17:00:00",
            caller_hash=f"h{n % 5}",
            unit_main=f"单位{n % 3}",
        )
        for n in range(40)
    ]
    for n in range(0, 40, 8):
        slow.load("hotline_order", rows[n : n + 8])
        with clock.frozen(NOW):
            slow.warehouse.mark_success("hotline_12345", "hotline_12345", NOW)
            assert "hotline_received" in slow.warehouse.build().built
    fast.load("hotline_order", rows)
    slow.publish()
    fast.publish()
    assert slow.contents() == fast.contents()
    assert cube_is_right(slow)


def test_a_history_that_still_comes_in_is_counted_when_its_platform_has_succeeded(new_town, order):
    slow, fast = new_town(), new_town()
    slow.publish(succeed=False)
    rows = [order(n, f"2026-11-{1 + n:02} 08:30:00") for n in range(12)]
    with clock.frozen(NOW):
        slow.warehouse.mark_success("mediation", "mediation", NOW)
        for n in range(0, 12, 4):
            slow.load("hotline_order", rows[n : n + 4])
            result = slow.warehouse.build()
            assert "hotline_received" not in result.built
            assert result.put_off == {"hotline_order"}
    slow.publish(succeed=False)
    assert slow.ask("hotline_received").value is None
    assert cube_is_right(slow)  # of what is told
    with clock.frozen(NOW):
        assert slow.warehouse.publish() is None  # days that were put off are no news
    slow.publish()
    assert slow.ask("hotline_received").value == 12
    fast.load("hotline_order", rows)
    fast.publish()
    assert slow.contents() == fast.contents()


def test_an_imported_set_is_counted_though_its_platform_never_succeeded(town, order):
    town.publish(succeed=False)
    town.load("hotline_order", [order(1)])
    town.load("hotline_order", [order(2)], source="import:2019")
    town.publish(succeed=False)
    assert town.ask("hotline_received", source="import:2019").value == 1


def test_a_history_that_a_told_figure_reads_is_counted_while_it_comes_in(town, order, monkeypatch):
    both = dataclasses.replace(
        load_metrics()["hotline_received"], platforms=("hotline_12345", "mediation")
    )
    monkeypatch.setattr(building, "load_metrics", lambda: {"hotline_received": both})
    town.publish(succeed=False)
    town.load("hotline_order", [order(1)])
    with clock.frozen(NOW):
        town.warehouse.mark_success("mediation", "mediation", NOW)
        assert "hotline_received" in town.warehouse.build().built


def test_a_history_that_does_not_fit_in_memory_is_counted_part_by_part(
    new_town, order, monkeypatch
):
    days = [date(2026, 11, 2 + n) for n in range(15)]
    orders = [
        order(n, f"{day} 08:00:00", due_at=f"{day} 17:00:00", closed_at=f"{day} 12:00:00")
        for n, day in enumerate(days)
    ]
    cubes = []
    for most in (500_000, 4):
        monkeypatch.setattr(counting, "MOST_ROWS", most)
        town = new_town()
        town.load("hotline_order", orders)
        town.publish()
        assert cube_is_right(town)
        cubes.append(sorted(town.sql("FROM mart.cube_community"), key=str))
    assert cubes[0] == cubes[1] != []


def test_a_failed_check_keeps_the_old_marts_and_the_days_stay_dirty(town, order):
    town.load("hotline_order", [order(1)])
    first = town.publish()
    town.load("hotline_order", [order(2)])
    town.sql("UPDATE core.hotline_order SET order_no = 'NJ000001'")
    with clock.frozen(NOW):
        result = town.warehouse.build()
        assert not result.ok
        assert "mart.hotline_case: 1 rows break unique" in result.failures[0]
        assert town.warehouse.publish() is None
    assert town.ask("hotline_received").value == 1
    assert town.reader.current().number == first
    town.sql("UPDATE core.hotline_order SET order_no = 'NJ' || rowid")
    town.publish()
    assert town.ask("hotline_received").value == 2


def test_a_changed_definition_is_counted_anew_for_every_day(town, order, monkeypatch):
    town.load("hotline_order", [order(1)])
    town.publish()
    definitions = dict(load_metrics())
    metric = definitions["hotline_received"]
    twice = metric.sql.replace("1 AS num", "2 AS num")
    definitions["hotline_received"] = type(metric)(**{**metric.__dict__, "sql": twice})
    monkeypatch.setattr(building, "load_metrics", lambda: definitions)
    town.load("gauge_reading", [{"station": "3201170001", "observed_at": "2026-11-23 08:00:00"}])
    town.publish()
    assert town.ask("hotline_received").value == 2


def test_of_a_day_that_comes_again_only_rows_that_are_wrong_are_written(town, order):
    town.load(
        "hotline_order",
        [order(n, f"2026-11-{2 + n % 9:02} 08:00:00", unit_main=f"单位{n % 3}") for n in range(30)],
    )
    town.publish()

    def lying():
        rows = (
            town.sql(f"SELECT rowid, '{each}', * FROM mart.cube_{each}") for each in cube.TABLES
        )
        return {row for table in rows for row in table}

    before = lying()
    town.sql("UPDATE mart.cube_unit SET num = num + 1 WHERE key = '单位1'")
    town.sql(
        "INSERT INTO mart.cube_total SELECT * FROM mart.cube_total WHERE on_day = '2026-11-05'"
    )
    town.sql("DELETE FROM mart.cube_grid WHERE on_day = '2026-11-07'")
    touched = lying()
    town.sql(
        "INSERT INTO core.dirty_day SELECT 'hotline_order', received_at FROM core.hotline_order"
    )
    with clock.frozen(NOW):
        assert town.warehouse.build().ok
    after = lying()
    assert {row[1:] for row in after} == {row[1:] for row in before} and len(after) == len(before)
    assert cube_is_right(town)
    right = [row for row in touched & before if row[1] != "total" or row[4] != date(2026, 11, 5)]
    assert set(right) <= after and len(right) > 0.7 * len(before)


def test_marts_of_an_older_layout_are_read_without_its_new_tables_and_counted_anew(
    town, order, monkeypatch
):
    both = {"community": "320117005001", "unit": "城管中队"}

    def told():
        return town.ask("hotline_received", **both).value

    monkeypatch.setattr(planning, "LAYOUT", 1)
    monkeypatch.setattr(counting, "TABLES", DIMENSIONS)
    monkeypatch.setattr(cube.differs_from_cases, "__defaults__", (DIMENSIONS,))
    town.load("hotline_order", [order(n, unit_main="城管中队") for n in (1, 2)])
    for each in PAIRS:
        town.sql(f"DROP TABLE mart.cube_{'_'.join(each)}")
    town.publish()
    assert told() == 2
    with Reader(town.var)._reading(None) as snapshot:
        assert "unit_community" not in snapshot.cubes
        assert check_snapshot(snapshot._con, NOW.date()) == []
    monkeypatch.undo()
    town.warehouse.close()
    town.open()
    assert town.sql("FROM mart.cube_unit_community") == []
    town.publish()
    assert told() == 2 and cube_is_right(town)
    number = "(SELECT no FROM mart._number WHERE metric = 'hotline_received')"
    counted = f"SELECT sum(num) FROM mart.cube_unit_community WHERE metric = {number}"
    assert town.sql(counted) == [(2,)]


def test_every_model_and_metric_reads_what_the_engine_says_it_reads(street):
    models = read_folder(building.MODELS)
    views = {f"mart.{m.name}": m for m in models.values() if m.words.get("kind") == "view"}

    def facts(sql: str) -> set[str]:
        """What is read in the end: the engine looks through views."""
        found = set()
        for each in tables_read(sql):
            found |= facts(views[each].sql) if each in views else {each}
        return found

    for file in (*models.values(), *load_metrics().values()):
        sql = duckdb_macros(file.sql)
        found = street.warehouse.connection.get_table_names(sql, qualified=True)
        # 2.0 adds the alias to the name
        assert {name.split(" AS ")[0].replace('"', "") for name in found} == facts(sql)


def test_models_that_read_each_other_are_named(tmp_path):
    (tmp_path / "a.sql").write_text("-- a: x\n-- reads: mart.b\nSELECT b.x AS x FROM mart.b AS b")
    (tmp_path / "b.sql").write_text("-- b: x\n-- reads: mart.a\nSELECT a.x AS x FROM mart.a AS a")
    with pytest.raises(BadDeclaration, match="models read each other"):
        model_order(read_folder(tmp_path))


def test_scattered_days_become_few_spans():
    days = {date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 1)}
    assert spans_of(days) == [(date(2026, 1, 1), date(2026, 1, 2)), (date(2026, 3, 1),) * 2]
    assert len(spans_of({date(2026, n, 1) for n in range(1, 13)})) <= 6
    assert spans_of(None) == []


@pytest.mark.parametrize(
    ("kind", "rule", "broken"),
    [
        ("not_null", "closed_at", 2),
        ("unique", "community", 1),
        ("no_rows", "order_no LIKE 'NJ%'", 2),
        ("in_set", "community in 320117005009", 2),
        ("fresh", "received_at 3", 1),
    ],
)
def test_each_kind_of_check_counts_the_rows_that_break_it(town, order, kind, rule, broken):
    from warehouse.assemble import model

    town.load("hotline_order", [order(1), order(2)])
    town.publish()
    file = read_folder(building.MODELS)["hotline_case"]
    sql = model.check(file, kind, rule, [], NOW.date())
    assert town.sql(sql) == [(broken,)]


def test_an_unknown_kind_of_check_names_model_and_kind():
    from warehouse.assemble import model

    file = read_folder(building.MODELS)["hotline_case"]
    with pytest.raises(BadDeclaration, match=r"hotline_case.sql: check likes is not one of"):
        model.check(file, "likes", "x", [], NOW.date())


def _long(town, order, monkeypatch) -> None:
    """A history of which only four cases fit in memory at a time."""
    monkeypatch.setattr(counting, "MOST_ROWS", 4)
    town.load(
        "hotline_order",
        [order(n, f"2026-11-{2 + n:02} 08:00:00", caller_hash="h") for n in range(15)],
    )


def test_a_long_build_goes_in_parts_and_gives_what_one_transaction_gives(
    new_town, order, monkeypatch
):
    at_once = new_town()
    at_once.load(
        "hotline_order",
        [order(n, f"2026-11-{2 + n:02} 08:00:00", caller_hash="h") for n in range(15)],
    )
    at_once.publish()
    town = new_town()
    _long(town, order, monkeypatch)
    town.publish()
    assert town.contents() == at_once.contents()
    assert cube_is_right(town)


def test_a_long_build_that_stops_half_way_leaves_the_marts_as_they_were(town, order, monkeypatch):
    town.load("hotline_order", [order(99)])
    town.publish()
    before = town.ask("hotline_received").value
    _long(town, order, monkeypatch)
    town.sql("DELETE FROM mart._built")
    counted = counting.count

    def breaks(con, groups, **how):
        counted(con, groups, **how)
        raise MemoryError("no room")

    monkeypatch.setattr(counting, "count", breaks)
    with clock.frozen(NOW), pytest.raises(MemoryError):
        town.warehouse.build()
    assert town.sql("SELECT count(*) FROM mart.cube_total WHERE cases > 0") != [(0,)]
    assert not list((town.var / "warehouse").glob("*.next.*"))
    monkeypatch.setattr(counting, "count", counted)
    town.publish()
    assert town.ask("hotline_received").value == before + 15
    assert cube_is_right(town)


def test_what_a_killed_long_build_left_is_removed_at_the_next_start(town, order):
    town.load("hotline_order", [order(1)])
    town.publish()
    left = town.var / "warehouse" / "marts.next.duckdb"
    left.write_bytes(b"half")
    left.with_name(left.name + ".wal").write_bytes(b"half")
    town.warehouse.close()
    town.open()
    assert not left.exists() and not left.with_name(left.name + ".wal").exists()
    town.load("hotline_order", [order(2)])
    town.publish()
    assert town.ask("hotline_received").value == 2


def test_a_reading_of_today_does_not_make_a_long_build_of_a_long_history(town, monkeypatch):
    monkeypatch.setattr(counting, "MOST_ROWS", 4)
    station = {"station": "3201170001", "level_m": "8.0"}
    for hour in range(10):
        town.load("gauge_reading", [{**station, "observed_at": f"2026-11-23 {hour:02}:00:00"}])
        town.publish()
    town.load("gauge_reading", [{**station, "observed_at": "2026-11-23 11:00:00"}])

    def refused(con):
        raise AssertionError("copied all marts for one reading")

    monkeypatch.setattr(building.shadow, "beside", refused)
    with clock.frozen(NOW):
        assert town.warehouse.build().ok
