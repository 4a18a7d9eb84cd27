import itertools
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import duckdb
import pytest

from config.platforms import load_platforms
from dashboard import wording
from dashboard.pages.deadlines import ENDED, FACTS, OPEN, STOCKS, deadline
from dashboard.pages.due import due_state, left_words, overdue_words
from warehouse.assemble.sifting import Conditions
from warehouse.header import read_folder
from warehouse.metric import load_metrics
from warehouse.read import Sift

ROOT = Path(__file__).resolve().parents[3]

DUE = datetime(2026, 9, 11, 17, 30)


@pytest.mark.parametrize(
    ("metric", "row", "expected"),
    [
        ("grid_open", {"due_at": DUE}, DUE),
        ("urban_open", {"due_at": DUE, "state": "处置中"}, DUE),
        ("urban_open", {"due_at": DUE, "state": "挂账"}, None),
        ("whistle_open", {"report_due_at": DUE, "state": "已签收"}, DUE),
        ("whistle_open", {"report_due_at": DUE, "state": "处置中"}, None),
        ("land_open", {"check_due_at": DUE, "checked_at": None}, DUE),
        ("land_open", {"check_due_at": DUE, "checked_at": DUE}, None),
        ("hazard_open", {"due_on": date(2026, 9, 11)}, datetime(2026, 9, 11, 23, 59, 59)),
        ("enforcement_open", {"decision_due_on": None}, None),
    ],
)
def test_a_deadline_presses_only_while_nothing_meets_or_holds_it(metric, row, expected):
    assert deadline(metric).of(row) == expected


@pytest.mark.parametrize("late", [timedelta(days=1, hours=23, minutes=52), timedelta(days=12)])
def test_an_overdue_matter_is_as_late_in_its_list_as_on_home_and_on_the_wall(late):
    now = DUE + late
    listed = left_words(DUE, now, due_state(DUE, now), "办理中")
    assert listed == overdue_words(late) == f"超期 {late.days} 天"
    if late > timedelta(days=2):
        assert wording.remaining(-late) == f"超 {late.days} 天"


def test_what_became_overdue_today_says_the_hours():
    assert left_words(DUE, DUE + timedelta(hours=3, minutes=5), "over", "") == "超期 3 时 5 分"


MODELS = {
    "hotline_order": "hotline_case",
    "mediation_case": "mediation_matter",
    "grid_event": "grid_matter",
    "urban_case": "urban_matter",
    "linkage_order": "linkage_matter",
    "safety_hazard": "hazard_matter",
    "whistle": "whistle_matter",
    "land_clue": "land_matter",
    "enforcement_case": "enforcement_matter",
    "petition_case": "petition_matter",
    "peoples_mediation_case": "peoples_mediation_matter",
    "police_call": "police_matter",
    "service_case": "service_matter",
}
KINDS = {"timestamp": "TIMESTAMP", "date": "DATE", "boolean": "BOOLEAN", "double": "DOUBLE",
         "integer": "INTEGER", "text": "VARCHAR"}  # fmt: skip
TABLES = {
    table: declared
    for key in load_platforms()
    for table, declared in import_module(f"etl.platforms.{key}").TABLES.items()
}


def every_row(fact):
    """Each combination of what may decide about a row: there or not, and each word that counts."""
    told, columns = FACTS[fact], TABLES[fact].columns
    values = {"state": {None, "办理中", *told.held, *told.only}}
    for name, words in (told.gone or {}).items():
        values.setdefault(name, {None}).update(words or ("别的单",))
    if told.exempt:
        values[told.exempt[0]] = {None, "普通程序", told.exempt[1]}
    times = [told.column, told.began, told.met, told.proof, *told.closed]
    for n, name in enumerate(dict.fromkeys(each for each in times if each)):
        at = DUE + timedelta(days=n)
        kind = columns[name].type
        there = {"date": at.date(), "boolean": True}.get(kind, at)
        values.setdefault(name, set()).update(
            (None, there, *([False] if kind == "boolean" else []))
        )
    names = list(values)
    for n, chosen in enumerate(itertools.product(*values.values())):
        key = {TABLES[fact].key[0]: f"N{n}", "source": "s"}
        yield key | dict(zip(names, chosen, strict=True))


def tabled(fact, rows):
    """The rows in a warehouse of one table."""
    base = duckdb.connect()
    base.execute("ATTACH ':memory:' AS core")
    base.execute("CREATE TABLE core.dim_unit_alias (alias VARCHAR, name VARCHAR)")
    kinds = {"source": "VARCHAR"} | {n: KINDS[c.type] for n, c in TABLES[fact].columns.items()}
    declared = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
    base.execute(f"CREATE TABLE core.{fact} ({declared})")
    names = list(rows[0])
    marks = ", ".join("?" for _ in names)
    base.executemany(
        f"INSERT INTO core.{fact} ({', '.join(names)}) VALUES ({marks})",
        [list(row.values()) for row in rows],
    )
    return base


@pytest.mark.parametrize("fact", MODELS)
def test_the_table_of_deadlines_says_of_every_row_what_the_model_of_the_warehouse_says(fact):
    """So a page, a list and a figure agree on what is late and on what is over."""
    rows, told = list(every_row(fact)), FACTS[fact]
    base = tabled(fact, rows)
    sql = read_folder(ROOT / "warehouse/models")[MODELS[fact]].sql
    asked = f"SELECT key, limit_at, ended_at IS NOT NULL FROM ({sql})"
    models = {key: (limit, ended) for key, limit, ended in base.execute(asked).fetchall()}
    assert 8 <= len(models) < len(rows)
    for row in rows:
        limit, ended = models.get(row[TABLES[fact].key[0]], (None, None))
        if ended is None:
            assert told.stands(row) != OPEN, row
            continue
        assert (told.of(row), told.stands(row)) == (limit, ENDED if ended else OPEN), row


def test_every_stock_of_cases_has_its_deadline():
    stocks = {
        name: metric.fact
        for name, metric in load_metrics().items()
        if name.endswith("_open") and name != "hazard_major_open"
    }
    assert stocks == STOCKS


@pytest.mark.parametrize("near", ["over", "soon"])
@pytest.mark.parametrize("fact", STOCKS.values())
def test_a_table_of_what_is_late_or_near_holds_the_rows_that_a_list_calls_so(fact, near):
    told = FACTS[fact]
    if not told.column:
        return
    rows, key = list(every_row(fact)), TABLES[fact].key[0]
    base, found_any = tabled(fact, rows), set()
    for days in (-2, -1, 0, 1, 2, 88, 90, 91, 93):
        at = DUE + timedelta(days=days, seconds=days % 2)
        conditions = Conditions(lambda name: f'"{name}"')
        where = conditions.of(Sift(filters=tuple(told.filters(near, at))), ())
        asked = f"SELECT {key} FROM core.{fact} WHERE {where}"
        found = {row[0] for row in base.execute(asked, conditions.parameters).fetchall()}
        assert found == {row[key] for row in rows if due_state(told.of(row), at) == near}, at
        found_any |= found
    assert found_any
